"""Covariance of a later step that is a mixture of its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .design import Floats
from .inference_scores import Evidence, casewise_scores, expect
from .structural import (
    LaterCovariance,
    Measurement,
    Method,
    Records,
    later_covariance,
    make_records,
)
from .structural_errors import Assignment
from .structural_mixture import MixtureFit


def mixture_covariance(
    measurement: Measurement,
    fit: MixtureFit,
    evidence: Callable[[Measurement, Records], Evidence],
    method: Method,
    assignment: Assignment,
    penalised: bool = False,
) -> LaterCovariance:
    """Covariance of the estimates of two or three steps, step one's uncertainty included.

    Parameters
    ----------
    measurement : Measurement
        Step one.
    fit : MixtureFit
        The later step.
    evidence : callable
        What the later step works on, given step one and its records.
    method, assignment
        How records are made, see :func:`~swvtypes.lca.structural.make_records`. Three steps and
        survey weights give a sandwich.
    penalised : bool
        As for :func:`~swvtypes.lca.structural.later_covariance`.
    """

    def gradient(other: Measurement) -> Floats:
        mine = evidence(other, make_records(other, method, assignment))
        e = expect(mine, fit.chart, fit.chart.theta)
        return np.asarray(mine.weight @ casewise_scores(mine, fit.chart, e))

    row_scores = None
    if method != "two_step" or measurement.weighted:
        e = expect(fit.evidence, fit.chart, fit.chart.theta)
        records = make_records(measurement, method, assignment)
        row_scores = records.collect(casewise_scores(fit.evidence, fit.chart, e))
    return later_covariance(measurement, fit.information, row_scores, gradient, penalised)
