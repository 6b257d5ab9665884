"""Ranges printed in words ("68 to 78%") against the cells that they span."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.auditing.finding import Finding, Place
from swvtypes.auditing.meaning import Span, cell_specs
from swvtypes.auditing.record import Cell, Record


def check_spans(record: Record) -> Iterator[Finding]:
    """Find ends of a range that are not the lowest and highest of the cells named for it."""
    for span in record.meaning.spans:
        cells = [cell for spec in span.cells for cell in spanned(record, spec)]
        if not cells:
            continue
        lowest = min(cells, key=lambda cell: cell.printed.value)
        highest = max(cells, key=lambda cell: cell.printed.value)
        yield from _ends(record, span, (lowest, highest), tuple(cell.place for cell in cells))


def spanned(record: Record, spec: str) -> list[Cell]:
    """Give the cells that a specification names."""
    locator, rows, sector, measure = cell_specs(spec)
    return [
        cell
        for cell in record.tables.get(locator, [])
        if cell.row_no in rows
        and cell.sector in ({sector} if sector else {cell.sector})
        and cell.measure == (measure or "percent")
    ]


def _ends(
    record: Record, span: Span, ends: tuple[Cell, Cell], cells: tuple[Place, ...]
) -> Iterator[Finding]:
    for key, cell, words in (
        (span.low, ends[0], "range_low"),
        (span.high, ends[1], "range_high"),
    ):
        statement = record.by_id.get(key)
        if statement is None or statement.printed is None:
            continue
        if statement.printed.value != cell.printed.value:
            where = f"{cell.locator} ({cell.sector})" if cell.sector else cell.locator
            yield Finding(
                statement.place, "range", statement.printed.text, cell.printed.text, words,
                "certain", {"where": where, "row": cell.row_label}, cells,
            )  # fmt: skip
