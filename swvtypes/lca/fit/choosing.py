"""The best of all starts: contenders polished, solutions numbered, the ledger written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers
from swvtypes.lca.em import Mapper, Polished, Problem, Runs, polish
from swvtypes.lca.families import count_parameters, narrow_runs

from .posteriors import posterior, settled
from .records import Fit, Ledger

SAME = 1e-4
_CONTENDERS = 4
_CLOSE = 0.05


def solutions(objective: Floats) -> Integers:
    """Give solutions numbers, the best 1; more than 1e-4 below a solution's best is another."""
    order = np.argsort(-objective, kind="stable")
    number = np.zeros(len(objective), dtype=np.intp)
    current, top = 0, np.inf
    for i in order:
        if not top - objective[i] <= SAME:
            current, top = current + 1, float(objective[i])
        number[i] = current
    return number


@dataclass
class _Standing:
    """The starts as they are compared; arrays of shape (S,)."""

    objective: Floats
    log_likelihood: Floats
    n_iter: Integers
    number: Integers
    polished: dict[int, Polished]

    @property
    def best(self) -> int:
        """The best of the polished starts."""
        return max(self.polished, key=lambda i: float(self.objective[i]))


def conclude(
    design: Design, problem: Problem, runs: Runs, origin: Integers, n_init: int, mapper: Mapper
) -> Fit:
    """Polish the contenders, put the largest class first, write the ledger.

    Parameters
    ----------
    design, problem : Design, Problem
        The data.
    runs : Runs
        Every start; one start with one class.
    origin : ndarray of int, shape (S,)
        Where each came from.
    n_init : int
        Starts asked.
    mapper : callable
        ``map``, or that of a pool of threads.
    """
    standing = _compare(problem, runs, mapper)
    if narrow_runs(problem.layout, runs.A).any():
        _sharpen(standing, design, problem, runs, mapper)
    best = standing.best
    chosen = standing.polished[best]
    ledger = Ledger(
        standing.log_likelihood, standing.objective, standing.n_iter, runs.converged, origin,
        standing.number,
    )  # fmt: skip
    if len(ledger.solution) < n_init:
        ledger = _repeated(ledger, n_init)
    parameters = settled(design, problem, chosen.A)
    group_weight = problem.mean_row[0][: problem.layout.n_groups]
    shares = group_weight @ np.exp(parameters.log_shares)
    order = np.argsort(-shares, kind="stable")
    return Fit(
        problem, np.ascontiguousarray(chosen.A[:, order]), parameters.reorder(order),
        float(standing.log_likelihood[best]), float(standing.objective[best]),
        count_parameters(problem.layout, len(order), problem.variances),
        bool(runs.converged[best]), chosen.residual, best,
        int((ledger.converged & (ledger.solution == 1)).sum()), ledger, runs.A,
    )  # fmt: skip


def _compare(problem: Problem, runs: Runs, mapper: Mapper) -> _Standing:
    """Polish the best start of each of the best solutions, and number the solutions."""
    objective, log_likelihood = runs.objective.copy(), runs.log_likelihood.copy()
    n_iter, number = runs.n_iter.copy(), solutions(objective)
    contenders = [
        int(np.flatnonzero(number == c)[np.argmax(objective[number == c])])
        for c in range(1, min(int(number.max()), _CONTENDERS) + 1)
    ]
    top = objective[contenders[0]]
    # Starts of one solution gain alike, so that polishing does not set its best apart.
    compared = objective.copy()
    found: dict[int, Polished] = {}
    for i in contenders:
        if top - objective[i] > _CLOSE:
            break
        found[i] = _polish(problem, runs, i, mapper)
        compared[number == number[i]] += found[i].objective - objective[i]
        objective[i], log_likelihood[i] = found[i].objective, found[i].log_likelihood
        n_iter[i] += found[i].n_iter
    return _Standing(objective, log_likelihood, n_iter, solutions(compared), found)


def _polish(problem: Problem, runs: Runs, i: int, mapper: Mapper) -> Polished:
    A, T = (np.ascontiguousarray(array[:, i]) for array in (runs.A, runs.T))
    return polish(problem, A, 0, mapper, sums=T)


def _sharpen(
    standing: _Standing, design: Design, problem: Problem, runs: Runs, mapper: Mapper
) -> None:
    """Replace log-likelihoods of starts whose variances are next to nothing by exact ones."""

    def exact(i: int, A: Floats) -> None:
        density = posterior(design, settled(design, problem, A))[1]
        gain = float(design.weight @ density) - standing.log_likelihood[i]
        standing.log_likelihood[i] += gain
        standing.objective[i] += gain

    for i in np.flatnonzero(narrow_runs(problem.layout, runs.A)).tolist():
        exact(i, standing.polished[i].A if i in standing.polished else runs.A[:, i])
    top = int(np.nanargmax(standing.objective))
    if top not in standing.polished:
        polished = _polish(problem, runs, top, mapper)
        standing.polished[top] = polished
        standing.log_likelihood[top] = polished.log_likelihood
        standing.objective[top] = polished.objective
        exact(top, polished.A)
    standing.number[:] = solutions(standing.objective)


def _repeated(ledger: Ledger, n_init: int) -> Ledger:
    """One class has one optimum: every start is the same start."""
    return Ledger(*(np.repeat(getattr(ledger, name), n_init) for name in vars(ledger)))
