"""What each cell of a variable may hold: its codes or range, its sector, its route."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .codebook import Codebook
from .raw import BoolArray, FloatArray, Problem, numbers
from .rows import Report
from .schema import Variable
from .wording import listed, shown

LARGEST = 2**53
_GROUPED = re.compile(r"[+-]?[0-9]+[.,][0-9]{3}")  # 1,000 and 1.000: a thousand or one?
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_DECIMAL = re.compile(r"[+-]?[0-9]*([.,])[0-9]+")


@dataclass(frozen=True)
class Answers:
    """One column, read.

    Attributes
    ----------
    answer : ndarray of float, shape (n_rows,)
        Categories, counts or decimals; NaN where there is no substantive answer.
    coded : ndarray of float, shape (n_rows,)
        The same with the codes of missing reasons.
    given : ndarray of bool, shape (n_rows,)
        Whether the cell holds anything.
    sound : ndarray of bool, shape (n_rows,)
        Whether it holds what it may hold.
    """

    answer: FloatArray
    coded: FloatArray
    given: BoolArray
    sound: BoolArray


@dataclass(frozen=True)
class Place:
    """Whether a question was put to a row: its sector has it, and its gate let the row in."""

    asked: BoolArray
    let_in: BoolArray


def decimal_signs(columns: Iterable[list[object]]) -> frozenset[str]:
    """Find the signs that can only stand before decimals: 12,5 has one, 1.234 may have none."""
    found = set()
    for cells in columns:
        for cell in cells:
            if isinstance(cell, str) and not _THOUSANDS.fullmatch(cell.strip()):
                match = _DECIMAL.fullmatch(cell.strip())
                if match:
                    found.add(match[1])
    return frozenset(found)


def read_answers(
    report: Report,
    codebook: Codebook,
    variable: Variable,
    memo: dict[str, float | Problem | None],
    signs: frozenset[str] = frozenset(),
) -> Answers:
    """Read one column and note cells that hold what the codebook does not know.

    `signs` are those before decimals elsewhere in the file; see :func:`decimal_signs`.
    """
    cells = report.table.column(variable.id) or []
    if variable.type == "binary":
        cells = [int(cell) if isinstance(cell, bool | np.bool_) else cell for cell in cells]
    found = numbers(cells, memo)
    coded = found.array
    missing = codebook.reason_codes(variable.id)
    is_missing = np.isin(coded, list(missing))
    categories = [category.code for category in codebook.categories(variable.id)]
    if categories:
        fits = np.isin(coded, categories)
        expected = f"one of {listed([*categories, *missing])}"
    else:
        fits = _in_range(variable, coded)
        expected = _range_text(variable) + (f" or {listed(missing)}" if missing else "")
    grouped = _grouped(variable, cells, signs)
    coded[grouped] = np.nan
    sound = ~found.given | ((fits | is_missing) & ~grouped)
    for at in np.flatnonzero(~sound).tolist():
        problem = found.problems.get(at)
        if grouped[at]:
            noun = "a whole number" if variable.type == "count" else "a number"
            wanted = f"{noun} without separators ({expected})"
        elif problem:
            wanted = f"{problem.value} ({expected})"
        else:
            wanted = _whole(variable, coded[at], expected)
        report.cell(at, variable.id, wanted, cells[at])
    return Answers(np.where(is_missing, np.nan, coded), coded, found.given, sound)


def _grouped(variable: Variable, cells: list[object], signs: frozenset[str]) -> BoolArray:
    """Say which cells are text that may have a sign between thousands.

    In a count every such sign may be one; among other numbers one that is not that of the
    decimals elsewhere in the file, where thousands fit the range too.
    """
    if variable.type == "count":
        found = [isinstance(cell, str) and bool(_GROUPED.fullmatch(cell.strip())) for cell in cells]
        return np.array(found, dtype=bool)
    if variable.type != "continuous" or not signs:
        return np.zeros(len(cells), dtype=bool)
    low, high = _limits(variable)
    return np.array([_as_thousands(cell, signs, low, high) for cell in cells], dtype=bool)


def _as_thousands(cell: object, signs: frozenset[str], low: float, high: float) -> bool:
    """Whether a text may be thousands: its sign is not that of decimals, and they fit the range."""
    if not isinstance(cell, str) or not _THOUSANDS.fullmatch(cell.strip()):
        return False
    sign = "," if "," in cell else "."
    other = "." if sign == "," else ","
    return other in signs and low <= float(cell.strip().replace(sign, "")) <= high


def _whole(variable: Variable, value: float, expected: str) -> str:
    """Say that a fraction came where none can."""
    if variable.type != "continuous" and not float(value).is_integer():
        return f"a whole number ({expected})"
    return expected


def _limits(variable: Variable) -> tuple[float, float]:
    low = variable.minimum
    if low is None:
        low = 0.0 if variable.type == "count" or variable.composition else -np.inf
    return low, np.inf if variable.maximum is None else variable.maximum


def _in_range(variable: Variable, values: FloatArray) -> BoolArray:
    low, high = _limits(variable)
    fits: BoolArray = (values >= low) & (values <= high)
    if variable.type == "count":
        fits &= (values == np.floor(values)) & (np.abs(values) < LARGEST)
    return fits


def _range_text(variable: Variable) -> str:
    low, high = _limits(variable)
    noun = "a whole number" if variable.type == "count" else "a number"
    start = "" if low == -np.inf else f" from {shown(low)}"
    end = "" if high == np.inf else f" to {shown(high)}"
    return noun + start + end


def check_place(
    report: Report,
    codebook: Codebook,
    variable: Variable,
    found: dict[str, Answers],
    sectors: list[str],
) -> Place:
    """Note answers to questions that were not put to the row.

    A missing reason with a code that joins the gate (``enters = "gate"``) may stand where the
    gate forbids an answer.
    """
    answers = found[variable.id]
    every = variable.sectors or codebook.sectors
    put = {sector: sector in every or not sector for sector in set(sectors)}
    asked = np.ones(len(sectors), dtype=bool)
    if not all(put.values()):
        asked = np.array([put[sector] for sector in sectors], dtype=bool)
    let_in = np.ones(len(sectors), dtype=bool)
    for at in np.flatnonzero(answers.given & ~asked).tolist():
        came = report.table.column(variable.id) or []
        wanted = f"nothing, sector {sectors[at]!r} was not asked"
        report.cell(at, variable.id, wanted, came[at])
    gate = variable.gate
    if gate is None or gate.variable not in found:
        return Place(asked, let_in)
    before = found[gate.variable]
    let_in = np.isin(before.coded, gate.codes) | ~before.sound
    joins = [
        r.code for r in codebook.reasons(variable.id) if r.enters == "gate" and r.code is not None
    ]
    forbidden = answers.given & asked & ~let_in & ~np.isin(answers.coded, joins)
    for at in np.flatnonzero(forbidden).tolist():
        came = report.table.column(variable.id) or []
        wanted = f"nothing, as column {gate.variable!r} is not {listed(gate.codes)}"
        report.cell(at, variable.id, wanted, came[at])
    return Place(asked, let_in)


def check_sets(report: Report, codebook: Codebook, found: dict[str, Answers]) -> None:
    """Note rows that chose the exclusive option of a set together with another one."""
    for identity, entry in codebook.sets.items():
        if entry.exclusive is None or entry.exclusive not in found:
            continue
        others = [name for name in codebook.members(identity) if name != entry.exclusive]
        others = [name for name in others if name in found]
        alone = found[entry.exclusive].answer == 1
        for at in np.flatnonzero(alone).tolist():
            chosen = [name for name in others if found[name].answer[at] == 1]
            if chosen:
                report.add(
                    f"{report.row(at)}, set {identity!r}: expected {entry.exclusive!r} "
                    f"to be chosen alone, got also {listed(chosen)}"
                )
