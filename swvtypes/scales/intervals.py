"""Intervals for coefficient alpha."""

from __future__ import annotations

import numpy as np
from scipy import stats

from swvtypes.errors import InputError

from .coefficients import cronbach_alpha
from .moments import FloatArray, weighted_moments

_CHUNK = 250


def feldt_interval(
    alpha: float, n: float, n_items: int, level: float = 0.95
) -> tuple[float, float]:
    """Interval for alpha from the F distribution (Feldt, 1965, equation 12).

    (1 - alpha) / (1 - estimate) follows F with n - 1 and (n - 1)(n_items - 1) degrees of freedom;
    exact for complete rows of normal, essentially parallel items, else an approximation.

    Parameters
    ----------
    alpha : float
        Estimate.
    n : float
        Rows used.
    n_items : int
    level : float
        Confidence, between 0 and 1.

    Returns
    -------
    tuple of (float, float)
        Lower and upper end; NaN for an alpha that is undefined.

    Raises
    ------
    InputError
        Lists every fault: fewer than two rows or items, a level outside (0, 1), an alpha above 1.

    Examples
    --------
    >>> low, high = feldt_interval(0.80, 41, 26)
    >>> round(low, 4), round(high, 4)
    (0.7001, 0.8787)
    """
    faults = []
    if not n > 1:
        faults.append(f"n: expected more than one row, got {n!r}")
    if n_items < 2:
        faults.append(f"n_items: expected at least 2, got {n_items!r}")
    if not 0 < level < 1:
        faults.append(f"level: expected a number between 0 and 1, got {level!r}")
    if alpha > 1:
        faults.append(f"alpha: expected at most 1, got {alpha!r}")
    if faults:
        raise InputError("feldt_interval", faults)
    above, below = n - 1, (n - 1) * (n_items - 1)
    tail = (1 - level) / 2
    low = 1 - (1 - alpha) * float(stats.f.ppf(1 - tail, above, below))
    high = 1 - (1 - alpha) * float(stats.f.ppf(tail, above, below))
    return low, high


def bootstrap_weights(weights: FloatArray, n_boot: int, seed: int | None) -> FloatArray:
    """Draw how often each row enters each bootstrap sample.

    Parameters
    ----------
    weights : ndarray, shape (n_rows,)
        Frequencies (whole numbers): how many respondents a row stands for.
    n_boot : int
        Samples.
    seed : int or None
        One child of its SeedSequence a sample, so more samples keep the earlier ones.

    Returns
    -------
    ndarray, shape (n_boot, n_rows)
        Whole numbers; each row of it sums to the sum of the weights.
    """
    size = round(float(weights.sum()))
    shares = weights / weights.sum()
    children = np.random.SeedSequence(seed).spawn(n_boot)
    draws = [np.random.default_rng(child).multinomial(size, shares) for child in children]
    return np.asarray(draws, dtype=float).reshape(n_boot, len(weights))


def bootstrap_alphas(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Alpha of each bootstrap sample, shape (n_boot,); NaN where a sample has none.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_items)
        NaN where an answer is missing (pairs over the rows that answered both).
    weights : ndarray, shape (n_boot, n_rows)
        As :func:`bootstrap_weights` gives.
    """
    parts = [
        cronbach_alpha(weighted_moments(values, weights[start : start + _CHUNK]).covariance)
        for start in range(0, len(weights), _CHUNK)
    ]
    return np.concatenate(parts)


def percentile_interval(draws: FloatArray, level: float) -> tuple[float, float]:
    """Percentile interval (Efron, 1979) over the draws that are defined; NaN without any."""
    kept = draws[np.isfinite(draws)]
    if not len(kept):
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    low, high = np.quantile(kept, [tail, 1 - tail])
    return float(low), float(high)
