"""Fitting a chain: starts, the ledger of what each came to, the best one driven home."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Settings
from swvtypes.lca.families import count_parameters, pack
from swvtypes.lca.fit import Starts, fit_classes, solutions

from .em import ChainRuns, Climb, Stop
from .forward import expect
from .sequences import Sequences
from .starts import Draw, exchanged_sums, moving_sums, random_sums
from .states import ChainModel

Mapper = Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]]

ORIGINS = ("pooled", "random", "exchanged")

_CHUNK = 10
_PARENTS = 3
_POOLED_STARTS = 10
_LAST_TOL = 1e-13


@dataclass(frozen=True)
class ChainFit:
    """A fitted chain.

    Attributes
    ----------
    model : ChainModel
    data : Sequences
    Z : ndarray, shape (rows, K)
        State of the best solution; classes by their share at the first wave, largest first.
    log_likelihood, objective : float
        They differ under a prior only.
    n_parameters : int
        Free parameters.
    converged : bool
        Whether the best start converged.
    best_start : int
        Its place in the ledger.
    times_found : int
        Converged starts that came to the best solution.
    runs : ChainRuns
        Every start, then exchanges.
    solution : ndarray of int, shape (S,)
        Number of the solution each start came to, 1 the best.
    origin : ndarray of int, shape (S,)
        Position in :data:`ORIGINS`: a latent class model of all cells; random; the best
        solutions with one class exchanged for a random one.
    """

    model: ChainModel
    data: Sequences
    Z: Floats
    log_likelihood: float
    objective: float
    n_parameters: int
    converged: bool
    best_start: int
    times_found: int
    runs: ChainRuns
    solution: Integers
    origin: Integers


def fit_chain(
    model: ChainModel,
    data: Sequences,
    starts: Starts,
    stop: Stop | None = None,
    mapper: Mapper = map,
) -> ChainFit:
    """Fit a chain from many starts.

    Parameters
    ----------
    model : ChainModel
    data : Sequences
    starts : Starts
        Start s draws from child s of the seed, so that more starts keep the earlier ones.
    stop : Stop, optional
    mapper : callable
        Applies a function to chunks of starts; results do not depend on it.

    Returns
    -------
    ChainFit
    """
    stop = stop or Stop()
    n_init = starts.n_init if model.n_classes > 1 else 1

    def climb(sums: list[Floats]) -> ChainRuns:
        return Climb(model, data, stop).run(np.ascontiguousarray(np.stack(sums, axis=1)))

    def chunk(low: int) -> ChainRuns:
        which = range(low, min(low + _CHUNK, n_init))
        return climb([first if s == 0 else random_sums(draw, s) for s in which])

    def exchanged(low: int) -> ChainRuns:
        which = range(low, min(low + _CHUNK, n_init + n_exchanged))
        return climb([exchanged_sums(draw, s, parents) for s in which])

    draw = Draw(model, data, starts.entropy)
    first = _pooled(model, data, starts.entropy)
    runs = _join(list(mapper(chunk, range(0, n_init, _CHUNK))))
    n_exchanged = n_init // 2
    if n_exchanged:
        parents = _parents(model, data, runs)
        runs = _join([runs, *mapper(exchanged, range(n_init, n_init + n_exchanged, _CHUNK))])
    origin = np.repeat([1, 2], [n_init, n_exchanged])
    origin[0] = 0
    return conclude(model, data, runs, origin, stop)


def _parents(model: ChainModel, data: Sequences, runs: ChainRuns) -> Floats:
    """Give the expected sums of the best distinct solutions, shape (rows, P, K)."""
    order = np.argsort(-runs.objective, kind="stable")
    number = solutions(runs.objective)[order]
    _, first = np.unique(number, return_index=True)
    best = order[np.sort(first)[:_PARENTS]]
    return expect(model, data, np.ascontiguousarray(runs.Z[:, best]))[1]


def conclude(
    model: ChainModel, data: Sequences, runs: ChainRuns, origin: Integers, stop: Stop
) -> ChainFit:
    """Pick the best run, drive it to its last digits and order its classes."""
    best = int(np.nanargmax(runs.objective))
    climb = Climb(model, data, replace(stop, tol=min(stop.tol, _LAST_TOL)))
    Z = runs.Z[:, best]
    _, T = expect(model, data, np.ascontiguousarray(Z[:, None]))
    last = climb.run(T)
    if last.objective[0] >= runs.objective[best]:
        Z, ll, objective = last.Z[:, 0], last.log_likelihood[0], last.objective[0]
    else:
        ll, objective = runs.log_likelihood[best], runs.objective[best]
    solution = solutions(runs.objective)
    found = int(((solution == 1) & runs.converged).sum())
    if model.fixed_profiles is None:
        Z = reorder(model, Z, np.argsort(-Z[model.width], kind="stable"))
    return ChainFit(
        model, data, Z, float(ll), float(objective), n_parameters(model),
        bool(runs.converged[best]), best, found, runs, solution, origin,
    )  # fmt: skip


def n_parameters(model: ChainModel) -> int:
    """Free parameters of a chain."""
    K = model.n_classes
    total = (K - 1) + model.n_steps * K * (K - 1)
    if model.fixed_profiles is None:
        shares = model.layout.n_groups * (K - 1)
        total += count_parameters(model.layout, K, model.variances) - shares
    return total - (model.held is not None)


def reorder(model: ChainModel, Z: Floats, order: Integers) -> Floats:
    """State with its classes in another order."""
    out = Z[:, order].copy()
    moves = model.transition(out[:, None])
    moves[:] = moves[:, order]
    return out


def _join(parts: list[ChainRuns]) -> ChainRuns:
    return ChainRuns(
        np.concatenate([p.log_likelihood for p in parts]),
        np.concatenate([p.objective for p in parts]),
        np.concatenate([p.n_iter for p in parts]),
        np.concatenate([p.converged for p in parts]),
        np.concatenate([p.Z for p in parts], axis=1),
    )


def _pooled(model: ChainModel, data: Sequences, entropy: int) -> Floats:
    """Give the sums after a latent class model of all cells as if they were units."""
    K = model.n_classes
    shares = np.full(K, 1.0 / K)
    if model.fixed_profiles is None:
        design = replace(data.design, weight=data.pattern_weight)
        fit = fit_classes(
            design, K, Starts(_POOLED_STARTS, entropy), Settings(500, 1e-7), model.prior,
            model.variances,
        )  # fmt: skip
        A = pack(design.layout, fit.parameters)
        logs = design.X @ A
        P = np.exp(logs - logs.max(axis=1, keepdims=True))
        P *= (design.weight / P.sum(axis=1))[:, None]
        profiles = design.X.T @ P
        shares = np.maximum(P.sum(axis=0) / P.sum(), 1e-3)
        shares /= shares.sum()
    else:
        profiles = np.zeros((model.width, K))
    return np.concatenate([profiles, moving_sums(model, data, shares, np.full(K, 0.8))])
