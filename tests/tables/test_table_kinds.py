"""Each kind of table against values worked out by hand from the ten rows of the conftest."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from swvtypes.survey import Wave
from swvtypes.tables import TableSet, TableSpec, compute, compute_tables

Make = Callable[[str], TableSpec]


def cell(frame: pd.DataFrame, row: int, sector: str, measure: str) -> pd.Series:
    found = frame.query("row_no == @row and sector == @sector and measure == @measure")
    assert len(found) == 1
    return found.iloc[0]


def test_a_distribution_counts_categories_over_those_who_answered(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "distribution"
variable = "size"
columns = [
  {measure = "share"}, {measure = "number", statistic = "count"},
  {measure = "n", statistic = "base"},
]
rows = [
  {no = 0, holds_base = true}, {no = 1, codes = [10]}, {no = 2, codes = [20, 30]},
  {no = 3, total = true},
]
""")
    frame = compute(spec, bakeries)
    assert cell(frame, 0, "town", "n")["value"] == 4
    small = cell(frame, 1, "town", "share")
    assert (small["value"], small["numerator"], small["denominator"]) == (50.0, 2, 4)
    assert cell(frame, 2, "town", "number")["value"] == 2
    assert cell(frame, 2, "country", "share")["value"] == 100.0
    assert cell(frame, 3, "country", "number")["value"] == 3
    assert cell(frame, 3, "town", "share")["value"] == 100.0
    assert cell(frame, 1, "town", "share")["row_label"] == "klein"
    assert cell(frame, 2, "town", "share")["row_label"] == "middel of groot"


def test_a_multi_response_base_is_who_answered_any_member(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "multi_response"
columns = [{measure = "share"}, {measure = "n", statistic = "base"}]
rows = [
  {no = 1, variable = "bread"}, {no = 2, variable = "coffee", sectors = ["town"]},
  {no = 3, total = true, holds_base = true},
]
""")
    frame = compute(spec, bakeries, "en")
    assert cell(frame, 3, "town", "n")["value"] == 6  # one bakery in town left the question blank
    assert cell(frame, 1, "town", "share")["numerator"] == 4
    assert cell(frame, 2, "town", "share")["value"] == pytest.approx(100 * 2 / 6)
    assert cell(frame, 1, "country", "share")["value"] == pytest.approx(100 * 2 / 3)
    assert cell(frame, 3, "country", "share")["value"] == 100.0
    assert "country" not in set(frame.query("row_no == 2")["sector"])
    assert cell(frame, 1, "town", "share")["row_label"] == "bread"
    assert cell(frame, 3, "town", "n")["row_label"] == "Total"


def test_a_likert_grid_has_a_category_a_column(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "likert_grid"
base = {rule = "answered_or", reasons = ["no_idea"]}
why = {nl = "hoort erbij", en = "belongs"}
columns = [
  {measure = "often", codes = [4]}, {measure = "unknown", reasons = ["no_idea"]},
]
rows = [{no = 1, variable = "crust"}, {no = 2, variable = "burnt"}]
""")
    frame = compute(spec, bakeries.sector("town"))
    assert cell(frame, 1, "town", "often")["value"] == pytest.approx(100 * 2 / 7)
    assert cell(frame, 1, "town", "unknown")["value"] == pytest.approx(100 / 7)
    assert cell(frame, 2, "town", "unknown")["numerator"] == 2
    assert set(frame["sector"]) == {"town"}


def test_collapsed_columns_join_categories_and_leave_missing_answers_out(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "collapsed"
rows = [{no = 1, variable = "crust"}, {no = 2, variable = "burnt"}]

[[tables.columns]]
measure = "low"
codes = [1, 2]

[[tables.columns]]
measure = "high"
codes = [4, 5]

[[tables.columns]]
measure = "unknown"
reasons = ["no_idea"]
base = {rule = "asked"}
why = {nl = "noot", en = "note"}
only = [{sector = "town", rows = [2]}]
""")
    frame = compute(spec, bakeries)
    assert cell(frame, 1, "town", "low")["value"] == pytest.approx(100 * 2 / 6)
    assert cell(frame, 2, "town", "high")["value"] == pytest.approx(100 * 2 / 5)
    assert cell(frame, 2, "town", "unknown")["value"] == pytest.approx(100 * 2 / 7)
    assert len(frame) == 2 * 2 * 2 + 1


def test_a_scale_summary_averages_the_items_answered_and_turns_reversed_ones_round(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "scale_summary"
columns = [
  {measure = "m", statistic = "mean"}, {measure = "md", statistic = "median"},
  {measure = "s", statistic = "sd"}, {measure = "lo", statistic = "min"},
  {measure = "hi", statistic = "max"}, {measure = "a", statistic = "alpha"},
]
rows = [{no = 1, scale = "pride"}]
""")
    frame = compute(spec, bakeries)
    # town: (5, 5) (4, 4) (4, -) (2, 1) (-, -) (3, 3) (1, 2) after turning burnt round
    scores = [5, 4, 4, 1.5, 3, 1.5]
    mean = cell(frame, 1, "town", "m")
    assert (mean["numerator"], mean["denominator"], mean["base_n"]) == (19, 6, 6)
    assert cell(frame, 1, "town", "md")["value"] == 3.5
    assert cell(frame, 1, "town", "s")["value"] == pytest.approx(np.std(scores, ddof=1))
    assert cell(frame, 1, "town", "lo")["value"] == 1.5
    assert cell(frame, 1, "town", "hi")["value"] == 5
    alpha = cell(frame, 1, "town", "a")
    items = np.array([[5, 5], [4, 4], [2, 1], [3, 3], [1, 2]], dtype=float)
    correlation_form = np.cov(items.T)
    expected = 2 * 2 * correlation_form[0, 1] / correlation_form.sum()  # k = 2: 4 cov / var(sum)
    assert alpha["value"] == pytest.approx(expected)
    assert alpha["base_n"] == 5


def test_a_composition_averages_its_parts_and_totals_them(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "mean_composition"
composition = "flour"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, variable = "rye"}, {no = 2, variable = "wheat"}, {no = 3, total = true}]
""")
    frame = compute(spec, bakeries)
    assert cell(frame, 1, "town", "m")["value"] == 20.0
    assert cell(frame, 2, "country", "m")["value"] == 40.0
    assert cell(frame, 3, "town", "m")["value"] == 100.0
    assert cell(frame, 3, "town", "m")["base_n"] == 6


def test_a_blank_part_leaves_the_mean_of_that_part_only(
    make_table: Make, bakery_book: object
) -> None:
    spec = make_table("""
kind = "mean_composition"
composition = "flour"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, variable = "rye"}, {no = 2, variable = "wheat"}, {no = 3, total = true}]
""")
    rows = pd.DataFrame(
        {
            "organisation": ["B-1", "B-2"],
            "sector": ["town", "town"],
            "rye": [None, 40],
            "wheat": [100, 60],
        }
    )
    wave = Wave.from_frame(rows, _optional(bakery_book), name="blank")
    frame = compute(spec, wave).query("sector == 'town'")
    assert frame["value"].tolist() == [40.0, 80.0, 100.0]
    assert frame["base_n"].tolist() == [1, 2, 2]


def test_grades_are_summarised_over_those_who_gave_one(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "grades"
columns = [
  {measure = "m", statistic = "mean"}, {measure = "s", statistic = "sd"},
  {measure = "lo", statistic = "min"}, {measure = "hi", statistic = "max"},
  {measure = "md", statistic = "median"},
]
rows = [{no = 1, variable = "grade"}]
""")
    frame = compute(spec, bakeries)
    grades = [8, 7, 7, 4, 6, 9]
    assert cell(frame, 1, "town", "m")["numerator"] == sum(grades)
    assert cell(frame, 1, "town", "s")["value"] == pytest.approx(np.std(grades, ddof=1))
    assert cell(frame, 1, "town", "lo")["value"] == 4
    assert cell(frame, 1, "country", "hi")["value"] == 10
    assert cell(frame, 1, "country", "md")["value"] == 9


def test_rounded_percentages_are_added_and_divided_by_their_sum(
    make_table: Make, bakeries: Wave
) -> None:
    # town, size over all six coded answers: 2/6 = 33, 1/6 = 17, 1/6 = 17, 17, 17
    spec = make_table("""
kind = "distribution"
variable = "size"
arithmetic = "rounded_percentages"
rounded_base = {rule = "answered_or", reasons = ["no_idea", "no_oven"]}
why = {nl = "zo", en = "so"}
columns = [{measure = "share"}, {measure = "n", statistic = "base"}]
rows = [
  {no = 0, holds_base = true}, {no = 1, codes = [10]}, {no = 2, codes = [20, 30]},
  {no = 3, total = true},
]
""")
    frame = compute(spec, bakeries.sector("town"))
    assert cell(frame, 0, "town", "n")["value"] == 4
    share = cell(frame, 1, "town", "share")
    assert (share["numerator"], share["denominator"]) == (33, 67)
    assert cell(frame, 2, "town", "share")["numerator"] == 34
    assert cell(frame, 3, "town", "share")["value"] == 100.0


def test_rounded_percentages_of_the_same_base_are_only_added(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "collapsed"
arithmetic = "rounded_percentages"
why = {nl = "zo", en = "so"}
columns = [{measure = "high", codes = [4, 5]}]
rows = [{no = 1, variable = "crust"}]
""")
    frame = compute(spec, bakeries.sector("town"))
    # 2/6 and 1/6 print as 33 and 17
    high = cell(frame, 1, "town", "high")
    assert (high["numerator"], high["denominator"]) == (50, 100)


def test_nobody_in_the_base_gives_no_value(make_table: Make, bakery_book: object) -> None:
    spec = make_table("""
kind = "collapsed"
columns = [{measure = "high", codes = [4, 5]}]
rows = [{no = 1, variable = "crust"}]
""")
    rows = pd.DataFrame({"organisation": ["B-1"], "sector": ["town"], "crust": [None]})
    wave = Wave.from_frame(rows, _optional(bakery_book), name="empty")
    frame = compute(spec, wave)
    assert len(frame) == 2
    assert all(math.isnan(value) for value in frame["value"])
    assert set(frame["base_n"]) == {0}


def _optional(book: object) -> object:
    """Make every variable optional."""
    file = book.file  # type: ignore[attr-defined]
    variables = tuple(entry.model_copy(update={"optional": True}) for entry in file.variables)
    return type(book)(file.model_copy(update={"variables": variables}))  # type: ignore[call-arg]


def test_several_tables_stand_below_each_other(
    make_tables: Callable[..., TableSet], bakeries: Wave
) -> None:
    body = """
[[tables]]
locator = "Table {n}"
chapter = "1"
title = {{nl = "T", en = "T"}}
kind = "grades"
columns = [{{measure = "m", statistic = "mean"}}]
rows = [{{no = 1, variable = "grade"}}]
"""
    tables = make_tables(body.format(n=1) + body.format(n=2))
    frame = compute_tables(bakeries, tables)
    assert frame["locator"].tolist() == ["Table 1"] * 2 + ["Table 2"] * 2
    assert frame["numerator"].dtype == "Int64"


def test_headings_come_from_the_specification_else_from_the_codebook(
    make_table: Make, bakeries: Wave
) -> None:
    from swvtypes.tables import cells_of
    from swvtypes.tables.labels import column_label

    spec = make_table("""
kind = "collapsed"
columns = [
  {measure = "a", codes = [1, 2]}, {measure = "b", codes = [5], label = {nl = "hoog", en = "high"}},
]
rows = [{no = 1, variable = "crust"}]
""")
    book = bakeries.codebook
    labels = [column_label(cell, book) for cell in cells_of(spec, ["town"])]
    assert labels == [("nooit of zelden", "never or seldom"), ("hoog", "high")]
    spec = make_table("""
kind = "distribution"
columns = [
  {measure = "a", variable = "size"}, {measure = "b", variable = "crust", statistic = "count"},
]
rows = [{no = 1, codes = [1, 10]}]
""")
    labels = [column_label(cell, book) for cell in cells_of(spec, ["town"])]
    assert labels == [("omvang, %", "size, %"), ("korst, aantal", "crust, number")]
