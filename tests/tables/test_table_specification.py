"""Reading table files: what holds, and every fault with its text."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from bakery import HEAD
from hypothesis import given
from hypothesis import strategies as st

from swvtypes.errors import TableError
from swvtypes.tables import TableSet, TableSpec, load_tables, parse_tables
from swvtypes.tables.specification import tables_from

Make = Callable[[str], TableSpec]
GRADES = """
kind = "grades"
columns = [{measure = "m", statistic = "mean"}]
rows = [{no = 1, variable = "grade"}]
"""
TITLE = 'title = {nl = "T", en = "T"}\n'


def faults_of(call: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(TableError) as caught:
        call()
    return caught.value.faults


def test_a_specification_is_frozen(make_table: Make) -> None:
    spec = make_table(GRADES)
    with pytest.raises(FrozenInstanceError):
        spec.locator = "other"  # type: ignore[misc]
    assert spec.base.rule == "answered"
    assert spec.arithmetic == "counts"


def test_a_file_is_read_from_a_path_and_found_by_locator(
    tmp_path: Path, make_tables: Callable[..., TableSet]
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        f'{HEAD}[[tables]]\nlocator = "Table 1"\nchapter = "1"\n{TITLE}{GRADES}', encoding="utf-8"
    )
    tables = load_tables(path)
    assert tables.table("Table 1").kind == "grades"
    assert faults_of(lambda: tables.table("Table 9")) == ("no table 'Table 9'; known: 'Table 1'",)


def test_an_absent_or_unreadable_file_is_named(tmp_path: Path) -> None:
    (fault,) = faults_of(lambda: load_tables("no_such_report"))
    assert "expected tables/no_such_report.toml" in fault
    (fault,) = faults_of(lambda: load_tables(tmp_path / "absent.toml"))
    assert fault.startswith("expected a readable file in UTF-8")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    (fault,) = faults_of(lambda: load_tables(tmp_path / "latin.toml"))
    assert fault.startswith("expected a readable file in UTF-8")


def test_text_that_is_no_toml_is_refused() -> None:
    (fault,) = faults_of(lambda: parse_tables("a = [", "x"))
    assert fault.startswith("expected TOML: ")


def test_column_sets_are_filled_in(make_tables: Callable[..., TableSet]) -> None:
    shared = '[[column_sets]]\nid = "m"\ncolumns = [{measure = "m", statistic = "mean"}]\n'
    body = GRADES.replace('columns = [{measure = "m", statistic = "mean"}]', 'column_set = "m"')
    text = f'{shared}[[tables]]\nlocator = "Table 1"\nchapter = "1"\n{TITLE}{body}'
    (column,) = make_tables(text).tables[0].columns
    assert column.statistic == "mean"


def test_what_entries_must_agree_on_is_listed_together(
    make_tables: Callable[..., TableSet],
) -> None:
    one = f'[[tables]]\nlocator = "Table 1"\nchapter = "9"\n{TITLE}{GRADES}'
    two = one.replace('columns = [{measure = "m", statistic = "mean"}]', 'column_set = "nowhere"')
    shared = '[[column_sets]]\nid = "m"\ncolumns = [{measure = "m", statistic = "mean"}]\n' * 2
    assert faults_of(lambda: make_tables(shared + one + two)) == (
        "table 'Table 1': expected once, stands more than once",
        "column set 'm': expected once, stands more than once",
        "Table 1: no chapter '9'",
        "Table 1: no chapter '9'",
        "Table 1: no column set 'nowhere'",
    )


def test_every_faulty_key_is_named_with_its_table(make_table: Make) -> None:
    found = faults_of(
        lambda: make_table("""
kind = "pie"
colour = "red"
base = {rule = "answered", reasons = ["x"]}
columns = [{measure = "m", statistic = "mode"}]
rows = [{no = -1, variable = "grade"}]
""")
    )
    assert len(found) == 5
    assert all(fault.startswith("Table 1.") for fault in found)
    text = "\n".join(found)
    assert "Table 1.kind: expected 'distribution', 'multi_response', " in text
    assert "'mean_composition' or 'grades', got 'pie'" in text
    assert "Table 1.colour: unknown key; did you mean 'column_set'?" not in text
    assert "Table 1.colour: unknown key; known are locator, chapter, kind, title, " in text
    assert "Table 1.base: reasons: expected with the rule 'answered_or', and only then" in text
    assert "Table 1.rows.0.no: expected at least 0, got -1" in text


def test_faults_of_entries_are_in_plain_words() -> None:
    """None of them in the words of the library that checks."""
    text = """
schema_version = 2
id = 3
codebook = "Wrong name"
[title]
nl = ""
[[chapters]]
id = "No 1"
lable = {nl = "a", en = "b"}
[[tables]]
chapter = "1"
kind = "grades"
rows = []
"""
    with pytest.raises(TableError) as caught:
        parse_tables(text)
    said = "\n".join(caught.value.faults)
    for line in (
        "schema_version: this release reads version 1, got 2",
        "id: expected a text in quotes, got 3",
        "codebook: expected small letters, digits and underscores, with a letter in front, got",
        "title.nl: expected a text, not an empty one, got ''",
        "title.en: expected a value, found none",
        "chapters.0.id: expected small letters, digits and underscores, got 'No 1'",
        "chapters.0.lable: unknown key; did you mean 'label'?",
        "table 1.locator: expected a value, found none",
        "table 1.rows: expected at least 1 entry, got []",
    ):
        assert line in said, line
    for word in ("Input", "Field", "Extra", "Value error", "Tuple", "String", "not as expected"):
        assert word not in said


def test_entries_are_checked_among_themselves_even_beside_a_malformed_one(
    make_tables: Callable[..., TableSet],
) -> None:
    one = f'[[tables]]\nlocator = "Table 1"\nchapter = "9"\n{TITLE}{GRADES}'
    bad = one.replace("Table 1", "Table 2").replace('"grades"', '"pie"')
    found = faults_of(lambda: make_tables(bad + one))
    assert found[0].startswith("Table 2.kind: expected 'distribution', ")
    assert found[1:] == ("Table 1: no chapter '9'",)


def test_categories_belong_to_their_rule(make_table: Make) -> None:
    body = GRADES + 'base = {rule = "categories"}\n'
    (fault,) = faults_of(lambda: make_table(body))
    assert "codes: expected with the rule 'categories', and only then" in fault


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'base = {rule = "asked"}' + GRADES,
            ["why: expected, as base or arithmetic depart from the defaults"],
        ),
        (
            'rounded_base = {rule = "answered"}' + GRADES,
            ["rounded_base: expected only with the arithmetic 'rounded_percentages'"],
        ),
        (
            'arithmetic = "rounded_percentages"\nwhy = {nl = "a", en = "a"}' + GRADES,
            ["arithmetic: 'rounded_percentages' is not defined for 'grades'"],
        ),
        (
            'composition = "flour"\nvariable = "grade"' + GRADES,
            [
                "composition: expected with the kind 'mean_composition', and only then",
                "variable: expected only with the kind 'distribution'",
            ],
        ),
        (
            GRADES.replace("no = 1,", "no = 1, holds_base = true,"),
            [
                "holds_base: expected with a column of the statistic 'base', and only then",
                "row 1: expected no variable, scale, codes or reasons beside total or holds_base",
            ],
        ),
        (
            GRADES.replace(
                'rows = [{no = 1, variable = "grade"}]',
                'rows = [{no = 1, variable = "grade"}, {no = 1, variable = "grade"}]',
            ).replace(
                "columns = [",
                'columns = [{measure = "m", statistic = "sd", only = [{sector="a", rows=[3]}]},',
            ),
            [
                "row 1: expected once, stands 2 times",
                "column 'm': expected once, stands 2 times",
                "column 'm', only: no row 3",
            ],
        ),
        (
            GRADES.replace('variable = "grade"', 'scale = "pride", codes = [1]'),
            [
                "row 1: variable: expected with the kind 'grades'",
                "row 1: scale: expected with the kind 'scale_summary', and only then",
                "row 1: codes and reasons: not expected with the kind 'grades'",
            ],
        ),
        (
            GRADES.replace('variable = "grade"', "total = true"),
            ["row 1: total: not defined for the kind 'grades'"],
        ),
        (
            'sectors = ["town"]'
            + GRADES.replace('variable = "grade"', 'variable = "grade", sectors = ["sea"]'),
            ["row 1: sector 'sea' is none of the table's"],
        ),
        (
            GRADES.replace('statistic = "mean"', "codes = [1]"),
            [
                "column 'm': statistic: expected one of max, mean, median, min, sd with the kind "
                "'grades', got 'percent'",
                "column 'm': codes or reasons: expected with 'likert_grid' and 'collapsed', "
                "only there",
            ],
        ),
        (
            'kind = "distribution"\ncolumns = [{measure = "m"}]\nrows = [{no = 1, variable = "v"}]',
            [
                "row 1: variable: not expected with the kind 'distribution'",
                "row 1: codes or reasons: expected with the kind 'distribution'",
                "column 'm': variable: expected on the table or on each column, on one of them",
            ],
        ),
        (
            'kind = "collapsed"\ncolumns = [{measure = "m", variable = "v", codes = [1], '
            'base = {rule = "asked"}}]\nrows = [{no = 1, variable = "v"}, '
            "{no = 2, holds_base = true}]",
            [
                "holds_base: expected with a column of the statistic 'base', and only then",
                "row 2: holds_base: not defined for the kind 'collapsed'",
                "column 'm': variable: expected only with the kind 'distribution'",
                "column 'm': why: expected, as the base departs from the default",
            ],
        ),
        (
            'kind = "collapsed"\narithmetic = "rounded_percentages"\nwhy = {nl = "a", en = "a"}\n'
            'columns = [{measure = "m", codes = [1], base = {rule = "answered"}}]\n'
            'rows = [{no = 1, variable = "v"}]',
            ["column 'm': base: not defined beside the arithmetic 'rounded_percentages'"],
        ),
    ],
)
def test_every_disagreement_inside_a_table_is_listed(
    make_table: Make, body: str, expected: list[str]
) -> None:
    found = faults_of(lambda: make_table(body))
    assert list(found) == [f"Table 1: {fault}" for fault in expected]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
)


def places(entry: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """List the way to every value inside."""
    found = [at] if at else []
    if isinstance(entry, dict):
        for key, inner in entry.items():
            found += places(inner, (*at, key))
    elif isinstance(entry, list):
        for index, inner in enumerate(entry):
            found += places(inner, (*at, index))
    return found


@given(data=st.data())
def test_no_damage_to_a_file_escapes_as_another_error(data: st.DataObject) -> None:
    raw = tomllib.loads(f'{HEAD}[[tables]]\nlocator = "Table 1"\nchapter = "1"\n{TITLE}{GRADES}')
    damaged = copy.deepcopy(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(places(damaged)))
        inside = damaged
        for step in way[:-1]:
            inside = inside[step]  # type: ignore[index]
        inside[way[-1]] = data.draw(JUNK)  # type: ignore[index]
    try:
        outcome = len(tables_from(damaged, "damaged"))
    except TableError as error:
        outcome = len(error.faults)
    assert outcome > 0
