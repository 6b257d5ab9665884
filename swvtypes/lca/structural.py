"""What step one hands to later steps, and what they share.

Later steps relate classes to other variables. Rows without any answer to the items say nothing
about classes and carry no weight. Weights are honoured throughout: frequencies (weight 2 is the
row twice) and survey weights, under which covariances are sandwiches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp
from sklearn.utils.validation import check_is_fitted

from swvtypes.errors import InputError

from .case_weights import row_weights
from .design import Design, Floats, Integers
from .inference_chart import Booleans, Chart
from .inference_scores import class_log_density, log_softmax, plain_evidence
from .standard_errors import covariance, invert
from .structural_calibration import Calibration
from .structural_errors import Assignment, ClassificationErrors, classification_errors
from .structural_polish import polished

Method = Literal["one_step", "two_step", "ml", "bch", "naive"]
_SAME = 1e-6


@dataclass(frozen=True)
class Measurement:
    """Step one seen from later steps.

    Attributes
    ----------
    log_density : ndarray, shape (n, K)
        Log-density of each row's answers given the class.
    log_shares : ndarray, shape (n, K)
        Log class shares of the known group of each row.
    groups : ndarray, shape (n, G)
        Indicators of the known groups.
    frequency, survey : ndarray, shape (n,)
        Weights; frequencies are zero for rows without any answer.
    weighted : bool
        Whether survey weights were given.
    design : Design
        Patterns of the rows.
    chart : Chart
        Parameters of step one.
    covariance : ndarray, shape (P1, P1)
        Of those parameters.
    modal : ndarray of int, shape (n,), optional
        Modal classes that stay as they were when the parameters move.
    optimism : ndarray, shape (K, K), optional
        Log factors that correct the errors of assignment, see
        :func:`~swvtypes.lca.structural_optimism.correct_errors`; they too stay as they were.
    calibration : Calibration, optional
        Makes densities less sure for two steps, see
        :func:`~swvtypes.lca.structural_optimism.correct_densities`; stays as it was.
    """

    log_density: Floats
    log_shares: Floats
    groups: Floats
    frequency: Floats
    survey: Floats
    weighted: bool
    design: Design
    chart: Chart
    covariance: Floats
    modal: Integers | None = None
    optimism: Floats | None = None
    calibration: Calibration | None = None

    @property
    def corrected(self) -> bool:
        """Whether errors or densities are corrected for the data having made the classes."""
        return self.optimism is not None or self.calibration is not None

    @property
    def likelihood(self) -> Floats:
        """Log-density of the answers as two steps hold it fixed, shape (n, K)."""
        if self.calibration is None:
            return self.log_density
        return self.calibration.log_density(self.log_density, self.log_shares)

    @property
    def weight(self) -> Floats:
        """Frequency times survey weight, shape (n,)."""
        return np.asarray(self.frequency * self.survey)

    @property
    def n_classes(self) -> int:
        """Classes, K."""
        return int(self.log_density.shape[1])

    @property
    def posterior(self) -> Floats:
        """Posterior class probabilities, shape (n, K)."""
        return np.exp(log_softmax(self.log_density + self.log_shares))

    def errors(self, assignment: Assignment) -> ClassificationErrors:
        """Assign the rows and estimate the errors made by it."""
        found = classification_errors(self.posterior, self.weight, assignment, self.modal)
        return found if self.optimism is None else found.times(self.optimism)

    def at(self, theta: Floats) -> Measurement:
        """Step one with other parameters and the same modal classes."""
        density, shares = _log_parts(self.design, self.chart, theta)
        modal = self.posterior.argmax(axis=1) if self.modal is None else self.modal
        return replace(self, log_density=density, log_shares=shares, modal=modal)


def _log_parts(design: Design, chart: Chart, theta: Floats) -> tuple[Floats, Floats]:
    parameters = chart.parameters(theta)
    density = class_log_density(design, parameters.tables, chart.n_classes)[design.inverse]
    return density, parameters.log_shares[design.group][design.inverse]


def measure(
    model: Any,
    X: Any,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
) -> Measurement:
    """Take step one from a fitted model, its parameters at the maximum to the last digits.

    Parameters
    ----------
    model : LatentClassModel
        Fitted on these rows, with these weights.
    X : DataFrame or array-like, shape (n, J)
        The rows, as in its `fit`.
    sample_weight, survey_weight : array-like, shape (n,), optional
        As in its `fit`.

    Returns
    -------
    Measurement

    Raises
    ------
    InputError
        For rows or weights that are not those of the fit: the model gives them another likelihood.
    WeightError
        For weights that are negative, missing, infinite, all zero, of the wrong number or in
        another order than the rows.
    """
    check_is_fitted(model)
    n = len(X) if hasattr(X, "__len__") else len(np.asarray(X))
    frequency, survey = row_weights(n, sample_weight, survey_weight, X)
    design: Design = model._score_design(X, frequency * survey > 0)
    empty: Booleans = np.asarray(np.isnan(design.values).all(axis=1))
    answered = ~empty[design.inverse]
    cov = polished(model.inference_).covariance
    density, shares = _log_parts(design, cov.chart, cov.chart.theta)
    groups = np.eye(len(cov.chart.gamma))[design.group][design.inverse]
    measurement = Measurement(
        density, shares, groups, frequency * answered, survey, survey_weight is not None,
        design, cov.chart, cov.matrix,
    )  # fmt: skip
    _check_rows(measurement, float(model.log_likelihood_), weighted=model.row_weights_ is not None)
    return measurement


def _check_rows(measurement: Measurement, expected: float, weighted: bool) -> None:
    """Raise an InputError unless rows and weights have the likelihood that the fit has."""
    faults = []
    if weighted and not measurement.weighted:
        faults.append("expected the survey weights of the fit, got none")
    joint = measurement.log_density + measurement.log_shares
    found = float(measurement.weight @ logsumexp(joint, axis=1))
    if not abs(found - expected) <= _SAME * max(1.0, abs(expected)):
        faults.append(
            f"expected the rows and weights of the fit (log-likelihood {expected:.4f}); the model "
            f"gives these {found:.4f}"
        )
    if faults:
        raise InputError("rows", faults)


def robust_covariance(measurement: Measurement) -> Floats:
    """Sandwich covariance of the parameters of step one, shape (P1, P1), weighted or not.

    An estimate that rests on it is the same without survey weights and with equal ones.
    """
    design, chart = measurement.design, measurement.chart
    squares = measurement.frequency * measurement.survey**2

    def by_pattern(rows: Floats) -> Floats:
        # Sorted, so that sums do not depend on the order of the rows.
        order = np.lexsort((rows, design.inverse))
        size = len(design.weight)
        return np.bincount(design.inverse[order], rows[order], minlength=size).astype(float)

    evidence = replace(
        plain_evidence(design, chart.n_classes), weight=by_pattern(measurement.weight)
    )
    return covariance(evidence, chart, "sandwich", by_pattern(squares)).matrix


@dataclass(frozen=True)
class Records:
    """What later steps work on: one record a row, or one a row and class.

    Attributes
    ----------
    fixed : ndarray, shape (R, K)
        Log of what is held fixed: density of the answers, or of the assignment, given the class.
    share : ndarray, shape (R,)
        Part of its row that a record stands for.
    times : int
        Records a row.
    """

    fixed: Floats
    share: Floats
    times: int

    def collect(self, scores: Floats) -> Floats:
        """Sum scores of records over rows, (R, P) to (n, P)."""
        mine = scores * self.share[:, None]
        shape = (len(self.share) // self.times, self.times, scores.shape[1])
        return np.asarray(mine.reshape(shape).sum(axis=1))


def make_records(measurement: Measurement, method: Method, assignment: Assignment) -> Records:
    """Say what the likelihood of a later step holds fixed.

    Two steps: the density of the answers (Bakk and Kuha 2018, equation 6). Three steps: the
    probability of the assignment given the class (Vermunt 2010, equation 8); proportionally
    assigned rows become one record a class. Naive: assignments taken as the classes.
    """
    n, K = measurement.log_density.shape
    if method == "two_step":
        return Records(measurement.likelihood, np.ones(n), 1)
    found = measurement.errors(assignment)
    log_errors = found.log_errors if method == "ml" else np.log(np.maximum(np.eye(K), 1e-300))
    if assignment == "modal":
        which = found.assigned.argmax(axis=1)
        return Records(np.ascontiguousarray(log_errors.T[which]), np.ones(n), 1)
    return Records(np.tile(log_errors.T, (n, 1)), found.assigned.ravel(), K)


@dataclass(frozen=True)
class LaterCovariance:
    """Covariance of what a later step estimates.

    Attributes
    ----------
    matrix : ndarray, shape (P2, P2)
        With the uncertainty of step one.
    given_step_one : ndarray, shape (P2, P2)
        As if step one were known.
    identified : ndarray of bool, shape (P2,)
        Whether the data determine each parameter.
    """

    matrix: Floats
    given_step_one: Floats
    identified: Booleans


def later_covariance(
    measurement: Measurement,
    H: Floats,
    row_scores: Floats | None,
    gradient: Callable[[Measurement], Floats] | Floats | None,
    penalised: bool = False,
) -> LaterCovariance:
    """Covariance of the estimates of a later step.

    ``V2 + H^-1 C V1 C' H^-1`` with V1 the covariance of step one and C the derivative of the
    gradient of the later step to the parameters of step one (Gong and Samaniego 1981; Bakk and
    Kuha 2018, equation 12; Bakk, Oberski and Vermunt 2014 for three steps). V2 is the inverse
    information or, with row scores, the sandwich.

    Parameters
    ----------
    measurement : Measurement
        Step one.
    H : ndarray, shape (P2, P2)
        Information of the later step.
    row_scores : ndarray, shape (n, P2), optional
        For the sandwich: score of each row, not weighted.
    gradient : callable, ndarray of shape (P2, P1) or None
        Gradient of the later step at its estimates when step one is another, or its derivative;
        None where there is no step one.
    penalised : bool
        Whether H has a prior or penalty in it. Standard errors of the sandwich are then no less
        than those of the inverse information: where a covariate separates classes no residuals
        are left, and those of the sandwich would vanish.
    """
    bread, identified = invert(H)
    V2 = bread
    if row_scores is not None:
        square = measurement.frequency * measurement.survey**2
        V2 = bread @ (row_scores.T @ (square[:, None] * row_scores)) @ bread
        if penalised:
            V2 = no_less(V2, bread)
    if gradient is None:
        return LaterCovariance(V2, V2, identified)
    C = gradient if isinstance(gradient, np.ndarray) else differentiate(measurement, gradient)
    return LaterCovariance(V2 + bread @ C @ measurement.covariance @ C.T @ bread, V2, identified)


def no_less(V: Floats, least: Floats) -> Floats:
    """Raise variances to those of another matrix, correlations kept."""
    variance = np.maximum(np.diag(V), 1e-300)
    stretch = np.sqrt(np.maximum(np.diag(least) / variance, 1.0))
    return np.asarray(V * np.outer(stretch, stretch))


def differentiate(measurement: Measurement, function: Callable[[Measurement], Floats]) -> Floats:
    """Differentiate a function of step one to its parameters, by central differences."""
    theta = measurement.chart.theta
    columns = []
    for i in range(len(theta)):
        h = 1e-5 * max(1.0, abs(float(theta[i])))
        step = np.zeros(len(theta))
        step[i] = h
        rise = function(measurement.at(theta + step))
        fall = function(measurement.at(theta - step))
        columns.append((rise - fall) / (2.0 * h))
    return np.stack(columns, axis=1)
