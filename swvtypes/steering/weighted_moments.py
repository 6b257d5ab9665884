"""Means, spreads and shares with their errors, with or without survey weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from swvtypes.scales.moments import FloatArray

_NAN = float("nan")


@dataclass(frozen=True)
class MeanEstimate:
    """A mean with its error.

    Attributes
    ----------
    n : int
    mean, sd, error : float
        Weighted where weights came; the error is that of linearisation under sampling with
        replacement (Binder, 1983), which without weights is ``sd / sqrt(n)``. No
        finite-population correction.
    lower, upper : float
        Interval by Student's t with n - 1 degrees of freedom.
    """

    n: int
    mean: float
    sd: float
    error: float
    lower: float
    upper: float


def mean_estimate(
    values: FloatArray, weights: FloatArray | None = None, level: float = 0.95
) -> MeanEstimate:
    """Estimate a mean.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Without NaN.
    weights : ndarray, shape (n_rows,), optional
        Survey weights, positive.
    level : float

    Returns
    -------
    MeanEstimate
        NaN where undefined (no row; spread and interval from one row).

    Examples
    --------
    >>> mean_estimate(np.array([1.0, 2.0, 3.0])).sd
    1.0
    """
    n = len(values)
    if n == 0:
        return MeanEstimate(0, *[_NAN] * 5)
    mass = np.ones(n) if weights is None else weights
    mean = float(mass @ values / mass.sum())
    if n == 1:
        return MeanEstimate(1, mean, *[_NAN] * 4)
    if np.ptp(values) == 0:  # exactly, which rounding of a weighted mean is not
        alike = float(values[0])
        return MeanEstimate(n, alike, 0.0, 0.0, alike, alike)
    off = values - mean
    sd = float(np.sqrt(mass @ off**2 / mass.sum() * n / (n - 1)))
    error = float(np.sqrt(n / (n - 1)) * np.linalg.norm(mass * off) / mass.sum())
    reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * error
    return MeanEstimate(n, mean, sd, error, mean - reach, mean + reach)


@dataclass(frozen=True)
class ShareEstimate:
    """A share with two intervals.

    Attributes
    ----------
    count, n : int
        Organisations with the property, and all.
    share : float
        Weighted where weights came.
    lower, upper : float
        Wilson (1927). Under weights with the effective number ``(sum w)^2 / sum w^2`` (Kish,
        1965) in place of n.
    exact_lower, exact_upper : float
        Clopper and Pearson (1934); NaN under weights.
    """

    count: int
    n: int
    share: float
    lower: float
    upper: float
    exact_lower: float
    exact_upper: float


def share_estimate(
    chosen: NDArray[np.bool_], weights: FloatArray | None = None, level: float = 0.95
) -> ShareEstimate:
    """Estimate a share.

    Parameters
    ----------
    chosen : ndarray of bool, shape (n_rows,)
    weights : ndarray, shape (n_rows,), optional
        Survey weights, positive.
    level : float

    Returns
    -------
    ShareEstimate
        NaN without rows.

    Examples
    --------
    >>> found = share_estimate(np.arange(10) < 2)
    >>> found.share, round(found.lower, 3), round(found.exact_upper, 3)
    (0.2, 0.057, 0.556)
    """
    n, count = len(chosen), int(chosen.sum())
    if n == 0:
        return ShareEstimate(0, 0, *[_NAN] * 5)
    if weights is None:
        exact = stats.binomtest(count, n).proportion_ci(level, "exact")
        low, high = _wilson(count / n, n, level)
        return ShareEstimate(count, n, count / n, low, high, float(exact.low), float(exact.high))
    share = float(weights[chosen].sum() / weights.sum())
    low, high = _wilson(share, float(weights.sum() ** 2 / (weights @ weights)), level)
    return ShareEstimate(count, n, share, low, high, _NAN, _NAN)


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    return max(min(middle - reach, share), 0.0), min(max(middle + reach, share), 1.0)
