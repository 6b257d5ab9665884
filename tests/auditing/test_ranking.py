"""Words that call rows the most frequent are held to the table, and to no more than it says."""

from __future__ import annotations

import pytest
from audit_small import findings, marks, table

BASES = {"respondents": {"a": 60, "b": 40}}


def named(rows: str, *cells: str) -> list[str]:
    found = findings(BASES, tables=table(*cells), marks=marks(f"1.1|ranking|x|named most|{rows}"))
    return [f"{f.printed}>{f.expected}:{f.confidence}" for f in found if f.check == "ranking"]


def cells(*shares: tuple[int, int]) -> list[str]:
    return [
        f"T|{row}|row {row}|{sector}|percent|{share}|percent"
        for row, pair in enumerate(shares, start=1)
        for sector, share in zip("ab", pair, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ("T#1", [(70, 50), (50, 60), (20, 20)]),  # in order over both, not in b alone
        ("T#1; T#2", [(40, 60), (60, 40), (20, 20)]),  # two are named, in any order
        ("T#1", [(50, 50), (50, 51), (20, 20)]),  # rounding can hide the order
        ("T#1; S#1", [(10, 10), (50, 60)]),  # rows of two tables are not compared
        ("", [(10, 10), (50, 60)]),
    ],
)
def test_what_the_words_allow_is_no_finding(rows: str, shares: list[tuple[int, int]]) -> None:
    assert named(rows, *cells(*shares)) == []


def test_each_named_row_that_is_passed_is_a_finding() -> None:
    found = named("T#1; T#3", *cells((70, 50), (50, 60), (20, 20)))
    assert found == ["named most: row 3>row 2:likely"]
    near = named("T#1", *cells((50, 50), (52, 51), (20, 20)))
    assert near == ["named most: row 1>row 2:possible"]


def test_a_printed_base_weighs_more_than_the_number_of_respondents() -> None:
    lines = cells((40, 60), (50, 50))
    assert named("T#2", *lines) == []
    bases = ["T|0|n|a|n|10|count", "T|0|n|b|n|40|count"]
    assert named("T#2", *bases, *lines) == ["named most: row 2>row 1:likely"]
