"""Profile-likelihood intervals of transition probabilities and of the share that moves.

A quantity is held at many values at once, one a run of the batch, everything else climbs to its
maximum, and the interval holds the values whose log-likelihood is close enough to the best
(Venzon and Moolgavkar 1988). It needs no standard error and reaches the boundary where the data do.

Limits are sought on the scale of the angle, asin sqrt(p), on which the root of the fall is nearly
straight, also from an estimate of zero: a bracket, then secants within it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from swvtypes.lca.design import Floats, Integers

from .em import ChainRuns, Climb, Stop
from .fit import ChainFit
from .forward import expect
from .held import Held, HeldCells, HeldMovers

_EDGE = 1e-5
_FRACTIONS = (0.12, 0.3, 0.6, 1.0)
_SECANTS = 6
_CLOSE = 2e-3
_STOP = Stop(2000, 1e-8)
_OFF = 1e-3

Hold = Callable[[Integers, Floats], Held]


@dataclass
class _Search:
    """Limits on their way, one an entry.

    Attributes
    ----------
    inner, outer : ndarray, shape (Q,)
        Angles within and outside the interval.
    inner_root, outer_root : ndarray, shape (Q,)
        Root of twice the fall of the log-likelihood there.
    Z : ndarray, shape (rows, Q, K)
        State at the last value tried, from which the next climb sets out.
    """

    inner: Floats
    outer: Floats
    inner_root: Floats
    outer_root: Floats
    Z: Floats


def cell_intervals(fit: ChainFit, level: float = 0.95) -> tuple[Floats, Floats]:
    """Intervals of all transition probabilities.

    Parameters
    ----------
    fit : ChainFit
    level : float
        Coverage asked.

    Returns
    -------
    lower, upper : ndarray, shape (L, K, K)
        Exactly 0 or 1 where the boundary is within the interval.
    """
    L, K = fit.model.n_steps, fit.model.n_classes
    if K == 1:
        return np.ones((L, 1, 1)), np.ones((L, 1, 1))
    moves = np.exp(fit.Z[fit.model.width + 1 :]).reshape(L, K, K)
    step, origin, target = (a.ravel() for a in np.indices((L, K, K)))
    if K == 2:  # the two entries of a row are each other's complement
        step, origin, target = (a[target != origin] for a in (step, origin, target))

    def hold(which: Integers, values: Floats) -> Held:
        return HeldCells(step[which], origin[which], target[which], values)

    low, high = _intervals(fit, moves[step, origin, target], hold, level)
    lower, upper = np.empty((L, K, K)), np.empty((L, K, K))
    lower[step, origin, target], upper[step, origin, target] = low, high
    if K == 2:
        lower[step, origin, origin], upper[step, origin, origin] = 1.0 - high, 1.0 - low
    return lower, upper


def mover_interval(
    fit: ChainFit,
    step: int = 0,
    moved: NDArray[np.bool_] | None = None,
    level: float = 0.95,
) -> tuple[float, float, float]:
    """Share that changes class at a step, with its interval.

    Parameters
    ----------
    fit : ChainFit
        With transition probabilities of their own at every step.
    step : int
    moved : ndarray of bool, shape (K, K), optional
        Pairs of classes before and after that are a change; all but the diagonal when left out.
    level : float

    Returns
    -------
    share, lower, upper : float
    """
    share = mover_share(fit, step, moved)
    table = _moved(fit, moved)
    if not table.any():
        return 0.0, 0.0, 0.0
    if table.all():
        return 1.0, 1.0, 1.0

    def hold(which: Integers, values: Floats) -> Held:
        return HeldMovers(step, table, values)

    low, high = _intervals(fit, np.array([share]), hold, level)
    return share, float(low[0]), float(high[0])


def mover_share(fit: ChainFit, step: int = 0, moved: NDArray[np.bool_] | None = None) -> float:
    """Share that changes class at a step, as the model implies it."""
    return share_at(fit, fit.Z, step, _moved(fit, moved))


def share_at(fit: ChainFit, Z: Floats, step: int, moved: NDArray[np.bool_]) -> float:
    """Share that changes class at a step in another state of the same chain."""
    share = np.exp(Z[fit.model.width])
    moves = np.exp(fit.model.transition(Z[:, None])[:, :, 0])
    for t in range(step):
        share = share @ moves[min(t, len(moves) - 1)]
    joint = share[:, None] * moves[min(step, len(moves) - 1)]
    return float(joint[moved].sum())


def _moved(fit: ChainFit, moved: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    return ~np.eye(fit.model.n_classes, dtype=bool) if moved is None else moved


def climb_held(fit: ChainFit, held: Held, Z: Floats) -> ChainRuns:
    """Best objective with quantities held, from states Z of shape (rows, B, K)."""
    D = fit.model.width
    _, sums = expect(fit.model, fit.data, np.ascontiguousarray(Z))
    # Off the boundary, from which EM would never return.
    sums[D:] += _OFF * sums[D:].sum(axis=2, keepdims=True)
    return Climb(replace(fit.model, held=held), fit.data, _STOP).run(sums)


def _intervals(fit: ChainFit, estimate: Floats, hold: Hold, level: float) -> tuple[Floats, Floats]:
    """Lower and upper limits of Q quantities, all sought in one batch."""
    Q = len(estimate)
    which = np.tile(np.arange(Q), 2)
    inner = np.arcsin(np.sqrt(np.clip(estimate, _EDGE, 1.0 - _EDGE)))[which]
    end = np.arcsin(np.sqrt(np.repeat([_EDGE, 1.0 - _EDGE], Q)))
    root = _root(fit, level)
    limit = np.where(np.arange(2 * Q) < Q, 0.0, 1.0)
    open_ = np.flatnonzero(np.abs(inner - end) > 1e-9)
    search, inside = _bracket(fit, (inner[open_], end[open_]), (which[open_], hold), root)
    found = open_[~inside]
    angle = _secants(fit, search, (which[found], hold), root)
    limit[found] = np.sin(angle) ** 2
    return limit[:Q], limit[Q:]


def _root(fit: ChainFit, level: float) -> float:
    """Root of the fall allowed: t with units less parameters as degrees of freedom.

    At 60 units the normal quantile gives intervals that are a little too short; half the units
    is the least taken for degrees of freedom.
    """
    n = fit.data.n
    return float(stdtrit(max(n - fit.n_parameters, 0.5 * n, 1.0), 0.5 + 0.5 * level))


def _roots(
    fit: ChainFit, held: tuple[Integers, Hold], angle: Floats, Z: Floats
) -> tuple[Floats, Floats]:
    which, hold = held
    runs = climb_held(fit, hold(which, np.sin(angle) ** 2), Z)
    return np.sqrt(2.0 * np.maximum(fit.objective - runs.objective, 0.0)), runs.Z


def _bracket(
    fit: ChainFit, ends: tuple[Floats, Floats], held: tuple[Integers, Hold], root: float
) -> tuple[_Search, NDArray[np.bool_]]:
    """Try a few values between estimate and edge; give brackets, and where the edge is inside."""
    inner, end = ends
    Q, F = len(inner), len(_FRACTIONS)
    which, hold = held
    tried = inner + np.outer(_FRACTIONS, end - inner)
    start = np.repeat(fit.Z[:, None], Q * F, axis=1)
    value, Z = _roots(fit, (np.tile(which, F), hold), tried.ravel(), start)
    value, Z = value.reshape(F, Q), Z.reshape(len(Z), F, Q, -1)
    out = value > root
    inside = ~out.any(axis=0)
    keep = np.flatnonzero(~inside)
    first = out.argmax(axis=0)[keep]
    before = np.maximum(first - 1, 0)
    zero = first == 0
    search = _Search(
        np.where(zero, inner[keep], tried[before, keep]), tried[first, keep],
        np.where(zero, 0.0, value[before, keep]), value[first, keep], Z[:, first, keep],
    )  # fmt: skip
    return search, np.asarray(inside)


def _secants(fit: ChainFit, s: _Search, held: tuple[Integers, Hold], root: float) -> Floats:
    """Close the brackets; secants kept within them."""
    which, hold = held
    angle = s.outer.copy()
    going = np.arange(len(angle))
    for _ in range(_SECANTS):
        if not len(going):
            break
        share = (root - s.inner_root[going]) / (s.outer_root[going] - s.inner_root[going])
        step = s.outer[going] - s.inner[going]
        new = s.inner[going] + np.clip(share, 0.02, 0.98) * step
        value, Z = _roots(fit, (which[going], hold), new, s.Z[:, going])
        angle[going], s.Z[:, going] = new, Z
        low = value <= root
        s.inner[going[low]], s.inner_root[going[low]] = new[low], value[low]
        s.outer[going[~low]], s.outer_root[going[~low]] = new[~low], value[~low]
        going = going[np.abs(value - root) > _CLOSE]
    return angle
