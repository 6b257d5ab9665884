"""Showing that a relation is small: two one-sided tests against a margin stated beforehand."""

from __future__ import annotations

import numpy as np
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.scales.moments import FloatArray

from .noncentral import noncentral_cdf


def equivalent_correlation(r: float, error: float, margin: float) -> float:
    """Test that a correlation lies strictly between minus and plus a margin.

    Parameters
    ----------
    r : float
        Correlation found, plain or partial.
    error : float
        Standard error of its Fisher z (``Correlation.error``).
    margin : float
        Correlation from which a relation would matter, stated before the answers were seen.

    Returns
    -------
    float
        p value of the two one-sided tests (Schuirmann, 1987) on Fisher's z: the larger of both.
        NaN for an undefined correlation. Small means: shown to be within the margin. A small
        number of organisations cannot show it, see :func:`provable_correlation`.

    Raises
    ------
    InputError
        When the margin is not between 0 and 1.

    Examples
    --------
    >>> round(equivalent_correlation(0.05, 1 / np.sqrt(120), 0.30), 4)
    0.0022
    """
    check_margin(margin, 1.0)
    if np.isnan(r) or not error > 0:
        return float("nan")
    z, edge = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15)), np.arctanh(margin)
    above = stats.norm.sf((z + edge) / error)
    below = stats.norm.cdf((z - edge) / error)
    return float(max(above, below))


def equivalent_difference(difference: float, counts: tuple[int, int], margin: float) -> float:
    """Test that a standardised difference of two means lies within a margin.

    Parameters
    ----------
    difference : float
        Cohen's d: the difference of the means by the pooled standard deviation.
    counts : (int, int)
        Answers in both groups.
    margin : float
        Standardised difference from which groups would matter, stated beforehand.

    Returns
    -------
    float
        p value of two one-sided tests on the noncentral t distribution (Wellek, 2010), exact
        under normality with equal variances: the margin is in standard deviations that are
        themselves estimated. With skew, rare answers and groups of unequal size it rejects too
        often; :func:`equivalent_means` does not. NaN for an undefined difference.

    Raises
    ------
    InputError
        When the margin is not a positive number.

    Examples
    --------
    >>> round(equivalent_difference(0.1, (65, 58), 0.5), 4)
    0.0134
    """
    check_margin(margin, np.inf)
    n, m = counts
    df = n + m - 2
    if np.isnan(difference) or min(n, m) < 2:
        return float("nan")
    root = float(np.sqrt(n * m / (n + m)))
    above = 1 - noncentral_cdf(difference * root, df, -margin * root)
    below = noncentral_cdf(difference * root, df, margin * root)
    return float(np.clip(max(above, below), 0.0, 1.0))


def equivalent_means(first: FloatArray, second: FloatArray, margin: float) -> float:
    """Test that two means lie within a margin of each other, also with skew and rare answers.

    Parameters
    ----------
    first, second : ndarray, shapes (n_first,) and (n_second,)
        Answers without NaN.
    margin : float
        Standardised difference (by the pooled standard deviation) from which groups would
        matter, stated beforehand.

    Returns
    -------
    float
        The larger of two p values: that of :func:`equivalent_difference`, and that of two
        one-sided t tests of ``difference - margin * s`` against zero, where the error of the
        estimated spread s is taken along by linearisation, group by group without equal
        variances, with the degrees of freedom of Welch and Satterthwaite. NaN where a group has
        fewer than two answers or nothing varies.

    Raises
    ------
    InputError
        When the margin is not a positive number.
    """
    check_margin(margin, np.inf)
    n, m = len(first), len(second)
    if min(n, m) < 2 or (np.ptp(first) == 0 and np.ptp(second) == 0):
        return float("nan")
    off = first - first.mean(), second - second.mean()
    df = n + m - 2
    shares = (n - 1) / df, (m - 1) / df
    variances = first.var(ddof=1), second.var(ddof=1)
    spread = float(np.sqrt(shares[0] * variances[0] + shares[1] * variances[1]))
    difference = float(second.mean() - first.mean())
    pulls = [
        margin * share * (part**2 - variance) / (2 * spread)
        for share, part, variance in zip(shares, off, variances, strict=True)
    ]
    plain = equivalent_difference(difference / spread, (n, m), margin)
    sided = [
        _below(sign * difference - margin * spread, -sign * off[0] - pulls[0],
               sign * off[1] - pulls[1])
        for sign in (1, -1)
    ]  # fmt: skip
    return max(plain, *sided)


def _below(estimate: float, one: FloatArray, two: FloatArray) -> float:
    """Test that an estimate is below zero, from the influence of each row of two groups."""
    parts = [float(x @ x) / (len(x) * (len(x) - 1)) for x in (one, two)]
    total = sum(parts)
    if total <= 0:
        return 0.0 if estimate < 0 else 1.0
    df = total**2 / sum(v**2 / (len(x) - 1) for v, x in zip(parts, (one, two), strict=True))
    return float(stats.t.cdf(estimate / np.sqrt(total), df))


def check_margin(margin: float, below: float, name: str = "margin") -> None:
    """Raise InputError unless a margin is a number between 0 and `below`."""
    number = isinstance(margin, int | float) and not isinstance(margin, bool)
    if not number or not 0 < margin < below:
        wanted = "a positive number" if np.isinf(below) else f"a number between 0 and {below:g}"
        raise InputError("equivalence", [f"{name}: expected {wanted}, got {margin!r}"])
