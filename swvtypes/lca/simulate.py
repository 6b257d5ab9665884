"""Answers drawn from a fitted model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .design import Design, Floats, Integers, Item
from .families import Parameters


def simulate_values(
    items: Sequence[Item], parameters: Parameters, group: Integers, generator: np.random.Generator
) -> tuple[Floats, Integers]:
    """Draw classes and complete answers.

    Parameters
    ----------
    items : sequence of Item
        The indicators.
    parameters : Parameters
        The model.
    group : ndarray of int, shape (n,)
        Known group of each row, zeros without groups.
    generator : Generator
        Source of randomness.

    Returns
    -------
    values : ndarray, shape (n, J)
        Category codes from 0, counts or measurements.
    classes : ndarray of int, shape (n,)
        Classes from 0.
    """
    n = len(group)
    shares = np.exp(parameters.log_shares)[group]
    classes = _draw(shares, generator)
    values = np.zeros((n, len(items)))
    for table in parameters.tables:
        rows = np.flatnonzero((group == table.group) | (table.group < 0))
        mine = table.values[classes[rows]]
        if table.kind == "count":
            values[rows, table.items[0]] = generator.poisson(mine[:, 0])
        elif table.kind == "continuous":
            noise = generator.standard_normal(len(rows))
            values[rows, table.items[0]] = mine[:, 0] + np.sqrt(mine[:, 1]) * noise
        elif len(table.items) == 2:
            cell = _draw(mine, generator)
            m2 = items[table.items[1]].n_categories
            values[rows, table.items[0]], values[rows, table.items[1]] = cell // m2, cell % m2
        else:
            values[rows, table.items[0]] = _draw(mine, generator)
    return values, classes


def simulate_like(design: Design, parameters: Parameters, generator: np.random.Generator) -> Floats:
    """Draw answers for the patterns of a design, missing where its answers are missing.

    The design should hold one row a case (weights of 1) for a parametric bootstrap replicate;
    see :func:`swvtypes.lca.design.redesign` for the way back to a design.
    """
    values, _ = simulate_values(design.layout.items, parameters, design.group, generator)
    values[np.isnan(design.values)] = np.nan
    return values


def _draw(probabilities: Floats, generator: np.random.Generator) -> Integers:
    """One category a row, by inversion."""
    cumulative = probabilities.cumsum(axis=1)
    u = generator.random(len(probabilities)) * cumulative[:, -1]
    return np.asarray((u[:, None] >= cumulative[:, :-1]).sum(axis=1), dtype=np.intp)
