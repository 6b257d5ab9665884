"""Two groups against each other: the difference, its standardised size, and intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from swvtypes.scales.moments import FloatArray

from .noncentral import noncentrality_interval


@dataclass(frozen=True)
class Difference:
    """Two means against each other, second less first.

    Attributes
    ----------
    counts : (int, int)
        Answers in each group.
    difference, lower, upper, p_value : float
        Difference of the means with interval and two-sided test (Welch, 1947).
    cohen_d : float
        Difference by the pooled standard deviation of the two groups.
    hedges_g, g_lower, g_upper : float
        Cohen's d with the correction of Hedges (1981), and its interval from the noncentral t
        distribution (Steiger & Fouladi, 1997).
    error : float
        Standard error of the difference.
    """

    counts: tuple[int, int]
    difference: float
    lower: float
    upper: float
    p_value: float
    cohen_d: float
    hedges_g: float
    g_lower: float
    g_upper: float
    error: float


def mean_difference(first: FloatArray, second: FloatArray, level: float = 0.95) -> Difference:
    """Set two groups against each other.

    Parameters
    ----------
    first, second : ndarray, shapes (n_first,) and (n_second,)
        Answers without NaN.
    level : float
        Confidence of both intervals (unadjusted for their number).

    Returns
    -------
    Difference
        NaN where a group has fewer than two answers or nothing varies.

    Examples
    --------
    >>> found = mean_difference(np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 5.0]))
    >>> found.cohen_d, round(found.hedges_g, 3)
    (2.0, 1.596)
    """
    n, m = len(first), len(second)
    nothing = float("nan")
    if min(n, m) < 2:
        return Difference((n, m), *[nothing] * 9)
    difference = float(second.mean() - first.mean())
    parts = first.var(ddof=1) / n, second.var(ddof=1) / m
    if np.ptp(first) == 0 and np.ptp(second) == 0:
        return Difference((n, m), difference, *[nothing] * 8)
    error = float(np.sqrt(sum(parts)))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1))
    reach = float(stats.t.ppf((1 + level) / 2, df)) * error
    p = float(2 * stats.t.sf(abs(difference) / error, df))
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    d = difference / float(np.sqrt(pooled))
    root = float(np.sqrt(n * m / (n + m)))
    low, high = (x / root for x in noncentrality_interval(d * root, n + m - 2, level))
    j = small_sample_factor(n + m - 2)
    return Difference(
        (n, m), difference, difference - reach, difference + reach, p, d, j * d, j * low, j * high,
        error,
    )  # fmt: skip


def small_sample_factor(df: int) -> float:
    """Give the factor that takes the bias out of Cohen's d (Hedges, 1981, equation 6e).

    Examples
    --------
    >>> round(small_sample_factor(10), 4)
    0.9227
    """
    log = special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - np.log(df / 2) / 2
    return float(np.exp(log))
