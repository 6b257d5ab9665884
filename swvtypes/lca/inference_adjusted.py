"""Intervals that hold their coverage at small numbers: one pseudo-case a class.

Intervals around maximum likelihood estimates are too short when a class has few cases, and there
are none on the boundary. Here they are made around the posterior mode under a prior of one
pseudo-case a class (Clogg, Rubin, Schenker, Schultz and Weidman 1991; Galindo-Garre and Vermunt
2006), as the intervals of Agresti and Coull (1998) are for one proportion. Estimates and standard
errors stay those of the fit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .design import Design, Floats
from .em import Problem, polish, stack
from .families import Parameters, pack, unpack
from .fit import Fit
from .inference_chart import BOUNDARY, Booleans, Chart
from .inference_intervals import Estimates, Key, ProfileEstimates

PSEUDO_CASES = 1.0


def shrunk_fit(fit: Fit, design: Design) -> Fit:
    """Posterior mode nearest to a fit, under a prior of one pseudo-case a class.

    Parameters
    ----------
    fit : Fit
        A model without a prior.
    design : Design
        Its data.

    Returns
    -------
    Fit
        Classes in the order of the model's; its ledger of starts is that of the model.
    """
    prior = PSEUDO_CASES * fit.parameters.n_classes
    problem: Problem = stack([design], prior, fit.problem.variances)
    reached = polish(problem, pack(problem.layout, fit.parameters), 0)
    parameters: Parameters = unpack(problem.layout, reached.A)
    return replace(
        fit,
        parameters=parameters,
        problem=problem,
        A=reached.A,
        log_likelihood=reached.log_likelihood,
        objective=reached.objective,
    )


def with_limits_of(
    found: ProfileEstimates, shrunk: ProfileEstimates, chart: Chart
) -> ProfileEstimates:
    """Give estimates the limits of others, widened to hold the estimates themselves.

    Parameters
    ----------
    found : ProfileEstimates
        Of the fit; what is returned keeps their values and standard errors.
    shrunk : ProfileEstimates
        Of the model whose limits are taken.
    chart : Chart
        Of the fit: says what lies on the boundary. An estimate that has no standard error for
        another reason, because the data do not determine it, gets no limits either.
    """
    boundary = {(u.items, u.group): u.boundary for u in chart.units}
    units: dict[Key, Estimates] = {}
    for key, mine in found.units.items():
        edge = boundary.get(key)
        units[key] = _joined(mine, shrunk.units[key], _edge(mine.value) if edge is None else edge)
    effects = {
        key: _joined(mine, shrunk.effects[key], np.zeros(mine.value.shape, dtype=bool))
        for key, mine in found.effects.items()
    }
    shares = _joined(found.shares, shrunk.shares, _edge(found.shares.value))
    return ProfileEstimates(units, effects, shares)


def _edge(p: Floats) -> Booleans:
    return np.asarray((p < BOUNDARY) | (p > 1.0 - BOUNDARY))


def _joined(mine: Estimates, other: Estimates, edge: Booleans) -> Estimates:
    loose = np.isnan(mine.se) & ~edge
    lower = np.where(loose, np.nan, np.minimum(other.lower, mine.value))
    upper = np.where(loose, np.nan, np.maximum(other.upper, mine.value))
    return Estimates(mine.value, mine.se, lower, upper)
