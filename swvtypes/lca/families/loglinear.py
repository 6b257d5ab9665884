"""M steps without a closed form: adjacent-category logits and direct effects.

Both are log-linear models of expected tables; a few safeguarded steps from the parameters before
never lower the expected log-density, which is all that a generalised EM step needs.
"""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats, Integers

_NEWTON_STEPS = 3
_HALVINGS = 6
_CYCLES = 10
_TINY = 1e-300


def fit_ordinal(
    statistics: Floats, answered: Floats, previous: Floats, scores: Floats, reference: Integers
) -> Floats:
    """Adjacent-category logits: one effect per class and item on given scores.

    The model is log P(y = k | c) / P(y = k - 1 | c) = a_k + b_c (s_k - s_{k-1}) with b of the
    first class at zero (Goodman 1979, row effects).

    Parameters
    ----------
    statistics : ndarray, shape (B, J, K, m - 1)
        Expected counts, the reference category left out.
    answered : ndarray, shape (B, J, K)
        Expected number that answered.
    previous : ndarray, shape (B, J, K, m - 1)
        Logits against the reference category, of the model's form.
    scores : ndarray, shape (J, m)
        Category scores.
    reference : ndarray of int, shape (J,)
        Category left out.

    Returns
    -------
    ndarray, shape (B, J, K, m - 1)
        Logits against the reference category.
    """
    free = statistics.shape[3]
    rows = np.arange(len(reference))
    keep = np.array([[k for k in range(free + 1) if k != r] for r in reference], dtype=np.intp)
    distance = scores[rows[:, None], keep] - scores[rows, reference][:, None]
    T, n, eta = np.ascontiguousarray(statistics), answered, np.ascontiguousarray(previous)
    value = _expected(T, n, eta)
    for _ in range(_NEWTON_STEPS):
        step, decrement = _newton(T, n, eta, distance)
        if float(np.max(decrement, initial=0.0)) < 1e-13:
            # So close, the last step only adds digits.
            return np.asarray(eta + step)
        moved = eta + step
        after = _expected(T, n, moved)
        size = np.ones_like(after)
        for _ in range(_HALVINGS):
            worse = after < value
            if not worse.any():
                break
            size[worse] *= 0.25
            moved = eta + size[..., None, None] * step
            after = _expected(T, n, moved)
        worse = after < value
        eta = np.where(worse[..., None, None], eta, moved)
        value = np.where(worse, value, after)
    return eta


def _expected(T: Floats, n: Floats, eta: Floats) -> Floats:
    top = np.maximum(eta.max(axis=-1), 0.0)
    log_z = top + np.log(np.exp(eta - top[..., None]).sum(axis=-1) + np.exp(-top))
    return np.asarray((T * eta).sum(axis=(-1, -2)) - (n * log_z).sum(axis=-1))


def _newton(T: Floats, n: Floats, eta: Floats, distance: Floats) -> tuple[Floats, Floats]:
    """Newton step in the logits and its decrement relative to the number that answered."""
    B, J, K, free = T.shape
    top = np.maximum(eta.max(axis=-1, keepdims=True), 0.0)
    raised = np.exp(eta - top)
    p = raised / (raised.sum(axis=-1, keepdims=True) + np.exp(-top))
    residual = T - n[..., None] * p
    mean = np.einsum("bjkf,jf->bjk", p, distance)
    weighted = n[..., None] * p
    q = free + K - 1
    H = np.zeros((B, J, q, q))
    H[..., :free, :free] = -np.einsum("bjkf,bjkg->bjfg", weighted, p)
    diagonal = np.arange(free)
    H[..., diagonal, diagonal] += weighted.sum(axis=2)
    cross = weighted * (distance[None, :, None, :] - mean[..., None])
    H[..., :free, free:] = cross[:, :, 1:].transpose(0, 1, 3, 2)
    H[..., free:, :free] = cross[:, :, 1:]
    spread = np.einsum("bjkf,jf->bjk", cross, distance)
    effects = np.arange(free, q)
    H[..., effects, effects] = spread[..., 1:]
    gradient = np.concatenate(
        [residual.sum(axis=2), np.einsum("bjkf,jf->bjk", residual, distance)[..., 1:]], axis=-1
    )
    every = np.arange(q)
    trace = H[..., every, every].sum(axis=-1)
    H[..., every, every] += (1e-10 * trace + _TINY**0.5)[..., None]
    delta = np.linalg.solve(H, gradient[..., None])[..., 0]
    decrement = (delta * gradient).sum(axis=-1) / np.maximum(n.sum(axis=-1), _TINY)
    effect = np.concatenate([np.zeros((B, J, 1)), delta[..., free:]], axis=-1)
    step = delta[..., None, :free] + effect[..., None] * distance[None, :, None, :]
    largest = np.abs(step).max(axis=(-1, -2), keepdims=True)
    return step * np.minimum(1.0, 4.0 / np.maximum(largest, _TINY)), decrement


def fit_association(counts: Floats, previous: Floats) -> Floats:
    """Own margins in each class and one association: iterative proportional fitting.

    Parameters
    ----------
    counts, previous : ndarray, shape (m1, m2, B, K)
        Expected counts; probabilities before, which carry no three-way term.

    Returns
    -------
    ndarray, shape (m1, m2, B, K)
        Fitted counts.
    """
    fitted = previous * counts.sum(axis=(0, 1))
    for _ in range(_CYCLES):
        before = fitted
        for axis in (1, 0, 3):
            target = counts.sum(axis=axis, keepdims=True)
            now = fitted.sum(axis=axis, keepdims=True)
            fitted = fitted * (target / np.maximum(now, _TINY))
        change = np.abs(fitted - before).max(initial=0.0)
        if change <= 1e-12 * max(1.0, float(counts.max(initial=0.0))):
            break
    return np.asarray(fitted)
