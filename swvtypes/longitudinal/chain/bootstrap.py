"""Parametric bootstrap of a chain: panels simulated from the fit and fitted again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from swvtypes.lca.design import Floats
from swvtypes.lca.families import pack, unpack

from .em import ChainRuns, Climb, Stop
from .fit import ChainFit, reorder
from .forward import expect
from .sequences import Sequences
from .simulate import simulate_chain

_STOP = Stop(2000, 1e-9)


@dataclass(frozen=True)
class ChainDraws:
    """Estimates from simulated panels, classes aligned to those of the fit.

    Attributes
    ----------
    log_likelihood : ndarray, shape (B,)
    initial : ndarray, shape (B, K)
    moves : ndarray, shape (B, L, K, K)
    """

    log_likelihood: Floats
    initial: Floats
    moves: Floats

    def shares_moved(self, step: int, moved: NDArray[np.bool_]) -> Floats:
        """Share that changes class at a step in each panel, shape (B,)."""
        share = self.initial
        L = self.moves.shape[1]
        for t in range(step):
            share = np.einsum("bi,bij->bj", share, self.moves[:, min(t, L - 1)])
        joint = share[:, :, None] * self.moves[:, min(step, L - 1)]
        return np.asarray(joint[:, moved].sum(axis=1))


def bootstrap_chain(fit: ChainFit, n_boot: int, entropy: int = 0) -> ChainDraws:
    """Simulate panels from a fitted chain and fit them, each from the parameters of the fit.

    Parameters
    ----------
    fit : ChainFit
        Weights of its sequences are rounded to whole units.
    n_boot : int
        Panels; panel b draws from child b of the seed.
    entropy : int
        Seed.
    """
    model = fit.model
    K, D = model.n_classes, model.width
    ll, initial, moves = [], [], []
    for child in np.random.SeedSequence(entropy).spawn(n_boot):
        data = simulate_chain(fit, model.layout.items, np.random.default_rng(child))
        found = climb_from(fit, data)
        Z = aligned(fit, found.Z[:, 0])
        ll.append(float(found.log_likelihood[0]))
        initial.append(np.exp(Z[D]))
        moves.append(np.exp(Z[D + 1 :]).reshape(model.n_steps, K, K))
    return ChainDraws(np.array(ll), np.array(initial), np.array(moves))


def climb_from(fit: ChainFit, data: Sequences) -> ChainRuns:
    """Fit other data of the same kind from the parameters of a fit."""
    D = fit.model.width
    layout = data.design.layout
    model = replace(fit.model, layout=layout)
    if fit.model.fixed_profiles is None:
        parameters = unpack(fit.model.layout, fit.Z[:D])
        A = pack(layout, parameters)
        A[: layout.n_groups] -= parameters.log_shares
    else:
        A = fit.model.fixed_profiles
    Z = np.concatenate([A, fit.Z[D:]])[:, None]
    # Off the boundary, from which EM would never return.
    _, sums = expect(model, data, np.ascontiguousarray(Z))
    sums[D:] += 1e-3 * sums[D:].sum(axis=2, keepdims=True)
    return Climb(model, data, _STOP).run(sums)


def aligned(fit: ChainFit, Z: Floats) -> Floats:
    """Put the classes of a state in the order of those of a fit, by their profiles."""
    if fit.model.fixed_profiles is not None or fit.model.n_classes == 1:
        return Z
    D = fit.model.width
    if len(Z) != len(fit.Z):
        return Z
    mean = fit.data.mean_row
    spread = np.sqrt(np.maximum(mean * (1.0 - np.clip(mean, 0.0, 1.0)), 1e-3))[:, None]
    first, second = fit.Z[:D] * spread, Z[:D] * spread
    gap = np.abs(np.clip(first, -20, 20)[:, :, None] - np.clip(second, -20, 20)[:, None]).sum(0)
    order = linear_sum_assignment(gap)[1]
    return reorder(fit.model, Z, order)
