"""Multinomial logits on expected counts."""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats

_NEWTON = 4
_HALVINGS = 30
_ENOUGH = 1e-9


def log_chances(X: Floats, beta: Floats) -> Floats:
    """Log-probabilities of K classes, shape (..., S, K), coefficients (..., Q, K)."""
    eta = X @ beta
    eta = eta - eta.max(axis=-1, keepdims=True)
    return np.asarray(eta - np.log(np.exp(eta).sum(axis=-1, keepdims=True)))


def logit_score(X: Floats, counts: Floats, beta: Floats) -> Floats:
    """Differentiate the expected log-likelihood by all coefficients, shape (Q, K)."""
    p = np.exp(log_chances(X, beta))
    return np.asarray(X.T @ (counts - counts.sum(axis=1, keepdims=True) * p))


def raise_logit(X: Floats, counts: Floats, beta: Floats, reference: int) -> Floats:
    """Newton steps on the expected log-likelihood, halved until it does not fall.

    Parameters
    ----------
    X : ndarray, shape (S, Q)
    counts : ndarray, shape (S, K)
        Expected counts, weighted.
    beta : ndarray, shape (Q, K)
        Coefficients to set out from; zero for the class of reference.
    reference : int

    Returns
    -------
    ndarray, shape (Q, K)
    """
    total = counts.sum(axis=1)
    if total.sum() <= _ENOUGH or counts.shape[1] == 1:
        return beta
    free = np.arange(counts.shape[1]) != reference
    value = float((counts * log_chances(X, beta)).sum())
    for _ in range(_NEWTON):
        p = np.exp(log_chances(X, beta))
        slope = (X.T @ (counts - total[:, None] * p))[:, free]
        q = p[:, free]
        middle = total[:, None, None] * (
            q[:, :, None] * np.eye(q.shape[1]) - q[:, :, None] * q[:, None]
        )
        H = np.einsum("sa,sjk,sb->ajbk", X, middle, X).reshape(slope.size, slope.size)
        H[np.diag_indices(len(H))] += 1e-9 * max(float(np.trace(H)) / len(H), 1e-9)
        step = np.zeros_like(beta)
        step[:, free] = np.linalg.solve(H, slope.ravel()).reshape(slope.shape)
        # A step of the linear predictor beyond this leaves the region where H says anything.
        far = float(np.abs(X @ step).max())
        length = min(1.0, 5.0 / far) if far > 0 else 1.0
        for _ in range(_HALVINGS):
            new = beta + length * step
            higher = float((counts * log_chances(X, new)).sum())
            if higher >= value:
                break
            length *= 0.5
        else:
            return beta
        gain, beta, value = higher - value, new, higher
        if gain < _ENOUGH:
            break
    return beta
