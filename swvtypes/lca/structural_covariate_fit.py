"""Estimating how class membership depends on covariates, by each of the methods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from .design import Floats
from .families import Parameters, Table
from .inference_alignment import align_classes
from .inference_scores import Evidence, casewise_scores, expect, log_softmax, share_information
from .standard_errors import invert
from .structural import (
    LaterCovariance,
    Measurement,
    Method,
    Records,
    differentiate,
    later_covariance,
    make_records,
    no_less,
    robust_covariance,
)
from .structural_errors import Assignment
from .structural_firth import firth_curvature
from .structural_later import mixture_covariance
from .structural_logit import fit_logit, free_coefficients, prior_targets
from .structural_mixture import MixtureFit, MixtureSpec, fit_mixture, row_design, without_items
from .structural_reduction import Noisy, fit_reduced
from .structural_starts import best_from_starts, one_step_starts
from .structural_units import own_units


@dataclass(frozen=True)
class Estimation:
    """How the coefficients of covariates are estimated.

    Parameters
    ----------
    method, assignment
        See :class:`~swvtypes.lca.structural_covariates.CovariateSpec`.
    prior : float
        Pseudo-cases spread evenly over the classes.
    firth : bool
        Whether Firth's penalty is on the coefficients.
    outer : bool
        Whether the covariance of one step is that of the outer product of the scores.
    n_starts, seed : int
        Random starts of one step, besides the solutions of step one.
    reduced : bool
        Whether BCH weights get the penalty that takes out the bias of small numbers also where
        their errors are not corrected.
    """

    method: Method
    assignment: Assignment
    prior: float = 0.0
    firth: bool = False
    outer: bool = False
    n_starts: int = 20
    seed: int = 0
    reduced: bool = False

    def mixture(self, **more: Any) -> MixtureSpec:
        """Say the same for a mixture."""
        return MixtureSpec(self.prior, firth="shares" if self.firth else "none", **more)


@dataclass(frozen=True)
class Solved:
    """Coefficients against the first class.

    Attributes
    ----------
    gamma : ndarray, shape (Q, K)
        With zeros for the first class.
    covariance : LaterCovariance
        Of the coefficients of classes 2..K, covariate by covariate.
    bread : ndarray, shape (P2, P2)
        Inverse information alone, which shows a coefficient that runs away where a sandwich does
        not.
    log_likelihood : float
        Of the last step; NaN for BCH.
    fit : MixtureFit or None
        The engine's own result; None for BCH.
    """

    gamma: Floats
    covariance: LaterCovariance
    bread: Floats
    log_likelihood: float
    fit: MixtureFit | None


def solve_covariates(model: Any, measurement: Measurement, Z: Floats, spec: Estimation) -> Solved:
    """Estimate the coefficients of covariates Z (n, Q), the constant included.

    Parameters
    ----------
    model : LatentClassModel
        Step one.
    measurement : Measurement
        The same, for the rows of Z.
    Z : ndarray, shape (n, Q)
        Covariates.
    spec : Estimation
        How.
    """
    units = own_units(Z, measurement.weight)
    if spec.method == "one_step":
        solved = _one_step(model, measurement, units.covariates, spec)
    elif spec.method == "bch":
        solved = _bch(measurement, units.covariates, spec)
    else:
        solved = _mixture(measurement, units.covariates, spec)
    K = measurement.n_classes
    B = units.structural(K)
    bread = B @ solved.bread @ B.T
    cov = units.covariance(solved.covariance, K)
    sandwich = measurement.weighted or spec.method not in ("one_step", "two_step")
    if sandwich and (spec.prior > 0 or spec.firth):
        # In the units that coefficients are told in.
        given = no_less(cov.given_step_one, bread)
        cov = replace(cov, matrix=cov.matrix - cov.given_step_one + given, given_step_one=given)
    fit = None if solved.fit is None else units.mixture(solved.fit)
    return Solved(units.back @ solved.gamma, cov, bread, solved.log_likelihood, fit)


def _mixture(measurement: Measurement, Z: Floats, spec: Estimation) -> Solved:
    evidence = partial(_evidence, Z=Z)
    records = make_records(measurement, spec.method, spec.assignment)
    gamma = _start(measurement, Z, spec)
    fit = fit_mixture(evidence(measurement, records), gamma, (), spec.mixture())
    cov = mixture_covariance(measurement, fit, evidence, spec.method, spec.assignment)
    return Solved(fit.coefficients, cov, invert(fit.information)[0], fit.log_likelihood, fit)


def _evidence(measurement: Measurement, records: Records, Z: Floats) -> Evidence:
    design = without_items(len(records.fixed))
    weight = np.repeat(measurement.weight, records.times) * records.share
    return Evidence(design, np.repeat(Z, records.times, axis=0), records.fixed, weight)


def _start(measurement: Measurement, Z: Floats, spec: Estimation) -> Floats:
    """Logit of the posterior probabilities on the covariates."""
    p = measurement.posterior * measurement.weight[:, None]
    start = np.zeros((Z.shape[1], measurement.n_classes))
    firth = measurement.weight if spec.firth else None
    return fit_logit(Z, p, start, max_iter=25, firth=firth)[0]


def _bch(measurement: Measurement, Z: Floats, spec: Estimation) -> Solved:
    weight = measurement.weight
    extra = prior_targets(weight, measurement.n_classes, spec.prior)
    start = _start(measurement, Z, spec)
    free = free_coefficients(*start.shape)

    def scores(other: Measurement, p: Floats) -> Floats:
        residual = other.errors(spec.assignment).bch_weights - p
        return np.asarray((Z[:, :, None] * residual[:, None])[:, free])

    # What step one does to the score does not depend on the slopes.
    C = differentiate(measurement, lambda m: np.asarray(weight @ scores(m, 0.0 * m.posterior)))
    weights = measurement.errors(spec.assignment).bch_weights
    plain = not spec.firth and not spec.prior > 0
    if plain and (spec.reduced or measurement.optimism is not None):
        square = measurement.frequency * measurement.survey**2
        noisy = Noisy(Z, weights, weight, square, C @ robust_covariance(measurement) @ C.T)
        gamma, _ = fit_reduced(noisy, start)
    else:
        targets = weights * weight[:, None] + extra
        gamma, _ = fit_logit(Z, targets, start, firth=weight if spec.firth else None)
    p = np.exp(log_softmax(Z @ gamma))
    H = share_information(Z, p, weight + extra.sum(axis=1), free)
    if spec.firth:
        H = H + firth_curvature(Z, gamma, weight, free)
    cov = later_covariance(measurement, H, scores(measurement, p), C)
    return Solved(gamma, cov, invert(H)[0], float("nan"), None)


def _one_step(model: Any, measurement: Measurement, Z: Floats, asked: Estimation) -> Solved:
    weight = measurement.weight
    design = row_design(
        measurement.design.values[measurement.design.inverse],
        measurement.design,
        weight,
    )
    engine = model.fit_
    spec = asked.mixture(variances=engine.problem.variances)
    zeros = np.zeros((len(weight), measurement.n_classes))
    evidence = Evidence(design, Z, zeros, weight)
    starts = one_step_starts(measurement, engine, Z, asked.n_starts, asked.seed)
    best = best_from_starts(evidence, starts, spec)
    best = _as_in_step_one(best, engine.parameters)
    e = expect(best.evidence, best.chart, best.chart.theta)
    S = casewise_scores(best.evidence, best.chart, e)
    H = best.information
    n = best.chart.n_structural
    bread = invert(H)[0][:n, :n]
    if asked.outer and not measurement.weighted:
        H = S.T @ (weight[:, None] * S)
    scores = S if measurement.weighted else None
    cov = later_covariance(measurement, H, scores, None)
    cut = LaterCovariance(cov.matrix[:n, :n], cov.given_step_one[:n, :n], cov.identified[:n])
    return Solved(best.coefficients, cut, bread, best.log_likelihood, best)


def _as_in_step_one(fit: MixtureFit, original: Parameters) -> MixtureFit:
    """Give the classes the labels that they have in step one, by their profiles."""
    e = expect(fit.evidence, fit.chart, fit.chart.theta)
    order = align_classes(original, Parameters(original.log_shares, e.tables))
    if np.array_equal(order, np.arange(len(order))):
        return fit
    gamma = fit.coefficients[:, order]
    tables = tuple(Table(t.kind, t.items, t.group, t.values[order]) for t in e.tables)
    return fit_mixture(fit.evidence, gamma - gamma[:, :1], tables, fit.spec)
