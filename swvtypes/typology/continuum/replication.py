"""Replicates under each of the three hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from swvtypes.lca.design import Design, Floats, Layout
from swvtypes.lca.families import Parameters, unpack
from swvtypes.lca.replicates import (
    BLOCK,
    Population,
    Work,
    draw_replicate,
    one_row_a_case,
    portions,
    replicate_starts,
    run_blocks,
    stack_designs,
)
from swvtypes.lca.tail import Tail, tail_of
from swvtypes.lca.threads import workers

from .candidates import Candidates, Models, fit_candidates, trait_natural

Hypothesis = Literal["independence", "continuum", "types"]
HYPOTHESES: tuple[Hypothesis, ...] = ("independence", "continuum", "types")
# Which statistic tests a hypothesis, and which of its tails speaks against it.
STATISTIC = {"independence": 0, "continuum": 1, "types": 1}
SIGN = {"independence": 1.0, "continuum": 1.0, "types": -1.0}


@dataclass(frozen=True)
class Test:
    """A hypothesis against what replicates drawn under it show.

    Attributes
    ----------
    hypothesis : {"independence", "continuum", "types"}
        What is tested.
    statistic : float
        For independence: the criterion of the best model less that of independence. For the
        other two: that of the best free classes less that of the best continuum; large values
        speak against a continuum, small ones against types. The criterion is twice the
        log-likelihood less log n a parameter.
    tail : Tail
        p-value and its Monte Carlo error.
    replicates : ndarray, shape (B,)
        Statistics of the replicates.
    """

    __test__ = False

    hypothesis: Hypothesis
    statistic: float
    tail: Tail
    replicates: Floats


def parameters_under(
    hypothesis: Hypothesis, layout: Layout, found: Candidates, r: int = 0
) -> Parameters:
    """Give the fitted model of a hypothesis, from which its replicates are drawn."""
    if hypothesis == "continuum":
        A = trait_natural(layout, found.states[int(found.shape[r])], r)
    else:
        K = 1 if hypothesis == "independence" else int(found.n_types[r])
        A = np.ascontiguousarray(found.A[K - 1][:, r])
    return unpack(layout, A)


def replicate_statistics(population: Population, models: Models, block: int) -> Floats:
    """Both statistics of the replicates of one block, shape (BLOCK, 2)."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    found = []
    with workers(1):
        for part in portions(numbers, population.cases.X.size):
            problem = stack_designs([draw_replicate(population, r) for r in part], models.rule)
            starts = [replicate_starts(population.seed, r, models.n_init) for r in part]
            found.append(fit_candidates(problem, models, starts).statistics)
    return np.concatenate(found)


def check_hypothesis(
    hypothesis: Hypothesis,
    design: Design,
    found: Candidates,
    models: Models,
    plan: tuple[int, int, int | None, Work],
) -> Test:
    """Test one hypothesis.

    Parameters
    ----------
    hypothesis : {"independence", "continuum", "types"}
        What is tested.
    design : Design
        The data.
    found : Candidates
        What the models come to on them, by the rule of `models`.
    models : Models
        What is fitted to every replicate, and how.
    plan : tuple of int, int, int or None, and Work
        Replicates, seed, sequential stop and workers.

    Returns
    -------
    Test
    """
    n_boot, seed, stop_after, work = plan
    own_seed = hypothesis_seed(seed, hypothesis)
    cases = one_row_a_case(design)
    population = Population(cases, parameters_under(hypothesis, design.layout, found), own_seed)
    cells = float(n_boot) * models.n_init * cases.X.size * (models.max_classes**2 + 12)
    block = partial(replicate_statistics, population, models)
    blocks = run_blocks(block, -(-n_boot // BLOCK), cells, work)
    which = STATISTIC[hypothesis]
    statistic = float(found.statistics[0, which])
    sign = SIGN[hypothesis]
    replicates, tail = drawn_until(blocks, (n_boot, stop_after), which, sign, statistic)
    return Test(hypothesis, statistic, tail, replicates)


def drawn_until(
    blocks: Iterator[Floats],
    plan: tuple[int, int | None],
    which: int,
    sign: float,
    statistic: float,
) -> tuple[Floats, Tail]:
    """Take blocks of replicates until all that were asked are there, or enough reach the data.

    Parameters
    ----------
    blocks : iterator of ndarray, shape (BLOCK, 2)
    plan : tuple of int, and int or None
        Replicates asked, and the sequential stop.
    which : int
        Statistic.
    sign : float
        1 where large values speak against the hypothesis, -1 where small ones do.
    statistic : float
        That of the data.
    """
    n_boot, stop_after = plan
    found = np.empty(0)
    for block in blocks:
        found = np.concatenate([found, sign * block[:, which]])[:n_boot]
        reached = int((found >= sign * statistic - Tail.TIE).sum())
        if stop_after is not None and reached >= stop_after:
            break
    found, tail = tail_of(found, sign * statistic, stop_after)
    return sign * found, tail


def hypothesis_seed(seed: int, hypothesis: Hypothesis) -> int:
    """Seed of the replicates under a hypothesis."""
    child = np.random.SeedSequence(seed, spawn_key=(HYPOTHESES.index(hypothesis),))
    return int(child.generate_state(1, np.uint64)[0])
