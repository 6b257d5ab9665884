"""From a printed number to the window of values that print so, also through its p value.

A correlation or F that is printed with its p is held to the values that satisfy both. Limits from
p values come from scipy and are then rounded to seven decimals, so that the last bits of a
platform's library cannot change a window.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, sqrt

from swvtypes.rounding import percent_counts, window

from .terms import SCALE, Window

LEVEL = 0.05
_GRAIN = 10**7
_STEP = SCALE // _GRAIN
MARGIN = Fraction(1, 100)

Limits = tuple[Fraction, Fraction]


def exact_window(printed: str, decimals: int) -> Window:
    """Give the window of a statistic that can hit a rounding tie exactly (half up).

    Examples
    --------
    >>> exact_window("4.5", 1)
    (4450000000, 4549999999)
    """
    low, high = window(printed, decimals)
    return ceil(low * SCALE), ceil(high * SCALE) - 1


def inner_limits(printed: str, decimals: int) -> Limits:
    """Give the rounding window less a hundredth of its width at each end, away from ties."""
    low, high = window(printed, decimals)
    inset = (high - low) * MARGIN
    return low + inset, high - inset


def to_window(limits: Limits) -> Window:
    """Turn limits into whole multiples of 1/SCALE, rounding inwards."""
    return ceil(limits[0] * SCALE), floor(limits[1] * SCALE)


def intersect(first: Limits, second: Limits) -> Limits | None:
    """Give the limits that satisfy both, None where nothing does."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return (low, high) if low < high else None


def _grain(value: float) -> Fraction:
    return Fraction(round(value * _GRAIN), _GRAIN)


@lru_cache(maxsize=4096)
def critical_r(p: float, n: int) -> float:
    """Give the absolute correlation over `n` pairs whose two-sided p is `p`."""
    from scipy import stats

    if p >= 1:
        return 0.0
    t = float(stats.t.isf(p / 2, n - 2))
    return t / sqrt(n - 2 + t * t)


@lru_cache(maxsize=4096)
def critical_f(p: float, df1: int, df2: int) -> float:
    """Give the F whose upper tail is `p`."""
    from scipy import stats

    return float(stats.f.isf(p, df1, df2)) if p < 1 else 0.0


def _p_limits(
    printed: str, decimals: int, critical: Callable[[float], float], top: Fraction
) -> Limits:
    low, high = window(printed, decimals)
    inset = (high - low) * MARGIN
    smallest = _grain(critical(float(high - inset)))
    largest = top if low <= 0 else _grain(critical(float(low + inset)))
    return smallest, largest


def r_limits_from_p(printed: str, decimals: int, n: int, sign: int) -> Limits:
    """Give the correlations over `n` pairs whose p prints as given, on one side of zero."""
    near, far = _p_limits(printed, decimals, lambda p: critical_r(p, n), Fraction(1))
    return (near, far) if sign > 0 else (-far, -near)


def f_limits_from_p(printed: str, decimals: int, df1: int, df2: int) -> Limits:
    """Give the F ratios whose p prints as given."""
    return _p_limits(printed, decimals, lambda p: critical_f(p, df1, df2), Fraction(10**6))


def not_significant_r(n: int) -> Limits:
    """Give the correlations over `n` pairs with p clearly above the level."""
    limit = _grain(critical_r(LEVEL, n)) - Fraction(1, 2000)
    return -limit, limit


def not_significant_f(df1: int, df2: int) -> Limits:
    """Give the F ratios with p clearly above the level."""
    return Fraction(0), _grain(critical_f(LEVEL, df1, df2)) - Fraction(1, 200)


def share_window(printed: str, decimals: int, n: int) -> Window:
    """Give the counts of `n` whose percentage prints as given, as a window."""
    counts = percent_counts(printed, decimals, n)
    if not counts:
        return 1, 0
    return counts[0] * SCALE, counts[-1] * SCALE
