"""Multinomial logit of class membership on covariates, with fractional or negative targets."""

from __future__ import annotations

import numpy as np

from .design import Floats
from .inference_scores import log_softmax, share_information
from .structural_firth import firth_curvature, firth_gradient, firth_penalty

_HALVINGS = 30
# In so few steps, those of EM, the curvature of a penalty is not worth its time.
_FEW = 10


def free_coefficients(
    n_covariates: int, n_classes: int
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Which coefficients are parameters: those of all classes but the first, shape (Q, K)."""
    free = np.ones((n_covariates, n_classes), dtype=bool)
    free[:, 0] = False
    return free


def prior_targets(weight: Floats, n_classes: int, prior: float) -> Floats:
    """Pseudo-cases spread over the rows by their weights and evenly over the classes, (N, K).

    The Dirichlet prior of Clogg, Rubin, Schenker, Schultz and Weidman (1991) with equal shares.
    """
    share = prior * weight / weight.sum() / n_classes
    return np.repeat(share[:, None], n_classes, axis=1)


def fit_logit(
    Z: Floats,
    targets: Floats,
    gamma: Floats,
    max_iter: int = 100,
    tol: float = 1e-11,
    firth: Floats | None = None,
) -> tuple[Floats, bool]:
    """Maximise ``sum targets * log P(class | z)`` by Newton's method.

    Parameters
    ----------
    Z : ndarray, shape (N, Q)
        Covariates, the constant included.
    targets : ndarray, shape (N, K)
        Weights of each class; they may be negative (BCH), the row sums not.
    gamma : ndarray, shape (Q, K)
        Start, with the first class at zero.
    max_iter : int
        Most Newton steps.
    tol : float
        Largest squared Newton decrement per unit of weight at which to stop.
    firth : ndarray, shape (N,), optional
        Weights of the rows in Firth's penalty; no penalty when left out.

    Returns
    -------
    gamma : ndarray, shape (Q, K)
    converged : bool
    """
    weight = targets.sum(axis=1)
    total = float(weight.sum())
    free = free_coefficients(*gamma.shape)
    gamma = gamma.copy()
    log_prior = log_softmax(Z @ gamma)

    def objective(log_prior: Floats) -> float:
        value = float((targets * log_prior).sum())
        if firth is not None:
            value += firth_penalty(Z, np.exp(log_prior), firth, free)
        return value

    value = objective(log_prior)
    for _ in range(max_iter):
        prior = np.exp(log_prior)
        gradient = (Z.T @ (targets - weight[:, None] * prior))[free]
        H = share_information(Z, prior, weight, free)
        if firth is not None:
            gradient = gradient + firth_gradient(Z, prior, firth, free)
            if max_iter > _FEW:
                H = H + firth_curvature(Z, gamma, firth, free)
        H[np.diag_indices_from(H)] *= 1.0 + 1e-12
        step = np.linalg.lstsq(H, gradient, rcond=1e-14)[0]
        decrement = float(gradient @ step)
        if abs(decrement) <= tol**2 * total:
            return gamma, True
        size = min(1.0, 8.0 / max(float(np.abs(Z @ _spread(step, free)).max()), 1e-300))
        for _ in range(_HALVINGS):
            moved = gamma + size * _spread(step, free)
            log_moved = log_softmax(Z @ moved)
            after = objective(log_moved)
            if after >= value - 1e-13 * abs(value):
                break
            size *= 0.5
        else:
            return gamma, decrement <= 1e-9 * total
        gained = after - value
        gamma, log_prior, value = moved, log_moved, after
        if gained <= 1e-15 * abs(value) and decrement <= 1e-14 * total:
            return gamma, True
    return gamma, False


def _spread(step: Floats, free: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Floats:
    out = np.zeros(free.shape)
    out[free] = step
    return out
