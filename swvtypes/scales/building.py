"""Scale scores: the mean of the items that a respondent answered, reversed items turned round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.survey import Codebook, Wave

from .reversal import end_points, turn_round

ScaleChoice = str | Sequence[str] | Mapping[str, Sequence[str]] | None


@dataclass(frozen=True, eq=False, repr=False)
class Scales:
    """Scores of a wave on one or more scales, and what they were made of.

    Make one with :func:`build_scales`. What its properties give are copies.

    Attributes
    ----------
    members : dict of str to tuple of str
        Items of each scale, in file order.
    reversed_items : tuple of str
        Items that were turned round.
    minimum_items : int
        Items that a respondent had to answer to get a score.
    codebook : Codebook
        Labels and answer lists.
    sectors : tuple of str
        Sectors of the wave.
    synthetic : bool
        Whether any row of the wave is synthetic.

    Notes
    -----
    Survey weights are carried (:attr:`survey_weight`); no score depends on them.
    """

    members: Mapping[str, tuple[str, ...]]
    reversed_items: tuple[str, ...]
    minimum_items: int
    codebook: Codebook
    sectors: tuple[str, ...]
    synthetic: bool
    _items: pd.DataFrame
    _answered: pd.DataFrame
    _totals: pd.DataFrame
    _sector: pd.Series[str]
    _weight: pd.Series[float] | None

    def __repr__(self) -> str:
        return f"<Scales {', '.join(self.members)}: {len(self._sector)} organisations>"

    def __len__(self) -> int:
        return len(self._sector)

    @property
    def scores(self) -> pd.DataFrame:
        """Mean of the items answered, shape (n_organisations, n_scales), Float64.

        NA where fewer than :attr:`minimum_items` items were answered.
        """
        counts = self._answered.to_numpy()
        enough = counts >= self.minimum_items
        means = np.full(counts.shape, np.nan)
        np.divide(self._totals.to_numpy(), counts, out=means, where=enough)
        columns = {
            name: pd.arrays.FloatingArray(
                np.where(enough[:, at], means[:, at], 0.0), ~enough[:, at]
            )
            for at, name in enumerate(self.members)
        }
        return pd.DataFrame(columns, index=self._sector.index)

    @property
    def n_items_answered(self) -> pd.DataFrame:
        """Number of items answered, shape (n_organisations, n_scales), int64."""
        return self._answered.copy()

    @property
    def items(self) -> pd.DataFrame:
        """Answers after turning round, shape (n_organisations, n_items), Float64; NA if missing."""
        return self._items.copy()

    @property
    def sector(self) -> pd.Series[str]:
        """Sector of each organisation, a copy."""
        return self._sector.copy()

    @property
    def survey_weight(self) -> pd.Series[float] | None:
        """Survey weights of the wave, a copy; None when it has none."""
        return None if self._weight is None else self._weight.copy()

    def answers(self, scale: str, sector: str | None = None) -> pd.DataFrame:
        """Give the answers to the items of one scale, after turning round.

        Parameters
        ----------
        scale : str
            One of the scales built.
        sector : str, optional
            Only organisations of this sector.

        Returns
        -------
        DataFrame of Float64, shape (n_organisations, n_items_of_the_scale)
            NA where an answer is missing.

        Raises
        ------
        OptionError
            When there is no such scale or sector.
        """
        self._check(scale, sector)
        frame = self._items.loc[:, list(self.members[scale])]
        return frame.copy() if sector is None else frame[(self._sector == sector).to_numpy()].copy()

    def exact(self, scale: str, sector: str | None = None) -> list[Fraction]:
        """Give the scores on one scale as exact fractions; organisations without one left out.

        Printed figures round a mean of such scores half up, and a float cannot tell a tie.

        Raises
        ------
        OptionError
            When there is no such scale or sector.
        """
        self._check(scale, sector)
        here = np.ones(len(self), bool) if sector is None else (self._sector == sector).to_numpy()
        counts = self._answered[scale].to_numpy()[here]
        totals = self._totals[scale].to_numpy()[here]
        return [
            Fraction(float(total)) / int(count)
            for total, count in zip(totals, counts, strict=True)
            if count >= self.minimum_items
        ]

    def _check(self, scale: str, sector: str | None) -> None:
        if scale not in self.members:
            raise OptionError("scale", "one of " + ", ".join(map(repr, self.members)), scale)
        if sector is not None and sector not in self.sectors:
            raise OptionError("sector", "one of " + ", ".join(map(repr, self.sectors)), sector)


def build_scales(
    wave: Wave,
    scales: ScaleChoice = None,
    minimum_items: int = 1,
    *,
    reversed_items: Sequence[str] = (),
) -> Scales:
    """Make scale scores: the mean of the items answered, reversed items turned round.

    Parameters
    ----------
    wave : Wave
        Answers with their codebook.
    scales : str, sequence of str, or mapping of str to sequence of str, optional
        Scales of the codebook; all of them unless given. A mapping gives sets of items of one's
        own by name.
    minimum_items : int
        How many items a respondent must have answered to get a score; otherwise it is NA.
    reversed_items : sequence of str
        Items to turn round besides those that the codebook marks.

    Returns
    -------
    Scales

    Raises
    ------
    InputError
        Lists every fault: unknown scales or variables, columns that the wave lacks, items whose
        answers have no order, items of one scale with different end points, a `minimum_items`
        below one or above the number of items.

    Notes
    -----
    Answers such as "don't know" are missing. An item is turned round between the end points of
    its answer list. Survey weights are carried, not applied.
    """
    members, faults = _members(wave.codebook, scales)
    names = tuple(dict.fromkeys(item for items in members.values() for item in items))
    faults += _item_faults(wave, members)
    faults += _minimum_faults(members, minimum_items)
    extra = (reversed_items,) if isinstance(reversed_items, str) else tuple(reversed_items)
    faults += [
        f"reversed_items: {x!r} is an item of no scale asked" for x in extra if x not in names
    ]
    if faults:
        raise InputError("build_scales", faults)
    turned = tuple(x for x in names if wave.codebook.variable(x).reversed or x in extra)
    items = _keyed(wave, names, turned)
    block = {name: items[list(ids)] for name, ids in members.items()}
    answered = {name: part.notna().sum(axis=1).astype("int64") for name, part in block.items()}
    totals = {
        name: np.nansum(part.to_numpy(dtype=float, na_value=np.nan), axis=1)
        for name, part in block.items()
    }
    return Scales(
        members,
        turned,
        minimum_items,
        wave.codebook,
        wave.sectors,
        bool(wave.provenance.get("synthetic")),
        items,
        pd.DataFrame(answered, index=items.index),
        pd.DataFrame(totals, index=items.index),
        wave.frame["sector"],
        wave.survey_weight,
    )


def _members(
    codebook: Codebook, scales: ScaleChoice
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Give the items by scale, and what is wrong with the choice."""
    if isinstance(scales, Mapping):
        members = {name: (x,) if isinstance(x, str) else tuple(x) for name, x in scales.items()}
        faults = [] if members else ["scales: expected at least one set of items, got none"]
        return members, faults
    chosen: tuple[str, ...]
    chosen = (
        (scales,)
        if isinstance(scales, str)
        else tuple(codebook.scales if scales is None else scales)
    )
    if not chosen:
        asked = "the codebook has none" if scales is None else "got none"
        return {}, [f"scales: expected at least one scale, {asked}"]
    known = ", ".join(map(repr, codebook.scales)) or "none"
    faults = [
        f"scales: {name!r} is no scale of the codebook, which has {known}"
        for name in chosen
        if name not in codebook.scales
    ]
    return {name: codebook.items(name) for name in chosen if name in codebook.scales}, faults


def _item_faults(wave: Wave, members: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Say what is wrong with the items of each scale."""
    faults = []
    for scale, items in members.items():
        if not items:
            faults.append(f"scale {scale!r}: expected at least one item, found none")
        twice = sorted({item for item in items if items.count(item) > 1})
        faults += [f"scale {scale!r}: the item {item!r} stands in it twice" for item in twice]
        ends = {}
        for item in dict.fromkeys(items):
            fault = _one_item(wave, item)
            if fault:
                faults.append(f"scale {scale!r}, item {item!r}: {fault}")
            else:
                ends[item] = end_points(wave.codebook, item)
        if len(set(ends.values())) > 1:
            texts = ", ".join(f"{item} {end[0]}-{end[1]}" for item, end in ends.items() if end)
            faults.append(f"scale {scale!r}: expected items with the same end points, got {texts}")
    return faults


def _one_item(wave: Wave, item: str) -> str | None:
    if item not in wave.codebook.variables:
        return "the codebook has no such variable"
    kind = wave.codebook.variable(item).type
    if kind not in ("binary", "ordinal"):
        return f"expected ordered answers (binary or ordinal), the codebook says {kind}"
    return None if item in wave.variables else f"the wave {wave.name!r} lacks the column"


def _minimum_faults(members: Mapping[str, tuple[str, ...]], minimum_items: int) -> list[str]:
    if isinstance(minimum_items, bool) or not isinstance(minimum_items, int) or minimum_items < 1:
        return [f"minimum_items: expected a whole number of at least 1, got {minimum_items!r}"]
    return [
        f"minimum_items: {minimum_items} asked, but the scale {name!r} has {len(items)} items"
        for name, items in members.items()
        if items and len(items) < minimum_items
    ]


def _keyed(wave: Wave, names: Sequence[str], turned: Sequence[str]) -> pd.DataFrame:
    """Give the answers to the items as Float64, those in `turned` turned round."""
    frame = wave.frame[list(names)].astype("Float64")
    for item in turned:
        ends = end_points(wave.codebook, item)
        if ends is not None:
            frame[item] = turn_round(frame[item], *ends)
    return frame
