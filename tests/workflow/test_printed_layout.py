"""Tables of a rebuilt wave in the layout of the printed report, opened again."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from swvtypes.survey import load_wave
from swvtypes.tables import load_tables
from swvtypes.workflow.describing_steps import tables
from swvtypes.workflow.plan import Notes


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    file = SimpleNamespace(previous="monitor_2016")
    specs = load_tables("monitor_2016")
    inputs = SimpleNamespace(tables=specs, file=file, folder=Path())
    work: Any = SimpleNamespace(
        wave=load_wave("monitor_2016", seed=1), inputs=inputs, language="en", notes=Notes("en")
    )
    return tables(work)


def test_every_printed_table_stands_on_the_sheet_of_its_chapter(files: dict[str, bytes]) -> None:
    table = pd.read_csv(io.BytesIO(files["tables.csv"]), dtype=str, keep_default_na=False)
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    titles = [
        str(row[0].value).split(":")[0]
        for sheet in book
        for row in sheet.iter_rows(max_col=1)
        if str(row[0].value).startswith(("Tabel", "Bijlage"))
    ]
    assert titles == list(dict.fromkeys(table["locator"]))
    assert len(book.sheetnames) > 3


def test_a_table_has_the_wave_and_the_printed_record_side_by_side(files: dict[str, bytes]) -> None:
    table = pd.read_csv(io.BytesIO(files["tables.csv"]), dtype=str, keep_default_na=False)
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(rows) if str(row[0]).startswith("Tabel 2.1:"))
    assert "(previous)" in rows[start + 2][2]
    part = table[table["locator"] == "Tabel 2.1"]
    first = part[part["row_no"] == "1"]
    assert rows[start + 3][0] == first["row_label"].iloc[0]
    wanted = [int(x) for pair in zip(first["shown"], first["previous"], strict=True) for x in pair]
    assert list(rows[start + 3][1 : 1 + len(wanted)]) == wanted
    filled = table[table["previous"] != ""]
    assert len(filled) > 1500
    assert (filled["shown"] == filled["previous"]).mean() > 0.9
