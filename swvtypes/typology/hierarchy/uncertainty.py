"""Standard errors and intervals of everything that a hierarchy estimates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats
from swvtypes.lca.inference_intervals import (
    Estimates,
    ProfileEstimates,
    interval,
    profile_estimates,
)
from swvtypes.lca.standard_errors import Covariance, invert

from .coordinates import EDGE, Coordinates, evidence_of, scores
from .coupling import Coupled
from .outcome import standardised
from .parameters import score

Method = Literal["observed", "outer_product", "sandwich"]
_STEP = 1e-4
_SINGULAR = 1e-6


@dataclass(frozen=True)
class Uncertainty:
    """Covariance of the free parameters of a hierarchy.

    Attributes
    ----------
    coordinates : Coordinates
        The parameters.
    matrix : ndarray, shape (number of parameters, same)
        Their covariance.
    identified : ndarray of bool
        False where the data do not determine a parameter.
    method : {"observed", "outer_product", "sandwich"}
    """

    coordinates: Coordinates
    matrix: Floats
    identified: NDArray[np.bool_]
    method: Method

    def _errors(self, slopes: Floats, part: slice) -> Floats:
        """Delta method: slopes (M, C, q) to the parameters of one part."""
        V = self.matrix[part, part]
        se = np.sqrt(np.maximum(np.einsum("mcq,qr,mcr->mc", slopes, V, slopes), 0.0))
        loose = (np.abs(slopes) > 1e-8)[..., ~self.identified[part]].any(axis=2)
        se[loose] = np.nan
        return np.asarray(se)

    def shares(self, level: float = 0.95) -> Estimates:
        """Of the superclusters, arrays (P,); log-odds intervals."""
        at = self.coordinates
        part = at.slices[1]
        table = at.shares.table(at.theta[part])
        slopes = at.shares.slopes(table)
        return _logit_intervals(at.model.shares[None], self._errors(slopes, part), level, row=0)

    def conditional(self, theme: int, level: float = 0.95) -> Estimates:
        """Of one theme's classes in each supercluster, arrays (P, C)."""
        at = self.coordinates
        k = 0 if at.equal else theme
        part = at.slices[2][k]
        table = at.conditional[k].table(at.theta[part])
        slopes = at.conditional[k].slopes(table)
        return _logit_intervals(table, self._errors(slopes, part), level)

    def coefficients(self) -> tuple[Floats, Floats]:
        """Coefficients of the covariates and their standard errors, shape (Q, P).

        NaN where the data do not determine one.
        """
        at = self.coordinates
        assert at.model.coefficients is not None
        se = np.zeros(at.gamma_free.shape)
        part = at.slices[0]
        errors = np.sqrt(np.diag(self.matrix)[part])
        se[at.gamma_free] = np.where(self.identified[part], errors, np.nan)
        return at.model.coefficients, se

    def measurement(self, coupled: Coupled, theme: int, level: float = 0.95) -> ProfileEstimates:
        """Of one theme's indicators.

        Limits of estimates on the boundary are those of the profile likelihood with what the
        other themes say held fixed.
        """
        at = self.coordinates
        part, chart = at.slices[3][theme], at.charts[theme]
        others = class_messages(coupled, at, theme)
        evidence = evidence_of(coupled, theme, np.log(np.maximum(others, 1e-300)))
        cov = Covariance(
            chart, self.matrix[part, part], self.identified[part], self.method
        )  # fmt: skip
        return profile_estimates(evidence, cov, level)


def _logit_intervals(table: Floats, se: Floats, level: float, row: int | None = None) -> Estimates:
    edge = (table < EDGE) | (table > 1.0 - EDGE)
    se = np.where(edge, np.nan, se)
    if table.shape[1] == 1:
        se = np.zeros_like(table)
        made = Estimates(table, se, table.copy(), table.copy())
    else:
        made = interval(table, se, "logit", level)
    if row is None:
        return made
    return Estimates(*(getattr(made, name)[row] for name in vars(made)))


def class_messages(coupled: Coupled, at: Coordinates, theme: int) -> Floats:
    """Probabilities of one theme's classes from all other themes, shape (N, C)."""
    found = score(coupled, at.model)
    own = at.model.log_densities(coupled)[theme]
    q = found.joint[theme].sum(axis=1)
    logs = np.log(np.maximum(q, 1e-300)) - own
    logs -= logs.max(axis=1, keepdims=True)
    raised = np.exp(logs)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def information(coupled: Coupled, at: Coordinates) -> Floats:
    """Observed information by central differences of the exact score."""
    theta = at.theta
    n = len(theta)
    out = np.empty((n, n))
    for i in range(n):
        step = _STEP * max(1.0, abs(theta[i]))
        sides = []
        for sign in (1.0, -1.0):
            moved = theta.copy()
            moved[i] += sign * step
            sides.append(coupled.weight @ scores(coupled, at, moved)[0])
        out[i] = (sides[1] - sides[0]) / (2.0 * step)
    return (out + out.T) / 2.0


def in_own_units(
    coupled: Coupled,
    at: Coordinates,
    method: Method = "observed",
    squared_weight: Floats | None = None,
) -> Uncertainty:
    """Covariance of the estimates, with that of the covariates worked out at spread 1.

    A covariate in euros has slopes of a millionth, for which no step of a numerical derivative
    suits that also suits the other parameters.

    Parameters
    ----------
    coupled, at, method, squared_weight
        See :func:`estimate_uncertainty`.
    """
    gamma = at.model.coefficients
    if gamma is None:
        return estimate_uncertainty(coupled, at, method, squared_weight)
    used, mean, spread = standardised(coupled)
    inside = gamma * spread[:, None]
    inside[0] = gamma[0] + mean[1:] @ gamma[1:]
    near = replace(at, model=replace(at.model, coefficients=inside))
    found = estimate_uncertainty(used, near, method, squared_weight)
    # Back: a slope over its spread, and the constant less the slopes times their means.
    back = np.diag(1.0 / spread)
    back[0, 1:] = -mean[1:] / spread[1:]
    turn, part = np.eye(len(found.matrix)), at.slices[0]
    turn[part, part] = np.kron(back, np.eye(gamma.shape[1] - 1))
    known = ~(turn[:, ~found.identified] != 0.0).any(axis=1)
    return Uncertainty(at, turn @ found.matrix @ turn.T, np.asarray(known), method)


def estimate_uncertainty(
    coupled: Coupled,
    at: Coordinates,
    method: Method = "observed",
    squared_weight: Floats | None = None,
    pseudo: Floats | None = None,
) -> Uncertainty:
    """Covariance of the estimates of a hierarchy.

    Parameters
    ----------
    coupled, at
        Rows and parameters, at the estimates.
    method : {"observed", "outer_product", "sandwich"}
        Inverse observed information; inverse outer product of the scores; or the first with the
        second as its filling (White 1982), which survey weights ask for.
    squared_weight : ndarray, shape (N,), optional
        For the sandwich: sum over the cases of a row of their squared weights.
    pseudo : ndarray, optional
        Information that a prior adds.
    """
    if method == "outer_product":
        S = scores(coupled, at, at.theta)[0]
        filling = S.T @ (coupled.weight[:, None] * S)
        return Uncertainty(at, *invert(filling, _SINGULAR), method)
    made = information(coupled, at)
    if pseudo is not None:
        made = made + pseudo
    bread, identified = invert(made, _SINGULAR)
    if method == "observed":
        return Uncertainty(at, bread, identified, method)
    S = scores(coupled, at, at.theta)[0]
    square = coupled.weight if squared_weight is None else squared_weight
    filling = S.T @ (square[:, None] * S)
    return Uncertainty(at, bread @ filling @ bread, identified, method)
