"""Covariance of the estimates: observed information, outer product of the scores, sandwich."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .design import Floats
from .em import Problem
from .inference_chart import Booleans, Chart
from .inference_scores import Evidence, casewise_scores, expect, information

CovarianceMethod = Literal["observed", "outer_product", "sandwich"]
_SINGULAR = 1e-6


@dataclass(frozen=True)
class Covariance:
    """Covariance of the estimates.

    Attributes
    ----------
    chart : Chart
        The parameters.
    matrix : ndarray, shape (P, P)
        Their covariance.
    identified : ndarray of bool, shape (P,)
        False where the data do not determine a parameter; its variance is infinite.
    method : {"observed", "outer_product", "sandwich"}
        How it was made.
    """

    chart: Chart
    matrix: Floats
    identified: Booleans
    method: CovarianceMethod


def invert(matrix: Floats, tolerance: float = 1e-9) -> tuple[Floats, Booleans]:
    """Invert an information matrix; directions without information are left out and told.

    Parameters
    ----------
    matrix : ndarray, shape (P, P)
        Information.
    tolerance : float
        Least information of a direction, relative to that of single parameters.

    Returns
    -------
    inverse : ndarray, shape (P, P)
    identified : ndarray of bool, shape (P,)
    """
    diagonal = np.diag(matrix)
    least = 1e-12 * float(diagonal.max(initial=1e-280))
    scale = np.sqrt(np.maximum(diagonal, least))
    values, vectors = np.linalg.eigh(matrix / scale[:, None] / scale)
    good = values > tolerance * max(1.0, float(values.max(initial=0.0)))
    kept = vectors[:, good]
    inverse = (kept / values[good]) @ kept.T / scale[:, None] / scale
    loose = (vectors[:, ~good] ** 2).sum(axis=1)
    return inverse, loose < 1e-6


def covariance(
    evidence: Evidence,
    chart: Chart,
    method: CovarianceMethod = "observed",
    squared_weight: Floats | None = None,
    pseudo: Floats | None = None,
) -> Covariance:
    """Covariance of maximum likelihood (or posterior mode) estimates.

    Parameters
    ----------
    evidence, chart
        Rows and parameters, at the estimates.
    method : {"observed", "outer_product", "sandwich"}
        Inverse observed information (Louis 1982); inverse outer product of the scores (poLCA's
        way, Linzer and Lewis 2011); or the first with the second as its filling (Huber 1967;
        White 1982), which survey weights ask for.
    squared_weight : ndarray, shape (N,), optional
        For the sandwich: sum over the cases of a pattern of their squared survey weights. The
        weights themselves when left out, which is right for frequencies.
    pseudo : ndarray, shape (D, K), optional
        Sums that a prior adds to those of each class.

    Returns
    -------
    Covariance
    """
    e = expect(evidence, chart, chart.theta)
    if method == "outer_product":
        S = casewise_scores(evidence, chart, e)
        filling = S.T @ (evidence.weight[:, None] * S)
        if pseudo is not None:
            filling += information(evidence, chart, e, pseudo) - information(evidence, chart, e)
        return Covariance(chart, *invert(filling, _SINGULAR), method)
    bread, identified = invert(information(evidence, chart, e, pseudo), _SINGULAR)
    if method == "observed":
        return Covariance(chart, bread, identified, method)
    S = casewise_scores(evidence, chart, e)
    square = evidence.weight if squared_weight is None else squared_weight
    filling = S.T @ (square[:, None] * S)
    return Covariance(chart, bread @ filling @ bread, identified, method)


def prior_sums(problem: Problem, n_classes: int) -> Floats | None:
    """Give what the prior of a problem adds to the sums of each class, (D, K); None without."""
    if not problem.prior > 0:
        return None
    return np.repeat(problem.prior / n_classes * problem.mean_row[0][:, None], n_classes, axis=1)
