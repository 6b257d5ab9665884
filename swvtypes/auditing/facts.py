"""Statistics of a variable, wherever they are printed: in tables, text and footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .finding import Place
from .printed import Printed
from .record import Record

STATISTICS = ("mean", "median", "sd", "alpha", "min", "max")


@dataclass(frozen=True)
class Fact:
    """One printed statistic of a variable."""

    place: Place
    variable: str
    sector: str
    kind: str
    printed: Printed
    in_table: bool


def statistics(record: Record) -> Iterator[Fact]:
    """Give every printed mean, median, SD, alpha, minimum and maximum of a whole sector."""
    for statement in record.statements:
        if (
            statement.kind in STATISTICS
            and statement.printed is not None
            and not statement.var2
            and not statement.elsewhere
        ):
            yield Fact(
                statement.place,
                statement.var1,
                statement.sector,
                statement.kind,
                statement.printed,
                False,
            )
    for variable, locator, row in _homes(record):
        for cell in record.tables.get(locator, []):
            if cell.measure in STATISTICS and (row is None or cell.row_no == row):
                yield Fact(cell.place, variable, cell.sector, cell.measure, cell.printed, True)


def _homes(record: Record) -> Iterator[tuple[str, str, int | None]]:
    for scale in record.meaning.scales:
        if scale.table:
            yield scale.variable, scale.table, None
    for variable, refs in record.meaning.variables.items():
        for locator, row in refs.values():
            yield variable, locator, row


def statistic(record: Record, variable: str, sector: str, kind: str) -> Printed | None:
    """Find one statistic; a table's print goes before the text's."""
    found = [
        fact
        for fact in statistics(record)
        if (fact.variable, fact.sector, fact.kind) == (variable, sector, kind)
    ]
    found.sort(key=lambda fact: not fact.in_table)
    return found[0].printed if found else None
