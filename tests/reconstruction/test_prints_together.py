"""What several prints of one statistic admit together, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from scipy import stats

from swvtypes.reconstruction.objective import correlation_limits, f_limits
from swvtypes.reconstruction.project import Target, read_project
from swvtypes.reconstruction.windows import intersect


def _limits(low: str, high: str) -> tuple[Fraction, Fraction]:
    return Fraction(low), Fraction(high)


def test_limits_that_overlap_leave_what_both_admit() -> None:
    both = _limits("0.2", "0.3")
    assert intersect(_limits("0.1", "0.3"), _limits("0.2", "0.4")) == both
    assert intersect(_limits("0.2", "0.4"), _limits("0.1", "0.3")) == both
    assert intersect(_limits("0.1", "0.9"), both) == both


def test_limits_that_lie_apart_or_only_touch_leave_nothing() -> None:
    assert intersect(_limits("0.1", "0.2"), _limits("0.3", "0.4")) is None
    assert intersect(_limits("0.1", "0.2"), _limits("0.2", "0.4")) is None


@pytest.fixture(scope="module")
def printed() -> Target:
    return read_project("monitor_2016").targets[0]


def _p(r: float, n: int) -> float:
    t = r * sqrt((n - 2) / (1 - r * r))
    return float(2 * stats.t.sf(t, n - 2))


def test_a_correlation_and_its_p_hold_together_or_not_at_all(printed: Target) -> None:
    r = replace(printed, kind="r", printed="0.235", decimals=3)
    p = replace(printed, kind="p_r", printed="0.010", decimals=3)
    found, alone = correlation_limits([r, p], 121), correlation_limits([r], 121)
    assert found is not None
    assert alone is not None
    low, high = map(float, found)
    assert 0.2345 <= low < high < float(alone[1]) <= 0.2355
    assert 0.0095 <= _p(high, 121) < _p(low, 121) <= 0.0105
    assert _p(float(alone[1]), 121) < 0.0095
    # Over 123 pairs r = .235 has p = .009.
    assert correlation_limits([r, p], 123) is None
    assert correlation_limits([r], 123) is not None


def test_an_f_and_its_p_hold_together_or_not_at_all(printed: Target) -> None:
    f = replace(printed, kind="F", printed="4.9", decimals=1)
    p = replace(printed, kind="p_F", printed="0.009", decimals=3)
    found = f_limits([f, p], 2, 111)
    assert found is not None
    low, high = map(float, found)
    assert 4.85 <= low < high <= 4.95
    assert 0.0085 <= stats.f.sf(high, 2, 111) < stats.f.sf(low, 2, 111) <= 0.0095
    assert f_limits([f, replace(p, printed="0.013")], 2, 111) is None
