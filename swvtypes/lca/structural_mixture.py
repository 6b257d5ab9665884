"""Mixtures whose class shares depend on covariates: one engine for one, two and three steps.

In one step the items are estimated with the class shares. In two steps the density of the items
given the class is held fixed at what step one found; in three steps it is the classification
error of the assigned class that is held fixed. Outcomes of the classes are further units. EM
brings a model near its maximum, Newton's method on the exact information to its last digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from .design import Design, Floats, Layout, build_design
from .families import Parameters, Table, Variances, m_step, pack, unpack
from .inference_chart import Chart, build_chart
from .inference_indicator_lr import expanded
from .inference_scores import (
    Evidence,
    casewise_scores,
    complete_information,
    expect,
    information,
    share_information,
)
from .standard_errors import invert
from .structural_firth import firth_curvature, firth_gradient, firth_penalty
from .structural_logit import fit_logit, prior_targets

_NEWTON = 60
_EM_AGAIN = 4


@dataclass(frozen=True)
class MixtureSpec:
    """How a mixture is estimated.

    Parameters
    ----------
    prior : float
        Pseudo-cases: for the coefficients spread evenly over the classes at every row, for
        outcomes answering as the average row does.
    variances : Variances
        How Gaussian variances are held.
    max_iter : int
        EM steps.
    tol : float
        EM hands over to Newton when it gains less than this a unit of weight.
    free_shares : bool
        Whether the coefficients of the class shares are parameters.
    firth : {"none", "shares", "outcome"}
        Firth's penalty on the coefficients of the class shares, or on the last item, where it
        is half an answer in each category or half an event a class.
    """

    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)
    max_iter: int = 3000
    tol: float = 1e-9
    free_shares: bool = True
    firth: Literal["none", "shares", "outcome"] = "none"


@dataclass(frozen=True)
class MixtureFit:
    """A fitted mixture.

    Attributes
    ----------
    evidence : Evidence
        The records.
    chart : Chart
        Parameters at the estimates; coefficients of the first class are zero.
    log_likelihood : float
        Without the prior.
    objective : float
        With the log of the prior or penalty.
    information : ndarray, shape (P, P)
        Negative second derivatives of the objective.
    gradient : float
        Largest derivative of the objective, per unit of weight.
    spec : MixtureSpec
        How it was estimated.
    """

    evidence: Evidence
    chart: Chart
    log_likelihood: float
    objective: float
    information: Floats
    gradient: float
    spec: MixtureSpec

    @property
    def coefficients(self) -> Floats:
        """Coefficients of the multinomial logit, shape (Q, K)."""
        return self.chart.coefficients(self.chart.theta)

    @property
    def penalised(self) -> bool:
        """Whether a prior or penalty was used."""
        return self.spec.prior > 0 or self.spec.firth != "none"


def without_items(n_rows: int) -> Design:
    """Build a design in which nothing is answered."""
    empty = np.empty(0)
    layout = Layout((), (), 1, 1, 1, (), empty, empty)
    rows = np.arange(n_rows)
    return Design(
        layout, np.ones((n_rows, 1)), np.ones(n_rows), np.zeros(n_rows),
        np.zeros(n_rows, dtype=np.intp), np.empty((n_rows, 0)), rows,
    )  # fmt: skip


def repeat_rows(design: Design, times: int) -> Design:
    """Build a design in which every row stands `times` times in a row."""
    index = np.repeat(np.arange(len(design.weight)), times)
    return Design(
        design.layout, design.X[index], design.weight[index], design.base[index],
        design.group[index], design.values[index], np.arange(len(index)),
    )  # fmt: skip


def row_design(values: Floats, like: Design, weight: Floats) -> Design:
    """Build a design of one row a case, with the items, pairs and groups of another."""
    layout = like.layout
    collapsed = build_design(values, layout.items, weight, like.group[like.inverse], layout.pairs)
    return expanded(collapsed)


class _Objective:
    """Log-likelihood plus log prior (or penalty) of a mixture, and its derivatives."""

    def __init__(self, evidence: Evidence, spec: MixtureSpec, n_classes: int) -> None:
        self.evidence, self.spec, self.n_classes = evidence, spec, n_classes
        design = evidence.design
        self.pseudo = np.zeros((design.layout.width, n_classes))
        self.targets = np.zeros((len(evidence.weight), n_classes))
        if spec.prior > 0:
            mean = evidence.weight @ design.X / evidence.weight.sum()
            self.pseudo += spec.prior / n_classes * mean[:, None]
            if spec.free_shares:
                self.targets += prior_targets(evidence.weight, n_classes, spec.prior)
        if spec.firth == "outcome":
            self.pseudo += half_answers(design.layout)[:, None]
        self.shares_penalised = spec.firth == "shares"
        self.penalised = spec.prior > 0 or spec.firth != "none"

    def value(self, chart: Chart, theta: Floats) -> float:
        e = expect(self.evidence, chart, theta)
        value = float(self.evidence.weight @ e.log_density)
        if self.penalised:
            value += float((self.targets * np.log(np.maximum(e.prior, 1e-300))).sum())
            value += self._items(e.tables)
        if self.shares_penalised:
            value += firth_penalty(self.evidence.Z, e.prior, self.evidence.weight, chart.gamma_free)
        return value

    def _items(self, tables: tuple[Table, ...]) -> float:
        layout = self.evidence.design.layout
        if not layout.blocks:
            return 0.0
        flat = np.zeros((layout.n_groups, self.n_classes))
        return float((pack(layout, Parameters(flat, tables)) * self.pseudo).sum())

    def derivatives(self, chart: Chart) -> tuple[Floats, Floats]:
        """Gradient and information at the chart's own point."""
        evidence = self.evidence
        e = expect(evidence, chart, chart.theta)
        gradient = evidence.weight @ casewise_scores(evidence, chart, e)
        H = information(evidence, chart, e)
        n = chart.n_structural
        if self.penalised:
            weight = self.targets.sum(axis=1)
            pull = evidence.Z.T @ (self.targets - weight[:, None] * e.prior)
            gradient[:n] += pull[chart.gamma_free]
            H[:n, :n] += share_information(evidence.Z, e.prior, weight, chart.gamma_free)
            g, h = self._unit_derivatives(chart)
            gradient[n:] += g[n:]
            H[n:, n:] += h[n:, n:]
        if self.shares_penalised:
            Z, weight, free = evidence.Z, evidence.weight, chart.gamma_free
            gradient[:n] += firth_gradient(Z, e.prior, weight, free)
            H[:n, :n] += firth_curvature(Z, chart.coefficients(chart.theta), weight, free)
        return gradient, H

    def _unit_derivatives(self, chart: Chart) -> tuple[Floats, Floats]:
        """Differentiate the prior of the units, by differences of its exact value."""
        P, n = len(chart.theta), chart.n_structural
        gradient, H = np.zeros(P), np.zeros((P, P))
        if n == P:
            return gradient, H
        e = expect(self.evidence, chart, chart.theta)
        H = complete_information(self.evidence, chart, e, self.pseudo)
        h = 1e-5
        for i in range(n, P):
            step = np.zeros(P)
            step[i] = h
            rise = self._items(chart.tables(chart.theta + step))
            fall = self._items(chart.tables(chart.theta - step))
            gradient[i] = (rise - fall) / (2.0 * h)
        return gradient, H


def half_answers(layout: Layout) -> Floats:
    """Half an answer in each category of the last item, or half an event, as sums (D,).

    What Firth's penalty comes to for proportions and rates; nothing for measurements.
    """
    out = np.zeros(layout.width)
    last = (len(layout.items) - 1,)
    for block in layout.blocks:
        if last not in block.items or block.kind not in ("nominal", "count"):
            continue
        j = block.items.index(last)
        each = (block.stop - block.start) // len(block.items)
        out[block.start + j * each : block.start + (j + 1) * each] = 0.5
        if block.kind == "nominal":
            out[block.indicator[j]] = 0.5 * block.size
    return out


def fit_mixture(
    evidence: Evidence, gamma: Floats, tables: tuple[Table, ...], spec: MixtureSpec | None = None
) -> MixtureFit:
    """Maximise the likelihood of a mixture from given parameters.

    Parameters
    ----------
    evidence : Evidence
        Records: items or outcomes to estimate, covariates, what is fixed, weights.
    gamma : ndarray, shape (Q, K)
        Coefficients to start from; the first class is at zero.
    tables : tuple of Table
        Profiles to start from.
    spec : MixtureSpec, optional
        How it is estimated.

    Returns
    -------
    MixtureFit
    """
    spec = spec or MixtureSpec()
    objective = _Objective(evidence, spec, gamma.shape[1])
    parameters = Parameters(np.zeros((evidence.design.layout.n_groups, gamma.shape[1])), tables)
    before = -np.inf
    for _ in range(_EM_AGAIN):
        gamma, parameters = _em(objective, gamma, parameters)
        chart = build_chart(
            evidence.design.layout, parameters, spec.variances, gamma, spec.free_shares
        )
        chart, gradient, H = _newton(objective, chart)
        value = objective.value(chart, chart.theta)
        if gradient < 1e-9 or value - before <= 1e-9 * abs(value):
            break
        before = value
        gamma = chart.coefficients(chart.theta)
        parameters = Parameters(parameters.log_shares, chart.tables(chart.theta))
    log_likelihood = float(evidence.weight @ expect(evidence, chart, chart.theta).log_density)
    return MixtureFit(evidence, chart, log_likelihood, value, H, gradient, spec)


def few_steps(
    evidence: Evidence, gamma: Floats, tables: tuple[Table, ...], spec: MixtureSpec, steps: int
) -> tuple[float, Floats, tuple[Table, ...]]:
    """Take a few steps of EM; the objective then, coefficients (Q, K) and profiles."""
    objective = _Objective(evidence, replace(spec, max_iter=steps), gamma.shape[1])
    layout = evidence.design.layout
    parameters = Parameters(np.zeros((layout.n_groups, gamma.shape[1])), tables)
    gamma, parameters = _em(objective, gamma, parameters)
    chart = build_chart(layout, parameters, spec.variances, gamma, spec.free_shares)
    return objective.value(chart, chart.theta), gamma, parameters.tables


def _em(objective: _Objective, gamma: Floats, parameters: Parameters) -> tuple[Floats, Parameters]:
    evidence, spec = objective.evidence, objective.spec
    layout = evidence.design.layout
    total = float(evidence.weight.sum())
    before = -np.inf
    for _ in range(spec.max_iter):
        chart = build_chart(layout, parameters, spec.variances, gamma, spec.free_shares)
        e = expect(evidence, chart, chart.theta)
        value = objective.value(chart, chart.theta)
        if value - before < spec.tol * total:
            break
        before = value
        p = e.posterior * evidence.weight[:, None]
        if spec.free_shares:
            firth = evidence.weight if objective.shares_penalised else None
            gamma, _ = fit_logit(evidence.Z, p + objective.targets, gamma, max_iter=3, firth=firth)
        if layout.blocks:
            T = (evidence.design.X.T @ p + objective.pseudo)[:, None]
            A = m_step(layout, T, pack(layout, parameters)[:, None], spec.variances)
            parameters = unpack(layout, A[:, 0])
    return gamma, parameters


def _newton(objective: _Objective, chart: Chart) -> tuple[Chart, float, Floats]:
    """Newton steps that never lower the objective; the chart at the end, gradient, information."""
    total = float(objective.evidence.weight.sum())
    value = objective.value(chart, chart.theta)
    gradient, H = objective.derivatives(chart)
    for _ in range(_NEWTON):
        if not len(gradient) or float(np.abs(gradient).max()) < 1e-12 * total:
            break
        step = invert(H)[0] @ gradient
        if float(gradient @ step) <= 0.0:
            break
        size = min(1.0, 4.0 / max(float(np.abs(step[: chart.n_structural]).max(initial=0.0)), 1e-9))
        moved = chart
        for _ in range(20):
            moved = replace(chart, theta=chart.theta + size * step)
            after = objective.value(moved, moved.theta)
            if after >= value - 1e-12 * abs(value):
                break
            size *= 0.25
        else:
            break
        chart, value = moved, after
        smaller, H = objective.derivatives(chart)
        if (
            float(np.abs(smaller).max()) > 0.5 * float(np.abs(gradient).max())
            and float(np.abs(smaller).max()) < 1e-9 * total
        ):
            gradient = smaller
            break
        gradient = smaller
    worst = float(np.abs(gradient).max(initial=0.0)) / total
    return chart, worst, H
