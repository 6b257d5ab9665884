"""Crosswalk files: a table written by hand, read as text with the line of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from swvtypes.errors import CrosswalkError

from .wording import shown


@dataclass(frozen=True)
class Row:
    """One row of a crosswalk.

    Attributes
    ----------
    line : int
        Line of the file, the header being line 1; of a row that spans lines the last.
    cells : dict of str to str
        By column, without blanks around.
    """

    line: int
    cells: dict[str, str]


def read_rows(path: str | Path, columns: Sequence[str], needed: Sequence[str]) -> list[Row]:
    """Read the rows of a crosswalk file.

    Parameters
    ----------
    path : str or Path
        UTF-8, with commas, semicolons or tabs between cells; empty lines count for nothing.
    columns : sequence of str
        Columns that it may have.
    needed : sequence of str
        Those that it must have.

    Raises
    ------
    CrosswalkError
        For a file that cannot be read or whose columns are wrong; lists every fault.
    """
    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CrosswalkError(name, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        fault = f"expected UTF-8, found another byte at position {error.start}"
        raise CrosswalkError(name, [fault]) from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        found = [(reader.line_num, [c.strip() for c in row]) for row in reader]
    except csv.Error as error:
        raise CrosswalkError(name, [f"line {reader.line_num}: {error}"]) from None
    found = [(line, row) for line, row in found if any(row)]
    if not found:
        raise CrosswalkError(name, ["the file is empty"])
    header = found[0][1]
    faults = _header_faults(header, columns, needed)
    faults += [
        f"line {line}: expected {len(header)} cells as in the header, found {len(row)}"
        for line, row in found[1:]
        if len(row) != len(header)
    ]
    if faults:
        raise CrosswalkError(name, faults)
    if len(found) == 1:
        raise CrosswalkError(name, ["expected at least one row below the header"])
    empty = dict.fromkeys(columns, "")
    return [Row(line, empty | dict(zip(header, row, strict=True))) for line, row in found[1:]]


def read_pairs(text: str, where: str, faults: list[str]) -> dict[str, str]:
    """Read ``a=b`` pairs that blanks part; note what is wrong in `faults`."""
    pairs: dict[str, str] = {}
    for part in text.split():
        source, sign, target = part.partition("=")
        if not sign or not source or not target or "=" in target:
            faults.append(f"{where}: expected pairs such as 1=2, got {shown(part)}")
        elif source in pairs:
            faults.append(f"{where}: {source} is mapped twice")
        else:
            pairs[source] = target
    return pairs


def _header_faults(
    header: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> list[str]:
    known = ", ".join(columns)
    faults = [f"line 1: no column {name!r}" for name in needed if name not in header]
    faults += [
        f"line 1: column {name!r} is not known; columns are {known}"
        for name in header
        if name not in columns
    ]
    twice = sorted({n for n in header if list(header).count(n) > 1})
    return faults + [f"line 1: column {name!r} stands in it twice" for name in twice]
