"""M steps without a closed form: adjacent-category logits and direct effects.

Both are log-linear models of expected tables; a few safeguarded steps from the parameters before
never lower the expected log-density, which is all that a generalised EM step needs.
"""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats, Integers

_NEWTON_STEPS = 3
# Decrements (a case) below which a step leaves next to nothing, and below which it is the last.
_NEAR, _CLOSE = 1e-2, 1e-13
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
    distance = (scores[rows[:, None], keep] - scores[rows, reference][:, None]).T[:, :, None]
    # Runs and items last, so that every operation runs over contiguous memory: (m - 1, K, J, B).
    order = (3, 2, 1, 0)
    T, eta = (np.ascontiguousarray(part.transpose(order)) for part in (statistics, previous))
    n = np.ascontiguousarray(answered.transpose(2, 1, 0))
    p, value = _expected(T, n, eta)
    for _ in range(_NEWTON_STEPS):
        step, decrement = _newton(T, n, p, distance)
        if float(np.max(decrement, initial=0.0)) < _CLOSE:
            # So close, the last step only adds digits.
            eta = eta + step
            break
        eta, p, value = _taken(T, n, (eta, p, value), step)
        if float(np.max(decrement, initial=0.0)) < _NEAR:
            break
    return np.asarray(eta.transpose(order))


def _taken(
    T: Floats, n: Floats, now: tuple[Floats, Floats, Floats], step: Floats
) -> tuple[Floats, Floats, Floats]:
    """Take a step where it does not lower the expected log-density, a part of it elsewhere."""
    eta, p, value = now
    moved = eta + step
    after = _expected(T, n, moved)
    worse = after[1] < value
    if not worse.any():
        return moved, *after
    size = np.ones_like(value)
    for _ in range(_HALVINGS):
        size[worse] *= 0.25
        moved = eta + size * step
        after = _expected(T, n, moved)
        worse = after[1] < value
        if not worse.any():
            return moved, *after
    return (
        np.where(worse, eta, moved), np.where(worse, p, after[0]), np.where(worse, value, after[1])
    )  # fmt: skip


def _expected(T: Floats, n: Floats, eta: Floats) -> tuple[Floats, Floats]:
    """Probabilities (m - 1, K, J, B) and the expected log-density of each item and run (J, B)."""
    top = np.maximum(eta.max(axis=0), 0.0)
    p = np.exp(eta - top)
    z = p.sum(axis=0)
    z += np.exp(-top)
    p /= z
    np.log(z, out=z)
    z += top
    return p, np.asarray((T * eta).sum(axis=(0, 1)) - (n * z).sum(axis=0))


def _newton(T: Floats, n: Floats, p: Floats, distance: Floats) -> tuple[Floats, Floats]:
    """Newton step in the logits and its decrement relative to the number that answered.

    Each class has one effect, so that their part of the Hessian is diagonal: they are eliminated
    first, and what is left has one row a free category.
    """
    free = len(T)
    weighted = n * p
    residual = T - weighted
    mean = np.einsum("fkjb,fj->kjb", p, distance[..., 0])
    cross = (weighted * (distance[:, None] - mean))[:, 1:]
    spread = np.einsum("fkjb,fj->kjb", cross, distance[..., 0])
    H = np.empty((free, free, *T.shape[2:]))
    for f in range(free):
        for g in range(f + 1):
            H[f, g] = -(weighted[f] * p[g]).sum(axis=0)
        H[f, f] += weighted[f].sum(axis=0)
    ridge = 1e-10 * (sum(H[f, f] for f in range(free)) + spread.sum(axis=0)) + _TINY**0.5
    spread += ridge
    ahead = np.einsum("fkjb,fj->kjb", residual[:, 1:], distance[..., 0])
    gradient = residual.sum(axis=1)
    scaled = cross / spread
    right = gradient - (scaled * ahead).sum(axis=1)
    for f in range(free):
        for g in range(f + 1):
            H[f, g] -= (scaled[f] * cross[g]).sum(axis=0)
        H[f, f] += ridge
    delta = _solved(H, right, ridge)
    effect = (ahead - (cross * delta[:, None]).sum(axis=0)) / spread
    decrement = (delta * gradient).sum(axis=0) + (effect * ahead).sum(axis=0)
    step = np.repeat(delta[:, None], T.shape[1], axis=1)
    step[:, 1:] += effect * distance[:, None]
    largest = np.abs(step).max(axis=(0, 1))
    step *= np.minimum(1.0, 4.0 / np.maximum(largest, _TINY))
    return step, decrement / np.maximum(n.sum(axis=0), _TINY)


def _solved(H: Floats, right: Floats, least: Floats) -> Floats:
    """Solve symmetric systems (m, m, ..) whose lower half is given, all at once; `H` is used up."""
    m = len(H)
    x = right.copy()
    for f in range(m):
        np.maximum(H[f, f], least, out=H[f, f])
        for g in range(f + 1, m):
            factor = H[g, f] / H[f, f]
            for h in range(f + 1, g + 1):
                H[g, h] -= factor * H[h, f]
            x[g] -= factor * x[f]
    for f in reversed(range(m)):
        for g in range(f + 1, m):
            x[f] -= H[g, f] * x[g]
        x[f] /= H[f, f]
    return x


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
