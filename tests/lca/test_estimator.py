"""The scikit-learn face: protocol, weights, groups, dtype rules, tables."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from swvtypes.lca import LatentClassModel

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")

SKIPS: dict[str, str] = {}


def test_check_estimator_passes():
    """scikit-learn's own checks; SKIPS gives the reason of every declared exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcomes = check_estimator(
            LatentClassModel(n_classes=2, n_init=3, random_state=1, n_jobs=1),
            expected_failed_checks=SKIPS,
            on_fail="warn",
            on_skip=None,
        )
    failed = {o["check_name"]: o["exception"] for o in outcomes if o["status"] == "failed"}
    assert failed == {}
    assert {o["check_name"] for o in outcomes if o["status"] == "xfail"} == set(SKIPS)
    assert sum(o["status"] == "passed" for o in outcomes) > 40


def test_clone_and_pickle(mixed, families):
    model = LatentClassModel(n_classes=2, indicators=families, n_init=5, random_state=1)
    fitted = model.fit(mixed)
    copy = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copy.predict_proba(mixed), fitted.predict_proba(mixed))
    assert clone(model).get_params() == model.get_params()


DTYPES = pd.DataFrame(
    {
        "integer": pd.Series([1, 2, 3, 1]),
        "string": pd.Series(["a", "b", "a", "b"]),
        "boolean": pd.Series([True, False, True, True]),
        "categorical": pd.Categorical(["x", "y", "x", "y"]),
        "ordered": pd.Categorical(["lo", "hi", "lo", "hi"], ["lo", "hi"], ordered=True),
        "float": pd.Series([0.1, 0.2, 0.4, 0.9]),
        "integer with gaps": pd.Series([1.0, np.nan, 3.0, 1.0]),
        "nullable": pd.Series([1, None, 3, 1], dtype="Int64"),
        "nullable boolean": pd.Series([True, None, False, True], dtype="boolean"),
        "object": pd.Series(["a", None, "b", "a"], dtype=object),
    }
)
EXPECTED = {
    "integer": "nominal",
    "string": "nominal",
    "boolean": "nominal",
    "categorical": "nominal",
    "ordered": "ordinal",
    "float": "continuous",
    "integer with gaps": "nominal",
    "nullable": "nominal",
    "nullable boolean": "nominal",
    "object": "nominal",
}


@pytest.mark.parametrize("name", DTYPES.columns)
def test_families_are_read_from_dtypes(name):
    model = LatentClassModel(n_classes=1).fit(DTYPES[[name]])
    assert model.indicator_types_.loc[name, "family"] == EXPECTED[name]


def test_all_dtypes_in_one_model_predict_and_sample():
    model = LatentClassModel(n_classes=2, n_init=3, random_state=1, prior=1.0).fit(DTYPES)
    assert set(model.predict(DTYPES)) <= {1, 2}
    frame, _ = model.sample(50)
    assert model.predict_proba(frame).shape == (50, 2)


def test_whole_floats_with_many_values_are_continuous():
    frame = pd.DataFrame({"age": np.arange(20.0, 40.0)})
    model = LatentClassModel(n_classes=1).fit(frame)
    assert model.indicator_types_.loc["age", "family"] == "continuous"


def test_survey_weights_are_normalised_and_leave_out_bic(mixed, families):
    rng = np.random.default_rng(1)
    weight = rng.random(len(mixed)) + 0.5
    model = LatentClassModel(n_classes=2, indicators=families, n_init=5, random_state=1)
    one = model.fit(mixed, survey_weight=weight)
    a = one.log_likelihood_
    assert one.estimation_ == "pseudo maximum likelihood"
    assert one.criteria_["n"] == pytest.approx(len(mixed))
    assert np.isnan(one.criteria_[["bic", "caic", "sabic", "icl_bic", "l2"]]).all()
    assert model.fit(mixed, survey_weight=7 * weight).log_likelihood_ == pytest.approx(a, abs=1e-8)
    plain = model.fit(mixed).log_likelihood_
    assert model.fit(mixed, survey_weight=np.full(len(mixed), 3.0)).log_likelihood_ == (
        pytest.approx(plain, abs=1e-8)
    )


def test_zero_weight_is_the_row_left_out(mixed, families):
    weight = np.ones(len(mixed))
    weight[:40] = 0
    model = LatentClassModel(n_classes=2, indicators=families, n_init=5, random_state=1)
    a = model.fit(mixed, sample_weight=weight).log_likelihood_
    assert a == pytest.approx(model.fit(mixed.iloc[40:]).log_likelihood_, abs=1e-9)


@pytest.fixture(scope="module")
def sectors() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    n = 240
    sector = np.where(np.arange(n) < 120, "po", "vo")
    c = rng.random(n) < np.where(sector == "po", 0.3, 0.6)
    high = np.where(sector == "po", 0.9, 0.75)
    X = (rng.random((n, 6)) < np.where(c, high, 0.2)[:, None]).astype(int)
    return pd.DataFrame(X, columns=list("abcdef")).assign(sector=sector)


def test_free_profiles_are_separate_models(sectors):
    """Everything free over known groups: the sum of a model for each group."""
    both = LatentClassModel(
        n_classes=2, group="sector", profiles="free", n_init=20, random_state=1
    ).fit(sectors)
    apart = [
        LatentClassModel(n_classes=2, n_init=20, random_state=1).fit(part.drop(columns="sector"))
        for _, part in sectors.groupby("sector")
    ]
    assert both.log_likelihood_ == pytest.approx(sum(m.log_likelihood_ for m in apart), abs=1e-6)
    assert both.n_parameters_ == sum(m.n_parameters_ for m in apart)
    assert set(both.profiles_["group"]) == {"po", "vo"}


def test_equal_profiles_with_equal_shares_are_one_model(sectors):
    """Group shares aside, equal profiles are the model of the pooled rows plus one share."""
    pooled = LatentClassModel(n_classes=2, n_init=20, random_state=1).fit(
        sectors.drop(columns="sector")
    )
    equal = LatentClassModel(n_classes=2, group="sector", n_init=20, random_state=1).fit(sectors)
    assert equal.n_parameters_ == pooled.n_parameters_ + 1
    assert equal.log_likelihood_ >= pooled.log_likelihood_
    assert set(equal.profiles_["group"]) == {"all"}
    np.testing.assert_allclose(equal.group_shares_.sum(axis=1), 1.0)
    overall = equal.group_shares_.mean()
    np.testing.assert_allclose(overall, equal.class_shares_, atol=1e-12)


def test_partly_equal_profiles_lie_between(sectors):
    fits = [
        LatentClassModel(n_classes=2, group="sector", profiles=p, n_init=20, random_state=1).fit(
            sectors
        )
        for p in ("equal", ["a", "b"], "free")
    ]
    assert [m.n_parameters_ for m in fits] == [14, 18, 26]
    values = [m.log_likelihood_ for m in fits]
    assert values[0] < values[1] < values[2]
    partly = fits[1].profiles_
    assert set(partly.query("indicator == 'a'")["group"]) == {"po", "vo"}
    assert set(partly.query("indicator == 'c'")["group"]) == {"all"}
    frame, _ = fits[1].sample(30)
    assert set(frame["sector"]) <= {"po", "vo"}


def test_tables_of_a_fitted_model_hang_together(reference_data):
    frame = reference_data("carcinoma")
    model = LatentClassModel(n_classes=2, n_init=20, random_state=1).fit(frame)
    assert list(model.profiles_.columns) == [
        "group", "indicator", "parameter", "category", "class",
        "estimate", "se", "lower", "upper", "boundary",
    ]  # fmt: skip
    table = model.classification_table_
    assert table.to_numpy().sum() == pytest.approx(118)
    assert table.loc[1].sum() == pytest.approx((model.predict(frame) == 1).sum())
    error = 1 - np.trace(table) / 118
    assert model.criteria_["classification_error"] == pytest.approx(error, abs=1e-12)
    p = model.predict_proba(frame)
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum() / 118
    shares = model.class_shares_.to_numpy()
    r2 = 1 - entropy / -(shares * np.log(shares)).sum()
    assert model.criteria_["entropy_r2"] == pytest.approx(r2, abs=1e-9)
    assert model.criteria_["caic"] == pytest.approx(model.criteria_["bic"] + 15)
    assert model.criteria_["icl_bic"] == pytest.approx(model.criteria_["bic"] + 2 * 118 * entropy)
    by_class = model.classification_
    average = p[p.argmax(axis=1) == 0, 0].mean()
    assert by_class.loc[1, "average_posterior"] == pytest.approx(average)
    assert "LatentClassModel, 2 classes" in model._repr_html_()
    assert list(model.starts_.columns[:4]) == ["start", "log_likelihood", "n_iter", "converged"]


def test_bivariate_residuals_by_hand(reference_data):
    """One class: Pearson's X-squared of the two-way table."""
    from scipy.stats import chi2_contingency

    frame = reference_data("carcinoma")
    model = LatentClassModel(n_classes=1, n_init=1).fit(frame)
    residuals = model.bivariate_residuals_.set_index(["first", "second"])
    table = pd.crosstab(frame["A"], frame["C"])
    expected = chi2_contingency(table, correction=False).statistic
    assert residuals.loc[("A", "C"), "statistic"] == pytest.approx(expected)
    assert residuals.loc[("A", "C"), "df"] == 1


def test_bivariate_residuals_cover_mixed_families(mixed, families):
    one = LatentClassModel(n_classes=1, indicators=families, n_init=1).fit(mixed)
    two = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1).fit(mixed)
    assert one.bivariate_residuals_["residual"].notna().all()
    assert two.bivariate_residuals_["residual"].mean() < one.bivariate_residuals_["residual"].mean()


def test_direct_effects_remove_the_residual():
    rng = np.random.default_rng(2)
    n = 600
    c = rng.random(n) < 0.5
    frame = pd.DataFrame((rng.random((n, 6)) < np.where(c, 0.8, 0.2)[:, None]).astype(int))
    frame.columns = list("abcdef")
    copy = rng.random(n) < 0.5
    frame["b"] = np.where(copy, frame["a"], frame["b"])
    plain = LatentClassModel(n_classes=2, n_init=10, random_state=1).fit(frame)
    direct = LatentClassModel(
        n_classes=2, n_init=10, random_state=1, local_dependence=[("a", "b")]
    ).fit(frame)
    joint = LatentClassModel(
        n_classes=2, n_init=10, random_state=1, local_dependence=[("a", "b", "joint")]
    ).fit(frame)
    key = ("a", "b")
    before = plain.bivariate_residuals_.set_index(["first", "second"]).loc[key, "residual"]
    assert before > 10
    assert direct.n_parameters_ == plain.n_parameters_ + 1
    assert joint.n_parameters_ == plain.n_parameters_ + 2
    assert plain.log_likelihood_ + 5 < direct.log_likelihood_ <= joint.log_likelihood_ + 1e-9
    cells = direct.profiles_.query("indicator == 'a & b'")
    assert len(cells) == 8
    odds = []
    for k in (1, 2):
        p = cells[cells["class"] == k]["estimate"].to_numpy()
        odds.append(p[0] * p[3] / (p[1] * p[2]))
    assert odds[0] == pytest.approx(odds[1], rel=1e-5)


def test_ordinal_profiles_have_one_effect_a_class(mixed, families):
    model = LatentClassModel(n_classes=3, indicators=families, n_init=10, random_state=1, prior=1)
    profile = model.fit(mixed).profiles_.query("indicator == 'agree'")
    p = profile[profile["parameter"] == "probability"].pivot_table(
        index="class", columns="category", values="estimate"
    )
    effect = profile[profile["parameter"] == "effect"].set_index("class")["estimate"]
    slopes = np.diff(np.log(p.to_numpy()), axis=1)
    differences = slopes - slopes[0]
    expected = (effect - effect[1]).to_numpy()
    np.testing.assert_allclose(differences, np.repeat(expected[:, None], 4, axis=1), atol=1e-6)


def test_fitting_again_forgets_the_last_fit(mixed, families):
    model = LatentClassModel(n_classes=2, indicators=families, n_init=5, random_state=1)
    first = model.fit(mixed).criteria_["n"]
    assert model.fit(mixed.iloc[:200]).criteria_["n"] < first


def test_nothing_is_told_before_fit():
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        _ = LatentClassModel().log_likelihood_
