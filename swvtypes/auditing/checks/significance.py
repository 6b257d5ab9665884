"""p recomputed from the statistic and its degrees of freedom, or from r and n.

Nuijten, M. B. et al. (2016). The prevalence of statistical reporting errors in psychology.
*Behavior Research Methods*, 48, 1205-1226.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.statistics import (
    KINDS,
    PrintedP,
    can_be,
    degrees,
    p_range,
    p_value,
    read_p,
    statistic_for,
)
from swvtypes.auditing.valid import admissible_numbers

_LEAST_N = 4


@dataclass(frozen=True)
class PrintedTest:
    """A printed test whose p can be recomputed."""

    statement: Statement
    kind: str
    printed: Printed
    p: PrintedP
    df1: float
    df2: float
    n: int | None = None

    def fits(self, p: PrintedP | None = None, units: float = 0.0) -> bool:
        """Say whether its p (or another) is that of its statistic."""
        return (p or self.p).overlaps(
            *p_range(self.kind, self.printed, self.df1, self.df2), units=units
        )

    @property
    def computed(self) -> float:
        """The p of the statistic as printed."""
        return p_value(self.kind, abs(float(self.printed.value)), self.df1, self.df2)

    def at(self, n: int) -> PrintedTest:
        """Give the same r with another number of respondents."""
        return PrintedTest(self.statement, self.kind, self.printed, self.p, 0.0, n - 2, n)


def check_significance(record: Record) -> Iterator[Finding]:
    """Find p-values that their own statistic does not give."""
    misfits: list[tuple[PrintedTest, Finding]] = []
    for statement in record.statements:
        found = _judge(record, statement)
        if found is not None:
            misfits.append(found)
    exchanged = _exchanged([test for test, _ in misfits])
    for test, finding in misfits:
        other = exchanged.get(test.statement.id)
        yield finding if other is None else Finding(
            finding.place, "exchanged", finding.printed, f"p = {other.p.text}", "exchanged_p",
            "certain", {"other": other.statement.var1},
        )  # fmt: skip


def printed_tests(record: Record, statement: Statement) -> list[PrintedTest]:
    """Give the test at every number of respondents that it may rest on; empty for no test."""
    kind, p = KINDS.get(statement.kind), read_p(statement.p)
    if kind is None or p is None or statement.printed is None:
        return []
    if not can_be(kind, statement.printed):
        return []  # no p belongs to it
    df = degrees(statement)
    if df is not None:
        n = statement.n
        return [PrintedTest(statement, kind, statement.printed, p, *df, n)]
    if kind != "r":
        return []
    numbers, _ = admissible_numbers(record, statement)
    base = PrintedTest(statement, kind, statement.printed, p, 0.0, 0.0)
    return [base.at(n) for n in numbers if n >= _LEAST_N] if numbers else []


def _judge(record: Record, statement: Statement) -> tuple[PrintedTest, Finding] | None:
    tests = printed_tests(record, statement)
    if not tests or any(test.fits() for test in tests):
        return None
    test = tests[-1]
    smaller = [n for n in range(_LEAST_N, tests[0].n or 0) if tests[0].at(n).fits()]
    implied = test.kind == "r" and smaller and statement.df2 is None and statement.df1 is None
    if implied and test.fits(units=1.0):
        return test, _implied(test, smaller)
    if test.fits(units=0.5):
        return test, _finding(test, "p_near", "possible")
    if test.p.sign == "=" and _one_sided(test):
        return test, _finding(test, "p_one_sided", "possible")
    if implied and test.n is not None and max(smaller) * 2 > test.n:
        return test, _implied(test, smaller)
    return test, _finding(test, "p_differs", "certain")


def _one_sided(test: PrintedTest) -> bool:
    low, high = p_range(test.kind, test.printed, test.df1, test.df2)
    return test.kind in {"r", "t"} and test.p.overlaps(low / 2, high / 2)


def _shown_p(p: float, decimals: int) -> str:
    places = max(3, decimals)
    return "< 0.001" if p < 0.0005 and places == 3 else f"{p:.{places}f}"


def _finding(test: PrintedTest, key: str, confidence: str) -> Finding:
    wanted = f"p = {_shown_p(test.computed, test.p.number.decimals)}"
    if test.p.sign == "=" and test.p.number.value > 0:
        other = statistic_for(test.kind, float(test.p.number.value), test.df1, test.df2)
        wanted += f" / {test.kind} = {other:.{test.printed.decimals}f}"
    return Finding(
        test.statement.place,
        "p_value",
        f"{test.kind} = {test.printed.text}, p = {test.p.text}",
        wanted,
        key,
        "certain" if confidence == "certain" else "possible",
        {"base": _base(test), "p": _shown_p(test.computed, test.p.number.decimals)},
    )


def _base(test: PrintedTest) -> str:
    if test.kind == "r" and test.n is not None:
        return f"n = {test.n}"
    if test.kind == "F":
        return f"df = ({test.df1:g}, {test.df2:g})"
    return f"df = {test.df1 or test.df2:g}"


def _implied(test: PrintedTest, numbers: list[int]) -> Finding:
    held = str(numbers[-1]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
    return Finding(
        test.statement.place,
        "implied_n",
        f"r = {test.printed.text}, p = {test.p.text}",
        f"p = {_shown_p(test.computed, test.p.number.decimals)}",
        "implied_n",
        "possible",
        {"n": str(test.n), "implied": held},
    )


def _exchanged(misfits: list[PrintedTest]) -> dict[str, PrintedTest]:
    """Pair misfits in one place whose p-values fit when they are exchanged."""
    pairs: dict[str, PrintedTest] = {}
    for i, one in enumerate(misfits):
        for other in misfits[i + 1 :]:
            if one.statement.locator != other.statement.locator:
                continue
            if {one.statement.id, other.statement.id} & set(pairs):
                continue
            if one.fits(other.p) and other.fits(one.p):
                pairs[one.statement.id], pairs[other.statement.id] = other, one
    return pairs
