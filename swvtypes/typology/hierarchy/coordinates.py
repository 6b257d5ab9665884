"""The free parameters of a hierarchy as one vector, the way back, and casewise scores.

Shares and conditional probabilities are log odds against the largest of their row; the measurement
of each theme has the coordinates of the engine. Estimates on the boundary of their range keep
their value and have no coordinate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats
from swvtypes.lca.families import Parameters, Variances
from swvtypes.lca.inference_chart import Chart, build_chart
from swvtypes.lca.inference_scores import Evidence, Expectation, casewise_scores

from .coupling import Coupled
from .parameters import Hierarchy, Scored, score

EDGE = 1e-6
_LOWEST = -600.0


@dataclass(frozen=True)
class Odds:
    """Log odds of a table of probabilities, row by row.

    Attributes
    ----------
    logs : ndarray, shape (M, C)
        Log odds against the largest of the row.
    free : ndarray of bool, shape (M, C)
        Which are parameters.
    """

    logs: Floats
    free: NDArray[np.bool_]

    @classmethod
    def of(cls, table: Floats, fixed: bool = False) -> Odds:
        """Take log odds of probabilities (M, C)."""
        rows = np.arange(len(table))
        base = table.argmax(axis=1)
        logs = np.maximum(np.log(np.maximum(table, 1e-300)), _LOWEST)
        logs = logs - logs[rows, base][:, None]
        free = table > EDGE
        free[rows, base] = False
        if fixed:
            free[:] = False
        return cls(logs, free)

    def table(self, theta: Floats) -> Floats:
        """Probabilities at `theta`."""
        logs = self.logs.copy()
        logs[self.free] = theta
        raised = np.exp(logs - logs.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def slopes(self, table: Floats) -> Floats:
        """Differentiate the probabilities to the free log odds, shape (M, C, q)."""
        M, C = table.shape
        places = np.argwhere(self.free)
        out = np.zeros((M, C, len(places)))
        for i, (m, c) in enumerate(places):
            out[m, :, i] = -table[m] * table[m, c]
            out[m, c, i] += table[m, c]
        return out


@dataclass(frozen=True)
class Coordinates:
    """Free parameters of a hierarchy.

    Attributes
    ----------
    model : Hierarchy
        At the estimates.
    shares : Odds
        Of the superclusters, shape (1, P); without free ones where there are covariates.
    conditional : tuple of Odds
        One a theme, or one for all where they share it.
    charts : tuple of Chart
        Measurement of each theme.
    gamma_free : ndarray of bool, shape (Q, P)
        Coefficients of covariates that are parameters.
    equal : bool
        Whether themes share one matrix of conditional probabilities.
    """

    model: Hierarchy
    shares: Odds
    conditional: tuple[Odds, ...]
    charts: tuple[Chart, ...]
    gamma_free: NDArray[np.bool_]
    equal: bool

    @property
    def slices(self) -> tuple[slice, slice, tuple[slice, ...], tuple[slice, ...]]:
        """Places of coefficients, shares, conditional probabilities and measurements."""
        sizes = [int(self.gamma_free.sum()), int(self.shares.free.sum())]
        sizes += [int(o.free.sum()) for o in self.conditional]
        sizes += [len(c.theta) for c in self.charts]
        stops = np.cumsum(sizes).tolist()
        parts = [slice(b - n, b) for n, b in zip(sizes, stops, strict=True)]
        m = 2 + len(self.conditional)
        return parts[0], parts[1], tuple(parts[2:m]), tuple(parts[m:])

    @property
    def theta(self) -> Floats:
        """The estimates."""
        parts = [self.model.coefficients[self.gamma_free]] if (
            self.model.coefficients is not None
        ) else [np.empty(0)]  # fmt: skip
        parts.append(self.shares.logs[self.shares.free])
        parts += [o.logs[o.free] for o in self.conditional]
        parts += [c.theta for c in self.charts]
        return np.concatenate(parts)

    def at(self, theta: Floats) -> Hierarchy:
        """Model at `theta`."""
        gamma, share, conditional, charts = self.slices
        coefficients = self.model.coefficients
        if coefficients is not None:
            coefficients = coefficients.copy()
            coefficients[self.gamma_free] = theta[gamma]
        tables = [o.table(theta[s]) for o, s in zip(self.conditional, conditional, strict=True)]
        if self.equal:
            tables = tables * len(self.charts)
        return Hierarchy(
            self.shares.table(theta[share])[0],
            tuple(tables),
            tuple(c.tables(theta[s]) for c, s in zip(self.charts, charts, strict=True)),
            coefficients,
        )


def lay_out(
    coupled: Coupled,
    model: Hierarchy,
    variances: Sequence[Variances],
    equal: bool = False,
    uniform: bool = False,
) -> Coordinates:
    """Lay out the free parameters of a model around its estimates."""
    charts = []
    for design, tables, C, held in zip(
        coupled.designs, model.tables, model.n_classes, variances, strict=True
    ):
        flat = Parameters(np.zeros((1, C)), tables)
        charts.append(
            build_chart(design.layout, flat, held, gamma=np.zeros((1, C)), free_shares=False)
        )
    odds = tuple(Odds.of(rho) for rho in (model.conditional[:1] if equal else model.conditional))
    shape = (0, len(model.shares))
    if model.coefficients is not None:
        shape = model.coefficients.shape
    gamma_free = np.ones(shape, dtype=bool)
    gamma_free[:, 0] = False
    shares = Odds.of(model.shares[None], uniform or model.coefficients is not None)
    return Coordinates(model, shares, odds, tuple(charts), gamma_free, equal)


def scores(coupled: Coupled, at: Coordinates, theta: Floats) -> tuple[Floats, Scored]:
    """Casewise scores: derivatives of each row's log-density, shape (N, number of parameters)."""
    model = at.at(theta)
    found = score(coupled, model)
    gamma, share, conditional, charts = at.slices
    out = np.zeros((len(coupled.weight), len(theta)))
    g = found.superclusters
    prior = np.exp(model.log_shares(coupled))
    if at.gamma_free.any() and coupled.covariates is not None:
        for column, (q, p) in enumerate(np.argwhere(at.gamma_free)):
            out[:, gamma.start + column] = coupled.covariates[:, q] * (g[:, p] - prior[:, p])
    out[:, share] = (g - prior)[:, at.shares.free[0]]
    for t, (joint, rho) in enumerate(zip(found.joint, model.conditional, strict=True)):
        k = 0 if at.equal else t
        residual = joint - g[..., None] * rho
        out[:, conditional[k]] += residual[:, at.conditional[k].free]
        out[:, charts[t]] = _measurement_scores(coupled, at.charts[t], t, joint, theta[charts[t]])
    return out, found


def _measurement_scores(
    coupled: Coupled, chart: Chart, theme: int, joint: Floats, theta: Floats
) -> Floats:
    q = joint.sum(axis=1)
    evidence = evidence_of(coupled, theme, np.zeros_like(q))
    expectation = Expectation(q, q, np.zeros(len(q)), chart.tables(theta))
    return casewise_scores(evidence, chart, expectation)


def evidence_of(coupled: Coupled, theme: int, fixed: Floats) -> Evidence:
    """Give what one theme's measurement is judged by; `fixed` (N, C) is what the others say."""
    design = coupled.designs[theme]
    return Evidence(design, np.ones((len(fixed), 1)), fixed, coupled.weight)


def rank_of(matrix: Floats, tolerance: float = 1e-7) -> int:
    """Rank of a matrix whose columns may differ in scale."""
    if not matrix.any():
        return 0
    scale = np.sqrt((matrix**2).sum(axis=0))
    values = np.linalg.svd(matrix / np.maximum(scale, 1e-12 * scale.max()), compute_uv=False)
    return int((values > tolerance * values[0]).sum())
