"""Every verdict and role on a made-up report, and what one planted change does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from choirs import FITTED, PRINT, as_record, as_targets, as_text, make_wave

from swvtypes.reproduction import Inputs, Reproduction, reproduce
from swvtypes.survey import Codebook, Wave
from swvtypes.tables import TableSet, parse_tables

Compare = Callable[..., Reproduction]
Key = tuple[str, int, str, str]


def cell(result: Reproduction, key: Key) -> pd.Series:
    cells = result.cells.set_index(["locator", "row_no", "sector", "measure"])
    return cells.loc[key]


def test_a_sound_print_is_reproduced_and_roles_are_told(compare: Compare) -> None:
    result = compare()
    assert result.by_role().loc["target"].to_dict() == {
        "cells": 20, "reproduced": 20, "impossible": 0, "contradicted": 0, "undetermined": 0,
        "missed": 0,
    }  # fmt: skip
    assert result.by_role().loc["derived", "reproduced"] == 7
    assert result.by_role().loc["free", "undetermined"] == 1
    assert list(result.by_chapter().index) == ["1", "a"]
    assert result.totals["cells"].sum() == len(PRINT)
    assert result.totals.iloc[0].to_dict() == {
        "chapter": "1", "role": "target", "verdict": "reproduced", "cells": 3
    }  # fmt: skip
    target = cell(result, ("Annex 1", 1, "old", "count"))
    assert "agreement is circular" in target["reason"]
    assert "cirkelredenering" in target["reason_nl"]
    settled = cell(result, ("Table 2", 1, "old", "low"))
    assert settled["role"] == "derived"
    assert "helped to choose between bases" in settled["reason"]
    ruled = cell(result, ("Table 5", 1, "old", "high"))
    assert ruled["reason"].endswith("sums of whole percentages")
    assert result.synthetic
    assert len(result.notices) == 2


@pytest.mark.parametrize(
    ("key", "printed", "verdict", "clauses"),
    [
        (
            ("Table 3", 2, "old", "percent"),
            34,
            "impossible",
            ["No count of 12 gives 34%: 4/12 = 33%, 5/12 = 42%."],
        ),
        (
            ("Table 1", 1, "old", "percent"),
            40,
            "impossible",
            [
                "No count of 12 gives 40%: 4/12 = 33%, 5/12 = 42%. "
                "Only n = 12 fits the other cells over the same base.",
                "the distribution in Annex 1, old, row 1-5, fixes 42%",
            ],
        ),
        (
            ("Table 1", 1, "old", "percent"),
            41,
            "impossible",
            ["It does equal what the other rounded percentages leave: 100 - 25 - 17 - 17 = 41."],
        ),
        (
            ("Table 1", 1, "old", "percent"),
            50,
            "contradicted",
            [
                "Print has 50% here, but the distribution in Annex 1, old, row 1-5, fixes 42%.",
                "The parts cannot add up to 100%: 50 + 25 + 17 + 17 = 109, and at most 2 of the "
                "gap is rounding.",
            ],
        ),
        (
            ("Table 1", 5, "old", "percent"),
            99,
            "impossible",
            ["A total of percentages is 100%."],
        ),
        (
            ("Table 5", 1, "old", "high"),
            31,
            "contradicted",
            ["the distribution in Annex 1, old, row 1-5, fixes 30%"],
        ),
        (
            ("Annex 1", 2, "old", "count"),
            4,
            "contradicted",
            ["Annex 1, row 2, old, percentage prints 23% of 13: 3"],
        ),
        (
            ("Annex 1", 2, "old", "percent"),
            31,
            "contradicted",
            ["Annex 1, row 2, old, count prints 3 of 13: 23%"],
        ),
        (
            ("Annex 1", 2, "old", "count"),
            14,
            "impossible",
            ["More than the whole base: 14 > 13.", "Annex 1, row 2, old, percentage prints 23%"],
        ),
        (
            ("Annex 1", 6, "old", "count"),
            14,
            "impossible",
            ["More than all respondents of the sector: 14 > 13."],
        ),
        (
            ("Annex 2", 1, "old", "mean"),
            7.50,
            "impossible",
            ["No total of whole answers of 13 respondents has the mean 7.50."],
        ),
        (
            ("Annex 2", 1, "old", "mean"),
            7.54,
            "missed",
            ["Neither impossible nor contradicted, but the rows give 7.46 (n = 13)."],
        ),
        (
            ("Annex 3", 1, "old", "mean"),
            2.60,
            "impossible",
            ["The distributions of the items allow only 2.538."],
        ),
        (
            ("Annex 3", 1, "old", "sd"),
            1.09,
            "impossible",
            ["The distributions of the items allow only 0.000 - 1."],
        ),
        (
            ("Annex 3", 1, "old", "alpha"),
            0.80,
            "impossible",
            ["The distributions of the items and the printed SD allow only 0.9"],
        ),
        (
            ("Annex 3", 1, "old", "sd"),
            1.02,
            "missed",
            ["but the rows give 1.01 (n = 13)"],
        ),
    ],
)
def test_one_changed_print_changes_its_own_verdict_and_nothing_computed(
    compare: Compare, key: Key, printed: float, verdict: str, clauses: list[str]
) -> None:
    sound, changed = compare(), compare({key: printed})
    found = cell(changed, key)
    assert found["verdict"] == verdict
    for clause in clauses:
        assert clause in found["reason"]
    pd.testing.assert_series_equal(sound.cells["computed"], changed.cells["computed"])
    own = ["locator", "row_no", "sector", "measure"]
    others = (changed.cells[own].apply(tuple, axis=1) != key) & (
        sound.cells["verdict"] != changed.cells["verdict"]
    )
    assert not others.any()


def test_text_contradicts_a_cell_only_when_it_states_the_same_and_the_rows_give_it(
    compare: Compare,
) -> None:
    key = ("Annex 2", 1, "old", "mean")
    said = {"locator": "vn 7", "sector": "old", "kind": "mean", "var1": "grade", "value": 7.5,
            "decimals": "1"}  # fmt: skip
    found = cell(compare({key: 7.54}, text=[said]), key)
    assert found["verdict"] == "missed"  # 7.54 prints as 7.5 too: no contradiction
    said = {**said, "value": 7.46, "decimals": "2"}
    found = cell(compare({key: 7.54}, text=[said]), key)
    assert found["verdict"] == "contradicted"
    assert "footnote 7 prints 7.46" in found["reason"]
    assert "Hier staat 7,54, maar voetnoot 7 drukt 7,46" in found["reason_nl"]
    for change in (
        {"value": 7.62},
        {"sector": "both"},
        {"qualifier": "circa"},
        {"var2": "voice"},
        {"var1": "voice"},
        {"kind": "median"},
        {"decimals": ""},
    ):
        assert cell(compare({key: 7.54}, text=[{**said, **change}]), key)["verdict"] == "missed"


def test_a_share_in_the_text_joins_the_proof_of_an_impossible_cell(compare: Compare) -> None:
    key = ("Table 3", 2, "old", "percent")
    said = {"locator": "2.3", "sector": "old", "kind": "percent", "var1": "song", "value": 33,
            "decimals": "0"}  # fmt: skip
    found = cell(compare({key: 34}, text=[said]), key)
    assert found["verdict"] == "impossible"
    assert found["reason"].endswith("but section 2.3 prints 33%. That is what the rows give.")
    noted = {**said, "note": "category=other"}
    assert "section" not in cell(compare({key: 34}, text=[noted]), key)["reason"]


def test_a_free_cell_is_undetermined_even_where_rows_agree_by_chance(
    compare: Compare, book: Codebook
) -> None:
    one = compare(rows={2: make_wave(book, 2)})
    found = cell(one, ("Table 4", 1, "old", "percent"))
    assert found["computed_rounded"] == "38"
    assert (found["verdict"], found["role"]) == ("undetermined", "free")
    assert "they give 38% over 1 versions" in found["reason"]
    impossible = compare({("Table 4", 1, "old", "percent"): 39})
    assert cell(impossible, ("Table 4", 1, "old", "percent"))["verdict"] == "impossible"


def test_a_fitted_cell_that_some_seeds_miss_is_missed_and_names_them(compare: Compare) -> None:
    found = cell(compare(fitted=FITTED | {"Table 4"}), ("Table 4", 1, "old", "percent"))
    assert (found["verdict"], found["role"]) == ("missed", "target")
    assert "the rows give 31% to 46% (n = 13). Equal in version 2; not in 1, 3." in found["reason"]
    assert (found["seeds_agreeing"], found["disagreeing"]) == (1, "1, 3")
    assert found["lowest"] == pytest.approx(400 / 13)
    assert found["highest"] == pytest.approx(600 / 13)


def test_a_base_that_print_leaves_open_is_narrowed_by_the_other_cells(
    tables: TableSet, waves: dict[int, Wave]
) -> None:
    without_n = [entry for entry in PRINT if entry[:2] != ("Table 3", 0)]
    entries = [(*entry[:4], 34, 0) if entry[:2] == ("Table 3", 2) else entry for entry in without_n]
    given = Inputs("choirs", as_record(entries), as_text([]), tables, waves, as_targets(FITTED))
    found = cell(reproduce(inputs=given), ("Table 3", 2, "old", "percent"))
    assert found["verdict"] == "impossible"
    assert found["reason"] == "No base up to 13 gives 34%."
    entries = [(*entry[:4], 57, 0) if entry[:2] == ("Table 3", 2) else entry for entry in without_n]
    given = Inputs("choirs", as_record(entries), as_text([]), tables, waves, as_targets(FITTED))
    found = cell(reproduce(inputs=given), ("Table 3", 2, "old", "percent"))
    assert found["reason"] == (
        "57% needs a base out of 7; the other cells over the same base allow only 4, 8, 12."
    )


def test_a_cell_without_a_specification_is_undetermined(
    tables: TableSet, waves: dict[int, Wave]
) -> None:
    entries = [*PRINT, ("Table 9", 1, "old", "percent", 50, 0)]
    given = Inputs("choirs", as_record(entries), as_text([]), tables, waves, as_targets(FITTED))
    found = cell(reproduce(inputs=given), ("Table 9", 1, "old", "percent"))
    assert (found["verdict"], found["role"]) == ("undetermined", "free")
    assert found["reason"] == "No table specification says what this cell counts."
    assert np.isnan(found["computed"])


def test_without_targets_nothing_is_claimed(tables: TableSet, waves: dict[int, Wave]) -> None:
    nothing = as_targets(frozenset())
    given = Inputs("choirs", as_record(PRINT), as_text([]), tables, waves, nothing)
    assert set(reproduce(inputs=given).cells["role"]) == {"free"}


TWO_COLUMNS = """
schema_version = 1
id = "swapped"
codebook = "choirs"
title = {nl = "T", en = "T"}
chapters = [{id = "1", label = {nl = "Een", en = "One"}}]

[[tables]]
locator = "Table 1"
chapter = "1"
title = {nl = "T", en = "T"}
kind = "distribution"
variable = "mood"
columns = [{measure = "count", statistic = "count"}]
rows = [{no = 1, codes = [1]}, {no = 2, total = true}]

[[tables]]
locator = "Annex 1"
chapter = "1"
title = {nl = "T", en = "T"}
kind = "distribution"
variable = "mood"
columns = [{measure = "count", statistic = "count"}]
rows = [{no = 1, codes = [1]}, {no = 2, total = true}]
"""


def test_columns_that_hold_each_others_numbers_are_noticed(book: Codebook) -> None:
    rows = pd.DataFrame({
        "organisation": [f"C-{number}" for number in range(8)],
        "sector": ["old"] * 5 + ["new"] * 3,
        "mood": [1, 1, 2, 2, 2, 1, 2, 2],
    })  # fmt: skip
    optional = book.file.model_copy(
        update={
            "variables": tuple(
                entry.model_copy(update={"optional": True}) for entry in book.file.variables
            )
        }
    )
    wave = Wave.from_frame(rows, replace(book, file=optional), name="two")
    entries = [
        ("Table 1", 1, "old", "count", 1, 0),
        ("Table 1", 1, "new", "count", 2, 0),
        ("Table 1", 2, "old", "count", 3, 0),
        ("Table 1", 2, "new", "count", 5, 0),
        ("Annex 1", 1, "old", "count", 2, 0),
        ("Annex 1", 1, "new", "count", 1, 0),
        ("Annex 1", 2, "old", "count", 5, 0),
        ("Annex 1", 2, "new", "count", 3, 0),
    ]
    record = as_record(entries)
    targets = pd.DataFrame(
        [("choirs_tables", "Annex 1", "1", s, "count", "count", "mood", "target")
         for s in ("old", "new")],
        columns=as_targets(FITTED).columns,
    )  # fmt: skip
    given = Inputs("choirs", record, as_text([]), parse_tables(TWO_COLUMNS), {1: wave}, targets)
    cells = reproduce(inputs=given).cells
    table = cells[cells["locator"] == "Table 1"]
    small = table[table["measure"].eq("count") & ~table["printed"].eq(5)]
    assert set(small["verdict"]) == {"contradicted"}
    assert small["reason"].str.contains("The columns new and old of this table are exchanged").all()
    # five is more than all three respondents of the new sector, which is the stronger statement
    assert table.loc[table["printed"].eq(5), "verdict"].item() == "impossible"
    assert set(cells[cells["locator"] == "Annex 1"]["verdict"]) == {"reproduced"}


LARGE = """
schema_version = 1
id = "large"
codebook = "choirs"
title = {nl = "T", en = "T"}
chapters = [{id = "1", label = {nl = "Een", en = "One"}}]

[[tables]]
locator = "Table 1"
chapter = "1"
title = {nl = "T", en = "T"}
kind = "distribution"
variable = "mood"
columns = [{measure = "percent"}, {measure = "n", statistic = "base"}]
rows = [
  {no = 0, holds_base = true}, {no = 1, codes = [1]}, {no = 2, codes = [2]},
  {no = 3, codes = [3, 4]},
]
"""


def test_a_distribution_that_no_counts_give_is_impossible_as_a_whole(book: Codebook) -> None:
    n = 150
    rows = pd.DataFrame({
        "organisation": [f"C-{number}" for number in range(n)],
        "sector": "old",
        "mood": [1] * 3 + [2] * 3 + [3] * (n - 6),
    })  # fmt: skip
    sector = book.file.sectors[0].model_copy(update={"population": 200})
    optional = book.file.model_copy(
        update={
            "sectors": (sector, book.file.sectors[1]),
            "variables": tuple(
                entry.model_copy(update={"optional": True}) for entry in book.file.variables
            ),
        }
    )
    wave = Wave.from_frame(rows, replace(book, file=optional), name="large")
    # 3, 3 and 144 of 150 print as 2, 2 and 96; 97 needs 145 or 146
    entries = [("Table 1", 0, "old", "n", 150, 0)] + [
        ("Table 1", row, "old", "percent", value, 0) for row, value in ((1, 2), (2, 2), (3, 97))
    ]
    targets = as_targets(frozenset())
    given = Inputs(
        "choirs", as_record(entries), as_text([]), parse_tables(LARGE), {1: wave}, targets
    )
    found = cell(reproduce(inputs=given), ("Table 1", 3, "old", "percent"))
    assert found["verdict"] == "impossible"
    assert found["reason"] == (
        "At no admissible n (150) do whole counts give the distribution 2 + 2 + 97."
    )


def test_a_place_that_says_the_same_twice_is_named_once(compare: Compare) -> None:
    key = ("Annex 2", 1, "old", "mean")
    same = {"locator": "2.3", "sector": "old", "kind": "mean", "var1": "grade", "value": 7.5,
            "decimals": "1"}  # fmt: skip
    found = cell(compare({key: 7.31}, text=[same, same]), key)
    assert found["verdict"] == "contradicted"
    assert found["reason"].count("section 2.3 prints 7.5") == 1
    assert found["reason_nl"].count("paragraaf 2.3 drukt 7,5") == 1


@pytest.mark.parametrize(
    "key", [("Table 3", 2, "old", "percent"), ("Table 1", 1, "old", "percent")]
)
@pytest.mark.parametrize("printed", [134, -5])
def test_a_percentage_outside_its_range_gets_its_own_sentence(
    compare: Compare, key: Key, printed: int
) -> None:
    found = cell(compare({key: printed}), key)
    assert found["verdict"] == "impossible"
    assert f"A percentage lies from 0 to 100: {printed}% cannot be." in found["reason"]
    assert f"Een percentage ligt van 0 tot en met 100: {printed}% kan niet." in found["reason_nl"]
    assert "No count of" not in found["reason"]


def test_a_result_shows_itself_on_one_line(compare: Compare) -> None:
    result = compare()
    assert repr(result) == (
        "<Reproduction of choirs: 28 cells (27 reproduced, 1 undetermined), 3 seeds>"
    )
    assert repr(replace(result, cells=result.cells.iloc[:0])) == (
        "<Reproduction of choirs: 0 cells, 3 seeds>"
    )
