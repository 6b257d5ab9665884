"""Workbooks as bytes, whatever the clock says: .xlsx files know no time before 1980."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from .extras import need

EPOCH = (1980, 1, 1, 0, 0, 0)


class _Dated(zipfile.ZipFile):
    """An archive whose parts all have one date."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Add a part from memory."""
        part = zipfile.ZipInfo(getattr(name, "filename", name), EPOCH)
        super().writestr(part, data, self.compression)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Add a part from a file."""
        self.writestr(arcname or filename, Path(filename).read_bytes())


def workbook_bytes(book: Any) -> bytes:
    """Give an openpyxl workbook as the bytes of its file.

    Raises
    ------
    MissingExtraError
        Without openpyxl.
    """
    excel: Any = need("openpyxl.writer.excel", "writing .xlsx files")
    stream = io.BytesIO()
    excel.ExcelWriter(book, _Dated(stream, "w", zipfile.ZIP_DEFLATED)).save()
    return stream.getvalue()
