"""Data files in: .csv, .sav, .xlsx and .parquet become a raw table."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from swvtypes.errors import MissingExtraError, WaveError

from .extras import need
from .raw import RawTable, as_text, is_empty
from .spss import read_sav
from .wording import shown

_SEPARATORS = (",", ";", "\t")
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
_CELL_LIMIT = 1_000_000
_TEXT = ("s", "str")  # a formula whose saved result is an empty text


def read_raw(path: str | Path) -> RawTable:
    """Read a data file without judging what it says.

    Parameters
    ----------
    path : str or Path
        ``.csv`` (comma, semicolon or tab between cells; point or comma in decimals; UTF-8 with or
        without a byte order mark, UTF-16 with one, else Windows-1252 or Latin-1), ``.sav`` (dates
        are no numbers), ``.xlsx`` (first sheet; a formula counts as its saved result) or
        ``.parquet``.

    Returns
    -------
    RawTable
        Wholly empty rows are left out.

    Raises
    ------
    WaveError
        When the file cannot be read, or `path` is no path.
    MissingExtraError
        When the library for this format is not installed.
    """
    try:
        path = Path(path)
    except TypeError:
        raise WaveError("data file", [f"expected a path, got {shown(path)}"]) from None
    name = path.name or str(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise WaveError(name, [f"expected a file that ends in {known}, got {path.suffix!r}"])
    try:
        if path.stat().st_size == 0:
            raise WaveError(name, ["the file is empty"])
        return reader(path, name)
    except (WaveError, MissingExtraError):
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise WaveError(name, [f"the file cannot be read: {reason}"]) from None
    except Exception as error:  # whatever a library raises for bytes that are not of its format
        kind = type(error).__name__
        fault = f"no valid {path.suffix.lower()} file: {' '.join(str(error).split())} ({kind})"
        raise WaveError(name, [fault]) from error


def _read_csv(path: Path, name: str) -> RawTable:
    text = _decode(path.read_bytes())
    if "\0" in text:
        raise WaveError(name, ["expected text, found null bytes"])
    if not text.strip():
        raise WaveError(name, ["the file is empty"])
    header, _, _ = text.lstrip("\r\n").partition("\n")
    separator = max(_SEPARATORS, key=header.count)
    old = csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[str] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: the line cannot be taken apart: {error}")
    finally:
        csv.field_size_limit(old)
    if not rows:
        raise WaveError(name, faults)
    return _table(name, rows, lines, faults)


def _decode(content: bytes) -> str:
    try:
        if content.startswith(_BYTE_ORDER):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")  # Latin-1, with the quotes and the euro of Windows
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _table(name: str, rows: list[list[str]], lines: list[int], faults: list[str]) -> RawTable:
    """Turn rows into columns; a row that is too short or too long is a fault and is evened out."""
    columns = tuple(rows[0])
    width = len(columns)
    body: list[list[str]] = []
    kept: list[int] = []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if len(row) != width:
            faults.append(f"line {line}: expected {width} cells as in the header, got {len(row)}")
        body.append((row + [""] * (width - len(row)))[:width])
        kept.append(line)
    cells: tuple[list[object], ...] = tuple([row[at] for row in body] for at in range(width))
    return RawTable(name, columns, cells, tuple(kept), "line", tuple(faults))


def _read_sav(path: Path, name: str) -> RawTable:
    columns, cells = read_sav(path)
    return _typed(name, columns, cells)


def _read_xlsx(path: Path, name: str) -> RawTable:
    openpyxl = need("openpyxl", "reading and writing .xlsx files")
    content = path.read_bytes()
    saved = _first_sheet(openpyxl, content, results=True)
    rows: list[tuple[object, ...]] = [tuple(cell.value for cell in row) for row in saved]
    if not rows:
        raise WaveError(name, ["the first sheet is empty"])
    width = max(map(len, rows))
    rows = [row + (None,) * (width - len(row)) for row in rows]
    while width and all(row[width - 1] is None for row in rows):
        width -= 1
    header = tuple("" if cell is None else str(cell) for cell in rows[0][:width])
    cells: tuple[list[object], ...] = tuple([row[at] for row in rows[1:]] for at in range(width))
    written = _first_sheet(openpyxl, content, results=False)
    return replace(
        _typed(name, header, cells, first=2), faults=_formula_faults(header, saved, written)
    )


def _first_sheet(openpyxl: Any, content: bytes, results: bool) -> list[tuple[Any, ...]]:
    """Give the cells of the first sheet, of formulas the saved results or their text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles and extensions of no meaning here
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results)
        try:
            return [tuple(row) for row in book.worksheets[0].iter_rows()]
        finally:
            book.close()


def _formula_faults(
    header: tuple[str, ...], saved: list[tuple[Any, ...]], written: list[tuple[Any, ...]]
) -> tuple[str, ...]:
    """Note formulas whose result is not in the file: their answers would be lost."""
    faults: list[str] = []
    first = header.index("organisation") if "organisation" in header else len(header)
    who = slice(first, min(first + 1, len(header)))  # nothing without such a column
    for number, (results, texts) in enumerate(zip(saved, written, strict=True), start=1):
        for at, (result, text) in enumerate(zip(results, texts, strict=True)):
            if text.data_type != "f" or result.value is not None or result.data_type in _TEXT:
                continue
            identity = "".join(as_text(cell.value) for cell in results[who] if number > 1)
            row = f"organisation {shown(identity)} (row {number})" if identity else f"row {number}"
            named = at < len(header) and header[at]
            column = f"column {header[at]!r}" if named else f"column number {at + 1}"
            formula = getattr(text.value, "text", text.value)
            faults.append(
                f"{row}, {column}: expected a value, got the formula {shown(formula)} without a "
                "saved result (open the file in a spreadsheet program and save it)"
            )
    return tuple(faults)


def _read_parquet(path: Path, name: str) -> RawTable:
    parquet = need("pyarrow.parquet", "reading and writing .parquet files")
    table = parquet.read_table(io.BytesIO(path.read_bytes()))
    cells = tuple(table.column(at).to_pylist() for at in range(table.num_columns))
    return _typed(name, tuple(map(str, table.column_names)), cells)


def _typed(
    name: str, columns: tuple[str, ...], cells: tuple[list[object], ...], first: int = 1
) -> RawTable:
    """Leave wholly empty rows out."""
    height = len(cells[0]) if cells else 0
    kept = [row for row in range(height) if not all(is_empty(column[row]) for column in cells)]
    if len(kept) < height:
        cells = tuple([column[row] for row in kept] for column in cells)
    return RawTable(name, columns, cells, tuple(row + first for row in kept))


_READERS: dict[str, Callable[[Path, str], RawTable]] = {
    ".csv": _read_csv,
    ".sav": _read_sav,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
}
