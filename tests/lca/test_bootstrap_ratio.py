"""The bootstrap likelihood-ratio test against theory, and its manners."""

# ruff: noqa: PD011

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import FewStartsWarning, OptionError, SurveyWeightError, WeightError
from swvtypes.lca import BootstrapTest, bootstrap_lrt, replicates
from swvtypes.lca.bootstrap_likelihood_ratio import null_model, rule_of
from swvtypes.lca.options import seed_of
from swvtypes.lca.replicates import (
    Population,
    best_fits,
    distinct_rows,
    draw_replicate,
    one_row_a_case,
    replicate_starts,
    stack_designs,
)
from swvtypes.lca.tail import lower_limit, tail_of, upper_limit

Loader = Callable[[str], pd.DataFrame]


def two_classes(n: int = 120, items: int = 6, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    c = rng.random(n) < 0.4
    X = rng.random((n, items)) < np.where(c, 0.85, 0.25)[:, None]
    return pd.DataFrame(X.astype(int), columns=[f"i{j}" for j in range(items)])


def independence_ratio(a: Any, b: Any, weight: Any = None) -> float:
    """G-squared of independence in a two-way table, in closed form."""
    table = np.zeros((2, 2))
    np.add.at(table, (np.asarray(a, int), np.asarray(b, int)), 1.0 if weight is None else weight)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    seen = table > 0
    return 2.0 * float((table[seen] * np.log(table[seen] / expected[seen])).sum())


def test_two_binary_items_give_the_test_of_independence() -> None:
    # Two classes fit every two-way table of binary items exactly: the ratio is G-squared.
    rng = np.random.default_rng(4)
    X = pd.DataFrame((rng.random((400, 2)) < [0.5, 0.4]).astype(int))
    test = bootstrap_lrt(X, 1, 200, random_state=1, n_jobs=1)
    assert test.statistic == pytest.approx(independence_ratio(X[0], X[1]), abs=1e-5)
    model = null_model(X, 1, 20, 1, None, {})
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    for r in (0, 7, 199):
        drawn = draw_replicate(population, r)
        closed = independence_ratio(drawn.values[:, 0], drawn.values[:, 1], drawn.weight)
        assert test.replicates[r] == pytest.approx(closed, abs=1e-5)
    assert stats.kstest(test.replicates, "chi2", args=(1,)).pvalue > 0.01
    asymptotic = stats.chi2.sf(test.statistic, 1)
    assert abs(test.p_value - asymptotic) < 4 * np.sqrt(asymptotic * (1 - asymptotic) / 200)


def test_p_value_counts_replicates_that_reach_the_statistic() -> None:
    test = bootstrap_lrt(two_classes(), 2, 40, random_state=3, n_jobs=1)
    reaching = int((test.replicates >= test.statistic - 1e-4).sum())
    assert (test.n_exceeding, test.n_boot, len(test.replicates)) == (reaching, 40, 40)
    assert test.p_value == (reaching + 1) / 41
    assert test.interval[0] <= reaching / 40 <= test.interval[1]
    assert test.n_negative == 0
    assert test.statistic == pytest.approx(2 * (test.log_likelihood[1] - test.log_likelihood[0]))


def test_data_are_fitted_as_the_model_fits_them() -> None:
    X = two_classes()
    test = bootstrap_lrt(X, 2, 1, random_state=3, n_init=20, n_jobs=1)
    for k, found in zip((2, 3), test.log_likelihood, strict=True):
        model = null_model(X, k, 20, 3, None, {})
        assert found == pytest.approx(model.log_likelihood_, abs=2e-4)


def test_clear_classes_are_found() -> None:
    assert bootstrap_lrt(two_classes(), 1, 99, random_state=1, n_jobs=1).p_value == 0.01


def test_workers_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    X = two_classes()
    alone = bootstrap_lrt(X, 1, 45, random_state=5, n_jobs=1)
    monkeypatch.setattr(replicates, "_WORTH_PROCESSES", 0.0)
    together = bootstrap_lrt(X, 1, 45, random_state=5, n_jobs=2, show_progress=True)
    assert alone.replicates.tobytes() == together.replicates.tobytes()
    assert alone.p_value == together.p_value
    monkeypatch.setattr(replicates, "_HEAVY", 0)
    heavy = bootstrap_lrt(X, 1, 45, random_state=5, n_jobs=2)
    assert alone.replicates.tobytes() == heavy.replicates.tobytes()


def test_blocks_too_large_for_memory_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    X = two_classes()
    whole = bootstrap_lrt(X, 2, 25, random_state=5, n_jobs=1)
    monkeypatch.setattr(replicates, "_MOST_CELLS", 3000)
    assert len(list(replicates.portions(range(20, 40), 900))) == 7
    split = bootstrap_lrt(X, 2, 25, random_state=5, n_jobs=1)
    # Rounding decides at which step a run stops, so that statistics agree within its tolerance;
    # that is why one within 1e-4 of the data's counts as reaching it.
    assert split.replicates == pytest.approx(whole.replicates, abs=1e-4)
    assert split.p_value == whole.p_value


def test_more_replicates_keep_the_earlier() -> None:
    X = two_classes()
    few, many = (bootstrap_lrt(X, 2, n, random_state=5, n_jobs=1) for n in (13, 57))
    assert few.replicates.tobytes() == many.replicates[:13].tobytes()


def test_row_order_does_not_matter() -> None:
    X = two_classes()
    shuffled = X.sample(frac=1.0, random_state=2)
    one, other = (bootstrap_lrt(frame, 2, 20, random_state=5, n_jobs=1) for frame in (X, shuffled))
    assert one.replicates.tobytes() == other.replicates.tobytes()


def test_frequencies_are_rows() -> None:
    X = two_classes(60)
    times = np.random.default_rng(1).integers(0, 4, len(X))
    weighted = bootstrap_lrt(X, 1, 20, sample_weight=times, random_state=5, n_jobs=1)
    written = X.loc[np.repeat(X.index, times)]
    repeated = bootstrap_lrt(written, 1, 20, random_state=5, n_jobs=1)
    assert weighted.statistic == pytest.approx(repeated.statistic, abs=1e-9)
    assert weighted.replicates.tobytes() == repeated.replicates.tobytes()


def test_missing_answers_stay_missing() -> None:
    X = two_classes(150).astype(float)
    X = X.mask(pd.DataFrame(np.random.default_rng(3).random(X.shape) < 0.2, columns=X.columns))
    X.iloc[0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = null_model(X, 2, 20, 1, None, {})
    cases = one_row_a_case(model.design_)
    assert len(cases.weight) == 149  # the empty row is not drawn
    drawn = draw_replicate(Population(cases, model.fit_.parameters, 1), 3)

    def masks(values: Any, weight: Any) -> dict[bytes, float]:
        found: dict[bytes, float] = {}
        for row, times in zip(np.isnan(values), weight, strict=True):
            found[row.tobytes()] = found.get(row.tobytes(), 0.0) + times
        return found

    assert masks(drawn.values, drawn.weight) == masks(cases.values, cases.weight)
    assert drawn.n == 149


def test_every_family_can_be_tested(mixed: pd.DataFrame, families: dict[str, str]) -> None:
    test = bootstrap_lrt(mixed, 1, 19, random_state=1, indicators=families, n_init=10, n_jobs=1)
    assert test.p_value == 0.05
    modal = bootstrap_lrt(
        mixed, 1, 19, random_state=1, indicators=families, n_init=10, prior=1.0, n_jobs=1
    )
    assert 0 < modal.statistic < test.statistic


def test_groups_stay_as_they_are() -> None:
    X = two_classes(200)
    X["sector"] = np.where(np.arange(200) < 80, "po", "vo")
    model = null_model(X, 2, 10, 1, None, {"group": "sector", "profiles": "free"})
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    drawn = draw_replicate(population, 0)
    assert np.bincount(drawn.group, weights=drawn.weight).tolist() == [80.0, 120.0]


def test_one_start_gives_a_null_distribution_that_is_too_low(reference_data: Loader) -> None:
    X = reference_data("sim152")
    with pytest.warns(FewStartsWarning, match="1 starts a data set: with fewer than 10"):
        one = bootstrap_lrt(X, 2, 40, n_init=1, random_state=1, n_jobs=1)
    ten = bootstrap_lrt(X, 2, 40, n_init=10, random_state=1, n_jobs=1)
    assert ten.replicates.mean() - one.replicates.mean() > 5.0
    # poLCAParallel's null distribution with ten starts has mean 87.
    assert abs(ten.replicates.mean() - 87.0) < 4.0
    assert ten.p_value == 1 / 41


def test_sequential_stop() -> None:
    X = two_classes()
    full = bootstrap_lrt(X, 2, 99, random_state=3, n_jobs=1)
    short = bootstrap_lrt(X, 2, 99, random_state=3, stop_after=5, n_jobs=1)
    assert short.stopped
    assert short.n_asked == 99
    assert short.n_boot < 99
    assert short.replicates.tobytes() == full.replicates[: short.n_boot].tobytes()
    assert short.n_exceeding == 5
    assert short.p_value == 5 / short.n_boot
    assert short.replicates[-1] >= short.statistic - 1e-4
    clear = bootstrap_lrt(X, 1, 30, random_state=3, stop_after=5, n_jobs=1)
    assert (clear.stopped, clear.p_value) == (False, 1 / 31)


def test_sequential_p_values_are_uniform_under_the_null() -> None:
    # Besag and Clifford (1991): h / l has the level it states for p up to its first possible value.
    rng = np.random.default_rng(8)
    p = []
    for _ in range(4000):
        draws = rng.random(100)
        p.append(tail_of(draws[1:], draws[0] + 1e-4, 5)[1].p_value)
    for level in (0.05, 0.1, 0.25):
        assert np.mean(np.array(p) <= level) <= level + 3 * np.sqrt(level * (1 - level) / 4000)


def test_intervals_are_those_of_clopper_and_pearson() -> None:
    for b, n in ((0, 20), (3, 20), (20, 20)):
        exact = stats.binomtest(b, n).proportion_ci(0.95, "exact")
        assert lower_limit(b, n) == pytest.approx(exact.low, abs=1e-12)
        assert upper_limit(b, n) == pytest.approx(exact.high, abs=1e-12)


def test_interval_after_a_stop_covers() -> None:
    replicates_, tail = tail_of(np.array([0.0, 2.0, 0.0, 2.0, 0.0, 0.0]), 1.0, 2)
    assert len(replicates_) == 4
    assert tail.p_value == 0.5
    low, high = tail.interval
    # At its limits, needing so few or so many draws has probability 2.5%.
    assert stats.nbinom.cdf(2, 2, low) == pytest.approx(0.025, abs=1e-9)
    assert stats.nbinom.sf(1, 2, high) == pytest.approx(0.025, abs=1e-9)
    assert tail_of(np.array([2.0, 2.0]), 1.0, 2)[1].interval[1] == 1.0


def test_ties_count_as_reached() -> None:
    assert tail_of(np.array([1.0, 1.0 - 5e-5, 0.9]), 1.0)[1].n_exceeding == 2


def test_distinct_rows_keep_missing_values_and_groups_apart() -> None:
    values = np.array([[0.0, np.nan], [0.0, np.nan], [-0.0, np.nan], [0.0, -1.0], [0.0, np.nan]])
    first, count = distinct_rows(values, np.array([0, 0, 0, 0, 1]))
    assert first.tolist() == [0, 3, 4]
    assert count.tolist() == [3.0, 1.0, 1.0]


def test_collapsed_replicates_have_the_likelihood_of_their_rows() -> None:
    model = null_model(two_classes(), 2, 10, 1, None, {})
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    rule = rule_of(model, 10)
    drawn = draw_replicate(population, 0)
    written = pd.DataFrame(np.repeat(drawn.values, drawn.weight.astype(int), axis=0).astype(int))
    best = best_fits(stack_designs([drawn], rule), 2, [replicate_starts(1, 0, 10)], rule)
    again = null_model(written, 2, 20, 1, None, {})
    assert best.log_likelihood[0] == pytest.approx(again.log_likelihood_, abs=1e-4)


def test_refusals() -> None:
    X = two_classes(40)
    with pytest.raises(SurveyWeightError, match="needs a likelihood; under survey weights"):
        bootstrap_lrt(X, 1, 9, survey_weight=np.ones(40))
    with pytest.raises(WeightError, match=r"whole numbers as frequencies, got a pattern of weight"):
        bootstrap_lrt(X, 1, 9, sample_weight=np.full(40, 0.37), random_state=1)
    for option, value in (("n_classes", 0), ("n_boot", 0), ("stop_after", 0), ("n_init", 0)):
        with pytest.raises(
            OptionError, match=f"{option}: expected an integer of at least 1, got 0"
        ):
            bootstrap_lrt(X, **{option: value})
    with pytest.raises(OptionError, match="random_state: expected a non-negative integer"):
        bootstrap_lrt(X, 1, 9, random_state=-1)


def test_seeds() -> None:
    assert seed_of(7) == 7
    assert seed_of(None) != seed_of(None)
    states = [seed_of(np.random.RandomState(3)) for _ in range(2)]
    assert states[0] == states[1]


def test_shows_itself_in_a_notebook() -> None:
    test = bootstrap_lrt(two_classes(), 2, 20, random_state=3, stop_after=3, n_jobs=1)
    html = test._repr_html_()
    assert "2 against 3 classes" in html
    assert f"{test.p_value:.4f}" in html
    assert "(stopped early)" in html
    assert isinstance(test, BootstrapTest)
