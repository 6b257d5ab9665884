"""The free parameters of a fitted chain as one vector, and the way back.

Profiles take the coordinates of the engine's chart; every row of initial and transition
probabilities is a multinomial logit against its largest entry. Estimates on the boundary keep
their value and have no coordinate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.families import Parameters, pack, unpack
from swvtypes.lca.inference_chart import Chart, build_chart

from .fit import ChainFit
from .states import ChainModel

BOUNDARY = 1e-6


@dataclass(frozen=True)
class Row:
    """One row of probabilities.

    Attributes
    ----------
    place : int
        Its row in the state.
    reference : int
        Class against which log odds are taken.
    free : ndarray of int, shape (q,)
        Classes that have a coordinate.
    start : int
        Place of the first coordinate in the vector.
    """

    place: int
    reference: int
    free: Integers
    start: int

    @property
    def columns(self) -> slice:
        """Its coordinates."""
        return slice(self.start, self.start + len(self.free))


@dataclass(frozen=True)
class ChainChart:
    """Coordinates of a fitted chain.

    Attributes
    ----------
    model : ChainModel
    profiles : Chart or None
        Of the profiles; None where they are given.
    rows : tuple of Row
        Initial probabilities, then those of every step and origin.
    Z : ndarray, shape (rows, K)
        The fitted state.
    theta : ndarray, shape (P,)
        The estimates.
    """

    model: ChainModel
    profiles: Chart | None
    rows: tuple[Row, ...]
    Z: Floats
    theta: Floats

    @property
    def blocks(self) -> tuple[slice, ...]:
        """Coordinates that enter the state together."""
        own = () if self.profiles is None else tuple(u.columns for u in self.profiles.units)
        return own + tuple(row.columns for row in self.rows)

    def state(self, theta: Floats) -> Floats:
        """State at `theta`, shape (rows, K)."""
        Z = self.Z.copy()
        if self.profiles is not None:
            layout = self.model.layout
            shares = np.zeros((layout.n_groups, self.model.n_classes))
            Z[: self.model.width] = pack(layout, Parameters(shares, self.profiles.tables(theta)))
        for row in self.rows:
            eta = self.Z[row.place].copy()
            eta[row.free] = theta[row.columns] + eta[row.reference]
            top = eta.max()
            Z[row.place] = eta - top - np.log(np.exp(eta - top).sum())
        return Z


def chain_chart(fit: ChainFit) -> ChainChart:
    """Lay out the coordinates of a fitted chain."""
    model, Z = fit.model, fit.Z
    profiles, theta = None, np.empty(0)
    if model.fixed_profiles is None:
        parameters = unpack(model.layout, Z[: model.width])
        none = np.zeros((model.layout.n_groups, model.n_classes))
        profiles = build_chart(model.layout, parameters, model.variances, none, free_shares=False)
        theta = profiles.theta
    rows = []
    parts = [theta]
    start = len(theta)
    for place in range(model.width, len(Z)):
        p = np.exp(Z[place])
        reference = int(p.argmax())
        interior: NDArray[np.bool_] = p > BOUNDARY
        interior[reference] = False
        free = np.flatnonzero(interior)
        rows.append(Row(place, reference, free, start))
        parts.append(Z[place, free] - Z[place, reference])
        start += len(free)
    return ChainChart(model, profiles, tuple(rows), Z, np.concatenate(parts))
