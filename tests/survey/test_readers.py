"""Readers: every format, separator, decimal sign and encoding; files that are none of them."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from survey_samples import as_sheet, codebook_text, csv_text, raw_codebook, write_csv, write_xlsx

from swvtypes.errors import CodebookError, MissingExtraError, WaveError
from swvtypes.survey import Codebook, Wave, file_faults, read_wave, write_wave
from swvtypes.survey.readers import read_raw
from swvtypes.survey.spss import read_sav_dictionary

Rows = list[dict[str, str]]
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def same(first: Wave, second: Wave) -> None:
    pd.testing.assert_frame_equal(first.frame, second.frame)
    pd.testing.assert_frame_equal(first.reasons, second.reasons)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_csv_of_every_kind(
    wave: Wave,
    rows: Rows,
    codebook: Codebook,
    tmp_path: Path,
    separator: str,
    comma: bool,
    encoding: str,
    ends: str,
) -> None:
    rows[0]["organisation"] = "Één"
    for row in rows:
        if comma:
            row["grade"] = row["grade"].replace(".", ",")
            row["survey_weight"] = row["survey_weight"].replace(".", ",")
    text = csv_text(as_sheet(rows), separator).replace("\n", ends)
    path = tmp_path / "kind.CSV"
    path.write_bytes(text.encode(encoding))
    found = read_wave(path, codebook)
    assert found.frame.index[0] == "Één"
    pd.testing.assert_frame_equal(
        found.frame.reset_index(drop=True), wave.frame.reset_index(drop=True)
    )


def test_empty_lines_and_rows_are_left_out(
    wave: Wave, rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    sheet = as_sheet(rows)
    text = csv_text([*sheet[:3], [" "] * len(sheet[0]), *sheet[3:]]) + "\n\n" + "," * 10
    path = tmp_path / "gaps.csv"
    path.write_text("\n" + text)
    same(read_wave(path, codebook), wave)


def test_line_numbers_count_the_lines_of_the_file(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    rows[4]["model"] = "8"
    lines = csv_text(as_sheet(rows)).splitlines()
    path = tmp_path / "gaps.csv"
    path.write_text("\n".join([*lines[:3], "", *lines[3:]]))
    with pytest.raises(WaveError, match=r"organisation 'PO05' \(line 7\), column 'model'"):
        read_wave(path, codebook)


def test_numbers_as_ids_and_user_missing_codes_in_sav(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    import pyreadstat

    rows[0] |= {"model": "99", "follow_up": ""}
    frame = pd.DataFrame(rows).replace({"": None, "true": "1"})
    for name in frame.columns.drop(["organisation", "sector"]):
        frame[name] = frame[name].astype(float)
    frame["organisation"] = [2800.0 + n for n in range(len(frame))]
    path = tmp_path / "real.sav"
    pyreadstat.write_sav(frame, str(path), missing_ranges={"model": [99]})
    wave = read_wave(path, codebook)
    assert wave.frame.index[:2].tolist() == ["2800", "2801"]
    assert wave.reasons["model"].iloc[0] == "dont_know"
    assert wave.coded("model").iloc[0] == 99
    assert wave.synthetic is not None
    assert wave.synthetic.all()


def test_typed_cells_of_xlsx(rows: Rows, codebook: Codebook, tmp_path: Path, wave: Wave) -> None:
    def typed(name: str, text: str) -> object:
        if name in ("organisation", "sector"):
            return text
        if name == "synthetic":
            return text == "true"
        if name in ("service_none", "service_advice", "service_training"):
            return text == "1"
        return float(text) if "." in text else (int(text) if text else None)

    sheet = [list(rows[0]), *([typed(k, v) for k, v in row.items()] for row in rows)]
    sheet += [[None] * len(sheet[0])] * 3
    same(read_wave(write_xlsx(tmp_path / "typed.xlsx", sheet), codebook), wave)


def test_formatted_but_empty_cells_of_xlsx_are_no_columns(
    rows: Rows, codebook: Codebook, tmp_path: Path, wave: Wave
) -> None:
    import openpyxl

    path = write_xlsx(tmp_path / "wide.xlsx", as_sheet(rows))
    book = openpyxl.load_workbook(path)
    book.active.cell(40, 60).number_format = "0.00"
    book.save(path)
    same(read_wave(path, codebook), wave)


def test_parquet_with_organisation_as_index(wave: Wave, codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "index.parquet"
    frame = wave.frame
    for name in wave.variables:
        frame[name] = wave.coded(name)
    frame.to_parquet(path)
    same(read_wave(path, codebook), wave)


def faults_of(path: Path, codebook: Codebook) -> tuple[str, ...]:
    with pytest.raises(WaveError) as caught:
        read_wave(path, codebook)
    assert caught.value.subject == path.name
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\n \r\n", "the file is empty"),
        ("a.csv", b"organisation\0,sector", "expected text, found null bytes"),
        ("a.csv", b'"organisation', "line 1: the line cannot be taken apart: unexpected end"),
        ("a.sav", b"", "the file is empty"),
        ("a.sav", b"no spss", "no valid .sav file: "),
        ("a.xlsx", b"no zip", "no valid .xlsx file: File is not a zip file (BadZipFile)"),
        ("a.parquet", b"no parquet, not at all", "no valid .parquet file: "),
        ("a.docx", b"x", "expected a file that ends in .csv, .sav, .xlsx, .parquet, got '.docx'"),
        ("a", b"x", "expected a file that ends in .csv, .sav, .xlsx, .parquet, got ''"),
    ],
)
def test_no_data_file(
    name: str, content: bytes, message: str, codebook: Codebook, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    faults = faults_of(path, codebook)
    assert len(faults) == 1
    assert faults[0].startswith(message)
    assert file_faults(path) == faults


def test_absent_file_and_folder(codebook: Codebook, tmp_path: Path) -> None:
    for suffix in (".csv", ".sav", ".xlsx", ".parquet"):
        (fault,) = faults_of(tmp_path / f"nowhere{suffix}", codebook)
        assert fault == "the file cannot be read: No such file or directory"
        folder = tmp_path / f"folder{suffix}"
        folder.mkdir()
        (fault,) = faults_of(folder, codebook)
        assert fault == "the file cannot be read: Is a directory"


def test_empty_workbook(codebook: Codebook, tmp_path: Path) -> None:
    assert faults_of(write_xlsx(tmp_path / "none.xlsx", []), codebook) == (
        "the first sheet is empty",
    )


def test_a_header_alone(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text(",".join(rows[0]))
    assert faults_of(path, codebook) == ("expected at least one row of answers, found none",)


def test_damaged_sav_does_not_end_the_process(
    wave: Wave, codebook: Codebook, tmp_path: Path
) -> None:
    """A byte in the dictionary that makes the SPSS library itself break off."""
    path = tmp_path / "damaged.sav"
    write_wave(wave, path)
    content = bytearray(path.read_bytes())
    content[176:] = bytes(255 - byte for byte in content[176:])
    path.write_bytes(bytes(content))
    (fault,) = faults_of(path, codebook)
    assert fault.startswith("no valid .sav file: ")


def test_a_library_that_breaks_off_is_a_fault(
    wave: Wave, codebook: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from swvtypes.survey import spss

    program = tmp_path / "breaks.py"
    program.write_text("import os, sys\nprint('oh', file=sys.stderr, flush=True)\nos.abort()\n")
    monkeypatch.setattr(spss, "_PROGRAM", program)
    path = tmp_path / "wave.sav"
    write_wave(wave, path)
    assert faults_of(path, codebook)[0].startswith("no valid .sav file: the SPSS library broke off")
    program.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(spss, "_PATIENCE", 0.2)
    assert "did not end within 0.2 s" in faults_of(path, codebook)[0]


@pytest.mark.parametrize(
    ("suffix", "library"), [("sav", "pyreadstat"), ("xlsx", "openpyxl"), ("parquet", "pyarrow")]
)
def test_a_library_that_is_absent_names_the_extra(
    wave: Wave,
    codebook: Codebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    library: str,
) -> None:
    path = tmp_path / f"wave.{suffix}"
    write_wave(wave, path)
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    for call in (lambda: read_wave(path, codebook), lambda: write_wave(wave, path)):
        with pytest.raises(MissingExtraError) as caught:
            call()
        assert library in str(caught.value)
        assert str(caught.value).endswith('not installed: pip install "swvtypes[spss]"')
        assert f"reading and writing .{suffix} files needs" in str(caught.value)
        assert isinstance(caught.value, ImportError)


@FOLDER
@given(st.binary(max_size=200), st.sampled_from([".csv", ".xlsx", ".parquet"]))
def test_any_bytes_are_one_error(
    codebook: Codebook, tmp_path: Path, content: bytes, suffix: str
) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)
    with pytest.raises(WaveError):
        read_wave(path, codebook)


@FOLDER
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_behind_a_header_is_one_error(
    codebook: Codebook, tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(f"organisation,sector,model\n{text}".encode(encoding, "surrogatepass"))
    with pytest.raises(WaveError) as caught:
        read_wave(path, codebook)
    faults = caught.value.faults
    if "\0" in text:
        assert faults == ("expected text, found null bytes",)
    else:
        assert "column 'pupils': expected in the file, it is absent" in faults


@FOLDER
@given(st.lists(st.text(max_size=6) | st.none() | st.floats() | st.integers(), max_size=8))
def test_any_cells_of_a_frame_are_a_wave_or_one_error(codebook: Codebook, cells: list) -> None:
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name in codebook.variables})
    frame["organisation"] = frame["sector"] = pd.Series(cells, dtype=object)
    with pytest.raises(WaveError):
        Wave.from_frame(frame, codebook)


def test_file_faults(rows: Rows, tmp_path: Path) -> None:
    assert file_faults(write_csv(tmp_path / "sound.csv", rows)) == ()
    rows[0]["organisation"] = rows[1]["organisation"]
    rows[2]["sector"] = ""
    rows[3]["survey_weight"] = "-1"
    sheet = as_sheet(rows)
    sheet[0][6] = sheet[0][5]
    path = tmp_path / "bad.csv"
    path.write_text(csv_text(sheet))
    assert file_faults(path) == (
        "column 'model': expected once, found 2 times",
        "organisation 'PO02': expected once, found 2 times (line 2, line 3)",
        "organisation 'PO03' (line 4), column 'sector': expected a sector, found none",
        "organisation 'PO04' (line 5), column 'survey_weight': expected a weight above 0, got -1",
    )
    path.write_text("a,b\n")
    assert file_faults(path) == (
        "column 'organisation': expected in the file, it is absent",
        "column 'sector': expected in the file, it is absent",
        "expected at least one row of answers, found none",
    )


def test_raw_cells_are_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text('a,a\n1,"x, y"\n')
    table = read_raw(path)
    assert table.columns == ("a", "a")
    assert table.cells == (["1"], ["x, y"])
    assert (table.lines, table.unit, table.faults) == ((2,), "line", ())


def workbook(path: Path, rows: Rows, formulas: dict[tuple[int, str], str], xml: str) -> Path:
    """A workbook with formulas; `xml` is what stands in the place of their saved results."""
    header = list(rows[0])
    sheet: list[list[object]] = [list(line) for line in as_sheet(rows)]
    for (row, name), formula in formulas.items():
        sheet[row][header.index(name)] = formula
    plain = write_xlsx(path.with_name("plain.xlsx"), sheet)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.namelist():
            text = old.read(item)
            if item == "xl/worksheets/sheet1.xml":
                start, end = xml.split("...")
                pattern = rb'<c r="(\w+)"(?: t="\w*")?><f>([^<]*)</f><v ?/?>(?:</v>)?</c>'
                put = f'<c r="\\1"{start}><f>\\2</f>{end}</c>'.encode()
                text, count = re.subn(pattern, put, text)
                assert count == len(formulas)
            new.writestr(item, text)
    return path


def test_formulas_without_a_saved_result(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    formulas = {(2, "pupils"): "=5+5", (4, "grade"): "=SUM(A1:A2)"}
    path = workbook(tmp_path / "formulas.xlsx", rows, formulas, "...<v></v>")
    faults = (
        "organisation 'PO02' (row 3), column 'pupils': expected a value, got the formula '=5+5' "
        "without a saved result (open the file in a spreadsheet program and save it)",
        "organisation 'PO04' (row 5), column 'grade': expected a value, got the formula "
        "'=SUM(A1:A2)' without a saved result (open the file in a spreadsheet program and save it)",
    )
    assert faults_of(path, codebook) == faults
    assert file_faults(path) == faults


def test_formulas_without_a_result_in_ids_and_in_the_header(rows: Rows, tmp_path: Path) -> None:
    formulas = {(0, "grade"): "=1", (3, "organisation"): "=A1"}
    path = workbook(tmp_path / "ids.xlsx", rows, formulas, "...")
    faults = file_faults(path)
    number = list(rows[0]).index("grade") + 1
    assert faults[0].startswith(f"row 1, column number {number}: expected a value, got the formula")
    assert faults[1].startswith("row 4, column 'organisation': expected a value, got the formula")


def test_formulas_with_a_saved_result(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    formulas = {(2, "pupils"): "=5+5"}
    path = workbook(tmp_path / "number.xlsx", rows, formulas, "...<v>10</v>")
    assert read_wave(path, codebook).frame.loc["PO02", "pupils"] == 10
    path = workbook(tmp_path / "empty.xlsx", rows, formulas, ' t="str"...<v></v>')
    assert read_wave(path, codebook).reasons.loc["PO02", "pupils"] == "blank"


def test_an_array_formula_without_a_saved_result(rows: Rows, tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.worksheet.formula import ArrayFormula

    path = write_xlsx(tmp_path / "array.xlsx", as_sheet(rows))
    book = openpyxl.load_workbook(path)
    column = list(rows[0]).index("pupils") + 1
    book.active.cell(2, column).value = ArrayFormula("A1", "=SUM(A1:A2*2)")
    book.save(path)
    (fault,) = file_faults(path)
    assert "organisation 'PO01' (row 2), column 'pupils'" in fault
    assert "the formula '=SUM(A1:A2*2)' without" in fault


@pytest.mark.parametrize("text", ["1,000", "1.000", " 12.345 ", "0,000", "99.000"])
def test_counts_with_a_sign_between_thousands(
    text: str, rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    rows[0]["steering"] = rows[1]["pupils"] = text
    assert faults_of(write_csv(tmp_path / "counts.csv", rows), codebook) == (
        "organisation 'PO01' (line 2), column 'steering': expected a whole number without "
        f"separators (a whole number from 1 to 10 or 99), got {text.strip()}",
        "organisation 'PO02' (line 3), column 'pupils': expected a whole number without "
        f"separators (a whole number from 0), got {text.strip()}",
    )


def test_decimals_that_cannot_be_thousands(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[0] |= {"pupils": "7.0", "grade": "6.125"}
    rows[1] |= {"pupils": "1000", "grade": "6,125"}
    frame = read_wave(write_csv(tmp_path / "fine.csv", rows), codebook).frame
    assert frame["pupils"].iloc[:2].tolist() == [7, 1000]
    assert frame["grade"].iloc[:2].tolist() == [6.125, 6.125]


@pytest.mark.parametrize(
    ("one", "other", "fault"),
    [
        ("12,5", "1.234", "1.234"),
        ("12.5", "1,234", "1,234"),
        ("0,125", "12.500", "12.500"),
        ("1.234", "2.345", None),
        ("12,5", "1234,567", None),
        ("12,5", "0.125", None),
        ("12,5", "1.2345", None),
    ],
)
def test_thousands_are_not_read_as_decimals(
    one: str, other: str, fault: str | None, rows: Rows, tmp_path: Path
) -> None:
    raw = raw_codebook()
    (grade,) = [entry for entry in raw["variables"] if entry["id"] == "grade"]
    del grade["minimum"], grade["maximum"]
    free = Codebook.parse(codebook_text(raw))
    for row in rows:
        row["grade"] = ""
    rows[0]["grade"], rows[1]["grade"] = one, other
    path = write_csv(tmp_path / "mixed.csv", rows)
    if fault is None:
        assert read_wave(path, free).frame["grade"].iloc[1] == float(other.replace(",", "."))
    else:
        assert faults_of(path, free) == (
            f"organisation 'PO02' (line 3), column 'grade': expected a number without separators "
            f"(a number), got {fault}",
        )


def test_quotes_and_euros_of_windows_are_read(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    rows[0]["organisation"] = "\u2019s-Gravenhage €"
    path = tmp_path / "windows.csv"
    path.write_bytes(csv_text(as_sheet(rows)).encode("cp1252"))
    assert read_wave(path, codebook).frame.index[0] == "\u2019s-Gravenhage €"
    path.write_bytes(
        csv_text(as_sheet(rows)).replace("\u2019s", "\x81s").replace("€", "é").encode("latin-1")
    )
    assert read_wave(path, codebook).frame.index[0] == "\x81s-Gravenhage é"


def test_dates_of_spss_are_no_numbers(rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(rows).replace({"": None, "true": "1"})
    for name in frame.columns.drop(["organisation", "sector"]):
        frame[name] = frame[name].astype(float)
    frame["pupils"] = pd.Timestamp("2026-03-05")
    frame.loc[1, "pupils"] = None
    path = tmp_path / "dates.sav"
    pyreadstat.write_sav(frame, str(path))
    found = faults_of(path, codebook)
    assert len(found) == len(frame) - 1
    assert found[0] == (
        "organisation 'PO01' (row 1), column 'pupils': expected a number (a whole number from 0), "
        "got datetime.datetime(2026, 3, 5, 0, 0)"
    )


@pytest.mark.parametrize("other", ["po01", "Po01", "PO\u200b01", "\ufeffPO01", "p\u2060o01"])
def test_ids_that_look_alike(other: str, rows: Rows, codebook: Codebook, tmp_path: Path) -> None:
    rows[3]["organisation"] = other
    path = write_csv(tmp_path / "alike.csv", rows)
    fault = (
        f"organisations 'PO01', {other!r}: expected ids that differ in more than case or "
        "invisible characters (line 2, line 5)"
    )
    assert faults_of(path, codebook) == (fault,)
    assert file_faults(path) == (fault,)


@pytest.mark.parametrize("path", [None, 3, b"a.csv", {}])
def test_no_path(path: Any, codebook: Codebook) -> None:
    with pytest.raises(WaveError) as caught:
        read_wave(path, codebook)
    assert caught.value.faults == (f"expected a path, got {path!r}",)


@pytest.mark.parametrize("book", [None, 3, {}])
def test_no_codebook(book: Any, rows: Rows, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "fine.csv", rows)
    with pytest.raises(CodebookError) as caught:
        read_wave(path, book)
    assert caught.value.faults == (f"expected a Codebook or the path of one, got {book!r}",)
    with pytest.raises(CodebookError) as caught:
        Wave.from_frame(pd.DataFrame(rows), book)
    assert caught.value.faults == (f"expected a Codebook, got {book!r}",)


def test_no_frame(codebook: Codebook) -> None:
    frame: Any = {"organisation": ["PO01"]}
    with pytest.raises(WaveError) as caught:
        Wave.from_frame(frame, codebook)
    assert caught.value.faults == (f"expected a pandas DataFrame, got {frame!r}",)


def test_multiple_response_sets_that_a_sav_file_declares(tmp_path: Path) -> None:
    path = sav_with_sets(tmp_path / "sets.sav", "$services=D1 1 8 Diensten s1 s2\n")
    found = read_sav_dictionary(path)
    assert found["sets"]["services"]["variable_list"] == ["s1", "s2"]
    assert found["sets"]["services"]["label"] == "Diensten"
    assert found["labels"]["s1"] == "Advies"
    assert read_raw(path).column("s2") == [1.0, 1.0, 0.0, 0.0]


def sav_with_sets(path: Path, sets: str) -> Path:
    """Write a .sav file and put the record of multiple-response sets into its dictionary."""
    import struct

    import pyreadstat

    frame = pd.DataFrame(
        {
            "organisation": ["a", "b", "c", "d"],
            "sector": ["po"] * 4,
            "s1": [0.0, 1.0, 0.0, 1.0],
            "s2": [1.0, 1.0, 0.0, 0.0],
        }
    )
    pyreadstat.write_sav(frame, str(path), column_labels={"s1": "Advies", "s2": "Scholing"})
    content = path.read_bytes()
    end = content.index(struct.pack("<ii", 999, 0))
    record = struct.pack("<iiii", 7, 7, 1, len(sets.encode())) + sets.encode()
    path.write_bytes(content[:end] + record + content[end:])
    return path


def test_dates_and_times_in_xlsx_are_named_as_they_came(
    rows: Rows, codebook: Codebook, tmp_path: Path
) -> None:
    import datetime

    sheet: list[list[Any]] = as_sheet(rows)
    sheet[3][sheet[0].index("grade")] = datetime.datetime(2026, 3, 1)
    sheet[5][sheet[0].index("pupils")] = datetime.time(7, 30)
    faults = faults_of(write_xlsx(tmp_path / "dates.xlsx", sheet), codebook)
    assert len(faults) == 2
    assert "column 'grade': expected a number" in faults[1]
    assert "got datetime.datetime(2026, 3, 1" in faults[1]
    assert "(row 6), column 'pupils'" in faults[0]
