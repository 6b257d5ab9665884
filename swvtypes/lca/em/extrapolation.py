"""The last stretch of many runs: squared extrapolation of EM.

Two EM steps give a direction and its change (Varadhan and Roland 2008, scheme S3); a long step
along both, in the natural parameters and measured in the metric of the Fisher information, is
followed by an EM step and kept where it raises the objective. No run goes down, and a run whose
long steps fail takes plain steps for a while.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers

from .batch import Batch, em_map, leave
from .problem import Booleans, Mapper, Problem, Settings
from .rows import Scratch, expectation

_LONGEST = 32.0
_LONGEST_REST = 4
_TINY = 1e-300


def finish(problem: Problem, batch: Batch, settings: Settings, mapper: Mapper = map) -> Batch:
    """Bring runs home.

    Parameters
    ----------
    problem : Problem
        Data and model.
    batch : Batch
        Runs near the end of their way; their results are written into its `out`.
    settings : Settings
        When a run stops: when an EM step raises the objective by less than the tolerance times the
        sum of the weights, and by no more than the step before did.
    mapper : callable
        See :func:`expectation`.

    Returns
    -------
    Batch
        None of the runs.
    """
    return _Stretch(problem, batch, settings, mapper).run()


@dataclass
class _Path:
    """Parameters, sums and gains along two EM steps of each run."""

    r: Floats
    s: Floats
    bend: Floats
    bend_of_sums: Floats
    start: Floats


class _Stretch:
    def __init__(self, problem: Problem, batch: Batch, settings: Settings, mapper: Mapper) -> None:
        self.problem, self.batch, self.settings, self.mapper = problem, batch, settings, mapper
        self.scratch = Scratch()
        n = len(batch)
        self.rest: Integers = np.zeros(n, dtype=np.intp)
        self.penalty: Integers = np.zeros(n, dtype=np.intp)
        K = batch.T.shape[2]
        self.prior = problem.prior / K * problem.mean_row.T
        self.limits = settings.tol * problem.weight.sum(axis=1)

    def run(self) -> Batch:
        while len(self.batch):
            path = self._two_steps()
            if path is not None:
                self._leap(path)
        return self.batch

    def _map(self, A: Floats, T: Floats, replicate: Integers) -> tuple[Floats, ...]:
        pseudo = self.prior[:, replicate][..., None]
        return em_map(self.problem, A, T, replicate, pseudo, self.mapper, self.scratch)

    def _two_steps(self) -> _Path | None:
        b = self.batch
        A0, T0, before = b.A, b.T, b.before
        _, middle, A1, T1 = self._map(A0, T0, b.replicate)
        log_likelihood, b.before, b.A, b.T = self._map(A1, T1, b.replicate)
        b.iteration += 2
        first, second = middle - before, b.before - middle
        # Gains that grow are those of a run that leaves a saddle.
        converged = ~(second >= self.limits[b.replicate]) & ~((second > first) & (first > 0.0))
        stop = converged | (b.iteration + b.ahead >= self.settings.max_iter)
        r, s = A1 - A0, T1 - T0
        path = _Path(r, s, b.A - A1 - r, b.T - T1 - s, A0)
        if not stop.any():
            return path
        leave(self.problem, b, stop, log_likelihood, converged)
        self.batch = b.take(~stop)
        self.rest, self.penalty = self.rest[~stop], self.penalty[~stop]
        if stop.all():
            return None
        return _Path(*(getattr(path, name)[:, ~stop] for name in vars(path)))

    def _leap(self, path: _Path) -> None:
        """Take the long step with the runs that do not rest."""
        ready = self.rest == 0
        self.rest[~ready] -= 1
        if not ready.any():
            return
        b, go = self.batch, np.flatnonzero(ready)
        if not ready.all():
            path = _Path(*(getattr(path, name)[:, go] for name in vars(path)))
        with np.errstate(over="ignore"):
            _, sums = expectation(
                self.problem, _far(path), b.replicate[go], self.mapper, self.scratch
            )
        if self.problem.prior > 0:
            sums += self.prior[:, b.replicate[go]][..., None]
        _, objective, A, T = self._map(b.A[:, go], sums, b.replicate[go])
        b.iteration += 2
        self._keep(go, objective >= b.before[go], objective, (A, T))

    def _keep(
        self, go: Integers, better: Booleans, objective: Floats, arrays: tuple[Floats, Floats]
    ) -> None:
        b, kept, failed = self.batch, go[better], go[~better]
        b.before[kept] = objective[better]
        if not len(failed) and len(go) == len(b):
            b.A, b.T = arrays
        else:
            b.A[:, kept], b.T[:, kept] = (array[:, better] for array in arrays)
        self.penalty[kept] //= 2
        self.penalty[failed] = np.minimum(2 * self.penalty[failed] + 1, _LONGEST_REST)
        self.rest[failed] = self.penalty[failed]


def _far(path: _Path) -> Floats:
    """Give the natural parameters at the end of the long step.

    Far off, densities need not integrate to one and may overflow; posteriors do not mind.
    """
    length = np.abs(np.einsum("dbk,dbk->b", path.r, path.s))
    bend = np.abs(np.einsum("dbk,dbk->b", path.bend, path.bend_of_sums))
    step = np.clip(np.sqrt(length / np.maximum(bend, _TINY)), 1.0, _LONGEST)[:, None]
    return np.asarray(path.start + (2.0 * step) * path.r + step**2 * path.bend)
