"""The arithmetic under the checks, against enumeration and scipy."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from swvtypes.auditing.checks.moments import Moments, _grimmer, _sums
from swvtypes.auditing.finding import Place
from swvtypes.auditing.printed import Printed, count_range, integer_solutions
from swvtypes.auditing.scores import Item, Score
from swvtypes.auditing.statistics import p_range, p_value, read_p, statistic_for
from swvtypes.auditing.words import describe, read_phrase


@given(st.integers(0, 100), st.integers(1, 150))
def test_counts_of_a_percentage(percent: int, n: int) -> None:
    wanted = [c for c in range(n + 1) if abs(Fraction(100 * c, n) - percent) <= Fraction(1, 2)]
    assert list(count_range(Printed(str(percent), 0), n)) == wanted


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4).filter(lambda c: sum(c) > 0))
def test_the_true_distribution_is_among_the_solutions(counts: list[int]) -> None:
    n = sum(counts)
    printed = [Printed.of(Fraction(100 * c, n), 0) for c in counts]
    found = integer_solutions(printed, n)
    assert tuple(counts) in found
    assert all(sum(solution) == n for solution in found)


@given(st.lists(st.integers(1, 5), min_size=3, max_size=12))
def test_true_means_and_sds_are_possible(answers: list[int]) -> None:
    n = len(answers)
    mean = Printed.of(Fraction(sum(answers), n), 2)
    sd = Printed.of(float(np.std(answers, ddof=1)), 2)
    moments = Moments(Place("T"), mean, sd, n)
    assert any(_grimmer(total, moments, sd) for total in _sums(moments))


def test_grimmer_refuses_what_enumeration_refuses() -> None:
    n, total = 5, 15
    possible = {
        round(float(np.std(a, ddof=1)), 2)
        for a in itertools.combinations_with_replacement(range(-4, 11), n)
        if sum(a) == total
    }
    moments = Moments(Place("T"), Printed("3.00", 2), None, n)
    for hundredths in range(0, 300):
        sd = Printed.of(Fraction(hundredths, 100), 2)
        if hundredths / 100 in possible:
            assert _grimmer(total, moments, sd)
    assert not _grimmer(total, moments, Printed("0.50", 2))
    assert 0.5 not in possible


@pytest.mark.parametrize(("r", "n"), [(0.3, 40), (-0.47, 123), (0.99, 6)])
def test_p_of_a_correlation(r: float, n: int) -> None:
    t = r * math.sqrt((n - 2) / (1 - r * r))
    assert p_value("r", r, 0, n - 2) == pytest.approx(2 * stats.t.sf(abs(t), n - 2), rel=1e-12)
    assert statistic_for("r", p_value("r", r, 0, n - 2), 0, n - 2) == pytest.approx(abs(r))


def test_p_of_other_statistics() -> None:
    assert p_value("F", 5.21, 2, 62) == pytest.approx(0.0081, abs=5e-5)
    assert p_value("t", 2.0, 0, 10) == pytest.approx(0.0734, abs=5e-5)
    assert p_value("chi2", 3.841, 1, 0) == pytest.approx(0.05, abs=5e-5)
    assert p_value("r", 1.0, 0, 10) == 0.0
    low, high = p_range("F", Printed("5.9", 1), 1, 121)
    assert low < p_value("F", 5.9, 1, 121) < high


def test_a_window_around_zero_holds_p_of_one() -> None:
    assert p_range("r", Printed("0.00", 2), 0, 50)[1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.017", "0.017"),
        ("<.001", "<0.001"),
        ("> 0,05", ">0.05"),
        ("", None),
        ("n.s.", None),
        ("nan", None),
        ("3", None),
    ],
)
def test_reading_p(text: str, shown: str | None) -> None:
    found = read_p(text)
    assert (found.text if found else None) == shown


def test_inequalities_of_p() -> None:
    below, above = read_p("<.001"), read_p(">.05")
    assert below is not None
    assert above is not None
    assert below.overlaps(0.0002, 0.0004)
    assert not below.overlaps(0.002, 0.004)
    assert above.overlaps(0.2, 0.4)
    assert not above.overlaps(0.01, 0.02)


@pytest.mark.parametrize("seed", range(20))
def test_bounds_hold_for_real_respondents(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k = 40, 4
    answers = np.clip(np.round(3 + rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, k))), 1, 5)
    answers[rng.random((n, k)) < 0.03] = np.nan
    answers[np.isnan(answers).all(axis=1)] = 3
    items = tuple(
        Item(
            {s: int((answers[:, i] == s).sum()) for s in range(1, 6)},
            int(np.isnan(answers[:, i]).sum()),
        )
        for i in range(k)
    )
    held = Score(items, n, 1, 5)
    scores = np.nanmean(answers, axis=1)
    exact = {Fraction(s).limit_denominator(20) for s in scores}
    assert exact <= held.attainable
    low, high = held.mean_bounds()
    assert low <= Fraction(float(scores.mean())).limit_denominator(10**6) <= high
    full = answers[~np.isnan(answers).any(axis=1)]
    alpha = k / (k - 1) * (1 - full.var(axis=0, ddof=1).sum() / full.sum(axis=1).var(ddof=1))
    bottom, top = held.spread_bounds(Printed.of(float(alpha), 2), Fraction(float(scores.mean())))
    assert bottom <= scores.std(ddof=1) <= top


@pytest.mark.parametrize(
    ("words", "value", "verdict"),
    [
        ("ruim een kwart", 76, "far"),
        ("ruim een kwart", 28, "fits"),
        ("ruim een zesde", 15, "wrong_side"),
        ("bijna een zesde", 16, "fits"),
        ("bijna driekwart", 77, "wrong_side"),
        ("ongeveer een vijfde", 13, "far"),
        ("ongeveer een vijfde", 19, "fits"),
        ("de helft", 46, "doubtful"),
        ("een meerderheid", 48, "far"),
        ("vrijwel alle", 91, "fits"),
        ("twee op de vijf", 39, "fits"),
        ("4 van de 5", 81, "fits"),
        ("meer dan een derde", 85, "fits"),
        ("minder dan de helft", 55, "wrong_side"),
        ("just over two thirds", 68, "fits"),
        ("nearly half", 55, "wrong_side"),
        ("almost all", 60, "far"),
    ],
)
def test_quantity_words(words: str, value: int, verdict: str) -> None:
    phrase = read_phrase(words)
    assert phrase is not None
    assert phrase.judge(value - 0.5, value + 0.5) == verdict


@pytest.mark.parametrize("words", ["", "circa", "zwakke relatie", "significant meer"])
def test_words_that_stand_for_no_share(words: str) -> None:
    assert read_phrase(words) is None


@given(st.integers(8, 99))
def test_words_that_describe_a_number_fit_it(percent: int) -> None:
    for words in describe(percent):
        phrase = read_phrase(words)
        if phrase is not None:  # "negen tiende" is said, not read
            assert phrase.judge(percent - 0.5, percent + 0.5) in {"fits", "doubtful"}
