"""Which organisations to compare one with: alike in type and in circumstances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparables:
    """The nearest organisations of each.

    Attributes
    ----------
    nearest : ndarray, shape (n, k)
        Places of the nearest organisations of the same sector, the nearest first; -1 where there
        are fewer.
    type_distance, context_distance : ndarray, shape (n, k)
        From 0 (alike) to 1; NaN where nothing is known of one of the two.
    """

    nearest: NDArray[np.intp]
    type_distance: Floats
    context_distance: Floats


def comparables(
    probabilities: pd.DataFrame, sector: pd.Series[str], context: pd.DataFrame, count: int
) -> Comparables:
    """Find the organisations that are most alike in type and in circumstances.

    Parameters
    ----------
    probabilities : DataFrame by organisation, shape (n, K)
        Of types; NaN for those of the other sector and where there is no membership.
    sector : Series by organisation
    context : DataFrame by organisation, shape (n, m)
        Circumstances as numbers; NaN where missing.
    count : int
        Organisations sought of each.

    Returns
    -------
    Comparables
        Distance in type is half the sum of absolute differences between the probabilities; that in
        circumstances the mean absolute difference between the ranks in the sector (0 to 1), over
        the figures that both have. Their mean decides, or the one that is known. No weights are
        taken. Ties go to the earlier row.

    Examples
    --------
    >>> p = pd.DataFrame({"1": [1.0, 1.0, 0.0], "2": [0.0, 0.0, 1.0]})
    >>> found = comparables(p, pd.Series(["po"] * 3), pd.DataFrame({"size": [1, 2, 3]}), 1)
    >>> found.nearest[:, 0].tolist()
    [1, 0, 1]
    """
    n = len(sector)
    nearest = np.full((n, count), -1, dtype=np.intp)
    kind, circumstance = (np.full((n, count), np.nan) for _ in range(2))
    known = probabilities.notna().any(axis=1).to_numpy()
    shares = probabilities.fillna(0.0).to_numpy(dtype=float)
    for name in sector.unique():
        rows = np.flatnonzero((sector == name).to_numpy())
        apart = _type_distances(shares[rows], known[rows])
        beside = _context_distances(context.iloc[rows])
        order = _order(apart, beside)[:, :count]
        at = np.arange(len(rows))[:, None]
        width = order.shape[1]
        nearest[rows, :width] = rows[order]
        kind[rows, :width] = apart[at, order]
        circumstance[rows, :width] = beside[at, order]
    return Comparables(nearest, kind, circumstance)


def _type_distances(shares: Floats, known: NDArray[np.bool_]) -> Floats:
    out = np.zeros((len(shares), len(shares)))
    for column in shares.T:
        out += np.abs(column[:, None] - column[None, :])
    return np.where(known[:, None] & known[None, :], out / 2.0, np.nan)


def _context_distances(context: pd.DataFrame) -> Floats:
    n = len(context)
    total, count = np.zeros((n, n)), np.zeros((n, n))
    for name in context:
        ranks = context[name].astype(float).rank().to_numpy()
        places = (ranks - 1.0) / max(float(np.nanmax(ranks, initial=1.0)) - 1.0, 1.0)
        gap = np.abs(places[:, None] - places[None, :])
        both = ~np.isnan(gap)
        total += np.where(both, gap, 0.0)
        count += both
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)


def _order(apart: Floats, beside: Floats) -> NDArray[np.intp]:
    """Others by mean distance, oneself left out."""
    known = (~np.isnan(apart)).astype(float) + ~np.isnan(beside)
    mean = (np.nan_to_num(apart) + np.nan_to_num(beside)) / np.maximum(known, 1.0)
    mean[known == 0] = 2.0
    np.fill_diagonal(mean, np.inf)
    return np.argsort(mean, axis=1, kind="stable")[:, :-1]
