"""M steps of classes on a line, over a whole batch of runs.

Intercepts and slopes have no closed form: Newton steps, halved where they would lower the
expected log-density, which is all that a generalised EM step needs.
"""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Block, Floats, Layout
from swvtypes.lca.families.steps import log_normaliser

from .line_model import Line, State, distances

_HALVINGS = 5
_LONGEST = 4.0
_LIMIT = 40.0
_TINY = 1e-300


def line_step(layout: Layout, line: Line, T: Floats, state: State, n_steps: int = 1) -> State:
    """Raise the expected log-density.

    Parameters
    ----------
    layout : Layout
        What stands in which column of the design.
    line : Line
        What is free.
    T : ndarray, shape (D, B, Q)
        Expected sums of the statistics.
    state : State
        Parameters before.
    n_steps : int
        Newton steps.

    Returns
    -------
    State
        Parameters after; the expected log-density is not lower.
    """
    new = State(state.intercept.copy(), state.slope.copy(), state.log_shares, state.x)
    if line.shape is None:
        share = np.maximum(T[0], _TINY)
        new.log_shares = np.log(share / share.sum(axis=1, keepdims=True))
    for _ in range(n_steps):
        for block in layout.blocks:
            if block.size != 1:
                _items(layout, block, T, new)
    if line.positions == "free" and line.n_nodes > 2:
        new.x = _positions(layout, T, new)
    return new


def _sums(block: Block, T: Floats) -> tuple[Floats, Floats]:
    """Give the sums of the statistics (B, J, Q, f) and the weight that answered (B, J, Q)."""
    J = len(block.items)
    S = T[block.start : block.stop].reshape(J, -1, *T.shape[1:]).transpose(2, 0, 3, 1)
    n = np.broadcast_to(T[block.indicator], (J, *T.shape[1:])).transpose(1, 0, 2)
    return S, n


def _items(layout: Layout, block: Block, T: Floats, state: State) -> None:
    """One Newton step of the intercepts and slopes of a block, in place."""
    S, n = _sums(block, T)
    B, J, _, f = S.shape
    rows = slice(block.start - layout.n_indicators, block.stop - layout.n_indicators)
    # Both (B, J, f).
    a = state.intercept[rows].reshape(J, f, B).transpose(2, 0, 1)
    b = state.slope[rows].reshape(J, f, B).transpose(2, 0, 1)
    x = state.x
    p, value = _density(block, S, n, _eta(a, b, x))
    residual = S - n[..., None] * p
    powers = np.stack([np.ones_like(x), x, x**2], axis=-1)
    gradient = np.concatenate(
        [residual.sum(axis=2), np.einsum("bjqf,bq->bjf", residual, x)], axis=-1
    )
    if f == 1:
        spread = n * p[..., 0] * (1.0 - p[..., 0] if block.kind != "count" else 1.0)
        W = np.einsum("bjq,bqs->bjs", spread, powers)
        step = _two_by_two(W, gradient)
    else:
        step = _solve(block, n, p, powers, gradient)
    largest = np.abs(step).max(axis=-1, keepdims=True)
    step *= np.minimum(1.0, _LONGEST / np.maximum(largest, _TINY))
    da, db = step[..., :f], step[..., f:]
    size = np.ones((B, J, 1))
    for _ in range(_HALVINGS):
        after = _value(block, S, n, _eta(a + size * da, b + size * db, x))
        worse = after < value - 1e-12 * np.abs(value)
        if not worse.any():
            break
        size[worse] *= 0.25
    else:
        after = _value(block, S, n, _eta(a + size * da, b + size * db, x))
        size[after < value - 1e-12 * np.abs(value)] = 0.0
    a, b = a + size * da, b + size * db
    state.intercept[rows] = np.clip(a, -_LIMIT, _LIMIT).transpose(1, 2, 0).reshape(J * f, B)
    state.slope[rows] = np.clip(b, -_LIMIT, _LIMIT).transpose(1, 2, 0).reshape(J * f, B)


def _eta(a: Floats, b: Floats, x: Floats) -> Floats:
    return np.asarray(a[:, :, None] + b[:, :, None] * x[:, None, :, None])


def _density(block: Block, S: Floats, n: Floats, eta: Floats) -> tuple[Floats, Floats]:
    """Give the expected statistics (B, J, Q, f) and the expected log-density (B, J)."""
    if block.kind == "count":
        p = np.exp(np.minimum(eta, _LIMIT))
        return p, np.asarray((S * eta).sum(axis=(2, 3)) - (n * p[..., 0]).sum(axis=2))
    log_z = log_normaliser(eta)
    p = np.exp(eta - log_z[..., None])
    return p, np.asarray((S * eta).sum(axis=(2, 3)) - (n * log_z).sum(axis=2))


def _value(block: Block, S: Floats, n: Floats, eta: Floats) -> Floats:
    return _density(block, S, n, eta)[1]


def _two_by_two(W: Floats, gradient: Floats) -> Floats:
    """Newton step of one intercept and one slope."""
    w0, w1, w2 = (W[..., i] for i in range(3))
    ridge = 1e-10 * (w0 + w2) + 1e-150
    w0, w2 = w0 + ridge, w2 + ridge
    determinant = w0 * w2 - w1**2
    g0, g1 = gradient[..., 0], gradient[..., 1]
    return np.stack([(w2 * g0 - w1 * g1) / determinant, (w0 * g1 - w1 * g0) / determinant], axis=-1)


def _solve(block: Block, n: Floats, p: Floats, powers: Floats, gradient: Floats) -> Floats:
    """Newton step of an item with more than two categories, shape (B, J, 2 f)."""
    B, J, _, f = p.shape
    M = -np.einsum("bjqf,bjqg->bjqfg", n[..., None] * p, p)
    diagonal = np.arange(f)
    M[..., diagonal, diagonal] += n[..., None] * p
    W = np.einsum("bjqfg,bqs->sbjfg", M, powers)
    H = np.empty((B, J, 2 * f, 2 * f))
    H[..., :f, :f], H[..., f:, f:] = W[0], W[2]
    H[..., :f, f:] = H[..., f:, :f] = W[1]
    basis = None
    if block.kind == "ordinal":
        basis = np.zeros((J, 2 * f, f + 1))
        basis[:, diagonal, diagonal] = 1.0
        basis[:, f:, f] = distances(block)
        H = np.einsum("jpr,bjpq,jqs->bjrs", basis, H, basis, optimize=True)
        gradient = np.einsum("jpr,bjp->bjr", basis, gradient)
    every = np.arange(H.shape[-1])
    trace = H[..., every, every].sum(axis=-1)
    H[..., every, every] += (1e-10 * trace + 1e-150)[..., None]
    step = np.linalg.solve(H, gradient[..., None])[..., 0]
    return np.asarray(step if basis is None else np.einsum("jpr,bjr->bjp", basis, step))


def _positions(layout: Layout, T: Floats, state: State) -> Floats:
    """One step of the positions between the two ends, each along its own derivative."""
    x = state.x
    first, second, value = _along(layout, T, state, x)
    step = np.clip(first / np.maximum(second, 1e-12), -0.5, 0.5)
    step[:, [0, -1]] = 0.0
    size = np.ones_like(x)
    for _ in range(_HALVINGS):
        worse = _along(layout, T, state, x + size * step)[2] < value
        if not worse.any():
            break
        size[worse] *= 0.25
    else:
        size[_along(layout, T, state, x + size * step)[2] < value] = 0.0
    return np.asarray(x + size * step)


def _along(layout: Layout, T: Floats, state: State, x: Floats) -> tuple[Floats, Floats, Floats]:
    """Give derivative, information and expected log-density by position, shapes (B, Q)."""
    first, second, value = (np.zeros_like(x) for _ in range(3))
    for block in layout.blocks:
        if block.size == 1:
            continue
        S, n = _sums(block, T)
        B, J, _, f = S.shape
        rows = slice(block.start - layout.n_indicators, block.stop - layout.n_indicators)
        a = state.intercept[rows].reshape(J, f, B).transpose(2, 0, 1)
        b = state.slope[rows].reshape(J, f, B).transpose(2, 0, 1)
        eta = _eta(a, b, x)
        along = b[:, :, None]
        if block.kind == "count":
            p = np.exp(np.minimum(eta, _LIMIT))
            inner = (S * eta).sum(axis=-1) - n * p[..., 0]
            spread = (p * along**2)[..., 0]
        else:
            log_z = log_normaliser(eta)
            p = np.exp(eta - log_z[..., None])
            inner = (S * eta).sum(axis=-1) - n * log_z
            spread = (p * along**2).sum(axis=-1) - (p * along).sum(axis=-1) ** 2
        value += inner.sum(axis=1)
        first += ((S - n[..., None] * p) * along).sum(axis=(1, 3))
        second += (n * spread).sum(axis=1)
    return first, second, value
