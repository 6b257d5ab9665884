"""Replicates of a hierarchy, and any two structures fitted to them by one rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np

from swvtypes.lca.design import Floats
from swvtypes.lca.families import Variances
from swvtypes.lca.tail import Tail, tail_of
from swvtypes.lca.threads import workers
from swvtypes.parallel import run_parallel

from .coupling import Coupled, Question, ask, with_answers
from .fitting import Found, Rule, fit_all, fit_structure, fixed_measurement, separate_of
from .identification import draw_values
from .messages import Measured
from .parameters import Hierarchy
from .starting import Separate, child
from .structure import Structure

Route = Literal["one_step", "two_step"]
BLOCK = 50


@dataclass(frozen=True)
class Contest:
    """Two structures on the same data, by one route and one rule.

    Attributes
    ----------
    null, alternative : Structure
    route : {"one_step", "two_step"}
        Everything free, or the measurement of each data set's own themes held fixed.
    rule : Rule
        Starts and stopping rule of every data set.
    prior : float
    variances : Variances
    """

    null: Structure
    alternative: Structure
    route: Route
    rule: Rule
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)


@dataclass(frozen=True)
class Pairing:
    """Both structures fitted to R data sets.

    Attributes
    ----------
    null, alternative : ndarray, shape (R,)
        Log-likelihoods (objectives under a prior).
    found : tuple of Found
        The solutions.
    separate : Separate
        The themes' own.
    question : Question
    """

    null: Floats
    alternative: Floats
    found: tuple[Found, Found]
    separate: Separate
    question: Question

    @property
    def ratio(self) -> Floats:
        """Likelihood-ratio statistics."""
        return 2.0 * (self.alternative - self.null)


def contest(data: Sequence[Coupled], wanted: Contest, seeds: list[int]) -> Pairing:
    """Fit both structures to data sets of one shape."""
    question = ask(data, wanted.prior, wanted.variances)
    separate = separate_of(question, wanted.null, wanted.rule, seeds)
    measured = fixed_measurement(question, separate)
    parts = [
        fit_one(question, structure, separate, measured, wanted, seeds)
        for structure in (wanted.null, wanted.alternative)
    ]
    return Pairing(parts[0].objective, parts[1].objective, (parts[0], parts[1]), separate, question)


def fit_one(
    question: Question,
    structure: Structure,
    separate: Separate,
    measured: Measured,
    wanted: Contest,
    seeds: list[int],
) -> Found:
    """Fit one structure to all data sets by the route."""
    rule = wanted.rule
    second = fit_structure(question, structure, separate, measured, rule, seeds)
    if wanted.route == "two_step":
        return second
    if structure.n_superclusters == 1 or structure.nodes is not None:
        # One optimum as a rule: the two-step solution is the only start.
        rule = replace(rule, n_init=1)
    return fit_all(question, structure, separate, second, rule, seeds)


def fit_alone(data: Sequence[Coupled], wanted: Contest, seeds: list[int]) -> Floats:
    """Log-likelihoods of the alternative on data sets of one shape, shape (R,)."""
    question = ask(data, wanted.prior, wanted.variances)
    separate = separate_of(question, wanted.alternative, wanted.rule, seeds)
    measured = fixed_measurement(question, separate)
    return fit_one(question, wanted.alternative, separate, measured, wanted, seeds).log_likelihood


def draw(cases: Coupled, model: Hierarchy, seed: int, number: int) -> Coupled:
    """One replicate: answers drawn from a model, missing where the data's are missing."""
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(5, number)))
    values = draw_values(cases, model, len(cases.weight), generator)
    for drawn, design in zip(values, cases.designs, strict=True):
        drawn[np.isnan(design.values)] = np.nan
    return with_answers(cases, values)


def block_of_ratios(
    cases: Coupled, model: Hierarchy, wanted: Contest, seed: int, block: int
) -> Floats:
    """Likelihood-ratio statistics of one block of replicates, shape (BLOCK,)."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    with workers(1):
        data = [draw(cases, model, seed, r) for r in numbers]
        return contest(data, wanted, [child(seed, 6, r) for r in numbers]).ratio


def replicate_ratios(
    cases: Coupled,
    model: Hierarchy,
    wanted: Contest,
    seed: int,
    n_boot: int,
    statistic: float,
    stop_after: int | None = None,
    n_jobs: int = 1,
) -> tuple[Floats, Tail]:
    """Statistics of replicates drawn from a model, and the tail that `statistic` cuts off."""
    one = partial(block_of_ratios, cases, model, wanted, seed)
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
