"""Where starts come from: random rows, recombined solutions, a sample of long data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import (
    Mapper,
    Problem,
    Settings,
    advance,
    begin,
    empty_runs,
    expectation,
    uniform,
)

# Long data: starts are made on a sample; its size, its starts and steps, and the pseudo-cases a
# class that keep its estimates off the boundary, where EM on all rows would leave them for long.
_SAMPLE, _TRIALS, _SAMPLE_STEPS, _SAMPLE_TOL, _SAMPLE_PRIOR = 2_000, 4, 60, 1e-6, 1.0
_SAMPLE_CHILD = 2**32 - 1


class Frame:
    """What starts are made of: the rows of each data set, and their average."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.total = problem.weight.sum(axis=1)
        self.cumulative = np.cumsum(problem.weight, axis=1) / self.total[:, None]
        self.mean = problem.mean_row

    def random_starts(
        self, entropy: int, which: Sequence[int] | range, n_classes: int, r: int = 0
    ) -> Floats:
        """Each class leans towards a random row, shape (D, S, K).

        Three uniform numbers a class: which row, how far towards it, how large the class.
        """
        u = uniform(entropy, which, 3 * n_classes)
        return self.towards_rows(u.reshape(-1, 3, n_classes), r)

    def towards_rows(self, u: Floats, r: int) -> Floats:
        """Make starts from uniform numbers (S, 3, K) and the rows of data set `r`."""
        S, _, K = u.shape
        row = np.searchsorted(self.cumulative[r], u[:, 0].ravel(), side="right")
        row = np.minimum(row, self.cumulative.shape[1] - 1)
        X = self.problem.X[r][row].T.reshape(-1, S, K)
        mean = self.mean[r][:, None, None]
        T = mean + (0.2 + 0.3 * u[:, 1]) * (X - mean)
        size = 0.5 + u[:, 2]
        return np.ascontiguousarray(T * (size * self.total[r] / size.sum(axis=1, keepdims=True)))

    def recombined(
        self, entropy: int, which: range, parents: Floats, n_classes: int
    ) -> tuple[Floats, Integers]:
        """Make starts of the expected sums of earlier solutions, parents (D, P, K)."""
        starts, origin = [], []
        mean = self.mean[0][:, None]
        for s in which:
            generator = _generator(entropy, s)
            if s % 2:
                T = self._split(generator, parents, n_classes)
            else:
                T = self._mix(generator, parents, n_classes)
            n = T[: self.problem.layout.n_groups].sum(axis=0)
            least = self.total[0] / (4 * n_classes)
            T = T * (np.maximum(n, least) / np.maximum(n, 1e-300))
            n = T[: self.problem.layout.n_groups].sum(axis=0)
            T = (0.9 * T + 0.1 * n * mean) * (self.total[0] / n.sum())
            starts.append(T)
            origin.append(1 if s % 2 else 2)
        return np.stack(starts, axis=1), np.array(origin)

    def _split(self, generator: np.random.Generator, parents: Floats, K: int) -> Floats:
        T = parents[:, int(generator.integers(parents.shape[1]))].copy()
        fresh = self.towards_rows(generator.random((1, 3, K)), 0)[:, 0]
        k = int(generator.integers(K))
        T[:, k] = fresh[:, k]
        return T

    def _mix(self, generator: np.random.Generator, parents: Floats, K: int) -> Floats:
        P = parents.shape[1]
        pair = generator.choice(P, size=2, replace=P < 2)
        both = np.concatenate([parents[:, pair[0]], parents[:, pair[1]]], axis=1)
        return np.asarray(both[:, generator.choice(2 * K, size=K, replace=False)])


def _generator(entropy: int, start: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy, spawn_key=(start,))))


def starts_of_long_data(
    problem: Problem, n_classes: int, entropy: int, which: range, mapper: Mapper
) -> Floats:
    """Make starts on a sample of the patterns of long data, shape (D, S, K).

    Of a few random starts of each child of the seed the one that does best on the sample is
    taken, so that the steps over all patterns begin close to an optimum.
    """
    generator = np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=(_SAMPLE_CHILD,)))
    rows = np.sort(generator.choice(len(problem.weight[0]), size=_SAMPLE, replace=False))
    weight = problem.weight[:, rows]
    if not weight.sum() > 0:
        weight = np.ones_like(weight)
    few = replace(
        problem, X=np.ascontiguousarray(problem.X[:, rows]), weight=weight, constant=np.zeros(1),
        prior=problem.prior + _SAMPLE_PRIOR * n_classes,
    )  # fmt: skip
    frame, settings = Frame(few), Settings(_SAMPLE_STEPS, _SAMPLE_TOL)

    def make(start: int) -> Floats:
        u = uniform(entropy, [start], 3 * n_classes * _TRIALS).reshape(_TRIALS, 3, n_classes)
        out = empty_runs(_TRIALS, problem.layout.width, n_classes)
        where = np.zeros(_TRIALS, dtype=np.intp)
        advance(few, begin(few, frame.towards_rows(u, 0), where, out), settings, _SAMPLE_STEPS)
        return np.asarray(out.A[:, int(np.argmax(out.objective))])

    A = np.stack(list(mapper(make, which)), axis=1)
    T = expectation(problem, A, np.zeros(A.shape[1], dtype=np.intp), mapper)[1]
    return np.asarray(T + problem.prior / n_classes * problem.mean_row[0][:, None, None])
