"""The last digits of one run: Anderson's acceleration of EM from a converged start.

The steps of EM are mixed with those before them (Walker and Ni 2011, type II). A mixed step that
lowers the objective is undone and the memory cleared, so that the run ends where it began or
higher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers, Layout

from .batch import em_map
from .problem import Mapper, Problem
from .rows import expectation

_MEMORY = 8
_STEPS = 400
_RESIDUAL = 1e-10
_NOISE = 1e-13
_VANISHING = 1e-6
_TINY = 1e-300


@dataclass(frozen=True)
class Polished:
    """One run after polishing.

    Attributes
    ----------
    log_likelihood, objective : float
        At the returned parameters.
    A : ndarray, shape (D, K)
        Natural parameters.
    n_iter : int
        EM steps taken.
    residual : float
        Largest change of an expected sum in a last EM step, per unit of weight.
    """

    log_likelihood: float
    objective: float
    A: Floats
    n_iter: int
    residual: float


def polish(
    problem: Problem,
    A: Floats,
    replicate: int = 0,
    mapper: Mapper = map,
    n_steps: int = _STEPS,
    sums: Floats | None = None,
) -> Polished:
    """Drive one run to its fixed point.

    Parameters
    ----------
    problem : Problem
        Data and model.
    A : ndarray, shape (D, K)
        Natural parameters of a converged run.
    replicate : int
        Its data set.
    mapper : callable
        Applies a function to row blocks.
    n_steps : int
        Most EM steps to take.
    sums : ndarray, shape (D, K), optional
        Expected sums at `A`, those of the prior included, where they are known.

    Returns
    -------
    Polished
        Never lower than at `A`.
    """
    K = A.shape[1]
    which = np.array([replicate])
    pseudo = problem.prior / K * problem.mean_row[replicate][:, None, None]
    weight = float(problem.weight[replicate].sum())
    constant = float(problem.constant[replicate])
    guard = _Guard(problem.layout)
    first = _sums(problem, A, which, pseudo, mapper) if sums is None else sums[:, None]
    best = (-np.inf, -np.inf, A)
    T, natural, home = first, A[:, None], first
    history: list[tuple[Floats, Floats]] = []
    last: tuple[Floats, Floats] | None = None
    residual, plain, step = np.inf, True, 0
    for step in range(1, n_steps + 1):
        ll, objective, at, G = em_map(problem, natural, T, which, pseudo, mapper)
        value = float(objective[0])
        if value < best[0] - _NOISE * abs(best[0]) and not plain:
            T, plain, history, last = home, True, [], None
            continue
        gained = value - best[0]
        if value >= best[0]:
            best = (value, float(ll[0]), at[:, 0].copy())
        natural, home = at, G
        change = (G - T).ravel()
        residual = float(np.abs(change).max()) / weight
        stalled = plain and gained <= 0.0 and step > 2
        if residual < _RESIDUAL or (stalled and residual < 1e3 * _RESIDUAL):
            break
        if last is not None:
            history.append((change - last[0], G.ravel() - last[1]))
            history = history[-_MEMORY:]
        last = (change, G.ravel())
        T, plain = guard.mix(G, change, history)
    return Polished(best[1] + constant, best[0] + constant, best[2], step, residual)


def _sums(problem: Problem, A: Floats, which: Integers, pseudo: Floats, mapper: Mapper) -> Floats:
    T = expectation(problem, A[:, None], which, mapper)[1]
    return T + pseudo if problem.prior > 0 else T


class _Guard:
    """Keeps mixed steps inside the range of the expected sums."""

    def __init__(self, layout: Layout) -> None:
        signed = [
            column
            for block in layout.blocks
            if block.kind == "continuous"
            for column in range(block.start, block.stop, 2)
        ]
        self.own = np.delete(np.arange(layout.width), signed)
        rows = [np.empty((0, layout.width))]
        self.units: list[tuple[int, slice]] = []
        for block in layout.blocks:
            if block.kind in ("nominal", "ordinal") and block.size > 1:
                rest = np.zeros((len(block.items), layout.width))
                rest[np.arange(len(rest)), block.indicator] = 1.0
                own = np.arange(block.start, block.stop).reshape(len(rest), -1)
                np.put_along_axis(rest, own, -1.0, axis=1)
                rows.append(rest)
                self.units += [
                    (int(indicator), slice(int(columns[0]), int(columns[-1]) + 1))
                    for indicator, columns in zip(block.indicator, own, strict=True)
                ]
        self.rest = np.concatenate(rows)

    def amounts(self, T: Floats) -> Floats:
        """Give sums that cannot be negative, then the counts of the reference categories."""
        return np.concatenate([T[self.own, 0], self.rest @ T[:, 0]])

    def mix(
        self, G: Floats, change: Floats, history: list[tuple[Floats, Floats]]
    ) -> tuple[Floats, bool]:
        """Mixed sums and whether they are the plain EM step."""
        if not history:
            return G, True
        F = np.stack([h[0] for h in history], axis=1)
        coefficients = np.linalg.lstsq(F, change, rcond=1e-10)[0]
        step = -(np.stack([h[1] for h in history], axis=1) @ coefficients).reshape(G.shape)
        here, fall = self.amounts(G), -self.amounts(step)
        # A count that vanishes anyway may not hold back the others: the step leaves it alone.
        small = here < _VANISHING * here.max()
        room = np.full(here.shape, np.inf)
        np.divide(0.9 * here, fall, out=room, where=(fall > 1e-12 * here) & ~small)
        T = G + min(1.0, float(room.min())) * step
        own_small = small[: len(self.own)].reshape(len(self.own), -1)
        T[self.own, 0] = np.where(own_small, G[self.own, 0], T[self.own, 0])
        self._close(T, here[len(self.own) :])
        return T, False

    def _close(self, T: Floats, references: Floats) -> None:
        """Keep categories from adding up to more than the class, in place.

        Parameters
        ----------
        T : ndarray, shape (D, 1, K)
            Mixed sums.
        references : ndarray, shape (units, K)
            Counts of the reference categories before, which have to stay above zero.
        """
        for (indicator, columns), least in zip(self.units, 0.1 * references, strict=True):
            n, own = T[indicator, 0], T[columns, 0]
            total = own.sum(axis=0)
            room = np.maximum(n - least, 0.0)
            own *= np.where(total > room, room / np.maximum(total, _TINY), 1.0)
