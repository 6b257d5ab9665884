"""Where print allows several readings the audit says less, and where it allows none, more."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from audit_cases import FIVE, chosen, shown
from audit_small import findings, item, marks, record, table, text
from scipy import stats

from swvtypes.auditing import meaning_from
from swvtypes.auditing.finding import Finding, Place
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.scores import Item, Score
from swvtypes.auditing.valid import admissible_numbers, base_numbers
from swvtypes.auditing.words import describe, language_of, read_quantity
from swvtypes.errors import RecordError


def told(found: list[Finding]) -> list[tuple[str, str, int, str, str, str]]:
    return [
        (f.key, f.place.locator, f.place.row_no, f.printed, f.expected, f.confidence) for f in found
    ]


def test_a_table_may_count_two_things() -> None:
    link = {"table": "B", "kind": "choice", "source": {"a": "A"}, "rows": {"1": 1},
            "measure": "yes"}  # fmt: skip
    rows = ["B|1|x|a|yes|8|count", "B|1|x|a|count|9|count"]
    assert told(chosen(rows, linked=[link])) == [("same_fact", "B", 1, "9", "8", "certain")]


def test_an_answer_is_divided_only_where_its_count_and_all_parts_are_printed() -> None:
    link = {"table": "B", "kind": "choice", "source": {"a": "A"}, "rows": {}}
    rows = ["B|1|x|a|percent|50|percent", "B|2|y|b|percent|20|percent"]
    assert told(chosen(rows, linked=[link | {"split": {"3": [1, 2]}}])) == []
    both = ["B|1|x|a|percent|50|percent", "B|2|y|a|percent|20|percent"]
    assert told(chosen(both, linked=[link | {"split": {"4": [1, 2]}}])) == []


def f_of(first: int, second: int, n: int) -> float:
    return float(
        stats.f_oneway([1] * first + [0] * (n - first), [1] * second + [0] * (n - second)).statistic
    )


@pytest.mark.parametrize(("value", "right"), [(f_of(150, 156, 300), True), (9.0, False)])
def test_an_f_on_two_shares_with_several_counts(value: float, right: bool) -> None:
    rows = [f"A|1|x|{s}|percent|{p}|percent" for s, p in (("a", "50"), ("b", "52"))]
    rows += [f"A|0|base|{s}|n|300|count" for s in ("a", "b")]
    meaning = {"respondents": {"a": 300, "b": 300}, "variables": {"x": {"a": "A#1", "b": "A#1"}}}
    p = float(stats.f.sf(value, 1, 598))
    says = shown("F", f"{value:.2f}", f"{p:.3f}", df1="1", df2="598", sector="both", var2="sector")
    found = findings(meaning, tables=table(*rows), text=text(says))
    if right:
        assert found == []
        return
    (only,) = found
    assert (only.key, only.printed, only.confidence) == ("groups_counts", "F = 9.00", "likely")
    possible = dict.fromkeys(
        f"{f_of(one, other, 300):.2f}" for one in (149, 150, 151) for other in (155, 156, 157)
    )
    assert only.expected == " / ".join(possible)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("tabel", "table"), ("table", "table"), ("figuur", "figure"), ("Figure", "figure"),
        ("grafiek", "figure"), ("paragraaf", "section"), ("section", "section"),
        ("\N{SECTION SIGN}", "section"), ("bijlage", "appendix"), ("appendix", "appendix"),
        ("hoofdstuk", "chapter"), ("chapter", "chapter"), ("H", "chapter"),
    ],
)  # fmt: skip
def test_words_for_places_in_both_languages(word: str, kind: str) -> None:
    head = f"{kind} 3|heading|x|3|{kind}"
    space = "" if word == "H" else " "

    def found(number: int) -> list[str]:
        held = findings(marks=marks(head, f"1.1|reference|money|{word}{space}{number}|"))
        return [f.key for f in held]

    assert found(9) == ["reference_nowhere"]
    assert found(3) == []


def test_an_appendix_is_found_by_the_answers_it_prints() -> None:
    held = findings(
        marks=marks(
            "Appendix 2|heading|x|2|appendix", "Appendix 2 a|scale_label|trust|no/yes|",
            "Appendix 1 a|scale_label|money|no/yes|", "1.1|reference|trust|appendix 4|",
        )
    )  # fmt: skip
    assert [(f.key, f.expected) for f in held] == [("reference_nowhere", "Appendix 2")]


def test_the_row_that_must_be_larger_is_named() -> None:
    """By the smallest that it can be, not by its middle or the largest."""
    rows = ("T|1|one|a|percent|39|percent", "T|2|two|a|percent|41|percent",
            "T|3|three|a|percent|41.2|percent")  # fmt: skip
    found = findings({"respondents": {"a": 60}}, tables=table(*rows),
                     marks=marks("1.1|ranking|x|most|T#1"))  # fmt: skip
    assert [f.expected for f in found if f.check == "ranking"] == ["three"]


GAPS = ((0, 2, 8, 6, 2, 2), (0, 4, 6, 6, 4, 0))


def spread_of(sd: str, mean: str = "") -> list[tuple[str, str]]:
    rows = [item("A", i, "a", counts, (*FIVE, "blank")) for i, counts in enumerate(GAPS, start=1)]
    rows += [[f"B|1|trust|a|sd|{sd}|score", "B|1|trust|a|alpha|0.70|alpha"]]
    rows += [[f"B|1|trust|a|mean|{mean}|score"]] if mean else []
    meaning = {
        "respondents": {"a": 20},
        "answers": {
            "five": {"measures": list(FIVE), "scores": [1, 2, 3, 4, 5], "missing": ["blank"]}
        },
        "scale": [
            {"variable": "trust", "table": "B", "names": ["i", "j"], "items": {"a": ["A#1", "A#2"]}}
        ],
    }
    found = findings(meaning, tables=table(*(line for part in rows for line in part)))
    return [(f.expected, f.confidence) for f in found if f.check == "spread"]


def test_a_spread_is_unlikely_before_it_is_impossible() -> None:
    items = [Item(dict(zip(range(1, 6), counts[:5], strict=True)), counts[5]) for counts in GAPS]
    held, alpha = Score(tuple(items), 20, 1, 5), Printed("0.70", 2)
    middle, low_mean = (held.spread_bounds(alpha, Fraction(m)) for m in ("3", "3.9"))
    usual = held.usual_spread(alpha)
    assert usual[1] + 0.02 < middle[1] < low_mean[1] - 0.02
    between = f"{(usual[1] + middle[1]) / 2:.3f}"
    assert spread_of(between) == [(f"{usual[0]:.3f} - {usual[1]:.3f}", "likely")]
    # A mean near the end of the range leaves more room for those with blanks.
    beyond = f"{(middle[1] + low_mean[1]) / 2:.3f}"
    assert spread_of(beyond) == [(f"{middle[0]:.3f} - {middle[1]:.3f}", "certain")]
    assert spread_of(beyond, "3.9") == [(f"{usual[0]:.3f} - {usual[1]:.3f}", "likely")]
    assert spread_of(f"{usual[1]:.3f}") == []


def test_complements_with_more_decimals_than_their_table() -> None:
    meaning = {"respondents": {"a": 30}, "variables": {"x": {"a": "T#1"}}}
    rows = ("T|0|base|a|n|30|count", "T|1|x|a|percent|17|percent")
    said = {"sector": "a", "kind": "percent", "var1": "x", "value": "83.0", "note": "category=no"}
    found = findings(meaning, tables=table(*rows), text=text(said))
    assert [(f.key, f.expected, f.confidence) for f in found] == [
        ("stated_twice", "83.3", "possible"),
    ]


def test_a_scale_of_another_sector_has_no_numbers() -> None:
    meaning = {
        "respondents": {"a": 40, "b": 20},
        "scale": [{"variable": "score", "names": ["i"], "items": {"a": ["A#1"]}}],
    }
    rows = item("A", 1, "a", (12, 20, 8), ("yes", "no", "blank"))
    assert base_numbers(record(meaning, tables=table(*rows)), "score", "b") is None


def test_notes_are_parted_at_their_semicolons() -> None:
    said = {"kind": "percent", "value": "4", "note": " category=one ;; 2014;"}
    (statement,) = record(text=text(said)).statements
    assert statement.notes == ("category=one", "2014")
    assert statement.category == "one"
    assert statement.elsewhere


def test_faults_of_a_meaning_are_told_under_its_name() -> None:
    with pytest.raises(RecordError, match=r"^meaning: "):
        meaning_from({"schema": 2})


@pytest.mark.parametrize(
    ("percent", "nl", "en"),
    [
        (10, "een tiende", "a tenth"), (12.5, "een achtste", "an eighth"),
        (16.7, "een zesde", "a sixth"), (20, "een vijfde", "a fifth"),
        (25, "een kwart", "a quarter"), (33.3, "een derde", "a third"),
        (40, "twee vijfde", "two fifths"), (50, "de helft", "half"),
        (60, "drie vijfde", "three fifths"), (66.7, "twee derde", "two thirds"),
        (75, "driekwart", "three quarters"), (80, "vier vijfde", "four fifths"),
        (90, "negen tiende", "nine tenths"), (100, "alle", "all"),
        (50.4, "de helft", "half"), (50.6, "ruim de helft", "just over half"),
        (49.4, "bijna de helft", "nearly half"), (54, "ruim de helft", "just over half"),
        (54.5, "ongeveer de helft", "about half"), (4, "ongeveer een tiende", "about a tenth"),
    ],
)  # fmt: skip
def test_numbers_in_words(percent: float, nl: str, en: str) -> None:
    found = describe(percent)
    assert (found.nl, found.en) == (nl, en)
    assert language_of(en) == "en"
    assert language_of(nl) == "nl"


def test_statements_as_ranges() -> None:
    said = (
        {"kind": "percent", "value": "19"}, {"kind": "percent", "qualifier": "een kwart"},
        {"kind": "percent", "value": "75", "qualifier": "ruim"}, {"kind": "mean", "value": "3"},
        {"kind": "percent", "value": "20", "qualifier": "een kwart"},
    )  # fmt: skip
    number, words, near, other, both = map(read_quantity, record(text=text(*said)).statements)
    assert number is not None
    assert (number.low, number.high, number.text) == (18.5, 19.5, "19%")
    assert words is not None
    assert words.low <= 25 <= words.high
    assert words.text == "een kwart"
    assert near is not None
    assert near.text == "ruim 75%"
    assert near.high > 75
    assert other is None
    assert both is not None
    assert both.text == "20%"
    assert not number.meets(words)
    assert number.meets(both) == (both.low <= 19.5)
    assert number.gap(words) == words.gap(number) == pytest.approx(words.low - 19.5)
    assert words.gap(words) == 0.0


def summed(*says: dict[str, str]) -> list[Finding]:
    meaning = {"arithmetic": [{"id": "1", "operation": "sum", "of": ["2", "3"]}]}
    if says:
        return findings(meaning, text=text(*says))
    return findings(meaning, tables=table("T|1|x|a|mean|3|score"))


def test_sums_of_what_is_not_printed_are_left() -> None:
    number, words = {"kind": "total", "value": "5"}, {"kind": "total", "qualifier": "enkele"}
    assert summed(number, number, words) == []
    assert summed(words, number, number) == []
    assert summed() == []
    assert [f.expected for f in summed(number, number, number)] == ["10"]


def test_a_margin_is_worked_out_to_its_printed_decimals() -> None:
    def found(value: str) -> list[str]:
        meaning = {"arithmetic": [{"id": "1", "operation": "margin", "of": ["2", "3"]}]}
        says = ({"kind": "total", "value": v} for v in (value, "136", "151"))
        return [f.expected for f in findings(meaning, text=text(*says))]

    correction = (15 / 150) ** 0.5
    exact = 100 * float(stats.norm.ppf(0.975)) * (0.25 / 136) ** 0.5 * correction
    assert found(f"{exact:.5f}") == []
    assert found(f"{exact + 0.00002:.5f}") == [f"{exact:.5f}"]


@pytest.mark.parametrize(
    ("n", "percent", "expected"),
    [(10, "3", "0 / 10"), (10, "98", "90 / 100"), (1, "40", "0 / 100")],
)
def test_the_nearest_percentages_at_the_ends(n: int, percent: str, expected: str) -> None:
    rows = (f"T|0|base|a|n|{n}|count", f"T|1|x|a|percent|{percent}|percent")
    assert [f.expected for f in findings(tables=table(*rows))] == [expected]


def test_a_base_that_was_designed_says_nothing_of_percentages() -> None:
    columns = ["id", "locator", "subject", "value", "decimals", "unit", "n_base", "instrument",
               "qualifier", "note"]  # fmt: skip
    rows = [
        (str(i), "1", "x", 18.0, "0", "percent", "52", instrument, "", "")
        for i, instrument in enumerate(("design", "survey"), start=1)
    ]
    found = findings(text=pd.DataFrame(rows, columns=columns))
    assert [(f.place.part, f.place.sector, f.confidence) for f in found] == [("2", "", "likely")]


@pytest.mark.parametrize(("effect", "seen"), [("0.00", 1), ("0.30", 0), ("0.70", 1)])
def test_an_effect_among_all_groups_is_that_of_some_two(effect: str, seen: int) -> None:
    says = [
        {"sector": "a", "kind": "mean", "var1": "trust", "var2": "model", "value": v,
         "note": f"category={c}"}
        for c, v in (("one", "3.20"), ("two", "3.00"), ("three", "2.94"))
    ]  # fmt: skip
    says += [
        {"sector": "a", "kind": "sd", "var1": "trust", "value": "0.50"},
        {"sector": "a", "kind": "effect_size", "var1": "trust", "var2": "model", "value": effect},
    ]
    assert [f.key for f in chosen([], tuple(says))] == ["groups_effect"] * seen


@pytest.mark.parametrize(("effect", "seen"), [("0.00", 0), ("0.10", 0), ("2.50", 1)])
def test_groups_that_may_be_equal_may_have_no_effect(effect: str, seen: int) -> None:
    says = [
        {"sector": "a", "kind": "mean", "var1": "trust", "var2": "model", "value": v,
         "note": f"category={c}"}
        for c, v in (("one", "3.2"), ("two", "3.2"), ("three", "2.9"))
    ]  # fmt: skip
    says += [
        {"sector": "a", "kind": "sd", "var1": "trust", "value": "0.50"},
        {"sector": "a", "kind": "effect_size", "var1": "trust", "var2": "model", "value": effect,
         "note": "category=one_against_two"},
    ]  # fmt: skip
    assert [f.key for f in chosen([], tuple(says))] == ["groups_effect"] * seen


def test_p_above_a_bound_is_no_significance() -> None:
    says = (
        shown("r", "0.50", ">.01", var1="gap_1"), shown("r", "0.50", "0.000", var1="gap_2"),
        {"sector": "a", "kind": "count", "var1": "gaps", "var2": "y", "value": "1",
         "note": "category=related"},
    )  # fmt: skip
    assert [f.key for f in findings(text=text(*says))] == []


def test_the_one_number_that_a_correlation_implies() -> None:
    meaning = {"respondents": {"a": 60}, "variables": {v: {"a": "T#1"} for v in "xy"}}
    rows = ("T|0|base|a|n|60|count", "T|1|x|a|percent|50|percent")
    says = text(shown("r", "0.249", "0.057"))
    (found,) = findings(meaning, tables=table(*rows), text=says)
    assert found.key == "implied_n"
    assert "n = 59," in found.sentence("en")


def test_ends_of_a_range_in_words_are_left_each_on_its_own() -> None:
    rows = ("T|1|x|a|percent|67|percent", "T|2|y|a|percent|78|percent")
    says = ({"kind": "percent", "qualifier": "ruim"}, {"kind": "percent", "value": "75"})
    found = findings({"range": [{"low": "1", "high": "2", "cells": ["T#1-2"]}]},
                     tables=table(*rows), text=text(*says))  # fmt: skip
    assert [(f.key, f.expected) for f in found] == [("range_high", "78")]


def test_the_row_of_a_battery_that_does_not_add_up_is_named() -> None:
    answers = {"answers": {"yn": {"measures": ["yes", "no"], "scores": [1, 2]}}}
    rows = [
        f"T|{row}|x|a|{answer}|{value}|percent"
        for row, values in ((1, (40, 60)), (2, (40, 50)))
        for answer, value in zip(("yes", "no"), values, strict=True)
    ]
    found = findings(answers, tables=table(*rows))
    assert [(f.key, f.place.row_no) for f in found] == [("totals_row", 2)]


def test_a_sector_has_one_respondent_at_least() -> None:
    with pytest.raises(RecordError, match="respondents: expected a whole number above 0"):
        meaning_from({"respondents": {"a": 0}})
    assert meaning_from({"respondents": {"a": 1}}).respondents == {"a": 1}


def test_scores_of_a_dozen_items_are_listed() -> None:
    one = Item({1: 1, 2: 1}, 0)
    assert Score((one,) * 12, 2, 1, 2).attainable == {Fraction(12 + i, 12) for i in range(13)}


def test_a_test_of_few_respondents_rests_on_three_at_least() -> None:
    meaning = {"respondents": {"a": 6}, "variables": {"x": {"a": "T#1"}}}
    held = record(meaning, tables=table("T|0|base|a|n|6|count", "T|1|x|a|percent|50|percent"),
                  text=text(shown("r", "0.2", "0.2")))  # fmt: skip
    assert admissible_numbers(held, held.statements[0]) == (range(3, 7), False)


def test_a_place_outside_tables_has_row_nought() -> None:
    assert Place("2.1") == Place("2.1", 0, "", "")
