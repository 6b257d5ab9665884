"""Simulated panels of a fitted chain."""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats, Item, build_design
from swvtypes.lca.families import Parameters, unpack
from swvtypes.lca.simulate import simulate_values

from .fit import ChainFit
from .sequences import Sequences, collapse


def simulate_chain(
    fit: ChainFit, items: tuple[Item, ...], generator: np.random.Generator
) -> Sequences:
    """Draw answers from a fitted chain, missing where the data are missing.

    Parameters
    ----------
    fit : ChainFit
        Weights of its sequences are rounded to whole units.
    items : tuple of Item
        What the columns are.
    generator : Generator

    Returns
    -------
    Sequences
    """
    model, data = fit.model, fit.data
    units = np.repeat(np.arange(len(data.weight)), np.rint(data.weight).astype(int))
    cell = data.cell[units]
    classes = _paths(fit, len(units), generator)
    design = data.design
    answered = cell < len(design.X)
    wave = np.broadcast_to(np.arange(cell.shape[1]), cell.shape)
    n_groups = model.layout.n_groups
    group = wave[answered] if n_groups > 1 else np.zeros(int(answered.sum()), np.intp)
    values = _answers(fit, items, classes[answered], group, generator)
    values[np.isnan(design.values[cell[answered]])] = np.nan
    new = build_design(values, items, None, group if n_groups > 1 else None)
    out = np.full(cell.shape, len(new.X), dtype=np.intp)
    out[answered] = new.inverse
    return collapse(new, out, np.ones(len(units)))


def _paths(fit: ChainFit, n: int, generator: np.random.Generator) -> np.ndarray:
    """Classes of n units at every wave, shape (n, T)."""
    model = fit.model
    start = np.exp(fit.Z[model.width])
    moves = np.exp(model.transition(fit.Z[:, None])[:, :, 0])
    paths = np.empty((n, fit.data.n_waves), dtype=np.intp)
    paths[:, 0] = _draw(np.tile(start, (n, 1)), generator)
    for t in range(1, fit.data.n_waves):
        table = moves[min(t - 1, model.n_steps - 1)]
        paths[:, t] = _draw(table[paths[:, t - 1]], generator)
    return paths


def _draw(p: Floats, generator: np.random.Generator) -> np.ndarray:
    total = np.cumsum(p, axis=1)
    u = generator.random(len(p)) * total[:, -1]
    return np.asarray((u[:, None] > total).sum(axis=1))


def _answers(
    fit: ChainFit,
    items: tuple[Item, ...],
    classes: np.ndarray,
    group: np.ndarray,
    generator: np.random.Generator,
) -> Floats:
    model = fit.model
    parameters = unpack(model.layout, fit.Z[: model.width])
    values = np.empty((len(classes), len(items)))
    for k in range(model.n_classes):
        mine = classes == k
        certain = np.full_like(parameters.log_shares, -np.inf)
        certain[:, k] = 0.0
        one = Parameters(certain, parameters.tables)
        values[mine] = simulate_values(items, one, group[mine], generator)[0]
    return values
