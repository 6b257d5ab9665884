"""The printed record: its keys, its form, and the sums that must hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swvtypes import published, resources
from swvtypes.errors import RecordError
from swvtypes.published import record

# Columns in which the answers exclude one another, so that the parts add up to the printed whole.
EXCLUSIVE = (
    "Tabel 2.1",
    "Tabel 2.3",
    "Tabel 3.1",
    "Tabel 3.2",
    "Tabel 3.3",
    "Tabel 5.6",
    "Tabel 5.7",
    "Tabel 7.2",
    "Tabel 7.3",
)
BROKEN_SUMS = [("Tabel 7.2", "vo", "percent", 95.0)]


@pytest.fixture(scope="module")
def tables() -> pd.DataFrame:
    return published.load("monitor_2016_tables")


def test_every_cell_once(tables: pd.DataFrame) -> None:
    assert len(tables) == 1680
    assert not tables.duplicated(["locator", "row_no", "sector", "measure"]).any()


def test_keys_in_printed_order(tables: pd.DataFrame, contracts_dir: Path) -> None:
    keys = ["locator", "row_no", "sector", "measure"]
    expected = pd.read_csv(contracts_dir / "monitor_2016_tables.keys.csv")
    pd.testing.assert_frame_equal(
        tables[[*keys, "unit"]].astype(str), expected[[*keys, "unit"]].astype(str)
    )


def test_values_stand_as_printed(tables: pd.DataFrame) -> None:
    raw = pd.read_csv(
        resources.data_path("published", "monitor_2016_tables.csv"),
        dtype=str,
        keep_default_na=False,
    )
    digits = raw["value"].str.partition(".")[2].str.len()
    assert (digits == raw["decimals"].astype(int)).all()
    assert (raw.loc[raw["unit"] == "percent", "decimals"] == "0").all()
    assert set(tables["sector"]) == {"po", "vo"}


def test_sums_hold_or_are_listed(tables: pd.DataFrame) -> None:
    broken = []
    checked = 0
    percents = tables[(tables["unit"] == "percent") & (tables["row_no"] > 0)]
    for (place, sector, measure), column in percents.groupby(
        ["locator", "sector", "measure"], sort=False
    ):
        whole = column["value"].iloc[-1] == 100
        if not whole or not (place in EXCLUSIVE or place.startswith("Bijlage 2")):
            continue
        checked += 1
        parts = column["value"].iloc[:-1]
        if abs(parts.sum() - 100) > len(parts) * 0.5:
            broken.append((place, sector, measure, parts.sum()))
    assert checked == 48
    assert broken == BROKEN_SUMS


def test_counts_add_up_to_the_printed_total(tables: pd.DataFrame) -> None:
    counts = tables[(tables["measure"] == "count") & (tables["row_no"] > 0)]
    groups = list(counts.groupby(["locator", "sector"], sort=False))
    assert len(groups) == 30
    for place, column in groups:
        assert column["value"].iloc[:-1].sum() == column["value"].iloc[-1], place


def test_counts_and_percentages_of_the_appendix_agree(tables: pd.DataFrame) -> None:
    appendix = tables[tables["locator"].str.startswith("Bijlage 2")]
    wide = appendix[appendix["measure"].isin(["percent", "count"])].pivot_table(
        index=["locator", "row_no"], columns="measure", values="value"
    )
    both = wide.dropna()
    total = both.groupby("locator")["count"].transform("max")
    assert len(both) > 140
    assert (abs(100 * both["count"] / total - both["percent"]) <= 0.5).all()


def test_statement_grids_add_up_within_rounding(tables: pd.DataFrame) -> None:
    appendix = tables[tables["locator"].str.startswith("Bijlage 2")]
    grid = appendix[(appendix["unit"] == "percent") & (appendix["measure"] != "percent")]
    sums = grid.groupby(["locator", "row_no"])["value"].agg(["sum", "size"])
    assert len(sums) == 145
    assert (abs(sums["sum"] - 100) <= sums["size"] * 0.5).all()


def test_unknown_record_names_what_there_is() -> None:
    with pytest.raises(
        RecordError, match=r"expected a file nonsense\.csv; records found: .*tables"
    ):
        published.load("nonsense")


def test_without_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)
    assert published.available() == ()
    with pytest.raises(RecordError, match="records found: none"):
        published.load("monitor_2016_tables")


def test_all_faults_of_a_record_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x_tables.csv"
    path.write_text(
        "locator,row_no,row_label,sector,measure,value,decimals,unit,extra\n"
        "Tabel 1,1.5,a,po,percent,many,0,percent,\n"
        "Tabel 1,,a,po,percent,3,one,percent,\n"
    )
    with pytest.raises(RecordError) as caught:
        record.parse(path, "x_tables")
    assert caught.value.faults == (
        "column note: expected, absent",
        "column extra: unknown",
        "line 2, column row_no: expected a whole number, got '1.5'",
        "line 3, column row_no: expected a whole number, got ''",
        "line 2, column value: expected a number, got 'many'",
        "line 3, column decimals: expected a whole number, got 'one'",
    )


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x_tables.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordError, match="expected a CSV file in UTF-8"):
        record.parse(path, "x_tables")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("monitor_2016_text", 405),
        ("monitor_2016_marks", 438),
        ("inspectie_2022", 286),
        ("staat_2014", 48),
        ("typology_2014", 96),
    ],
)
def test_other_records_load_and_number_their_rows(name: str, rows: int) -> None:
    found = published.load(name)
    assert len(found) == rows
    if "id" in found:
        assert found["id"].is_unique
        numbers = found["id"].str[1:].astype(int)
        assert numbers.tolist() == list(range(1, rows + 1))


def test_text_statistics_are_of_known_kinds_and_sectors() -> None:
    text = published.load("monitor_2016_text")
    assert set(text["kind"]) <= {
        *("r", "F", "p", "mean", "sd", "median", "min", "max"),
        *("alpha", "effect_size", "percent", "count", "ns"),
    }
    assert set(text["sector"]) == {"po", "vo", "both"}
    without = text[text["value"].isna()]
    silent = without[(without["qualifier"] == "") & (without["kind"] != "ns")]
    assert silent.empty, "a row without a number prints words"


def test_r_stays_between_minus_one_and_one_and_p_is_a_probability() -> None:
    text = published.load("monitor_2016_text")
    assert text.loc[text["kind"] == "r", "value"].dropna().abs().max() <= 1
    p = pd.to_numeric(text.loc[text["p"] != "", "p"])
    assert len(p) > 30
    assert p.between(0, 1).all()


def test_inspectorate_shares_are_shares_of_something_named() -> None:
    found = published.load("inspectie_2022")
    assert ((found["subject"] != "") & (found["locator"] != "")).all()
    shares = found[(found["unit"] == "percent") & found["value"].notna()]
    assert shares["value"].between(0, 100).all()
    assert len(shares) > 150


HEADER = "locator,row_no,row_label,sector,measure,value,decimals,unit,note\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Tabel 1,1,a,po,percent,42.4,0,percent,\n", "42.4 has not the 0 decimals"),
        ("Tabel 1,1,a,po,percent,,0,percent,\n", "expected digits as printed, got ''"),
        ("Tabel 1,1,a,po,percent,4,,percent,\n", "expected 0 to 6, got ''"),
        ("Tabel 1,1,a,po,percent,4,400,percent,\n", "expected 0 to 6, got '400'"),
        ("Tabel 1,1.0,a,po,percent,4,0,percent,\n", "expected 0 or more, got '1.0'"),
        ("Tabel 1,-1,a,po,percent,4,0,percent,\n", "expected 0 or more, got '-1'"),
        ("Tabel 1,1,a,,percent,4,0,percent,\n", "column sector: expected a name, it is empty"),
        ("Tabel 1,1,a,po,percent,4,0,percent,\n" * 2, "line 3: the cell of line 2 again"),
        ("", "expected cells, found none"),
    ],
)
def test_cells_that_say_something_impossible_of_themselves(
    lines: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "x_tables.csv"
    path.write_text(HEADER + lines)
    with pytest.raises(RecordError) as caught:
        record.parse(path, "x_tables")
    assert any(said in fault for fault in caught.value.faults)
