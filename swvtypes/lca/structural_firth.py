"""Firth's penalty for a multinomial logit: half the log determinant of its information.

It takes the first-order bias out of the coefficients and keeps them finite where a covariate
separates the classes (Firth 1993; Bull, Mak and Greenwood 2002; Heinze and Schemper 2002). The
information is that of known classes, also where classes are latent. It does not depend on how
covariates are coded or on the class of reference.
"""

from __future__ import annotations

import numpy as np

from .design import Floats
from .inference_chart import Booleans
from .inference_scores import log_softmax, share_information
from .standard_errors import invert

_STEP = 1e-5


def firth_penalty(Z: Floats, prior: Floats, weight: Floats, free: Booleans) -> float:
    """Half the log determinant of the information.

    Parameters
    ----------
    Z : ndarray, shape (N, Q)
        Covariates, the constant included.
    prior : ndarray, shape (N, K)
        Class probabilities given the covariates.
    weight : ndarray, shape (N,)
        Weights of the rows.
    free : ndarray of bool, shape (Q, K)
        Which coefficients are parameters.

    Returns
    -------
    float
        Minus infinity where the information is singular.
    """
    sign, value = np.linalg.slogdet(share_information(Z, prior, weight, free))
    return 0.5 * float(value) if sign > 0 else float("-inf")


def firth_gradient(Z: Floats, prior: Floats, weight: Floats, free: Booleans) -> Floats:
    """Differentiate the penalty to the free coefficients, shape (P,); see :func:`firth_penalty`."""
    inverse = invert(share_information(Z, prior, weight, free), 1e-14)[0]
    return 0.5 * curvature_trace(Z, prior, weight, free, inverse)


def curvature_trace(Z: Floats, prior: Floats, weight: Floats, free: Booleans, M: Floats) -> Floats:
    """Trace of a matrix M and the derivative of the information to each free coefficient, (P,).

    With h_ab the quadratic form of a row's covariates in the block (a, b) of M, shape (P, P), and
    d_a = p_a h_aa - 2 p_a sum_b h_ab p_b, a row adds its weight times z_q (d_c - p_c sum_a d_a).
    """
    Q, K = free.shape
    V = np.zeros((Q * K, Q * K))
    which = free.ravel()
    V[np.ix_(which, which)] = M
    h = np.einsum("nq,qarb,nr->nab", Z, V.reshape(Q, K, Q, K), Z, optimize=True)
    d = prior * (np.einsum("naa->na", h) - 2.0 * np.einsum("nab,nb->na", h, prior))
    pull = d - prior * d.sum(axis=1, keepdims=True)
    return np.asarray((Z.T @ (weight[:, None] * pull))[free])


def firth_curvature(Z: Floats, gamma: Floats, weight: Floats, free: Booleans) -> Floats:
    """Negative second derivatives of the penalty, shape (P, P), by differences of its gradient."""
    places = np.argwhere(free)
    out = np.empty((len(places), len(places)))
    reach = np.maximum(np.abs(Z).max(axis=0), 1e-300)
    for i, (q, c) in enumerate(places):
        h = _STEP / reach[q]
        sides = []
        for sign in (1.0, -1.0):
            moved = gamma.copy()
            moved[q, c] += sign * h
            sides.append(firth_gradient(Z, np.exp(log_softmax(Z @ moved)), weight, free))
        out[i] = (sides[1] - sides[0]) / (2.0 * h)
    return np.asarray(0.5 * (out + out.T))
