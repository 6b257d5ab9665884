"""Cuts of the continuum into groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.scales.moments import FloatArray

_THREE = (
    ("decentral", Label("decentraal", "decentralised")),
    ("mixed", Label("gemengd", "mixed")),
    ("central", Label("centraal", "centralised")),
)
_TWO = (_THREE[0], _THREE[2])


@dataclass(frozen=True)
class Cuts:
    """A division of the positions into groups.

    Attributes
    ----------
    upper : tuple of int
        Last position of each group but the last one: (3, 7) is 1-3, 4-7 and 8-10.
    positions : tuple of int
        Positions that could be chosen, in order.
    """

    upper: tuple[int, ...]
    positions: tuple[int, ...]

    @property
    def ranges(self) -> tuple[str, ...]:
        """First and last position of each group, as "1-3"."""
        lows = [self.positions[0], *(self._after(cut) for cut in self.upper)]
        highs = [*self.upper, self.positions[-1]]
        return tuple(
            f"{low}-{high}" if low < high else f"{low}"
            for low, high in zip(lows, highs, strict=True)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the groups: decentral, mixed and central where there are three or two."""
        kinds = {3: _THREE, 2: _TWO}.get(len(self.upper) + 1)
        return self.ranges if kinds is None else tuple(name for name, _ in kinds)

    @property
    def labels(self) -> dict[str, Label]:
        """Label of each group with its positions, by name."""
        kinds = {3: _THREE, 2: _TWO}.get(len(self.upper) + 1)
        if kinds is None:
            return {name: Label(name, name) for name in self.ranges}
        return {
            name: Label(f"{label.nl} ({where})", f"{label.en} ({where})")
            for (name, label), where in zip(kinds, self.ranges, strict=True)
        }

    def codes(self, values: FloatArray) -> NDArray[np.int64]:
        """Give the group of each value, counted from 0; -1 where it is NaN. Shape (n_rows,)."""
        found = np.searchsorted(np.array(self.upper, dtype=float), values, side="left")
        return np.where(np.isnan(values), -1, found).astype(np.int64)

    def _after(self, cut: int) -> int:
        return self.positions[self.positions.index(cut) + 1]


def make_cuts(upper: Sequence[int], positions: Sequence[int]) -> Cuts:
    """Check cuts against the positions that could be chosen.

    Raises
    ------
    InputError
        Lists every fault: no cut, not whole numbers, not rising, not a position, or the last
        position (the last group would be empty by construction).

    Examples
    --------
    >>> make_cuts((3, 7), range(1, 11)).ranges
    ('1-3', '4-7', '8-10')
    """
    known = tuple(positions)
    chosen = tuple(upper)
    faults = [] if chosen else ["cuts: expected at least one, got none"]
    inner = known[:-1]
    faults += [
        f"cuts: expected positions out of {inner[0]} to {inner[-1]}, got {cut!r}"
        for cut in chosen
        if isinstance(cut, bool) or not isinstance(cut, int | np.integer) or cut not in inner
    ]
    if not faults and list(chosen) != sorted(set(chosen)):
        faults.append(f"cuts: expected rising positions, got {chosen!r}")
    if faults:
        raise InputError("cuts", faults)
    return Cuts(tuple(int(cut) for cut in chosen), known)


def every_cut(like: Cuts) -> tuple[Cuts, ...]:
    """Give all divisions of the same positions into as many groups, in order."""
    inner = like.positions[:-1]
    return tuple(Cuts(upper, like.positions) for upper in combinations(inner, len(like.upper)))
