"""The printed record as the checks see it: cells, statements and marks, with what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from .finding import Place
from .meaning import Meaning
from .printed import Printed

# A statement about something else than this survey: another year, study or set of people.
_ELSEWHERE = re.compile(r"^(19|20)\d\d$|^other (study|source|question)|^remarks$|^reflection")


@dataclass(frozen=True)
class Cell:
    """One number of a table."""

    locator: str
    row_no: int
    row_label: str
    sector: str
    measure: str
    printed: Printed
    unit: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.locator, self.row_no, self.sector, self.measure)


@dataclass(frozen=True)
class Statement:
    """One statistic of the running text; `printed` is None where only words stand there."""

    id: str
    locator: str
    sector: str
    kind: str
    var1: str
    var2: str
    printed: Printed | None
    df1: Printed | None
    df2: Printed | None
    p: str
    n: int | None
    qualifier: str
    note: str
    instrument: str = ""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.locator, 0, self.sector, self.id)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """The note, split at its semicolons."""
        return tuple(part.strip() for part in self.note.split(";") if part.strip())

    @cached_property
    def category(self) -> str:
        """The answer counted, from ``category=`` in the note; "" where none is named."""
        found = (part[9:].strip() for part in self.notes if part.startswith("category="))
        return next(found, "")

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it is about another year, study, question or group than the survey's own."""
        return any(_ELSEWHERE.match(part) for part in self.notes)


@dataclass(frozen=True)
class Mark:
    """A printed mark that is no number."""

    locator: str
    kind: str
    subject: str
    printed: str
    note: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.locator, 0, "", f"{self.kind} {self.subject} {self.printed}")


@dataclass(frozen=True)
class Record:
    """A report's printed record.

    Parameters
    ----------
    name : str
        What it is called in messages.
    cells, statements, marks : tuple
        Empty where the record has no such file.
    meaning : Meaning
        What the printed places mean; empty where no such file is given.
    parts : frozenset of str
        Which of "tables", "text" and "marks" the record has.
    """

    name: str
    cells: tuple[Cell, ...]
    statements: tuple[Statement, ...]
    marks: tuple[Mark, ...]
    meaning: Meaning
    parts: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def grid(self) -> dict[tuple[str, int, str, str], Cell]:
        """Cells by locator, row, sector and measure."""
        return {(c.locator, c.row_no, c.sector, c.measure): c for c in self.cells}

    @cached_property
    def tables(self) -> dict[str, list[Cell]]:
        """Cells by locator, in printed order."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.locator, []).append(cell)
        return found

    @cached_property
    def by_id(self) -> dict[str, Statement]:
        """Statements by id."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def order(self) -> list[str]:
        """Locators in the order of the record."""
        return list(
            dict.fromkeys(
                [
                    *(statement.locator for statement in self.statements),
                    *(cell.locator for cell in self.cells),
                    *(mark.locator for mark in self.marks),
                ]
            )
        )

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Sectors with a known number of respondents."""
        return tuple(self.meaning.respondents)

    def respondents(self, sector: str) -> int | None:
        """How many answered in a sector, or in all sectors together; None where unknown."""
        known = self.meaning.respondents
        if sector in known:
            return known[sector]
        return sum(known.values()) if known else None
