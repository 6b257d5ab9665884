"""Who the rows of a file are: columns, organisations, sectors, and marks of the rows."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from .codebook import Codebook
from .raw import (
    BoolArray,
    FloatArray,
    Numbers,
    Problem,
    RawTable,
    as_text,
    as_truth,
    is_empty,
    numbers,
)
from .wording import listed, meant, shown

NEEDED = ("organisation", "sector")
MARKS = ("synthetic", "seed", "survey_weight")


@dataclass
class Report:
    """Faults of one file, and how its rows are called in them."""

    table: RawTable
    faults: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Note a fault of the file."""
        self.faults.append(text)

    def row(self, at: int) -> str:
        """Name a row by its organisation and place in the file."""
        place = self.table.at(at)
        identity = self.organisations[at] if self.organisations else ""
        return f"organisation {shown(identity)} ({place})" if identity.strip() else place

    def cell(self, at: int, column: str, expected: str, came: object) -> None:
        """Note a fault of one cell."""
        if is_empty(came):
            got = "found none"
        elif isinstance(came, str) and not isinstance(_number(came), Problem):
            got = f"got {came.strip()}"
        else:
            got = f"got {shown(came)}"
        self.add(f"{self.row(at)}, column {column!r}: expected {expected}, {got}")


def _number(text: str) -> float | Problem | None:
    found = numbers([text], {})
    return found.problems.get(0, float(found.array[0]))


@dataclass(frozen=True)
class Rows:
    """Who the rows are, and their marks.

    Attributes
    ----------
    organisations, sectors : list of str, length n_rows
        A sector that the codebook lacks is ``""``.
    synthetic : ndarray of bool, optional
        None without such a column.
    survey_weight : ndarray of float, optional
        None without such a column.
    seed : int, optional
        The one seed of the file.
    """

    organisations: list[str]
    sectors: list[str]
    synthetic: BoolArray | None = None
    survey_weight: FloatArray | None = None
    seed: int | None = None


def check_columns(report: Report, known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Note columns that are unknown, absent, nameless, untrimmed or there twice.

    Parameters
    ----------
    report : Report
        Takes the faults.
    known : tuple of str
        Every column that the file may have.
    needed : tuple of str
        Those that it must have.
    """
    columns = report.table.columns
    for number, name in enumerate(columns, start=1):
        if not name.strip():
            report.add(f"column number {number}: expected a name, found none")
    for name, count in Counter(columns).items():
        if not name.strip():
            continue
        if count > 1:
            report.add(f"column {name!r}: expected once, found {count} times")
        if name not in known:
            trimmed = name.strip()
            if trimmed in known:
                report.add(f"column {name!r}: expected no spaces around the name {trimmed!r}")
            else:
                hint = meant(name, [other for other in known if other not in columns])
                report.add(f"column {name!r}: not in the codebook{hint}")
    present = {name.strip() for name in columns}
    for name in needed:
        if name not in present:
            report.add(f"column {name!r}: expected in the file, it is absent")


def read_rows(report: Report, codebook: Codebook) -> Rows:
    """Check organisations, sectors and marks.

    Parameters
    ----------
    report : Report
        Takes the faults; afterwards it names rows by their organisation.
    codebook : Codebook
        Sectors and their populations.
    """
    table = report.table
    if not table.lines:
        report.add("expected at least one row of answers, found none")
    organisations = read_organisations(report)
    sectors = _sectors(report, codebook)
    for sector, count in Counter(sectors).items():
        if sector and count > codebook.population[sector]:
            most = codebook.population[sector]
            report.add(f"sector {sector!r}: expected at most {most} organisations, got {count}")
    return Rows(organisations, sectors, read_synthetic(report), _weights(report), _seed(report))


def check_alone(table: RawTable) -> tuple[str, ...]:
    """Give the faults that a file shows without a codebook: of its lines, columns, ids and marks.

    Parameters
    ----------
    table : RawTable
        The file as it came.
    """
    report = Report(table, list(table.faults))
    check_columns(report, tuple(name.strip() for name in table.columns), NEEDED)
    if not table.lines:
        report.add("expected at least one row of answers, found none")
    read_organisations(report)
    for at, cell in enumerate(table.column("sector") or []):
        if is_empty(cell):
            report.cell(at, "sector", "a sector", cell)
    read_synthetic(report)
    _weights(report)
    _seed(report)
    return tuple(report.faults)


def read_organisations(report: Report) -> list[str]:
    """Check that organisations are named, trimmed, there once and told apart by eye."""
    cells = report.table.column("organisation")
    if cells is None:
        return [""] * len(report.table.lines)
    names = [as_text(cell) for cell in cells]
    report.organisations = names
    for at, name in enumerate(names):
        if not name:
            report.cell(at, "organisation", "an id", None)
        elif name != name.strip():
            report.add(f"{report.row(at)}: expected an id without spaces around it")
    where: dict[str, list[str]] = {}
    for at, name in enumerate(names):
        if name:
            where.setdefault(name.strip(), []).append(report.table.at(at))
    for name, places in where.items():
        if len(places) > 1:
            report.add(
                f"organisation {shown(name)}: expected once, found {len(places)} times "
                f"({', '.join(places)})"
            )
    _check_lookalikes(report, where)
    return names


def _check_lookalikes(report: Report, where: dict[str, list[str]]) -> None:
    """Note ids that differ only in case or in characters that cannot be seen."""
    alike: dict[str, list[str]] = {}
    for name in where:
        alike.setdefault(_visible(name).casefold(), []).append(name)
    for names in alike.values():
        if len(names) > 1:
            places = ", ".join(place for name in names for place in where[name])
            report.add(
                f"organisations {listed(names)}: expected ids that differ in more than case or "
                f"invisible characters ({places})"
            )


def _visible(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def _sectors(report: Report, codebook: Codebook) -> list[str]:
    cells = report.table.column("sector")
    if cells is None:
        return [""] * len(report.table.lines)
    found: list[str] = []
    for at, cell in enumerate(cells):
        sector = as_text(cell)
        if sector not in codebook.sectors:
            report.cell(at, "sector", f"one of {listed(codebook.sectors)}", cell)
            sector = ""
        found.append(sector)
    return found


def read_synthetic(report: Report) -> BoolArray | None:
    """Check that each row says whether it is synthetic; None without such a column."""
    cells = report.table.column("synthetic")
    if cells is None:
        return None
    found = np.zeros(len(cells), dtype=bool)
    for at, cell in enumerate(cells):
        truth = as_truth(cell)
        if truth is None:
            report.cell(at, "synthetic", "true or false", cell)
        found[at] = bool(truth)
    return found


def _weights(report: Report) -> FloatArray | None:
    cells = report.table.column("survey_weight")
    if cells is None:
        return None
    found: Numbers = numbers(cells, {})
    for at, cell in enumerate(cells):
        if at in found.problems:
            report.cell(at, "survey_weight", found.problems[at].value, cell)
        elif not found.array[at] > 0:
            report.cell(at, "survey_weight", "a weight above 0", cell)
    return found.array


def _seed(report: Report) -> int | None:
    cells = report.table.column("seed")
    if cells is None or all(map(is_empty, cells)):
        return None
    found = numbers(cells, {})
    seeds: set[int] = set()
    for at, cell in enumerate(cells):
        value = found.array[at]
        if not (np.isfinite(value) and value >= 0 and value.is_integer() and value < 2**53):
            report.cell(at, "seed", "a whole number from 0", cell)
        else:
            seeds.add(int(value))
    if len(seeds) > 1:
        report.add(f"column 'seed': expected one seed in a file, got {listed(sorted(seeds))}")
    return min(seeds, default=None)
