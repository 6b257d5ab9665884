"""Slopes by BCH weights with the bias of small numbers taken out.

BCH weights multiply the noise of a table of assignment errors, and a multinomial logit turns noise
into slopes that are too large, sometimes without end. Maximising ``sum_i T_i' log p_i - tr(j^-1 e)
/ 2`` instead, with j the information of the logit and e the variance of its score, takes the
first-order bias out of an estimator that is no maximum likelihood estimator (Kosmidis and Lunardon
2024) and keeps it finite: where slopes run away, j vanishes and e does not. Here e has the rows'
own part, and the part that comes from step one (Bakk, Oberski and Vermunt 2014), which does not
depend on the slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .design import Floats
from .inference_scores import log_softmax, share_information
from .structural_firth import curvature_trace
from .structural_logit import free_coefficients

_STEPS = 200
_HALVINGS = 40
_DIFFERENCE = 1e-5
_LONGEST = 2.0


@dataclass(frozen=True)
class Noisy:
    """Targets of a multinomial logit, and how uncertain their sums are.

    Attributes
    ----------
    Z : ndarray, shape (n, Q)
        Covariates, the constant included.
    targets : ndarray, shape (n, K)
        Weight of each class in a row, weights of the rows left out; rows add up to one, and single
        ones may be negative.
    weight, square : ndarray, shape (n,)
        Weights of the rows, and their squares (frequency times survey weight squared).
    from_step_one : ndarray, shape (P, P)
        Variance that step one adds to the score of the free coefficients.
    """

    Z: Floats
    targets: Floats
    weight: Floats
    square: Floats
    from_step_one: Floats

    @property
    def n_classes(self) -> int:
        """Classes, K."""
        return int(self.targets.shape[1])


def fit_reduced(noisy: Noisy, start: Floats) -> tuple[Floats, bool]:
    """Maximise the penalised objective by Newton's method.

    Parameters
    ----------
    noisy : Noisy
        Targets and their uncertainty.
    start : ndarray, shape (Q, K)
        With the first class at zero.

    Returns
    -------
    gamma : ndarray, shape (Q, K)
    converged : bool
    """
    free = free_coefficients(*start.shape)
    total = float(noisy.weight.sum())
    gamma = start.copy()
    value = reduced_objective(noisy, gamma)
    if not np.isfinite(value):
        gamma = np.zeros_like(start)
        value = reduced_objective(noisy, gamma)
    for _ in range(_STEPS):
        gradient = reduced_gradient(noisy, gamma)
        if float(np.abs(gradient).max(initial=0.0)) <= 1e-12 * total:
            return gamma, True
        step = _direction(noisy, gamma, gradient)
        reach = float(np.abs(noisy.Z[noisy.weight > 0] @ _spread(step, free)).max())
        size = min(1.0, _LONGEST / max(reach, 1e-300))
        for _ in range(_HALVINGS):
            moved = gamma + size * _spread(step, free)
            after = reduced_objective(noisy, moved)
            if after >= value - 1e-13 * abs(value):
                break
            size *= 0.5
        else:
            return gamma, bool(np.abs(gradient).max() <= 1e-8 * total)
        gamma, value = moved, after
    return gamma, False


def _direction(noisy: Noisy, gamma: Floats, gradient: Floats) -> Floats:
    """Newton's step where the objective is concave, that of the logit alone elsewhere."""
    free = free_coefficients(*gamma.shape)
    prior = np.exp(log_softmax(noisy.Z @ gamma))
    j = share_information(noisy.Z, prior, noisy.weight, free)
    places = np.argwhere(free)
    H = np.empty_like(j)
    reach = np.maximum(np.abs(noisy.Z[noisy.weight > 0]).max(axis=0), 1e-300)
    for i, (q, c) in enumerate(places):
        h = _DIFFERENCE / reach[q]
        sides = []
        for sign in (1.0, -1.0):
            moved = gamma.copy()
            moved[q, c] += sign * h
            sides.append(reduced_gradient(noisy, moved))
        H[i] = (sides[1] - sides[0]) / (2.0 * h)
    H = 0.5 * (H + H.T)
    scale = np.sqrt(np.maximum(np.diag(j), 1e-300))
    if float(np.linalg.eigvalsh(H / np.outer(scale, scale)).min()) <= 1e-8:
        H = j
    return np.asarray(np.linalg.lstsq(H, gradient, rcond=1e-14)[0])


def reduced_objective(noisy: Noisy, gamma: Floats) -> float:
    """Log-likelihood of the targets less half ``tr(j^-1 e)``; minus infinity where j vanishes."""
    log_prior = log_softmax(noisy.Z @ gamma)
    j, e = _matrices(noisy, np.exp(log_prior))
    sign, _ = np.linalg.slogdet(j)
    if not sign > 0:
        return float("-inf")
    penalty = float(np.trace(np.linalg.solve(j, e)))
    fit = float((noisy.weight[:, None] * noisy.targets * log_prior).sum())
    return fit - 0.5 * penalty if np.isfinite(penalty) and penalty >= 0.0 else float("-inf")


def reduced_gradient(noisy: Noisy, gamma: Floats) -> Floats:
    """Differentiate :func:`reduced_objective` to the free coefficients, shape (P,).

    With ``M = j^-1 e j^-1`` the derivative of the penalty to a coefficient is half the trace of M
    and the derivative of j, plus the sum over rows of square times z times V u: V the covariance
    of a row's classes, u the part of ``j^-1 s`` along its covariates.
    """
    free = free_coefficients(*gamma.shape)
    Z, K = noisy.Z, noisy.n_classes
    prior = np.exp(log_softmax(Z @ gamma))
    j, e = _matrices(noisy, prior)
    residual = noisy.targets - prior
    plain = (Z.T @ (noisy.weight[:, None] * residual))[free]
    inverse = np.linalg.pinv(j, hermitian=True)
    M = inverse @ e @ inverse
    scores = (Z[:, :, None] * residual[:, None])[:, free]
    turned = np.zeros((len(Z), Z.shape[1], K))
    turned[:, free] = scores @ inverse
    u = np.einsum("nq,nqk->nk", Z, turned)
    along = prior * (u - (prior * u).sum(axis=1, keepdims=True))
    own = (Z.T @ (noisy.square[:, None] * along))[free]
    return np.asarray(plain + 0.5 * curvature_trace(Z, prior, noisy.weight, free, M) + own)


def _matrices(noisy: Noisy, prior: Floats) -> tuple[Floats, Floats]:
    """Information of the logit, and variance of its score, of the free coefficients."""
    free = free_coefficients(noisy.Z.shape[1], noisy.n_classes)
    j = share_information(noisy.Z, prior, noisy.weight, free)
    scores = (noisy.Z[:, :, None] * (noisy.targets - prior)[:, None])[:, free]
    return j, scores.T @ (noisy.square[:, None] * scores) + noisy.from_step_one


def _spread(step: Floats, free: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Floats:
    out = np.zeros(free.shape)
    out[free] = step
    return out
