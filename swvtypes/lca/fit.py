"""Fitting a latent class model: random starts, the ledger of what each came to, the best one.

The first starts are random. With more than one round of starts, half of every later round are
recombinations of the best solutions of earlier rounds: a class exchanged for a random one, or
the classes of two solutions mixed. They find optima of overfitted models that random starts
meet once in thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from swvtypes.errors import OptionError

from .design import Design, Floats, Integers
from .em import (
    LONG,
    Batch,
    Mapper,
    Problem,
    Runs,
    Settings,
    advance,
    begin,
    empty_runs,
    expectation,
    finish,
    one_class,
    polish,
    pool,
    stack,
    take_first_steps,
    uniform,
)
from .families import Parameters, Variances, count_parameters, pack, unpack

Origin = Literal["random", "split", "mix"]
ORIGINS: tuple[Origin, ...] = ("random", "split", "mix")

ROUND = 200
SAME = 1e-4
_CHUNK = 100
_CHUNK_CELLS = 2**17
# Iterations after which runs are pooled; after the last they are extrapolated as well. Sooner,
# one in a thousand would end at a lower solution than plain EM comes to from the same start.
_PHASES = (30, 60, 150, 300)
# Plain steps of runs that come from single precision with next to nothing left to gain.
_LAST_STEPS = 4
_PARENTS = 20
_CONTENDERS = 4
_CLOSE = 0.05
_WORTH_THREADS = 1e7
# Long data: starts are made on a sample; its size, its starts and steps, and the pseudo-cases a
# class that keep its estimates off the boundary, where EM on all rows would leave them for long.
_SAMPLE, _TRIALS, _SAMPLE_STEPS, _SAMPLE_TOL, _SAMPLE_PRIOR = 2_000, 4, 60, 1e-6, 1.0
_SAMPLE_CHILD = 2**32 - 1


@dataclass(frozen=True)
class Starts:
    """How many starts, and where their randomness comes from.

    Parameters
    ----------
    n_init : int
        Starts; one suffices with one class.
    entropy : int
        Seed; start s draws from child s, so that more starts keep the earlier ones.
    """

    n_init: int = 100
    entropy: int = 0


@dataclass(frozen=True)
class Ledger:
    """What every start came to; all arrays have shape (S,).

    Attributes
    ----------
    log_likelihood, objective : ndarray
        They differ under a prior only.
    n_iter : ndarray of int
    converged : ndarray of bool
    origin : ndarray of int
        Position in :data:`ORIGINS`.
    solution : ndarray of int
        Number of the solution it came to, 1 the best; starts whose objectives are within 1e-4 of
        the solution's best, before that is polished, share it.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    origin: Integers
    solution: Integers


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    problem : Problem
        Data (one data set) and model.
    A : ndarray, shape (D, K)
        Natural parameters of the best solution, largest class first.
    parameters : Parameters
        The same in plain form.
    log_likelihood, objective : float
        They differ under a prior only.
    n_parameters : int
        Free parameters.
    converged : bool
        Whether the best start converged.
    residual : float
        Largest change of an expected count in a last EM step, per unit of weight.
    best_start : int
        Its place in the ledger.
    times_found : int
        Converged starts that came to the best solution.
    starts : Ledger
        Every start.
    solutions : ndarray, shape (D, S, K)
        Natural parameters of every start.
    """

    problem: Problem
    A: Floats
    parameters: Parameters
    log_likelihood: float
    objective: float
    n_parameters: int
    converged: bool
    residual: float
    best_start: int
    times_found: int
    starts: Ledger
    solutions: Floats


def fit_classes(
    design: Design,
    n_classes: int,
    starts: Starts | None = None,
    settings: Settings | None = None,
    prior: float = 0.0,
    variances: Variances | None = None,
    mapper: Mapper = map,
) -> Fit:
    """Fit a latent class model from many starts.

    Parameters
    ----------
    design : Design
        The data.
    n_classes : int
        Classes, K.
    starts : Starts, optional
        How many, and their seed.
    settings : Settings, optional
        When a start stops.
    prior : float
        Pseudo-cases against boundary estimates; 0 is maximum likelihood.
    variances : Variances, optional
        How Gaussian variances are held.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    Fit
        The best solution, polished beyond the tolerance of the starts.
    """
    if n_classes < 1:
        raise OptionError("n_classes", "an integer of at least 1", n_classes)
    starts, settings = starts or Starts(), settings or Settings()
    problem = stack([design], prior, variances)
    if not _worth_threads(problem, n_classes):
        mapper = map
    n_init = starts.n_init if n_classes > 1 else 1
    runs, origin = _all_rounds(problem, n_classes, replace(starts, n_init=n_init), settings, mapper)
    return _conclude(problem, runs, origin, starts.n_init, mapper)


def fit_replicates(
    problem: Problem,
    n_classes: int,
    starts: Sequence[Starts],
    settings: Settings | None = None,
    mapper: Mapper = map,
) -> Runs:
    """Fit one model to many data sets of one shape, all starts of all of them in batches.

    Parameters
    ----------
    problem : Problem
        R data sets, from :func:`swvtypes.lca.em.stack`.
    n_classes : int
        Classes, K.
    starts : sequence of Starts, length R
        Seed of each data set; all of the same number of starts S.
    settings : Settings, optional
        When a start stops.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    Runs
        Shapes (R * S,), starts of a data set side by side; S is 1 with one class.
    """
    settings = settings or Settings()
    S = starts[0].n_init if n_classes > 1 else 1
    R = len(problem.X)
    out = empty_runs(R * S, problem.layout.width, n_classes)
    frame = _Frame(problem)
    per_chunk = max(1, _chunk_size(problem, n_classes) * 4 // S)

    def first(low: int) -> Batch:
        high = min(low + per_chunk, R)
        T = np.concatenate(
            [
                frame.random_starts(starts[r].entropy, range(S), n_classes, r)
                for r in range(low, high)
            ],
            axis=1,
        )
        index = np.arange(low * S, high * S)
        batch = begin(problem, T, np.repeat(np.arange(low, high), S), out, index)
        return _set_out(problem, batch, settings, map)

    left = list(mapper(first, range(0, R, per_chunk)))
    _finish(problem, left, settings, mapper, per_chunk * S)
    return out


def best_of_replicates(runs: Runs, n_starts: int) -> tuple[Floats, Integers]:
    """Highest objective of each data set and which run reached it, shapes (R,)."""
    table = np.where(np.isnan(runs.objective), -np.inf, runs.objective).reshape(-1, n_starts)
    best = table.argmax(axis=1)
    rows = np.arange(len(table))
    return table[rows, best], rows * n_starts + best


class _Frame:
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


def _chunk_size(problem: Problem, n_classes: int) -> int:
    cells = problem.X.shape[1] * n_classes
    return int(np.clip(_CHUNK_CELLS // cells, 1, _CHUNK))


def _worth_threads(problem: Problem, n_classes: int) -> bool:
    """Whether a step of a chunk is long enough that threads do not wait for each other."""
    _, N, D = problem.X.shape
    return bool(_chunk_size(problem, n_classes) * n_classes * N * D > _WORTH_THREADS)


def _all_rounds(
    problem: Problem, n_classes: int, starts: Starts, settings: Settings, mapper: Mapper
) -> tuple[Runs, Integers]:
    S = starts.n_init
    frame = _Frame(problem)
    out = empty_runs(S, problem.layout.width, n_classes)
    origin = np.zeros(S, dtype=np.intp)
    chunk = _chunk_size(problem, n_classes)
    for low in range(0, S, ROUND):
        high = min(low + ROUND, S)
        middle = high if low == 0 else min(low + ROUND // 2, high)
        which = range(low, middle)
        if len(problem.weight[0]) > LONG:
            pieces = [_starts_of_long_data(problem, n_classes, starts.entropy, which, mapper)]
        else:
            pieces = [frame.random_starts(starts.entropy, which, n_classes)]
        if middle < high:
            parents = _parents(problem, out, low)
            made, kinds = frame.recombined(starts.entropy, range(middle, high), parents, n_classes)
            pieces.append(made)
            origin[middle:high] = kinds
        T = np.concatenate(pieces, axis=1)
        _run_round(problem, T, np.arange(low, high), out, settings, mapper, chunk)
    return out, origin


def _starts_of_long_data(
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
    frame, settings = _Frame(few), Settings(_SAMPLE_STEPS, _SAMPLE_TOL)

    def make(start: int) -> Floats:
        u = uniform(entropy, [start], 3 * n_classes * _TRIALS).reshape(_TRIALS, 3, n_classes)
        out = empty_runs(_TRIALS, problem.layout.width, n_classes)
        where = np.zeros(_TRIALS, dtype=np.intp)
        advance(few, begin(few, frame.towards_rows(u, 0), where, out), settings, _SAMPLE_STEPS)
        return np.asarray(out.A[:, int(np.argmax(out.objective))])

    A = np.stack(list(mapper(make, which)), axis=1)
    T = expectation(problem, A, np.zeros(A.shape[1], dtype=np.intp), mapper)[1]
    return np.asarray(T + problem.prior / n_classes * problem.mean_row[0][:, None, None])


def _run_round(
    problem: Problem,
    T: Floats,
    index: Integers,
    out: Runs,
    settings: Settings,
    mapper: Mapper,
    chunk: int,
) -> None:
    pieces = [slice(i, i + chunk) for i in range(0, len(index), chunk)]
    inner = mapper if len(pieces) == 1 else map

    def first(piece: slice) -> Batch:
        part = np.ascontiguousarray(T[:, piece])
        where = np.zeros(part.shape[1], dtype=np.intp)
        batch = begin(problem, part, where, out, index[piece])
        return _set_out(problem, batch, settings, inner)

    outer = map if len(pieces) == 1 else mapper
    left = list(outer(first, pieces))
    _finish(problem, left, settings, mapper, chunk)


def _set_out(problem: Problem, batch: Batch, settings: Settings, mapper: Mapper) -> Batch:
    if problem.X.shape[1] <= LONG and batch.T.shape[2] > 1:
        batch = take_first_steps(problem, batch, settings)
    steps = _LAST_STEPS if batch.ahead.any() else _PHASES[0]
    return advance(problem, batch, settings, steps, mapper)


def _finish(
    problem: Problem, left: Sequence[Batch], settings: Settings, mapper: Mapper, chunk: int
) -> None:
    """Bring the slow runs home: pooled, so that few share the cost of a step."""
    for until in (*_PHASES[1:], settings.max_iter):
        rest = pool(left)
        slow = rest.iteration + rest.ahead >= _PHASES[-1]
        _spread(partial(finish, problem, settings=settings), rest.take(slow), mapper, chunk)
        if slow.all():
            return
        go_on = partial(advance, problem, settings=settings, until=until)
        left = _spread(go_on, rest.take(~slow), mapper, chunk)


def _spread(
    function: Callable[..., Batch], batch: Batch, mapper: Mapper, chunk: int
) -> list[Batch]:
    """Apply a function to a batch, to pieces of it side by side where it is long."""
    pieces = [batch.take(slice(i, i + chunk)) for i in range(0, len(batch), chunk)]
    if len(pieces) > 1:
        return list(mapper(function, pieces))
    return [function(piece, mapper=mapper) for piece in pieces]


def _parents(problem: Problem, out: Runs, found: int) -> Floats:
    """Give expected sums of the best distinct solutions among the first `found` starts."""
    objective = out.objective[:found]
    order = np.argsort(-objective, kind="stable")
    keep: list[int] = []
    for i in order:
        if not keep or objective[keep[-1]] - objective[i] > 1e-3:
            keep.append(int(i))
        if len(keep) == _PARENTS:
            break
    A = np.ascontiguousarray(out.A[:, keep])
    return expectation(problem, A, np.zeros(len(keep), dtype=np.intp))[1]


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


def _conclude(problem: Problem, runs: Runs, origin: Integers, n_init: int, mapper: Mapper) -> Fit:
    """Polish the contenders, put the largest class first, write the ledger."""
    objective, log_likelihood = runs.objective.copy(), runs.log_likelihood.copy()
    n_iter = runs.n_iter.copy()
    number = solutions(objective)
    contenders = [
        int(np.flatnonzero(number == c)[np.argmax(objective[number == c])])
        for c in range(1, min(int(number.max()), _CONTENDERS) + 1)
    ]
    top = objective[contenders[0]]
    best, chosen = contenders[0], None
    # Starts of one solution gain alike, so that polishing does not set its best apart.
    compared = objective.copy()
    for i in contenders:
        if top - objective[i] > _CLOSE:
            break
        polished = polish(problem, np.ascontiguousarray(runs.A[:, i]), 0, mapper)
        compared[number == number[i]] += polished.objective - objective[i]
        objective[i], log_likelihood[i] = polished.objective, polished.log_likelihood
        n_iter[i] += polished.n_iter
        if chosen is None or polished.objective > chosen.objective:
            best, chosen = i, polished
    assert chosen is not None
    number = solutions(compared)
    ledger = Ledger(log_likelihood, objective, n_iter, runs.converged, origin, number)
    if len(number) < n_init:
        ledger = _repeated(ledger, n_init)
    parameters = unpack(problem.layout, chosen.A)
    group_weight = problem.mean_row[0][: problem.layout.n_groups]
    shares = group_weight @ np.exp(parameters.log_shares)
    order = np.argsort(-shares, kind="stable")
    parameters = parameters.reorder(order)
    return Fit(
        problem, np.ascontiguousarray(chosen.A[:, order]), parameters,
        chosen.log_likelihood, chosen.objective,
        count_parameters(problem.layout, len(order), problem.variances),
        bool(runs.converged[best]), chosen.residual, best,
        int((ledger.converged & (ledger.solution == 1)).sum()), ledger, runs.A,
    )  # fmt: skip


def _repeated(ledger: Ledger, n_init: int) -> Ledger:
    """One class has one optimum: every start is the same start."""
    return Ledger(*(np.repeat(getattr(ledger, name), n_init) for name in vars(ledger)))


def posterior(design: Design, parameters: Parameters) -> tuple[Floats, Floats]:
    """Class probabilities (N, K) and log-density (N,) of each pattern of a design.

    A pattern without any answer has the class shares as its probabilities and a log-density of 0.
    """
    joint = design.X @ pack(design.layout, parameters)
    top = joint.max(axis=1, keepdims=True)
    raised = np.exp(joint - top)
    total = raised.sum(axis=1, keepdims=True)
    density = np.log(total[:, 0]) + top[:, 0] + design.base
    return raised / total, density


def one_class_parameters(design: Design, variances: Variances | None = None) -> Parameters:
    """Closed-form fit of one class."""
    problem = stack([design], 0.0, variances)
    return unpack(problem.layout, one_class(problem)[:, 0])
