"""Wave: what it holds, and that nothing changes it."""

from __future__ import annotations

import dataclasses
import pickle
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from survey_samples import write_csv

from swvtypes.errors import OptionError, WaveError
from swvtypes.survey import Codebook, Wave, read_wave

Rows = list[dict[str, str]]


def make(rows: Rows, codebook: Codebook, folder: Path) -> Wave:
    return read_wave(write_csv(folder / "made.csv", rows), codebook)


def test_shape_and_types(wave: Wave, codebook: Codebook) -> None:
    frame = wave.frame
    assert frame.index.name == "organisation"
    assert frame.columns[0] == "sector"
    assert list(frame.columns[1:]) == list(wave.variables)
    assert "remark" not in frame
    for name in wave.variables:
        continuous = codebook.variable(name).type == "continuous"
        assert str(frame[name].dtype) == ("Float64" if continuous else "Int64")
    assert len(wave) == wave.respondents() == 19
    assert (wave.name, wave.year) == ("sample", 2016)
    assert wave.provenance == {"source": "sample.csv", "synthetic": True, "seed": 7}
    assert wave.population == {"po": 14, "vo": 12}
    assert repr(wave) == "<Wave 'sample' (2016): 19 organisations, 18 variables>"


def test_cells_and_reasons(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"model": "1", "follow_up": "4", "trust_help": "99", "grade": "6.5"}
    rows[1] |= {"model": "2", "follow_up": "", "trust_help": "", "grade": ""}
    rows[2] |= {"model": "3", "follow_up": "", "steering": "99"}
    rows[3] |= {"model": "", "follow_up": "98"}
    wave = make(rows, codebook, tmp_path)
    frame, reasons = wave.frame, wave.reasons
    assert frame.loc["PO01", ["model", "follow_up", "grade"]].tolist() == [1, 4, 6.5]
    assert reasons.loc["PO01", ["model", "follow_up", "grade"]].tolist() == ["", "", ""]
    assert frame.loc["PO01", "trust_help"] is pd.NA
    assert reasons.loc["PO01", "trust_help"] == "dont_know"
    assert reasons.loc["PO02", ["follow_up", "trust_help", "grade"]].tolist() == ["blank"] * 3
    assert reasons.loc["PO03", ["follow_up", "steering"]].tolist() == ["routed_past", "dont_know"]
    assert reasons.loc["PO04", ["model", "follow_up"]].tolist() == ["blank", "not_applicable"]
    assert set(reasons.loc[frame["sector"] == "po", "admission"]) == {"not_asked"}
    assert set(reasons.loc[frame["sector"] == "vo", "admission"]) <= {"", "blank"}
    assert reasons.shape == (19, 18)
    pd.testing.assert_frame_equal(reasons.eq(""), frame[list(reasons)].notna())


def test_coded_keeps_declared_codes_only(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"model": "1", "follow_up": "4"}
    rows[1] |= {"model": "2", "follow_up": "99"}
    rows[2] |= {"model": "3", "follow_up": ""}
    rows[3] |= {"model": "3", "follow_up": "98"}
    coded = make(rows, codebook, tmp_path).coded("follow_up")
    assert str(coded.dtype) == "Int64"
    assert coded.iloc[:4].tolist() == [4, 99, pd.NA, 98]
    assert coded.index.name == "organisation"


def test_a_gate_routes_on_through_a_chain() -> None:
    from survey_samples import codebook_text, raw_codebook, variable

    raw = raw_codebook()
    raw["variables"] = [
        variable("first", "binary"),
        variable("second", "binary", gate={"variable": "first", "codes": [1]}),
        variable("third", "binary", gate={"variable": "second", "codes": [0]}),
    ]
    for kind in ("scales", "sets", "compositions"):
        raw[kind] = []
    book = Codebook.parse(codebook_text(raw))
    frame = pd.DataFrame(
        {
            "organisation": ["a", "b", "c", "d"],
            "sector": "po",
            "first": [0, 1, 1, None],
            "second": [None, 1, 0, None],
            "third": [None, None, 1, None],
        }
    )
    wave = Wave.from_frame(frame, book)
    assert wave.reasons["second"].tolist() == ["routed_past", "", "", "routed_past"]
    assert wave.reasons["third"].tolist() == ["routed_past", "routed_past", "", "routed_past"]


def test_nothing_changes_a_wave(wave: Wave) -> None:
    before = wave.frame
    reasons = wave.reasons
    changed = wave.frame
    changed.loc["PO01", "model"] = 3
    changed["pupils"].array[:] = 0
    changed["new"] = 1
    why = wave.reasons
    why.iloc[:, :] = "x"
    column = wave.column("pupils")
    column.array[:] = 0
    reason = wave.reason("model")
    reason.iloc[:] = "x"
    coded = wave.coded("pupils")
    coded.iloc[:] = 0
    log = wave.log
    log.loc[0] = ["x", "x", 0.0, 0.0]
    wave.provenance["seed"] = 99
    wave.population["po"] = 1
    weights = wave.survey_weight
    assert weights is not None
    weights.iloc[:] = 9.0
    synthetic = wave.synthetic
    assert synthetic is not None
    synthetic.iloc[:] = False
    pd.testing.assert_frame_equal(wave.frame, before)
    pd.testing.assert_frame_equal(wave.reasons, reasons)
    assert wave.log.empty
    assert wave.provenance["seed"] == 7
    assert wave.population["po"] == 14
    assert (wave.survey_weight != 9.0).all()
    assert wave.synthetic.all()
    with pytest.raises(dataclasses.FrozenInstanceError):
        wave.year = 1  # type: ignore[misc]


def test_a_sector_does_not_share_cells_with_its_wave(wave: Wave) -> None:
    part = wave.sector("po")
    before = part.frame
    part._frame["pupils"].array[:] = 0
    pd.testing.assert_frame_equal(wave.sector("po").frame, before)


def test_sector(wave: Wave, codebook: Codebook) -> None:
    part = wave.sector("vo")
    assert part.sectors == ("vo",)
    assert part.population == {"vo": 12}
    assert len(part) == part.respondents("vo") == wave.respondents("vo") == 9
    assert set(part.frame["sector"]) == {"vo"}
    assert list(part.frame) == list(wave.frame)
    assert part.codebook is codebook
    pd.testing.assert_frame_equal(part.frame, wave.frame[wave.frame["sector"] == "vo"])
    pd.testing.assert_frame_equal(part.reasons, wave.reasons.loc[part.frame.index])
    assert part.survey_weight is not None
    assert len(part.survey_weight) == 9
    for call in (part.sector, part.respondents):
        with pytest.raises(OptionError, match="sector: expected one of 'vo', got 'po'"):
            call("po")


def test_columns_by_name(wave: Wave) -> None:
    pd.testing.assert_series_equal(wave.column("model"), wave.frame["model"])
    pd.testing.assert_series_equal(wave.reason("model"), wave.reasons["model"])
    for call in (wave.column, wave.reason, wave.coded):
        with pytest.raises(OptionError, match="variable: expected one of 'model'"):
            call("modle")
        with pytest.raises(OptionError, match="variable: expected one that wave 'sample' has"):
            call("boards")


def test_marks_are_none_when_the_file_has_none(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    for row in rows:
        for mark in ("synthetic", "seed", "survey_weight"):
            del row[mark]
    wave = make(rows, codebook, tmp_path)
    assert wave.survey_weight is None
    assert wave.synthetic is None
    assert wave.provenance == {"source": "made.csv", "synthetic": False, "seed": None}


def test_marks(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"synthetic": "false", "survey_weight": "0,25"}
    wave = make(rows, codebook, tmp_path)
    assert wave.synthetic is not None
    assert wave.synthetic.tolist() == [False] + [True] * 18
    assert wave.survey_weight is not None
    assert wave.survey_weight.loc["PO01"] == 0.25
    assert wave.provenance["synthetic"] is True


def test_rescaled_rows_are_logged(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"budget_school": "40", "budget_pupil": "20", "budget_office": "20"}
    rows[1] |= {"budget_school": "40.4", "budget_pupil": "30", "budget_office": "30"}
    rows[2] |= {"budget_school": "", "budget_pupil": "", "budget_office": ""}
    wave = make(rows, codebook, tmp_path)
    parts = ["budget_school", "budget_pupil", "budget_office"]
    assert wave.frame.loc["PO01", parts].tolist() == [50, 25, 25]
    assert wave.frame.loc["PO02", parts].tolist() == [40.4, 30, 30]
    assert wave.reasons.loc["PO03", parts].tolist() == ["blank"] * 3
    assert wave.log.to_dict("records") == [
        {"organisation": "PO01", "what": "budget: rescaled", "before": 80.0, "after": 100.0}
    ]
    assert wave.sector("vo").log.empty
    assert len(wave.sector("po").log) == 1


def test_a_blank_part_beside_parts_that_add_up_stays_blank(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    rows[0] |= {"budget_school": "40", "budget_pupil": "", "budget_office": "60"}
    wave = make(rows, codebook, tmp_path)
    assert wave.frame.loc["PO01", "budget_pupil"] is pd.NA
    assert wave.frame.loc["PO01", ["budget_school", "budget_office"]].tolist() == [40, 60]
    assert wave.reasons.loc["PO01", "budget_pupil"] == "blank"
    assert wave.log.to_dict("records") == [
        {
            "organisation": "PO01",
            "what": "budget: partly blank but closed, kept",
            "before": 100.0,
            "after": 100.0,
        }
    ]


def test_tolerated_rows_are_logged(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"staff_own": "40", "staff_hired": "20"}
    rows[1] |= {"staff_own": "40", "staff_hired": ""}
    wave = make(rows, codebook, tmp_path)
    assert wave.frame.loc["PO01", ["staff_own", "staff_hired"]].tolist() == [40, 20]
    assert wave.log["what"].tolist() == ["staff: off the total, kept", "staff: partly blank, kept"]
    assert wave.log[["before", "after"]].to_numpy().tolist() == [[60, 60], [40, 40]]


def test_tolerance_is_a_closed_interval(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"time_inside": "50", "time_outside": "50.5"}
    assert make(rows, codebook, tmp_path).log.empty
    rows[0]["time_outside"] = "50.51"
    with pytest.raises(WaveError) as caught:
        make(rows, codebook, tmp_path)
    assert caught.value.faults == (
        "organisation 'PO01' (line 2), composition 'time': expected a total of 100 "
        "(give or take 0.5), got 100.51",
    )


def test_from_frame_takes_pandas_types(wave: Wave, codebook: Codebook) -> None:
    frame = wave.frame.assign(remark=True)
    frame["model"] = frame["model"].astype("Float64")
    again = Wave.from_frame(frame, codebook, name="again", year=2020)
    assert (again.name, again.year) == ("again", 2020)
    expected = wave.frame.drop(columns="remark", errors="ignore")
    expected.insert(list(again.frame).index("remark"), "remark", pd.array([1] * 19, dtype="Int64"))
    pd.testing.assert_frame_equal(again.frame, expected)


def test_from_frame_names_the_row(wave: Wave, codebook: Codebook) -> None:
    frame = wave.frame
    frame["grade"] = frame["grade"].astype(object)
    frame.loc["PO02", "grade"] = pd.Timestamp("2016-01-01")
    frame.loc["PO03", "grade"] = np.inf
    frame.loc["PO04", "grade"] = True
    with pytest.raises(WaveError) as caught:
        Wave.from_frame(frame, codebook, name="mine")
    assert caught.value.subject == "mine"
    start = "expected a number (a number from 1 to 10), got "
    assert caught.value.faults == (
        f"organisation 'PO02' (row 2), column 'grade': {start}Timestamp('2016-01-01 00:00:00')",
        "organisation 'PO03' (row 3), column 'grade': expected a finite number "
        "(a number from 1 to 10), got inf",
        f"organisation 'PO04' (row 4), column 'grade': {start}True",
    )


def test_from_frame_reads_numbers_of_any_make(codebook: Codebook, wave: Wave) -> None:
    frame = wave.frame
    frame["pupils"] = frame["pupils"].astype(object)
    frame.loc["PO01", "pupils"] = Decimal("12")
    frame.loc["PO02", "pupils"] = np.int16(13)
    frame["synthetic"] = [np.True_, 0, 1.0, False, *[True] * 15]
    again = Wave.from_frame(frame, codebook)
    assert again.frame["pupils"].iloc[:2].tolist() == [12, 13]
    assert again.synthetic is not None
    assert again.synthetic.tolist() == [True, False, True, False, *[True] * 15]
    frame.loc["PO01", "pupils"] = Decimal("NaN")
    frame.loc["PO02", "pupils"] = 10**400
    frame.loc["PO03", "pupils"] = Decimal("sNaN")
    frame.loc["PO04", "pupils"] = np.float32(0.5)
    with pytest.raises(WaveError) as caught:
        Wave.from_frame(frame, codebook)
    starts = [fault.split(", column 'pupils': ")[1][:36] for fault in caught.value.faults]
    assert starts == [
        "expected a finite number (a whole nu",
        "expected a finite number (a whole nu",
        "expected a number (a whole number fr",
        "expected a whole number (a whole num",
    ]
    assert caught.value.faults[3].endswith("got 0.5")


def test_a_wave_travels_between_processes(wave: Wave) -> None:
    again = pickle.loads(pickle.dumps(wave))
    pd.testing.assert_frame_equal(again.frame, wave.frame)
    assert again.codebook == wave.codebook
