"""Relations called absent in one place and present in another."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.statistics import read_p

_LEVEL = 0.05


def check_contradiction(record: Record) -> Iterator[Finding]:
    """Find a relation that one place calls not significant and another prints with p < .05.

    Only the same two variables in the same sector count: a relation in one sector does not
    contradict its absence in the other or in both together.
    """
    tests = {
        (frozenset((s.var1, s.var2)), s.sector): s
        for s in record.statements
        if s.kind in {"r", "F", "t"} and _significant(s)
    }
    for statement in record.statements:
        if statement.kind != "ns" or statement.elsewhere:
            continue
        test = tests.get((frozenset((statement.var1, statement.var2)), statement.sector))
        if test is not None:
            yield Finding(
                statement.place, "contradiction", statement.qualifier or "n.s.",
                f"{test.kind} = {test.printed.text if test.printed else ''}, p = {test.p}",
                "ns_contradicted", "likely", {"where": test.locator},
            )  # fmt: skip


def _significant(statement: Statement) -> bool:
    p = read_p(statement.p)
    return p is not None and p.sign != ">" and float(p.number.value) < _LEVEL
