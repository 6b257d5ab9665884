"""The shipped rows of the 2016 monitor beside its printed record."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from swvtypes import published
from swvtypes.reproduction import Inputs, Reproduction, gather, reproduce
from swvtypes.rounding import half_up
from swvtypes.survey import available_seeds

KEY = ["locator", "row_no", "sector", "measure"]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    assert len(available_seeds("monitor_2016")) >= 20
    return gather("monitor_2016")


@pytest.fixture(scope="module")
def shipped(inputs: Inputs) -> Reproduction:
    return reproduce(inputs=inputs)


def test_nothing_is_missed_and_nearly_everything_is_reproduced(shipped: Reproduction) -> None:
    verdicts = shipped.cells["verdict"].value_counts()
    assert len(shipped.cells) == 1680
    assert verdicts.get("missed", 0) == 0
    assert verdicts["reproduced"] >= 1640
    assert (shipped.cells["reason"].str.len() > 20).all()
    assert (shipped.cells["reason_nl"].str.len() > 20).all()


def test_cells_keep_the_order_and_the_keys_of_the_record(shipped: Reproduction) -> None:
    record = published.load("monitor_2016_tables")
    pd.testing.assert_frame_equal(shipped.cells[KEY], record[KEY], check_dtype=False)
    pd.testing.assert_series_equal(shipped.cells["printed"], record["value"], check_names=False)


def test_reproduced_means_equal_after_rounding_half_up(shipped: Reproduction) -> None:
    for line in shipped.cells[shipped.cells["verdict"] == "reproduced"].itertuples():
        printed = half_up(line.printed, line.decimals)
        for value in (line.computed, line.lowest, line.highest):
            assert half_up(value, line.decimals) == printed, line
        assert line.seeds_agreeing == len(shipped.seeds)


@pytest.mark.parametrize(
    ("key", "verdict", "clause"),
    [
        (("Tabel 2.1", 6, "po", "percent"), "impossible", "7% needs a base out of"),
        (("Tabel 2.2", 0, "po", "n"), "contradicted", "Bijlage 2 po Q3, row 4"),
        (("Tabel 2.2", 3, "vo", "count"), "contradicted", "columns po and vo of this table are"),
        (("Tabel 5.5", 3, "po", "percent_extra"), "impossible", "No count of 65 gives 59%"),
        (("Tabel 7.2", 4, "vo", "percent"), "contradicted", "Bijlage 2 vo Q13, row 4, vo"),
        (("Tabel 7.5", 2, "vo", "percent"), "impossible", "section 7.3 prints 10%"),
    ],
)
def test_known_misprints_are_found_by_the_general_checks(
    shipped: Reproduction, key: tuple[object, ...], verdict: str, clause: str
) -> None:
    found = shipped.cells.set_index(KEY).loc[key]
    assert found["verdict"] == verdict
    assert clause in found["reason"]


def test_chapter_tables_are_derived_and_appendices_are_targets(shipped: Reproduction) -> None:
    roles = shipped.cells.groupby("locator")["role"].agg(lambda role: "/".join(sorted(set(role))))
    for locator in ("2.2", "2.3", "2.6", "3.2", "3.4", "4.2", "5.1", "5.6", "6.2", "7.1", "7.4"):
        assert roles[f"Tabel {locator}"] == "derived"
    for locator in ("Bijlage 1 Consensus", "Bijlage 2 po Q7", "Tabel 3.6", "Tabel 7.5"):
        assert roles[locator] == "target"
    assert "free" not in set(shipped.cells["role"])


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        (("Tabel 5.1", 1, "po", "percent"), 41.0),
        (("Tabel 6.2", 3, "po", "percent"), 40.0),
        (("Tabel 5.6", 4, "vo", "percent_extra"), 35.0),
        (("Bijlage 2 vo Q7", 3, "vo", "count"), 20.0),
        (("Bijlage 2 po Q27", 6, "po", "deels_niet_deels_wel"), 33.0),
    ],
)
def test_one_changed_value_of_the_record_changes_that_verdict_and_no_computed_value(
    inputs: Inputs, shipped: Reproduction, key: tuple[object, ...], printed: float
) -> None:
    record = inputs.record.copy()
    here = record[KEY].apply(tuple, axis=1) == key
    assert here.sum() == 1
    record.loc[here, "value"] = printed
    changed = reproduce(inputs=replace(inputs, record=record))
    before = shipped.cells.loc[here, "verdict"].item()
    after = changed.cells.loc[here, "verdict"].item()
    assert before == "reproduced"
    assert after in {"impossible", "contradicted"}
    pd.testing.assert_series_equal(shipped.cells["computed"], changed.cells["computed"])
    others = shipped.cells.loc[~here, "verdict"] != changed.cells.loc[~here, "verdict"]
    assert not others.any()
