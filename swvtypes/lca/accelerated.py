"""EM for bootstrap replicates: many runs on many data sets, each only as far as it matters.

Replicates are fitted with one class too many on purpose, and plain EM creeps along such flat
likelihoods. Runs take their first steps in single precision (:mod:`.first_steps`), where starts
that have met are followed once; after that, squared extrapolation (Varadhan and Roland 2008,
scheme S3): two EM steps give a direction and its change; a long step along both, in the natural
parameters and measured in the metric of the Fisher information, is followed by an EM step and
kept where it raises the objective. From there on no run goes down. A run stops by the rule of
plain EM, when an EM step raises the objective by less than the tolerance times the sum of the
weights; one that lies clearly below the best of its data set, stops at a hundred times that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .design import Floats
from .em import Problem, Runs, Settings, expectation
from .em.batch import Booleans, Scratch, em_map
from .first_steps import FIRST_STEPS, leaders, merged_into_leader, take_first_steps
from .fit import Starts, fit_replicates

_LONGEST = 32.0
_TINY = 1e-300
_BEHIND = 0.5
_LOOSE = 100.0


def fit_accelerated(
    problem: Problem, n_classes: int, starts: Sequence[Starts], settings: Settings
) -> Runs:
    """Fit one model to many data sets.

    Parameters
    ----------
    problem : Problem
        R data sets.
    n_classes : int
        Classes, K.
    starts : sequence of Starts, length R
        Seeds of the starts of each data set, S each.
    settings : Settings
        When a run stops.

    Returns
    -------
    Runs
        Shapes (R * S,), starts of a data set side by side; S is 1 with one class. Runs that were
        left behind the best of their data set have not converged.
    """
    few = settings.max_iter <= FIRST_STEPS or n_classes == 1
    first = settings if few else replace(settings, max_iter=1)
    runs = fit_replicates(problem, n_classes, starts, first)
    if not few:
        n_runs = len(runs.objective) // len(problem.X)
        _Course(problem, settings, runs, n_runs).finish()
    return runs


@dataclass
class _State:
    """Runs on their way: parameters, sums at them, objective at them."""

    A: Floats
    T: Floats
    objective: Floats

    def keep(self, which: Booleans) -> _State:
        return _State(self.A[:, which], self.T[:, which], self.objective[which])


class _Course:
    """All runs from their first EM step until they stop."""

    def __init__(self, problem: Problem, settings: Settings, out: Runs, n_runs: int) -> None:
        self.problem, self.settings, self.out = problem, settings, out
        self.scratch = Scratch()
        self.iteration = FIRST_STEPS
        self.best = np.full(len(problem.X), -np.inf)
        self.followed = np.arange(len(out.objective))
        self.index = np.arange(len(out.objective))
        self.replicate = self.index // n_runs
        n_classes = out.A.shape[2]
        prior = problem.prior / n_classes * problem.mean_row.T
        self.pseudo = prior[:, self.replicate][..., None]
        self.limit = (settings.tol * problem.weight.sum(axis=1))[self.replicate]

    def finish(self) -> None:
        one = self._first()
        while True:
            two = self._step(one.A, one.T)
            stop = self._stop(one, two)
            if stop.all():
                break
            if stop.any():
                one, two = one.keep(~stop), two.keep(~stop)
            three = self._step(two.A, two.T)
            stop = self._stop(two, three)
            if stop.all():
                break
            if stop.any():
                one, two, three = one.keep(~stop), two.keep(~stop), three.keep(~stop)
            one = self._merge(self._leap(one, two, three))
        self._fill()

    def _first(self) -> _State:
        kept, follows, A = take_first_steps(
            self.problem, np.ascontiguousarray(self.out.A), self.replicate, self.pseudo
        )
        self.followed = follows
        self._take(kept)
        log_likelihood, T = expectation(self.problem, A, self.replicate, map, self.scratch)
        if not self.problem.prior > 0:
            return _State(A, T, log_likelihood)
        objective = log_likelihood + (A * self.pseudo).sum(axis=(0, 2))
        return _State(A, T + self.pseudo, objective)

    def _take(self, kept: Booleans) -> None:
        self.index, self.replicate = self.index[kept], self.replicate[kept]
        self.pseudo, self.limit = self.pseudo[:, kept], self.limit[kept]

    def _sums(self, A: Floats) -> Floats:
        T = expectation(self.problem, A, self.replicate, map, self.scratch)[1]
        return T + self.pseudo if self.problem.prior > 0 else T

    def _step(self, A: Floats, T: Floats) -> _State:
        log_likelihood, objective, A, T = em_map(
            self.problem, A, T, self.replicate, self.pseudo, map, self.scratch
        )
        self.iteration += 1
        self.log_likelihood = log_likelihood
        return _State(A, T, objective)

    def _stop(self, before: _State, after: _State) -> Booleans:
        """Write down the runs that stop, and take them out."""
        np.maximum.at(self.best, self.replicate, after.objective)
        gain = after.objective - before.objective
        behind = self.best[self.replicate] - after.objective > _BEHIND
        converged = ~(gain >= self.limit)
        stop = converged | (behind & (gain < _LOOSE * self.limit))
        stop |= self.iteration >= self.settings.max_iter
        if stop.any():
            index, constant = self.index[stop], self.problem.constant[self.replicate[stop]]
            self.out.log_likelihood[index] = self.log_likelihood[stop] + constant
            self.out.objective[index] = after.objective[stop] + constant
            self.out.n_iter[index] = self.iteration
            self.out.converged[index] = converged[stop]
            self.out.A[:, index] = after.A[:, stop]
            self._take(~stop)
        return np.asarray(stop)

    def _leap(self, one: _State, two: _State, three: _State) -> _State:
        r, s = two.A - one.A, two.T - one.T
        change = three.A - two.A - r
        length = np.abs(np.einsum("dbk,dbk->b", r, s))
        bend = np.abs(np.einsum("dbk,dbk->b", change, three.T - two.T - s))
        step = np.clip(np.sqrt(length / np.maximum(bend, _TINY)), 1.0, _LONGEST)[:, None]
        far = one.A + (2.0 * step) * r + step**2 * change
        # Far off, densities do not integrate to one and may overflow; posteriors do not mind.
        with np.errstate(over="ignore"):
            sums = self._sums(far)
        four = self._step(three.A, sums)
        self.iteration += 1
        worse = ~(four.objective >= three.objective)
        if worse.any():
            for new, old in ((four.A, three.A), (four.T, three.T)):
                new[:, worse] = old[:, worse]
            four.objective[worse] = three.objective[worse]
        return four

    def _merge(self, state: _State) -> _State:
        """Follow a run that has met the best of its data set no longer."""
        lead = leaders(state.objective, self.replicate)
        met = merged_into_leader(self.problem, state.T, self.replicate, lead)
        if not met.any():
            return state
        self.followed[self.index[met]] = self.index[lead[met]]
        self._take(~met)
        return state.keep(~met)

    def _fill(self) -> None:
        """Give runs that were followed no longer the results of those they met."""
        target = self.followed
        while not np.array_equal(target, target[target]):
            target = target[target]
        for values in (
            self.out.log_likelihood, self.out.objective, self.out.n_iter, self.out.converged
        ):  # fmt: skip
            values[:] = values[target]
        moved = target != np.arange(len(target))
        self.out.A[:, moved] = self.out.A[:, target[moved]]
