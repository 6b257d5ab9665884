"""Two waves with their typologies, compared in every way that is legitimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk, Wave
from swvtypes.survey.crosswalk_organisations import MergedRule
from swvtypes.typology import Typology

from .alignment import Alignment
from .change_split import ChangeSplit, split_change
from .common_items import CommonTypes, common_types, questions_of
from .comparability_of_waves import Comparability, comparability
from .comparison import MembershipComparison, compare_memberships
from .drift import DriftOptions, item_drift
from .earlier_types import carry_membership
from .old_typology import OldTypology, score_old_typology
from .positions import PositionChange, position_change
from .profile_change import align_profiles, change_of_profiles, common_profiles
from .three_step import CorrectedTransitions, corrected_transitions

_LEAST = 5


@dataclass(frozen=True, eq=False)
class WaveSide:
    """One wave as it was typed.

    Attributes
    ----------
    typology : Typology
    membership : Membership
    wave : Wave, optional
        Answers; without them drift, positions, old types and the split are left out.
    """

    typology: Typology
    membership: Membership
    wave: Wave | None = None


@dataclass(frozen=True)
class CompareOptions:
    """How waves are compared.

    Parameters
    ----------
    crosswalk : ItemCrosswalk, optional
    organisations : OrganisationCrosswalk, optional
    merged : {"agreement", "unknown"}
        What merged organisations were; see :class:`OrganisationCrosswalk`.
    position : str
        Concept of the self-rated position.
    n_draws : int
        Random deals, resamples and exchanges.
    random_state : int
    """

    crosswalk: ItemCrosswalk | None = None
    organisations: OrganisationCrosswalk | None = None
    merged: MergedRule = "agreement"
    position: str = "steering"
    n_draws: int = 999
    random_state: int = 0


@dataclass(frozen=True, eq=False)
class TypesComparison:
    """Types of one sector, or of all, at two waves.

    Attributes
    ----------
    sector : str
        Empty where types are shared.
    members : MembershipComparison
    corrected : CorrectedTransitions or None
        None where errors of assignment cannot be taken out; see the left-out list.
    intervals : DataFrame
        Corrected transition probabilities with profile-likelihood intervals; may be empty.
    by_profiles : Alignment or None
        Types matched on profiles over common questions.
    distance : DataFrame
        Distances of profiles, types before by types after; may be empty.
    profiles : DataFrame
        Of :func:`~swvtypes.longitudinal.profile_change.change_of_profiles`; may be empty.
    """

    sector: str
    members: MembershipComparison
    corrected: CorrectedTransitions | None
    intervals: pd.DataFrame
    by_profiles: Alignment | None
    distance: pd.DataFrame
    profiles: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class WaveComparison:
    """Everything that two waves allow to be compared.

    Attributes
    ----------
    comparability : Comparability
    types : tuple of TypesComparison
    drift : DataFrame or None
        By concept; with waves.
    positions : dict of str to PositionChange
        By sector; with waves.
    old : OldTypology or None
    split : tuple of ChangeSplit
    left_out : tuple of Label
        What was not compared, and why.
    """

    comparability: Comparability
    types: tuple[TypesComparison, ...]
    drift: pd.DataFrame | None
    positions: dict[str, PositionChange]
    old: OldTypology | None
    split: tuple[ChangeSplit, ...]
    left_out: tuple[Label, ...]

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English what was compared and what not."""
        from .wave_comparison_text import told

        return told(self, check_language(language))

    def __repr__(self) -> str:
        return self.text("en")


def compare_waves(
    before: WaveSide, after: WaveSide, options: CompareOptions | None = None
) -> WaveComparison:
    """Compare two waves in every way that is legitimate, and say what is left out and why.

    Parameters
    ----------
    before, after : WaveSide
    options : CompareOptions, optional

    Returns
    -------
    WaveComparison

    Raises
    ------
    InputError
        When no organisation has a type in both waves.
    OptionError, CrosswalkError
    """
    options = options or CompareOptions()
    told = comparability(
        before.wave or before.typology, after.wave or after.typology,
        crosswalk=options.crosswalk, organisations=options.organisations,
        typology=before.typology, position=options.position,
    )  # fmt: skip
    work = _Work(before, after, options, told)
    types = work.types()
    old = work.old()
    split = work.split()
    return WaveComparison(
        told, types, work.drift(), work.positions(), old, split, tuple(work.left_out)
    )


@dataclass
class _Work:
    before: WaveSide
    after: WaveSide
    options: CompareOptions
    told: Comparability
    left_out: list[Label] = field(default_factory=list)

    def types(self) -> tuple[TypesComparison, ...]:
        first = self.before.membership
        if self.options.organisations is not None:
            first = carry_membership(first, self.options.organisations, self.options.merged)
        second = self.after.membership
        apart = len(first.blocks) > 1 or len(second.blocks) > 1
        common = [s for s in first.sectors if s in second.sectors]
        sides = _common_sides(self)
        found = []
        for sector in common if apart else [""]:
            pair = (first.sector(sector), second.sector(sector)) if sector else (first, second)
            n = int(pair[0].modal.dropna().index.isin(pair[1].modal.dropna().index).sum())
            if n < _LEAST:
                self._skip(
                    f"{sector or 'alle'}: {n} organisaties hebben in beide golven een type",
                    f"{sector or 'all'}: {n} organisations have a type in both waves",
                )
                continue
            found.append(self._types_of(sector, pair, sides))
        if not found:
            fault = "expected organisations with a type in both waves, found too few"
            raise InputError("comparison of waves", [fault])
        return tuple(found)

    def _types_of(
        self, sector: str, pair: tuple[Membership, Membership], sides: _Sides
    ) -> TypesComparison:
        members = compare_memberships(
            *pair, n_draws=self.options.n_draws, random_state=self.options.random_state
        )
        corrected, intervals = self._corrected(sector, pair)
        by_profiles, distance, profiles = None, pd.DataFrame(), pd.DataFrame()
        tables = sides.tables(sector)
        types = (pair[0].types, pair[1].types)
        if tables is not None and min(map(len, types)) > 1:
            try:
                by_profiles, distance = align_profiles(*tables, types)
                profiles = change_of_profiles(*tables, by_profiles.partner)
            except InputError:
                tables = None
        if by_profiles is None:
            self._skip(
                f"profielen {sector}: geen gemeenschappelijke vragen onderscheiden de typen",
                f"profiles {sector}: no common questions tell the types apart",
            )
        return TypesComparison(
            sector, members, corrected, intervals, by_profiles, distance, profiles
        )

    def _corrected(
        self, sector: str, pair: tuple[Membership, Membership]
    ) -> tuple[CorrectedTransitions | None, pd.DataFrame]:
        if min(len(m.types) for m in pair) < 2:
            self._skip(
                f"gecorrigeerde overgangen {sector}: een van de golven heeft één type",
                f"corrected transitions {sector}: one of the waves has one type",
            )
            return None, pd.DataFrame()
        try:
            found = corrected_transitions(pair)
            return found, found.table("profile")
        except InputError as error:
            self._skip(
                f"gecorrigeerde overgangen {sector}: {'; '.join(error.faults)}",
                f"corrected transitions {sector}: {'; '.join(error.faults)}",
            )
            return None, pd.DataFrame()

    def old(self) -> OldTypology | None:
        wave = self.after.wave
        verdicts = [v for v in self.told.verdicts if v.comparison == "old_types"]
        for v in (v for v in verdicts if not v.possible):
            self._skip(f"{v.title.nl} ({v.sectors}): {v.reason.nl}",
                       f"{v.title.en} ({v.sectors}): {v.reason.en}")  # fmt: skip
        if wave is None:
            self._no_waves("oude typen in de nieuwe golf", "old types in the new wave")
            return None
        if not any(v.possible for v in verdicts):
            return None
        return score_old_typology(
            self.before.typology, wave, crosswalk=self.told.crosswalk, fresh=self.after.membership
        )

    def split(self) -> tuple[ChangeSplit, ...]:
        first, second = self.before.wave, self.after.wave
        if first is None or second is None:
            self._no_waves("splitsing van de verandering", "split of the change")
            return ()
        return split_change(
            (self.before.typology, first), (self.after.typology, second),
            crosswalk=self.told.crosswalk, organisations=self.options.organisations,
        )  # fmt: skip

    def drift(self) -> pd.DataFrame | None:
        first, second = self.before.wave, self.after.wave
        if first is None or second is None:
            self._no_waves("verandering van antwoorden", "change of answers")
            return None
        if not self._allowed("drift"):
            return None
        concepts = list(self.told.concepts())
        frames = [self.told.crosswalk.apply(w) for w in (first, second)]
        table = item_drift(
            frames[0], frames[1], concepts, organisations=self._names(frames[0].index),
            options=DriftOptions(self.options.n_draws, random_state=self.options.random_state),
        )  # fmt: skip
        table.insert(0, "comparability", self.told.items["comparability"].reindex(table.index))
        return table

    def positions(self) -> dict[str, PositionChange]:
        first, second = self.before.wave, self.after.wave
        if first is None or second is None:
            self._no_waves("verandering van posities", "change of positions")
            return {}
        if not self._allowed("positions"):
            return {}
        found = {}
        frames = [self.told.crosswalk.apply(w) for w in (first, second)]
        for sector in (s for s in first.sectors if s in second.sectors):
            x, y = (
                f.loc[f["sector"] == sector, self.options.position].astype(float) for f in frames
            )
            try:
                found[sector] = position_change(
                    x, y, organisations=self._names(x.index),
                    n_draws=self.options.n_draws, random_state=self.options.random_state,
                )  # fmt: skip
            except InputError as error:
                told = "; ".join(error.faults)
                self._skip(f"posities {sector}: {told}", f"positions {sector}: {told}")
        return found

    def _allowed(self, comparison: str) -> bool:
        v = self.told.verdict(comparison)
        if not v.possible:
            self._skip(f"{v.title.nl}: {v.reason.nl}", f"{v.title.en}: {v.reason.en}")
        return v.possible

    def _names(self, index: pd.Index) -> dict[Any, Any] | None:
        if self.options.organisations is None:
            return None
        return dict(self.options.organisations.identities(list(index)))

    def _no_waves(self, nl: str, en: str) -> None:
        self._skip(
            f"{nl}: de antwoorden van de golven zijn niet gegeven",
            f"{en}: the answers of the waves were not given",
        )

    def _skip(self, nl: str, en: str) -> None:
        self.left_out.append(Label(nl, en))


@dataclass(frozen=True, eq=False)
class _Sides:
    """Common questions of both typologies, each in its own types."""

    first: tuple[CommonTypes, ...]
    second: tuple[CommonTypes, ...]
    profile: Callable[[CommonTypes, int], pd.DataFrame]

    def tables(self, sector: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Profiles before and after of one sector, or of all; None without common questions."""
        pair = []
        for side, sets in enumerate((self.first, self.second)):
            mine = [c for c in sets if not sector or sector in c.full.sectors]
            if len(mine) != 1:
                return None
            table = self.profile(mine[0], side)
            if not len(table):
                return None
            pair.append(table)
        return pair[0], pair[1]


def _common_sides(work: _Work) -> _Sides:
    crosswalk = work.told.crosswalk
    waves = (work.told.before, work.told.after)
    present = [
        None if s.wave is None else set(questions_of(s.wave).categories)
        for s in (work.before, work.after)
    ]
    return _Sides(
        common_types(work.before.typology, crosswalk, waves, present=present[1]),
        common_types(work.after.typology, crosswalk, waves[::-1], present=present[0]),
        lambda common, side: common_profiles(common, crosswalk, waves[side]),
    )
