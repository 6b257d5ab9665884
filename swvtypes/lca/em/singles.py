"""The first EM steps of many runs on short data, in single precision.

Where a start ends is open in its first steps, and seven digits are enough to take them; every run
goes on in double precision from there. A run that gains little takes its steps with momentum
(Nesterov 1983), which it loses when gains grow (O'Donoghue and Candes 2015): it may be about to
leave a saddle.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats
from swvtypes.lca.families import Counts

from .batch import Batch
from .bundles import ALIKE, make_bundles
from .problem import Booleans, Problem, Settings
from .rows import expectation

Singles = NDArray[np.float32]

# When runs are looked at, and steps after which all go on in double precision.
_FIRST_LOOK, _LOOK_EVERY, _LAST = 10, 6, 300
# Gain of a step per unit of weight below which a run takes steps with momentum.
_NEAR = 1e-5
# Gain of a step per unit of weight, at least and in tolerances, below which a run leaves.
_SMALL_GAIN, _TOLERANCES = 1e-10, 1.0
_LEAST = 1e-30


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
    total = problem.weight.sum(axis=1)
    least, near = max(_SMALL_GAIN, _TOLERANCES * settings.tol) * total, _NEAR * total
    with np.errstate(over="ignore", under="ignore"):
        course.maximise()
        for _ in range(_FIRST_LOOK - 1):
            course.step()
        while True:
            gain = course.gain()
            course.set_pace(gain, near[course.replicate])
            last = course.iteration >= _LAST
            course.hand_over(~(gain >= least[course.replicate]) | last)
            if not len(course.index):
                break
            for _ in range(_LOOK_EVERY - 2):
                course.step(with_momentum=True)
            # What a step gains is seen of a plain step after a plain one.
            course.step()
            course.step()
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
        self.problem, self.rule, self.n_groups = problem, counts, problem.layout.n_groups
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
        self.bundles = make_bundles(problem, self.weight, self.replicate)
        # Runs of a bundle, those that are repeated included, are never more than this.
        most = math.ceil(B / ALIKE)
        self.memory: Singles = np.empty(K * most * problem.X.shape[1], dtype=np.float32)
        self.shift = 0.0
        self.A_out: Floats = np.empty(batch.T.shape)
        self.ahead = np.zeros(B, dtype=np.intp)
        self.iteration = 1
        # Steps since a run got momentum, 0 without; what it gained when last looked at.
        self.age, self.gained = np.zeros(B, dtype=np.intp), np.full(B, np.inf)

    def step(self, with_momentum: bool = False) -> None:
        """Take an E step and an M step."""
        self.expect()
        self.maximise(with_momentum)

    def maximise(self, with_momentum: bool = False) -> None:
        """Take the M step, and with momentum part of the way that it went once more."""
        self.before = self.logs, self.made_of
        self.made_of = self.counts
        self.logs = reached = self.rule.logs(self.counts, _LEAST)
        if with_momentum and self.age.any():
            momentum = np.maximum(self.age - 1.0, 0.0) / (self.age + 1.0)
            reached = self.logs - self.before[0]
            reached *= momentum.astype(np.float32)
            reached += self.logs
            self.age[self.age > 0] += 1
        self.A = self.rule.natural(reached, self.counts)

    def set_pace(self, gain: Floats, near: Floats) -> None:
        """Give momentum to runs that gain little, take it from those that gain more than before.

        Parameters
        ----------
        gain, near : ndarray, shape (B,)
            What the last step gained, and what is little.
        """
        grows = gain > self.gained
        self.age[grows] = 0
        self.age[(gain < near) & ~grows & (self.age == 0)] = 1
        self.gained = gain

    def gain(self) -> Floats:
        """Give about how much the last EM step has gained, shape (B,)."""
        logs, made_of = self.before
        return self.rule.gain((logs, self.logs), (made_of, self.made_of))

    def expect(self) -> None:
        """Take the E step."""
        self.iteration += 1
        if not self.bundles[0].whole:
            self.counts = np.empty_like(self.made_of)
        for bundle in self.bundles:
            counts, self.shift = bundle.expect(
                bundle.take(self.A), self.n_groups, self.shift, self.memory
            )
            if bundle.whole:
                self.counts = counts
            else:
                self.counts[:, :, bundle.runs.ravel()] = counts
        if self.prior is not None:
            self.counts += self.prior[:, None, self.replicate]

    def hand_over(self, which: Booleans) -> None:
        """Let runs leave, between the M and the E step."""
        if not which.any():
            return
        leave, stay = np.flatnonzero(which), np.flatnonzero(~which)
        gone = self.index[leave]
        self.A_out[:, gone], self.ahead[gone] = _runs_last(self.A[:, :, leave]), self.iteration
        self.index, self.replicate = self.index[stay], self.replicate[stay]
        self.age, self.gained = self.age[stay], self.gained[stay]
        self.bundles = make_bundles(self.problem, self.weight, self.replicate)
        self.A, self.logs, self.made_of = (
            np.take(x, stay, axis=2) for x in (self.A, self.logs, self.made_of)
        )


def _runs_last(array: Any) -> Any:
    """Exchange the last two axes: runs and classes."""
    return np.ascontiguousarray(array.swapaxes(1, 2))
