"""The first EM steps of many runs on short data, in single precision.

Where a start ends is open in its first steps, and seven digits are enough to take them; every run
goes on in double precision from there.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.families import Counts

from .batch import Batch
from .problem import Booleans, Problem, Settings
from .rows import expectation

Singles = NDArray[np.float32]

# When runs are looked at, and steps after which all go on in double precision.
_FIRST_LOOK, _LOOK_EVERY, _LAST = 10, 5, 300
# Gain of a step per unit of weight, at least and in tolerances, below which a run leaves.
_SMALL_GAIN, _TOLERANCES = 1e-10, 1.0
_LOW, _HIGH, _LEAST = 1e-30, 1e30, 1e-30


def take_first_steps(problem: Problem, batch: Batch, settings: Settings) -> Batch:
    """Take the steps until little is left to gain.

    Parameters
    ----------
    problem : Problem
        Data sets of nominal items; with others the batch is returned as it is.
    batch : Batch
        Runs that have not set out.
    settings : Settings
        When a run stops; with a loose tolerance or few iterations the batch is returned as it is.

    Returns
    -------
    Batch
        The same runs some iterations on.
    """
    few = settings.max_iter <= 2 * _LAST or settings.tol > 1e-6
    if problem.counts is None or few or not len(batch):
        return batch
    course = _Course(problem, problem.counts, batch)
    least = max(_SMALL_GAIN, _TOLERANCES * settings.tol) * problem.weight.sum(axis=1)
    with np.errstate(over="ignore", under="ignore"):
        for iteration in range(1, _LAST + 1):
            course.maximise()
            if iteration == _LAST:
                course.hand_over(np.ones(len(course.index), dtype=bool), iteration)
            elif iteration >= _FIRST_LOOK and not iteration % _LOOK_EVERY:
                course.hand_over(~(course.gain() >= least[course.replicate]), iteration)
            if not len(course.index):
                break
            course.expect()
    batch.A, batch.ahead = problem.counts.normalise(course.A_out), course.ahead
    batch.before, batch.T = expectation(problem, batch.A, batch.replicate)
    if problem.prior > 0:
        pseudo = problem.prior / batch.T.shape[2] * problem.mean_row.T[:, batch.replicate, None]
        batch.before += (batch.A * pseudo).sum(axis=(0, 2))
        batch.T += pseudo
    return batch


class _Course:
    """Runs in single precision, and where those that have left came to.

    Runs lie side by side, classes above them, so that sums over classes run over long rows.
    """

    def __init__(self, problem: Problem, counts: Counts, batch: Batch) -> None:
        D, B, K = batch.T.shape
        self.rule, self.n_groups = counts, problem.layout.n_groups
        self.X, self.wide = problem.single, problem.wide
        self.weight = problem.weight.astype(np.float32)
        pseudo = counts.widen(problem.prior / K * problem.mean_row.T)
        self.prior = pseudo.astype(np.float32) if problem.prior > 0 else None
        self.counts: Any = _runs_last(counts.widen(batch.T)).astype(np.float32)
        self.A: Any = np.empty((D, K, B), dtype=np.float32)
        # Logs of the counts, and the counts themselves, of which the last parameters were made.
        self.logs: Any = np.zeros_like(self.counts)
        self.made_of: Any = self.counts
        self.before: tuple[Any, Any] = self.logs, self.made_of
        self.index, self.replicate = np.arange(B), batch.replicate
        self.stretches = _stretches(self.replicate)
        most = max(stop - start for _, start, stop in self.stretches)
        self.memory: Singles = np.empty(K * most * self.X.shape[1], dtype=np.float32)
        self.shift = [np.float32(0.0)] * len(self.X)
        self.A_out: Floats = np.empty(batch.T.shape)
        self.ahead = np.zeros(B, dtype=np.intp)

    def maximise(self) -> None:
        """Take the M step."""
        self.before = self.logs, self.made_of
        self.made_of = self.counts
        self.A, self.logs = self.rule.m_step(self.counts, _LEAST)

    def gain(self) -> Floats:
        """Give about how much the last EM step has gained, shape (B,)."""
        logs, made_of = self.before
        return self.rule.gain((logs, self.logs), (made_of, self.made_of))

    def expect(self) -> None:
        """Take the E step."""
        _, K, B = self.A.shape
        if len(self.stretches) == 1:
            self.counts = self._expect(self.stretches[0][0], self.A)
        else:
            self.counts = np.empty((self.wide.shape[2], K, B), dtype=np.float32)
            for r, start, stop in self.stretches:
                part = np.ascontiguousarray(self.A[:, :, start:stop])
                self.counts[:, :, start:stop] = self._expect(r, part)
        if self.prior is not None:
            self.counts += self.prior[:, None, self.replicate]

    def _expect(self, r: int, A: Any) -> Any:
        """Give expected counts of runs on data set r, shape (R, K, runs); `A` is spoilt."""
        (D, K, B), X = A.shape, self.X[r]
        N = len(X)
        P = self.memory[: K * B * N].reshape(K * B, N)
        by_class, flat = P.reshape(K, B * N), A.reshape(D, K * B).T
        # Densities are kept near one, in the middle of what single precision can hold.
        shift = self.shift[r]
        A[: self.n_groups] -= shift
        np.matmul(flat, X.T, out=P)
        np.exp(P, out=P)
        density = np.add.reduce(by_class, axis=0)
        low, high = float(density.min()), float(density.max())
        if low > _LOW and high < _HIGH:
            self.shift[r] = shift + np.float32(0.5 * math.log(low * high))
        else:
            np.matmul(flat, X.T, out=P)
            top = by_class.max(axis=0)
            by_class -= top
            np.exp(P, out=P)
            density = np.add.reduce(by_class, axis=0)
            self.shift[r] = shift + np.float32(np.median(top))
        rows = density.reshape(B, N)
        np.divide(self.weight[r], rows, out=rows)
        by_class *= density
        return np.matmul(self.wide[r].T, P.T).reshape(-1, K, B)

    def hand_over(self, which: Booleans, iteration: int) -> None:
        """Let runs leave, between the M and the E step."""
        if not which.any():
            return
        leave, stay = np.flatnonzero(which), np.flatnonzero(~which)
        gone = self.index[leave]
        self.A_out[:, gone], self.ahead[gone] = _runs_last(self.A[:, :, leave]), iteration
        self.index, self.replicate = self.index[stay], self.replicate[stay]
        self.stretches = _stretches(self.replicate)
        self.A, self.logs, self.made_of = (
            np.take(x, stay, axis=2) for x in (self.A, self.logs, self.made_of)
        )


def _stretches(replicate: Integers) -> list[tuple[int, int, int]]:
    """Give each data set that has runs, its first run and the one after its last."""
    bounds = np.flatnonzero(np.diff(replicate, prepend=-1, append=-1)).tolist()
    return [(int(replicate[a]), a, b) for a, b in pairwise(bounds)]


def _runs_last(array: Any) -> Any:
    """Exchange the last two axes: runs and classes."""
    return np.ascontiguousarray(array.swapaxes(1, 2))
