"""Tests that rest on rearranging answers: exact where the answers are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from swvtypes.scales.moments import FloatArray

from .correlations import Strata, within_strata

_ROOM = 1e-9
_LARGE = 1e200
_DOUBLINGS = 300


def exact_sum_test(scores: Strata, chosen: Strata, strata: Strata | None = None) -> float:
    """Test exactly whether a group's scores differ from those of the others.

    Parameters
    ----------
    scores : ndarray of int, shape (n_rows,)
        Whole numbers: answers, or twice their mid-ranks (then it is the exact test of Mann and
        Whitney with ties).
    chosen : ndarray of int, shape (n_rows,)
        One for the group, zero for the others.
    strata : ndarray of int, shape (n_rows,), optional
        Rearranged within these only.

    Returns
    -------
    float
        Share of all rearrangements whose sum of scores in the group is at least as far from its
        expectation as the sum found, by the shift algorithm (Streitberg & Röhmel, 1986). It is
        also the permutation test of the correlation of the scores with a binary answer. NaN
        when no stratum has rows of both kinds.

    Examples
    --------
    >>> exact_sum_test(np.array([1, 2, 3, 4]), np.array([0, 0, 1, 1])).__round__(4)
    0.3333
    """
    within = np.zeros(len(scores), np.int64) if strata is None else strata
    distribution, lowest, expected, found = np.ones(1), 0, 0.0, 0
    mixed = False
    for stratum in np.unique(within):
        here = within == stratum
        part, mark = scores[here], chosen[here] == 1
        size = int(mark.sum())
        if 0 < size < len(part):
            mixed = True
            low = int(part.min())
            distribution = np.convolve(distribution, _sums(part - low, size))
            lowest += low * size
            expected += size * float(part.mean())
            found += int(part[mark].sum())
    if not mixed:
        return float("nan")
    distance = np.abs(lowest + np.arange(len(distribution)) - expected)
    far = distance >= abs(found - expected) - _ROOM
    return float(min(distribution[far].sum() / distribution.sum(), 1.0))


def _sums(values: Strata, size: int) -> FloatArray:
    """Share of the subsets of this size by the sum of their values (all at least zero)."""
    total = int(values.sum())
    kinds = np.unique(values)
    if len(kinds) == 2 and kinds[0] == 0:
        return _yes_or_no_sums(len(values), int((values > 0).sum()), int(kinds[1]), size)
    if 2 * size > len(values):
        # The sum of a subset and that of its complement add up to the total.
        return _sums(values, len(values) - size)[::-1]
    counts, spare = np.zeros((size + 1, total + 1)), np.empty((size + 1, total + 1))
    counts[0, 0] = 1.0
    reach = 0
    for row, value in enumerate(np.sort(values).tolist()):
        # Only sizes that this row can make and from which the rows to come still lead to `size`;
        # only sums that the rows so far can make. A row at most doubles what stands there.
        low, high = max(size - (len(values) - row - 1), 1), min(row + 1, size)
        into = counts[low : high + 1, value : reach + value + 1]
        added = spare[low : high + 1, : reach + 1]
        np.copyto(added, counts[low - 1 : high, : reach + 1])
        into += added
        reach += value
        if row % _DOUBLINGS == 0 and counts[low : high + 1].max() > _LARGE:
            counts /= _LARGE
    shares: FloatArray = counts[size] / counts[size].sum()
    return shares


def _yes_or_no_sums(n: int, n_yes: int, step: int, size: int) -> FloatArray:
    """Give the hypergeometric shares of sums where each value is zero or `step`."""
    shares = np.zeros(n_yes * step + 1)
    shares[::step] = stats.hypergeom.pmf(np.arange(n_yes + 1), n, n_yes, size)
    return shares


@dataclass(frozen=True)
class Rearrangement:
    """How answers are rearranged at random.

    Attributes
    ----------
    replicates : int
        Number of random rearrangements.
    seed : int
        Of the whole analysis.
    key : tuple of int
        Of this test. Each chunk of 500 has a seed of its own under it, so that more replicates
        keep the earlier ones, and other tests change nothing.
    """

    replicates: int
    seed: int
    key: tuple[int, ...] = ()


_CHUNK = 500
_CELLS = 2**18


def rearranged(values: FloatArray, strata: Strata, plan: Rearrangement) -> FloatArray:
    """Rearrange values within strata at random, shape (replicates, n_rows)."""
    blocks = []
    n_chunks = -(-plan.replicates // _CHUNK)
    for chunk in range(n_chunks):
        child = np.random.SeedSequence(plan.seed, spawn_key=(*plan.key, chunk))
        rng = np.random.default_rng(child)
        block = np.tile(values, (_CHUNK, 1))
        for stratum in np.unique(strata):
            here = np.flatnonzero(strata == stratum)
            block[:, here] = rng.permuted(block[:, here], axis=1)
        blocks.append(block)
    return np.concatenate(blocks)[: plan.replicates]


def _rearranged_products(
    values: FloatArray, scores: FloatArray, strata: Strata, plan: Rearrangement
) -> FloatArray:
    """Give sums of scores times the values of :func:`rearranged`, shape (replicates,).

    Rearranged values are held for a few replicates at a time, so that memory does not grow with
    their number.
    """
    places = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    sums = np.zeros(-(-plan.replicates // _CHUNK) * _CHUNK)
    for start in range(0, len(sums), _CHUNK):
        child = np.random.SeedSequence(plan.seed, spawn_key=(*plan.key, start // _CHUNK))
        rng = np.random.default_rng(child)
        for here in places:
            size = max(1, _CELLS // len(here))
            for low in range(start, start + _CHUNK, size):
                high = min(low + size, start + _CHUNK)
                block = np.tile(values[here], (high - low, 1))
                sums[low:high] += rng.permuted(block, axis=1, out=block) @ scores[here]
    return sums[: plan.replicates]


def random_correlation_test(
    x: FloatArray, y: FloatArray, strata: Strata, plan: Rearrangement
) -> float:
    """Test a correlation by rearranging one column within strata.

    Parameters
    ----------
    x, y : ndarray, shape (n_rows,)
        Without NaN.
    strata : ndarray of int, shape (n_rows,)
        One value for all: an unrestricted test.
    plan : Rearrangement

    Returns
    -------
    float
        Two-sided p value, ``(b + 1) / (replicates + 1)`` (Phipson & Smyth, 2010); NaN where
        either column does not vary within strata.
    """
    equal = np.ones(len(x))
    one, two = within_strata(x, strata, equal), within_strata(y, strata, equal)
    if not one.any() or not two.any():
        return float("nan")
    found = abs(one @ two)
    drawn = np.abs(_rearranged_products(two, one, strata, plan))
    beyond = int((drawn >= found * (1 - _ROOM) - _ROOM).sum())
    return (beyond + 1) / (plan.replicates + 1)
