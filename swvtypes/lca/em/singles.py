"""The first EM steps of many runs on short data, in single precision.

Where a start ends is open in its first steps, and seven digits are enough to take them; every run
goes on in double precision from there. Counts of reference categories are differences, which are
kept off zero by a ten-millionth of the class, so that rounding puts no estimate on the boundary.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats
from swvtypes.lca.families import m_step

from .batch import Batch
from .problem import Booleans, Problem, Settings
from .rows import expectation

Singles = NDArray[np.float32]

# When runs are looked at, and steps after which all go on in double precision.
_FIRST_LOOK, _LOOK_EVERY, _LAST = 10, 5, 300
# Gain of a step per unit of weight, at least and in tolerances, below which a run leaves.
_SMALL_GAIN, _TOLERANCES = 2e-10, 2.0
_LOW, _HIGH = 1e-30, 1e30


def take_first_steps(problem: Problem, batch: Batch, settings: Settings) -> Batch:
    """Take the steps until little is left to gain.

    Parameters
    ----------
    problem : Problem
        One data set of nominal items; with others the batch is returned as it is.
    batch : Batch
        Runs that have not set out.
    settings : Settings
        When a run stops; with a loose tolerance or few iterations the batch is returned as it is.

    Returns
    -------
    Batch
        The same runs some iterations on.
    """
    nominal = all(block.kind == "nominal" for block in problem.layout.blocks)
    few = settings.max_iter <= 2 * _LAST or settings.tol > 1e-6
    if len(problem.X) > 1 or not nominal or few:
        return batch
    least = max(_SMALL_GAIN, _TOLERANCES * settings.tol) * float(problem.weight[0].sum())
    course = _Course(problem, batch)
    with np.errstate(over="ignore", under="ignore"):
        for iteration in range(1, _LAST + 1):
            course.step()
            if iteration == _LAST:
                course.hand_over(np.ones(len(course.index), dtype=bool), iteration)
            elif iteration >= _FIRST_LOOK and not iteration % _LOOK_EVERY:
                course.hand_over(~(course.gain() >= least), iteration)
            if not len(course.index):
                break
    batch.A, batch.ahead = course.A_out, course.ahead
    batch.T = expectation(problem, batch.A, batch.replicate)[1]
    if problem.prior > 0:
        batch.T += course.pseudo
    return batch


class _Course:
    """Runs in single precision, and where those that have left came to."""

    def __init__(self, problem: Problem, batch: Batch) -> None:
        _, B, K = batch.T.shape
        self.layout, self.variances = problem.layout, problem.variances
        self.X = problem.single[0]
        self.weight = problem.weight[0].astype(np.float32)
        self.pseudo: Floats = (problem.prior / K * problem.mean_row[0])[:, None, None]
        self.prior = self.pseudo.astype(np.float32) if problem.prior > 0 else None
        self.T: Any = batch.T.astype(np.float32)
        self.A: Any = np.zeros_like(self.T)
        self.before: Any = self.A
        # Sums from which the last parameters but one, and the last, were made.
        self.earlier: Any = self.T
        self.made_of: Any = self.T
        self.memory: Singles = np.empty(B * K * len(self.X), dtype=np.float32)
        self.shift = np.float32(0.0)
        self.index = np.arange(B)
        self.A_out: Floats = np.empty(batch.T.shape)
        self.ahead = np.zeros(B, dtype=np.intp)

    def step(self) -> None:
        """Take one EM step."""
        self.before, self.earlier, sums = self.A, self.made_of, self.T
        self.A = m_step(self.layout, sums, self.before, self.variances)
        self.T, self.made_of = self._sums(), sums

    def gain(self) -> Floats:
        """Give about how much the last step has gained, shape (B,).

        The change of the natural parameters is that of the sums before over the information of
        complete data; the product of the two is twice the gain at most and does not suffer from
        the rounding of the log-likelihood.
        """
        changes = self.A - self.before, self.made_of - self.earlier
        return np.asarray(np.abs(np.einsum("dbk,dbk->b", *changes)), dtype=float)

    def _sums(self) -> Any:
        D, B, K = self.A.shape
        N, G = len(self.X), self.layout.n_groups
        P = self.memory[: B * K * N].reshape(B * K, N)
        by_run, flat = P.reshape(B, K, N), self.A.reshape(D, B * K).T
        # Densities are kept near one, in the middle of what single precision can hold.
        shares, shift = self.A[:G].copy(), self.shift
        self.A[:G] -= shift
        np.matmul(flat, self.X.T, out=P)
        np.exp(P, out=P)
        density = np.add.reduce(by_run, axis=1)
        low, high = float(density.min()), float(density.max())
        if low > _LOW and high < _HIGH:
            self.shift = shift + np.float32(0.5 * np.log(low * high))
        else:
            np.matmul(flat, self.X.T, out=P)
            top = by_run.max(axis=1)
            by_run -= top[:, None]
            np.exp(P, out=P)
            density = np.add.reduce(by_run, axis=1)
            self.shift = shift + np.float32(np.median(top))
        self.A[:G] = shares
        np.divide(self.weight, density, out=density)
        by_run *= density[:, None]
        T = np.matmul(self.X.T, P.T).reshape(D, B, K)
        return T if self.prior is None else T + self.prior

    def hand_over(self, which: Booleans, iteration: int) -> None:
        """Let runs leave."""
        gone = self.index[which]
        self.A_out[:, gone], self.ahead[gone] = self.A[:, which], iteration
        if which.any():
            self.index = self.index[~which]
            self.A, self.T, self.made_of = (x[:, ~which] for x in (self.A, self.T, self.made_of))
