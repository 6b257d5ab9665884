"""Rows and columns that must sum, and percentages that must follow from their counts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.printed import Printed, show
from swvtypes.auditing.record import Cell, Record
from swvtypes.auditing.shares import answer_set, is_total, printed_base

_HALF = Fraction(1, 2)


def check_totals(record: Record) -> Iterator[Finding]:
    """Find columns that do not sum to their total, batteries that do not sum to 100.

    Rounding explains at most half a unit of the last digit for each addend; only what goes
    beyond is a finding. Counts must sum exactly.
    """
    for locator, cells in record.tables.items():
        if locator not in record.meaning.multiple:
            yield from _columns(cells)
        yield from _shares(cells)
        yield from _bases(record, cells)
        yield from _batteries(record, cells)


def _columns(cells: list[Cell]) -> Iterator[Finding]:
    for total in (c for c in cells if is_total(c.row_label) and c.unit in {"percent", "count"}):
        parts = [
            c
            for c in cells
            if (c.sector, c.measure, c.unit) == (total.sector, total.measure, total.unit)
            and c.row_no > 0
            and not is_total(c.row_label)
        ]
        if len(parts) < 2 or total.measure == "n":
            continue
        summed = sum((c.printed.value for c in parts), Fraction(0))
        slack = Fraction(0)
        if total.unit == "percent":
            slack = sum((c.printed.unit * _HALF for c in parts), Fraction(0))
        if abs(summed - total.printed.value) > slack:
            yield Finding(
                total.place,
                "totals",
                total.printed.text,
                show(summed, total.printed.decimals),
                "totals_column",
                "certain",
                {"rows": str(len(parts)), "slack": show(slack, 1)},
            )


def _shares(cells: list[Cell]) -> Iterator[Finding]:
    totals = {
        c.sector: c.printed.value
        for c in cells
        if is_total(c.row_label) and c.measure == "count" and c.printed.value > 0
    }
    counts = {(c.row_no, c.sector): c for c in cells if c.measure == "count"}
    for cell in cells:
        count = counts.get((cell.row_no, cell.sector))
        base = totals.get(cell.sector)
        if cell.measure != "percent" or count is None or base is None:
            continue
        share = 100 * count.printed.value / base
        if cell.printed.fits(share):
            continue
        others = [c for (row, s), c in counts.items() if s == cell.sector and row != cell.row_no]
        summed = sum((c.printed.value for c in others if not is_total(c.row_label)), Fraction(0))
        rest = base - summed
        if rest != count.printed.value and cell.printed.fits(100 * rest / base):
            yield Finding(
                count.place, "totals", count.printed.text, str(rest), "totals_count", "certain",
                {"percent": cell.printed.text, "base": str(base)},
            )  # fmt: skip
        else:
            yield Finding(
                cell.place,
                "totals",
                cell.printed.text,
                show(share, cell.printed.decimals),
                "totals_share",
                "certain",
                {"count": count.printed.text, "base": str(base)},
            )


def _bases(record: Record, cells: list[Cell]) -> Iterator[Finding]:
    for cell in cells:
        base = printed_base(record, cell.locator, cell.sector)
        if (
            is_total(cell.row_label)
            and cell.measure == "count"
            and base is not None
            and cell.printed.value != base
        ):
            yield Finding(
                cell.place,
                "totals",
                cell.printed.text,
                str(base),
                "totals_base",
                "certain",
                {"base": str(base)},
            )


def _batteries(record: Record, cells: list[Cell]) -> Iterator[Finding]:
    for row, sector in dict.fromkeys((c.row_no, c.sector) for c in cells):
        answers = answer_set(record, (cells[0].locator, row), sector)
        if answers is None:
            continue
        wanted = {*answers.measures, *answers.missing}
        parts: list[Printed] = [
            c.printed
            for c in cells
            if (c.row_no, c.sector) == (row, sector) and c.measure in wanted
        ]
        summed = sum((p.value for p in parts), Fraction(0))
        slack = sum((p.unit * _HALF for p in parts), Fraction(0))
        if abs(summed - 100) > slack:
            first = next(c for c in cells if (c.row_no, c.sector) == (row, sector))
            yield Finding(
                first.place,
                "totals",
                show(summed, parts[0].decimals),
                "100",
                "totals_row",
                "certain",
                {"answers": str(len(parts)), "slack": show(slack, 1)},
            )
