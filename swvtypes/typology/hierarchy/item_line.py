"""Superclusters against one dimension behind the items themselves, without classes of any kind.

Where one continuum drives every item, classes within a theme only cut it up: their items stay
associated, and superclusters pick up what the cut leaves over. A dimension over theme classes
cannot stand for that continuum, so that superclusters must hold against this model too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers, redesign
from swvtypes.lca.em import Settings, stack
from swvtypes.lca.families import Parameters, unpack
from swvtypes.lca.simulate import simulate_values
from swvtypes.lca.tail import Tail, tail_of
from swvtypes.lca.threads import workers
from swvtypes.parallel import run_parallel
from swvtypes.typology.continuum.candidates import trait, trait_natural
from swvtypes.typology.continuum.line_fit import LineFits, fit_line
from swvtypes.typology.continuum.line_model import SHAPES, count_line_parameters

from .coupling import Coupled, row_by_row, with_answers
from .parameters import Hierarchy
from .replicates import BLOCK, Contest, draw, fit_alone
from .starting import child

Direction = Literal["line", "superclusters"]
_STARTS = 2


@dataclass(frozen=True)
class ItemLines:
    """The item-level dimension fitted to R data sets.

    Attributes
    ----------
    log_likelihood : ndarray, shape (R,)
        Of the best of the shapes normal, uniform and skewed.
    shape : ndarray of int, shape (R,)
        Which shape.
    fits : list of LineFits
        One a shape.
    """

    log_likelihood: Floats
    shape: Integers
    fits: list[LineFits]


def all_items(coupled: Coupled) -> Design:
    """Answers of all themes side by side, a row of the design a row of the data."""
    values = np.concatenate([d.values for d in coupled.designs], axis=1)
    items = [item for d in coupled.designs for item in d.layout.items]
    return row_by_row(values, items, coupled.weight)


def has_item_line(coupled: Coupled) -> bool:
    """Whether the items can be laid on a line: categories and counts only."""
    return all(i.family != "continuous" for d in coupled.designs for i in d.layout.items)


def fit_item_lines(designs: Sequence[Design], seeds: list[int], settings: Settings) -> ItemLines:
    """Fit one dimension of each shape to data sets of one shape."""
    problem = stack(list(designs))
    fits = [
        fit_line(problem, trait(shape), [child(s, 7) for s in seeds], _STARTS, settings)
        for shape in SHAPES
    ]
    table = np.stack([f.log_likelihood for f in fits], axis=1)
    return ItemLines(table.max(axis=1), table.argmax(axis=1), fits)


def line_parameters(design: Design, lines: ItemLines, r: int) -> Parameters:
    """Give the best dimension of data set r in plain form, to draw from."""
    state = lines.fits[int(lines.shape[r])].state
    return unpack(design.layout, trait_natural(design.layout, state, r))


def count_item_line(design: Design) -> int:
    """Free parameters of the dimension."""
    return count_line_parameters(design.layout, trait("normal"))


def split(coupled: Coupled, values: Floats) -> list[Floats]:
    """Give the answers of each theme."""
    stops = np.cumsum([len(d.layout.items) for d in coupled.designs])
    return np.split(values, stops[:-1], axis=1)


def draw_from_line(
    cases: Coupled, design: Design, parameters: Parameters, seed: int, number: int
) -> Coupled:
    """One replicate drawn from the dimension, missing where the data are missing."""
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(8, number)))
    values, _ = simulate_values(design.layout.items, parameters, design.group, generator)
    values[np.isnan(design.values)] = np.nan
    return with_answers(cases, split(cases, values))


def line_gains(
    data: Sequence[Coupled], design: Design, asked: Contest, seeds: list[int]
) -> tuple[Floats, Floats, ItemLines]:
    """Log-likelihoods of superclusters and of the dimension, shape (R,), and the dimensions."""
    found = fit_alone(data, asked, seeds)
    joint = [
        redesign(design, np.concatenate([d.values for d in one.designs], axis=1)) for one in data
    ]
    lines = fit_item_lines(joint, seeds, asked.rule.settings)
    return found, lines.log_likelihood, lines


def _block(
    cases: Coupled,
    design: Design,
    null: Parameters | Hierarchy,
    asked: Contest,
    seed: int,
    block: int,
) -> Floats:
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    with workers(1):
        if isinstance(null, Hierarchy):
            data = [draw(cases, null, seed, r) for r in numbers]
        else:
            data = [draw_from_line(cases, design, null, seed, r) for r in numbers]
        classes, line, _ = line_gains(data, design, asked, [child(seed, 9, r) for r in numbers])
    sign = -1.0 if isinstance(null, Hierarchy) else 1.0
    return np.asarray(sign * 2.0 * (classes - line))


def line_replicates(  # noqa: PLR0913, PLR0917
    cases: Coupled,
    design: Design,
    null: Parameters | Hierarchy,
    asked: Contest,
    seed: int,
    n_boot: int,
    statistic: float,
    stop_after: int | None,
    n_jobs: int,
) -> tuple[Floats, Tail]:
    """Statistics of replicates of the null, and the tail that `statistic` cuts off."""
    one = partial(_block, cases, design, null, asked, seed)
    n_blocks = -(-n_boot // BLOCK)
    found = np.empty(0)
    step = n_blocks if stop_after is None else max(1, n_jobs)
    for low in range(0, n_blocks, step):
        parts = run_parallel(one, range(low, min(low + step, n_blocks)), n_jobs)
        found = np.concatenate([found, *parts])[:n_boot]
        reached = int((found >= statistic - Tail.TIE).sum())
        if stop_after is not None and reached >= stop_after:
            break
    return tail_of(found, statistic, stop_after)
