"""A printed number: its digits, and the values that print so.

The windows here are closed at both ends, because printed tables round ties either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from swvtypes.rounding import half_up, window

_SOLUTIONS = 2000


@dataclass(frozen=True)
class Printed:
    """A number with its printed decimals.

    Parameters
    ----------
    text : str
        The number with exactly its printed decimals and a decimal point.
    decimals : int
        Printed decimals.
    """

    text: str
    decimals: int

    @classmethod
    def of(cls, value: float | Fraction, decimals: int) -> Printed:
        """Print a value, rounding half up."""
        return cls(str(half_up(value, decimals)), decimals)

    @property
    def value(self) -> Fraction:
        """The number itself."""
        return Fraction(self.text)

    @property
    def low(self) -> Fraction:
        """The smallest value that prints so."""
        return window(self.text, self.decimals)[0]

    @property
    def high(self) -> Fraction:
        """The largest value that prints so."""
        return window(self.text, self.decimals)[1]

    @property
    def unit(self) -> Fraction:
        """One unit of the last printed digit."""
        return Fraction(1, 10**self.decimals)

    def fits(self, value: Fraction | float) -> bool:
        """Say whether a value may print so (ties either way)."""
        exact = value if isinstance(value, Fraction) else Fraction(f"{value:.12g}")
        return self.low <= exact <= self.high

    def overlaps(self, low: Fraction | float, high: Fraction | float) -> bool:
        """Say whether a range of values holds one that prints so."""
        slack = Fraction(1, 10**9)
        return Fraction(low) - slack <= self.high and Fraction(high) + slack >= self.low


def count_range(percent: Printed, n: int) -> range:
    """Give the counts of `n` whose percentage may print so (GRIM, ties either way).

    Examples
    --------
    >>> list(count_range(Printed("44", 0), 65)), list(count_range(Printed("44", 0), 32))
    ([], [14])
    """
    first = max(0, math.ceil(percent.low * n / 100))
    last = min(n, math.floor(percent.high * n / 100))
    return range(first, last + 1)


def integer_solutions(
    percents: Sequence[Printed], n: int, limit: int = _SOLUTIONS
) -> list[tuple[int, ...]]:
    """List the integer distributions over `n` that may print as given.

    Parameters
    ----------
    percents : sequence of Printed
        One percentage a category; the categories exhaust the base.
    n : int
        The base.
    limit : int
        Stop after this many.

    Returns
    -------
    list of tuple of int
        Empty when there is none.

    Examples
    --------
    >>> integer_solutions([Printed("3", 0), Printed("12", 0), Printed("85", 0)], 65)
    [(2, 8, 55)]
    """
    choices = [count_range(percent, n) for percent in percents]
    if any(not choice for choice in choices):
        return []
    floor = _tails([choice[0] for choice in choices])
    ceiling = _tails([choice[-1] for choice in choices])

    def walk(chosen: tuple[int, ...], left: int) -> Iterator[tuple[int, ...]]:
        index = len(chosen)
        if index == len(choices):
            if left == 0:
                yield chosen
            return
        if floor[index] <= left <= ceiling[index]:
            for count in choices[index]:
                yield from walk((*chosen, count), left - count)

    found: list[tuple[int, ...]] = []
    for solution in walk((), n):
        found.append(solution)
        if len(found) >= limit:
            break
    return found


def _tails(values: Sequence[int]) -> list[int]:
    sums = [0] * (len(values) + 1)
    for index in range(len(values) - 1, -1, -1):
        sums[index] = sums[index + 1] + values[index]
    return sums


def show(value: Fraction | float, decimals: int) -> str:
    """Print a value with a decimal point and exactly `decimals` decimals."""
    return str(half_up(value, decimals))


def either(values: Sequence[str]) -> str:
    """Join alternatives, each once, in order."""
    return " / ".join(dict.fromkeys(values))
