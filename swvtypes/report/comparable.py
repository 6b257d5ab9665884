"""Which organisations to compare one with: alike in type and in circumstances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_CELLS = 2**20


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
        places = _context_places(context.iloc[rows])
        size = max(1, _CELLS // len(rows))
        for start in range(0, len(rows), size):
            some = np.arange(start, min(start + size, len(rows)))
            apart = _type_distances(shares[rows], known[rows], some)
            beside = _context_distances(places, some, len(rows))
            order = _order(apart, beside, some)[:, :count]
            at, width = np.arange(len(some))[:, None], order.shape[1]
            nearest[rows[some], :width] = rows[order]
            kind[rows[some], :width] = apart[at, order]
            circumstance[rows[some], :width] = beside[at, order]
    return Comparables(nearest, kind, circumstance)


def _type_distances(shares: Floats, known: NDArray[np.bool_], some: NDArray[np.intp]) -> Floats:
    """Give distances in type of some rows from all."""
    out = np.zeros((len(some), len(shares)))
    for column in shares.T:
        out += np.abs(column[some][:, None] - column[None, :])
    return np.where(known[some][:, None] & known[None, :], out / 2.0, np.nan)


def _context_places(context: pd.DataFrame) -> list[Floats]:
    """Give each row's place by each circumstance, from 0 to 1."""
    places: list[Floats] = []
    for name in context:
        ranks = context[name].astype(float).rank().to_numpy(dtype=np.float64)
        highest = float(np.nanmax(ranks, initial=1.0))
        places.append(np.asarray((ranks - 1.0) / max(highest - 1.0, 1.0), dtype=np.float64))
    return places


def _context_distances(places: list[Floats], some: NDArray[np.intp], n_rows: int) -> Floats:
    """Give distances in circumstances of some rows from all."""
    shape = (len(some), n_rows)
    total, count = np.zeros(shape), np.zeros(shape)
    for place in places:
        gap = np.abs(place[some][:, None] - place[None, :])
        both = ~np.isnan(gap)
        total += np.where(both, gap, 0.0)
        count += both
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)


def _order(apart: Floats, beside: Floats, some: NDArray[np.intp]) -> NDArray[np.intp]:
    """Others by mean distance, oneself left out."""
    known = (~np.isnan(apart)).astype(float) + ~np.isnan(beside)
    mean = (np.nan_to_num(apart) + np.nan_to_num(beside)) / np.maximum(known, 1.0)
    mean[known == 0] = 2.0
    mean[np.arange(len(some)), some] = np.inf
    return np.argsort(mean, axis=1, kind="stable")[:, :-1]
