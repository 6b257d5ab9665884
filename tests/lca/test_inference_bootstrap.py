"""Bootstrap standard errors, alignment, and likelihood-ratio tests of indicators and groups."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from swvtypes.errors import InputError, OptionError, SurveyWeightError, SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.groups_tests import GroupSpec, compare_groups, fit_group_model, group_tests
from swvtypes.lca.inference import attach, infer
from swvtypes.lca.inference_alignment import align_classes, profile_distance
from swvtypes.lca.inference_bootstrap import bootstrap_model
from swvtypes.lca.inference_indicator_lr import indicator_ratio_test, indicator_ratio_tests
from swvtypes.lca.inference_replicates import Effort, conclude_ratio, one_row_a_case


def quiet(X, K=2, weight=None, survey=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(K, random_state=1, n_jobs=1, **{"n_init": 10, **options})
        return model.fit(X, sample_weight=weight, survey_weight=survey)


def draw(n, seed, strong=(0.85, 0.2), items=6):
    rng = np.random.default_rng(seed)
    c = (rng.random(n) < 0.4).astype(int)
    p = np.where(c, strong[0], strong[1])[:, None]
    X = pd.DataFrame((rng.random((n, items)) < p).astype(int))
    X.columns = [f"x{j}" for j in range(items)]
    return X, rng


@pytest.fixture(scope="module")
def large():
    rng = np.random.default_rng(1)
    c = (rng.random(600) < 0.4).astype(int)
    X = pd.DataFrame((rng.random((600, 5)) < np.where(c, 0.85, 0.2)[:, None]).astype(int))
    X.columns = list("abcde")
    X["count"] = rng.poisson(np.where(c, 4.0, 2.0))
    X["z"] = rng.normal(c * 2.0, 1.0)
    X.loc[rng.random(600) < 0.1, "z"] = np.nan
    return quiet(X, indicators={"count": "count", "z": "continuous"})


@pytest.mark.parametrize("kind", ["nonparametric", "parametric"])
def test_bootstrap_and_delta_method_agree_where_they_should(large, kind):
    boot = bootstrap_model(large, kind, n_boot=200, n_starts=0, random_state=3, n_jobs=1)
    a = attach(large.profiles_, boot, large._indicators, large._group_labels)
    b = attach(large.profiles_, infer(large), large._indicators, large._group_labels)
    # A standard error of 200 replicates has a coefficient of variation of 5%.
    ratio = (a["se"] / b["se"]).to_numpy()
    assert np.all((ratio > 0.8) & (ratio < 1.25))
    assert 0.95 < np.median(ratio) < 1.05
    assert ((a["lower"] <= a["estimate"]) & (a["estimate"] <= a["upper"])).mean() > 0.95
    normal = replace(boot, interval="normal")
    c = attach(large.profiles_, normal, large._indicators, large._group_labels)
    assert np.abs(c["lower"] - a["lower"]).max() < 0.2
    assert not np.allclose(c["lower"], a["lower"])


def test_bootstrap_is_reproducible_and_keeps_earlier_replicates(large):
    first = bootstrap_model(large, "nonparametric", n_boot=6, random_state=3, n_jobs=1)
    more = bootstrap_model(large, "nonparametric", n_boot=9, random_state=3, n_jobs=2)
    np.testing.assert_allclose(first.log_likelihood, more.log_likelihood[:6], atol=1e-8)
    other = bootstrap_model(large, "nonparametric", n_boot=6, random_state=4, n_jobs=1)
    assert np.abs(first.log_likelihood - other.log_likelihood).min() > 1e-3


def test_alignment_undoes_a_permutation():
    X, _ = draw(300, 2)
    X["y"] = (np.arange(300) % 7 == 0).astype(int)
    model = quiet(X, 4)
    parameters = model.fit_.parameters
    for order in ([3, 1, 0, 2], [1, 0, 3, 2]):
        shuffled = parameters.reorder(order)
        back = shuffled.reorder(align_classes(parameters, shuffled))
        np.testing.assert_allclose(back.log_shares, parameters.log_shares)
    d = profile_distance(parameters, parameters)
    np.testing.assert_allclose(np.diag(d), 0.0, atol=1e-15)
    np.testing.assert_allclose(d, d.T)


def test_survey_weights_have_no_parametric_bootstrap():
    X, rng = draw(100, 3)
    model = quiet(X, survey=rng.gamma(2.0, size=100))
    with pytest.raises(SurveyWeightError, match="a parametric bootstrap needs a likelihood"):
        bootstrap_model(model, "parametric", n_boot=2)
    broken = quiet(X, weight=np.full(100, 0.3))
    with pytest.raises(InputError, match="whole cases: expected frequencies"):
        bootstrap_model(broken, "parametric", n_boot=2)
    with pytest.raises(OptionError, match="'parametric' or 'nonparametric', got 'jackknife'"):
        bootstrap_model(model, "jackknife")  # type: ignore[arg-type]
    boot = bootstrap_model(model, "nonparametric", n_boot=20, n_jobs=1)
    assert np.isfinite(boot.estimates.shares.se).all()


def test_resampled_rows_keep_their_survey_weights():
    from swvtypes.lca.inference_bootstrap import bootstrap_estimates

    X, rng = draw(200, 3)
    u = rng.gamma(2.0, size=200)
    u *= 200 / u.sum()
    model = quiet(X, 1, survey=u)
    boot = bootstrap_estimates(
        model.fit_, model.design_, "nonparametric", Effort(400, 0, 1), (np.ones(200), u)
    )
    p = np.average(X["x0"], weights=u)
    linear = np.sqrt((u**2 * (X["x0"] - p) ** 2).sum()) / u.sum()
    assert boot.estimates.units[(0,), -1].se[0, 0] == pytest.approx(linear, rel=0.12)


def test_p_value_counts_the_data_among_the_replicates():
    test = conclude_ratio(3.0, 1, np.array([1.0, 2.0, 3.0, 4.0]))
    assert test.p_value == pytest.approx(3 / 5)
    assert test.monte_carlo_error == pytest.approx(np.sqrt(0.6 * 0.4 / 4))


@pytest.fixture(scope="module")
def with_noise():
    X, rng = draw(152, 7)
    X["noise"] = rng.integers(0, 2, 152)
    return X


def test_indicator_ratio_tells_signal_from_noise(with_noise):
    model = quiet(with_noise)
    frame = indicator_ratio_tests(model, ["x0", "noise"], n_boot=39, n_starts=2, n_jobs=1)
    assert frame.loc["x0", "p_value"] == pytest.approx(1 / 40)
    assert frame.loc["noise", "p_value"] > 0.1
    assert frame.loc["x0", "df"] == 1
    # Without trouble the statistic is that of the two nested models, and near chi-square.
    assert frame.loc["noise", "statistic"] >= -1e-8
    assert abs(chi2.sf(frame.loc["noise", "statistic"], 1) - frame.loc["noise", "p_value"]) < 0.25
    np.testing.assert_allclose(frame["p_adjusted"], [2 / 40, frame.loc["noise", "p_value"]])


def test_indicator_ratio_with_frequencies_is_that_of_the_rows(with_noise):
    w = 1 + np.arange(len(with_noise)) % 2
    effort = Effort(19, 1, 5)
    weighted = quiet(with_noise, weight=w)
    doubled = quiet(with_noise.loc[with_noise.index.repeat(w)])
    a, b = (indicator_ratio_test(m.fit_, m.design_, 2, effort) for m in (weighted, doubled))
    assert a.statistic == pytest.approx(b.statistic, abs=1e-8)
    np.testing.assert_allclose(a.replicates, b.replicates, atol=1e-8)


def test_indicator_ratio_on_the_boundary():
    X, rng = draw(150, 8)
    X["edge"] = np.where((X.sum(axis=1) > 3), 1, rng.integers(0, 2, 150))
    model = quiet(X)
    test = indicator_ratio_test(model.fit_, model.design_, 6, Effort(39, 2, 1))
    assert test.p_value == pytest.approx(1 / 40)
    assert np.isfinite(test.replicates).all()


def test_indicator_ratio_refuses_what_it_cannot_test(with_noise):
    model = quiet(with_noise, local_dependence=[("x0", "x1")])
    with pytest.raises(InputError, match="'x0' stands in a local-dependence pair"):
        indicator_ratio_tests(model, ["x0"], n_boot=2)
    with pytest.raises(InputError, match="no indicator 'nope'"):
        indicator_ratio_tests(model, ["nope"])
    with pytest.raises(InputError, match="at least two classes, got one"):
        indicator_ratio_tests(quiet(with_noise, 1), ["x0"])


@pytest.fixture(scope="module")
def two_groups():
    X, _ = draw(300, 9, items=5)
    X["g"] = np.where(np.arange(300) < 160, "po", "vo")
    X.loc[X["g"] == "vo", "x1"] = 1 - X.loc[X["g"] == "vo", "x1"]
    return quiet(X, group="g")


def test_groups_find_the_item_that_differs(two_groups):
    result = group_tests(two_groups, ["x1"], n_boot=39, n_starts=1, n_jobs=1)
    assert list(result.models.index) == ["equal", "partly", "free"]
    assert result.models["n_parameters"].tolist() == [12, 14, 22]
    assert result.models["bic"].idxmin() == "partly"
    assert result.models["log_likelihood"].is_monotonic_increasing
    assert result.tests.loc["equal within free", "p_value"] == pytest.approx(1 / 40)
    assert result.tests.loc["partly within free", "p_value"] > 0.05
    assert result.indicators["p_value"].idxmin() == "x1"
    assert result.indicators["bic_gain"].idxmax() == "x1"
    assert result.indicators.loc["x1", "df"] == 2


def test_free_profiles_are_the_groups_fitted_apart(two_groups):
    cases = one_row_a_case(two_groups.design_)
    free = fit_group_model(cases, range(5), GroupSpec(2, 20))
    apart = 0.0
    for g in (0, 1):
        answers = cases.values  # noqa: PD011
        mine = pd.DataFrame(answers[cases.group == g]).astype(int)
        apart += quiet(mine, n_init=20).log_likelihood_
    assert free.log_likelihood == pytest.approx(apart, abs=1e-5)
    assert free.n_parameters == 22


def test_group_tests_need_groups(with_noise):
    model = quiet(with_noise)
    with pytest.raises(InputError, match="at least two known groups, got one"):
        compare_groups(model.design_, GroupSpec(2))
    with pytest.raises(InputError, match="no indicator 'nope'"):
        group_tests(model, ["nope"])


@pytest.mark.parametrize("kind", ["nonparametric", "parametric"])
def test_bootstrap_with_frequencies_is_that_of_the_rows(with_noise, kind):
    w = 1 + np.arange(len(with_noise)) % 2
    weighted = quiet(with_noise, weight=w, tol=1e-12)
    doubled = quiet(with_noise.loc[with_noise.index.repeat(w)], tol=1e-12)
    a, b = (bootstrap_model(m, kind, n_boot=5, n_starts=0, n_jobs=1) for m in (weighted, doubled))
    np.testing.assert_allclose(a.log_likelihood, b.log_likelihood, atol=1e-8)


def test_group_tests_with_frequencies_are_those_of_the_rows(two_groups):
    cases = one_row_a_case(two_groups.design_)
    answers = pd.DataFrame(cases.values, columns=[f"x{j}" for j in range(5)]).astype(int)
    frame = answers.assign(g=np.where(cases.group == 0, "po", "vo")).iloc[::3]
    w = 1 + np.arange(len(frame)) % 2
    weighted = quiet(frame, weight=w, group="g", tol=1e-12)
    doubled = quiet(frame.loc[frame.index.repeat(w)], group="g", tol=1e-12)
    a, b = (group_tests(m, n_boot=9, n_starts=0, each=False, n_jobs=1) for m in (weighted, doubled))
    pd.testing.assert_frame_equal(a.models, b.models, rtol=1e-10)
    np.testing.assert_allclose(a.tests, b.tests, atol=1e-8)


def test_a_table_of_another_inference(large):
    from swvtypes.lca import profile_table, share_table

    boot = bootstrap_model(large, n_boot=20, n_starts=0, n_jobs=1)
    table = profile_table(large, boot)
    assert list(table.columns) == list(large.profiles_.columns)
    np.testing.assert_array_equal(table["estimate"], large.profiles_["estimate"])
    assert (table["se"] != large.profiles_["se"]).any()
    pd.testing.assert_frame_equal(profile_table(large), large.profiles_)
    shares = share_table(boot)
    np.testing.assert_allclose(shares["estimate"], large.class_shares_)
    assert (shares["se"] > 0).all()
