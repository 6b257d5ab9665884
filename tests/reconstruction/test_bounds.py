"""Arithmetic limits, against enumeration of every arrangement on small cases."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from swvtypes.reconstruction import bounds, prove
from swvtypes.reconstruction.extremes import ScaleCounts, admissible_answers
from swvtypes.reconstruction.project import Target, read_project
from swvtypes.rounding import half_up


def target(kind: str, printed: str, decimals: int) -> Target:
    return Target("t", "x", kind, "s", "", "", "", "", "target", printed, decimals, None, None)


def test_score_values_are_the_means_of_whole_answers() -> None:
    wanted = {
        Fraction(sum(row), len(row))
        for n in (1, 2, 3)
        for row in itertools.product(range(1, 5), repeat=n)
    }
    assert bounds.score_values(3, 1, 4) == wanted


def test_217_is_no_mean_of_five_answers() -> None:
    values = bounds.score_values(5, 1, 5)
    assert bounds.printing(values, "2.17", 2) == []
    assert bounds.nearest(values, "2.17") == (Fraction(2), Fraction(11, 5))
    assert bounds.printing(bounds.score_values(6, 1, 5), "2.17", 2) == [Fraction(13, 6)]


@pytest.mark.parametrize("n", [2, 3, 5])
def test_variance_limits_are_those_of_every_sample(n: int) -> None:
    samples: dict[int, list[float]] = {}
    for row in itertools.product(range(1, 5), repeat=n):
        samples.setdefault(sum(row), []).append(float(np.var(row, ddof=1)))
    for total, found in samples.items():
        low, high = bounds.variance_limits(total, n, 1, 4)
        assert float(low) == pytest.approx(min(found))
        assert float(high) == pytest.approx(max(found))


def test_correlation_range_is_that_of_every_order() -> None:
    x, y = [1, 1, 2, 4, 5], [0, 1, 1, 0, 3]
    found = [np.corrcoef(x, order)[0, 1] for order in itertools.permutations(y)]
    low, high = bounds.correlation_range([Fraction(v) for v in x], [Fraction(v) for v in y])
    assert (low, high) == (pytest.approx(min(found)), pytest.approx(max(found)))


def test_largest_alpha_and_variance_are_those_of_every_arrangement() -> None:
    items = [[1, 2, 2, 4], [1, 1, 3, 4], [2, 2, 3, 3]]
    counts = [{v: item.count(v) for v in item} for item in items]
    alphas, variances = [], []
    for b in itertools.permutations(items[1]):
        for c in itertools.permutations(items[2]):
            rows = np.array([items[0], b, c], dtype=float)
            total = rows.sum(axis=0).var(ddof=1)
            alphas.append(1.5 * (1 - rows.var(axis=1, ddof=1).sum() / total))
            variances.append(rows.mean(axis=0).var(ddof=1))
    assert float(bounds.largest_alpha(counts)) == pytest.approx(max(alphas))
    assert float(bounds.largest_variance(counts)) == pytest.approx(max(variances))
    assert bounds.complete_mean(counts) == Fraction(sum(map(sum, items)), 12)
    assert bounds.lowest_score(counts) == 1


def test_smallest_between_is_that_of_a_fine_grid() -> None:
    sizes = [4, 9, 5]
    limits = [(1.0, 1.5), (2.0, 2.25), (1.25, 3.0)]
    grids = [np.linspace(low, high, 41) for low, high in limits]
    best = np.inf
    for means in itertools.product(*grids):
        grand = np.average(means, weights=sizes)
        best = min(best, float(np.dot(sizes, (np.array(means) - grand) ** 2)))
    exact = bounds.smallest_between(sizes, [(Fraction(a), Fraction(b)) for a, b in limits])
    assert float(exact) <= best + 1e-12
    assert float(exact) == pytest.approx(best, abs=1e-3)


def test_smallest_f_and_largest_total_bound_real_samples() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        a, b = rng.integers(1, 6, 12), rng.integers(2, 6, 9)
        both = np.concatenate([a, b])
        between = 12 * (a.mean() - both.mean()) ** 2 + 9 * (b.mean() - both.mean()) ** 2
        total = ((both - both.mean()) ** 2).sum()
        f = between / ((total - between) / 19)
        exact = bounds.smallest_f(Fraction(between), Fraction(total + 1), 2, 21)
        assert float(exact) <= f
        means = [
            (Fraction(x.mean()) - Fraction(1, 50), Fraction(x.mean()) + Fraction(1, 50))
            for x in (a, b)
        ]
        deviations = [(Fraction(0), Fraction(x.std(ddof=1)) + Fraction(1, 100)) for x in (a, b)]
        assert float(bounds.largest_total([12, 9], means, deviations)) >= total


def test_admissible_answers_are_those_of_every_data_set() -> None:
    items = ({1: 1, 2: 2, 3: 1}, {1: 2, 2: 1, 3: 1}, {1: 1, 2: 1, 3: 1})
    scale = ScaleCounts(items, ((0, 1),))
    seen: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    columns = [[v for v, n in item.items() for _ in range(n)] for item in items]
    for a in set(itertools.permutations(columns[0])):
        for b in set(itertools.permutations(columns[1])):
            for c in set(itertools.permutations(columns[2])):
                scores = [(a[0] + b[0]) / 2] + [(a[i] + b[i] + c[i - 1]) / 3 for i in (1, 2, 3)]
                rows = np.array([[a[i], b[i], c[i - 1]] for i in (1, 2, 3)], dtype=float)
                total = rows.sum(axis=1).var(ddof=1)
                if total == 0:
                    continue
                alpha = 1.5 * (1 - rows.var(axis=0, ddof=1).sum() / total)
                if min(scores) != scores[0] or alpha < 0:
                    continue
                values = (min(scores), alpha, float(np.std(scores, ddof=1)))
                key = tuple(str(half_up(float(v), 2)) for v in values)
                seen.setdefault(key, set()).add((a[0], b[0]))
    assert len(seen) >= 5
    for (low, alpha, sd), answers in seen.items():
        prints = [target("min", low, 2), target("alpha", alpha, 2), target("sd", sd, 2)]
        found = admissible_answers(scale, prints)
        assert found is not None
        assert answers <= {row for (row,) in found}


def test_no_answers_go_with_a_far_deviation() -> None:
    items = ({1: 1, 2: 3}, {1: 1, 2: 2, 3: 1}, {2: 1, 3: 2})
    prints = [target("min", "1.5", 2), target("alpha", "0.50", 2), target("sd", "9.00", 2)]
    assert admissible_answers(ScaleCounts(items, ((0, 1),)), prints) == []


def test_monitor_proofs_name_what_they_take_as_given() -> None:
    found = {p.target.split(":", 2)[-1]: p for p in prove(read_project("monitor_2016"))}
    texts = {
        "2:vo:percent": "18% is no count of 52",
        "min:vo:trust": "no mean of at most 5 whole answers prints as 2.17",
        "df2:po:trust:steering_group": "at most 62, not 64",
        "F:both:clarity:steering_group": "F is at least 2.12",
        "p_F:both:profile_strategic:steering_group": "this F has p = 0.0093, not 0.013",
        "p_r:both:steering:service_allocation": "no number of pairs gives both",
        "sd:vo:consensus": "for none of their possible answers",
    }
    assert len(found) == len(texts)
    for name, text in texts.items():
        assert text in found[name].proof
        assert found[name].given
