"""Fitting classes on a line to many data sets at once.

Starts lay the rows along random directions (the first along the leading one) and give each class
a stretch of that order. All starts on all data sets take their EM steps together; two steps give
a direction and its change (Varadhan and Roland 2008, scheme S3), and a long step along both is
kept where it raises the log-likelihood, so that no run goes down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Problem, Settings, expectation

from .line_model import Line, State, check_layout, natural
from .line_steps import line_step

_LONGEST = 16.0
_BEHIND, _LOOSE = 0.5, 100.0
_FIRST_NEWTON = 4
_NARROWNESS = 0.8
_SAME = 1e-4
_LINE_STREAM = 30_011


@dataclass(frozen=True)
class LineFits:
    """The best start on each of R data sets.

    Attributes
    ----------
    log_likelihood : ndarray, shape (R,)
    state : State
        Parameters, B = R.
    times_found : ndarray of int, shape (R,)
        Starts within 1e-4 of the best.
    converged : ndarray of bool, shape (R,)
    """

    log_likelihood: Floats
    state: State
    times_found: Integers
    converged: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


EStep = Callable[[Problem, Floats, Integers], tuple[Floats, Floats]]


def fit_line(
    problem: Problem,
    line: Line,
    seeds: Sequence[int],
    n_init: int,
    settings: Settings | None = None,
    e_step: EStep = expectation,
) -> LineFits:
    """Fit classes on a line to each data set of a problem.

    Parameters
    ----------
    problem : Problem
        R data sets of categories and counts, without known groups and local dependence. Missing
        answers add nothing to the likelihood; weights are frequencies. Its prior is not used.
    line : Line
        Nodes, shares and positions.
    seeds : sequence of int, length R
        Seed of the starts of each data set; start s draws from child s.
    n_init : int
        Starts a data set.
    settings : Settings, optional
        When a run stops.
    e_step : callable
        Log-likelihoods and expected sums at natural parameters (D, B, Q) of runs on given data
        sets; that of the engine, or one for answers measured with error.

    Returns
    -------
    LineFits

    Raises
    ------
    InputError
        For continuous items, known groups or local dependence.
    """
    check_layout(problem.layout)
    runs = _Course(problem, line, n_init, settings or Settings(), e_step)
    runs.begin(seeds)
    runs.finish()
    return runs.best()


class _Course:
    """All runs, from their starts until they stop."""

    def __init__(
        self, problem: Problem, line: Line, n_init: int, settings: Settings, e_step: EStep
    ) -> None:
        self.problem, self.line, self.settings = problem, line, settings
        self.e_step = e_step
        self.n_init = n_init
        self.R = len(problem.X)
        B = self.R * n_init
        self.replicate = np.repeat(np.arange(self.R), n_init)
        self.index = np.arange(B)
        self.best_so_far = np.full(self.R, -np.inf)
        self.limit = (settings.tol * problem.weight.sum(axis=1))[self.replicate]
        self.value = np.full(B, -np.inf)
        self.converged = np.zeros(B, dtype=bool)
        self.steps = 0

    def begin(self, seeds: Sequence[int]) -> None:
        layout, line = self.problem.layout, self.line
        B, Q = len(self.index), line.n_nodes
        C = layout.width - layout.n_indicators
        zero = np.zeros((C, B))
        shares = np.broadcast_to(np.log(line.shares), (B, Q)).copy()
        x = np.broadcast_to(line.nodes, (B, Q)).copy()
        T = self._first_sums(seeds)
        state = State(_margins(self.problem)[:, self.replicate], zero, shares, x)
        for _ in range(_FIRST_NEWTON):
            state = line_step(layout, line, T, state)
        self.state = state
        self.out = State(zero.copy(), zero.copy(), shares.copy(), x.copy())

    def _first_sums(self, seeds: Sequence[int]) -> Floats:
        """Give the expected sums when rows are laid along a direction, shape (D, B, Q)."""
        problem, line = self.problem, self.line
        first = problem.layout.n_indicators
        D, Q, S = problem.layout.width, line.n_nodes, self.n_init
        T = np.empty((D, self.R * S, Q))
        shares, scores = line.shares, line.scores
        spread = 2.0 * (1.0 - _NARROWNESS**2)
        for r in range(self.R):
            X, weight = problem.X[r], problem.weight[r]
            answers = _centred(X, weight, problem, first)
            lean = np.cbrt if line.n_nodes == 2 else np.asarray
            for s in range(S):
                z = _row_scores(answers, weight, seeds[r], s)
                post = shares * np.exp(-((scores - _NARROWNESS * lean(z)[:, None]) ** 2) / spread)
                post *= (weight / post.sum(axis=1))[:, None]
                T[:, r * S + s] = X.T @ post
        return T

    def _sums(self, state: State) -> tuple[Floats, Floats]:
        A = natural(self.problem.layout, state)
        with np.errstate(over="ignore"):
            return self.e_step(self.problem, A, self.replicate)

    def _step(self, state: State, T: Floats) -> State:
        return line_step(self.problem.layout, self.line, T, state)

    def finish(self) -> None:
        T = self._sums(self.state)[1]
        one = self.state
        while len(self.index):
            two = self._step(one, T)
            middle, T2 = self._sums(two)
            three = self._step(two, T2)
            after, T3 = self._sums(three)
            self.steps += 2
            stop = self._stop(middle, after, three)
            if stop.all():
                return
            if stop.any():
                keep = ~stop
                one, two, three = (state.take(keep) for state in (one, two, three))
                after, T3 = after[keep], T3[:, keep]
            one, T = self._leap((one, two, three), after, T3)

    def _stop(self, before: Floats, after: Floats, state: State) -> np.ndarray:
        np.maximum.at(self.best_so_far, self.replicate, after)
        gain = after - before
        converged = ~(gain >= self.limit)
        behind = self.best_so_far[self.replicate] - after > _BEHIND
        stop = converged | (behind & (gain < _LOOSE * self.limit))
        stop |= self.steps >= self.settings.max_iter
        if stop.any():
            index = self.index[stop]
            self.value[index] = after[stop]
            self.converged[index] = converged[stop]
            self.out.put(index, state.take(stop))
            keep = ~stop
            self.index, self.replicate = self.index[keep], self.replicate[keep]
            self.limit = self.limit[keep]
        return np.asarray(stop)

    def _leap(
        self, path: tuple[State, State, State], value: Floats, T: Floats
    ) -> tuple[State, Floats]:
        """Take a long step where it pays, the plain one elsewhere."""
        three = path[2]
        far = _extrapolated(path)
        four = self._step(far, self._sums(far)[1])
        reached, sums = self._sums(four)
        self.steps += 1
        worse = ~(reached >= value)
        if worse.any():
            four.put(worse, three.take(worse))
            reached[worse], sums[:, worse] = value[worse], T[:, worse]
        return four, sums

    def best(self) -> LineFits:
        table = self.value.reshape(self.R, self.n_init)
        rows = np.arange(self.R)
        chosen = table.argmax(axis=1)
        top = table[rows, chosen]
        near = (table >= top[:, None] - _SAME).sum(axis=1)
        which = rows * self.n_init + chosen
        return LineFits(
            top + self.problem.constant, self.out.take(which), near, self.converged[which]
        )


def _extrapolated(path: tuple[State, State, State]) -> State:
    one, two, three = path
    parts = ("intercept", "slope")
    length = bend = 0.0
    moves = {}
    for name in (*parts, "x"):
        a, b, c = (getattr(s, name) for s in (one, two, three))
        r, v = b - a, c - 2 * b + a
        moves[name] = (a, r, v)
        axis = 0 if name in parts else 1
        length = length + (r**2).sum(axis=axis)
        bend = bend + (v**2).sum(axis=axis)
    step = np.clip(np.sqrt(length / np.maximum(bend, 1e-300)), 1.0, _LONGEST)
    far = {}
    for name, (a, r, v) in moves.items():
        size = step if name in parts else step[:, None]
        far[name] = a + 2.0 * size * r + size**2 * v
    for name in parts:
        far[name] = np.clip(far[name], -40.0, 40.0)
    return State(far["intercept"], far["slope"], three.log_shares, far["x"])


def _margins(problem: Problem) -> Floats:
    """Give the intercepts under independence, shape (C, R)."""
    mean, first = problem.mean_row.T, problem.layout.n_indicators
    out = np.zeros((problem.layout.width - first, mean.shape[1]))
    for block in problem.layout.blocks:
        if block.size == 1:
            continue
        J = len(block.items)
        share = np.maximum(mean[block.start : block.stop].reshape(J, -1, mean.shape[1]), 1e-6)
        n = np.maximum(mean[block.indicator], 1e-6)
        if block.kind == "count":
            odds = np.log(share / n[:, None])
        else:
            odds = np.log(share / np.maximum(n - share.sum(axis=1), 1e-6)[:, None])
        out[block.start - first : block.stop - first] = odds.reshape(-1, mean.shape[1])
    return out


def _centred(X: Floats, weight: Floats, problem: Problem, first: int) -> Floats:
    """Statistics less their mean among those who answered, scaled; 0 where missing."""
    Y = X[:, first:].copy()
    for block in problem.layout.blocks:
        J = len(block.items)
        columns = (block.stop - block.start) // J
        for j in range(J):
            answered = X[:, block.indicator[j]]
            n = max(float(weight @ answered), 1e-12)
            at = slice(block.start - first + j * columns, block.start - first + (j + 1) * columns)
            part = Y[:, at]
            part -= answered[:, None] * (weight @ part / n)
            part /= np.sqrt(np.maximum(weight @ part**2 / n, 1e-12))
    return Y


def _row_scores(Y: Floats, weight: Floats, seed: int, start: int) -> Floats:
    """Give the rows normal scores along a direction; the first is the leading one.

    Starts come in pairs that run in opposite directions.
    """
    pair, reverse = divmod(start, 2)
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_LINE_STREAM, pair)))
    direction: Floats = generator.standard_normal((Y.shape[1],))
    for _ in range(20 if pair == 0 else 1):
        ahead: Floats = np.matmul(Y.T, weight * np.matmul(Y, direction))
        direction = ahead / max(float(np.linalg.norm(ahead)), 1e-300)
    score = -(Y @ direction) if reverse else Y @ direction
    order = np.argsort(score, kind="stable")
    below = np.cumsum(weight[order])
    middle = (below - weight[order] / 2) / max(float(below[-1]), 1e-300)
    z = np.empty(len(score))
    z[order] = ndtri(np.clip(middle, 1e-4, 1 - 1e-4))
    return z
