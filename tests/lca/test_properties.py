"""Theorems that any correct engine obeys."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Item, Pair, build_design
from swvtypes.lca.em import Scratch, begin, empty_runs, stack
from swvtypes.lca.em.batch import em_map
from swvtypes.lca.families import Variances
from swvtypes.lca.fit import Frame, Starts, fit_classes, posterior

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")

FAMILY_ITEMS = {
    "nominal": Item("a", "nominal", 3),
    "binary": Item("a", "binary", 2),
    "ordinal": Item("a", "ordinal", 5),
    "count": Item("a", "count"),
    "continuous": Item("a", "continuous"),
}


def draw(item, n, rng):
    if item.family == "count":
        return rng.poisson(rng.choice([1.0, 6.0], n)).astype(float)
    if item.family == "continuous":
        return rng.normal(rng.choice([0.0, 3.0], n), 1.0)
    return rng.choice(item.n_categories, n).astype(float)


def make(family, n=80, J=4, missing=0.15, seed=0, pairs=(), group=None, free=False):
    rng = np.random.default_rng(seed)
    base = FAMILY_ITEMS[family]
    items = [Item(f"i{j}", base.family, base.n_categories, (), free) for j in range(J)]
    values = np.stack([draw(base, n, rng) for _ in range(J)], axis=1)
    values[rng.random(values.shape) < missing] = np.nan
    return build_design(values, items, rng.integers(1, 4, n).astype(float), group, pairs)


def objectives(problem, K, n_steps=60, n_starts=5):
    """Objective of each start after each EM step, shape (n_steps, n_starts)."""
    T = Frame(problem).random_starts(1, range(n_starts), K)
    out = empty_runs(n_starts, problem.layout.width, K)
    batch = begin(problem, T, np.zeros(n_starts, dtype=np.intp), out)
    pseudo = (problem.prior / K * problem.mean_row.T)[:, batch.replicate][..., None]
    A, path = batch.A, []
    for _ in range(n_steps):
        _, objective, A, T = em_map(problem, A, T, batch.replicate, pseudo, map, Scratch())
        path.append(objective)
    return np.array(path)


@pytest.mark.parametrize("family", FAMILY_ITEMS)
@pytest.mark.parametrize("prior", [0.0, 1.0])
@pytest.mark.parametrize("free", [False, True])
def test_em_never_lowers_the_objective(family, prior, free):
    variances = Variances(free, 0.01)
    problem = stack([make(family)], prior, variances)
    path = objectives(problem, 3)
    assert np.diff(path, axis=0).min() > -1e-9 * abs(path).max()
    assert path[-1].max() > path[0].max()


@pytest.mark.parametrize("kind", ["direct", "joint"])
@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_em_never_lowers_the_objective_with_local_dependence(kind, prior):
    problem = stack([make("nominal", pairs=[Pair(0, 1, kind)])], prior)
    path = objectives(problem, 3)
    assert np.diff(path, axis=0).min() > -1e-9 * abs(path).max()


@pytest.mark.parametrize("free", [False, True])
def test_em_never_lowers_the_objective_with_groups(free):
    group = np.arange(80) % 2
    problem = stack([make("ordinal", group=group, free=free)])
    path = objectives(problem, 2)
    assert np.diff(path, axis=0).min() > -1e-9 * abs(path).max()


def test_row_order_does_not_matter(mixed, families):
    rng = np.random.default_rng(3)
    weight = pd.Series(rng.random(len(mixed)) + 0.5)
    shuffled = rng.permutation(len(mixed))
    model = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1)
    first = model.fit(mixed, survey_weight=weight).profiles_
    again = model.fit(mixed.iloc[shuffled], survey_weight=weight.iloc[shuffled]).profiles_
    pd.testing.assert_frame_equal(first, again, check_exact=True)


def test_relabelling_categories_relabels_profiles(reference_data):
    frame = reference_data("carcinoma")
    one = LatentClassModel(n_classes=3, n_init=30, random_state=1).fit(frame)
    two = LatentClassModel(n_classes=3, n_init=30, random_state=1).fit(
        frame.replace({1: "b", 2: "a"})
    )
    np.testing.assert_allclose(one.log_likelihood_, two.log_likelihood_, atol=1e-8)
    key = ["indicator", "category", "class"]
    relabelled = two.profiles_.assign(category=two.profiles_["category"].map({"b": 1, "a": 2}))
    left = one.profiles_.set_index(key)["estimate"].sort_index()
    right = relabelled.set_index(key)["estimate"].sort_index()
    np.testing.assert_allclose(left, right, atol=1e-5)


def test_classes_come_largest_first_whatever_the_seed(mixed, families):
    for seed in range(4):
        model = LatentClassModel(n_classes=3, indicators=families, n_init=5, random_state=seed).fit(
            mixed
        )
        shares = model.class_shares_.to_numpy()
        assert (np.diff(shares) <= 0).all()
        assert abs(shares.sum() - 1) < 1e-12


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_weight_two_is_the_row_twice(mixed, families, prior):
    weight = np.random.default_rng(0).integers(0, 4, len(mixed))
    model = LatentClassModel(
        n_classes=2, indicators=families, n_init=10, random_state=1, prior=prior
    )
    weighted = model.fit(mixed, sample_weight=weight)
    a, profiles = weighted.log_likelihood_, weighted.profiles_
    criteria = weighted.criteria_
    repeated = model.fit(mixed.loc[mixed.index.repeat(weight)])
    assert abs(a - repeated.log_likelihood_) < 1e-8
    pd.testing.assert_frame_equal(profiles, repeated.profiles_, rtol=0, atol=1e-8)
    pd.testing.assert_series_equal(criteria, repeated.criteria_, rtol=1e-10)


def test_missing_answers_are_marginalised(mixed, families):
    """The density of a row is that of its answers with the missing ones summed out."""
    model = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1).fit(mixed)
    row = pd.DataFrame(
        [{"yes": 1.0, "colour": np.nan, "agree": np.nan, "visits": 3.0, "size": 0.4}]
    )
    filled = pd.concat(
        [row.assign(colour=c, agree=a) for c, a in itertools.product(range(3), range(5))]
    )
    total = np.exp(model.score_samples(filled.astype(float))).sum()
    np.testing.assert_allclose(np.exp(model.score_samples(row))[0], total, rtol=1e-12)


@pytest.mark.parametrize("kind", ["direct", "joint"])
def test_missing_answers_of_a_pair_are_marginalised(kind):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(0, 3, (200, 4)), columns=list("abcd")).astype(float)
    frame = frame.mask(rng.random(frame.shape) < 0.1)
    model = LatentClassModel(
        n_classes=2, n_init=10, random_state=0, local_dependence=[("a", "b", kind)]
    ).fit(frame)
    row = pd.DataFrame([{"a": 1.0, "b": np.nan, "c": 0.0, "d": 2.0}])
    filled = pd.concat([row.assign(b=float(b)) for b in range(3)])
    total = np.exp(model.score_samples(filled)).sum()
    np.testing.assert_allclose(np.exp(model.score_samples(row))[0], total, rtol=1e-12)


def test_an_empty_row_gets_the_shares_and_no_weight(mixed, families):
    model = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1)
    without = model.fit(mixed).log_likelihood_
    empty = pd.DataFrame([dict.fromkeys(mixed.columns, np.nan)] * 5)
    model.fit(pd.concat([mixed, empty], ignore_index=True))
    assert abs(model.log_likelihood_ - without) < 1e-9
    np.testing.assert_allclose(model.predict_proba(empty)[0], model.class_shares_, atol=1e-12)
    assert model.score_samples(empty)[0] == pytest.approx(0.0, abs=1e-12)
    assert model.criteria_["n"] == mixed.notna().any(axis=1).sum()


def test_one_class_has_its_closed_form(mixed, families):
    model = LatentClassModel(n_classes=1, indicators=families, n_init=3).fit(mixed)
    profile = model.profiles_.set_index(["indicator", "parameter", "category"])["estimate"]
    for name in ("yes", "colour", "agree"):
        shares = mixed[name].value_counts(normalize=True)
        for category, share in shares.items():
            assert profile[name, "probability", category] == pytest.approx(share, abs=1e-9)
    numbers = profile.reset_index("category", drop=True).to_dict()
    assert numbers["visits", "rate"] == pytest.approx(mixed["visits"].mean(), abs=1e-12)
    assert numbers["size", "mean"] == pytest.approx(mixed["size"].mean(), abs=1e-12)
    assert numbers["size", "variance"] == pytest.approx(mixed["size"].var(ddof=0), abs=1e-12)
    expected = sum(
        np.log(mixed[n].map(mixed[n].value_counts(normalize=True))).sum()
        for n in ("yes", "colour", "agree")
    )
    expected += stats.poisson.logpmf(mixed["visits"].dropna(), mixed["visits"].mean()).sum()
    size = mixed["size"].dropna()
    expected += stats.norm.logpdf(size, size.mean(), size.std(ddof=0)).sum()
    assert model.log_likelihood_ == pytest.approx(expected, abs=1e-8)


def test_log_likelihood_follows_from_the_profiles(mixed, families):
    """Recomputed with scipy's distributions from nothing but the printed profiles."""
    model = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1).fit(mixed)
    joint = np.log(model.class_shares_.to_numpy())[None] + np.zeros((len(mixed), 2))
    for c in (1, 2):
        mine = model.profiles_[model.profiles_["class"] == c]
        for name, family in families.items():
            profile = mine[mine["indicator"] == name].set_index("parameter")["estimate"]
            x, seen = mixed[name], mixed[name].notna()
            if family == "count":
                log = stats.poisson.logpmf(x, profile["rate"])
            elif family == "continuous":
                log = stats.norm.logpdf(x, profile["mean"], np.sqrt(profile["variance"]))
            else:
                rows = mine[(mine["indicator"] == name) & (mine["parameter"] == "probability")]
                log = np.log(x.map(rows.set_index("category")["estimate"]))
            joint[:, c - 1] += np.where(seen, log, 0.0)
    assert np.log(np.exp(joint).sum(axis=1)).sum() == pytest.approx(model.log_likelihood_, abs=1e-8)
    posterior_ = np.exp(joint) / np.exp(joint).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict_proba(mixed), posterior_, atol=1e-10)


def test_more_starts_keep_the_earlier_and_never_lower_the_best(reference_data):
    frame = reference_data("sim152")
    last = None
    for n_init in (10, 60, 210, 420):
        model = LatentClassModel(n_classes=5, n_init=n_init, random_state=4).fit(frame)
        ledger = model.starts_["log_likelihood"].to_numpy()
        assert len(ledger) == n_init
        assert ledger.max() == model.log_likelihood_
        if last is not None:
            # The best few starts are polished beyond the tolerance, which others may be later.
            np.testing.assert_allclose(ledger[: len(last[1])], last[1], atol=1e-3)
            assert model.log_likelihood_ >= last[0] - 1e-9
        last = (model.log_likelihood_, ledger)


def test_results_do_not_depend_on_the_number_of_threads(reference_data, monkeypatch):
    monkeypatch.setattr("swvtypes.lca.fit.courses._WORTH_THREADS", 0)
    frame = reference_data("sim152")
    fits = [
        LatentClassModel(n_classes=4, n_init=220, random_state=2, n_jobs=n).fit(frame)
        for n in (1, 2, 3)
    ]
    for other in fits[1:]:
        pd.testing.assert_frame_equal(fits[0].starts_, other.starts_, check_exact=True)
        pd.testing.assert_frame_equal(fits[0].profiles_, other.profiles_, check_exact=True)


def test_long_data_in_blocks_give_the_same_answer_in_any_number_of_threads(monkeypatch):
    monkeypatch.setattr("swvtypes.lca.fit.courses._WORTH_THREADS", 0)
    rng = np.random.default_rng(1)
    c = rng.random(30_000) < 0.3
    X = rng.normal(np.where(c, 1.5, 0.0)[:, None], 1.0, (30_000, 4))
    a, b = (
        LatentClassModel(n_classes=2, n_init=2, random_state=2, n_jobs=n).fit(X) for n in (1, 2)
    )
    pd.testing.assert_frame_equal(a.starts_, b.starts_, check_exact=True)
    pd.testing.assert_frame_equal(a.profiles_, b.profiles_, check_exact=True)
    assert a.class_shares_[2] == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_polishing_ends_at_a_fixed_point(reference_data, prior):
    model = LatentClassModel(n_classes=3, n_init=20, random_state=1, prior=prior)
    assert model.fit(reference_data("sim152")).fit_.residual < 1e-8


def test_a_prior_keeps_estimates_off_the_boundary(reference_data):
    frame = reference_data("sim152")
    plain = LatentClassModel(n_classes=4, n_init=20, random_state=1).fit(frame)
    smooth = LatentClassModel(n_classes=4, n_init=20, random_state=1, prior=1.0).fit(frame)
    assert plain.profiles_["boundary"].any()
    assert not smooth.profiles_["boundary"].any()
    assert smooth.estimation_ == "posterior mode (prior 1)"
    assert "posterior mode" in smooth._repr_html_()
    assert smooth.criteria_["log_posterior"] < smooth.log_likelihood_ < plain.log_likelihood_ + 5


def test_prior_is_the_stated_density(reference_data):
    """One class: the mode of pseudo-cases that answer as the average row is the margin itself."""
    frame = reference_data("carcinoma")
    one = LatentClassModel(n_classes=1, n_init=1, prior=3.0).fit(frame)
    plain = LatentClassModel(n_classes=1, n_init=1).fit(frame)
    assert one.log_likelihood_ == pytest.approx(plain.log_likelihood_, abs=1e-9)
    weight = 1 + 3.0 / len(frame)
    assert one.criteria_["log_posterior"] == pytest.approx(plain.log_likelihood_ * weight, abs=1e-8)


def test_sample_then_fit_recovers(mixed, families):
    truth = LatentClassModel(n_classes=2, indicators=families, n_init=10, random_state=1).fit(mixed)
    frame, classes = truth.sample(20_000)
    assert list(frame.columns) == list(mixed.columns)
    again = LatentClassModel(n_classes=2, indicators=families, n_init=5, random_state=2).fit(frame)
    key = ["indicator", "parameter", "category", "class"]
    a = truth.profiles_.set_index(key)["estimate"]
    b = again.profiles_.set_index(key)["estimate"].reindex(a.index)
    np.testing.assert_allclose(a, b, rtol=0.06, atol=0.04)
    assert set(np.unique(classes)) == {1, 2}
    assert (again.predict(frame) == classes).mean() > 0.85


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=hnp.arrays(
        float, st.tuples(st.integers(1, 30), st.integers(1, 5)),
        elements=st.sampled_from([0.0, 1.0, 2.0, np.nan]),
    ),
    n_classes=st.integers(1, 3),
    prior=st.sampled_from([0.0, 0.5]),
)  # fmt: skip
def test_any_table_of_answers_is_fitted_or_refused(values, n_classes, prior):
    design = build_design(values, [Item(str(j), "nominal", 3) for j in range(values.shape[1])])
    if not design.n > 0:
        with pytest.raises(ValueError, match="no answers"):
            fit_classes(design, n_classes, Starts(2, 1), prior=prior)
        return
    fit = fit_classes(design, n_classes, Starts(2, 1), prior=prior)
    probabilities, density = posterior(design, fit.parameters)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-12)
    assert (density <= 1e-12).all()
    assert design.weight @ density == pytest.approx(fit.log_likelihood, abs=1e-6)
    one = fit_classes(design, 1, Starts(1, 1), prior=prior)
    assert fit.objective >= one.objective - 1e-3 or prior > 0


def test_warnings_are_of_this_package_only(mixed, families):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", SwvtypesWarning)
        LatentClassModel(n_classes=2, indicators=families, n_init=3, random_state=1).fit(mixed)
