"""Replicates of a parametric bootstrap: drawn from a fitted model, fitted in fixed blocks.

Replicate r has a seed of its own, and blocks hold the same replicates however many are asked, so
that more replicates keep the earlier ones and the number of workers changes nothing. Every data
set, real or simulated, is fitted by the same :class:`Rule`: with fewer starts for the replicates
than for the data the null distribution would be too low.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from swvtypes.errors import WeightError
from swvtypes.parallel import progress, run_parallel, run_shared

from .design import Design, Floats, Integers, redesign
from .em import Problem, Settings, stack
from .families import Parameters, Variances
from .fit import Fit, Starts, best_of_replicates, fit_replicates
from .simulate import simulate_like
from .threads import worker_count, workers

BLOCK = 20
ENOUGH_STARTS = 10
_STREAM = 20_041
_WORTH_PROCESSES = 5e7
_HEAVY = 2**21
_MOST_CELLS = 2**24
_SAME = 1e-4

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Rule:
    """How a data set is fitted: starts, stopping rule, prior and variances.

    Parameters
    ----------
    n_init : int
        Random starts.
    settings : Settings
        When a start stops.
    prior : float
        Pseudo-cases; 0 is maximum likelihood.
    variances : Variances
        How Gaussian variances are held.
    """

    n_init: int
    settings: Settings
    prior: float = 0.0
    variances: Variances = Variances()  # noqa: RUF009


@dataclass(frozen=True)
class Population:
    """The model that replicates are drawn from.

    Attributes
    ----------
    cases : Design
        One row a case; replicates keep its groups and its missing cells.
    parameters : Parameters
        The model.
    seed : int
        Replicate r draws from a child (seed, r).
    """

    cases: Design
    parameters: Parameters
    seed: int


@dataclass(frozen=True)
class Best:
    """The best start of each of R data sets.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (R,)
        They differ under a prior only.
    A : ndarray, shape (D, R, K)
        Natural parameters.
    times_found : ndarray of int, shape (R,)
        Starts that came within 1e-4 of the best.
    converged : ndarray of bool, shape (R,)
        Whether the best start stopped by itself.
    """

    log_likelihood: Floats
    objective: Floats
    A: Floats
    times_found: Integers
    converged: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def one_row_a_case(design: Design) -> Design:
    """Write a pattern with frequency w as w rows of weight 1, in canonical order.

    Patterns without an answer are left out: nothing is drawn for them.

    Raises
    ------
    WeightError
        When a weight is not a whole number.
    """
    weight = np.rint(design.weight)
    if np.abs(design.weight - weight).max(initial=0.0) > 1e-9 * max(1.0, float(weight.max())):
        raise WeightError(
            "sample_weight",
            [
                "a bootstrap draws whole cases: expected whole numbers as frequencies, "
                f"got a pattern of weight {_fraction(design.weight):g}"
            ],
        )
    rows = np.repeat(np.arange(len(weight)), weight.astype(np.intp))
    return rows_of(design, rows, np.ones(len(rows)))


def _fraction(weight: Floats) -> float:
    return float(weight[np.abs(weight - np.rint(weight)).argmax()])


def rows_of(design: Design, rows: Integers, weight: Floats) -> Design:
    """Give a design that consists of some rows of another, with other weights."""
    return replace(
        design, X=design.X[rows], weight=weight, base=design.base[rows],
        group=design.group[rows], values=design.values[rows], inverse=np.arange(len(rows)),
    )  # fmt: skip


def draw_replicate(population: Population, r: int) -> Design:
    """Draw replicate r: answers from the model, missing where the data's are missing.

    Returns
    -------
    Design
        Identical patterns collapsed; the columns are those of the data.
    """
    generator = np.random.default_rng(_child(population.seed, r, 0))
    values = simulate_like(population.cases, population.parameters, generator)
    first, weight = distinct_rows(values, population.cases.group)
    return redesign(rows_of(population.cases, first, weight), values[first])


def distinct_rows(values: Floats, group: Integers) -> tuple[Integers, Floats]:
    """First row of each distinct pattern, and how many rows share it."""
    key = np.where(np.isnan(values), np.nan, values) + 0.0  # one NaN, one zero
    key = np.ascontiguousarray(np.column_stack([group.astype(float), key]))
    as_bytes = key.view(np.dtype((np.void, key.dtype.itemsize * key.shape[1]))).ravel()
    _, first, count = np.unique(as_bytes, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order].astype(np.intp), count[order].astype(float)


def replicate_starts(seed: int, r: int, n_init: int) -> Starts:
    """Seed of the starts of replicate r."""
    low, high = _child(seed, r, 1).generate_state(2, np.uint64)
    return Starts(n_init, (int(high) << 64) | int(low))


def _child(seed: int, r: int, stream: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed, spawn_key=(_STREAM, r, stream))


def stack_designs(designs: Sequence[Design], rule: Rule) -> Problem:
    """Stack data sets of one layout under a rule."""
    return stack(designs, rule.prior, rule.variances)


def portions(numbers: range, cells: int) -> Iterator[range]:
    """Split a block of data sets of so many cells each into parts that fit into memory."""
    size = max(1, _MOST_CELLS // max(cells, 1))
    for low in range(numbers.start, numbers.stop, size):
        yield range(low, min(low + size, numbers.stop))


def best_fits(problem: Problem, n_classes: int, starts: Sequence[Starts], rule: Rule) -> Best:
    """Fit one model to each data set of a problem by a rule.

    Parameters
    ----------
    problem : Problem
        R data sets.
    n_classes : int
        Classes, K.
    starts : sequence of Starts, length R
        Seeds of the starts of each data set.
    rule : Rule
        Its stopping rule is followed; the number of starts stands in `starts`.

    Returns
    -------
    Best
    """
    runs = fit_replicates(problem, n_classes, starts, rule.settings)
    n_runs = len(runs.objective) // len(problem.X)
    objective, best = best_of_replicates(runs, n_runs)
    near = runs.objective.reshape(-1, n_runs) >= objective[:, None] - _SAME
    return Best(
        runs.log_likelihood[best], objective, runs.A[:, best], near.sum(axis=1),
        runs.converged[best],
    )  # fmt: skip


def fit_by_rule(fit: Fit, design: Design, n_classes: int, rule: Rule, seed: int) -> Best:
    """Fit the data themselves exactly as their replicates are fitted.

    Parameters
    ----------
    fit : Fit
        A fit of the same data, whose problem is taken over.
    design : Design
        The data.
    n_classes : int
        Classes, K.
    rule : Rule
        How.
    seed : int
        Of the starts.
    """
    problem = fit.problem if fit.problem.prior == rule.prior else stack_designs([design], rule)
    with workers(1):
        return best_fits(problem, n_classes, [Starts(rule.n_init, seed)], rule)


@dataclass(frozen=True)
class Work:
    """How the blocks are spread over workers and shown.

    Parameters
    ----------
    n_jobs : int, optional
        Worker processes; all cores when left out or -1. Small jobs stay in this process.
    show : bool
        Whether to draw a progress bar.
    label : str
        Its text.
    few_at_once : bool
        Hand out no more blocks than there are workers, where a stop is likely.
    """

    n_jobs: int | None = None
    show: bool = False
    label: str = "bootstrap"
    few_at_once: bool = False


def run_blocks(
    function: Callable[[int], Outcome], n_blocks: int, cells: float, work: Work
) -> Iterator[Outcome]:
    """Run a function on blocks 0 .. n_blocks - 1 and give its results in order.

    Parameters
    ----------
    function : callable
        Picklable; of the number of a block.
    n_blocks : int
        Blocks.
    cells : float
        Size of the whole job (data sets x starts x rows x columns x classes); processes are
        started for large ones only.
    work : Work
        Workers and progress.

    Yields
    ------
    object
        Results of the blocks. The caller may stop early.
    """
    jobs = min(worker_count(work.n_jobs), n_blocks) if cells > _WORTH_PROCESSES else 1
    heavy = jobs > 1 and len(pickle.dumps(function)) > _HEAVY
    run = run_parallel if heavy else run_shared
    shown = work.show or work.few_at_once
    at_once = jobs if shown else n_blocks
    with progress(work.show) as display:
        task = display.add_task(work.label, total=n_blocks)
        for low in range(0, n_blocks, at_once):
            high = min(low + at_once, n_blocks)
            yield from run(function, range(low, high), jobs)
            display.update(task, completed=high)
