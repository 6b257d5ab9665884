"""Coefficients of internal consistency, from covariance matrices.

Every function takes matrices with any leading axes (replicates) and gives NaN where a coefficient
is undefined.
"""

from __future__ import annotations

import numpy as np

from .moments import FloatArray, rescaled


def cronbach_alpha(covariance: FloatArray) -> FloatArray:
    """Coefficient alpha (Cronbach, 1951, equation 2).

    Parameters
    ----------
    covariance : ndarray, shape (..., n_items, n_items)

    Returns
    -------
    ndarray, shape (...)
        NaN with fewer than two items or a total without variance.

    Examples
    --------
    >>> float(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])).round(6))
    0.666667
    """
    covariance = np.asarray(covariance, dtype=float)
    n_items = covariance.shape[-1]
    total = covariance.sum(axis=(-2, -1))
    trace = np.trace(covariance, axis1=-2, axis2=-1)
    if n_items < 2:
        return np.full(total.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, n_items / (n_items - 1) * (1 - trace / total), np.nan)


def standardised_alpha(covariance: FloatArray) -> FloatArray:
    """Alpha of the items at equal variances; shape (...), NaN beside a constant item."""
    return cronbach_alpha(rescaled(covariance))


def mean_correlation(covariance: FloatArray) -> FloatArray:
    """Mean correlation between two different items, shape (...)."""
    n_items = covariance.shape[-1]
    correlations = rescaled(covariance)
    off = correlations.sum(axis=(-2, -1)) - np.trace(correlations, axis1=-2, axis2=-1)
    return np.asarray(off / (n_items * (n_items - 1)))


def item_rest_correlations(covariance: FloatArray) -> FloatArray:
    """Correlation of each item with the sum of the others, shape (..., n_items)."""
    variances = np.diagonal(covariance, axis1=-2, axis2=-1)
    with_total = covariance.sum(axis=-1)
    rest = with_total.sum(axis=-1)[..., None] - 2 * with_total + variances
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(variances * np.maximum(rest, 0))
        return np.where(scale > 0, (with_total - variances) / scale, np.nan)


def alpha_if_dropped(covariance: FloatArray) -> FloatArray:
    """Alpha of the other items, shape (..., n_items); NaN when one item would be left."""
    n_items = covariance.shape[-1]
    columns = []
    for item in range(n_items):
        rest = np.delete(np.delete(covariance, item, axis=-2), item, axis=-1)
        columns.append(cronbach_alpha(rest))
    return np.stack(columns, axis=-1)


def omega_total(loadings: FloatArray, uniquenesses: FloatArray) -> FloatArray:
    """Omega of a one-factor model (McDonald, 1999, equation 6.20).

    Parameters
    ----------
    loadings, uniquenesses : ndarray, shape (..., n_items)
        In the metric of the items that are summed.

    Returns
    -------
    ndarray, shape (...)
        Squared sum of the loadings, over itself plus the sum of the uniquenesses.
    """
    loadings, uniquenesses = np.asarray(loadings, float), np.asarray(uniquenesses, float)
    common = loadings.sum(axis=-1) ** 2
    return np.asarray(common / (common + uniquenesses.sum(axis=-1)))
