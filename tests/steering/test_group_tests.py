"""Group tests against independent software; exact tests against complete enumeration."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.steering import (
    SteeringOptions,
    cohen_kappa,
    concordance,
    exact_sum_test,
    f_test,
    make_cuts,
    rank_test,
    welch_test,
)
from swvtypes.steering.correlations import within_strata
from swvtypes.steering.cutting import every_cut
from swvtypes.steering.permutations import Rearrangement, random_correlation_test, rearranged
from swvtypes.steering.variance_tests import (
    group_basis,
    rearranged_squares,
    share_beyond,
    weighted_test,
)
from swvtypes.steering.weighted_moments import mean_estimate, share_estimate


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    codes = np.repeat([0, 1, 2], [20, 31, 14]).astype(np.int64)
    strata = rng.integers(0, 2, 65).astype(np.int64)
    y = np.clip(np.rint(rng.normal(3 + 0.5 * (codes == 1) + 0.4 * strata, 1)), 1, 5)
    return y, codes, strata, rng.uniform(0.5, 2, 65)


def test_f_welch_and_ranks_are_those_of_others(answers: tuple[np.ndarray, ...]) -> None:
    oneway = pytest.importorskip("statsmodels.stats.oneway")
    y, codes, _, _ = answers
    none = np.zeros(65, np.int64)
    samples = [y[codes == g] for g in range(3)]
    ours = f_test(within_strata(y, none, np.ones(65)), group_basis(codes, none))
    theirs = stats.f_oneway(*samples)
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (ours.df1, ours.df2) == (2, 62)
    welch = oneway.anova_oneway(samples, use_var="unequal", welch_correction=True)
    found = welch_test(samples)
    assert (found.statistic, found.df2) == pytest.approx((welch.statistic, welch.df[1]))
    assert found.p_value == pytest.approx(welch.pvalue)
    ranks = stats.kruskal(*samples)
    assert rank_test(samples).statistic == pytest.approx(ranks.statistic)
    assert rank_test(samples).p_value == pytest.approx(ranks.pvalue)


def test_adjusted_f_compares_nested_regressions(answers: tuple[np.ndarray, ...]) -> None:
    api = pytest.importorskip("statsmodels.api")
    y, codes, strata, weights = answers
    layers = (strata[:, None] == np.arange(2)).astype(float)
    groups = (codes[:, None] == np.arange(1, 3)).astype(float)
    wide, narrow = api.OLS(y, np.column_stack([layers, groups])).fit(), api.OLS(y, layers).fit()
    theirs = wide.compare_f_test(narrow)
    ours = f_test(within_strata(y, strata, np.ones(65)), group_basis(codes, strata))
    assert (ours.statistic, ours.p_value) == pytest.approx(theirs[:2])
    assert (ours.df1, ours.df2) == (2, 61)
    fit = api.WLS(y, np.column_stack([layers, groups]), weights=weights).fit(cov_type="HC1")
    wald = fit.f_test(np.eye(4)[2:])
    found = weighted_test(y, codes, strata, weights)
    assert found.statistic == pytest.approx(float(wald.fvalue))
    assert (found.df1, found.df2) == (2, 61)


def test_tests_are_undefined_where_nothing_varies_or_a_group_is_empty() -> None:
    flat, none = np.zeros(6), np.zeros(6, np.int64)
    codes = np.array([0, 0, 1, 1, 2, 2])
    assert np.isnan(f_test(flat, group_basis(codes, none)).p_value)
    assert np.isnan(f_test(np.arange(6.0) - 2.5, group_basis(none, none)).p_value)
    assert np.isnan(welch_test([np.ones(3), np.arange(3.0)]).p_value)
    assert np.isnan(rank_test([np.ones(3), np.ones(2)]).p_value)
    assert np.isnan(rank_test([np.ones(3), np.zeros(0)]).p_value)
    assert np.isnan(weighted_test(flat, codes, none, np.ones(6)).p_value)
    parted = f_test(np.array([-1.0, -1, 0, 0, 1, 1]), group_basis(codes, none))
    assert parted.statistic == np.inf
    assert parted.p_value == 0


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=9))
def test_exact_test_counts_every_rearrangement(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in rows])
    chosen = np.array([int(mark) for _, mark in rows])
    size = int(chosen.sum())
    found = exact_sum_test(scores, chosen)
    if size in (0, len(rows)):
        assert np.isnan(found)
        return
    sums = np.array([scores[list(rows_)].sum() for rows_ in combinations(range(len(rows)), size)])
    far = np.abs(sums - size * scores.mean()) >= abs(scores[chosen == 1].sum()
                                                     - size * scores.mean()) - 1e-9  # fmt: skip
    assert found == pytest.approx(far.mean(), abs=1e-12)


def test_exact_test_within_strata_counts_every_rearrangement() -> None:
    scores = np.array([1, 4, 2, 9, 3, 3, 7, 1])
    chosen = np.array([1, 1, 0, 0, 0, 1, 0, 0])
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    sums = [
        scores[:4][list(a)].sum() + scores[4:][b]
        for a in combinations(range(4), 2)
        for b in range(4)
    ]
    expected = 2 * scores[:4].mean() + scores[4:].mean()
    found = scores[chosen == 1].sum()
    share = np.mean(np.abs(np.array(sums) - expected) >= abs(found - expected) - 1e-9)
    assert exact_sum_test(scores, chosen, strata) == pytest.approx(share)


def test_exact_test_of_ranks_is_that_of_mann_and_whitney() -> None:
    rng = np.random.default_rng(1)
    x = rng.permutation(30)
    chosen = (np.arange(30) < 13).astype(np.int64)
    theirs = stats.mannwhitneyu(x[chosen == 1], x[chosen == 0], method="exact")
    assert exact_sum_test(2 * (x + 1), chosen) == pytest.approx(theirs.pvalue)


def test_exact_test_survives_large_numbers() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(1, 3, 900)
    chosen = (np.arange(900) < 450).astype(np.int64)
    # With two scores it is Fisher's exact test of the fourfold table.
    table = [[int(((x == v) & (chosen == c)).sum()) for c in (0, 1)] for v in (1, 2)]
    assert exact_sum_test(x, chosen) == pytest.approx(stats.fisher_exact(table)[1], rel=1e-6)


def test_random_rearrangements_near_the_complete_ones() -> None:
    x, y = np.array([1.0, 2, 2, 5, 6, 9, 4]), np.array([0.0, 1, 3, 2, 5, 4, 1])
    every = np.array([abs((x - x.mean()) @ np.array(p)) for p in permutations(y - y.mean())])
    exact = float((every >= every[0] - 1e-9).mean())
    none = np.zeros(7, np.int64)
    found = random_correlation_test(x, y, none, Rearrangement(9999, 1))
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact / 9999))


def test_more_rearrangements_keep_the_earlier_ones() -> None:
    values, none = np.arange(12.0), np.repeat([0, 1], 6).astype(np.int64)
    few = rearranged(values, none, Rearrangement(600, 3, (1, 2)))
    many = rearranged(values, none, Rearrangement(1300, 3, (1, 2)))
    assert np.array_equal(few, many[:600])
    assert not np.array_equal(few, rearranged(values, none, Rearrangement(600, 3, (1, 3))))
    assert np.array_equal(np.sort(many[:, :6]), np.tile(np.arange(6.0), (1300, 1)))


def test_rearranged_f_of_two_groups_is_the_exact_test() -> None:
    scores = np.array([1, 4, 2, 9, 3, 3, 7, 1, 8, 8])
    chosen = np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    none = np.zeros(10, np.int64)
    basis = group_basis(chosen, none)
    found, drawn = rearranged_squares(scores - scores.mean(), [basis], none, Rearrangement(9999, 2))
    exact = exact_sum_test(scores, chosen)
    assert share_beyond(found[0], drawn[:, 0]) == pytest.approx(exact, abs=0.02)


def test_cuts_and_their_names() -> None:
    cuts = make_cuts((3, 7), range(1, 11))
    assert cuts.ranges == ("1-3", "4-7", "8-10")
    assert cuts.names == ("decentral", "mixed", "central")
    assert cuts.labels["mixed"].en == "mixed (4-7)"
    assert cuts.codes(np.array([3.0, 4.0, 7.0, 8.0, np.nan])).tolist() == [0, 1, 1, 2, -1]
    assert make_cuts((5,), range(1, 11)).names == ("decentral", "central")
    five = make_cuts((2, 3, 5, 8), range(1, 11))
    assert five.names == ("1-2", "3", "4-5", "6-8", "9-10")
    assert len(every_cut(cuts)) == 36
    assert cuts in every_cut(cuts)


@pytest.mark.parametrize(
    ("upper", "fault"),
    [
        ((), "cuts: expected at least one, got none"),
        ((10,), "cuts: expected positions out of 1 to 9, got 10"),
        ((2.5,), "cuts: expected positions out of 1 to 9, got 2.5"),
        ((7, 3), "cuts: expected rising positions, got (7, 3)"),
        ((3, 3), "cuts: expected rising positions, got (3, 3)"),
    ],
)
def test_cuts_that_cannot_be(upper: tuple[int, ...], fault: str) -> None:
    with pytest.raises(InputError) as caught:
        make_cuts(upper, range(1, 11))
    assert caught.value.faults == (fault,)


def test_concordance_against_its_theory() -> None:
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(25, 3)) + rng.normal(size=(25, 1))
    found = concordance(columns, Rearrangement(499, 1))
    # Without ties the mean rank correlation is (m W - 1) / (m - 1); chi-square is m (n - 1) W.
    assert found.mean_spearman == pytest.approx((3 * found.kendall_w - 1) / 2)
    p = stats.chi2.sf(3 * 24 * found.kendall_w, 24)
    assert found.p_value == pytest.approx(p, abs=0.05)
    tied = np.rint(columns)
    friedman = stats.friedmanchisquare(*np.column_stack([stats.rankdata(tied[:, at])
                                                         for at in range(3)]))  # fmt: skip
    assert concordance(tied, Rearrangement(99, 1)).kendall_w == pytest.approx(
        friedman.statistic / (3 * 24)
    )
    assert np.isnan(concordance(np.ones((5, 3)), Rearrangement(99, 1)).kendall_w)


def test_kappa_is_that_of_sklearn() -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(2)
    a, b = rng.random(50) < 0.4, rng.random(50) < 0.6
    assert cohen_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b))
    assert np.isnan(cohen_kappa(np.ones(4, bool), np.ones(4, bool)))


def test_means_and_shares_under_weights() -> None:
    rng = np.random.default_rng(3)
    y, weights = rng.normal(2, 1, 40), rng.uniform(0.5, 3, 40)
    plain = mean_estimate(y)
    interval = stats.ttest_1samp(y, 0).confidence_interval()
    assert (plain.lower, plain.upper) == pytest.approx(tuple(interval))
    api = pytest.importorskip("statsmodels.api")
    fit = api.WLS(y, np.ones(40), weights=weights).fit(cov_type="HC1")
    found = mean_estimate(y, weights)
    assert (found.mean, found.error) == pytest.approx((fit.params[0], fit.bse[0]))
    theirs = stats.binomtest(7, 40).proportion_ci(method="wilson")
    share = share_estimate(np.arange(40) < 7)
    assert (share.lower, share.upper) == pytest.approx((theirs.low, theirs.high))
    equal = share_estimate(np.arange(40) < 7, np.full(40, 2.0))
    assert (equal.lower, equal.upper) == pytest.approx((theirs.low, theirs.high))
    nobody = share_estimate(np.zeros(10, bool))
    assert nobody.lower == 0 == nobody.share
    assert share_estimate(np.zeros(0, bool)).n == 0
    assert np.isnan(mean_estimate(np.zeros(0)).mean)
    assert np.isnan(mean_estimate(np.ones(1)).sd)


def test_options_list_every_fault() -> None:
    with pytest.raises(InputError) as caught:
        SteeringOptions(level=2, exact="often", replicates=5, minimum_group=1, seed=-1)  # type: ignore[arg-type]
    assert caught.value.faults == (
        "level: expected a number between 0 and 1, got 2",
        "exact: expected one of 'small', 'always', 'never', got 'often'",
        "replicates: expected a whole number of at least 99, got 5",
        "minimum_group: expected a whole number of at least 2, got 1",
        "seed: expected a whole number of at least 0, got -1",
    )
    with pytest.raises(InputError, match=r"power: expected a number between 1 - level and 1"):
        SteeringOptions(power=0.01)
