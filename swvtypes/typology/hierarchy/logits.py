"""Multinomial logits of many runs at once, one guarded Newton step at a time."""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats

_HALVINGS = 6
_RIDGE = 1e-9
_FARTHEST = 40.0


def logit_probabilities(X: Floats, beta: Floats) -> Floats:
    """Probabilities (K, B, M) of K categories from X (M, Q) and coefficients beta (K, Q, B)."""
    eta = np.einsum("mq,kqb->kbm", X, beta)
    eta -= eta.max(axis=0)
    np.exp(eta, out=eta)
    return np.asarray(eta / eta.sum(axis=0))


def _objective(counts: Floats, probabilities: Floats) -> Floats:
    logs = np.log(np.maximum(probabilities, 1e-300))
    return np.asarray(np.einsum("kbm,kbm->b", counts, logs))


def logit_step(X: Floats, counts: Floats, beta: Floats) -> Floats:
    """One Newton step that never lowers the objective.

    Parameters
    ----------
    X : ndarray, shape (M, Q)
        Covariates.
    counts : ndarray, shape (K, B, M)
        Expected numbers in each category.
    beta : ndarray, shape (K, Q, B)
        Coefficients before; zero for the first category, which stays so.

    Returns
    -------
    ndarray, shape (K, Q, B)
    """
    K, Q, B = beta.shape
    if K == 1:
        return beta
    p = logit_probabilities(X, beta)
    n = counts.sum(axis=0)
    gradient = np.einsum("kbm,mq->bkq", (counts - n * p)[1:], X).reshape(B, -1)
    size = (K - 1) * Q
    H = np.empty((B, K - 1, Q, K - 1, Q))
    for a in range(1, K):
        for b in range(1, K):
            w = n * p[a] * ((a == b) - p[b])
            H[:, a - 1, :, b - 1, :] = np.einsum("bm,mq,mr->bqr", w, X, X)
    H = H.reshape(B, size, size)
    ridge = _RIDGE * (1e-6 + np.trace(H, axis1=1, axis2=2) / size)
    H[:, range(size), range(size)] += ridge[:, None]
    step = np.linalg.solve(H, gradient[..., None])[..., 0]
    step = step.reshape(B, K - 1, Q).transpose(1, 2, 0)
    largest = np.abs(step).max(axis=(0, 1))
    step = step * np.minimum(1.0, 5.0 / np.maximum(largest, 1e-12))
    before, out, left = _objective(counts, p), beta.copy(), np.ones(B, dtype=bool)
    for _ in range(_HALVINGS):
        proposed = beta.copy()
        proposed[1:] = np.clip(beta[1:] + step, -_FARTHEST, _FARTHEST)
        better = left & (_objective(counts, logit_probabilities(X, proposed)) >= before)
        out[..., better] = proposed[..., better]
        left &= ~better
        if not left.any():
            break
        step = step * 0.5
    return out
