"""Themes measured by items: both steps fitted to many data sets, and replicates drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers, redesign
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Parameters, log_joint, unpack
from swvtypes.lca.fit import Starts
from swvtypes.lca.replicates import (
    BLOCK,
    Rule,
    best_fits,
    distinct_rows,
    replicate_starts,
    rows_of,
    stack_designs,
)
from swvtypes.lca.simulate import simulate_values
from swvtypes.lca.threads import workers

from .candidates import Candidates, Models, laid_side_by_side, trait
from .line_fit import fit_line
from .line_model import SHAPES
from .measured import Measured, fit_free, measure, theme_layout

_STREAM = 30_047
# The second step's likelihoods are flat: it stops sooner, on real and simulated data alike.
_SECOND_STEP = Settings(500, 1e-6)


@dataclass(frozen=True)
class ThemeData:
    """One theme: its cases, and the classes its items measure.

    Attributes
    ----------
    cases : Design
        One row a case, in the same order for every theme.
    n_classes : int
        Classes of the theme.
    parameters : Parameters
        Its fit.
    """

    cases: Design
    n_classes: int
    parameters: Parameters


def collapsed(cases: Design) -> Design:
    """Give cases as distinct patterns with weights."""
    first, weight = distinct_rows(cases.values, cases.group)
    design = rows_of(cases, first, weight)
    empty = np.isnan(design.values).all(axis=1)
    design.weight[empty] = 0.0
    return design


def measured_themes(
    cases: Sequence[Sequence[Design]],
    themes: Sequence[ThemeData],
    starts: Sequence[Starts],
    rule: Rule,
) -> Measured:
    """Step one for R data sets, cases[t][r]: fit the themes, and measure the cases."""
    likelihood, shares = [], []
    for theme, data in zip(themes, cases, strict=True):
        problem = stack_designs([collapsed(one) for one in data], rule)
        best = best_fits(problem, theme.n_classes, starts, rule)
        rows, sizes = [], []
        for r, one in enumerate(data):
            found = unpack(one.layout, np.ascontiguousarray(best.A[:, r]))
            log_shares = found.log_shares[0]
            logs = log_joint(one, found) - log_shares
            rows.append(np.exp(logs - logs.max(axis=1, keepdims=True)))
            sizes.append(np.exp(log_shares))
        likelihood.append(np.stack(rows))
        shares.append(np.stack(sizes))
    return measure(likelihood, shares)


def fit_second_step(measured: Measured, models: Models, seeds: Sequence[int]) -> Candidates:
    """Fit independence, free types and the traits to the theme classes."""
    free = [fit_free(measured, K, seeds, models.n_init, _SECOND_STEP) for K in models.classes]
    problem = measured.problem
    lines = [
        fit_line(problem, trait(s), seeds, models.line_init, _SECOND_STEP, measured.e_step)
        for s in SHAPES
    ]
    return laid_side_by_side(problem, models, free, lines)


@dataclass(frozen=True)
class ThemePopulation:
    """What replicates are drawn from: the second level, and the themes' measurement."""

    themes: tuple[ThemeData, ...]
    second: Parameters
    sizes: tuple[int, ...]
    seed: int


def draw_themes(population: ThemePopulation, r: int) -> list[Design]:
    """Draw replicate r: a point, theme classes, answers; missing where the data are missing."""
    generator = np.random.default_rng(
        np.random.SeedSequence(population.seed, spawn_key=(_STREAM, r))
    )
    n = len(population.themes[0].cases.weight)
    classes = _theme_classes(population, n, generator)
    found = []
    for t, theme in enumerate(population.themes):
        K = theme.n_classes
        with np.errstate(divide="ignore"):
            given = Parameters(np.log(np.eye(K)), theme.parameters.tables)
        values, _ = simulate_values(theme.cases.layout.items, given, classes[:, t], generator)
        values[np.isnan(theme.cases.values)] = np.nan
        found.append(redesign(theme.cases, values))
    return found


def _theme_classes(population: ThemePopulation, n: int, generator: np.random.Generator) -> Integers:
    items = theme_layout(population.sizes).items
    values, _ = simulate_values(items, population.second, np.zeros(n, np.intp), generator)
    return values.astype(np.intp)


def theme_statistics(population: ThemePopulation, models: Models, block: int) -> Floats:
    """Both statistics of the replicates of one block, shape (BLOCK, 2)."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    with workers(1):
        drawn = [draw_themes(population, r) for r in numbers]
        starts = [replicate_starts(population.seed, r, models.n_init) for r in numbers]
        cases = [[one[t] for one in drawn] for t in range(len(population.themes))]
        measured = measured_themes(cases, population.themes, starts, models.rule)
        return fit_second_step(measured, models, [s.entropy for s in starts]).statistics
