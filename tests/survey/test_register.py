"""Register figures joined by organisation and year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swvtypes.errors import WaveError
from swvtypes.survey import Wave


@pytest.fixture
def register() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "organisation": ["VO01", "PO02", "PO01", "elsewhere", "PO01"],
            "year": [2016, 2016, 2016, 2016, 2015],
            "boards": [4, None, 12, 9, 11],
            "equalisation": [1.5, -2.25, None, 0.0, 3.0],
            "shrinkage": [None, -3.0, 0.5, None, 0.25],
        }
    )


def faults_of(wave: Wave, register: pd.DataFrame, year: int | None = None) -> tuple[str, ...]:
    with pytest.raises(WaveError) as caught:
        wave.join_register(register, year=year)
    assert caught.value.subject == "register"
    return caught.value.faults


def test_figures_follow_the_organisation(wave: Wave, register: pd.DataFrame) -> None:
    joined = wave.join_register(register)
    assert list(joined.frame)[-3:] == ["equalisation", "boards", "shrinkage"]
    frame, reasons = joined.frame, joined.reasons
    assert frame.loc[["PO01", "VO01"], "boards"].tolist() == [12, 4]
    assert str(frame["boards"].dtype) == "Int64"
    assert frame.loc["PO02", "equalisation"] == -2.25
    assert frame.loc["PO02", "boards"] is pd.NA
    assert reasons.loc["PO02", ["equalisation", "boards", "shrinkage"]].tolist() == [
        "",
        "blank",
        "",
    ]
    assert reasons.loc["PO03", ["boards", "shrinkage"]].tolist() == ["blank", "blank"]
    assert reasons.loc["VO01", ["boards", "shrinkage"]].tolist() == ["", "not_asked"]
    assert reasons.loc["VO05", ["boards", "shrinkage"]].tolist() == ["blank", "not_asked"]
    assert "elsewhere" not in frame.index
    assert joined.provenance["register"] == "register (2016)"
    pd.testing.assert_frame_equal(frame[list(wave.frame)], wave.frame)
    assert "boards" not in wave.frame


def test_another_year(wave: Wave, register: pd.DataFrame) -> None:
    frame = wave.join_register(register, year=2015).frame
    assert frame["boards"].dropna().to_dict() == {"PO01": 11}


def test_without_a_year_all_rows_are_of_the_year_asked(wave: Wave, register: pd.DataFrame) -> None:
    frame = register.iloc[:3].drop(columns="year").set_index("organisation")
    joined = wave.join_register(frame, year=2018)
    assert joined.frame.loc["PO01", "boards"] == 12
    assert joined.provenance["register"] == "register (2018)"


def test_from_a_file_and_in_parts(wave: Wave, register: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    register[["organisation", "year", "boards"]].to_csv(path, index=False)
    joined = wave.join_register(path).join_register(register.drop(columns="boards"))
    pd.testing.assert_frame_equal(joined.frame, wave.join_register(register).frame)


def test_of_one_sector(wave: Wave, register: pd.DataFrame) -> None:
    joined = wave.sector("po").join_register(register)
    pd.testing.assert_frame_equal(joined.frame, wave.join_register(register).sector("po").frame)


def test_all_faults_together(wave: Wave, register: pd.DataFrame) -> None:
    bad = register.astype(object)
    bad.loc[0, "boards"] = "many"
    bad.loc[0, "shrinkage"] = 2.0
    bad.loc[1, "boards"] = 1.5
    bad.loc[2, "equalisation"] = float("inf")
    bad.loc[4, "year"] = "last"
    bad["sector"] = ["po", "po", "po", "so", "po"]
    bad["synthetic"] = ["true", "maybe", "true", "true", "true"]
    bad["model"] = 1
    bad["height"] = 1
    assert faults_of(wave, bad) == (
        "column 'model': an answer to the survey, not a register figure",
        "column 'height': not in the codebook",
        "row 5, column 'year': expected a year, got 'last'",
        "organisation 'PO02' (row 2), column 'synthetic': expected true or false, got 'maybe'",
        "organisation 'VO01' (row 1), column 'sector': expected 'vo' as in the wave, got 'po'",
        "organisation 'PO01' (row 3), column 'equalisation': expected a finite number (a number), "
        "got inf",
        "organisation 'VO01' (row 1), column 'boards': expected a number "
        "(a whole number from 0), got 'many'",
        "organisation 'PO02' (row 2), column 'boards': expected a whole number "
        "(a whole number from 0), got 1.5",
        "organisation 'VO01' (row 1), column 'shrinkage': expected nothing, "
        "sector 'vo' was not asked, got 2",
    )


def test_ids(wave: Wave, register: pd.DataFrame) -> None:
    bad = register.assign(organisation=["PO01", " PO02", "PO01", None, "PO01"])
    assert faults_of(wave, bad) == (
        "organisation ' PO02' (row 2): expected an id without spaces around it",
        "row 4, column 'organisation': expected an id, found none",
        "organisation 'PO01': expected once, found 2 times (row 1, row 3)",
    )


def test_year_that_is_absent(wave: Wave, register: pd.DataFrame) -> None:
    assert faults_of(wave, register, 2012) == (
        "column 'year': expected rows of 2012, got 2015, 2016",
    )


def test_nobody_of_the_wave(wave: Wave, register: pd.DataFrame) -> None:
    assert faults_of(wave, register.assign(organisation=list("abcde"))) == (
        "expected organisations of the wave, found none of them",
    )


def test_no_figures(wave: Wave, register: pd.DataFrame) -> None:
    assert faults_of(wave, register[["organisation", "year"]]) == (
        "expected a column of register figures ('equalisation', 'boards', 'shrinkage'), found none",
    )


def test_no_rows_and_no_organisation(wave: Wave, register: pd.DataFrame) -> None:
    assert faults_of(wave, register.iloc[:0]) == ("expected at least one row, found none",)
    assert faults_of(wave, register.drop(columns="organisation"))[0] == (
        "column 'organisation': expected in the file, it is absent"
    )


def test_figures_that_the_wave_has(wave: Wave, register: pd.DataFrame) -> None:
    joined = wave.join_register(register[["organisation", "year", "boards"]])
    assert faults_of(joined, register) == ("column 'boards': the wave already has it",)
