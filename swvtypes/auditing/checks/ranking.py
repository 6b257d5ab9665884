"""What the text calls the most frequent, against the table it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Confidence, Finding, Place
from swvtypes.auditing.record import Cell, Mark, Record
from swvtypes.auditing.shares import is_total, printed_base

_ROW = re.compile(r"(?P<locator>[^#;]+)#(?P<row>\d+)")
Span = tuple[Fraction, Fraction]


def check_ranking(record: Record) -> Iterator[Finding]:
    """Find rows that are named as the most frequent while another row is more so.

    A mark of kind ``ranking`` holds the printed words; its note lists the rows that they name
    ("Table 5.4#1; Table 5.4#2"). Rows are compared over all sectors together, weighted by their
    bases, and only where rounding cannot hide the order. A row that is out of order in one sector
    alone is left: such words may speak of the whole.
    """
    for mark in record.marks:
        if mark.kind == "ranking":
            yield from _mark(record, mark)


def _mark(record: Record, mark: Mark) -> Iterator[Finding]:
    named = [(m["locator"].strip(), int(m["row"])) for m in _ROW.finditer(mark.note)]
    tables = {locator for locator, _ in named}
    if len(tables) != 1:
        return
    spans = _spans(record, tables.pop())
    rows = {row for _, row in named}
    others = {row: span for row, span in spans.items() if row not in rows}
    for locator, row in named:
        if row not in spans or not others:
            continue
        first = max(others, key=lambda other: others[other][0])
        if others[first][0] > spans[row][1]:
            yield _finding(record, mark, (locator, row, first), spans)


def _finding(
    record: Record, mark: Mark, found: tuple[str, int, int], spans: dict[int, Span]
) -> Finding:
    locator, row, first = found
    labels = {cell.row_no: cell.row_label for cell in record.tables[locator]}
    place = Place(mark.locator, 0, "", f"{mark.place.part} {row}")
    far = spans[first][0] - spans[row][1] >= 1
    confidence: Confidence = "likely" if far else "possible"
    words = {
        "where": locator,
        "other": labels[first],
        "share": str(round(sum(spans[row]) / 2)),
        "more": str(round(sum(spans[first]) / 2)),
    }
    return Finding(
        place,
        "ranking",
        f"{mark.printed}: {labels[row]}",
        labels[first],
        "ranking",
        confidence,
        words,
        tuple(Place(locator, line, sector) for line in (row, first) for sector in record.sectors),
    )


def _spans(record: Record, locator: str) -> dict[int, Span]:
    """Give what each row can be over all sectors together; rows of one sector are left out."""
    cells: dict[int, dict[str, Cell]] = {}
    for cell in record.tables.get(locator, []):
        if cell.unit == "percent" and cell.measure == "percent" and not is_total(cell.row_label):
            cells.setdefault(cell.row_no, {})[cell.sector] = cell
    sectors = {sector for row in cells.values() for sector in row}
    bases = {s: printed_base(record, locator, s) or record.respondents(s) or 0 for s in sectors}
    whole = sum(bases.values())
    return {
        row: (
            sum((bases[s] * c.printed.low for s, c in held.items()), Fraction(0)) / whole,
            sum((bases[s] * c.printed.high for s, c in held.items()), Fraction(0)) / whole,
        )
        for row, held in cells.items()
        if set(held) == sectors and whole
    }
