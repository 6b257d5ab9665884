"""Observed information of a chain, and standard errors from it.

The derivative of the log-likelihood to the natural parameters is their expected sums (Fisher's
identity); the information is the derivative of that, taken by central differences of sums and
not of log-likelihoods, so that few digits are lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from swvtypes.lca.design import Floats

from .chart import ChainChart, chain_chart
from .fit import ChainFit
from .forward import expect

_STEP = 1e-4


@dataclass(frozen=True)
class ChainInformation:
    """Uncertainty of a fitted chain.

    Attributes
    ----------
    chart : ChainChart
    covariance : ndarray, shape (P, P)
        Of the coordinates: inverse of the observed information, that of the log posterior density
        under priors.
    slopes : ndarray, shape (rows, P, K)
        Derivatives of the state.
    singular : bool
        Whether the information is not positive definite: the data do not determine all
        parameters, or the fit is no maximum.
    """

    chart: ChainChart
    covariance: Floats
    slopes: Floats
    singular: bool

    @property
    def chain_errors(self) -> Floats:
        """Standard errors of initial and transition probabilities, shape (1 + L K, K).

        NaN on the boundary and where the information is singular.
        """
        D = self.chart.model.width
        p = np.exp(self.chart.Z[D:])
        slopes = self.slopes[D:].transpose(0, 2, 1) * p[..., None]
        variance = np.einsum("rkp,pq,rkq->rk", slopes, self.covariance, slopes)
        out = np.sqrt(np.maximum(variance, 0.0))
        out[(p < 1e-6) | (p > 1.0 - 1e-6)] = np.nan
        if self.singular:
            out[:] = np.nan
        return np.asarray(out)

    def error_of(self, quantity: Callable[[Floats], float]) -> float:
        """Give the standard error of a function of the state (rows, K), by the delta method.

        NaN where the information is singular.
        """
        if self.singular:
            return float("nan")
        theta, chart = self.chart.theta, self.chart
        slope = np.array(
            [
                quantity(chart.state(theta + e)) - quantity(chart.state(theta - e))
                for e in _STEP * np.eye(len(theta))
            ]
        ) / (2.0 * _STEP)
        return float(np.sqrt(max(float(slope @ self.covariance @ slope), 0.0)))


def observed_information(fit: ChainFit) -> ChainInformation:
    """Work out the observed information of a fitted chain."""
    chart = chain_chart(fit)
    P = len(chart.theta)
    pseudo = fit.model.pseudo(fit.data.mean_row)[:, 0]
    steps = _STEP * np.eye(P)
    states = [chart.state(chart.theta + sign * e) for sign in (1.0, -1.0) for e in steps]
    if not states:
        empty = np.empty((len(fit.Z), 0, fit.model.n_classes))
        return ChainInformation(chart, np.empty((0, 0)), empty, False)
    Z = np.stack(states, axis=1)
    _, T = expect(fit.model, fit.data, Z)
    slopes = (Z[:, :P] - Z[:, P:]) / (2.0 * _STEP)
    change = (T[:, :P] - T[:, P:]) / (2.0 * _STEP)
    _, sums = expect(fit.model, fit.data, np.ascontiguousarray(fit.Z[:, None]))
    H = np.einsum("rpk,rqk->pq", slopes, change) + second_derivative(chart, sums[:, 0] + pseudo)
    H = -0.5 * (H + H.T)
    values, vectors = np.linalg.eigh(H)
    singular = bool(values.min() <= 1e-9 * max(values.max(), 1.0))
    inverse = np.where(values > 1e-9 * max(values.max(), 1.0), 1.0 / np.abs(values), 0.0)
    return ChainInformation(chart, (vectors * inverse) @ vectors.T, slopes, singular)


def second_derivative(chart: ChainChart, sums: Floats) -> Floats:
    """Second derivative of the state, weighted by expected sums, shape (P, P)."""
    P = len(chart.theta)
    out = np.zeros((P, P))

    def value(step: Floats) -> float:
        return float((chart.state(chart.theta + step) * sums).sum())

    for block in chart.blocks:
        places = range(*block.indices(P))
        for a in places:
            for b in range(a, block.stop):
                corner = np.zeros((4, P))
                for i, (u, v) in enumerate(((1, 1), (1, -1), (-1, 1), (-1, -1))):
                    corner[i, a] += u * _STEP
                    corner[i, b] += v * _STEP
                q = [value(c) for c in corner]
                out[a, b] = out[b, a] = (q[0] - q[1] - q[2] + q[3]) / (4.0 * _STEP**2)
    return out


def logit_interval(p: Floats, se: Floats, level: float) -> tuple[Floats, Floats]:
    """Interval that is symmetric in the log odds, and so stays between 0 and 1."""
    z = float(norm.ppf(0.5 + level / 2.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * se / (p * (1.0 - p))
        middle = logit(p)
    return np.asarray(expit(middle - half)), np.asarray(expit(middle + half))
