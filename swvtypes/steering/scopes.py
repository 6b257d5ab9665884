"""Which organisations a statistic is about, with their positions and weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Codebook, Wave

from .correlations import Strata

POOLED = "(pooled)"
ADJUSTED = "(adjusted)"

SCOPE_LABELS = {
    POOLED: Label("samen", "pooled"),
    ADJUSTED: Label("samen, gecorrigeerd voor sector", "pooled, adjusted for sector"),
}


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions of organisations on the continuum.

    Attributes
    ----------
    variable : str
    x : ndarray, shape (n_organisations,)
        NaN where the position was not given.
    sector : ndarray of int, shape (n_organisations,)
        Place of the organisation's sector in `sectors`.
    sectors : tuple of str
    weights : ndarray, shape (n_organisations,), or None
        Survey weights, when they are to be applied.
    """

    variable: str
    x: FloatArray
    sector: Strata
    sectors: tuple[str, ...]
    weights: FloatArray | None


@dataclass(frozen=True, eq=False)
class Rows:
    """Complete rows of one scope.

    Attributes
    ----------
    scope : str
        A sector, ``"(pooled)"`` or ``"(adjusted)"``.
    x, y : ndarray, shape (n_rows,)
        Position and aspect, without NaN.
    strata : ndarray of int, shape (n_rows,)
        Sectors where they are taken out, else zeros.
    weights : ndarray, shape (n_rows,), or None
    """

    scope: str
    x: FloatArray
    y: FloatArray
    strata: Strata
    weights: FloatArray | None

    def where(self, keep: NDArray[np.bool_]) -> Rows:
        """Keep some of the rows."""
        weights = None if self.weights is None else self.weights[keep]
        return replace(
            self, x=self.x[keep], y=self.y[keep], strata=self.strata[keep], weights=weights
        )


def position_labels(codebook: Codebook, variable: str) -> dict[int, Label]:
    """Give the positions that could be chosen, in order, with their labels.

    Returns
    -------
    dict of int to Label
        Those of the answer list of an ordinal variable, or the whole numbers from the minimum to
        the maximum of a count; empty for other variables.
    """
    entry = codebook.variable(variable)
    if entry.type == "ordinal":
        return {c.code: Label(c.label.nl, c.label.en) for c in codebook.categories(variable)}
    if entry.type != "count" or entry.minimum is None or entry.maximum is None:
        return {}
    codes = range(int(entry.minimum), int(entry.maximum) + 1)
    return {code: Label(str(code), str(code)) for code in codes} if len(codes) > 1 else {}


def read_positions(wave: Wave, variable: str, weighted: bool, *, ordinal: bool = True) -> Positions:
    """Read the continuum from a wave.

    Parameters
    ----------
    wave : Wave
    variable : str
    weighted : bool
        Whether survey weights are to be applied.
    ordinal : bool
        Whether the positions must be a list (:func:`position_labels`).

    Raises
    ------
    InputError
        Lists every fault: no such variable or column, answers without an order, no answer at
        all, weights asked of a wave that has none.
    """
    faults = []
    values = np.full(len(wave), np.nan)
    if variable not in wave.codebook.variables:
        faults.append(f"variable: the codebook has no {variable!r}")
    elif variable not in wave.variables:
        faults.append(f"variable: the wave {wave.name!r} lacks the column {variable!r}")
    else:
        kind = wave.codebook.variable(variable).type
        if ordinal and not position_labels(wave.codebook, variable):
            faults.append(
                "variable: expected ordinal answers, or a count with a minimum and a maximum, "
                f"the codebook says {variable!r} is {kind}"
            )
        elif kind == "nominal":
            faults.append(f"variable: expected answers with an order, {variable!r} is nominal")
        values = wave.column(variable).to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(values).all():
            faults.append(f"variable: nobody answered {variable!r}")
    carried = wave.survey_weight
    if weighted and carried is None:
        faults.append("weighted: the wave has no survey weights")
    elif weighted and carried is not None:
        poor = [str(name) for name in carried.index[~(carried > 0)]]
        faults += [f"weighted: expected a positive survey weight of {name}" for name in poor]
    if faults:
        raise InputError("steering", faults)
    names = wave.frame["sector"].to_numpy()
    place = {name: at for at, name in enumerate(wave.sectors)}
    sector = np.array([place[name] for name in names], dtype=np.int64)
    weights: FloatArray | None = None
    if weighted and carried is not None:
        weights = np.asarray(carried, dtype=np.float64)
    return Positions(variable, values, sector, wave.sectors, weights)


def rows_by_scope(positions: Positions, y: FloatArray) -> Iterator[Rows]:
    """Give the complete rows of each scope in turn.

    Pooled and adjusted come only where at least two sectors have complete rows; then each sector
    that has any. Without a complete row pooled comes alone, empty.
    """
    used = ~np.isnan(positions.x) & ~np.isnan(y)
    present = np.unique(positions.sector[used])
    zeros = np.zeros(int(used.sum()), np.int64)
    mass = None if positions.weights is None else positions.weights[used]
    every = Rows(POOLED, positions.x[used], y[used], zeros, mass)
    sector = positions.sector[used]
    if len(present) == 0:
        yield every
    if len(present) > 1:
        yield every
        yield replace(every, scope=ADJUSTED, strata=sector)
    for at in present:
        yield replace(every.where(sector == at), scope=positions.sectors[at])
