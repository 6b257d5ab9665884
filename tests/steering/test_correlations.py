"""Correlations against scipy and regression; weights; equivalence; what a design shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.steering import (
    correlate,
    detectable_correlation,
    detectable_difference,
    detectable_f,
    equivalent_correlation,
    equivalent_difference,
    equivalent_means,
    mean_difference,
    power_of_correlation,
    provable_correlation,
    provable_difference,
    rank_correlate,
)
from swvtypes.steering.correlations import linearised_error
from swvtypes.steering.effects import small_sample_factor
from swvtypes.steering.multiplicity import false_discovery
from swvtypes.steering.noncentral import noncentral_cdf, noncentrality_interval


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 11, 60).astype(float)
    y = np.clip(np.rint(0.2 * x + rng.normal(2, 1, 60)), 1, 5)
    x[:3], y[5:7] = np.nan, np.nan
    return x, y


def test_plain_correlation_is_that_of_scipy(pair: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = pair
    used = ~np.isnan(x) & ~np.isnan(y)
    theirs = stats.pearsonr(x[used], y[used])
    interval = theirs.confidence_interval(0.9)
    ours = correlate(x, y, level=0.9)
    assert ours.n == 55
    assert ours.df == 53
    assert ours.r == pytest.approx(theirs.statistic, abs=1e-12)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=1e-12)
    assert (ours.lower, ours.upper) == pytest.approx(tuple(interval), abs=1e-12)
    ranks = rank_correlate(x, y)
    theirs = stats.spearmanr(x[used], y[used])
    assert ranks.r == pytest.approx(theirs.statistic, abs=1e-12)
    assert ranks.p_value == pytest.approx(theirs.pvalue, abs=1e-12)
    error = np.sqrt((1 + ranks.r**2 / 2) / 52)
    assert np.arctanh(ranks.upper) - np.arctanh(ranks.r) == pytest.approx(
        1.959964 * error, abs=1e-6
    )


def test_partial_correlation_is_that_of_regression() -> None:
    api = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(4)
    strata = rng.integers(0, 3, 80)
    x = rng.normal(0, 1, 80) + strata
    y = 0.3 * x - strata + rng.normal(0, 1, 80)
    ours = correlate(x, y, strata=strata)
    dummies = (strata[:, None] == np.arange(3)).astype(float)
    fit = api.OLS(y, np.column_stack([x, dummies])).fit()
    t = fit.tvalues[0]
    assert ours.df == fit.df_resid == 76
    assert ours.r == pytest.approx(t / np.sqrt(t**2 + 76), abs=1e-12)
    assert ours.p_value == pytest.approx(fit.pvalues[0], abs=1e-12)
    assert ours.error == pytest.approx(1 / np.sqrt(75))


def test_equal_weights_change_nothing_but_the_error(pair: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = pair
    plain, weighted = correlate(x, y), correlate(x, y, weights=np.full(60, 0.3))
    assert weighted.r == pytest.approx(plain.r, abs=1e-12)
    again = correlate(x, y, weights=np.full(60, 7.0))
    assert again.error == pytest.approx(weighted.error, abs=1e-12)


def test_weighted_estimate_counts_a_row_of_weight_two_twice() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(2, 30))
    weights = np.where(np.arange(30) < 10, 2.0, 1.0)
    twice = np.concatenate([np.arange(30), np.arange(10)])
    assert correlate(x, y, weights=weights).r == pytest.approx(correlate(x[twice], y[twice]).r)


def test_linearised_error_agrees_with_the_jackknife() -> None:
    rng = np.random.default_rng(9)
    x = rng.exponential(size=400)
    y = 0.5 * x + rng.exponential(size=400)
    weights = rng.uniform(0.5, 2, 400)
    found = correlate(x, y, weights=weights)
    keep = ~np.eye(400, dtype=bool)
    left_out = [np.arctanh(correlate(x[k], y[k], weights=weights[k]).r) for k in keep]
    jackknife = np.sqrt(399 / 400 * ((left_out - np.mean(left_out)) ** 2).sum())
    assert found.error == pytest.approx(jackknife, rel=0.05)
    one, two = x - weights @ x / weights.sum(), y - weights @ y / weights.sum()
    assert linearised_error(one, two, weights, found.r) == found.error


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(0, 5)), min_size=0, max_size=40))
def test_correlation_keeps_its_bounds_and_symmetry(rows: list[tuple[int, int]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 2)
    found = correlate(table[:, 0], table[:, 1])
    if np.isnan(found.r):
        flat = len(rows) < 6 or np.ptp(table[:, 0]) == 0 or np.ptp(table[:, 1]) == 0
        assert flat
        return
    assert -1 <= found.lower <= found.r <= found.upper <= 1
    assert 0 <= found.p_value <= 1
    other = correlate(table[:, 1], -table[:, 0])
    assert other.r == pytest.approx(-found.r, abs=1e-12)


def test_faults_of_a_correlation_come_together() -> None:
    with pytest.raises(InputError) as caught:
        correlate(np.zeros(3), np.zeros(2), level=1.5)
    assert caught.value.faults == (
        "x, y: expected columns of one length, got 3 and 2",
        "level: expected a number between 0 and 1, got 1.5",
    )


@pytest.mark.parametrize("r", [-0.29, -0.1, 0.0, 0.12, 0.4])
@pytest.mark.parametrize("n", [20, 65, 123, 400])
def test_equivalence_of_a_correlation_is_its_ninety_percent_interval(r: float, n: int) -> None:
    error = 1 / np.sqrt(n - 3)
    inside = np.tanh(np.arctanh(r) + np.array([-1, 1]) * stats.norm.ppf(0.95) * error)
    proven = bool(inside[0] > -0.3 and inside[1] < 0.3)
    assert (equivalent_correlation(r, error, 0.3) < 0.05) == proven


@pytest.mark.parametrize("d", [-0.4, -0.05, 0.2, 0.6])
@pytest.mark.parametrize("counts", [(12, 15), (31, 14), (65, 58)])
def test_equivalence_of_means_is_the_ninety_percent_interval(
    d: float, counts: tuple[int, int]
) -> None:
    root = np.sqrt(counts[0] * counts[1] / sum(counts))
    low, high = np.array(noncentrality_interval(d * root, sum(counts) - 2, 0.90)) / root
    for margin in (0.3, 0.5, 0.8):
        proven = bool(low > -margin and high < margin)
        assert (equivalent_difference(d, counts, margin) < 0.05) == proven


def test_equivalence_of_means_takes_the_stricter_of_two_tests() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=400), rng.normal(size=500)
    found = mean_difference(a, b)
    plain = equivalent_difference(found.cohen_d, (400, 500), 0.2)
    # With large normal samples both tests agree.
    assert equivalent_means(a, b, 0.2) == pytest.approx(plain, rel=0.1)
    assert equivalent_means(a, b, 0.2) == pytest.approx(equivalent_means(b, a, 0.2))
    assert equivalent_means(3 * a + 7, 3 * b + 7, 0.2) == pytest.approx(equivalent_means(a, b, 0.2))
    # A rare answer, the wide group small: the pooled spread hides its variance.
    yes, small = np.repeat([1.0, 0.0], [29, 2]), np.repeat([1.0, 0.0], [11, 3])
    d = mean_difference(yes, small).cohen_d
    assert equivalent_means(yes, small, 0.8) > 1.2 * equivalent_difference(d, (31, 14), 0.8)
    assert np.isnan(equivalent_means(np.ones(4), np.ones(5), 0.5))
    assert np.isnan(equivalent_means(np.ones(1), np.arange(5.0), 0.5))


@pytest.mark.slow
@pytest.mark.parametrize(("counts", "shares"), [((31, 14), (0.9, 0.58)), ((65, 58), (0.5, 0.738))])
def test_equivalence_of_means_keeps_its_level_on_the_margin(
    counts: tuple[int, int], shares: tuple[float, float]
) -> None:
    spread = sum((n - 1) * p * (1 - p) for n, p in zip(counts, shares, strict=True))
    margin = abs(shares[1] - shares[0]) / np.sqrt(spread / (sum(counts) - 2))
    rng = np.random.default_rng(6)
    samples = [rng.random((2000, n)) < p for n, p in zip(counts, shares, strict=True)]
    p = [equivalent_means(a.astype(float), b.astype(float), margin)
         for a, b in zip(*samples, strict=True)]  # fmt: skip
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_margins_are_checked() -> None:
    with pytest.raises(InputError, match=r"margin: expected a number between 0 and 1, got 1.2"):
        equivalent_correlation(0.1, 0.1, 1.2)
    with pytest.raises(InputError, match=r"margin: expected a positive number, got -1"):
        equivalent_difference(0.1, (9, 9), -1)
    assert np.isnan(equivalent_correlation(float("nan"), 0.1, 0.3))
    assert np.isnan(equivalent_difference(0.1, (1, 9), 0.3))


@pytest.mark.parametrize(("rho", "n"), [(0.1, 782), (0.3, 84), (0.5, 29)])
def test_numbers_needed_for_a_correlation(rho: float, n: int) -> None:
    # G*Power 3.1, bivariate normal model, exact, two-sided 0.05, power 0.8.
    assert power_of_correlation(rho, n - 2) >= 0.8 > power_of_correlation(rho, n - 3)
    assert detectable_correlation(n - 2) <= rho < detectable_correlation(n - 3)


@pytest.mark.parametrize(("f", "n"), [(0.1, 969), (0.25, 159), (0.4, 66)])
def test_numbers_needed_for_three_groups(f: float, n: int) -> None:
    # Cohen (1988), G*Power 3.1: three equal groups, 0.05, power 0.8.
    assert detectable_f(2, n - 3, n) <= f < detectable_f(2, n - 6, n - 3)


@pytest.mark.parametrize(("d", "n"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_numbers_needed_for_two_groups(d: float, n: int) -> None:
    # Cohen (1988, table 2.4.1) and G*Power 3.1.
    assert detectable_difference((n, n)) <= d < detectable_difference((n - 1, n - 1))


def test_design_against_statsmodels() -> None:
    power = pytest.importorskip("statsmodels.stats.power")
    d, f = detectable_difference((31, 14)), detectable_f(2, 120, 123)
    theirs = power.TTestIndPower().power(d, 31, 0.05, ratio=14 / 31)
    assert theirs == pytest.approx(0.8, abs=1e-7)
    assert power.FTestAnovaPower().power(f, 123, 0.05, k_groups=3) == pytest.approx(0.8, abs=1e-7)


def test_narrowest_margins_have_the_power_asked() -> None:
    margin = provable_correlation(63)
    edge = np.arctanh(margin) * np.sqrt(62) - stats.norm.ppf(0.95)
    assert 2 * stats.norm.cdf(edge) - 1 == pytest.approx(0.8)
    rng = np.random.default_rng(11)
    margin = provable_difference((31, 14))
    t = stats.t.rvs(43, size=4000, random_state=rng) / np.sqrt(31 * 14 / 45)
    shown = [equivalent_difference(d, (31, 14), margin) < 0.05 for d in t[:2000]]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.03)


def test_designs_too_small_are_undefined_and_faults_named() -> None:
    assert np.isnan(detectable_correlation(3))
    assert np.isnan(provable_correlation(2))
    assert np.isnan(detectable_difference((1, 20)))
    assert np.isnan(provable_difference((20, 1)))
    assert np.isnan(detectable_f(0, 20, 22))
    with pytest.raises(InputError) as caught:
        detectable_correlation(20.5, 2.0, 0.5)  # type: ignore[arg-type]
    assert caught.value.faults == (
        "numbers and degrees of freedom: expected whole numbers, got 20.5",
        "alpha: expected a number between 0 and 1, got 2.0",
        "power: expected a number between alpha and 1, got 0.5",
    )


def test_difference_of_means_and_its_sizes() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(0, 1, 31), rng.normal(0.5, 2, 14)
    found = mean_difference(a, b)
    theirs = stats.ttest_ind(b, a, equal_var=False)
    assert found.p_value == pytest.approx(theirs.pvalue, abs=1e-12)
    assert (found.lower, found.upper) == pytest.approx(tuple(theirs.confidence_interval()))
    pooled = np.sqrt((30 * a.var(ddof=1) + 13 * b.var(ddof=1)) / 43)
    assert found.cohen_d == pytest.approx((b.mean() - a.mean()) / pooled)
    assert found.hedges_g == pytest.approx(found.cohen_d * (1 - 3 / (4 * 43 - 1)), abs=2e-4)
    root, j = np.sqrt(31 * 14 / 45), small_sample_factor(43)
    for limit, tail in ((found.g_lower, 0.975), (found.g_upper, 0.025)):
        assert stats.nct.cdf(found.cohen_d * root, 43, limit / j * root) == pytest.approx(tail)


def test_difference_without_variation_is_undefined() -> None:
    found = mean_difference(np.full(5, 2.0), np.full(4, 3.0))
    assert found.difference == 1.0
    assert np.isnan(found.p_value)
    assert np.isnan(mean_difference(np.array([1.0]), np.arange(5.0)).cohen_d)


def test_noncentral_t_beyond_the_reach_of_the_exact_computation() -> None:
    assert noncentral_cdf(3.0, 60, 3.0) == pytest.approx(stats.nct.cdf(3.0, 60, 3.0), abs=1e-12)
    assert noncentral_cdf(80.0, 60, 45.0) == pytest.approx(1.0, abs=1e-6)


def test_false_discovery_rates_are_those_of_scipy() -> None:
    p = np.array([0.001, 0.2, 0.03, 0.03, 0.9, 0.04])
    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p))
