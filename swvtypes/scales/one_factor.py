"""One-factor minimum-residual loadings of many correlation matrices at once."""

from __future__ import annotations

import numpy as np

from .factoring import LOWEST_UNIQUENESS
from .moments import FloatArray


def one_factor_loadings(
    correlations: FloatArray, max_iter: int = 500, tol: float = 1e-7
) -> FloatArray:
    """Fit one factor to each matrix by least squares of the residual correlations.

    One loading at a time, given the others (Harman & Jones, 1966, equation 9), held within the
    bound that a uniqueness of 0.005 leaves (Harman & Fukuda, 1966).

    Parameters
    ----------
    correlations : ndarray, shape (n_matrices, n_items, n_items)
    max_iter : int
        Rounds over the items.
    tol : float
        Largest change of a loading at which the search ends.

    Returns
    -------
    ndarray, shape (n_matrices, n_items)
        Loadings, of positive sum; NaN for a matrix with a missing entry.
    """
    n_matrices, n_items, _ = correlations.shape
    result = np.full((n_matrices, n_items), np.nan)
    sound = np.flatnonzero(np.isfinite(correlations).all(axis=(1, 2)))
    matrices = correlations[sound]
    loadings = _start(matrices)
    active = np.arange(len(sound))
    for _ in range(max_iter):
        before = loadings[active].copy()
        after = _round(matrices[active], before.copy())
        loadings[active] = after
        active = active[np.abs(after - before).max(axis=1) > tol]
        if not len(active):
            break
    result[sound] = loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return result


def _start(matrices: FloatArray) -> FloatArray:
    """First principal component, shrunk."""
    if not len(matrices):
        return np.empty(matrices.shape[:2])
    values, vectors = np.linalg.eigh(matrices)
    first = vectors[:, :, -1] * np.sqrt(values[:, -1])[:, None]
    return np.asarray(np.clip(0.8 * first, -_bound(), _bound()))


def _round(matrices: FloatArray, loadings: FloatArray) -> FloatArray:
    """Renew each loading in turn."""
    n_items = loadings.shape[1]
    for item in range(n_items):
        others = np.delete(loadings, item, axis=1)
        row = np.delete(matrices[:, item, :], item, axis=1)
        below = (others**2).sum(axis=1)
        above = (row * others).sum(axis=1)
        renewed = np.divide(above, below, out=np.zeros(len(above)), where=below > 1e-12)
        loadings[:, item] = np.clip(renewed, -_bound(), _bound())
    return loadings


def _bound() -> float:
    return float(np.sqrt(1 - LOWEST_UNIQUENESS))
