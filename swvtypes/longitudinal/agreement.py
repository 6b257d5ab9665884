"""Agreement between two typings of the same organisations, with chance and uncertainty.

Many cross-tables are worked on at once: arrays of counts have shape (..., R, C).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers

_EPSILON = float(np.finfo(float).eps)


class Agreement(float):
    """A measure of agreement: a number that knows its uncertainty and what chance would give.

    Attributes
    ----------
    low, high : float
        Bootstrap interval.
    chance : float
        Mean when types are dealt out at random over the organisations.
    p_value : float
        Of a random deal that agrees as well or better, (b + 1) / (B + 1).
    """

    low: float
    high: float
    chance: float
    p_value: float

    def __new__(
        cls, value: float, low: float, high: float, chance: float, p_value: float
    ) -> Agreement:
        """Make one from its parts."""
        made = super().__new__(cls, value)
        made.low, made.high, made.chance, made.p_value = low, high, chance, p_value
        return made

    def __repr__(self) -> str:
        return (
            f"{float(self):.3f} ({self.low:.3f} to {self.high:.3f}; "
            f"chance {self.chance:.3f}, p = {self.p_value:.3f})"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return Agreement, (float(self), self.low, self.high, self.chance, self.p_value)


def adjusted_rand(counts: Integers) -> Floats:
    """Give the adjusted Rand index of cross-tables (Hubert and Arabie 1985, equation 5).

    As in scikit-learn two trivial partitions agree perfectly.
    """
    n = counts.sum(axis=(-1, -2))
    both = _choose(counts).sum(axis=(-1, -2))
    rows, columns = _choose(counts.sum(axis=-1)).sum(-1), _choose(counts.sum(axis=-2)).sum(-1)
    expected = rows * columns / np.maximum(_choose(n), 1.0)
    top = 0.5 * (rows + columns) - expected
    same = np.abs(top) < 1e-12
    return np.where(same, 1.0, (both - expected) / np.where(same, 1.0, top))


def mutual_information(counts: Integers) -> Floats:
    """Mutual information of cross-tables, in nats."""
    p = counts / counts.sum(axis=(-1, -2), keepdims=True)
    outer = p.sum(axis=-1, keepdims=True) * p.sum(axis=-2, keepdims=True)
    ratio = np.divide(p, outer, out=np.ones_like(p), where=p > 0)
    return np.asarray((p * np.log(ratio)).sum(axis=(-1, -2)))


def adjusted_mutual_information(counts: Integers) -> float:
    """Give the adjusted mutual information of a cross-table (Vinh, Epps and Bailey 2010).

    The mean of both entropies is the most that there can be. As in scikit-learn two trivial
    partitions agree perfectly.
    """
    from sklearn.metrics.cluster import expected_mutual_information

    table = counts[counts.any(axis=1)][:, counts.any(axis=0)].astype(np.int64, copy=False)
    if min(table.shape) < 2:
        return float(table.shape[0] == table.shape[1])
    n, rows, columns = int(table.sum()), table.sum(axis=1), table.sum(axis=0)
    i, j = np.nonzero(table)
    both = table[i, j]
    share, log_n = both / n, log(n)
    parts = share * (np.log(both) - log_n) + share * (-np.log(rows[i] * columns[j]) + log_n + log_n)
    shared = max(float(np.where(np.abs(parts) < _EPSILON, 0.0, parts).sum()), 0.0)
    expected = expected_mutual_information(table, n)
    top = (_entropy(rows, n) + _entropy(columns, n)) / 2.0
    return _away_from_zero(shared - expected) / _away_from_zero(top - expected)


def _entropy(counts: Integers, n: int) -> float:
    values = counts.astype(float)
    return float(-((values / n) * (np.log(values) - log(n))).sum())


def _away_from_zero(value: float) -> float:
    return min(value, -_EPSILON) if value < 0 else max(value, _EPSILON)


def kappa(counts: Integers) -> Floats:
    """Cohen's (1960) kappa of square cross-tables; NaN when chance agreement is certain."""
    n = counts.sum(axis=(-1, -2))
    agreed = np.trace(counts, axis1=-2, axis2=-1) / n
    chance = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(-1) / n.astype(float) ** 2
    left = 1.0 - chance
    return np.where(left > 0, (agreed - chance) / np.where(left > 0, left, 1.0), np.nan)


def kappa_of_pairs(counts: Integers, pairs: Integers) -> float:
    """Cohen's kappa of one cross-table whose types are paired: that of :func:`square`."""
    rows, columns = pairs[:, 0], pairs[:, 1]
    n = counts.sum()
    agreed = counts[rows, columns].sum() / n
    chance = (counts.sum(axis=1)[rows] * counts.sum(axis=0)[columns]).sum() / n.astype(float) ** 2
    left = 1.0 - chance
    return float((agreed - chance) / left) if left > 0 else float("nan")


def jaccard(counts: Integers, pairs: Integers) -> Floats:
    """Jaccard index of each pair of types, shape (..., P); pairs (P, 2) are rows and columns."""
    both = counts[..., pairs[:, 0], pairs[:, 1]]
    rows = counts.sum(axis=-1)[..., pairs[:, 0]]
    columns = counts.sum(axis=-2)[..., pairs[:, 1]]
    either = rows + columns - both
    out = np.full(both.shape, np.nan)
    return np.asarray(np.divide(both, either, out=out, where=either > 0))


def square(counts: Integers, pairs: Integers) -> Integers:
    """Cross-tables with pairs of types on the diagonal; types without a partner after them.

    A type without a partner gets an empty row or column, so that its organisations disagree.
    """
    R, C = counts.shape[-2:]
    rows = [*pairs[:, 0].tolist(), *(i for i in range(R) if i not in pairs[:, 0])]
    columns = [*pairs[:, 1].tolist(), *(j for j in range(C) if j not in pairs[:, 1])]
    P = len(pairs)
    size = P + (R - P) + (C - P)
    out = np.zeros((*counts.shape[:-2], size, size), dtype=counts.dtype)
    at_rows = np.arange(R)
    at_columns = np.concatenate([np.arange(P), np.arange(P + (R - P), size)])
    out[..., at_rows[:, None], at_columns] = counts[..., rows, :][..., columns]
    return out


def _choose(counts: NDArray[np.integer] | Integers) -> Floats:
    values = np.asarray(counts, dtype=float)
    return np.asarray(values * (values - 1.0) / 2.0)


@dataclass(frozen=True)
class Deals:
    """Cross-tables under chance and under resampling.

    Attributes
    ----------
    chance : ndarray of int, shape (B, R, C)
        Types after dealt out at random over the organisations.
    resampled : ndarray of int, shape (B, R, C)
        Organisations drawn with replacement.
    """

    chance: Integers
    resampled: Integers


def deal(counts: Integers, n_draws: int, generator: np.random.Generator) -> Deals:
    """Draw cross-tables under chance, and of resampled organisations."""
    R, C = counts.shape
    before = np.repeat(np.arange(R), counts.sum(axis=1))
    after = np.repeat(np.arange(C), counts.sum(axis=0))
    chance = np.empty((n_draws, R, C), dtype=np.intp)
    for b in range(n_draws):
        flat = np.bincount(before * C + generator.permutation(after), minlength=R * C)
        chance[b] = flat.reshape(R, C)
    n = int(counts.sum())
    flat = generator.multinomial(n, counts.ravel() / n, size=n_draws)
    return Deals(chance, flat.reshape(n_draws, R, C).astype(np.intp))


def measured(value: float, resampled: Floats, chance: Floats, level: float) -> Agreement:
    """Put a measure together from its value in the data, in resamples and under chance."""
    tail = 50.0 * (1.0 - level)
    drawn, known = resampled[~np.isnan(resampled)], chance[~np.isnan(chance)]
    low = high = float("nan")
    if len(drawn):
        low, high = np.percentile(drawn, [tail, 100.0 - tail])
    if np.isnan(value) or not len(known):
        return Agreement(value, float(low), float(high), float("nan"), float("nan"))
    as_high = int((known >= value - 1e-12).sum())
    return Agreement(
        value, float(low), float(high), float(known.mean()), (as_high + 1) / (len(known) + 1)
    )
