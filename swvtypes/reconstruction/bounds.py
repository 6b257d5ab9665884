"""Arithmetic limits of printed statistics: what no rows can have, given other prints.

Every function answers from whole counts and exact fractions; none searches. They are the
material of the proofs in :mod:`swvtypes.reconstruction.proofs`.

References
----------
Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and Personality
Science*, 8(4), 363-369.
Anaya, J. (2016). The GRIMMER test. *PeerJ Preprints* 4:e2400v1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from swvtypes.rounding import window

Limits = tuple[Fraction, Fraction]


def score_values(k: int, low: int, high: int, fewest: int = 1) -> frozenset[Fraction]:
    """List the means that a row can have over `fewest` to `k` whole answers.

    Examples
    --------
    >>> sorted(score_values(2, 1, 2))
    [Fraction(1, 1), Fraction(3, 2), Fraction(2, 1)]
    """
    return frozenset(
        Fraction(total, n) for n in range(fewest, k + 1) for total in range(low * n, high * n + 1)
    )


def printing(values: Iterable[Fraction], printed: str, decimals: int) -> list[Fraction]:
    """List the values that print as given, ascending."""
    low, high = window(printed, decimals)
    return sorted(value for value in values if low <= value < high)


def nearest(values: Iterable[Fraction], printed: str) -> tuple[Fraction | None, Fraction | None]:
    """Give the closest value below and above a printed number."""
    middle = Fraction(printed)
    ordered = sorted(values)
    below = [value for value in ordered if value < middle]
    above = [value for value in ordered if value >= middle]
    return (below[-1] if below else None), (above[0] if above else None)


def lowest_score(counts: Sequence[Mapping[int, int]]) -> Fraction:
    """Give the lowest score that any row can have when the items have these counts.

    Each item's smallest answer given is its floor; the lowest mean of any choice of items is the
    lowest floor.
    """
    return Fraction(min(min(code for code, n in item.items() if n) for item in counts))


def complete_mean(counts: Sequence[Mapping[int, int]]) -> Fraction:
    """Give the mean score when every row answered every item: it follows from the counts alone."""
    n = sum(counts[0].values())
    return Fraction(sum(v * c for item in counts for v, c in item.items()), n * len(counts))


def variance_limits(total: int, n: int, low: int, high: int) -> Limits:
    """Give the smallest and largest variance (n - 1) of `n` whole numbers with a given total.

    Examples
    --------
    >>> variance_limits(4, 2, 1, 5)
    (Fraction(0, 1), Fraction(2, 1))
    """
    base, more = divmod(total, n)
    level = more * (base + 1) ** 2 + (n - more) * base**2
    tops, rest = divmod(total - low * n, high - low) if high > low else (0, 0)
    spread = tops * high**2 + (n - tops) * low**2
    if rest:
        spread += (low + rest) ** 2 - low**2
    correction = Fraction(total * total, n)
    return (level - correction) / (n - 1), (spread - correction) / (n - 1)


def correlation_range(x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[float, float]:
    """Give the smallest and largest Pearson correlation of two sets of values, in any order.

    Sorting both alike gives the largest, oppositely the smallest (rearrangement inequality).
    """
    n = len(x)
    mx, my = sum(x, Fraction(0)) / n, sum(y, Fraction(0)) / n
    sx = sum((v - mx) ** 2 for v in x)
    sy = sum((v - my) ** 2 for v in y)
    rising = sum(a * b for a, b in zip(sorted(x), sorted(y), strict=True)) - n * mx * my
    falling = (
        sum(a * b for a, b in zip(sorted(x), sorted(y, reverse=True), strict=True)) - n * mx * my
    )
    scale = float(sx * sy) ** 0.5
    return float(falling) / scale, float(rising) / scale


def _sorted_alike(counts: Sequence[Mapping[int, int]]) -> list[tuple[int, ...]]:
    columns = [sorted(v for v, c in item.items() for _ in range(c)) for item in counts]
    return list(zip(*columns, strict=True))


def _variance(values: Sequence[int]) -> Fraction:
    n = len(values)
    return Fraction(n * sum(v * v for v in values) - sum(values) ** 2, n * (n - 1))


def largest_variance(counts: Sequence[Mapping[int, int]]) -> Fraction:
    """Give the largest variance of the mean score of complete rows with these item counts.

    Sorting every item alike makes every covariance as large as it can be.
    """
    return _variance([sum(row) for row in _sorted_alike(counts)]) / len(counts) ** 2


def largest_alpha(counts: Sequence[Mapping[int, int]]) -> Fraction:
    """Give the largest alpha of complete rows with these item counts.

    The item variances are fixed by the counts, and alpha rises with the variance of the totals.
    """
    k = len(counts)
    rows = _sorted_alike(counts)
    items = sum((_variance(column) for column in zip(*rows, strict=True)), Fraction(0))
    return Fraction(k, k - 1) * (1 - items / _variance([sum(row) for row in rows]))


def smallest_between(sizes: Sequence[int], means: Sequence[Limits]) -> Fraction:
    """Give the smallest sum of squares between groups whose means lie within limits.

    The sum of squares about a common value is smallest where each mean is as near to it as its
    limits allow; the best common value is one of the limits or the weighted mean that they pull
    towards, found by trying each stretch between limits.
    """
    ends = sorted({end for pair in means for end in pair})
    best: Fraction | None = None
    for left, right in zip(ends, [*ends[1:], ends[-1]], strict=True):
        pulled = [
            (size, pair[0] if pair[0] > left else pair[1])
            for size, pair in zip(sizes, means, strict=True)
            if pair[0] > left or pair[1] <= left
        ]
        weight = sum(size for size, _ in pulled)
        centre = sum((size * end for size, end in pulled), Fraction(0)) / weight if weight else left
        centre = min(max(centre, left), right)
        value = sum(
            (
                size * max(pair[0] - centre, centre - pair[1], Fraction(0)) ** 2
                for size, pair in zip(sizes, means, strict=True)
            ),
            Fraction(0),
        )
        best = value if best is None or value < best else best
    return best if best is not None else Fraction(0)


def largest_total(
    sizes: Sequence[int], means: Sequence[Limits], deviations: Sequence[Limits]
) -> Fraction:
    """Give the largest sum of squares about the grand mean of several parts together."""
    within = sum(
        ((n - 1) * top**2 for n, (_, top) in zip(sizes, deviations, strict=True)), Fraction(0)
    )
    widest = max(high for _, high in means) - min(low for low, _ in means)
    n = sum(sizes)
    if len(sizes) == 2:
        return within + Fraction(sizes[0] * sizes[1], n) * widest**2
    return within + n * widest**2 / 4


def smallest_f(between: Fraction, total: Fraction, n_groups: int, n: int) -> Fraction:
    """Give the smallest F that a between sum of squares of at least `between` allows.

    F rises with the between part of a given total, and falls as the total grows.
    """
    return (between / (n_groups - 1)) / ((total - between) / (n - n_groups))
