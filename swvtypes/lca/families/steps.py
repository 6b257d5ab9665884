"""M steps of every family over a whole batch of runs.

`T`, shape (D, B, K), holds for each of B runs and K classes the expected sums of the D
statistics; `A`, shape (D, B, K), the natural parameters, so that the log of class share times
density of a pattern is its row of the design times a column of `A`. Statistics lead, so that
every operation runs over contiguous memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Block, Floats, Layout

from .loglinear import fit_association, fit_ordinal

FLOOR = 1e-300
_FLOOR_SINGLE, _ROUNDING_SINGLE = 1e-30, 1e-7
# Columns up to which operations cost by their number rather than their size.
_NARROW = 160
LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class Variances:
    """How Gaussian variances are held.

    Parameters
    ----------
    free : bool
        One variance a class; otherwise the classes share one.
    floor : float
        Smallest variance, as a fraction of the item's overall variance.
    """

    free: bool = False
    floor: float = 1e-10


def m_step(layout: Layout, T: Floats, previous: Floats, variances: Variances) -> Floats:
    """Maximise the expected log-density.

    Parameters
    ----------
    layout : Layout
        What stands in which column of the design.
    T : ndarray, shape (D, B, K)
        Expected sums of the statistics.
    previous : ndarray, shape (D, B, K)
        The natural parameters before, from which iterative M steps set out.
    variances : Variances
        How Gaussian variances are held.

    Returns
    -------
    ndarray, shape (D, B, K)
        Natural parameters; no family makes the expected log-density lower than `previous` does.
    """
    G = layout.n_groups
    if layout.tables is not None and T[0].size <= _NARROW:
        return _all_nominal(layout.tables, T)
    A = np.empty_like(T)
    np.maximum(T[:G], _least(T), out=A[:G])
    total = A[:G].sum(axis=2, keepdims=True)
    A[:G] = np.log(A[:G]) - np.log(total)
    A[G : layout.n_indicators] = 0.0
    for block in layout.blocks:
        if block.kind == "nominal":
            constant = _nominal(block, T, A)
        elif block.kind == "ordinal":
            constant = _ordinal(block, T, previous, A)
        elif block.kind == "count":
            constant = _count(block, T, A)
        elif block.kind == "continuous":
            constant = _continuous(block, T, A, variances)
        else:
            _pair(block, T, previous, A)
            continue
        if len(constant) == 1:
            A[block.indicator[0]] += constant[0]
        elif block.distinct:
            A[block.indicator] += constant
        else:
            np.add.at(A, block.indicator, constant)
    return A


def _all_nominal(tables: tuple[Floats, Floats], T: Floats) -> Floats:
    """Everything nominal and answered: counts, logs and log odds as two small products.

    The same as block by block; for few runs the number of operations counts, not their size.
    """
    to_counts, to_odds = (table.astype(T.dtype, copy=False) for table in tables)
    D, B, K = T.shape
    counts = to_counts @ T.reshape(D, B * K)
    np.maximum(counts, _least(T), out=counts)
    if T.dtype != np.float64:
        _lift(counts[D - 1 : -1], counts[-1])
    total = counts[-1].reshape(B, K).sum(axis=1)
    np.log(counts, out=counts)
    A = (to_odds @ counts).reshape(D, B, K)
    A[0] -= np.log(total)[:, None]
    return np.asarray(A)


def _least(T: Floats) -> float:
    """Give the smallest count; in single precision one that it can hold."""
    return FLOOR if T.dtype == np.float64 else _FLOOR_SINGLE


def _lift(reference: Floats, n: Floats) -> None:
    """Keep the reference category's counts off zero, in classes of weight `n`.

    In single precision a difference is no better than the rounding of what it is taken from.
    """
    least = FLOOR if reference.dtype == np.float64 else _ROUNDING_SINGLE * n
    np.maximum(reference, least, out=reference)


def _answered(block: Block, T: Floats) -> Floats:
    """Weight of the class among those who answered, shape (J, B, K), or (1, B, K) if all alike."""
    n = T[:1] if block.plain else T[block.indicator]
    return np.maximum(n, _least(T))


def stacked(block: Block, T: Floats) -> Floats:
    """Statistics of the block, shape (J, columns per unit, B, K)."""
    J = len(block.items)
    columns = (block.stop - block.start) // J
    return T[block.start : block.stop].reshape(J, columns, *T.shape[1:])


def _nominal(block: Block, T: Floats, A: Floats) -> Floats:
    """Log odds against the reference category; returns its log probability."""
    J = len(block.items)
    n = _answered(block, T)
    if block.size == 1:
        return np.zeros_like(n)
    S = stacked(block, T)
    reference = n - S[:, 0]
    for k in range(1, block.size - 1):
        reference -= S[:, k]
    _lift(reference, n)
    np.log(reference, out=reference)
    eta = A[block.start : block.stop]
    np.maximum(T[block.start : block.stop], _least(T), out=eta)
    np.log(eta, out=eta)
    stacked(block, A)[...] -= reference[:, None]
    if len(n) == 1:
        constant = reference.sum(axis=0, keepdims=True)
        constant -= J * np.log(n)
        return np.asarray(constant)
    reference -= np.log(n)
    return np.asarray(reference)


def _ordinal(block: Block, T: Floats, previous: Floats, A: Floats) -> Floats:
    B, K = T.shape[1:]
    n = np.broadcast_to(_answered(block, T), (len(block.items), B, K))
    # The log-linear steps work a run and a unit at a time: (B, J, K, m - 1).
    statistics = stacked(block, T).transpose(2, 0, 3, 1)
    before = stacked(block, previous).transpose(2, 0, 3, 1)
    eta = fit_ordinal(statistics, n.transpose(1, 0, 2), before, block.scores, block.reference)
    stacked(block, A)[...] = eta.transpose(1, 3, 0, 2)
    return -log_normaliser(eta).transpose(1, 0, 2)


def log_normaliser(eta: Floats) -> Floats:
    """Log of one plus the sum of exp(eta) over the last axis."""
    top = np.maximum(eta.max(axis=-1), 0.0)
    total = np.exp(eta - top[..., None]).sum(axis=-1) + np.exp(-top)
    return np.asarray(top + np.log(total))


def _count(block: Block, T: Floats, A: Floats) -> Floats:
    rate = np.maximum(T[block.start : block.stop] / _answered(block, T), FLOOR)
    A[block.start : block.stop] = np.log(rate)
    return -rate


def _continuous(block: Block, T: Floats, A: Floats, variances: Variances) -> Floats:
    S = stacked(block, T)
    n = np.broadcast_to(_answered(block, T), S[:, 0].shape)
    mean = S[:, 0] / n
    residual = np.maximum(S[:, 1] - S[:, 0] * mean, 0.0)
    if variances.free:
        variance = residual / n
    else:
        shared = residual.sum(axis=2, keepdims=True) / n.sum(axis=2, keepdims=True)
        variance = np.broadcast_to(shared, n.shape)
    variance = np.maximum(variance, variances.floor)
    eta = stacked(block, A)
    eta[:, 0] = mean / variance
    eta[:, 1] = -0.5 / variance
    return np.asarray(gaussian_constant(mean, variance))


def gaussian_constant(mean: Floats, variance: Floats) -> Floats:
    """Give the part of a Gaussian log-density that the answer does not touch."""
    return np.asarray(-0.5 * (mean**2 / variance + np.log(variance) + LOG_TWO_PI))


def _pair(block: Block, T: Floats, previous: Floats, A: Floats) -> None:
    """Complete the pair's table for those who answered one item only, then fit it."""
    m1, m2 = block.shape
    lead = (m1, m2, *T.shape[1:])
    counts = T[block.start : block.stop]
    both, only1, only2 = np.split(counts, [m1 * m2, m1 * m2 + m1])
    before = np.exp(previous[block.start : block.start + m1 * m2]).reshape(lead)
    given1 = before / np.maximum(before.sum(axis=1, keepdims=True), FLOOR)
    given2 = before / np.maximum(before.sum(axis=0, keepdims=True), FLOOR)
    table = both.reshape(lead) + only1[:, None] * given1 + only2[None] * given2
    if block.kind == "direct":
        table = fit_association(table, before)
    table = table / np.maximum(table.sum(axis=(0, 1)), FLOOR)
    A[block.start : block.stop] = pair_columns(table)


def pair_columns(table: Floats) -> Floats:
    """Give the logs of a pair's joint and marginal probabilities, table (m1, m2, ...)."""
    parts = [table.reshape(-1, *table.shape[2:]), table.sum(axis=1), table.sum(axis=0)]
    return np.asarray(np.log(np.maximum(np.concatenate(parts), FLOOR)))
