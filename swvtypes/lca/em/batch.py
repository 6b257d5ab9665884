"""Expectation maximisation for many runs at once.

A run is one start on one data set. All runs of a batch, on one data set or on many of the same
shape (bootstrap replicates), take their steps together; a run that has converged leaves the
batch. The objective is the log-likelihood, or with a prior the log posterior density up to a
constant, and no step lowers it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.lca.design import Design, Floats, Integers, Layout
from swvtypes.lca.families import Variances, m_step

Mapper = Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]]

_SAFE_LOW, _SAFE_HIGH = 1e-280, 1e280
_CELLS, _ROWS = 2**16, 4096

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """Data sets of one shape, and the model asked of them.

    Attributes
    ----------
    layout : Layout
        What stands in which column.
    X : ndarray, shape (R, N, D)
        Designs of the R data sets.
    weight : ndarray, shape (R, N)
        Weights of the patterns; zero where a data set has fewer than N.
    constant : ndarray, shape (R,)
        Part of each log-likelihood that no parameter touches.
    prior : float
        Pseudo-cases, spread evenly over the classes, that answer as the average row does.
    variances : Variances
        How Gaussian variances are held.
    """

    layout: Layout
    X: Floats
    weight: Floats
    constant: Floats
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)

    @cached_property
    def mean_row(self) -> Floats:
        """Average row of each data set, shape (R, D)."""
        total = self.weight.sum(axis=1)[:, None]
        return np.asarray(np.matmul(self.weight[:, None], self.X)[:, 0] / total)


@dataclass(frozen=True)
class Settings:
    """When a run stops.

    Parameters
    ----------
    max_iter : int
        Iterations after which a run ends without having converged.
    tol : float
        A run has converged when an EM step raises the objective by less than this times the sum
        of the weights, that is the average log-likelihood of a case by less than this.
    """

    max_iter: int = 5000
    tol: float = 1e-9


@dataclass(frozen=True)
class Runs:
    """What came out of a batch of B runs.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (B,)
        At the returned parameters; they differ under a prior only.
    n_iter : ndarray of int, shape (B,)
        Iterations taken.
    converged : ndarray of bool, shape (B,)
        Whether a run stopped by itself.
    A : ndarray, shape (D, B, K)
        Natural parameters.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: Booleans
    A: Floats


def stack(
    designs: Sequence[Design], prior: float = 0.0, variances: Variances | None = None
) -> Problem:
    """Stack data sets of one layout into a problem; shorter ones get rows of weight zero.

    Parameters
    ----------
    designs : sequence of Design
        One or more, with the same columns.
    prior : float
        Pseudo-cases against boundary estimates; 0 is maximum likelihood.
    variances : Variances, optional
        How Gaussian variances are held.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        When a data set has no answer, or the columns differ.
    """
    layout = designs[0].layout
    faults = [
        f"data set {i}: expected {layout.width} columns, got {d.layout.width}"
        for i, d in enumerate(designs)
        if d.layout.width != layout.width
    ]
    faults += [f"data set {i}: no answers" for i, d in enumerate(designs) if not d.n > 0]
    if faults:
        raise InputError("designs", faults)
    if len(designs) == 1:
        X, weight = designs[0].X[None], designs[0].weight[None]
    else:
        size = max(len(d.weight) for d in designs)
        X = np.zeros((len(designs), size, layout.width))
        weight = np.zeros((len(designs), size))
        for i, d in enumerate(designs):
            X[i, : len(d.X)], weight[i, : len(d.X)] = d.X, d.weight
    constant = np.array([d.constant for d in designs])
    return Problem(layout, X, weight, constant, prior, variances or Variances())


class Scratch:
    """Memory that is used again in every step, for one thread at a time."""

    def __init__(self) -> None:
        self._memory: dict[str, Floats] = {}

    def take(self, name: str, *shape: int) -> Floats:
        """Give an array of this shape with arbitrary content."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or memory.size < size:
            memory = self._memory[name] = np.empty(size)
        return memory[:size].reshape(shape)


def expectation(
    problem: Problem,
    A: Floats,
    replicate: Integers,
    mapper: Mapper = map,
    scratch: Scratch | None = None,
) -> tuple[Floats, Floats]:
    """E step: log-likelihood of each run, and the expected sums of the statistics.

    Parameters
    ----------
    problem : Problem
        Data and model.
    A : ndarray, shape (D, B, K)
        Natural parameters.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    mapper : callable
        Applies a function to row blocks; ``map``, or that of a pool of threads. Sums are taken in
        the order of the blocks, so that the answer does not depend on it.
    scratch : Scratch, optional
        Memory to use again.

    Returns
    -------
    log_likelihood : ndarray, shape (B,)
        Without the constant part.
    T : ndarray, shape (D, B, K)
        Expected sums.
    """
    scratch = scratch or Scratch()
    if len(problem.X) == 1:
        return _over_rows(problem.X[0], problem.weight[0], A, mapper, scratch)
    bounds = np.flatnonzero(np.diff(replicate, prepend=-1, append=-1))
    log_likelihood, T = np.empty(A.shape[1]), np.empty_like(A)
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        r, run = replicate[start], slice(start, stop)
        part = np.ascontiguousarray(A[:, run])
        log_likelihood[run], T[:, run] = _rows(problem.X[r], problem.weight[r], part, scratch)
    return log_likelihood, T


def _over_rows(
    X: Floats, weight: Floats, A: Floats, mapper: Mapper, scratch: Scratch
) -> tuple[Floats, Floats]:
    B, K = A.shape[1:]
    step = min(max(_CELLS // (B * K), 512), _ROWS)
    if len(X) <= 2 * step:
        return _rows(X, weight, A, scratch)

    def block(start: int) -> tuple[Floats, Floats]:
        rows = slice(start, start + step)
        return _rows(X[rows], weight[rows], A, Scratch())

    log_likelihood, T = np.zeros(B), np.zeros_like(A)
    for one, sums in mapper(block, range(0, len(X), step)):
        log_likelihood += one
        T += sums
    return log_likelihood, T


def _rows(X: Floats, weight: Floats, A: Floats, scratch: Scratch) -> tuple[Floats, Floats]:
    D, B, K = A.shape
    N = len(X)
    flat = A.reshape(D, B * K).T
    P = np.matmul(flat, X.T, out=scratch.take("P", B * K, N))
    np.exp(P, out=P)
    by_run = P.reshape(B, K, N)
    density = np.add.reduce(by_run, axis=1, out=scratch.take("density", B, N))
    log_density = scratch.take("log", B, N)
    if density.min() > _SAFE_LOW and density.max() < _SAFE_HIGH:
        np.log(density, out=log_density)
    else:
        # Relative to the largest class, where plain densities under- or overflow.
        np.matmul(flat, X.T, out=P)
        top = by_run.max(axis=1)
        by_run -= top[:, None]
        np.exp(P, out=P)
        np.add.reduce(by_run, axis=1, out=density)
        np.log(density, out=log_density)
        log_density += top
    log_likelihood = log_density @ weight
    np.divide(weight, density, out=density)
    by_run *= density[:, None]
    T = np.matmul(X.T, P.T).reshape(D, B, K)
    return log_likelihood, T


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
        Iterations taken so far.
    out : Runs
        Results of all runs, finished ones filled in.
    """

    index: Integers
    replicate: Integers
    A: Floats
    T: Floats
    before: Floats
    iteration: int
    out: Runs

    def __len__(self) -> int:
        return len(self.index)

    def take(self, which: Integers | Booleans | slice) -> Batch:
        """Return the batch with some of its runs only."""
        return Batch(
            self.index[which], self.replicate[which], self.A[:, which], self.T[:, which],
            self.before[which], self.iteration, self.out,
        )  # fmt: skip


def empty_runs(n_runs: int, width: int, n_classes: int) -> Runs:
    """Room for the results of `n_runs` runs."""
    return Runs(
        np.full(n_runs, np.nan), np.full(n_runs, np.nan), np.zeros(n_runs, np.intp),
        np.zeros(n_runs, bool), np.empty((width, n_runs, n_classes)),
    )  # fmt: skip


def begin(
    problem: Problem, T: Floats, replicate: Integers, out: Runs, index: Integers | None = None
) -> Batch:
    """Set out runs from expected sums `T`, shape (D, B, K), of the data sets `replicate` (B,)."""
    B, K = T.shape[1:]
    A = np.repeat(one_class(problem)[:, replicate], K, axis=2)
    index = np.arange(B) if index is None else index
    return Batch(index, replicate, A, T, np.full(B, -np.inf), 0, out)


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
        final = b.iteration == settings.max_iter
        if not (final or done.any()):
            continue
        leave = np.ones_like(done) if final else done
        index = b.index[leave]
        b.out.log_likelihood[index] = log_likelihood[leave] + problem.constant[b.replicate[leave]]
        b.out.objective[index] = objective[leave] + problem.constant[b.replicate[leave]]
        b.out.n_iter[index] = b.iteration
        b.out.converged[index] = done[leave]
        b.out.A[:, index] = b.A[:, leave]
        b = b.take(~leave)
        pseudo, limit = pseudo[:, ~leave], limit[~leave]
    return b


def one_class(problem: Problem) -> Floats:
    """Natural parameters of the model with one class for each data set, shape (D, R, 1)."""
    T = np.ascontiguousarray(problem.mean_row.T[..., None])
    flat = np.zeros_like(T)
    for block in problem.layout.blocks:
        if block.kind in ("joint", "direct"):
            flat[block.start : block.stop] = -np.log(block.size)
    return m_step(problem.layout, T, flat, problem.variances)
