"""Degrees of freedom against the number of respondents and of groups."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.statistics import KINDS, read_p
from swvtypes.auditing.valid import admissible_numbers

from .significance import PrintedTest


def check_freedom(record: Record) -> Iterator[Finding]:
    """Find tests with more degrees of freedom than respondents, or not those of their groups.

    ``F(df1, df2)`` compares df1 + 1 groups of df1 + df2 + 1 respondents.
    """
    for statement in record.statements:
        if KINDS.get(statement.kind) == "F" and statement.df1 and statement.df2:
            yield from _analysis_of_variance(record, statement)
        elif KINDS.get(statement.kind) in {"r", "t"} and statement.df2:
            yield from _two(record, statement)


def _groups(record: Record, statement: Statement) -> int | None:
    if statement.var2 == "sector":
        return len(record.sectors) or None
    for choice in record.meaning.choices:
        if choice.variable == statement.var2 and choice.partition:
            return len(choice.categories)
    return None


def _analysis_of_variance(record: Record, statement: Statement) -> Iterator[Finding]:
    if statement.df1 is None or statement.df2 is None:
        return
    if statement.df1.value.denominator != 1 or statement.df2.value.denominator != 1:
        return  # broken degrees of freedom (Welch) do not tell how many answered
    df1, df2 = int(statement.df1.value), int(statement.df2.value)
    groups = _groups(record, statement)
    shown = f"F({df1},{df2})"
    if groups is not None and df1 != groups - 1:
        yield Finding(
            statement.place, "degrees_of_freedom", shown, f"F({groups - 1},{df2})", "df_groups",
            "certain", {"groups": str(groups), "df1": str(df1)},
        )  # fmt: skip
        return
    numbers, known = admissible_numbers(record, statement)
    if numbers is None:
        return
    n = df1 + df2 + 1
    fitting = f"F({df1},{numbers[-1] - df1 - 1})"
    words = {"n": str(n), "most": str(numbers[-1])}
    if n > numbers[-1]:
        key = "df_too_many_p" if _same_p(statement, numbers[-1] - df1 - 1) else "df_too_many"
        yield Finding(statement.place, "degrees_of_freedom", shown, fitting, key, "certain", words)
    elif known and n < numbers[0]:
        yield Finding(
            statement.place, "degrees_of_freedom", shown, fitting, "df_too_few", "possible", words
        )


def _same_p(statement: Statement, df2: int) -> bool:
    """Say whether the printed p also belongs to the right degrees of freedom."""
    p = read_p(statement.p)
    if p is None or statement.printed is None or statement.df1 is None or df2 < 1:
        return False
    df1 = float(statement.df1.value)
    return PrintedTest(statement, "F", statement.printed, p, df1, df2).fits()


def _two(record: Record, statement: Statement) -> Iterator[Finding]:
    numbers, _ = admissible_numbers(record, statement)
    if statement.df2 is None or numbers is None:
        return
    df = float(statement.df2.value)
    if df > numbers[-1] - 1:
        kind = KINDS[statement.kind]
        yield Finding(
            statement.place, "degrees_of_freedom", f"{kind}({df:g})",
            f"{kind}({numbers[-1] - 2})", "df_too_many", "certain",
            {"n": f"{df + 2:g}", "most": str(numbers[-1])},
        )  # fmt: skip
