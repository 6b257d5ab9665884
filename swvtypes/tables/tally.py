"""Who gave which answer in one wave: boolean masks, each found once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from swvtypes.errors import InputError
from swvtypes.scales import Scales, build_scales

from .schema import Base

if TYPE_CHECKING:
    from swvtypes.survey import Codebook, Wave

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Parts = tuple[frozenset[int], frozenset[str]]

NEVER_PUT = frozenset({"not_asked", "routed_past"})


class Tally:
    """Masks and weights of one wave; everything is read from the wave once.

    Parameters
    ----------
    wave : Wave
        A wave of n organisations.

    Attributes
    ----------
    codebook : Codebook
        The wave's codebook.
    sectors : tuple of str
        Sectors of the wave.
    variables : frozenset of str
        Variables that the wave has.
    weights : ndarray of float, shape (n,), or None
        Survey weights, None when the wave has none.
    """

    def __init__(self, wave: Wave) -> None:
        self.codebook: Codebook = wave.codebook
        self.sectors = tuple(wave.sectors)
        self.variables = frozenset(wave.variables)
        weights = wave.survey_weight
        self.weights: Floats | None = None
        if weights is not None:
            self.weights = np.asarray(weights, dtype=np.float64)
        self._frame = wave.frame
        self._reasons = wave.reasons
        sector = self._frame["sector"].to_numpy(dtype=object)
        self._sector: dict[str, Mask] = {name: sector == name for name in self.sectors}
        self._values: dict[str, Floats] = {}
        self._why: dict[str, Texts] = {}
        self._wave = wave
        self._scales: dict[str, Scales] = {}
        self._items: dict[tuple[str, str], Floats] = {}
        self._bases: dict[tuple[tuple[str, ...], Base], Mask] = {}

    def values(self, variable: str) -> Floats:
        """Give the answers to a variable, shape (n,), NaN where there is none."""
        if variable not in self._values:
            column = self._frame[variable]
            self._values[variable] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return self._values[variable]

    def why(self, variable: str) -> Texts:
        """Give the missing reasons of a variable, shape (n,), ``""`` where there is an answer."""
        if variable not in self._why:
            self._why[variable] = self._reasons[variable].to_numpy(dtype=object)
        return self._why[variable]

    def hits(self, variable: str, codes: Iterable[int], reasons: Iterable[str]) -> Mask:
        """Find who gave one of these categories or has one of these reasons, shape (n,)."""
        mask = np.zeros(len(self._frame), dtype=np.bool_)
        values = self.values(variable)
        for code in codes:
            mask |= values == code
        why = self.why(variable)
        for reason in reasons:
            mask |= why == reason
        return mask

    def base(self, members: tuple[str, ...], base: Base, sector: str) -> Mask:
        """Find who is in a denominator, shape (n,): in the base of any of the members."""
        known = (members, base)
        if known not in self._bases:
            mask = np.zeros(len(self._frame), dtype=np.bool_)
            for variable in members:
                mask |= self._in_base(variable, base)
            self._bases[known] = mask
        return self._bases[known] & self._sector[sector]

    def respondents(self, sector: str) -> Mask:
        """Find the respondents of a sector, shape (n,)."""
        return self._sector[sector]

    def scales(self, scale: str) -> Scales:
        """Give the scores and items of a scale, made once.

        Raises
        ------
        InputError
            When its items do not make a scale; lists every fault.
        """
        if not self._scales:
            with contextlib.suppress(InputError):  # one faulty scale must not stop the others
                together = build_scales(self._wave)
                self._scales = dict.fromkeys(together.members, together)
        if scale not in self._scales:
            self._scales[scale] = build_scales(self._wave, scale)
        return self._scales[scale]

    def item_answers(self, scale: str, sector: str) -> Floats:
        """Give the answers to a scale's items, reversed items turned round.

        Returns
        -------
        ndarray of float, shape (n_respondents_of_the_sector, n_items)
            NaN where there is no substantive answer. Not to be written to.
        """
        if (scale, sector) not in self._items:
            frame = self.scales(scale).answers(scale, sector)
            columns = [frame[item].to_numpy(dtype=np.float64, na_value=np.nan) for item in frame]
            self._items[scale, sector] = np.column_stack(columns)
        return self._items[scale, sector]

    def size(self, mask: Mask) -> int | float:
        """Count a mask: respondents, or the sum of their weights when the wave has weights."""
        if self.weights is None:
            return int(np.count_nonzero(mask))
        return float(self.weights[mask].sum())

    def _in_base(self, variable: str, base: Base) -> Mask:
        if base.rule == "categories":
            return self.hits(variable, base.codes, ())
        answered: Mask = self.why(variable) == ""
        if base.rule == "answered":
            return answered
        if base.rule == "answered_or":
            return answered | self.hits(variable, (), base.reasons)
        return ~self.hits(variable, (), NEVER_PUT)


def parts_of(codebook: Codebook, variable: str, base: Base) -> Parts:
    """List the categories and missing reasons that together make up a denominator.

    Parameters
    ----------
    codebook : Codebook
        Where the variable stands.
    variable : str
        A variable with categories.
    base : Base
        The denominator.

    Returns
    -------
    tuple of (frozenset of int, frozenset of str)
        Codes and missing reasons.
    """
    if base.rule == "categories":
        return frozenset(base.codes), frozenset()
    codes = frozenset(category.code for category in codebook.categories(variable))
    if base.rule == "answered":
        return codes, frozenset()
    if base.rule == "answered_or":
        return codes, frozenset(base.reasons)
    reasons = {reason.id for reason in codebook.reasons(variable)}
    return codes, frozenset(reasons - NEVER_PUT)
