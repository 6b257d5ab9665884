"""Two waves with their typologies, compared in every way that is legitimate."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from swvtypes.errors import FewOrganisationsWarning, InputError, TypologyError
from swvtypes.language import Label
from swvtypes.membership import Membership
from swvtypes.survey import Wave

from .change_split import ChangeSplit, split_change
from .common_items import questions_of
from .comparability_of_waves import Comparability, comparability
from .comparison import MembershipComparison, compare_memberships, jeffreys_interval
from .drift import DriftOptions, item_drift
from .drift_relevance import relevance_of_questions
from .earlier_types import carry_membership
from .left_out import organisations_left_out, questions_left_out
from .old_typology import OldTypology, score_old_typology
from .position_scale import scale_ends
from .positions import PositionChange, position_change
from .profile_change import align_profiles, change_of_profiles
from .shared_profiles import CommonProfiles, common_profiles_of
from .three_step import CorrectedTransitions, corrected_transitions
from .wave_comparison_labels import faults_label
from .wave_comparison_results import CompareOptions, TypesComparison, WaveComparison, WaveSide

__all__ = ["CompareOptions", "TypesComparison", "WaveComparison", "WaveSide", "compare_waves"]

_LEAST = 5


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
        When no organisation has a type in both waves, or both waves have one name.
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
    drift, positions = work.drift(), work.positions()
    left_out = (
        *questions_left_out(told),
        *organisations_left_out(options.organisations, options.merged),
        *work.left_out,
    )
    return WaveComparison(told, types, drift, positions, old, split, left_out)


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
        waves = (self.before.wave, self.after.wave)
        sides = common_profiles_of(
            (self.before.typology, self.after.typology),
            (_questions(waves[0]), _questions(waves[1])), self.told,
        )  # fmt: skip
        for one, other in ((first, self.after), (second, self.before)):
            for sector in (s for s in one.sectors if s not in other.membership.sectors):
                self._one_wave_only(sector, one is first)
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
        self, sector: str, pair: tuple[Membership, Membership], sides: CommonProfiles
    ) -> TypesComparison:
        members = compare_memberships(
            *pair, n_draws=self.options.n_draws, random_state=self.options.random_state
        )
        corrected, intervals = self._corrected(sector, pair)
        movers = _movers(members, corrected)
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
            nl, en = sector or "alle", sector or "all"
            self._skip(
                f"profielen {nl}: geen gemeenschappelijke vragen onderscheiden de typen",
                f"profiles {en}: no common questions tell the types apart",
            )
        return TypesComparison(
            sector, members, corrected, movers, intervals, by_profiles, distance, profiles
        )

    def _corrected(
        self, sector: str, pair: tuple[Membership, Membership]
    ) -> tuple[CorrectedTransitions | None, pd.DataFrame]:
        if min(len(m.types) for m in pair) < 2:
            self._skip(
                f"gecorrigeerde overgangen {sector or 'alle'}: een van de golven heeft één type",
                f"corrected transitions {sector or 'all'}: one of the waves has one type",
            )
            return None, pd.DataFrame()
        try:
            with warnings.catch_warnings():  # told in the text of the result
                warnings.simplefilter("ignore", FewOrganisationsWarning)
                found = corrected_transitions(pair)
            return found, found.table("profile")
        except InputError as error:
            told = faults_label(error.faults)
            self._skip(
                f"gecorrigeerde overgangen {sector or 'alle'}: {told.nl}",
                f"corrected transitions {sector or 'all'}: {told.en}",
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
        try:
            return score_old_typology(
                self.before.typology, wave, crosswalk=self.told.crosswalk,
                fresh=self.after.membership,
            )  # fmt: skip
        except TypologyError as error:
            told = faults_label(error.faults)
            title = verdicts[0].title
            self._skip(f"{title.nl}: {told.nl}", f"{title.en}: {told.en}")
            return None

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
        both = _sectors_of_both(first, second)
        frames = [self.told.crosswalk.apply(w) for w in (first, second)]
        frames = [f[f["sector"].isin(both)] for f in frames]
        if not both:
            self._skip("verandering van antwoorden: de golven hebben geen sector gemeen",
                       "change of answers: the waves have no sector in common")  # fmt: skip
            return None
        table = item_drift(
            frames[0], frames[1], concepts, organisations=self._names(frames[0].index),
            relevance=relevance_of_questions(
                self.before.typology, self.told.crosswalk, self.told.before
            ),
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
        try:
            ends = scale_ends((first, second), self.told.crosswalk, self.options.position)
        except InputError as error:
            told = faults_label(error.faults)
            self._skip(f"posities: {told.nl}", f"positions: {told.en}")
            return {}
        found = {}
        frames = [self.told.crosswalk.apply(w) for w in (first, second)]
        for sector in _sectors_of_both(first, second):
            x, y = (
                f.loc[f["sector"] == sector, self.options.position].astype(float) for f in frames
            )
            try:
                found[sector] = position_change(
                    x, y, middle=sum(ends) / 2, organisations=self._names(x.index),
                    n_draws=self.options.n_draws, random_state=self.options.random_state,
                )  # fmt: skip
            except InputError as error:
                told = faults_label(error.faults)
                self._skip(f"posities {sector}: {told.nl}", f"positions {sector}: {told.en}")
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

    def _one_wave_only(self, sector: str, first: bool) -> None:
        name = self.told.before if first else self.told.after
        self._skip(f"sector {sector}: alleen in {name}", f"sector {sector}: only in {name}")

    def _no_waves(self, nl: str, en: str) -> None:
        self._skip(
            f"{nl}: de antwoorden van de golven zijn niet gegeven",
            f"{en}: the answers of the waves were not given",
        )

    def _skip(self, nl: str, en: str) -> None:
        self.left_out.append(Label(nl, en))


def _sectors_of_both(first: Wave, second: Wave) -> list[str]:
    """Sectors of which both waves have organisations."""
    later = set(second.frame["sector"])
    return [s for s in dict.fromkeys(first.frame["sector"]) if s in later]


def _questions(wave: Wave | None) -> set[str] | None:
    return None if wave is None else set(questions_of(wave).categories)


def _movers(members: MembershipComparison, corrected: CorrectedTransitions | None) -> pd.DataFrame:
    """Share that changed type, naive and corrected, each with an interval."""
    moved, n = int(members.moved.sum()), members.pairs.n
    low, high = jeffreys_interval(moved, n, members.level)
    rows = {"naive": {"estimate": moved / n, "low": low, "high": high, "organisations": n}}
    if corrected is not None:
        found = corrected.mover_rate_interval(members.alignment.partner, level=members.level)
        rows["corrected"] = {
            **{k: float(found[k]) for k in ("estimate", "low", "high")},
            "organisations": corrected.n_both,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
