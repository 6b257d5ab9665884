"""Tables on waves that lack what they need: one error with every fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bakery import as_frame

from swvtypes.errors import OptionError, TableError
from swvtypes.survey import Codebook, Wave
from swvtypes.tables import TableSet, TableSpec, compute, compute_tables, load_tables

Make = Callable[[str], TableSpec]


def faults_of(spec: TableSpec, wave: Wave) -> tuple[str, ...]:
    with pytest.raises(TableError) as caught:
        compute(spec, wave)
    assert "bakeries" in str(caught.value)
    return caught.value.faults


def test_unknown_variables_codes_and_reasons_are_listed_once_each(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "likert_grid"
base = {rule = "answered_or", reasons = ["no_money"]}
why = {nl = "a", en = "a"}
columns = [{measure = "a", codes = [6]}, {measure = "b", reasons = ["no_oven"]}]
rows = [{no = 1, variable = "butter"}, {no = 2, variable = "crust"}]
""")
    known = "blank, no_idea, not_asked, routed_past"
    assert faults_of(spec, bakeries) == (
        "Table 1, row 1: no variable 'butter' in codebook 'bakeries'",
        f"Table 1, row 2: base: 'crust' has no missing reason 'no_money'; known: {known}",
    )


def test_categories_are_checked_against_the_codebook(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "distribution"
variable = "size"
base = {rule = "categories", codes = [10, 11]}
why = {nl = "a", en = "a"}
columns = [{measure = "a"}]
rows = [{no = 1, codes = [10]}]
""")
    assert faults_of(spec, bakeries) == (
        "Table 1, row 1: base: 'size' has no category 11; known: 10, 20, 30",
    )
    spec = make_table("""
kind = "distribution"
variable = "size"
columns = [{measure = "a"}]
rows = [{no = 1, codes = [12]}, {no = 2, reasons = ["tired"]}]
""")
    assert faults_of(spec, bakeries) == (
        "Table 1, row 1: 'size' has no category 12; known: 10, 20, 30",
        "Table 1, row 2: 'size' has no missing reason 'tired'; "
        "known: blank, no_idea, no_oven, not_asked, routed_past",
    )


def test_sectors_that_were_not_asked_are_a_fault(make_table: Make, bakeries: Wave) -> None:
    spec = make_table("""
kind = "multi_response"
columns = [{measure = "a"}]
rows = [{no = 1, variable = "coffee"}]
""")
    assert faults_of(spec, bakeries) == (
        "Table 1, row 1: 'coffee' is not asked in sector 'country'",
    )
    spec = make_table("""
kind = "multi_response"
sectors = ["moon"]
columns = [{measure = "a"}]
rows = [{no = 1, variable = "coffee"}]
""")
    assert faults_of(spec, bakeries) == ("Table 1: no sector 'moon'; known: 'town', 'country'",)


def test_scales_compositions_and_levels_of_measurement_are_checked(
    make_tables: Callable[..., TableSet], bakeries: Wave
) -> None:
    head = '[[tables]]\nchapter = "1"\ntitle = {nl = "T", en = "T"}\n'
    text = f"""
{head}locator = "Table 1"
kind = "scale_summary"
columns = [{{measure = "m", statistic = "mean"}}]
rows = [{{no = 1, scale = "joy"}}]

{head}locator = "Table 2"
kind = "mean_composition"
composition = "sugar"
columns = [{{measure = "m", statistic = "mean"}}]
rows = [{{no = 1, variable = "rye"}}]

{head}locator = "Table 3"
kind = "grades"
columns = [{{measure = "m", statistic = "mean"}}]
rows = [{{no = 1, variable = "large_why"}}]

{head}locator = "Table 4"
kind = "collapsed"
arithmetic = "rounded_percentages"
why = {{nl = "a", en = "a"}}
columns = [{{measure = "m", codes = [9]}}]
rows = [{{no = 1, variable = "grade"}}]
"""
    with pytest.raises(TableError) as caught:
        compute_tables(bakeries, make_tables(text))
    assert caught.value.faults == (
        "Table 2: no composition 'sugar' in 'bakeries'",
        "Table 1, row 1: no scale 'joy' in codebook 'bakeries'",
        "Table 3, row 1: mean of 'large_why': expected numbers, the variable is nominal",
        "Table 4, row 1: 'grade': rounded percentages need a variable with categories",
    )


def test_items_that_make_no_scale_are_a_fault_of_the_table(
    make_table: Make, bakery_book: Codebook
) -> None:
    variables = tuple(
        v.model_copy(update={"answers": "three"}) if v.id == "burnt" else v
        for v in bakery_book.file.variables
    )
    book = Codebook(bakery_book.file.model_copy(update={"variables": variables}))
    wave = Wave.from_frame(as_frame().assign(burnt=10), book, name="odd")
    spec = make_table("""
kind = "scale_summary"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, scale = "pride"}]
""")
    (fault,) = faults_of(spec, wave)
    assert fault.startswith("Table 1, row 1: scale 'pride': expected items with the same end")


def test_a_wave_without_a_column_is_told_so(make_table: Make, bakery_book: Codebook) -> None:
    variables = tuple(v.model_copy(update={"optional": True}) for v in bakery_book.file.variables)
    book = Codebook(bakery_book.file.model_copy(update={"variables": variables}))
    import pandas as pd

    rows = pd.DataFrame({"organisation": ["B-1"], "sector": ["town"], "grade": [7]})
    wave = Wave.from_frame(rows, book, name="narrow")
    spec = make_table("""
kind = "collapsed"
columns = [{measure = "a", codes = [1]}]
rows = [{no = 1, variable = "crust"}]
""")
    assert faults_of(spec, wave) == ("Table 1, row 1: the wave lacks variable 'crust'",)
    spec = make_table("""
kind = "scale_summary"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, scale = "pride"}]
""")
    assert faults_of(spec, wave) == (
        "Table 1, row 1: the wave lacks item 'crust'",
        "Table 1, row 1: the wave lacks item 'burnt'",
    )


def test_the_tables_of_another_survey_do_not_fit_and_say_why(bakeries: Wave) -> None:
    with pytest.raises(TableError) as caught:
        compute_tables(bakeries, load_tables("monitor_2016"))
    # cells are of sectors that this wave lacks, so only those and compositions are named
    assert "Tabel 3.1: no composition 'budget' in 'bakeries'" in caught.value.faults
    assert "Bijlage 2 po Q1: no sector 'po'; known: 'town', 'country'" in caught.value.faults


def test_a_language_is_checked_before_anything_is_computed(
    make_table: Make, bakeries: Wave
) -> None:
    spec = make_table("""
kind = "grades"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, variable = "grade"}]
""")
    with pytest.raises(OptionError, match="language: expected one of 'nl', 'en', got 'fr'"):
        compute(spec, bakeries, "fr")  # type: ignore[arg-type]
