"""Correlations: plain, with strata taken out, by ranks, and under survey weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.scales.moments import FloatArray

Strata = NDArray[np.int64]


@dataclass(frozen=True)
class Correlation:
    """A correlation with its test and its interval.

    Attributes
    ----------
    n : int
        Pairs used (rows with both answers).
    df : int
        Degrees of freedom of the test: ``n - 2`` less the strata taken out.
    r : float
        NaN where either side does not vary or fewer than four degrees of freedom are left.
    lower, upper : float
        Interval by Fisher's z.
    p_value : float
        Two-sided, from Student's t.
    error : float
        Standard error of Fisher's z.
    """

    n: int
    df: int
    r: float
    lower: float
    upper: float
    p_value: float
    error: float


def complete_pairs(*columns: FloatArray) -> NDArray[np.bool_]:
    """Mark the rows without a NaN in any column, shape (n_rows,).

    Examples
    --------
    >>> complete_pairs(np.array([1.0, np.nan]), np.array([2.0, 3.0])).tolist()
    [True, False]
    """
    return np.asarray(~np.isnan(np.column_stack(columns)).any(axis=1), dtype=np.bool_)


def correlate(
    x: FloatArray,
    y: FloatArray,
    *,
    strata: Strata | None = None,
    weights: FloatArray | None = None,
    level: float = 0.95,
) -> Correlation:
    """Correlate two columns over the rows that have both.

    Parameters
    ----------
    x, y : ndarray, shape (n_rows,)
        NaN where an answer is missing; such rows are left out of this pair only.
    strata : ndarray of int, shape (n_rows,), optional
        Means of both columns within these are taken out first (partial correlation).
    weights : ndarray, shape (n_rows,), optional
        Survey weights, positive. The estimate is weighted; the standard error of Fisher's z is
        that of linearisation under sampling with replacement (Binder, 1983), and test and
        interval use Student's t. No finite-population correction.
    level : float
        Confidence of the interval.

    Returns
    -------
    Correlation
        Without weights the test is Student's t and the interval Fisher's (1915) z with standard
        error ``1 / sqrt(df - 1)``, which is ``1 / sqrt(n - 3)`` for a plain correlation.

    Raises
    ------
    InputError
        When the level is not between 0 and 1, or columns differ in length.
    """
    _check(x, y, level)
    used = complete_pairs(x, y)
    within = np.zeros(len(x), np.int64) if strata is None else strata
    mass = np.ones(len(x)) if weights is None else weights
    one = within_strata(x[used], within[used], mass[used])
    two = within_strata(y[used], within[used], mass[used])
    n = int(used.sum())
    df = n - 1 - len(np.unique(within[used]))
    if df < 4 or not one.any() or not two.any():
        return Correlation(n, df, *[float("nan")] * 5)
    carried = None if weights is None else mass[used]
    return _result(one, two, carried, n, df, level)


def rank_correlate(
    x: FloatArray,
    y: FloatArray,
    *,
    strata: Strata | None = None,
    level: float = 0.95,
) -> Correlation:
    """Correlate the ranks (Spearman, 1904), ties at their mean rank.

    Parameters and result as :func:`correlate` (no weights: ranks under weights have no agreed
    definition); the standard error of Fisher's z is that of Bonett and Wright (2000).
    """
    used = complete_pairs(x, y)
    ranks = [np.full(len(x), np.nan), np.full(len(x), np.nan)]
    for target, column in zip(ranks, (x, y), strict=True):
        target[used] = stats.rankdata(column[used])
    plain = correlate(ranks[0], ranks[1], strata=strata, level=level)
    if np.isnan(plain.r):
        return plain
    error = float(np.sqrt((1 + plain.r**2 / 2) / (plain.df - 1)))
    reach = float(stats.norm.ppf((1 + level) / 2)) * error
    z = _arctanh(plain.r)
    low, high = float(np.tanh(z - reach)), float(np.tanh(z + reach))
    return Correlation(plain.n, plain.df, plain.r, low, high, plain.p_value, error)


def within_strata(values: FloatArray, strata: Strata, weights: FloatArray) -> FloatArray:
    """Take the (weighted) mean of its stratum out of each value; exact zeros where all are equal.

    Parameters
    ----------
    values, weights : ndarray, shape (n_rows,)
        Without NaN.
    strata : ndarray of int, shape (n_rows,)

    Returns
    -------
    ndarray, shape (n_rows,)
    """
    centred = np.zeros(len(values))
    for stratum in np.unique(strata):
        here = strata == stratum
        part = values[here]
        if np.ptp(part) > 0:
            centred[here] = part - weights[here] @ part / weights[here].sum()
    return centred


def _result(
    one: FloatArray, two: FloatArray, weights: FloatArray | None, n: int, df: int, level: float
) -> Correlation:
    mass = np.ones(n) if weights is None else weights
    scale = np.sqrt((mass @ one**2) * (mass @ two**2))
    r = float(np.clip(mass @ (one * two) / scale, -1.0, 1.0))
    z = _arctanh(r)
    if weights is None:
        error = float(1 / np.sqrt(df - 1))
        statistic = r * np.sqrt(df / max(1 - r**2, 1e-300))
        reach = float(stats.norm.ppf((1 + level) / 2)) * error
    else:
        error = linearised_error(one, two, mass, r)
        statistic = z / error if error > 0 else np.inf
        reach = float(stats.t.ppf((1 + level) / 2, df)) * error
    p = float(2 * stats.t.sf(abs(statistic), df))
    return Correlation(n, df, r, float(np.tanh(z - reach)), float(np.tanh(z + reach)), p, error)


def linearised_error(one: FloatArray, two: FloatArray, weights: FloatArray, r: float) -> float:
    """Give the standard error of Fisher's z without normality, by linearisation.

    Parameters
    ----------
    one, two, weights : ndarray, shape (n_rows,)
        Columns centred at their means, and weights.
    r : float
        Their correlation.

    Returns
    -------
    float
        From the influence of each row on r (Steiger & Hakstian, 1982, for equal weights), with
        ``n / (n - 1)`` for the small sample.
    """
    n, total = len(one), weights.sum()
    first = one / np.sqrt(weights @ one**2 / total)
    second = two / np.sqrt(weights @ two**2 / total)
    influence = first * second - r * (first**2 + second**2) / 2
    variance = n / (n - 1) * float((weights * influence) @ (weights * influence)) / total**2
    return float(np.sqrt(variance) / max(1 - r**2, 1e-12))


def _arctanh(r: float) -> float:
    """Fisher's z, kept finite at a perfect correlation."""
    return float(np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15)))


def _check(x: FloatArray, y: FloatArray, level: float) -> None:
    faults = []
    if len(x) != len(y):
        faults.append(f"x, y: expected columns of one length, got {len(x)} and {len(y)}")
    if not 0 < level < 1:
        faults.append(f"level: expected a number between 0 and 1, got {level!r}")
    if faults:
        raise InputError("correlate", faults)
