"""Tables of a rebuilt wave in the layout of the printed report, opened again."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from swvtypes.survey import Wave, load_wave
from swvtypes.tables import load_tables, parse_tables
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


OWN = """
schema_version = 1
id = "mine"
codebook = "monitor_2016"
title = {nl = "Mijn", en = "Mine"}
chapters = [{id = "1", label = {nl = "Een", en = "One"}}]
[[tables]]
locator = "Tabel 2.2"
chapter = "1"
kind = "distribution"
title = {nl = "Reserves", en = "Reserves"}
variable = "reserves"
columns = [{measure = "percent"}]
rows = [{no = 1, codes = [1]}]
"""


def _work(previous: str, wave: Any, language: str = "nl", folder: Path = Path()) -> Any:
    inputs = SimpleNamespace(
        tables=parse_tables(OWN), file=SimpleNamespace(previous=previous), folder=folder
    )
    return SimpleNamespace(wave=wave, inputs=inputs, language=language, notes=Notes(language))  # type: ignore[arg-type]


def test_figures_of_other_tables_never_stand_beside_these() -> None:
    work = _work("monitor_2016", load_wave("monitor_2016", seed=1))
    table = pd.read_csv(io.BytesIO(tables(work)["tables.csv"]), keep_default_na=False)
    assert (table["previous"] == "").all()
    assert work.notes.rows == [
        (
            "vorige golf",
            "de gedrukte cijfers horen bij de tabellen 'monitor_2016'; deze tabellen zijn andere",
        )
    ]


@pytest.mark.parametrize(("statistic", "beside"), [("percent", "41"), ("count", "")])
def test_an_earlier_run_gives_figures_of_the_same_statistic(
    tmp_path: Path, statistic: str, beside: str
) -> None:
    (tmp_path / "run" / "tables").mkdir(parents=True)
    for sector in ("po",):
        row = f"Tabel 2.2,1,{sector},percent,{statistic},41"
        text = f"locator,row_no,sector,measure,statistic,shown\n{row}\n"
        (tmp_path / "run" / "tables" / "tables.csv").write_text(text)
    work = _work("run", load_wave("monitor_2016", seed=1), folder=tmp_path)
    table = pd.read_csv(io.BytesIO(tables(work)["tables.csv"]), dtype=str, keep_default_na=False)
    assert table.set_index("sector").loc["po", "previous"] == beside


def test_a_weighted_table_says_so_below_it() -> None:
    wave = load_wave("monitor_2016", seed=1)
    frame = wave.frame.reset_index().assign(survey_weight=1.5)
    frame["synthetic"] = True
    weighted = Wave.from_frame(frame, wave.codebook)
    book = openpyxl.load_workbook(io.BytesIO(tables(_work("run", weighted))["tables.xlsx"]))
    last = [row[0] for row in book.active.iter_rows(values_only=True) if row[0]][-1]
    assert last.endswith("; percentages en gemiddelden gewogen, aantallen niet")
    plain = openpyxl.load_workbook(io.BytesIO(tables(_work("run", wave, "en"))["tables.xlsx"]))
    assert not any("weighted" in str(row[0]) for row in plain.active.iter_rows(values_only=True))
