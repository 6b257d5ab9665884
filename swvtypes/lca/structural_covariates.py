"""How class membership depends on covariates."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import OptionError, SeparationWarning

from .design import Floats
from .families import Parameters, Table, unpack
from .inference_alignment import align_classes
from .inference_chart import Booleans
from .inference_scores import Evidence, casewise_scores, expect, share_information
from .outcomes import Adjustment
from .structural import (
    LaterCovariance,
    Measurement,
    Method,
    Records,
    later_covariance,
    make_records,
    measure,
)
from .structural_design import covariate_matrix
from .structural_errors import Assignment
from .structural_logit import fit_logit, free_coefficients, prior_targets
from .structural_mixture import MixtureFit, MixtureSpec, fit_mixture, row_design, without_items
from .structural_tables import coefficient_table, covariate_tests

_EXTREME = 8.0
_OTHER_STARTS = 10


@dataclass(frozen=True)
class CovariateSpec:
    """What is asked of a model with covariates.

    Parameters
    ----------
    method : {"ml", "bch", "two_step", "one_step", "naive"}
        Three steps by maximum likelihood (Vermunt 2010) or BCH weights; two steps (Bakk and Kuha
        2018); one step; or assignments taken as classes, which is biased and only for comparison.
    assignment : {"modal", "proportional"}
        For three steps and naive.
    prior : float or "auto"
        Pseudo-cases spread evenly over the classes (Clogg et al. 1991). "auto": none, unless a
        covariate separates classes; then one, with a warning.
    level : float
        Coverage of intervals.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Of the tests of the covariates for their number.
    covariance : {"observed", "outer_product"}
        For one step without survey weights: inverse observed information, or inverse outer
        product of the scores (poLCA's way).
    """

    method: Method = "ml"
    assignment: Assignment = "modal"
    prior: float | Literal["auto"] = "auto"
    level: float = 0.95
    adjustment: Adjustment = "holm"
    covariance: Literal["observed", "outer_product"] = "observed"


@dataclass(frozen=True)
class CovariateResult:
    """Multinomial logit of the classes on covariates; class 1 of the model is the base.

    Attributes
    ----------
    coefficients : DataFrame
        Columns covariate, class, estimate, se, lower, upper, z, p_value, odds_ratio; log odds
        against class 1.
    tests : DataFrame
        Indexed by covariate (the column it came from): wald, df, p_value, p_adjusted; all classes
        at once.
    gamma : ndarray, shape (Q, K)
        The coefficients, constant first.
    covariance : LaterCovariance
        Of the coefficients of classes 2..K, covariate by covariate.
    log_likelihood : float
        Of the last step; NaN for BCH, which has none.
    n : float
        Sum of the weights.
    prior : float
        Pseudo-cases used.
    spec : CovariateSpec
        What was asked.
    note : str
        What a reader must know, or empty.
    fit : MixtureFit or None
        The engine's own result; None for BCH.
    """

    coefficients: pd.DataFrame
    tests: pd.DataFrame
    gamma: Floats
    covariance: LaterCovariance
    log_likelihood: float
    n: float
    prior: float
    spec: CovariateSpec
    note: str
    fit: MixtureFit | None

    def probabilities(self, Z: Floats) -> Floats:
        """Class probabilities at covariates, Z (n, Q) with the constant, shape (n, K)."""
        from .inference_scores import log_softmax

        return np.exp(log_softmax(np.asarray(Z, dtype=float) @ self.gamma))


def relate_covariates(
    model: Any,
    X: Any,
    covariates: pd.DataFrame,
    spec: CovariateSpec | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
) -> CovariateResult:
    """Relate the classes of a fitted model to covariates.

    Parameters
    ----------
    model : LatentClassModel
        Fitted without the covariates, on these rows and weights.
    X : DataFrame or array-like, shape (n, J)
        The rows, as in its `fit`; missing answers at random.
    covariates : DataFrame, shape (n, Q)
        Numbers as they are; strings, booleans and categoricals as indicators against their first
        category. Missing values are an error. Known groups are not covariates unless given.
    spec : CovariateSpec, optional
        Method and options.
    sample_weight, survey_weight : array-like, shape (n,), optional
        As in `fit`. Frequency 2 is the row twice; survey weights give sandwich covariances.

    Returns
    -------
    CovariateResult

    Raises
    ------
    InputError
        For missing or constant covariates, or those that determine one another.
    OptionError
        For an option outside its range.
    """
    spec = spec or CovariateSpec()
    _check_spec(spec)
    measurement = measure(model, X, sample_weight, survey_weight)
    Z, names, sources = covariate_matrix(covariates, measurement.weight)
    prior = 0.0 if spec.prior == "auto" else float(spec.prior)
    solved = _solve(model, measurement, Z, spec, prior)
    note = ""
    if spec.prior == "auto" and _separated(solved, Z, measurement.weight):
        note = "a covariate separates classes: estimated with a prior of one case"
        warnings.warn(note, SeparationWarning, stacklevel=2)
        prior = 1.0
        solved = _solve(model, measurement, Z, spec, prior)
    free = solved.gamma[:, 1:].ravel()
    coefficients = coefficient_table(names, free, solved.covariance, spec.level)
    tests = covariate_tests(sources, free, solved.covariance, spec.adjustment)
    return CovariateResult(
        coefficients, tests, solved.gamma, solved.covariance, solved.log_likelihood,
        float(measurement.weight.sum()), prior, spec, note, solved.fit,
    )  # fmt: skip


def _check_spec(spec: CovariateSpec) -> None:
    from .model import check_choice, check_real

    check_choice("method", spec.method, Method)
    check_choice("assignment", spec.assignment, Assignment)
    check_choice("adjustment", spec.adjustment, Adjustment)
    check_choice("covariance", spec.covariance, Literal["observed", "outer_product"])
    if spec.prior != "auto":
        check_real("prior", spec.prior, 0.0)
    if not 0.0 < spec.level < 1.0:
        raise OptionError("level", "a number between 0 and 1", spec.level)


@dataclass(frozen=True)
class _Solved:
    gamma: Floats
    covariance: LaterCovariance
    log_likelihood: float
    fit: MixtureFit | None


def _solve(
    model: Any, measurement: Measurement, Z: Floats, spec: CovariateSpec, prior: float
) -> _Solved:
    if spec.method == "one_step":
        return _one_step(model, measurement, Z, prior, spec.covariance == "outer_product")
    if spec.method == "bch":
        return _bch(measurement, Z, spec.assignment, prior)
    evidence = partial(_evidence, Z=Z)
    records = make_records(measurement, spec.method, spec.assignment)
    mixture = MixtureSpec(prior)
    gamma = _start(measurement, Z)
    fit = fit_mixture(evidence(measurement, records), gamma, (), mixture)

    def gradient(other: Measurement) -> Floats:
        theirs = make_records(other, spec.method, spec.assignment)
        mine = evidence(other, theirs)
        e = expect(mine, fit.chart, fit.chart.theta)
        return np.asarray(mine.weight @ casewise_scores(mine, fit.chart, e))

    robust = spec.method != "two_step" or measurement.weighted
    row_scores = None
    if robust:
        e = expect(fit.evidence, fit.chart, fit.chart.theta)
        row_scores = records.collect(casewise_scores(fit.evidence, fit.chart, e))
    cov = later_covariance(measurement, fit.information, row_scores, gradient)
    return _Solved(fit.coefficients, cov, fit.log_likelihood, fit)


def _evidence(measurement: Measurement, records: Records, Z: Floats) -> Evidence:
    design = without_items(len(records.fixed))
    weight = np.repeat(measurement.weight, records.times) * records.share
    return Evidence(design, np.repeat(Z, records.times, axis=0), records.fixed, weight)


def _start(measurement: Measurement, Z: Floats) -> Floats:
    """Logit of the posterior probabilities on the covariates."""
    p = measurement.posterior * measurement.weight[:, None]
    start = np.zeros((Z.shape[1], measurement.n_classes))
    return fit_logit(Z, p, start, max_iter=25)[0]


def _bch(measurement: Measurement, Z: Floats, assignment: Assignment, prior: float) -> _Solved:
    weight = measurement.weight
    K = measurement.n_classes
    extra = prior_targets(weight, K, prior)
    targets = measurement.errors(assignment).bch_weights
    gamma, _ = fit_logit(Z, targets * weight[:, None] + extra, _start(measurement, Z))
    free = free_coefficients(*gamma.shape)
    from .inference_scores import log_softmax

    p = np.exp(log_softmax(Z @ gamma))
    H = share_information(Z, p, weight + extra.sum(axis=1), free)

    def row_scores(other: Measurement) -> Floats:
        residual = other.errors(assignment).bch_weights - p
        return np.asarray((Z[:, :, None] * residual[:, None])[:, free])

    def gradient(other: Measurement) -> Floats:
        return np.asarray(weight @ row_scores(other))

    cov = later_covariance(measurement, H, row_scores(measurement), gradient)
    return _Solved(gamma, cov, float("nan"), None)


def _one_step(
    model: Any, measurement: Measurement, Z: Floats, prior: float, outer: bool
) -> _Solved:
    weight = measurement.weight
    design = row_design(
        measurement.design.values[measurement.design.inverse],  # noqa: PD011
        measurement.design,
        weight,
    )
    engine = model.fit_
    spec = MixtureSpec(prior, engine.problem.variances)
    zeros = np.zeros((len(weight), measurement.n_classes))
    evidence = Evidence(design, Z, zeros, weight)
    best: MixtureFit | None = None
    for parameters in _solutions(engine):
        gamma = np.zeros((Z.shape[1], measurement.n_classes))
        shares = engine.problem.mean_row[0][: len(parameters.log_shares)] @ np.exp(
            parameters.log_shares
        )
        gamma[0] = np.log(np.maximum(shares, 1e-6)) - np.log(max(shares[0], 1e-6))
        fit = fit_mixture(evidence, gamma, parameters.tables, spec)
        if best is None or fit.log_likelihood > best.log_likelihood + 1e-7:
            best = fit
    assert best is not None
    best = _as_in_step_one(best, engine.parameters)
    e = expect(best.evidence, best.chart, best.chart.theta)
    S = casewise_scores(best.evidence, best.chart, e)
    H = S.T @ (weight[:, None] * S) if outer and not measurement.weighted else best.information
    cov = later_covariance(measurement, H, S if measurement.weighted else None, None)
    n = best.chart.n_structural
    cut = LaterCovariance(cov.matrix[:n, :n], cov.given_step_one[:n, :n], cov.identified[:n])
    return _Solved(best.coefficients, cut, best.log_likelihood, best)


def _solutions(engine: Any) -> list[Any]:
    """List the best solution of step one and the others that its starts came to."""
    layout = engine.problem.layout
    out = [engine.parameters]
    number, objective = engine.starts.solution, engine.starts.objective
    for s in range(2, min(int(number.max()), _OTHER_STARTS) + 1):
        mine = np.flatnonzero(number == s)
        i = int(mine[np.argmax(objective[mine])])
        if i < engine.solutions.shape[1]:
            out.append(unpack(layout, np.ascontiguousarray(engine.solutions[:, i])))
    return out


def _as_in_step_one(fit: MixtureFit, original: Parameters) -> MixtureFit:
    """Give the classes the labels that they have in step one, by their profiles."""
    e = expect(fit.evidence, fit.chart, fit.chart.theta)
    order = align_classes(original, Parameters(original.log_shares, e.tables))
    if np.array_equal(order, np.arange(len(order))):
        return fit
    gamma = fit.coefficients[:, order]
    tables = tuple(Table(t.kind, t.items, t.group, t.values[order]) for t in e.tables)  # noqa: PD011
    return fit_mixture(fit.evidence, gamma - gamma[:, :1], tables, fit.spec)


def _separated(solved: _Solved, Z: Floats, weight: Floats) -> bool:
    """Whether a slope runs away: huge over the range of its covariate, and undetermined."""
    inside = Z[weight > 0]
    reach = inside.max(axis=0) - inside.min(axis=0)
    slopes = np.abs(solved.gamma[:, 1:]) * reach[:, None]
    se = np.sqrt(np.maximum(np.diag(solved.covariance.given_step_one), 0.0))
    se = se.reshape(slopes.shape) * reach[:, None]
    lost = ~solved.covariance.identified.reshape(slopes.shape)
    runaway: Booleans = np.asarray((slopes > _EXTREME) & ((slopes < 2.0 * se) | lost | (se < 1e-6)))
    if np.abs(slopes).max(initial=0.0) > 4.0 * _EXTREME:
        return True
    return bool(runaway.any())
