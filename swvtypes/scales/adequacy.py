"""Whether correlations leave something to factor: Kaiser-Meyer-Olkin and Bartlett's sphericity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .moments import FloatArray


@dataclass(frozen=True, eq=False)
class Adequacy:
    """Sampling adequacy and sphericity of a correlation matrix.

    Attributes
    ----------
    kmo : float
        Kaiser-Meyer-Olkin measure (Kaiser & Rice, 1974): squared correlations over these plus
        the squared partial correlations.
    kmo_items : ndarray, shape (n_items,)
        The same for each item.
    bartlett_chi_square, bartlett_p_value : float
        Test that all items are uncorrelated (Bartlett, 1951).
    bartlett_df : int
    """

    kmo: float
    kmo_items: FloatArray
    bartlett_chi_square: float
    bartlett_df: int
    bartlett_p_value: float


def sampling_adequacy(correlation: FloatArray, n: float) -> Adequacy | None:
    """Compute both measures.

    Parameters
    ----------
    correlation : ndarray, shape (n_items, n_items)
    n : float
        Rows behind the correlations.

    Returns
    -------
    Adequacy or None
        None when the matrix is not positive definite (or has a missing entry): both need its
        inverse.
    """
    if not np.isfinite(correlation).all() or np.linalg.eigvalsh(correlation)[0] <= 1e-10:
        return None
    n_items = len(correlation)
    inverse = np.linalg.inv(correlation)
    scale = 1 / np.sqrt(np.diag(inverse))
    partial = inverse * np.outer(scale, scale)
    off = ~np.eye(n_items, dtype=bool)
    squared, unique = np.where(off, correlation**2, 0.0), np.where(off, partial**2, 0.0)
    both = squared.sum(axis=1) + unique.sum(axis=1)
    items = np.divide(squared.sum(axis=1), both, out=np.full(n_items, np.nan), where=both > 0)
    total = both.sum()
    chi_square = -float(np.linalg.slogdet(correlation)[1]) * (n - 1 - (2 * n_items + 5) / 6)
    df = n_items * (n_items - 1) // 2
    return Adequacy(
        float(squared.sum() / total) if total > 0 else float("nan"),
        items,
        chi_square,
        df,
        float(stats.chi2.sf(chi_square, df)),
    )
