"""Standard errors of a chain with covariates, from its observed information.

The score is that of the expected log-likelihood (Fisher's identity); the information is its
derivative by central differences.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from swvtypes.lca.design import Floats

from .chart import ChainChart, chain_chart
from .covariate_fit import CovariateFit
from .covariates import CovariateState, count, design_of, expect_given
from .information import second_derivative
from .logit import log_chances, logit_score

_STEP = 1e-4
_FARTHEST = 12.0
_RARE = 1e-6


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of the logits with their covariance.

    Attributes
    ----------
    beta : ndarray, shape (R, Q, K)
        Of covariates as they came: the initial logit, then those of the origins, step by step.
    free : ndarray of bool, shape (R, K)
        Logits that are estimated and not on the boundary.
    target : ndarray of bool, shape (R, K)
        Logits that there are: all but those of the class of reference.
    se : ndarray, shape (R, Q, K)
        NaN on the boundary and where the information is singular.
    covariance : ndarray, shape (P, P)
        Of the coordinates of the profiles, then the free coefficients of standardised covariates.
    """

    beta: Floats
    free: NDArray[np.bool_]
    target: NDArray[np.bool_]
    se: Floats
    covariance: Floats


def estimate_coefficients(fit: CovariateFit) -> Coefficients:
    """Work out coefficients and standard errors."""
    R, Q, K = _stack(fit.state).shape
    target = np.ones((R, K), dtype=bool)
    target[0, 0] = False
    for row in range(1, R):
        target[row, (row - 1) % K] = False
    free = target & ~_separated(fit)
    full = chain_chart(fit.chain)
    chart = ChainChart(full.model, full.profiles, (), full.Z, _profile_theta(full))
    covariance = _invert(_hessian(fit, chart, free))
    se = np.full((R, Q, K), np.nan)
    start = len(chart.theta)
    for row, k in np.argwhere(free):
        block = covariance[start : start + Q, start : start + Q]
        se[row, :, k] = np.sqrt(np.diag(fit.back @ block @ fit.back.T))
        start += Q
    return Coefficients(fit.back @ _stack(fit.state), free, target, se, covariance)


def coefficient_table(
    fit: CovariateFit,
    names: Sequence[Hashable],
    waves: Sequence[Hashable],
    level: float = 0.95,
) -> pd.DataFrame:
    """Tabulate the coefficients with Wald intervals; see :class:`Coefficients`."""
    found = estimate_coefficients(fit)
    K, L = fit.chain.model.n_classes, fit.chain.model.n_steps
    shared = L == 1 and len(waves) > 2
    z = float(norm.ppf(0.5 + level / 2.0))
    rows = []
    for row, k in np.argwhere(found.target):
        step, origin = divmod(row - 1, K)
        place = (
            ("initial", None, waves[0], 1) if row == 0
            else ("transition", "all" if shared else waves[step],
                  "all" if shared else waves[step + 1], origin + 1)
        )  # fmt: skip
        for q, name in enumerate(("constant", *names)):
            b, se = float(found.beta[row, q, k]), float(found.se[row, q, k])
            p = float(2.0 * norm.sf(abs(b / se))) if se > 0 else float("nan")
            edge = bool(not found.free[row, k])
            rows.append((*place, k + 1, name, b, se, b - z * se, b + z * se, p, edge))
    columns = [
        "part", "from_wave", "to_wave", "against_class", "to_class", "covariate", "estimate",
        "se", "low", "high", "p_value", "boundary",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _stack(state: CovariateState) -> Floats:
    """Coefficients of all logits, shape (R, Q, K)."""
    Q, K = state.initial.shape
    return np.concatenate([state.initial[None], state.moves.reshape(-1, Q, K)])


def _profile_theta(chart: ChainChart) -> Floats:
    return np.empty(0) if chart.profiles is None else chart.profiles.theta


def _separated(fit: CovariateFit) -> NDArray[np.bool_]:
    """Logits that grow without bound: predictors far out, or probabilities that vanish."""
    beta = _stack(fit.state)
    X = design_of(fit.data)
    p = np.exp(log_chances(X, beta))
    rare = np.einsum("s,rsk->rk", fit.data.weight / fit.data.n, p) < _RARE
    return np.asarray(rare | (np.abs(beta).max(axis=1) > _FARTHEST))


def _hessian(fit: CovariateFit, chart: ChainChart, free: NDArray[np.bool_]) -> Floats:
    model, data, state = fit.chain.model, fit.data, fit.state
    X = design_of(data)
    D, Q, K = model.width, X.shape[1], model.n_classes
    places = [(r, q, k) for r, k in np.argwhere(free) for q in range(Q)]
    n_own, P = len(chart.theta), len(chart.theta) + len(places)

    def gradient(profiles: Floats, beta: Floats) -> tuple[Floats, Floats]:
        moved = CovariateState(profiles, beta[0], beta[1:].reshape(state.moves.shape))
        counts = count(model, data, expect_given(model, data, moved))
        parts = [counts.initial[None], counts.moves.reshape(-1, *counts.initial.shape)]
        scores = [logit_score(X, c, b) for c, b in zip(np.concatenate(parts), beta, strict=True)]
        score = np.array([scores[r][q, k] for r, q, k in places])
        return counts.profiles, score

    beta = _stack(state)
    slopes, change, scores = (
        np.zeros((D, n_own, K)),
        np.zeros((D, P, K)),
        np.zeros((P, len(places))),
    )
    for p in range(P):
        ends = []
        for sign in (1.0, -1.0):
            profiles, shifted = state.profiles, beta.copy()
            if p < n_own:
                theta = chart.theta.copy()
                theta[p] += sign * _STEP
                profiles = chart.state(theta)[:D]
            else:
                shifted[places[p - n_own]] += sign * _STEP
            ends.append((profiles, *gradient(profiles, shifted)))
        if p < n_own:
            slopes[:, p] = (ends[0][0] - ends[1][0]) / (2.0 * _STEP)
        change[:, p] = (ends[0][1] - ends[1][1]) / (2.0 * _STEP)
        scores[p] = (ends[0][2] - ends[1][2]) / (2.0 * _STEP)
    H = np.zeros((P, P))
    H[:n_own] = np.einsum("dpk,dqk->pq", slopes, change)
    sums = np.zeros_like(chart.Z)
    sums[:D] = count(model, data, expect_given(model, data, state)).profiles
    H[:n_own, :n_own] += second_derivative(chart, sums)
    H[n_own:] = scores.T
    return np.asarray(-0.5 * (H + H.T))


def _invert(H: Floats) -> Floats:
    if not H.size:
        return H
    scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
    values, vectors = np.linalg.eigh(H / np.outer(scale, scale))
    if values.min() <= 1e-10:
        return np.full_like(H, np.nan)
    return np.asarray((vectors / values) @ vectors.T / np.outer(scale, scale))
