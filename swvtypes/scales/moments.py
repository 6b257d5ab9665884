"""Means, covariances and correlations under weights and missing answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """First and second moments of items.

    Leading axes (``...``) are replicates; there is none for one set of weights.

    Attributes
    ----------
    counts : ndarray, shape (..., n_items, n_items)
        Sum of weights of the rows that answered both items (the item, on the diagonal).
    means : ndarray, shape (..., n_items)
    covariance : ndarray, shape (..., n_items, n_items)
        Each pair over the rows that answered both; divisor is the sum of weights less one.
    correlation : ndarray, shape (..., n_items, n_items)
        Pearson correlations over the rows that answered both; NaN beside a constant item.
    """

    counts: FloatArray
    means: FloatArray
    covariance: FloatArray
    correlation: FloatArray


def weighted_moments(values: FloatArray, weights: FloatArray) -> Moments:
    """Compute moments, each pair of items over the rows that answered both.

    With complete rows only this is the ordinary covariance matrix.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_items)
        NaN where an answer is missing.
    weights : ndarray, shape (..., n_rows)
        Non-negative; a weight of two counts a row twice.

    Returns
    -------
    Moments
        NaN where the weights of a pair sum to one or less.
    """
    n_items = values.shape[1]
    given = ~np.isnan(values)
    shift = _column_means(values)
    mask = given.astype(float)
    centred = np.where(given, values - shift, 0.0)
    shape = (*weights.shape[:-1], n_items, n_items)

    def summed(left: FloatArray, right: FloatArray) -> FloatArray:
        products = (left[:, :, None] * right[:, None, :]).reshape(len(values), -1)
        return (weights @ products).reshape(shape)

    counts = summed(mask, mask)
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = summed(centred, mask)
        mirrored = np.swapaxes(sums, -1, -2)
        cross = summed(centred, centred) - sums * mirrored / counts
        squares = summed(centred**2, mask) - sums**2 / counts
        covariance = np.where(counts > 1, cross / (counts - 1), np.nan)
        scale = np.sqrt(_cleared(squares) * _cleared(np.swapaxes(squares, -1, -2)))
        correlation = np.where(scale > 0, cross / scale, np.nan)
        diagonal = np.arange(n_items)
        means = shift + sums[..., diagonal, diagonal] / counts[..., diagonal, diagonal]
    covariance[..., diagonal, diagonal] = _cleared(covariance[..., diagonal, diagonal])
    spread = squares[..., diagonal, diagonal]
    correlation[..., diagonal, diagonal] = np.where(_cleared(spread) > 0, 1.0, np.nan)
    return Moments(counts, means, covariance, correlation)


def rescaled(covariance: FloatArray) -> FloatArray:
    """Divide a covariance matrix by its standard deviations; NaN beside a constant item.

    Under pairwise deletion this differs from the pairwise correlations, whose standard
    deviations are taken over the rows of each pair.
    """
    deviations = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = deviations[..., :, None] * deviations[..., None, :]
        return np.where(scale > 0, covariance / scale, np.nan)


def _column_means(values: FloatArray) -> FloatArray:
    """Plain means of the answers given, to centre on before squaring; 0 without answers."""
    given = ~np.isnan(values)
    counts = given.sum(axis=0)
    totals = np.where(given, values, 0.0).sum(axis=0)
    return np.asarray(np.divide(totals, counts, out=np.zeros(len(counts)), where=counts > 0))


def _cleared(squares: FloatArray) -> FloatArray:
    """Set rounding dust of a constant item to zero."""
    return np.where(np.abs(squares) < 1e-12, 0.0, squares)
