"""EM for many chains at once, with squared extrapolation (Varadhan and Roland 2008, scheme S3).

A long step is kept only where it raises the objective, so that no run goes down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers

from .forward import expect
from .sequences import Sequences
from .states import ChainModel, maximise

Booleans = NDArray[np.bool_]

_PLAIN = 30
_LONGEST = 64.0
_TINY = 1e-300


@dataclass(frozen=True)
class Stop:
    """When a run ends.

    Parameters
    ----------
    max_iter : int
        Iterations after which a run ends without having converged.
    tol : float
        A run has converged when an EM step raises the objective by less than this times the sum
        of the weights.
    """

    max_iter: int = 5000
    tol: float = 1e-9


@dataclass(frozen=True)
class ChainRuns:
    """What came out of B runs.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (B,)
        They differ under a prior only.
    n_iter : ndarray of int, shape (B,)
    converged : ndarray of bool, shape (B,)
    Z : ndarray, shape (rows, B, K)
        States.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: Booleans
    Z: Floats


@dataclass
class _Run:
    """Runs on their way; arrays over runs, last axis but one of Z and T."""

    index: Integers
    Z: Floats
    T: Floats
    objective: Floats
    log_likelihood: Floats
    n_iter: Integers

    def take(self, which: Booleans) -> _Run:
        return _Run(
            self.index[which], self.Z[:, which], self.T[:, which], self.objective[which],
            self.log_likelihood[which], self.n_iter[which],
        )  # fmt: skip


class Climb:
    """Runs of one model on one data set.

    Parameters
    ----------
    model : ChainModel
    data : Sequences
    stop : Stop
    """

    def __init__(self, model: ChainModel, data: Sequences, stop: Stop) -> None:
        self.model, self.data, self.stop = model, data, stop
        self.pseudo = model.pseudo(data.mean_row)
        self.limit = stop.tol * data.n

    def run(self, T: Floats) -> ChainRuns:
        """Climb from expected sums, shape (rows, B, K)."""
        B = T.shape[1]
        before = np.full_like(T, -np.log(max(T.shape[2], 1)))
        before[: self.model.width] = self._flat(B)
        out = ChainRuns(
            np.full(B, np.nan), np.full(B, np.nan), np.zeros(B, np.intp), np.zeros(B, bool),
            np.empty_like(T),
        )  # fmt: skip
        nothing = np.full(B, -np.inf)
        b = _Run(np.arange(B), before, T + self.pseudo, nothing, nothing, np.zeros(B, np.intp))
        while len(b.index):
            first = self._step(b, out)
            if first is None:
                break
            b, far = first
            if b.n_iter[0] >= _PLAIN:
                b = self._leap(b, far)
        return out

    def _flat(self, B: int) -> Floats:
        flat = np.zeros((self.model.width, B, self.model.n_classes))
        for block in self.model.layout.blocks:
            if block.kind in ("joint", "direct"):
                flat[block.start : block.stop] = -np.log(block.size)
        return flat

    def map(self, Z: Floats, T: Floats, runs: Integers) -> tuple[Floats, Floats, Floats, Floats]:
        """One M and one E step: log-likelihood, objective, state, sums."""
        Z = maximise(self.model, T, Z, runs)
        log_likelihood, sums = expect(self.model, self.data, Z)
        sums += self.pseudo
        objective = log_likelihood + (Z * self.pseudo).sum(axis=(0, 2))
        return log_likelihood, objective, Z, sums

    def _step(self, b: _Run, out: ChainRuns) -> tuple[_Run, Floats] | None:
        """Two EM steps; runs that end leave. Gives the others and the ends of their long steps."""
        _, middle, Z1, T1 = self.map(b.Z, b.T, b.index)
        ll, objective, Z2, T2 = self.map(Z1, T1, b.index)
        first, second = middle - b.objective, objective - middle
        b.n_iter = b.n_iter + 2
        done = ~(second >= self.limit) & ~((second > first) & (first > 0.0))
        leaves = done | (b.n_iter >= self.stop.max_iter)
        Z0, T0 = b.Z, b.T
        b.Z, b.T, b.objective, b.log_likelihood = Z2, T2, objective, ll
        if leaves.any():
            at = b.index[leaves]
            out.log_likelihood[at] = ll[leaves] + self.data.constant
            out.objective[at] = objective[leaves] + self.data.constant
            out.n_iter[at], out.converged[at] = b.n_iter[leaves], done[leaves]
            out.Z[:, at] = Z2[:, leaves]
            if leaves.all():
                return None
            b = b.take(~leaves)
            Z0, T0, Z1, T1 = (a[:, ~leaves] for a in (Z0, T0, Z1, T1))
        r, s = Z1 - Z0, T1 - T0
        length = np.abs(np.einsum("dbk,dbk->b", r, s))
        bend, bend_sums = b.Z - Z1 - r, b.T - T1 - s
        turn = np.abs(np.einsum("dbk,dbk->b", bend, bend_sums))
        step = np.clip(np.sqrt(length / np.maximum(turn, _TINY)), 1.0, _LONGEST)[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            far = Z0 + (2.0 * step) * r + step**2 * bend
        return b, far

    def _leap(self, b: _Run, far: Floats) -> _Run:
        D = self.model.width
        # Probabilities stay probabilities up to a factor; far ones are capped.
        far[D:] = np.clip(far[D:], -690.0, 50.0)
        if self.model.fixed_profiles is not None:
            far[:D] = self.model.fixed_profiles[:, None]
        usable = np.isfinite(far).all(axis=(0, 2))
        if not usable.any():
            return b
        with np.errstate(all="ignore"):
            _, sums = expect(self.model, self.data, far)
            usable = np.asarray(usable & np.isfinite(sums).all(axis=(0, 2)))
            sums = np.where(usable[:, None], sums + self.pseudo, b.T)
        ll, objective, Z, T = self.map(b.Z, sums, b.index)
        b.n_iter = b.n_iter + 2
        better = usable & (objective >= b.objective)
        b.Z = np.where(better[:, None], Z, b.Z)
        b.T = np.where(better[:, None], T, b.T)
        b.objective = np.where(better, objective, b.objective)
        b.log_likelihood = np.where(better, ll, b.log_likelihood)
        return b
