"""Waves out, in the form that :func:`read_wave` reads."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.language import Language, check_language
from swvtypes.resources import atomic_bytes

from .extras import need
from .spss import sav_bytes
from .wave import Wave
from .workbook import workbook_bytes


def data_frame(wave: Wave) -> pd.DataFrame:
    """Give a wave in the form of a data file.

    Returns
    -------
    DataFrame, one row an organisation
        Columns organisation, sector, then synthetic, seed and survey_weight when the wave has
        them, then the variables with the codes of categories and declared missing reasons
        (Int64, Float64); NA for blank, routed past and not asked.
    """
    columns: dict[str, Any] = {"organisation": list(wave.frame.index)}
    columns["sector"] = wave.frame["sector"].tolist()
    synthetic = wave.synthetic
    if synthetic is not None:
        columns["synthetic"] = synthetic.to_numpy()
    seed = wave.provenance["seed"]
    if seed is not None:
        columns["seed"] = np.full(len(wave), seed, dtype=np.int64)
    weights = wave.survey_weight
    if weights is not None:
        columns["survey_weight"] = weights.to_numpy()
    for name in wave.variables:
        columns[name] = wave.coded(name).array
    return pd.DataFrame(columns)


def write_wave(wave: Wave, path: str | Path, language: Language = "nl") -> None:
    r"""Write a wave as a data file, whole or not at all.

    The same wave gives the same ``.csv`` byte for byte: UTF-8, commas, decimal points, ``\n``.

    Parameters
    ----------
    wave : Wave
        What to write. Rescaled compositions are written as rescaled.
    path : str or Path
        Ends in ``.csv``, ``.sav`` (with labels and user-missing codes), ``.xlsx`` or
        ``.parquet``.
    language : {"nl", "en"}
        Of the labels in a ``.sav`` file.

    Raises
    ------
    OptionError
        When the path ends in something else.
    MissingExtraError
        When the library for the format is not installed.
    """
    path = Path(path)
    check_language(language)
    frame = data_frame(wave)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        content = _csv(frame)
    elif suffix == ".sav":
        content = _sav(wave, frame, language)
    elif suffix == ".xlsx":
        content = _xlsx(frame)
    elif suffix == ".parquet":
        need("pyarrow", "reading and writing .parquet files")
        stream = io.BytesIO()
        frame.to_parquet(stream, index=False)
        content = stream.getvalue()
    else:
        raise OptionError("path", "a name that ends in .csv, .sav, .xlsx or .parquet", str(path))
    atomic_bytes(path, content)


def _cells(frame: pd.DataFrame) -> list[list[Any]]:
    """Give rows of plain Python values, None for NA."""
    columns = [
        [None if value is pd.NA else value for value in frame[name].astype(object).tolist()]
        for name in frame.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _csv(frame: pd.DataFrame) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in _cells(frame):
        writer.writerow([_text(value) for value in row])
    return stream.getvalue().encode("utf-8")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value)


def _xlsx(frame: pd.DataFrame) -> bytes:
    openpyxl = need("openpyxl", "reading and writing .xlsx files")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("wave")
    sheet.append(list(frame.columns))
    for row in _cells(frame):
        sheet.append(row)
    return workbook_bytes(book)


def _sav(wave: Wave, frame: pd.DataFrame, language: Language) -> bytes:
    codebook = wave.codebook
    plain = pd.DataFrame(
        {
            name: frame[name].astype(object)
            if name in ("organisation", "sector")
            else frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            for name in frame.columns
        }
    )
    labels = {name: codebook.variable(name).label.text(language) for name in wave.variables}
    value_labels: dict[str, dict[int, str]] = {}
    missing: dict[str, list[int]] = {}
    for name in wave.variables:
        reasons = codebook.reason_codes(name)
        texts = {c.code: c.label.text(language) for c in codebook.categories(name)}
        texts |= {code: reason.label.text(language) for code, reason in reasons.items()}
        if texts:
            value_labels[name] = texts
        missing[name] = list(reasons)
    return sav_bytes(plain, labels, value_labels, missing)
