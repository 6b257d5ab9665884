"""The last digits of step one, by Newton's method, before later steps rest on it.

EM stops where a step gains little, which along a flat direction may be some 1e-7 from the maximum
and differs with the rounding of sums. Later steps carry that along. A Newton step or two on the
exact information takes it away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .design import Floats
from .families import pack
from .inference_chart import Chart
from .inference_scores import Evidence, casewise_scores, expect, information
from .standard_errors import invert, prior_sums

_STEPS = 4
_SMALL = 1e-13
_FAR = 1e-2
_SINGULAR = 1e-6
_DIFFERENCE = 1e-5


def polished(inference: Any) -> Any:
    """Give the inference of a fitted model at its maximum to the last digits.

    Parameters
    ----------
    inference : Inference
        Of a model that has converged.

    Returns
    -------
    Inference
        Of the same model with parameters polished; the same where the gradient is zero already,
        or where Newton's method would go far (the model had not converged). Estimates on the
        boundary stay there, and directions without information stay as they are.
    """
    evidence: Evidence = inference.evidence
    chart: Chart = inference.covariance.chart
    pseudo = prior_sums(inference.fit.problem, chart.n_classes)
    total = float(evidence.weight.sum())
    start = chart.theta
    for _ in range(_STEPS):
        gradient = _gradient(evidence, chart, pseudo)
        if not len(gradient) or float(np.abs(gradient).max()) < _SMALL * total:
            break
        e = expect(evidence, chart, chart.theta)
        H = information(evidence, chart, e, pseudo)
        step = invert(H, _SINGULAR)[0] @ gradient
        if float(np.abs(chart.theta + step - start).max()) > _FAR:
            return inference
        chart = replace(chart, theta=chart.theta + step)
    if chart.theta is start:
        return inference
    fit = replace(inference.fit, parameters=chart.parameters(chart.theta))
    return replace(inference, fit=fit)


def _gradient(evidence: Evidence, chart: Chart, pseudo: Floats | None) -> Floats:
    """Differentiate the log-likelihood, or log posterior density, to the parameters."""
    e = expect(evidence, chart, chart.theta)
    gradient = np.asarray(evidence.weight @ casewise_scores(evidence, chart, e))
    if pseudo is None:
        return gradient
    sums = pseudo

    def log_prior(theta: Floats) -> float:
        natural = pack(evidence.design.layout, chart.parameters(theta))
        return float((natural * sums).sum())

    for i in range(len(gradient)):
        step = np.zeros(len(gradient))
        step[i] = _DIFFERENCE
        rise, fall = log_prior(chart.theta + step), log_prior(chart.theta - step)
        gradient[i] += (rise - fall) / (2.0 * _DIFFERENCE)
    return gradient
