"""Themes whose classes are measured by items: the data of the second step.

The likelihood is that of Bakk and Kuha (2018, Psychometrika 83): log of the sum, over points of
the second level, of their share times, for each theme, the sum over its classes of the chance of
the class there times P(answers | class). The last is held fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers, Item, Layout, build_design
from swvtypes.lca.em import Problem, Settings
from swvtypes.lca.families import Variances, m_step

_BEHIND, _LOOSE, _LONGEST = 0.5, 100.0, 16.0
_STREAM = 30_029


@dataclass(frozen=True)
class Measured:
    """R data sets of n cases, T themes each.

    Attributes
    ----------
    problem : Problem
        The themes as nominal items; X holds the chances of the classes given a theme's answers.
    likelihood : tuple of ndarray, shapes (R, n, C_t)
        P(answers | class) of each theme, the largest of a row 1; all 1 without answers.
    """

    problem: Problem
    likelihood: tuple[Floats, ...]

    def e_step(self, problem: Problem, A: Floats, replicate: Integers) -> tuple[Floats, Floats]:
        """Log-likelihood (B,) and expected sums (D, B, Q), as the engine's E step gives them."""
        by_run = np.ascontiguousarray(A.transpose(1, 2, 0))
        top = by_run[:, :, 0].copy()
        density: Floats | None = None
        parts = []
        for (columns, reference, size), likelihood in zip(
            theme_columns(problem.layout), self.likelihood, strict=True
        ):
            kept = np.flatnonzero(np.arange(size) != reference)
            logs = np.zeros((*top.shape, size))
            logs[..., kept] = by_run[..., columns]
            most = logs.max(axis=2)
            top += most
            chance = np.exp(logs - most[..., None])
            mine = likelihood[replicate]
            g = np.maximum(chance @ mine.transpose(0, 2, 1), 1e-30)
            density = g.copy() if density is None else density * g
            parts.append((columns, kept, chance, g, mine))
        assert density is not None
        highest = top.max(axis=1)
        density *= np.exp(top - highest[:, None])[..., None]
        total = np.maximum(density.sum(axis=1), 1e-300)
        weight = problem.weight[replicate]
        log_likelihood = (np.log(total) * weight).sum(axis=1) + highest * weight.sum(axis=1)
        density *= (weight / total)[:, None]
        T = np.empty_like(by_run)
        T[..., 0] = density.sum(axis=2)
        for columns, kept, chance, g, mine in parts:
            T[..., columns] = (chance * ((density / g) @ mine))[..., kept]
        return log_likelihood, np.ascontiguousarray(T.transpose(2, 0, 1))


def theme_columns(layout: Layout) -> list[tuple[slice, int, int]]:
    """Columns, reference class and classes of each theme, in the order of the themes."""
    found: dict[int, tuple[slice, int, int]] = {}
    for block in layout.blocks:
        f = block.size - 1
        for j, (item,) in enumerate(block.items):
            columns = slice(block.start + j * f, block.start + (j + 1) * f)
            found[item] = (columns, int(block.reference[j]), block.size)
    return [found[item] for item in sorted(found)]


def measure(likelihood: Sequence[Floats], shares: Sequence[Floats]) -> Measured:
    """Set up the second step.

    Parameters
    ----------
    likelihood : sequence of ndarray, shapes (R, n, C_t)
        P(answers | class), up to a factor a case.
    shares : sequence of ndarray, shapes (R, C_t)
        Shares of the classes in each theme's own fit, from which starts are made.
    """
    sizes = [part.shape[2] for part in likelihood]
    layout = theme_layout(sizes)
    R, n, _ = likelihood[0].shape
    X = np.zeros((R, n, layout.width))
    X[:, :, 0] = 1.0
    for (columns, reference, _), part, share in zip(
        theme_columns(layout), likelihood, shares, strict=True
    ):
        chance = part * share[:, None]
        chance /= chance.sum(axis=2, keepdims=True)
        X[:, :, columns] = np.delete(chance, reference, axis=2)
    problem = Problem(layout, X, np.ones((R, n)), np.zeros(R))
    return Measured(problem, tuple(likelihood))


def theme_layout(sizes: Sequence[int]) -> Layout:
    """Lay themes out as nominal items with so many classes."""
    most = max(sizes)
    rows = np.minimum(np.arange(most)[:, None], np.array(sizes) - 1).astype(float)
    items = [Item(f"theme {t}", "nominal", size) for t, size in enumerate(sizes)]
    return build_design(rows, items).layout


@dataclass(frozen=True)
class FreeFits:
    """The best start of free classes on each of R data sets.

    Attributes
    ----------
    log_likelihood : ndarray, shape (R,)
    A : ndarray, shape (D, R, K)
    times_found : ndarray of int, shape (R,)
    """

    log_likelihood: Floats
    A: Floats
    times_found: Integers


def fit_free(
    measured: Measured, n_classes: int, seeds: Sequence[int], n_init: int, settings: Settings
) -> FreeFits:
    """Fit free classes of the second level to each data set; one start with one class."""
    S = n_init if n_classes > 1 else 1
    course = _Free(measured, n_classes, S, settings)
    course.run(_starts(measured, n_classes, seeds, S))
    table = course.value.reshape(-1, S)
    chosen = table.argmax(axis=1)
    top = table[np.arange(len(table)), chosen]
    return FreeFits(
        top, course.A[:, np.arange(len(table)) * S + chosen],
        (table >= top[:, None] - 1e-4).sum(axis=1),
    )  # fmt: skip


def _starts(measured: Measured, K: int, seeds: Sequence[int], S: int) -> Floats:
    """Give expected sums in which each class leans towards a random case, shape (D, R * S, K)."""
    problem = measured.problem
    R, n, D = problem.X.shape
    T = np.empty((D, R * S, K))
    mean = problem.mean_row
    for r in range(R):
        for s in range(S):
            child = np.random.SeedSequence(seeds[r], spawn_key=(_STREAM, K, s))
            generator = np.random.default_rng(child)
            row = problem.X[r][generator.integers(n, size=K)]
            lean = 0.3 + 0.4 * generator.random((K, 1))
            size = 0.5 + generator.random((K, 1))
            T[:, r * S + s] = ((mean[r] + lean * (row - mean[r])) * size * n / size.sum()).T
    return T


class _Free:
    """Runs of free classes, two EM steps and a long one at a time."""

    def __init__(self, measured: Measured, K: int, S: int, settings: Settings) -> None:
        self.measured, self.settings = measured, settings
        R = len(measured.problem.X)
        self.replicate = np.repeat(np.arange(R), S)
        self.index = np.arange(R * S)
        self.value = np.full(R * S, -np.inf)
        self.A = np.empty((measured.problem.layout.width, R * S, K))
        self.best = np.full(R, -np.inf)
        self.limit = settings.tol * measured.problem.weight.sum(axis=1)
        self.steps = 0

    def _map(self, A: Floats, T: Floats) -> tuple[Floats, Floats, Floats]:
        A = m_step(self.measured.problem.layout, T, A, Variances())
        log_likelihood, T = self.measured.e_step(self.measured.problem, A, self.replicate)
        return A, log_likelihood, T

    def run(self, T: Floats) -> None:
        A, _, T = self._map(np.zeros_like(T), T)
        while len(self.index):
            A1, before, T1 = self._map(A, T)
            A2, after, T2 = self._map(A1, T1)
            self.steps += 2
            stop = self._stop(before, after, A2)
            if stop.all():
                return
            keep = ~stop
            A, A1, A2, T2 = A[:, keep], A1[:, keep], A2[:, keep], T2[:, keep]
            A, T = self._leap((A, A1, A2), after[keep], T2)

    def _stop(self, before: Floats, after: Floats, A: Floats) -> np.ndarray:
        np.maximum.at(self.best, self.replicate, after)
        limit, gain = self.limit[self.replicate], after - before
        behind = self.best[self.replicate] - after > _BEHIND
        stop = ~(gain >= limit) | (behind & (gain < _LOOSE * limit))
        stop |= self.steps >= self.settings.max_iter
        self.value[self.index[stop]] = after[stop]
        self.A[:, self.index[stop]] = A[:, stop]
        self.index, self.replicate = self.index[~stop], self.replicate[~stop]
        return np.asarray(stop)

    def _leap(
        self, path: tuple[Floats, Floats, Floats], value: Floats, T: Floats
    ) -> tuple[Floats, Floats]:
        a, b, c = (np.clip(part, -40.0, 40.0) for part in path)
        r, v = b - a, c - 2.0 * b + a
        step = np.sqrt((r**2).sum(axis=(0, 2)) / np.maximum((v**2).sum(axis=(0, 2)), 1e-300))
        step = np.clip(step, 1.0, _LONGEST)[:, None]
        far = np.clip(a + 2.0 * step * r + step**2 * v, -60.0, 60.0)
        sums = self.measured.e_step(self.measured.problem, far, self.replicate)[1]
        A, reached, sums = self._map(path[2], sums)
        self.steps += 1
        worse = ~(reached >= value)
        if worse.any():
            A[:, worse], sums[:, worse] = path[2][:, worse], T[:, worse]
        return A, sums
