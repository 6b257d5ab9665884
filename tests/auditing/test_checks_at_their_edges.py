"""Each check just inside and just outside of what print allows, and where it may not speak."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from audit_cases import FIVE, chosen, linked, means, scale, shown, survey
from audit_small import YES_NO, findings, item, marks, record, table, text
from scipy import stats

from swvtypes.auditing.checks.groups import Layout
from swvtypes.auditing.checks.significance import printed_tests
from swvtypes.auditing.checks.totals import check_totals
from swvtypes.auditing.finding import Finding
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.scores import Item, Score
from swvtypes.auditing.shares import (
    Distribution,
    pooled,
    possible_bases,
    printed_base,
    rows_as_answers,
    single,
)
from swvtypes.auditing.valid import admissible_numbers, base_numbers

Told = tuple[str, str, int, str, str, str]


def told(found: list[Finding]) -> list[Told]:
    return [
        (f.key, f.place.locator, f.place.row_no, f.printed, f.expected, f.confidence) for f in found
    ]


def percents(*values: str) -> tuple[Printed, ...]:
    return tuple(Printed(v, len(v.partition(".")[2])) for v in values)


# Totals.


@pytest.mark.parametrize(("total", "seen"), [("99", 0), ("98", 0), ("97", 1), ("101", 1)])
def test_rounding_explains_half_a_unit_for_each_addend(total: str, seen: int) -> None:
    rows = [
        "T|1|x|a|percent|40|percent",
        "T|2|y|a|percent|29|percent",
        "T|3|z|a|percent|30|percent",
    ]
    found = findings(tables=table(*rows[:3], f"T|4|Total|a|percent|{total}|percent"))
    assert len(found) == seen


def test_counts_sum_exactly_and_over_rows_of_their_own_column() -> None:
    rows = (
        "T|0|base|a|count|50|count", "T|1|x|a|count|3|count", "T|2|y|a|count|7|count",
        "T|1|x|b|count|9|count", "T|2|y|b|count|9|count", "T|3|Total|a|count|10|count",
        "T|3|Total|b|count|19|count",
    )  # fmt: skip
    found = findings(tables=table(*rows))
    assert told(found) == [("totals_column", "T", 3, "19", "18", "certain")]
    assert findings({"multiple": ["T"]}, tables=table(*rows)) == []


def test_a_total_of_one_row_is_left() -> None:
    rows = ("T|1|x|a|count|3|count", "T|2|Total|a|count|4|count")
    assert findings(tables=table(*rows)) == []


def test_shares_of_a_total_of_one_and_of_nought() -> None:
    one = ("T|1|x|a|percent|40|percent", "T|1|x|a|count|1|count", "T|2|Total|a|count|1|count")
    assert told(list(check_totals(record(tables=table(*one))))) == [
        ("totals_share", "T", 1, "40", "100", "certain"),
    ]
    none = ("T|1|x|a|percent|40|percent", "T|1|x|a|count|0|count", "T|2|Total|a|count|0|count")
    assert list(check_totals(record(tables=table(*none)))) == []


def test_a_battery_sums_to_a_hundred_within_its_rounding() -> None:
    def found(no: str) -> list[Told]:
        rows = ("T|1|x|a|yes|40|percent", f"T|1|x|a|no|{no}|percent", "T|1|x|a|mean|1.5|score")
        return [t for t in told(findings(YES_NO, tables=table(*rows))) if t[0] == "totals_row"]

    assert found("60") == found("61") == found("59") == []
    assert found("62") == [("totals_row", "T", 1, "102", "100", "certain")]


# Distributions.


def test_a_distribution_is_solved_at_the_largest_base_that_has_any() -> None:
    settled = Distribution(("yes", "no"), percents("33", "67"), most=10)
    assert settled.solutions[0] == (3, 6)
    assert all(sum(s) <= 9 for s in settled.solutions)
    full = Distribution(("yes", "no"), percents("30", "70"), most=10)
    assert full.solutions == [(3, 7)]
    partial = Distribution(("yes", "no"), percents("30", "70"), most=10, partial=True)
    assert partial.solutions == [(3, 7)]
    more = Distribution(("yes", "no"), percents("50", "50"), most=6, partial=True)
    assert more.solutions == [(3, 3), (2, 2), (1, 1)]
    assert Distribution(("yes", "no"), percents("33", "67"), total=10, most=10).solutions == []
    assert Distribution(("yes", "no"), percents("33", "67")).solutions == []
    assert Distribution(("a", "b"), (), counts=(2, 3)).solutions == [(2, 3)]


def test_parts_leave_rows_out_of_the_base() -> None:
    held = Distribution(("a", "b", "c"), percents("20", "30", "50"), counts=(2, 3, 5))
    assert held.parts(["a", "b"]) == [(5, 10)]
    assert held.parts(["a"], ["c"]) == [(2, 5)]
    assert held.parts(["a"], ["a", "b", "c"]) == []
    assert held.rounded_twice(["a"]) == [20]
    assert held.rounded_twice(["a"], ["c"]) == [40]
    assert Distribution(("a",), (), counts=(2,)).rounded_twice(["a"]) == []
    short = Distribution(("a", "b"), percents("20", "79"))
    assert short.rounded_twice(["a"]) == [Fraction(2000, 99), 20]
    assert short.rounded_twice(["a"], ["b"]) == [100, Fraction(2000, 21)]
    everything = Distribution(("a", "b"), percents("20", "80"))
    assert everything.rounded_twice(["a"], ["a", "b"]) == []


def test_rows_are_read_as_the_answers_to_one_question() -> None:
    held = record(
        {"respondents": {"a": 12}},
        tables=table(
            "T|0|base|a|n|11|count", "T|1|x|a|count|4|count", "T|2|y|a|count|6|count",
            "T|2|y|b|count|8|count", "T|3|Total|a|count|10|count", "U|1|x|a|percent|40|percent",
            "U|2|y|a|percent|60|percent", "U|0|base|a|n|10|count", "U|1|x|a|count|4|count",
            "U|2|y|a|count|5|count", "V|0|base|b|n|7|count",
        ),
    )  # fmt: skip
    counted = rows_as_answers(held, "T", "a")
    assert counted is not None
    assert (counted.names, counted.counts, counted.total, counted.most) == (
        ("1", "2"), (4, 6), 10, 12,
    )  # fmt: skip
    assert counted.percents == ()
    other = rows_as_answers(held, "T", "b")
    assert other is not None
    assert (other.names, other.counts, other.total) == (("2",), (8,), None)
    doubtful = rows_as_answers(held, "U", "a")
    assert doubtful is not None
    assert (doubtful.counts, doubtful.total) == ((), 10), "counts that do not add up are no ground"
    assert rows_as_answers(held, "V", "b") is None
    assert printed_base(held, "V", "b") == 7
    assert printed_base(held, "V", "a") is None
    assert printed_base(held, "V", "b", "n_other") is None


def test_possible_bases_of_independent_rows() -> None:
    rows = (
        "T|1|x|a|percent|33|percent", "T|2|y|a|percent|67|percent",
        "T|3|Total|a|percent|100|percent",
        "T|1|x|b|percent|50|percent",
    )  # fmt: skip
    held = record({"respondents": {"a": 7, "b": 3}}, tables=table(*rows))
    assert possible_bases(held, "T", "a") == {3, 6}
    assert possible_bases(held, "T", "b") == {2}
    assert possible_bases(record(tables=table(*rows)), "T", "a") == set()


def test_one_row_has_shares_where_its_base_is_known() -> None:
    rows = ("T|1|x|a|percent|33|percent", "T|0|base|a|n|9|count", "U|1|x|a|percent|33|percent")
    held = record({"respondents": {"a": 9}}, tables=table(*rows))
    assert single(held, ("T", 1), "a") == (None, [(3, 9)])
    assert single(held, ("U", 1), "a") == (None, [(3, 9)])
    assert single(held, ("U", 2), "a") == (None, [])
    fewer = record({"respondents": {"a": 10}}, tables=table(*rows))
    assert single(fewer, ("U", 1), "a") == (None, []), "9 of 10: some may have skipped it"
    counted = record(
        tables=table("T|1|x|a|count|3|count", "T|2|y|a|count|6|count", "T|1|x|a|percent|33|percent")
    )
    rows_read, parts = single(counted, ("T", 1), "a")
    assert rows_read is not None
    assert parts == [(3, 9)]


def test_parts_are_added_over_sectors() -> None:
    one, two = (Fraction(1), Fraction(4)), (Fraction(2), Fraction(4))
    assert pooled([[one, two], [one]]) == [(2, 8), (3, 8)]
    assert pooled([[one, two], [one]], limit=1) == [(2, 8)]
    assert pooled([[]]) == []
    assert pooled([]) == []


# Bases of tests.


def of_forty(**more: Any) -> Any:
    rows = [
        *item("A", 1, "a", (12, 20, 8), ("yes", "no", "blank")),
        *item("A", 2, "a", (9, 29, 2), ("yes", "no", "blank")),
        "C|1|x|a|count|15|count", "C|2|y|a|count|20|count", "C|3|Total|a|count|35|count",
        "D|1|x|a|percent|50|percent", "D|0|base|a|n|38|count", "E|1|x|a|percent|33|percent",
        "E|2|y|a|percent|48|percent",
    ]  # fmt: skip
    says = more.pop("says", ())
    meaning = {
        "respondents": {"a": 40},
        **YES_NO,
        "variables": {
            "item": {"a": "A#1"}, "shared": {"a": "D#1"}, "alone": {"a": "E#1"},
        },
        "choice": [{"variable": "model", "source": {"a": "C"}, "categories": {"x": [1], "y": [2]}}],
        "scale": [{"variable": "score", "names": ["i", "j"], "items": {"a": ["A#1", "A#2"]}}],
        "together": [["score", "mood"], ["other", "thing"]],
    }  # fmt: skip
    frames = {"tables": table(*rows)} | ({"text": text(*says)} if says else {})
    return record(meaning | more, **frames)


def test_valid_answers_by_what_print_tells() -> None:
    held = of_forty()
    assert base_numbers(held, "item", "a") == {32}
    assert base_numbers(held, "shared", "a") == {38}
    assert base_numbers(held, "alone", "a") == {21, 27, 33, 39, 40} & possible_bases(held, "E", "a")
    assert base_numbers(held, "model", "a") == {35}
    assert base_numbers(held, "score", "a") == {38, 39, 40}
    assert base_numbers(held, "mood", "a") is None
    assert base_numbers(held, "unknown", "a") is None
    assert base_numbers(held, "item", "elsewhere") == {32}


def test_valid_answers_by_tests_of_variables_answered_together() -> None:
    says = (
        shown("F", "2.0", "0.2", var1="mood", df1="2", df2="33"),
        shown("F", "2.0", "0.2", var1="thing", df1="1", df2="30"),
        shown("F", "2.0", "0.2", var1="mood", df1="1", df2="50"),
        shown("F", "2.0", "0.2", var1="mood", df1="1", df2="20", sector="b"),
        shown("r", "0.2", "0.2", var1="mood", df1="1", df2="22"),
    )
    held = of_forty(says=says)
    assert base_numbers(held, "mood", "a") == {36}
    assert base_numbers(held, "other", "a") == {32}
    assert base_numbers(held, "unknown", "a") is None


def test_numbers_that_a_test_may_rest_on() -> None:
    def numbers(var1: str, var2: str, **more: str) -> Any:
        held = of_forty(says=(shown("r", "0.2", "0.2", var1=var1, var2=var2, **more),))
        return admissible_numbers(held, held.statements[0])

    assert numbers("item", "model", n="31") == (range(31, 32), True)
    assert numbers("item", "model") == (range(27, 33), True)
    assert numbers("item", "sector") == (range(32, 33), True)
    assert numbers("unknown", "model") == (range(15, 36), False)
    assert numbers("unknown", "nothing") == (range(20, 41), False)
    assert numbers("item", "nothing") == (range(16, 33), False)
    lone = record(text=text(shown("r", "0.2", "0.2")))
    assert admissible_numbers(lone, lone.statements[0]) == (None, False)


def test_numbers_of_sectors_are_added() -> None:
    rows = ["D|0|base|a|n|38|count", "D|1|x|a|percent|50|percent", "D|0|base|b|n|20|count",
            "D|1|x|b|percent|50|percent"]  # fmt: skip
    meaning = {"respondents": {"a": 40, "b": 20}, "variables": {"x": {"a": "D#1", "b": "D#1"}}}
    held = record(meaning, tables=table(*rows))
    assert base_numbers(held, "x", "both") == {58}
    assert base_numbers(held, "y", "both") is None
    alone = record({"respondents": {"a": 40, "b": 20}, "variables": {"x": {"a": "D#1"}}},
                   tables=table(*rows))  # fmt: skip
    assert base_numbers(alone, "x", "both") is None


# Scales.


def five(*counts: int, blank: int = 0) -> Item:
    return Item(dict(zip(range(1, 6), counts, strict=True)), blank)


def test_variances_after_answers_are_taken_away() -> None:
    held = five(1, 0, 2, 0, 1)
    assert held.variance_bounds(0) == (Fraction(8, 3), Fraction(8, 3))
    assert held.variance_bounds(1) == (Fraction(4, 3), Fraction(4))
    assert held.variance_bounds(9) == (Fraction(0), Fraction(8))
    assert held.turned(1, 5) == held
    assert five(1, 2, 3, 4, 5).turned(1, 5) == five(5, 4, 3, 2, 1)
    assert (held.answered, held.total, held.scores) == (4, 12, [1, 3, 5])


def test_spreads_that_alpha_and_the_items_allow() -> None:
    items = (five(0, 2, 8, 6, 4), five(0, 4, 6, 6, 4))
    complete = Score(items, 20, 1, 5)
    alpha = Printed("0.70", 2)
    variances = sum(float(i.variance_bounds(0)[0]) for i in items)

    def expected(edge: float) -> float:
        return float((variances / (4 * (1 - edge / 2))) ** 0.5)

    low, high = complete.spread_bounds(alpha, Fraction(3))
    assert (low, high) == pytest.approx((expected(0.695), expected(0.705)))
    assert complete.usual_spread(alpha) == pytest.approx((expected(0.695), expected(0.705)))
    gaps = Score((five(0, 2, 8, 6, 2, blank=2), items[1]), 20, 1, 5)
    assert gaps.incomplete == 2
    first, second = gaps.items[0].variance_bounds(0), gaps.items[1].variance_bounds(2)
    least = float(first[0] + second[0]) / (4 * (1 - 0.695 / 2)) * 17 / 19
    most = float(first[1] + second[1]) / (4 * (1 - 0.705 / 2)) + 2 * 2.5**2 / 19
    assert gaps.spread_bounds(alpha, Fraction(5, 2)) == pytest.approx((least**0.5, most**0.5))
    assert gaps.spread_bounds(alpha, Fraction(7, 2)) == pytest.approx((least**0.5, most**0.5))
    both = float(first[0] + gaps.items[1].variance_bounds(0)[0])
    usual = (both / (4 * (1 - 0.695 / 2)) * 0.8, both / (4 * (1 - 0.705 / 2)) * 1.4)
    assert gaps.usual_spread(alpha) == pytest.approx((usual[0] ** 0.5, usual[1] ** 0.5))


def test_little_is_said_of_spreads_of_few_or_of_one_item() -> None:
    alpha = Printed("0.70", 2)
    assert Score((five(0, 2, 8, 6, 4),), 20, 1, 5).spread_bounds(alpha, Fraction(3)) == (0.0, 4.0)
    few = Score((five(1, 1, 1, 0, 1, blank=2), five(2, 2, 2, 0, 0)), 4, 1, 5)
    assert few.spread_bounds(alpha, Fraction(3)) == (0.0, 4.0)
    enough = Score((five(1, 1, 1, 0, 1, blank=1), five(2, 2, 0, 0, 0)), 4, 1, 5)
    assert enough.spread_bounds(alpha, Fraction(3)) != (0.0, 4.0)
    perfect = Score((five(0, 2, 8, 6, 4), five(0, 2, 8, 6, 4)), 20, 1, 5)
    assert perfect.usual_spread(Printed("2.01", 2))[0] == pytest.approx(1000.0)


def test_scores_and_means_with_blanks() -> None:
    held = Score((five(1, 0, 0, 0, 1, blank=1), five(0, 3, 0, 0, 0)), 3, 1, 5)
    assert held.attainable == {Fraction(3, 2), Fraction(7, 2), Fraction(2)}
    assert held.mean_bounds() == (Fraction(13, 6), Fraction(17, 6))
    whole = Score((five(1, 0, 0, 0, 1), five(0, 2, 0, 0, 0)), 2, 1, 5)
    assert whole.attainable == {Fraction(3, 2), Fraction(7, 2)}
    assert Score((five(1, 1, 1, 1, 1),) * 13, 5, 1, 5).attainable == set()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("median|3.75", []),
        ("median|1.50", [("extreme_below", "B", 1, "1.50", ">= 2.00", "certain")]),
        ("median|2.60", [("extreme_between", "B", 1, "2.60", "2.50 / 2.75", "certain")]),
        ("max|5.00", []),
        ("max|4.60", [("extreme_between", "B", 1, "4.60", "4.50 / 5.00", "certain")]),
        ("mean|3.6", []),
        ("mean|3.5", []),
        ("mean|3.55", []),
        ("mean|3.60", [("scale_mean", "B", 1, "3.60", "3.55", "certain")]),
        ("mean|3.4", [("scale_mean", "B", 1, "3.4", "3.6", "certain")]),
    ],
)
def test_statistics_of_a_scale_of_complete_items(row: str, expected: list[Told]) -> None:
    measure, value = row.split("|")
    assert told(scale([f"B|1|trust|a|{measure}|{value}|score"])) == expected


def test_an_end_beside_one_with_decimals_is_not_rounded() -> None:
    says = tuple(
        {"sector": "a", "kind": kind, "var1": "trust", "value": value}
        for kind, value in (("min", "2.5"), ("max", "5"))
    )
    assert told(scale([], statements=says)) == []
    says = tuple(
        {"sector": "a", "kind": kind, "var1": "trust", "value": value}
        for kind, value in (("min", "1"), ("max", "4.50"))
    )
    assert told(scale([], statements=says)) == [
        ("extreme_below", "1.1", 0, "1", ">= 2.00", "certain"),
    ]


def test_a_mean_with_blanks_has_two_ends() -> None:
    rows = [
        *item("A", 1, "a", (0, 2, 8, 6, 2, 2), (*FIVE, "blank")),
        "B|1|trust|a|mean|2.0|score",
    ]
    answers = {"five": {"measures": list(FIVE), "scores": [1, 2, 3, 4, 5], "missing": ["blank"]}}
    meaning = {
        "respondents": {"a": 20},
        "answers": answers,
        "scale": [{"variable": "trust", "table": "B", "names": ["i"], "items": {"a": ["A#1"]}}],
    }
    assert told(findings(meaning, tables=table(*rows))) == [
        ("scale_mean", "B", 1, "2.0", "3.2 - 3.6", "certain"),
    ]


# Granularity.


def test_the_base_of_a_percentage_is_that_of_its_own_column() -> None:
    rows = (
        "T|0|base|a|n|52|count", "T|0|base|a|n_in|50|count", "T|1|x|a|percent|18|percent",
        "T|2|y|a|percent_in|18|percent", "T|3|z|a|percent_out|18|percent",
    )  # fmt: skip
    assert told(findings(tables=table(*rows))) == [
        ("grim_base", "T", 1, "18", "17 / 19", "certain"),
    ]


def test_the_counts_of_a_column_are_a_base_of_its_percentages() -> None:
    rows = ("T|1|x|a|percent|18|percent", "T|2|Total|a|count|52|count", "T|1|x|a|other|18|percent")
    assert told(findings(tables=table(*rows))) == [
        ("grim_base", "T", 1, "18", "17 / 19", "certain"),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("grim_base", "1.1", 0, "18", "17 / 19", "certain")]),
        ({"value": "19"}, []),
        ({"kind": "mean"}, []),
        ({"n": ""}, []),
    ],
)
def test_a_percentage_of_the_text_at_its_own_base(
    more: dict[str, str], expected: list[Told]
) -> None:
    said = {"kind": "percent", "value": "18", "n": "52"} | more
    assert [t for t in told(findings(text=text(said))) if t[0] == "grim_base"] == expected


def independent(*values: str, base: str = "") -> list[Told]:
    rows = [f"T|{i}|x{i}|a|percent|{v}|percent" for i, v in enumerate(values, start=1)]
    rows += [f"S|{i}|x{i}|a|percent|{v}|percent" for i, v in enumerate(values, start=1)]
    rows += [f"T|0|base|a|n|{base}|count", f"S|0|base|a|n|{base}|count"] if base else []
    meaning = {
        "respondents": {"a": 12},
        "linked": [
            {"table": "T", "kind": "items", "source": {"a": "S"},
             "rows": {str(i + 1): i + 1 for i in range(len(values))}}
        ],
    }  # fmt: skip
    return told(findings(meaning, tables=table(*rows)))


def test_the_one_percentage_without_which_a_column_is_possible() -> None:
    assert independent("25", "50", "75") == []
    assert independent("25", "49", "51") == [], "two of them are impossible together"
    assert independent("25", "49", "75", base="12")[0][3:] == ("49", "42 / 50", "certain")
    lone = independent("25", "33", "58", "49")
    assert [(t[0], t[3], t[5]) for t in lone] == [("grim_base", "49", "likely")] * 2
    assert {t[1] for t in lone} == {"T", "S"}


# Tests of significance.


@pytest.mark.parametrize(
    ("kind", "p", "key"),
    [("t", "0.022", "p_one_sided"), ("t", "0.044", ""), ("t", "<.05", ""),
     ("t", "<.03", "p_differs"), ("t", "0.088", "p_differs"), ("t", "0.030", "p_differs")],
)  # fmt: skip
def test_p_of_one_side_and_of_two(kind: str, p: str, key: str) -> None:
    found = survey(shown(kind, "2.10", p, df2="30"))
    assert [f.key for f in found] == ([key] if key else [])
    if p == "<.03":
        assert found[0].expected == "p = 0.044"


def test_a_statistic_of_f_has_no_one_sided_p() -> None:
    (found,) = survey(shown("F", "4.41", "0.022", df1="1", df2="30"))
    assert found.key == "p_differs"
    assert found.expected == f"p = 0.044 / F = {stats.f.isf(0.022, 1, 30):.2f}"


def test_p_values_change_places_within_a_passage_only() -> None:
    def pair(**more: str) -> list[str]:
        first = shown("F", "5.00", "0.100", df1="1", df2="50")
        second = shown("F", "2.80", "0.030", df1="1", df2="50", var1="z", **more)
        return [f.key for f in survey(first, second)]

    assert pair() == ["exchanged_p"] * 2
    assert pair(locator="2.2") == ["p_differs"] * 2


def test_a_correlation_rests_on_numbers_that_print_allows() -> None:
    held = record({"respondents": {"a": 40}}, text=text(shown("r", "0.300", "0.060")))
    tests = printed_tests(held, held.statements[0])
    assert [t.n for t in tests] == list(range(20, 41))
    assert [t.df2 for t in tests] == [float(n - 2) for n in range(20, 41)]
    assert tests[-1].computed == pytest.approx(0.060, abs=5e-4)
    assert tests[-1].fits()
    tiny = record({"respondents": {"a": 4}}, text=text(shown("r", "0.300", "0.060")))
    assert [t.n for t in printed_tests(tiny, tiny.statements[0])] == [4]
    assert printed_tests(record(text=text(shown("r", "0.3", "0.06"))), held.statements[0]) == []


# The same fact twice.


def same(*values: dict[str, str]) -> list[Told]:
    ids = [str(i + 1) for i in range(len(values))]
    said = [{"kind": "percent", "locator": f"{i}.1"} | v for i, v in enumerate(values, start=1)]
    return told(findings({"same": [ids]}, text=text(*said)))


def test_words_and_numbers_of_one_fact() -> None:
    quarter, number = {"qualifier": "een kwart"}, {"value": "19"}
    assert same(quarter, {"value": "25"}) == []
    assert same(number, {"value": "19"}, quarter) == [
        ("same_words", "3.1", 0, "een kwart", "19%", "likely"),
    ]
    # Two against one: the number that agrees with nothing is the odd one out.
    assert same(number, quarter, {"value": "25", "qualifier": ""}) == [
        ("same_words", "1.1", 0, "19%", "25%", "likely"),
    ]


def test_counts_of_one_thing_go_with_the_most_frequent() -> None:
    def counted(*values: str, **more: str) -> list[Told]:
        said = [
            {"kind": "count", "sector": "a", "var1": "x", "value": v, "locator": str(i)}
            for i, v in enumerate(values)
        ]
        said[-1] |= more
        return told(findings(text=text(*said)))

    assert counted("4", "5", "5") == [("same_fact", "0", 0, "4", "5", "likely")]
    assert counted("5", "5", "4") == [("same_fact", "2", 0, "4", "5", "likely")]
    assert counted("5", "5", "4", var2="y") == []
    assert counted("5", "5", "4", sector="b") == []
    assert counted("5", "5", "4", note="category=other") == []
    assert counted("5", "5", "4", var1="y") == []


def test_numbers_agree_when_one_rounds_the_other() -> None:
    def sds(*values: str) -> list[tuple[str, str]]:
        rows = [
            {"sector": "a", "kind": "sd", "var1": "x", "value": v, "locator": f"fn {i}"}
            for i, v in enumerate(values)
        ]
        return [(f.printed, f.expected) for f in survey(*rows)]

    assert sds("0.58", "0.6") == []
    assert sds("0.58", "0.580") == []
    assert sds("0.58", "0.7") == [("0.7", "0.58")]
    assert sds("0.58", "0.59") == [("0.59", "0.58")]
    assert sds("0.58", "0.59", "0.59") == [("0.58", "0.59")]


# Groups.


def three() -> Layout:
    return Layout((8, 7, 25), percents("3.2", "3.2", "2.9"), Printed("0.50", 2), 3)


def test_means_of_groups_bound_those_of_all() -> None:
    held = three()
    low, high = held.overall()
    exact = Fraction(8 * 32 + 7 * 32 + 25 * 29, 400)
    assert (low, high) == (exact - Fraction(5, 100), exact + Fraction(5, 100))
    assert held.n == 40


def test_squares_between_groups() -> None:
    def squares(means: tuple[float, ...]) -> float:
        centre = sum(m * n for m, n in zip(means, (8, 7, 25), strict=True)) / 40
        return sum(n * (m - centre) ** 2 for m, n in zip(means, (8, 7, 25), strict=True))

    held = three()
    least, most = held.between()
    assert most == pytest.approx(squares((3.25, 3.25, 2.85)))
    assert least == pytest.approx(squares((3.15, 3.15, 2.95)))
    alike = Layout((8, 7), percents("3.2", "3.2"), None, 2)
    assert alike.between()[0] == pytest.approx(0.0, abs=1e-12)
    apart = Layout((10, 10, 10), percents("1.0", "2.0", "3.0"), None, 3)
    # The middle group may stay in the middle: the outer ones draw nearer.
    assert apart.between()[0] == pytest.approx(10 * 0.95**2 * 2)
    assert apart.between()[0] < apart.between()[1]


def test_f_over_groups_from_their_means_and_the_spread_of_all() -> None:
    held = three()
    least, most = held.between()
    low, high = held.f_bounds() or (0.0, 0.0)
    total = [39 * sd**2 for sd in (0.495, 0.505)]
    assert low == pytest.approx((least / 2) / ((total[1] - least) / 37))
    assert high == pytest.approx((most / 2) / ((total[0] - most) / 37))
    some = Layout((8, 7), percents("3.2", "2.9"), Printed("0.50", 2), 3)
    assert (some.f_bounds() or (0.0, 0.0))[1] == float("inf")
    assert Layout((8, 7), percents("3.2", "2.9"), None, 2).f_bounds() is None


@pytest.mark.parametrize(
    ("effect", "seen"), [("0.29", 1), ("0.31", 0), ("0.45", 0), ("0.53", 0), ("0.54", 1)]
)
def test_effects_within_their_bounds_are_left(effect: str, seen: int) -> None:
    assert len(means("3.20", "3.00", "2.94", effect=effect)) == seen


@pytest.mark.parametrize(
    ("values", "seen"),
    [(("3.20", "3.00", "2.94"), 0), (("3.20", "3.00", "2.95"), 0), (("3.20", "3.00", "2.96"), 1)],
)
def test_group_means_that_give_the_overall_mean(values: tuple[str, ...], seen: int) -> None:
    assert [f.key for f in means(*values)] == ["groups_mean"] * seen


# Tables from tables.


def test_a_table_that_follows_gives_no_finding() -> None:
    assert told(linked(["B|1|x|a|percent|38|percent", "B|2|y|a|percent|30|percent"])) == []
    assert told(linked(["B|1|x|a|percent|30|percent", "B|2|y|a|percent|23|percent"])) == []


def test_a_table_of_counts_and_bases_follows_its_source() -> None:
    link = {"table": "B", "kind": "choice", "source": {"a": "A"}, "rows": {"1": 1, "2": [2, 3]}}
    assert told(chosen(["B|1|x|a|count|8|count", "B|2|y|a|count|32|count",
                        "B|0|base|a|n|40|count"], linked=[link])) == []  # fmt: skip
    assert told(chosen(["B|1|x|a|count|9|count", "B|2|y|a|count|32|count",
                        "B|0|base|a|n|41|count"], linked=[link])) == [
        ("same_fact", "B", 1, "9", "8", "certain"),
        ("same_fact", "B", 0, "41", "40", "certain"),
    ]  # fmt: skip
    without = link | {"rows": {"1": 1, "2": 2}, "without": [3]}
    assert told(chosen(["B|1|x|a|percent|53.3|percent", "B|2|y|a|percent|46.7|percent",
                        "B|0|base|a|n|15|count"], linked=[without])) == []  # fmt: skip
    assert told(chosen(["B|1|x|a|percent|53.3|percent", "B|2|y|a|percent|46.7|percent",
                        "B|0|base|a|n|40|count"], linked=[without]))[-1] == (
        "same_fact", "B", 0, "40", "15", "certain",
    )  # fmt: skip


def test_rows_into_which_an_answer_is_divided() -> None:
    link = {
        "table": "B",
        "kind": "choice",
        "source": {"a": "A"},
        "rows": {},
        "split": {"3": [1, 2]},
    }

    def found(first: str, second: str) -> list[Told]:
        return told(chosen([f"B|1|x|a|percent|{first}|percent",
                            f"B|2|y|a|percent|{second}|percent"], linked=[link]))  # fmt: skip

    assert found("50", "13") == found("50", "12") == []
    assert found("50", "20") == [("derived_division", "B", 2, "20", "13", "certain")]
    assert found("51", "13") == [("grim_base", "B", 1, "51", "50 / 53", "certain")] or found(
        "51", "13"
    )[0][1:4] == ("B", 1, "51")
    alone = chosen(["B|1|x|a|percent|50|percent"], linked=[link | {"split": {"3": [1]}}])
    assert told(alone) == [("derived_division", "B", 1, "50", "63", "certain")]


# Text from tables.


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"value": "20"}, []),
        ({"value": "21"}, [("stated", "21", "20", "certain")]),
        ({"value": "21", "qualifier": "ongeveer"}, []),
        ({"value": "21", "note": "category=one; 2014"}, []),
        ({"value": "8", "kind": "count"}, []),
        ({"value": "7", "kind": "count"}, [("counted", "7", "8", "certain")]),
        ({"value": "7", "kind": "count", "note": "category=one; caption"}, []),
        ({"value": "40", "kind": "count", "note": "category=base"}, []),
        ({"value": "39", "kind": "count", "note": "category=base"},
         [("counted", "39", "40", "certain")]),
        ({"value": "3", "kind": "count", "note": "category=groups"}, []),
        ({"value": "4", "kind": "count", "note": "category=groups"},
         [("counted", "4", "3", "certain")]),
        ({"value": "4", "kind": "count", "note": "category=five"}, []),
    ],
)  # fmt: skip
def test_statements_on_a_question_with_counts(more: dict[str, str], expected: list[Any]) -> None:
    said = {"sector": "a", "kind": "percent", "var1": "model", "note": "category=one"} | more
    found = [(f.key, f.printed, f.expected, f.confidence) for f in chosen([], (said,))]
    assert found == expected


def test_complements_of_a_yes() -> None:
    rows = ("T|0|base|a|n|40|count", "T|1|x|a|percent|25|percent")
    meaning = {"respondents": {"a": 40}, "variables": {"x": {"a": "T#1"}, "z": {"a": "T#1"}},
               "complements": ["z"]}  # fmt: skip

    def found(var: str, value: str, note: str = "") -> list[tuple[str, str]]:
        said = {"sector": "a", "kind": "percent", "var1": var, "value": value, "note": note}
        return [(f.printed, f.expected) for f in findings(meaning, tables=table(*rows),
                                                         text=text(said))]  # fmt: skip

    assert found("x", "25") == found("x", "75", "category=no") == found("z", "75") == []
    assert found("x", "75") == [("75", "25")]
    assert found("x", "25", "category=no") == [("25", "75")]
    assert found("z", "25") == [("25", "75")]
    assert found("z", "25", "category=no") == []
    assert found("x", "12", "category=other") == []


# Marks.


def test_references_by_kind() -> None:
    heads = (
        "H2|heading|money|2|chapter", "2.1|heading|money|2.1|section",
        "3.1|heading|trust_people|3.1|section", "3.2|heading|trust|3.2|section",
        "Table 5|heading|x|5|table",
    )  # fmt: skip

    def found(subject: str, printed: str) -> list[tuple[str, str, str]]:
        held = findings(marks=marks(*heads, f"1.1|reference|{subject}|{printed}|"))
        return [(f.key, f.printed, f.expected) for f in held]

    assert found("trust", "section 3.2") == []
    assert found("trust", "section 3.9") == [("reference_nowhere", "section 3.9", "3.2")]
    assert found("trust", "section 2.1") == [("reference_astray", "section 2.1", "3.2")]
    assert found("trust_people_more", "section 3.2") == [
        ("reference_astray", "section 3.2", "3.1"),
    ]
    assert found("trust", "chapter 2") == [("reference_astray", "chapter 2", "H3")]
    assert found("money", "chapter 2") == []
    assert found("trust", "chapter 7") == [("reference_nowhere", "chapter 7", "H3")]
    assert found("unknown", "section 2.1") == []
    assert found("x", "table 6") == [("reference_nowhere", "table 6", "")]
    assert found("x", "table 5") == []
    assert found("x", "figure 9") == []


def test_one_of_two_like_labels_is_wrong() -> None:
    def found(*labels: str) -> list[tuple[str, str]]:
        rows = [f"B|scale_label|s|{label}|" for label in labels]
        heads = ["C|scale_label|t|never so/hardly so/at times/always so|"]
        return [(f.printed, f.expected) for f in findings(marks=marks(*rows, *heads))]

    assert found("never so (1)", "hardly so (2)", "always so (4)") == []
    assert found("not so (1)", "not so (4)", "often so (3)") == [("not so (4)", "always so (4)")]
    assert found("so (1)", "not often so (2)", "so (4)") == [("so (1)", "never so (1)")]
    assert found("so (1)", "so (9)") == [("so (9)", "")]
    assert found("so (1)", "so (1)") == []


def test_figures_named_once_a_place() -> None:
    says = [
        {"kind": "count", "value": "4", "locator": at, "note": f"figuur {number}"}
        for at, number in (("4", "4.5"), ("4", "4.6"), ("4", "4.6"), ("5", "4.6"))
    ]
    found = findings({"figures": ["4.1", "4.5"]}, text=text(*says))
    assert [(f.key, f.place.locator) for f in found] == [
        ("figure_nowhere", "4"), ("figure_nowhere", "5"),
    ]  # fmt: skip
    assert "4.1-4.5" in found[0].sentence("en")


# Relations and rankings.


@pytest.mark.parametrize(
    ("kind", "value", "word", "expected"),
    [
        ("r", "0.39", "klein", ""), ("r", "0.41", "klein", "middelgroot"),
        ("r", "0.19", "matig", "klein"), ("r", "0.51", "medium", "large"),
        ("r", "0.39", "sterk", "middelgroot"), ("r", "0.41", "sterk", ""),
        ("r", "-0.45", "large", ""), ("effect_size", "0.49", "small", ""),
        ("effect_size", "0.51", "small", "medium"), ("effect_size", "0.64", "large", "medium"),
        ("effect_size", "0.81", "matige", "groot"), ("r", "0.05", "klein tot groot", ""),
    ],
)  # fmt: skip
def test_words_for_the_size_of_relations(kind: str, value: str, word: str, expected: str) -> None:
    found = [f.expected for f in survey(shown(kind, value, "", qualifier=word))]
    assert found == ([expected] if expected else [])


def test_relations_are_counted_by_their_family() -> None:
    def found(value: str, **more: str) -> list[tuple[str, str, str]]:
        count = {"sector": "a", "kind": "count", "var1": "gaps", "var2": "y", "value": value,
                 "note": "category=related"} | more  # fmt: skip
        held = survey(
            shown("r", "0.50", "0.000", var1="gap_1"), shown("r", "0.50", "0.000", var1="gap_2"),
            shown("r", "0.01", "0.940", var1="gap_3"),
            shown("r", "0.50", "0.000", var1="gap_4", var2="z"),
            shown("r", "0.50", "0.000", var1="other_4"), count,
        )  # fmt: skip
        return [(f.key, f.expected, f.confidence) for f in held]

    assert found("2") == []
    assert found("1") == [("related_count", "2", "likely")]
    assert found("3") == [("related_count", "2", "possible")]
    assert found("3", sector="both") == [("related_count", "2", "possible")]
    assert found("3", sector="b") == []


def test_rows_named_the_most() -> None:
    def found(first: str, second: str, note: str = "T#1") -> list[tuple[str, str, str]]:
        rows = (f"T|1|one|a|percent|{first}|percent", f"T|2|two|a|percent|{second}|percent",
                "T|3|Total|a|percent|100|percent")  # fmt: skip
        held = findings({"respondents": {"a": 60}}, tables=table(*rows),
                        marks=marks(f"1.1|ranking|x|most|{note}"))  # fmt: skip
        return [(f.key, f.expected, f.confidence) for f in held if f.check == "ranking"]

    assert found("40", "41") == []
    assert found("40", "43") == [("ranking", "two", "likely")]
    assert found("40.0", "40.3") == [("ranking", "two", "possible")]
    assert found("40", "43", "T#1; T#2") == []
    assert found("40", "43", "T#1; U#2") == []


def test_a_relation_called_absent_and_printed() -> None:
    def found(**more: str) -> list[str]:
        absent = shown("ns", "", "") | more
        return [f.key for f in survey(shown("r", "0.50", "0.000", locator="fn 2"), absent)]

    assert found() == found(var1="y", var2="x") == ["ns_contradicted"]
    assert found(sector="b") == found(var1="z") == found(note="2014") == []


# Numbers that no data give.


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("r", "1.00", 0), ("r", "1.01", 1), ("r", "-1.01", 1), ("r", "1", 0), ("t", "-9.00", 0),
        ("F", "-0.00", 0), ("F", "-0.10", 1), ("chi2", "-0.10", 1), ("sd", "-0.1", 1),
        ("alpha", "-0.20", 0), ("alpha", "1.00", 0), ("alpha", "1.01", 1), ("percent", "100", 0),
        ("percent", "101", 1), ("percent", "-1", 1), ("count", "-1", 1), ("count", "0", 0),
        ("mean", "-3.0", 0), ("effect_size", "1.40", 0),
    ],
)  # fmt: skip
def test_a_statistic_lies_where_its_kind_can(kind: str, value: str, seen: int) -> None:
    assert len(survey(shown(kind, value, ""))) == seen


@pytest.mark.parametrize(("p", "seen"), [("1.000", 0), ("1.2", 1), ("-0.01", 1), ("<1.5", 1)])
def test_a_p_lies_between_0_and_1(p: str, seen: int) -> None:
    found = [f for f in survey(shown("effect_size", "0.50", p)) if f.check == "impossible"]
    assert len(found) == seen


def test_an_impossible_statistic_has_no_p_to_exchange() -> None:
    found = survey(
        shown("r", "1.32", "0.010", df2="20"), shown("t", "2.5", "<.001", df2="43", var1="z")
    )
    assert [f.key for f in found] == ["impossible_range", "p_differs"]


def test_an_impossible_statistic_and_its_impossible_p_are_both_named() -> None:
    found = survey(shown("chi2", "-4.0", "1.2", df1="0"))
    assert [f.printed for f in found] == ["-4.0", "p = 1.2", "df1 = 0"]


def test_a_mean_off_its_scale_is_named_once() -> None:
    rows = [f"B|1|x|a|{m}|{v}|score" for m, v in
            (("mean", "5.2"), ("sd", "4.0"), ("n", "10"), ("low", "1"), ("high", "5"))]  # fmt: skip
    found = findings(tables=table(*rows))
    assert told(found) == [("impossible_range", "B", 1, "5.2", "1 - 5", "certain")]


def test_a_base_beside_a_mean_is_that_row_s_own() -> None:
    rows = ["B|1|x|a|percent|51|percent", "B|2|y|a|mean|3.50|score", "B|2|y|a|n|30|count"]
    assert findings(tables=table(*rows)) == []
    own = ["B|1|x|a|percent|51|percent", "B|1|x|a|n|30|count", "B|2|y|a|percent|50|percent",
           "B|2|y|a|n|2|count"]  # fmt: skip
    assert [(f.key, f.place.row_no) for f in findings(tables=table(*own))] == [("grim_base", 1)]


def test_a_broken_base_is_no_base() -> None:
    rows = ["B|0|base|a|n|45.5|count", "B|1|x|a|percent|51|percent", "B|2|y|a|percent|49|percent"]
    assert [f.key for f in findings(tables=table(*rows))] == ["impossible_count"]


def test_dutch_sentences_have_decimal_commas_but_places_keep_their_points() -> None:
    (found,) = survey(shown("F", "1.29", "0.049", df1="2", df2="120"), respondents=200)
    assert found.sentence("nl").startswith("Bij df = (2, 120) hoort")
    assert "p = 0,279" in found.sentence("nl")
    assert "p = 0.279" in found.sentence("en")
    same = Finding(found.place, "same_fact", "1", "0.58", "same_fact", "certain", {"where": "2.1"})
    assert "0,58" in same.sentence("nl")
    assert "2.1" in same.sentence("nl")
