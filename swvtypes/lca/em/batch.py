"""Expectation maximisation for many runs at once.

A run is one start on one data set. All runs of a batch, on one data set or on many of the same
shape (bootstrap replicates), take their steps together; a run that has converged leaves the
batch. The objective is the log-likelihood, or with a prior the log posterior density up to a
constant, and no step lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.families import m_step

from .problem import Booleans, Mapper, Problem, Runs, Settings, stack
from .rows import Scratch, expectation

__all__ = [
    "Batch",
    "Booleans",
    "Mapper",
    "Problem",
    "Runs",
    "Scratch",
    "Settings",
    "advance",
    "begin",
    "em_map",
    "empty_runs",
    "expectation",
    "leave",
    "one_class",
    "pool",
    "stack",
]


@dataclass
class Batch:
    """Runs on their way; what they come to is written into shared :class:`Runs`.

    Attributes
    ----------
    index : ndarray of int, shape (B,)
        Place of each run in `out`.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    A, T : ndarray, shape (D, B, K)
        Natural parameters before, and expected sums to go on from.
    before : ndarray, shape (B,)
        Objective at `A`.
    iteration : int
        Iterations taken so far in double precision.
    ahead : ndarray of int, shape (B,)
        Iterations taken before those.
    out : Runs
        Results of all runs, finished ones filled in.
    """

    index: Integers
    replicate: Integers
    A: Floats
    T: Floats
    before: Floats
    iteration: int
    ahead: Integers
    out: Runs

    def __len__(self) -> int:
        return len(self.index)

    def take(self, which: Integers | Booleans | slice) -> Batch:
        """Return the batch with some of its runs only."""
        return Batch(
            self.index[which], self.replicate[which], self.A[:, which], self.T[:, which],
            self.before[which], self.iteration, self.ahead[which], self.out,
        )  # fmt: skip


def empty_runs(n_runs: int, width: int, n_classes: int) -> Runs:
    """Room for the results of `n_runs` runs."""
    return Runs(
        np.full(n_runs, np.nan), np.full(n_runs, np.nan), np.zeros(n_runs, np.intp),
        np.zeros(n_runs, bool), np.empty((width, n_runs, n_classes)),
        np.empty((width, n_runs, n_classes)),
    )  # fmt: skip


def begin(
    problem: Problem, T: Floats, replicate: Integers, out: Runs, index: Integers | None = None
) -> Batch:
    """Set out runs from expected sums `T`, shape (D, B, K), of the data sets `replicate` (B,)."""
    B, K = T.shape[1:]
    A = np.repeat(one_class(problem)[:, replicate], K, axis=2)
    index = np.arange(B) if index is None else index
    nothing = np.zeros(B, dtype=np.intp)
    return Batch(index, replicate, A, T, np.full(B, -np.inf), 0, nothing, out)


def pool(batches: Sequence[Batch]) -> Batch:
    """Join batches that took equally many iterations."""
    parts = [b for b in batches if len(b)] or list(batches[:1])
    return Batch(
        np.concatenate([b.index for b in parts]),
        np.concatenate([b.replicate for b in parts]),
        np.concatenate([b.A for b in parts], axis=1),
        np.concatenate([b.T for b in parts], axis=1),
        np.concatenate([b.before for b in parts]),
        parts[0].iteration,
        np.concatenate([b.ahead for b in parts]),
        parts[0].out,
    )


def em_map(
    problem: Problem,
    A: Floats,
    T: Floats,
    replicate: Integers,
    pseudo: Floats,
    mapper: Mapper,
    scratch: Scratch | None = None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """One M and one E step from expected sums.

    Parameters
    ----------
    problem : Problem
        Data and model.
    A, T : ndarray, shape (D, B, K)
        Natural parameters before, and expected sums.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    pseudo : ndarray, shape (D, B, 1)
        What the prior adds to the sums of each class.
    mapper, scratch
        See :func:`expectation`.

    Returns
    -------
    log_likelihood, objective : ndarray, shape (B,)
        At the new parameters, without the constant part.
    A, T : ndarray, shape (D, B, K)
        New natural parameters, and expected sums at them.
    """
    A = m_step(problem.layout, T, A, problem.variances)
    log_likelihood, T = expectation(problem, A, replicate, mapper, scratch)
    if not problem.prior > 0:
        return log_likelihood, log_likelihood, A, T
    T += pseudo
    return log_likelihood, log_likelihood + (A * pseudo).sum(axis=(0, 2)), A, T


def advance(
    problem: Problem, batch: Batch, settings: Settings, until: int, mapper: Mapper = map
) -> Batch:
    """Take EM steps until every run has converged or `until` iterations are done.

    A run has converged when a step raises the objective by less than the tolerance times the sum
    of the weights. Runs that converge, and at `max_iter` all others, leave with their results.

    Returns
    -------
    Batch
        The runs that are still on their way.
    """
    b = batch
    K = b.T.shape[2]
    until = min(until, settings.max_iter)
    pseudo_rows = problem.prior / K * problem.mean_row.T
    limits = settings.tol * problem.weight.sum(axis=1)
    pseudo, limit = pseudo_rows[:, b.replicate][..., None], limits[b.replicate]
    scratch = Scratch()
    while len(b) and b.iteration < until:
        log_likelihood, objective, b.A, b.T = em_map(
            problem, b.A, b.T, b.replicate, pseudo, mapper, scratch
        )
        b.iteration += 1
        done = ~(objective - b.before >= limit)
        b.before = objective
        stop = done | (b.iteration + b.ahead >= settings.max_iter)
        if not stop.any():
            continue
        leave(problem, b, stop, log_likelihood, done)
        b = b.take(~stop)
        pseudo, limit = pseudo[:, ~stop], limit[~stop]
    return b


def leave(
    problem: Problem, b: Batch, stop: Booleans, log_likelihood: Floats, converged: Booleans
) -> None:
    """Write down what the runs that stop came to; all arrays have shape (B,)."""
    index, constant = b.index[stop], problem.constant[b.replicate[stop]]
    b.out.log_likelihood[index] = log_likelihood[stop] + constant
    b.out.objective[index] = b.before[stop] + constant
    b.out.n_iter[index] = b.iteration + b.ahead[stop]
    b.out.converged[index] = converged[stop]
    b.out.A[:, index], b.out.T[:, index] = b.A[:, stop], b.T[:, stop]


def one_class(problem: Problem) -> Floats:
    """Natural parameters of the model with one class for each data set, shape (D, R, 1)."""
    T = np.ascontiguousarray(problem.mean_row.T[..., None])
    flat = np.zeros_like(T)
    for block in problem.layout.blocks:
        if block.kind in ("joint", "direct"):
            flat[block.start : block.stop] = -np.log(block.size)
    return m_step(problem.layout, T, flat, problem.variances)
