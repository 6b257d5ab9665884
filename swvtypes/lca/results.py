"""Results as tidy tables."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .design import Block, Design, Floats
from .diagnostics import (
    Classification,
    chi_squares,
    degrees_of_freedom,
    information_criteria,
    marginal_tables,
)
from .families import Table
from .fit import ORIGINS, Fit
from .model import Indicator

BOUNDARY = 1e-6
PROFILE_COLUMNS = (
    "group", "indicator", "parameter", "category", "class",
    "estimate", "se", "lower", "upper", "boundary",
)  # fmt: skip


def starts_frame(fit: Fit) -> pd.DataFrame:
    """One row a start: log_likelihood, n_iter, converged, solution, origin."""
    ledger = fit.starts
    frame = pd.DataFrame(
        {
            "start": np.arange(len(ledger.objective)),
            "log_likelihood": ledger.log_likelihood,
            "n_iter": ledger.n_iter,
            "converged": ledger.converged,
            "solution": ledger.solution,
            "origin": np.array(ORIGINS, dtype=object)[ledger.origin],
        }
    )
    if fit.problem.prior > 0:
        frame.insert(2, "log_posterior", ledger.objective)
    return frame


def profiles_frame(
    fit: Fit, design: Design, indicators: Sequence[Indicator], groups: Sequence[Hashable]
) -> pd.DataFrame:
    """Profiles of the classes, one row an estimate, with the columns of PROFILE_COLUMNS.

    Indicators come in the order of the data, the joint table of a pair after them. `group` is
    "all" where a profile holds in all groups.
    """
    order = {j: i for i, j in enumerate(range(len(indicators)))}
    rows: list[tuple[Any, ...]] = []
    tables = sorted(
        marginal_tables(design, fit.parameters), key=lambda t: (order[t.items[0]], t.group)
    )
    for table in tables:
        indicator = indicators[table.items[0]]
        label = groups[table.group] if table.group >= 0 else "all"
        rows += _item_rows(table, indicator, label, fit)
    for table in fit.parameters.tables:
        if len(table.items) == 2:
            label = groups[table.group] if table.group >= 0 else "all"
            rows += _pair_rows(table, [indicators[i] for i in table.items], label)
    frame = pd.DataFrame(rows, columns=["group", "indicator", "parameter", "category", "class",
                                        "estimate", "boundary"])  # fmt: skip
    for column in ("se", "lower", "upper"):
        frame[column] = np.nan
    return frame[list(PROFILE_COLUMNS)]


def _item_rows(
    table: Table, indicator: Indicator, group: Hashable, fit: Fit
) -> list[tuple[Any, ...]]:
    K = len(table.values)
    lead = (group, indicator.name)
    if indicator.constant and not indicator.categorical:
        return []
    if table.kind == "count":
        return [
            (*lead, "rate", None, k + 1, table.values[k, 0], bool(table.values[k, 0] < BOUNDARY))
            for k in range(K)
        ]
    if table.kind == "continuous":
        item = table.items[0]
        least = fit.problem.variances.floor * fit.problem.layout.scale[item] ** 2
        means = [(*lead, "mean", None, k + 1, table.values[k, 0], False) for k in range(K)]
        return means + [
            (*lead, "variance", None, k + 1, table.values[k, 1],
             bool(table.values[k, 1] <= least * (1.0 + 1e-6)))
            for k in range(K)
        ]  # fmt: skip
    rows = [
        (*lead, "probability", category, k + 1, table.values[k, m], on_boundary(table.values[k, m]))
        for m, category in enumerate(indicator.categories)
        for k in range(K)
    ]
    if table.kind == "ordinal":
        effects = ordinal_effects(fit, table)
        rows += [
            (*lead, "effect", None, k + 1, effects[k], bool(np.abs(effects[k]) > 15.0))
            for k in range(K)
        ]
    if len(indicator.categories) == 1:
        rows = [(*row[:-1], False) for row in rows]
    return rows


def boundary_counts(fit: Fit) -> tuple[int, int]:
    """How many estimates lie on the boundary of their range, and of how many."""
    boundary = total = 0
    for table in fit.parameters.tables:
        values = table.values
        if table.kind == "continuous":
            least = fit.problem.variances.floor * fit.problem.layout.scale[table.items[0]] ** 2
            boundary += int((values[:, 1] <= least * (1.0 + 1e-6)).sum())
        elif table.kind == "count":
            boundary += int((values < BOUNDARY).sum())
        elif values.shape[1] > 1:
            boundary += int(((values < BOUNDARY) | (values > 1.0 - BOUNDARY)).sum())
        total += values.size
    return boundary, total


def on_boundary(probability: float) -> bool:
    """Whether a probability is within 1e-6 of 0 or 1."""
    return bool(probability < BOUNDARY or probability > 1.0 - BOUNDARY)


def _pair_rows(table: Table, pair: Sequence[Indicator], group: Hashable) -> list[tuple[Any, ...]]:
    name = f"{pair[0].name} & {pair[1].name}"
    cells = [f"{a} & {b}" for a in pair[0].categories for b in pair[1].categories]
    return [
        (group, name, "probability", cell, k + 1, table.values[k, m],
         on_boundary(table.values[k, m]))
        for m, cell in enumerate(cells)
        for k in range(len(table.values))
    ]  # fmt: skip


def ordinal_effects(fit: Fit, table: Table) -> Floats:
    """Effect of each class on the scores of an ordinal item, summing to zero, shape (K,)."""
    block, j = _find(fit.problem.layout.blocks, table)
    width = block.size - 1
    eta = fit.A[block.start + j * width : block.start + (j + 1) * width]
    scores = block.scores[j]
    distance = np.delete(scores, block.reference[j]) - scores[block.reference[j]]
    farthest = int(np.abs(distance).argmax())
    effects = eta[farthest] / distance[farthest]
    return np.asarray(effects - effects.mean())


def _find(blocks: Sequence[Block], table: Table) -> tuple[Block, int]:
    for block in blocks:
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            if (members, g) == (table.items, table.group):
                return block, j
    raise KeyError(table.items)


def criteria_series(
    fit: Fit, design: Design, classification: Classification, pseudo: bool
) -> pd.Series[Any]:
    """Criteria of one model; those that count cases are NaN under survey weights (`pseudo`)."""
    n = design.n
    values: dict[str, float] = {
        "log_likelihood": fit.log_likelihood,
        "log_posterior": fit.objective if fit.problem.prior > 0 else float("nan"),
        "n_parameters": float(fit.n_parameters),
        "n": n,
    }
    criteria = information_criteria(fit.log_likelihood, fit.n_parameters, n, classification.entropy)
    if pseudo:
        criteria = dict.fromkeys(criteria, float("nan"))
    l2, x2 = chi_squares(design, fit.parameters)
    values |= criteria
    values |= {
        "entropy_r2": classification.entropy_r2,
        "entropy_relative": classification.entropy_relative,
        "classification_error": classification.error,
        "l2": float("nan") if pseudo else l2,
        "x2": float("nan") if pseudo else x2,
        "df": degrees_of_freedom(design, fit.n_parameters),
    }
    return pd.Series(values, name="criteria")
