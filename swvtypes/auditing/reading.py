"""Find a record, read its files, and check that they fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from swvtypes.errors import RecordError, ResourceError
from swvtypes.published import available, load
from swvtypes.published.record import COLUMNS, parse
from swvtypes.resources import data_path

from .meaning import Meaning
from .meaning_file import read_meaning
from .printed import Printed
from .record import Cell, Mark, Record, Statement

_T = TypeVar("_T")
PARTS = ("tables", "text", "marks")
_STATEMENTS = ("id", "locator", "instrument", "n_base", "subject", "value", "decimals", "unit")


def open_record(source: str | Path | Record) -> Record:
    """Find and read a record; see :func:`swvtypes.auditing.audit` for what `source` may be.

    Raises
    ------
    RecordError
        When it is absent or malformed; lists all faults.
    """
    if isinstance(source, Record):
        return source
    folder = Path(source)
    if folder.is_dir():
        return _from_folder(folder)
    if not isinstance(source, str):
        raise RecordError(f"printed record {folder.name!r}", [f"expected a folder, got {folder}"])
    frames = {part: load(f"{source}_{part}") for part in PARTS if f"{source}_{part}" in available()}
    if not frames and source in available():
        frames = {"text": load(source)}
    if not frames:
        stems = {name.removesuffix(f"_{part}") for part in PARTS for name in available()}
        raise RecordError(
            f"printed record {source!r}",
            [
                "expected the name of a packaged record or a folder with tables.csv, text.csv or "
                f"marks.csv; packaged records: {', '.join(sorted(stems)) or 'none'}"
            ],
        )
    try:
        path = data_path("audit", f"{source}.toml")
    except ResourceError:
        return build_record(source, frames, Meaning())
    return build_record(source, frames, read_meaning(path, source))


def _from_folder(folder: Path) -> Record:
    files = {part: folder / f"{part}.csv" for part in PARTS}
    frames: dict[str, pd.DataFrame] = {}
    faults: list[str] = []
    for part, path in files.items():
        if path.is_file():
            try:
                frames[part] = parse(path, part)
            except RecordError as error:
                faults += [f"{path.name}: {fault}" for fault in error.faults]
    if not frames and not faults:
        faults = ["expected tables.csv, text.csv or marks.csv in the folder, found none of them"]
    meaning = Meaning()
    if (folder / "meaning.toml").is_file():
        try:
            meaning = read_meaning(folder / "meaning.toml", folder.name)
        except RecordError as error:
            faults += [f"meaning.toml: {fault}" for fault in error.faults]
    if faults:
        raise RecordError(f"printed record {folder.name!r}", faults)
    return build_record(folder.name, frames, meaning)


def build_record(name: str, frames: Mapping[str, pd.DataFrame], meaning: Meaning) -> Record:
    """Turn the files of a record into cells, statements and marks.

    Parameters
    ----------
    name : str
        For messages.
    frames : mapping of str to DataFrame
        By part: "tables", "text", "marks"; any may be absent. A text frame is either of the
        form of ``monitor_2016_text.csv`` or of ``inspectie_2022.csv``.
    meaning : Meaning
        What the places mean.

    Raises
    ------
    RecordError
        When columns are absent, places appear twice, or the meaning names places that the
        record does not hold.
    """
    faults = _column_faults(frames)
    if faults:
        raise RecordError(f"printed record {name!r}", faults)
    cells = _converted("tables", frames, _cell, faults)
    statements = _converted("text", frames, _statement, faults)
    marks = _converted("marks", frames, _mark, faults)
    if faults:
        raise RecordError(f"printed record {name!r}", faults)
    record = Record(name, cells, statements, marks, meaning, frozenset(frames))
    faults = _repeats("cell", [" ".join(map(str, key)) for key in _keys(cells)])
    faults += _repeats("id", [statement.id for statement in statements])
    if "tables" in frames:
        held = {(c.locator, c.row_no) for c in cells}
        faults += [
            f"meaning: {locator} row {row} is not in the tables"
            for locator, row in meaning.table_rows()
            if (locator, row) not in held and not (row == 0 and locator in record.tables)
        ]
    if "text" in frames:
        faults += [
            f"meaning: statement {key} is not in the text"
            for key in meaning.statement_ids()
            if key not in record.by_id
        ]
    if faults:
        raise RecordError(f"printed record {name!r}", faults)
    return record


def _column_faults(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    faults = [
        f"part {part!r}: expected one of {', '.join(PARTS)}" for part in frames if part not in PARTS
    ]
    for part in PARTS:
        if part not in frames:
            continue
        wanted: tuple[str, ...] = COLUMNS[part]
        if part == "text" and "subject" in frames[part].columns:
            wanted = _STATEMENTS
        faults += [
            f"{part}, column {column}: expected, absent"
            for column in wanted
            if column not in frames[part].columns and column not in {"qualifier", "note"}
        ]
    return faults


def _keys(cells: Iterable[Cell]) -> list[tuple[str, int, str, str]]:
    return [(c.locator, c.row_no, c.sector, c.measure) for c in cells]


def _repeats(what: str, names: list[str]) -> list[str]:
    seen: set[str] = set()
    again = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return [f"{what} {name}: appears more than once" for name in dict.fromkeys(again)]


def _whole(text: Any) -> int | None:
    return int(float(text)) if str(text) not in {"", "nan", "<NA>"} else None


def _number(value: Any, decimals: Any) -> Printed | None:
    if value is None or str(value) in {"", "nan", "<NA>"}:
        return None
    return Printed.of(float(value), _whole(decimals) or 0)


def _text_number(text: Any) -> Printed | None:
    shown = str(text)
    if shown in {"", "nan", "<NA>"}:
        return None
    return Printed.of(float(shown), len(shown.partition(".")[2]))


def _converted(
    part: str,
    frames: Mapping[str, pd.DataFrame],
    convert: Callable[[Mapping[Any, Any]], _T | None],
    faults: list[str],
) -> tuple[_T, ...]:
    """Turn each row of a file into an object; rows that cannot be turned become faults."""
    found = []
    for line, row in enumerate(frames[part].to_dict("records") if part in frames else (), start=2):
        try:
            held = convert(row)
        except (TypeError, ValueError, ArithmeticError) as fault:
            faults.append(f"{part}, line {line}: expected numbers where numbers stand: {fault}")
        else:
            if held is not None:
                found.append(held)
    return tuple(found)


def _cell(row: Mapping[Any, Any]) -> Cell | None:
    printed = _number(row["value"], row["decimals"])
    if printed is None:
        return None
    return Cell(
        str(row["locator"]),
        int(row["row_no"]),
        str(row["row_label"]),
        str(row["sector"]),
        str(row["measure"]),
        printed,
        str(row["unit"]),
    )


def _statement(row: Mapping[Any, Any]) -> Statement:
    if "subject" in row:
        return _from_subject(row)
    return Statement(
        id=str(row["id"]),
        locator=str(row["locator"]),
        sector=str(row["sector"]),
        kind=str(row["kind"]),
        var1=str(row["var1"]),
        var2=str(row["var2"]),
        printed=_number(row["value"], row["decimals"]),
        df1=_text_number(row["df1"]),
        df2=_text_number(row["df2"]),
        p=str(row["p"]),
        n=_whole(row["n"]),
        qualifier=str(row.get("qualifier", "")),
        note=str(row.get("note", "")),
    )


def _from_subject(row: Mapping[Any, Any]) -> Statement:
    """Read a row of the form with subjects and instruments instead of sectors and variables."""
    kind, qualifier = str(row["unit"]), str(row.get("qualifier", ""))
    printed, base = _number(row["value"], row["decimals"]), _whole(row["n_base"])
    if kind == "ratio" and printed is not None and base:
        kind, printed = "percent", None
    return Statement(
        id=str(row["id"]),
        locator=str(row["locator"]),
        sector="",
        kind=kind,
        var1=str(row["subject"]),
        var2="",
        printed=printed,
        df1=None,
        df2=None,
        p="",
        n=base,
        qualifier=qualifier,
        note=str(row.get("note", "")),
        instrument=str(row["instrument"]),
    )


def _mark(row: Mapping[Any, Any]) -> Mark:
    return Mark(*(str(row[c]) for c in ("locator", "kind", "subject", "printed", "note")))
