"""Results of a hierarchy as tidy tables."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from swvtypes.lca.design import Floats, Layout
from swvtypes.lca.diagnostics import Classification, information_criteria
from swvtypes.lca.families import Table
from swvtypes.lca.inference_intervals import Estimates, ProfileEstimates
from swvtypes.lca.model import Indicator
from swvtypes.lca.results import BOUNDARY, PROFILE_COLUMNS, on_boundary

from .coordinates import EDGE
from .coupling import Coupled
from .outcome import Outcome
from .parameters import Hierarchy, Scored
from .reading import Reading
from .uncertainty import Uncertainty


def starts_frame(outcome: Outcome) -> pd.DataFrame:
    """One row a start."""
    return pd.DataFrame(
        {
            "start": np.arange(len(outcome.n_iter)),
            "log_likelihood": outcome.log_likelihoods,
            "n_iter": outcome.n_iter,
            "converged": outcome.start_converged,
            "solution": outcome.solution,
            "origin": np.array(outcome.origins, dtype=object),
        }
    )


def criteria_series(
    outcome: Outcome, coupled: Coupled, scored: Scored, pseudo: bool
) -> pd.Series[Any]:
    """Criteria; those that count cases are NaN under survey weights."""
    found = Classification(scored.superclusters, coupled.weight)
    criteria = information_criteria(
        outcome.log_likelihood, outcome.n_parameters, coupled.n, found.entropy
    )
    if pseudo:
        criteria = dict.fromkeys(criteria, float("nan"))
    values = {
        "log_likelihood": outcome.log_likelihood,
        "log_posterior": outcome.objective if outcome.wish.has_prior else float("nan"),
        "n_parameters": float(outcome.n_parameters),
        "n": coupled.n,
        **criteria,
        "entropy_r2": found.entropy_r2,
        "entropy_relative": found.entropy_relative,
        "classification_error": found.error,
    }
    return pd.Series(values, name="criteria")


def _estimate_columns(found: Estimates, values: Floats) -> dict[str, Any]:
    single = values.shape[-1] == 1
    edge = (values < EDGE) | (values > 1.0 - EDGE)
    return {
        "estimate": values.ravel(),
        "se": found.se.ravel(),
        "lower": found.lower.ravel(),
        "upper": found.upper.ravel(),
        "boundary": (np.zeros_like(edge) if single else edge).ravel(),
    }


def shares_frame(model: Hierarchy, error: Uncertainty) -> pd.DataFrame:
    """Shares of the superclusters; without standard errors where there are covariates."""
    found = error.shares()
    if model.coefficients is not None:
        nothing = np.full_like(model.shares, np.nan)
        found = Estimates(model.shares, nothing, nothing, nothing)
    index = pd.RangeIndex(1, len(model.shares) + 1, name="supercluster")
    return pd.DataFrame(_estimate_columns(found, model.shares), index=index)


def conditional_frame(model: Hierarchy, error: Uncertainty, names: tuple[str, ...]) -> pd.DataFrame:
    """Conditional probabilities, one row a theme, supercluster and class."""
    parts = []
    for t, (name, rho) in enumerate(zip(names, model.conditional, strict=True)):
        P, C = rho.shape
        parts.append(
            pd.DataFrame(
                {
                    "theme": name,
                    "supercluster": np.repeat(np.arange(1, P + 1), C),
                    "class": np.tile(np.arange(1, C + 1), P),
                    **_estimate_columns(error.conditional(t), rho),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def coefficient_frame(error: Uncertainty, names: tuple[str, ...]) -> pd.DataFrame:
    """Coefficients of the covariates against supercluster 1."""
    gamma, se = error.coefficients()
    Q, P = gamma.shape
    rows = []
    for q in range(Q):
        for p in range(1, P):
            wald = (gamma[q, p] / se[q, p]) ** 2 if se[q, p] > 0 else np.nan
            z = abs(gamma[q, p] / se[q, p]) if se[q, p] > 0 else np.nan
            rows.append((names[q], p + 1, gamma[q, p], se[q, p], wald, 2.0 * norm.sf(z)))
    columns = ["covariate", "supercluster", "estimate", "se", "wald", "p_value"]
    return pd.DataFrame(rows, columns=columns)


def profiles_frame(
    outcome: Outcome, coupled: Coupled, reading: Reading, error: Uncertainty
) -> pd.DataFrame:
    """Profiles of the classes of every theme, as those of a latent class model."""
    rows: list[tuple[Any, ...]] = []
    for t, name in enumerate(reading.names):
        found = error.measurement(coupled, t)
        layout = coupled.designs[t].layout
        for table in sorted(outcome.model.tables[t], key=lambda x: x.items):
            indicator = reading.indicators[t][table.items[0]]
            rows += [(name, "all", *row) for row in _rows(outcome, layout, table, indicator, found)]
    columns = ["theme", *PROFILE_COLUMNS]
    return pd.DataFrame(rows, columns=columns)


def _rows(
    outcome: Outcome, layout: Layout, table: Table, indicator: Indicator, found: ProfileEstimates
) -> list[tuple[Any, ...]]:
    if indicator.constant and not indicator.categorical:
        return []
    known = found.units.get((table.items, table.group))
    values = table.values
    K, m = values.shape
    se, lower, upper = (
        (known.se, known.lower, known.upper) if known is not None
        else (np.full((K, m), np.nan),) * 3
    )  # fmt: skip
    least = outcome.wish.variances.floor * layout.scale[table.items[0]] ** 2
    names: list[tuple[str, Any]]
    if table.kind == "count":
        names, edge = [("rate", None)], values < BOUNDARY
    elif table.kind == "continuous":
        names = [("mean", None), ("variance", None)]
        edge = np.stack([np.zeros(K, bool), values[:, 1] <= least * (1.0 + 1e-6)], axis=1)
    else:
        names = [("probability", c) for c in indicator.categories]
        edge = np.array([[m > 1 and on_boundary(v) for v in row] for row in values])
    rows = [
        (indicator.name, names[c][0], names[c][1], k + 1, values[k, c], se[k, c], lower[k, c],
         upper[k, c], bool(edge[k, c]))
        for c in range(m)
        for k in range(K)
    ]  # fmt: skip
    if table.kind == "ordinal":
        rows += _effect_rows(layout, table, indicator, found)
    return rows


def _effect_rows(
    layout: Layout, table: Table, indicator: Indicator, found: ProfileEstimates
) -> list[tuple[Any, ...]]:
    """Effects of the classes on the scores of an ordinal indicator; they sum to zero."""
    known = found.effects.get((table.items, table.group))
    K = len(table.values)
    if known is None:
        return []
    large = np.abs(known.value) > 15.0
    return [
        (indicator.name, "effect", None, k + 1, known.value[k], known.se[k], known.lower[k],
         known.upper[k], bool(large[k]))
        for k in range(K)
    ]  # fmt: skip
