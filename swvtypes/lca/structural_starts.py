"""Where one step starts: the likelihood with covariates has maxima that step one does not show.

Besides the solutions that step one came to, those of a model are used in which the covariates
are indicators (continuous, with one variance for all classes): the engine finds them from random
starts, and they are near what covariates and items say together. All starts take a few steps of
EM; the best go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .design import Design, Floats, Item, build_design
from .em import Settings
from .families import Parameters, Table, Variances, unpack
from .fit import Fit, Starts, fit_classes, posterior
from .inference_alignment import align_classes
from .inference_scores import Evidence
from .structural import Measurement
from .structural_logit import fit_logit
from .structural_mixture import MixtureFit, MixtureSpec, few_steps, fit_mixture

_KEPT = 10
_FIRST_STEPS = 25
_FINISH = 3
_SETTINGS = Settings(2000, 1e-7)


@dataclass(frozen=True)
class Start:
    """Coefficients (Q, K), the first class at zero, and profiles to start from."""

    gamma: Floats
    tables: tuple[Table, ...]


def best_from_starts(evidence: Evidence, starts: list[Start], spec: MixtureSpec) -> MixtureFit:
    """Fit a mixture from the starts that do best in a few steps, and always from the first."""
    tried = [few_steps(evidence, s.gamma, s.tables, spec, _FIRST_STEPS) for s in starts]
    order = sorted(range(1, len(tried)), key=lambda i: -tried[i][0])[:_FINISH]
    best: MixtureFit | None = None
    for i in (0, *order):
        _, gamma, tables = tried[i]
        fit = fit_mixture(evidence, gamma, tables, spec)
        if best is None or fit.objective > best.objective + 1e-7:
            best = fit
    assert best is not None
    return best


def one_step_starts(
    measurement: Measurement, engine: Fit, Z: Floats, n_starts: int, seed: int
) -> list[Start]:
    """List starts of a model with covariates, the best solution of step one first.

    Parameters
    ----------
    measurement : Measurement
        Step one.
    engine : Fit
        The same, with what all its starts came to.
    Z : ndarray, shape (n, Q)
        Covariates, the constant first.
    n_starts : int
        Random starts of the model in which the covariates are indicators; none at 0.
    seed : int
        Of those.
    """
    design = measurement.design
    found = [(posterior(design, p)[0][design.inverse], p.tables) for p in solutions_of(engine)]
    if n_starts > 0:
        found += _with_covariates(measurement, engine, Z, Starts(n_starts, seed))
    zeros = np.zeros((Z.shape[1], measurement.n_classes))
    weight = measurement.weight[:, None]
    return [Start(fit_logit(Z, p * weight, zeros, max_iter=25)[0], tables) for p, tables in found]


def solutions_of(engine: Fit) -> list[Parameters]:
    """List the best solution of a fit and the others that its starts came to."""
    layout = engine.problem.layout
    out = [engine.parameters]
    number, objective = engine.starts.solution, engine.starts.objective
    for s in range(2, min(int(number.max()), _KEPT) + 1):
        mine = np.flatnonzero(number == s)
        i = int(mine[np.argmax(objective[mine])])
        if i < engine.solutions.shape[1]:
            out.append(unpack(layout, np.ascontiguousarray(engine.solutions[:, i])))
    return out


def outcome_starts(
    design: Design, original: Parameters, starts: Starts, variances: Variances
) -> list[Start]:
    """List solutions of a model in which an outcome is one more indicator.

    Parameters
    ----------
    design : Design
        Items and, last, the outcome.
    original : Parameters
        Step one, whose order the classes get by the profiles of the items.
    starts : Starts
        Random starts of the engine; none at 0.
    variances : Variances
        How Gaussian variances are held.
    """
    if starts.n_init == 0:
        return []
    fit = fit_classes(design, original.n_classes, starts, _SETTINGS, 0.0, variances)
    last = len(design.layout.items) - 1
    out = []
    for found in solutions_of(fit):
        items = tuple(t for t in found.tables if last not in t.items)
        order = align_classes(original, Parameters(found.log_shares, items))
        ordered = found.reorder(order)
        gamma = np.maximum(ordered.log_shares, np.log(1e-6))
        out.append(Start(gamma - gamma[:, :1], ordered.tables))
    return out


def _with_covariates(
    measurement: Measurement, engine: Fit, Z: Floats, starts: Starts
) -> list[tuple[Floats, tuple[Table, ...]]]:
    """Posterior probabilities (n, K) and profiles of the items with covariates as indicators."""
    old: Any = measurement.design
    J = len(old.layout.items)
    items = (*old.layout.items, *(Item(f"covariate {q}", "continuous") for q in range(1, len(Z.T))))
    values = np.column_stack([old.values[old.inverse], Z[:, 1:]])
    group = old.group[old.inverse]
    design = build_design(values, items, measurement.weight, group, old.layout.pairs)
    variances = Variances(engine.problem.variances.free, max(engine.problem.variances.floor, 1e-3))
    fit = fit_classes(
        design, measurement.n_classes, starts, _SETTINGS, engine.problem.prior, variances
    )
    out = []
    for parameters in solutions_of(fit):
        tables = tuple(t for t in parameters.tables if max(t.items) < J)
        out.append((posterior(design, parameters)[0][design.inverse], tables))
    return out
