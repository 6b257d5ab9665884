"""Printed decimals: rounding half up, rounding windows, and the counts a percentage allows.

All decisions are taken in exact rational arithmetic: a share of 12.5% of 40 must round to 13, and
floating point is not asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def half_up(value: float | Fraction | Decimal, decimals: int) -> Decimal:
    """Round half away from zero to a printed number of decimals.

    Parameters
    ----------
    value : float, Fraction or Decimal
        A number. Floats are first shortened to 12 significant digits, so that the binary
        neighbour of a tie (0.285 stored as 0.28499...) rounds like the tie itself.
    decimals : int
        Number of decimals kept.

    Returns
    -------
    Decimal
        The rounded number, with exactly `decimals` decimals.

    Examples
    --------
    >>> from fractions import Fraction
    >>> half_up(Fraction(100 * 5, 40), 0)
    Decimal('13')
    >>> half_up(0.285, 2)
    Decimal('0.29')
    """
    quantum = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals
        units = math.floor(scaled + Fraction(1, 2))
        sign = -1 if value < 0 else 1
        return (Decimal(sign * units) * quantum).quantize(quantum)
    exact = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
    return exact.quantize(quantum, rounding=ROUND_HALF_UP)


def window(printed: float | str | Decimal, decimals: int) -> tuple[Fraction, Fraction]:
    """Give the closed-open interval of values that print as `printed`.

    Parameters
    ----------
    printed : float, str or Decimal
        The printed number.
    decimals : int
        Number of printed decimals.

    Returns
    -------
    tuple of Fraction
        ``(low, high)``: values with ``low <= x < high`` print as `printed` when it is positive
        (for negative numbers the closed end is the one away from zero).

    Examples
    --------
    >>> window("0.39", 2)
    (Fraction(77, 200), Fraction(79, 200))
    """
    middle = Fraction(str(printed))
    half = Fraction(1, 2 * 10**decimals)
    return middle - half, middle + half


def prints_as(value: float | Fraction | Decimal, printed: float | str, decimals: int) -> bool:
    """Say whether a value, rounded half up, equals a printed number."""
    return half_up(value, decimals) == Decimal(str(printed)).quantize(Decimal(1).scaleb(-decimals))


def percent_counts(printed: float | str, decimals: int, n: int) -> tuple[int, ...]:
    """List the counts of `n` whose percentage prints as `printed` (the GRIM test).

    Parameters
    ----------
    printed : float or str
        Printed percentage.
    decimals : int
        Printed decimals.
    n : int
        The base, at least 1.

    Returns
    -------
    tuple of int
        Admissible counts, ascending; empty when the percentage is impossible at this base.

    References
    ----------
    Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and
    Personality Science*, 8(4), 363-369.

    Examples
    --------
    >>> percent_counts("44", 0, 65)
    ()
    >>> percent_counts("44", 0, 32)
    (14,)
    """
    low, high = window(printed, decimals)
    first = max(0, math.ceil(low * n / 100))
    last = min(n, math.ceil(high * n / 100) - 1)
    return tuple(range(first, last + 1))


def mean_totals(printed: float | str, decimals: int, n: int) -> tuple[int, ...]:
    """List the integer totals over `n` answers whose mean prints as `printed`."""
    low, high = window(printed, decimals)
    return tuple(range(math.ceil(low * n), math.ceil(high * n)))


def distribution_counts(
    printed: Sequence[float | str], decimals: int, n: int, limit: int = 1000
) -> list[tuple[int, ...]]:
    """List the integer distributions over `n` whose percentages print as given.

    Parameters
    ----------
    printed : sequence of float or str
        One printed percentage a category; the categories exhaust the base.
    decimals : int
        Printed decimals.
    n : int
        The base.
    limit : int
        Stop after this many solutions.

    Returns
    -------
    list of tuple of int
        Solutions in lexicographic order; empty when none exists.

    Examples
    --------
    >>> distribution_counts(["3", "12", "85"], 0, 65)
    [(2, 8, 55)]
    """
    choices = [percent_counts(value, decimals, n) for value in printed]
    if any(not choice for choice in choices):
        return []
    rest_low = [0] * (len(choices) + 1)
    rest_high = [0] * (len(choices) + 1)
    for index in range(len(choices) - 1, -1, -1):
        rest_low[index] = rest_low[index + 1] + choices[index][0]
        rest_high[index] = rest_high[index + 1] + choices[index][-1]
    solutions: list[tuple[int, ...]] = []

    def extend(chosen: tuple[int, ...], left: int) -> None:
        if len(solutions) >= limit:
            return
        index = len(chosen)
        if index == len(choices):
            if left == 0:
                solutions.append(chosen)
            return
        if not rest_low[index] <= left <= rest_high[index]:
            return
        for count in choices[index]:
            extend((*chosen, count), left - count)

    extend((), n)
    return solutions
