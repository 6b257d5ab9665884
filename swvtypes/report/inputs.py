"""What a report is made of; every part may be absent, and what is absent is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.longitudinal import MembershipComparison
from swvtypes.membership import Membership
from swvtypes.steering import SteeringSummary
from swvtypes.survey import Wave
from swvtypes.typology import Typology
from swvtypes.typology.census import Census
from swvtypes.typology.stability import Multiverse, Stability
from swvtypes.validation import Validation

from .table_words import TableWords

NOTHING = Label("", "")


@dataclass(frozen=True)
class Choice:
    """A choice of the analysis.

    Attributes
    ----------
    what, chosen, reason : Label
        What was to be chosen, what was, and why. An empty reason is flagged as a gap.
    """

    what: Label
    chosen: Label
    reason: Label = NOTHING


@dataclass(frozen=True, eq=False)
class EarlierWave:
    """An earlier wave beside the one that is reported.

    Attributes
    ----------
    membership : Membership
        Types at that wave.
    comparison : MembershipComparison, optional
        From that wave to this one.
    organisations : mapping of str to str
        Identity of earlier organisations now, where it changed.
    wave : Wave, optional
        Its answers, for the place on the continuum.
    note : Label
        What a reader has to know of the comparison.
    measures : DataFrame, optional
        Agreement as a run wrote it: sector, measure, value, low, high, chance, p_value; that of
        the comparison when left out.
    mixed : tuple
        Organisations now that were made of some of different types then: their own earlier type
        is not known, and they are not counted as without one.
    """

    membership: Membership
    comparison: MembershipComparison | None = None
    organisations: Mapping[Any, Any] = field(default_factory=dict)
    wave: Wave | None = None
    note: Label = NOTHING
    measures: pd.DataFrame | None = None
    mixed: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class ReportInputs:
    """What a report is made of. Left out is: not done, and the report says so.

    Attributes
    ----------
    title : Label
        Above the report; made of the wave's title when empty.
    question : Label
        What was to be found out.
    wave : Wave
        The answers.
    typology : Typology
        The types, fitted to the wave or loaded.
    membership : Membership
        Who is of which type; that of the typology when left out.
    tables : DataFrame
        As given by ``swvtypes.tables.compute_tables``.
    table_words : mapping of locator to TableWords
        What the tables, their columns and their rows are called.
    steering : SteeringSummary
    steering_variable : str
        The organisations' own place on the continuum, shown in the explorer.
    validation : tuple of Validation
    census : Census
    stability : mapping of str to Stability
        By what was resampled: a sector, or a theme of one.
    multiverse : mapping of str to Multiverse
    earlier : tuple of EarlierWave
        In order of time.
    choices : tuple of Choice
        Besides those that the typology states itself.
    statements : mapping of str to Label
        Answers to fields of the checklist that no program can fill, by key; see
        :data:`swvtypes.report.checklist_fields.FIELDS`.
    manifest : mapping of str to object
        What the run wrote of itself: versions, seeds, files and their digests.
    left_out : mapping of str to tuple of (str, str)
        By section of the report (``"validation"``, ...): what the run left out, and why, in its
        own words. Shown only where organisations are named.
    remarks : tuple of Label
        What a reader has to know of how the report was put together.

    Raises
    ------
    InputError
        When there is nothing to report, or parts are of different organisations.
    """

    title: Label = NOTHING
    question: Label = NOTHING
    wave: Wave | None = None
    typology: Typology | None = None
    membership: Membership | None = None
    tables: pd.DataFrame | None = None
    table_words: Mapping[str, TableWords] = field(default_factory=dict)
    steering: SteeringSummary | None = None
    steering_variable: str = "steering"
    validation: tuple[Validation, ...] = ()
    census: Census | None = None
    stability: Mapping[str, Stability] = field(default_factory=dict)
    multiverse: Mapping[str, Multiverse] = field(default_factory=dict)
    earlier: tuple[EarlierWave, ...] = ()
    choices: tuple[Choice, ...] = ()
    statements: Mapping[str, Label] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    remarks: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        if self.membership is None:
            own = getattr(self.typology, "membership_", None)
            object.__setattr__(self, "membership", own)
        faults = []
        if self.wave is None and self.typology is None and self.membership is None:
            faults.append("expected a wave, a typology or a membership, got none of them")
        if self.wave is not None and self.membership is not None:
            here, there = set(self.wave.frame.index), set(self.membership.sector_of.index)
            if not here & there:
                faults.append("membership: none of its organisations is in the wave")
        if faults:
            raise InputError("report", faults)

    @property
    def synthetic(self) -> bool:
        """Whether any row of any wave is synthetic."""
        waves = [self.wave, *(e.wave for e in self.earlier)]
        told = any(bool(w.provenance.get("synthetic")) for w in waves if w is not None)
        known = getattr(self.typology, "_wave", {})
        return told or bool(known.get("synthetic"))

    @property
    def heading(self) -> Label:
        """Title of the report."""
        if any(self.title):
            return self.title
        if self.wave is not None:
            return Label(self.wave.codebook.title.nl, self.wave.codebook.title.en)
        return Label("Typologie van organisaties", "Typology of organisations")
