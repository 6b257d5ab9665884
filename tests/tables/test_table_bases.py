"""Base rules, missing reasons, routing and survey weights."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from swvtypes.errors import TableError
from swvtypes.survey import Wave
from swvtypes.tables import TableSpec, compute, is_weighted

Make = Callable[[str], TableSpec]
WHY = 'why = {nl = "zo", en = "so"}\n'
BODY = """
kind = "distribution"
variable = "{variable}"
{base}
columns = [{{measure = "share"}}, {{measure = "n", statistic = "base"}}]
rows = [{{no = 0, holds_base = true}}, {{no = 1, codes = [{code}]}}]
"""


def base_and_share(spec: TableSpec, wave: Wave, sector: str) -> tuple[int, float]:
    frame = compute(spec, wave).query("sector == @sector").set_index("measure")["value"]
    return int(frame["n"]), float(frame["share"])


@pytest.mark.parametrize(
    ("rule", "town"),
    [
        ("", 4),
        ('base = {rule = "answered"}', 4),
        (WHY + 'base = {rule = "answered_or", reasons = ["no_idea"]}', 5),
        (WHY + 'base = {rule = "answered_or", reasons = ["no_idea", "no_oven"]}', 6),
        (WHY + 'base = {rule = "asked"}', 7),
        (WHY + 'base = {rule = "categories", codes = [10, 20]}', 3),
    ],
)
def test_each_rule_counts_its_own_respondents(
    make_table: Make, bakeries: Wave, rule: str, town: int
) -> None:
    spec = make_table(BODY.format(variable="size", base=rule, code=10))
    assert base_and_share(spec, bakeries, "town") == (town, pytest.approx(100 * 2 / town))


def test_who_was_routed_past_was_not_asked(make_table: Make, bakeries: Wave) -> None:
    rule = WHY + 'base = {rule = "asked"}'
    spec = make_table(BODY.format(variable="large_why", base=rule, code=20))
    # three bakeries are large; one of the two in the country left the follow-up question blank
    assert base_and_share(spec, bakeries, "town") == (1, 100.0)
    assert base_and_share(spec, bakeries, "country") == (2, 0.0)
    answered = make_table(BODY.format(variable="large_why", base="", code=10))
    assert base_and_share(answered, bakeries, "country") == (1, 100.0)


def test_a_numerator_outside_the_base_counts_nobody(make_table: Make, bakeries: Wave) -> None:
    rule = WHY + 'base = {rule = "categories", codes = [10, 20]}'
    spec = make_table(BODY.format(variable="size", base=rule, code=30))
    assert base_and_share(spec, bakeries, "town") == (3, 0.0)


def test_percentages_and_means_are_weighted_and_counts_are_not(
    make_table: Make, weighted_bakeries: Wave
) -> None:
    spec = make_table("""
kind = "distribution"
variable = "size"
columns = [{measure = "share"}, {measure = "number", statistic = "count"}]
rows = [{no = 1, codes = [10]}]
""")
    frame = compute(spec, weighted_bakeries).query("sector == 'town'").set_index("measure")
    assert frame.loc["share", "value"] == pytest.approx(100 * 4 / 6)
    assert frame["numerator"].isna().tolist() == [True, False]
    assert frame.loc["number", "value"] == 2
    assert frame.loc["share", "base_n"] == 4
    assert frame["hits"].tolist() == [2, 2]
    grades = make_table("""
kind = "grades"
columns = [{measure = "m", statistic = "mean"}, {measure = "hi", statistic = "max"}]
rows = [{no = 1, variable = "grade"}]
""")
    frame = compute(grades, weighted_bakeries).query("sector == 'country'").set_index("measure")
    assert frame.loc["m", "value"] == pytest.approx((2 * 10 + 9 + 5) / 4)
    assert frame.loc["hi", "value"] == 10
    assert frame["hits"].isna().all()
    assert not is_weighted(frame)


def test_a_weighted_scale_mean_weights_respondents(
    make_table: Make, weighted_bakeries: Wave
) -> None:
    spec = make_table("""
kind = "scale_summary"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, scale = "pride"}]
""")
    frame = compute(spec, weighted_bakeries).query("sector == 'country'")
    assert frame["value"].item() == pytest.approx((2 * 5 + 4.5 + 3) / 4)


def test_rounded_percentages_start_from_weighted_ones(
    make_table: Make, weighted_bakeries: Wave
) -> None:
    spec = make_table(
        BODY.format(variable="size", base=WHY + 'arithmetic = "rounded_percentages"', code="10, 20")
    )
    # weighted: 4 of 6 and 1 of 6, so 67 + 17
    assert base_and_share(spec, weighted_bakeries, "town") == (4, 84.0)
    frame = compute(spec, weighted_bakeries)
    shares = frame[frame["statistic"] == "percent"]
    assert shares["numerator"].isna().all()
    assert is_weighted(frame)


def test_statistics_without_a_weighted_form_are_refused(
    make_table: Make, weighted_bakeries: Wave
) -> None:
    spec = make_table("""
kind = "scale_summary"
columns = [
  {measure = "md", statistic = "median"}, {measure = "s", statistic = "sd"},
  {measure = "a", statistic = "alpha"},
]
rows = [{no = 1, scale = "pride"}]
""")
    with pytest.raises(TableError) as caught:
        compute(spec, weighted_bakeries)
    assert caught.value.faults == (
        "Table 1, row 1: median: not defined here for a wave with survey weights",
        "Table 1, row 1: sd: not defined here for a wave with survey weights",
        "Table 1, row 1: alpha: not defined here for a wave with survey weights",
    )
