"""Reading records: any part may be absent, and every fault is named at once."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from audit_small import record, table, text

from swvtypes.auditing import audit, build_record, meaning_from
from swvtypes.auditing.meaning import cell_specs
from swvtypes.auditing.meaning_file import read_meaning
from swvtypes.errors import RecordError

TABLES = """locator,row_no,row_label,sector,measure,value,decimals,unit,note
T,0,base,a,n,52,0,count,
T,1,x,a,percent,18,0,percent,
"""
TEXT = """id,locator,sector,kind,var1,var2,value,decimals,df1,df2,p,n,qualifier,note
1,2.1,,F,x,y,1.29,2,2,120,0.049,,,
"""
MARKS = """locator,kind,subject,printed,note
1.1,heading,x,1.1,section
2.1,reference,x,section 3.4,
"""


@pytest.mark.parametrize(
    ("files", "checks"),
    [
        ({"tables.csv": TABLES}, ["grim"]),
        ({"text.csv": TEXT}, ["p_value"]),
        ({"marks.csv": MARKS}, ["reference"]),
        (
            {"tables.csv": TABLES, "text.csv": TEXT, "marks.csv": MARKS},
            ["grim", "p_value", "reference"],
        ),
        ({"text.csv": TEXT, "meaning.toml": "[respondents]\nall = 80\n"}, ["degrees_of_freedom"]),
    ],
)
def test_a_folder_with_any_part(tmp_path: Path, files: dict[str, str], checks: list[str]) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert sorted(audit(tmp_path)["check"]) == checks
    assert sorted(audit(str(tmp_path))["check"]) == checks


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"expected tables\.csv, text\.csv or marks\.csv"):
        audit(tmp_path)


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(RecordError, match=r"packaged records: .*inspectie_2022.*monitor_2016"):
        audit("monitor_2015")


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="expected a folder, got"):
        audit(tmp_path / "absent")


def test_absent_columns_are_all_named() -> None:
    frame = table("T|1|x|a|percent|18|percent").drop(columns=["unit", "decimals"])
    with pytest.raises(RecordError) as caught:
        build_record("r", {"tables": frame, "odd": frame}, meaning_from({}))
    assert set(caught.value.faults) == {
        "tables, column unit: expected, absent",
        "tables, column decimals: expected, absent",
        "part 'odd': expected one of tables, text, marks",
    }


def test_cells_and_ids_may_stand_once_only() -> None:
    row = "T|1|x|a|percent|18|percent"
    with pytest.raises(RecordError) as caught:
        record(tables=table(row, row), text=text({"id": "7"}, {"id": "7"}))
    assert caught.value.faults == (
        "cell T 1 a percent: appears more than once",
        "id 7: appears more than once",
    )


def test_a_number_that_is_none() -> None:
    frame = text({"kind": "F", "df1": "two"})
    with pytest.raises(RecordError, match=r"text, line 2: expected numbers where numbers stand"):
        record(text=frame)


def test_a_meaning_that_names_absent_places() -> None:
    meaning = {"variables": {"x": {"a": "T#9"}}, "same": [["1", "8"]]}
    with pytest.raises(RecordError) as caught:
        record(meaning, tables=table("T|1|x|a|percent|18|percent"), text=text({"id": "1"}))
    assert caught.value.faults == (
        "meaning: T row 9 is not in the tables",
        "meaning: statement 8 is not in the text",
    )


def test_a_meaning_of_absent_parts_is_no_fault() -> None:
    meaning = {"variables": {"x": {"a": "T#9"}}, "same": [["1", "8"]]}
    assert (
        record(
            meaning, marks=pd.DataFrame(columns=["locator", "kind", "subject", "printed", "note"])
        ).cells
        == ()
    )


def test_every_fault_of_a_meaning_is_named() -> None:
    content = {
        "schema": 2,
        "odd": 1,
        "respondents": {"a": "many"},
        "variables": {"x": {"a": "T 9"}},
        "complements": "x",
        "choice": [{"variable": "x"}],
        "linked": [{"table": "T", "kind": "guess", "source": {}, "rows": {}}],
        "scale": [
            {"variable": "s", "names": ["i"], "items": {"a": ["T#1", "T#2"]}},
            {"variable": "s", "names": ["i"], "items": {"a": ["T#1"]}, "negative": ["j"]},
        ],
        "range": [{"low": "1", "high": "2", "cells": ["T"]}],
        "arithmetic": [{"id": "1", "operation": "power", "of": []}],
        "same": {},
        "answers": [],
    }
    with pytest.raises(RecordError) as caught:
        meaning_from(content)
    faults = "\n".join(caught.value.faults)
    for expected in (
        "schema: expected 1, got 2",
        "odd: unknown entry",
        "respondents: expected a whole number above 0 for each sector",
        "variables.x: 'T 9': expected a locator, # and a row, such as 'Tabel 2.1#4'",
        "complements: expected a list of texts, got 'x'",
        "choice 1: source is absent",
        "linked 1: kind: expected one of choice, items, battery, got 'guess'",
        "scale 1: items.a: expected 1 items, got 2",
        "scale 2: negative: j is not among the names",
        "range 1: 'T': expected a locator, # and a row",
        "operation: expected one of sum, product, share, margin, covered, got 'power'",
        "same: expected a list, got {}",
        "answers: expected a table, got []",
    ):
        assert expected in faults
    assert len(caught.value.faults) == 13


def test_a_meaning_file_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "meaning.toml"
    path.write_text("respondents = ")
    with pytest.raises(RecordError, match=r"meaning\.toml: expected TOML in UTF-8"):
        read_meaning(path, "r")


def test_cell_specs() -> None:
    assert cell_specs("T 5.4#7-9:vo/percent") == ("T 5.4", range(7, 10), "vo", "percent")
    assert cell_specs("T#7") == ("T", range(7, 8), "", "")


def test_the_documented_template_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "audit_template.md").read_text()
    blocks = re.findall(r"^## (\S+)\n.*?```(?:toml)?\n(.*?)```", page, flags=re.S | re.M)
    files = {name: content for name, content in blocks if "." in name}
    assert set(files) == {"tables.csv", "text.csv", "marks.csv", "meaning.toml"}
    for name in ("tables.csv", "text.csv", "marks.csv"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    found = audit(tmp_path)
    assert set(found["check"]) == {"words", "reference"}
    (tmp_path / "meaning.toml").write_text(files["meaning.toml"], encoding="utf-8")
    assert read_meaning(tmp_path / "meaning.toml", "page").scales[0].variable == "satisfaction"


def test_faults_of_all_files_of_a_folder_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "tables.csv").write_text(
        TABLES + "T,2,y,a,percent,62.55,1,percent,\nT,3,z,a,percent,,0,percent,\n"
        "T,4,w,a,percent,62,,percent,\nT,5,v,a,percent,3.50,1,percent,\n",
        encoding="utf-8-sig",
    )
    (tmp_path / "text.csv").write_text(
        TEXT + "2,2.1,,Fvalue,x,y,4.1,1,2,40,0.05,,,\n3,2.1,,r,x,y,-0.2,1,,,n.s.,90,,\n"
        "4,2.1,,r,x,z,-0.2,1,,,<.05,-90,,\n5,2.1,,t,x,z,-2.1,1,,23.4,0.05,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "marks.csv").write_text(MARKS + "2.1,headng,x,2.1,section\n", encoding="utf-8")
    (tmp_path / "meaning.toml").write_text("[bogus]\nx = 1\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        audit(tmp_path)
    kinds = "r, F, t, chi2, chi-square, x2, p, mean, sd, median, min, max, alpha, effect_size, "
    marks = "heading, reference, reversed, scale_label, ranking, base, stray, missing_rule, "
    assert caught.value.faults == (
        "tables.csv: line 4: 62.55 has more than the 1 decimals that it says",
        "tables.csv: line 5, column value: expected a number, found none",
        "tables.csv: line 6, column decimals: expected 0 to 6, got ''",
        "text.csv: line 5, column n: expected a whole number from 0, got '-90'",
        f"text.csv: line 3, column kind: expected one of {kinds}percent, count, ns; got 'Fvalue'",
        "text.csv: line 4, column p: expected a number, with < or > before it where printed so; "
        "got 'n.s.'",
        f"marks.csv: line 4, column kind: expected one of {marks}reversed_absent; got 'headng'",
        "meaning.toml: bogus: unknown entry",
    )


def test_a_record_with_semicolons_says_so(tmp_path: Path) -> None:
    (tmp_path / "tables.csv").write_text(TABLES.replace(",", ";").replace("18", "18,5"))
    with pytest.raises(RecordError, match="expected commas between cells and a point in decimals"):
        audit(tmp_path)


def test_broken_degrees_of_freedom_are_read(tmp_path: Path) -> None:
    row = "1,2.1,,t,x,sex,2.50,2,,23.4,0.50,,,\n2,2.1,,F,x,school,9.50,2,2,30.6,0.50,,,\n"
    (tmp_path / "text.csv").write_text(TEXT.splitlines()[0] + "\n" + row, encoding="utf-8")
    (tmp_path / "meaning.toml").write_text("[respondents]\nall = 20\n", encoding="utf-8")
    found = audit(tmp_path).set_index("printed")["check"].to_dict()
    assert found["F = 9.50, p = 0.50"] == "p_value"
    assert "F(2,30)" not in found
