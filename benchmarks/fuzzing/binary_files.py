"""Sound .xlsx, .parquet and .sav files, and odd ones that are of their format all the same."""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from decimal import Decimal
from typing import Any

Sheet = list[list[str]]
_NOW = datetime.datetime(2026, 1, 1, 12)
ODD: tuple[Any, ...] = (
    None, "", " ", "x", "1,5", "=1+1", "#N/A", True, False, 0, -1, 7, 0.5, 1e300, 10**18, _NOW,
    _NOW.date(), _NOW.time(), datetime.timedelta(days=2), "\u2028", "a\nb", "9" * 400,
)  # fmt: skip


def _cells(sheet: Sheet) -> list[list[Any]]:
    return [sheet[0], *([None if cell == "" else cell for cell in row] for row in sheet[1:])]


def _spoilt(sheet: Sheet, rng: random.Random, changes: int = 6) -> list[list[Any]]:
    rows = [list(row) for row in _cells(sheet)]
    for _ in range(rng.randrange(1, changes)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(ODD)
    if rng.random() < 0.2:
        del rows[rng.randrange(len(rows)) :]
    return rows


def xlsx_bytes(sheet: list[list[Any]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in sheet:
        book.active.append([None if cell == "" else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx_odd(sheet: Sheet, rng: random.Random) -> bytes:
    """Odd cells; or sound cells in a workbook whose parts are damaged one by one."""
    from mutating import spoil

    if rng.random() < 0.4:
        return xlsx_bytes(_spoilt(sheet, rng))
    whole = zipfile.ZipFile(io.BytesIO(xlsx_bytes(sheet)))
    chosen = rng.choice(whole.namelist())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name in whole.namelist():
            content = whole.read(name)
            if name == chosen:
                if rng.random() < 0.1:
                    continue
                content = spoil(content, "text", rng)
            out.writestr(name, content)
    return stream.getvalue()


def parquet_bytes(sheet: Sheet) -> bytes:
    import pyarrow
    import pyarrow.parquet

    columns = {name: [row[at] or None for row in sheet[1:]] for at, name in enumerate(sheet[0])}
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def parquet_odd(sheet: Sheet, rng: random.Random) -> bytes:
    """Columns of types that a survey has no use for."""
    import pyarrow
    import pyarrow.parquet

    height = len(sheet) - 1
    values: list[list[Any]] = [
        [_NOW] * height, [_NOW.date()] * height, [_NOW.time()] * height, [Decimal("1.5")] * height,
        [[1, 2]] * height, [{"a": 1}] * height, [b"\xff\x00"] * height, [None] * height,
        [2**62] * height, [float("nan")] * height, [float("inf")] * height, [True] * height,
        ["1"] * height, [1] * height, [0.5] * height, [datetime.timedelta(days=1)] * height,
        ["a\nb\u2028"] * height,
    ]  # fmt: skip
    names = list(sheet[0])
    arrays = [pyarrow.array([row[at] or None for row in sheet[1:]]) for at in range(len(names))]
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(names))
        arrays[at] = pyarrow.array(rng.choice(values))
        if rng.random() < 0.2:
            names[at] = rng.choice(["", "organisation", "x\ny", names[at] + " "])
    stream = io.BytesIO()
    try:
        if rng.random() < 0.2:
            arrays = [array.dictionary_encode() for array in arrays]
        pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, names=names), stream)
    except pyarrow.ArrowException:
        return parquet_bytes(sheet)
    return stream.getvalue()


def sav_bytes(sheet: list[list[Any]]) -> bytes:
    """Write as SPSS file through the package: numbers where a column holds only those."""
    import pandas as pd

    from swvtypes.survey.spss import sav_bytes as written

    frame = pd.DataFrame(sheet[1:], columns=sheet[0]).replace("", None)
    for name in frame.columns:
        try:
            numbers = pd.to_numeric(frame[name], errors="coerce")
        except (TypeError, ValueError):
            continue
        if numbers.notna().equals(frame[name].notna()):
            frame[name] = numbers.astype(float)
    return written(frame, {}, {}, {})


def sav_odd(sheet: Sheet, rng: random.Random) -> bytes:
    """Odd cells, as far as the format holds them."""
    rows = _spoilt(sheet, rng)
    rows = [rows[0], *([_sav_cell(cell) for cell in row] for row in rows[1:])]
    try:
        return sav_bytes(rows)
    except Exception:  # what the library refuses to write
        return sav_bytes(_cells(sheet))


def _sav_cell(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, str) else str(cell)
