"""Densities and class probabilities of data under a model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from swvtypes.lca.design import Design, Floats
from swvtypes.lca.em import Problem, one_class, stack
from swvtypes.lca.families import FLOOR, Parameters, Variances, log_joint, narrow_runs, unpack


def posterior(design: Design, parameters: Parameters) -> tuple[Floats, Floats]:
    """Class probabilities (N, K) and log-density (N,) of each pattern of a design.

    A pattern without any answer has the class shares as its probabilities and a log-density of 0.
    """
    joint = log_joint(design, parameters)
    top = joint.max(axis=1, keepdims=True)
    raised = np.exp(joint - top)
    total = raised.sum(axis=1, keepdims=True)
    density = np.log(total[:, 0]) + top[:, 0] + design.base
    return raised / total, density


def one_class_parameters(design: Design, variances: Variances | None = None) -> Parameters:
    """Closed-form fit of one class."""
    problem = stack([design], 0.0, variances)
    return unpack(problem.layout, one_class(problem)[:, 0])


def settled(design: Design, problem: Problem, A: Floats) -> Parameters:
    """Plain parameters of one run, natural parameters A (D, K).

    Where a variance is next to nothing, the class shares have lost digits among natural
    parameters as large as its inverse; they are then those of one more step of EM.
    """
    parameters = unpack(problem.layout, A)
    if not narrow_runs(problem.layout, A[:, None])[0]:
        return parameters
    G, K = parameters.log_shares.shape
    weighted = posterior(design, parameters)[0] * design.weight[:, None]
    counts = np.stack([weighted[design.group == g].sum(axis=0) for g in range(G)])
    counts += problem.prior / K * problem.mean_row[0][:G, None]
    shares = np.maximum(counts, FLOOR) / counts.sum(axis=1, keepdims=True)
    return replace(parameters, log_shares=np.log(shares))
