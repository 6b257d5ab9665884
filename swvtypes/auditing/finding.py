"""What an audit finds, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

from swvtypes.language import Language

from .reasons import reason

Confidence = Literal["certain", "likely", "possible"]
COLUMNS = (
    "locator",
    "row_no",
    "sector",
    "check",
    "printed",
    "expected",
    "reason",
    "confidence",
)
_RANK = {name: rank for rank, name in enumerate(get_args(Confidence))}


@dataclass(frozen=True)
class Place:
    """Where a number or mark is printed.

    Parameters
    ----------
    locator : str
        Table, section, footnote or appendix, as in the record.
    row_no : int
        Row of a table, 0 where there is none.
    sector : str
        Sector (or column group) as in the record; "" where the record has none.
    part : str
        What tells apart numbers at one place: the measure of a cell, the id of a statement.
    """

    locator: str
    row_no: int = 0
    sector: str = ""
    part: str = ""


@dataclass(frozen=True)
class Finding:
    """One contradiction.

    Parameters
    ----------
    place : Place
        Where it stands.
    check : str
        The check that found it.
    printed, expected : str
        What stands there; what should, or the bound that it breaks.
    key : str
        Name of the sentence in :mod:`.reasons`.
    confidence : {"certain", "likely", "possible"}
        How sure; the words are defined in ``docs/audit_template.md``.
    words : dict of str to str
        What fills the sentence.
    rests_on : tuple of Place
        Numbers taken for right in finding it (row 0: a whole table of that sector). Where one of
        them is itself found wrong for certain, this finding says nothing new and is left out.
    """

    place: Place
    check: str
    printed: str
    expected: str
    key: str
    confidence: Confidence
    words: dict[str, str] = field(default_factory=dict)
    rests_on: tuple[Place, ...] = ()

    def rests_upon(self, other: Finding) -> bool:
        """Say whether it takes for right what another finding shows to be wrong."""
        place = other.place
        return other is not self and any(
            (rest.locator, rest.sector) == (place.locator, place.sector)
            and rest.row_no in {0, place.row_no}
            for rest in self.rests_on
        )

    def sentence(self, language: Language) -> str:
        """Say in one sentence why."""
        filled = {"printed": self.printed, "expected": self.expected, **self.words}
        return reason(self.key, language, filled)


# Where several checks hit one number, the first named here speaks: it says most precisely what
# should stand there, or knows a harmless explanation that the others do not.
_PRECEDENCE = (
    "exchanged",
    "derived",
    "same_fact",
    "range",
    "extremes",
    "degrees_of_freedom",
    "p_value",
    "grim",
    "impossible",
    "totals",
    "implied_n",
)


def _precedence(finding: Finding) -> int:
    return _PRECEDENCE.index(finding.check) if finding.check in _PRECEDENCE else len(_PRECEDENCE)


def one_per_number(findings: Iterable[Finding]) -> list[Finding]:
    """Keep one finding a printed number of the checks that overlap; others all stay."""
    chosen: dict[tuple[Place, str], Finding] = {}
    for finding in findings:
        family = "number" if finding.check in _PRECEDENCE else finding.check + finding.key
        if finding.check in {"p_value", "degrees_of_freedom", "implied_n"}:
            family = "test"
        key = (finding.place, family)
        held = chosen.get(key)
        if held is None or _precedence(finding) < _precedence(held):
            chosen[key] = finding
    return list(chosen.values())


def to_frame(findings: Iterable[Finding], order: list[str], language: Language) -> pd.DataFrame:
    """Give the findings as a table, in the order in which the record prints the places."""
    place = {locator: index for index, locator in enumerate(order)}
    rows = sorted(
        findings,
        key=lambda f: (
            place.get(f.place.locator, len(place)),
            f.place.locator,
            f.place.row_no,
            f.place.sector,
            _RANK[f.confidence],
            f.check,
            f.place.part,
        ),
    )
    frame = pd.DataFrame(
        [
            (
                f.place.locator,
                f.place.row_no,
                f.place.sector,
                f.check,
                f.printed,
                f.expected,
                f.sentence(language),
                f.confidence,
            )
            for f in rows
        ],
        columns=list(COLUMNS),
    )
    return frame.astype({"row_no": "int64"})
