"""Fitted chains as tidy tables."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.lca.design import Floats
from swvtypes.lca.families import Table, unpack
from swvtypes.lca.model import Indicator

from .fit import ChainFit
from .panel import Panel
from .profile_errors import Key

BOUNDARY = 1e-6


def class_labels(n_classes: int, name: str = "class") -> pd.Index:
    """Labels 1..K."""
    return pd.RangeIndex(1, n_classes + 1, name=name)


def initial_series(fit: ChainFit) -> pd.Series[Any]:
    """Class probabilities at the first wave."""
    values = np.exp(fit.Z[fit.model.width])
    return pd.Series(values, index=class_labels(fit.model.n_classes), name="initial")


def transition_frame(fit: ChainFit, waves: tuple[Hashable, ...]) -> pd.DataFrame:
    """Transition probabilities: rows from class (and step), columns to class."""
    K = fit.model.n_classes
    moves = np.exp(fit.model.transition(fit.Z[:, None])[:, :, 0])
    columns = class_labels(K, "to_class")
    if fit.model.n_steps == 1 and len(waves) > 2:
        return pd.DataFrame(moves[0], index=class_labels(K, "from_class"), columns=columns)
    rows = [(waves[t], waves[t + 1], k + 1) for t in range(fit.model.n_steps) for k in range(K)]
    index = pd.MultiIndex.from_tuples(rows, names=["from_wave", "to_wave", "from_class"])
    return pd.DataFrame(moves.reshape(-1, K), index=index, columns=columns)


def profile_frame(fit: ChainFit, panel: Panel, errors: dict[Key, Floats]) -> pd.DataFrame:
    """Profiles: group, indicator, parameter, category, class, estimate and its uncertainty."""
    tables = unpack(fit.model.layout, fit.Z[: fit.model.width]).tables
    rows: list[tuple[Any, ...]] = []
    for table in sorted(tables, key=lambda t: (t.items, t.group)):
        indicator = panel.indicators[table.items[0]]
        group = panel.waves[table.group] if table.group >= 0 else "all"
        none = np.full((*table.values.shape, 3), np.nan)
        found = errors.get((table.items, table.group), none)
        rows += [(group, *row) for row in _rows(table, indicator, found)]
    columns = [
        "group", "indicator", "parameter", "category", "class", "estimate", "se", "lower",
        "upper", "boundary",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _rows(table: Table, indicator: Indicator, errors: Floats) -> list[tuple[Any, ...]]:
    values = table.values
    if indicator.categorical:
        parts = [("probability", c, m) for m, c in enumerate(indicator.categories)]
    elif table.kind == "count":
        parts = [("rate", None, 0)]
    else:
        parts = [("mean", None, 0), ("variance", None, 1)]
    rows = []
    for name, category, m in parts:
        for k in range(len(values)):
            value = float(values[k, m])
            edge = value < BOUNDARY or (name == "probability" and value > 1.0 - BOUNDARY)
            edge = bool(edge and name != "mean" and values.shape[1] > 1)
            rows.append(
                (indicator.name, name, category, k + 1, value, *map(float, errors[k, m]), edge)
            )
    return rows
