"""Tables as bytes of .csv and .xlsx files: the same table, the same bytes; text never a formula."""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import MissingExtraError
from swvtypes.survey.workbook import workbook_bytes

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def harmless(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula: an apostrophe before a risky sign.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("po 1")
    ("'=HYPERLINK(1)", 'po 1')
    """
    return "'" + text if text.lstrip(" \u00a0").startswith(_STARTS) else text


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Give a table as UTF-8 text with commas, decimal points and ``\n``; texts are harmless."""
    safe = frame.copy()
    safe.columns = pd.Index([harmless(str(name)) for name in frame.columns])
    for at in range(safe.shape[1]):
        column = frame.iloc[:, at]
        if not pd.api.types.is_numeric_dtype(column.dtype):
            cells = [_on_one_line(cell) if isinstance(cell, str) else cell for cell in column]
            block = np.empty(len(cells), dtype=object)
            block[:] = cells
            safe.isetitem(at, block)
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8", "replace")


def _on_one_line(text: str) -> str:
    """Give a harmless text without a carriage return, which some readers take for a new row."""
    return harmless(text).replace("\r", " ")


def xlsx_bytes(sheets: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    """Give sheets of rows as an .xlsx file without the time of writing.

    Raises
    ------
    MissingExtraError
        Without openpyxl.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError("writing .xlsx files", "openpyxl", "spss") from error
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = datetime.datetime(*_EPOCH)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([_cell(value) for value in row])
    return _timeless(workbook_bytes(book))


def frame_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Give a table as rows, the header first."""
    columns = [frame.iloc[:, at].astype(object).tolist() for at in range(frame.shape[1])]
    return [list(map(str, frame.columns)), *(list(row) for row in zip(*columns, strict=True))]


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool | int | float):
        return value
    return harmless(str(value)).translate(_NOT_IN_XML)


def _timeless(content: bytes) -> bytes:
    """Write a zip file again with one date for every part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "docProps/core.xml":
                body = _without_time(body)
            new.writestr(zipfile.ZipInfo(part.filename, _EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_time(body: bytes) -> bytes:
    import re

    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(<)", rb"\g<1>1980-01-01T00:00:00Z\2", body)
