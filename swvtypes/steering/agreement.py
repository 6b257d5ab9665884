"""Agreement of several columns that should say the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from swvtypes.scales.moments import FloatArray

from .permutations import Rearrangement, rearranged
from .variance_tests import share_beyond

_NAN = float("nan")


@dataclass(frozen=True)
class Concordance:
    """How far columns rank the rows alike.

    Attributes
    ----------
    n : int
    kendall_w : float
        Coefficient of concordance with ties (Kendall & Babington Smith, 1939): 0 none, 1 the
        same ranking in every column.
    mean_spearman : float
        Mean rank correlation of the pairs of columns.
    p_value : float
        By rearranging each column at random.
    """

    n: int
    kendall_w: float
    mean_spearman: float
    p_value: float


def concordance(columns: FloatArray, plan: Rearrangement) -> Concordance:
    """Measure the concordance of columns.

    Parameters
    ----------
    columns : ndarray, shape (n_rows, n_columns)
        Without NaN; all pointing the same way.
    plan : Rearrangement

    Returns
    -------
    Concordance
        NaN with fewer than three rows or a column that does not vary.

    Examples
    --------
    >>> same = np.column_stack([np.arange(8.0)] * 3)
    >>> concordance(same, Rearrangement(99, 1)).kendall_w
    1.0
    """
    n, m = columns.shape
    if n < 3 or bool((np.ptp(columns, axis=0) == 0).any()):
        return Concordance(n, _NAN, _NAN, _NAN)
    ranks = np.column_stack([stats.rankdata(columns[:, at]) for at in range(m)])
    ranks -= (n + 1) / 2
    ties = sum(float((counts**3 - counts).sum()) for counts in _tie_counts(columns))
    found = float((ranks.sum(axis=1) ** 2).sum())
    w = 12 * found / (m**2 * (n**3 - n) - m * ties)
    correlations = [
        float(np.corrcoef(ranks[:, a], ranks[:, b])[0, 1]) for a, b in combinations(range(m), 2)
    ]
    same = np.zeros(n, np.int64)
    total = np.zeros((plan.replicates, n))
    for at in range(m):
        own = Rearrangement(plan.replicates, plan.seed, (*plan.key, at))
        total += rearranged(ranks[:, at], same, own)
    p = share_beyond(found, (total**2).sum(axis=1))
    return Concordance(n, min(w, 1.0), float(np.mean(correlations)), p)


def _tie_counts(columns: FloatArray) -> list[FloatArray]:
    return [
        np.unique(columns[:, at], return_counts=True)[1].astype(float)
        for at in range(columns.shape[1])
    ]


def cohen_kappa(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Give Cohen's (1960) kappa of two yes-or-no columns; NaN where chance alone agrees fully.

    Examples
    --------
    >>> a = np.array([True, True, False, False])
    >>> cohen_kappa(a, a), cohen_kappa(a, ~a)
    (1.0, -1.0)
    """
    if not len(first):
        return _NAN
    agree = float((first == second).mean())
    p, q = float(first.mean()), float(second.mean())
    chance = p * q + (1 - p) * (1 - q)
    return (agree - chance) / (1 - chance) if chance < 1 else _NAN
