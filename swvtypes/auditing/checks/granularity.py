"""Percentages that no whole number of respondents gives (GRIM).

Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and Personality
Science*, 8(4), 363-369.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Confidence, Finding, Place
from swvtypes.auditing.meaning import Linked
from swvtypes.auditing.printed import Printed, count_range, either
from swvtypes.auditing.record import Cell, Record
from swvtypes.auditing.shares import (
    answer_set,
    battery,
    is_total,
    possible_bases,
    printed_base,
    rows_as_answers,
)


def check_granularity(record: Record) -> Iterator[Finding]:
    """Find percentages that are impossible at the base that the report gives.

    A base is the one printed in the table or with the statement, or that of the fuller table from
    which the table follows. Where none is printed, every base up to the number of respondents is
    tried: some may have skipped a question.
    """
    for cells in record.tables.values():
        yield from _printed_bases(record, cells)
        yield from _batteries(record, cells)
    for link in record.meaning.linked:
        if link.kind == "items":
            for locator in dict.fromkeys((link.table, *link.source.values())):
                yield from _independent(record, locator)
    yield from _statements(record)
    yield from _split_rows(record)


def _around(percent: Printed, n: int) -> str:
    below = math.floor(percent.value * n / 100)
    options = [min(max(c, 0), n) for c in (below, below + 1)]
    return either([Printed.of(Fraction(100 * c, n), percent.decimals).text for c in options])


def _impossible(
    place: Place, percent: Printed, n: int, confidence: Confidence = "certain"
) -> Finding | None:
    if n < 1 or count_range(percent, n):
        return None
    return Finding(
        place, "grim", percent.text, _around(percent, n), "grim_base", confidence, {"n": str(n)}
    )


def _base_of(record: Record, cell: Cell) -> int | None:
    suffix = cell.measure.removeprefix("percent")
    base = printed_base(record, cell.locator, cell.sector, f"n{suffix}", cell.row_no)
    if base is not None:
        return base
    rows = rows_as_answers(record, cell.locator, cell.sector)
    return rows.total if rows is not None and cell.measure == "percent" else None


def _printed_bases(record: Record, cells: list[Cell]) -> Iterator[Finding]:
    for cell in cells:
        if cell.unit != "percent" or is_total(cell.row_label) or cell.row_no == 0:
            continue
        if answer_set(record, (cell.locator, cell.row_no), cell.sector) is not None:
            continue
        base = _base_of(record, cell)
        found = _impossible(cell.place, cell.printed, base) if base else None
        if found and base:
            yield _with_text(record, cell, base, found)


def _with_text(record: Record, cell: Cell, base: int, finding: Finding) -> Finding:
    """Where the text prints the same share and its number is possible, that should stand here."""
    for statement in record.statements:
        ref = record.meaning.variables.get(statement.var1, {}).get(cell.sector)
        if (
            ref == (cell.locator, cell.row_no)
            and (statement.kind, statement.sector) == ("percent", cell.sector)
            and statement.printed is not None
            and not statement.elsewhere
            and count_range(statement.printed, base)
        ):
            words = {**finding.words, "where": statement.locator}
            return Finding(
                finding.place, "grim", finding.printed, statement.printed.text, "grim_text",
                "certain", words,
            )  # fmt: skip
    return finding


def _batteries(record: Record, cells: list[Cell]) -> Iterator[Finding]:
    for row, sector in dict.fromkeys((c.row_no, c.sector) for c in cells):
        answers = battery(record, (cells[0].locator, row), sector)
        if answers is None or answers.most is None or answers.solutions:
            continue
        first = next(c for c in cells if (c.row_no, c.sector) == (row, sector))
        shown = ", ".join(p.text for p in answers.percents)
        yield Finding(
            first.place, "grim", shown, "", "grim_row", "certain", {"n": str(answers.most)}
        )


def _independent(record: Record, locator: str) -> Iterator[Finding]:
    """Check columns of independent percentages without a printed base."""
    columns: dict[str, list[Cell]] = {}
    for cell in record.tables.get(locator, []):
        if cell.measure == "percent" and not is_total(cell.row_label):
            columns.setdefault(cell.sector, []).append(cell)
    for sector, cells in columns.items():
        most = record.respondents(sector)
        if most is None or printed_base(record, locator, sector) is not None:
            continue
        if possible_bases(record, locator, sector):
            continue
        blamed = _blamed(cells, most)
        found = _impossible(blamed.place, blamed.printed, most, "likely") if blamed else None
        if found:
            yield found


def _blamed(cells: list[Cell], most: int) -> Cell | None:
    """Find the one cell without which the column is possible at some base; None for several."""
    lone = {
        misfits[0]
        for n in range(2, most + 1)
        if len(misfits := [c for c in cells if not count_range(c.printed, n)]) == 1
    }
    return lone.pop() if len(lone) == 1 else None


def _statements(record: Record) -> Iterator[Finding]:
    for statement in record.statements:
        if statement.kind != "percent" or statement.printed is None or statement.n is None:
            continue
        # Where the record names the instrument, its base was attributed, not printed.
        confidence: Confidence = "likely" if statement.instrument else "certain"
        if statement.instrument == "design":
            continue
        found = _impossible(statement.place, statement.printed, statement.n, confidence)
        if found:
            yield found


def _split_rows(record: Record) -> Iterator[Finding]:
    """Rows into which one answer of a fuller table was divided must sum to its count."""
    for link in record.meaning.linked:
        for sector, locator in link.source.items():
            source = rows_as_answers(record, locator, sector)
            if source is None or not source.counts:
                continue
            counts = dict(zip(source.names, source.counts, strict=True))
            base = source.total or sum(source.counts)
            for row, targets in link.split.items():
                yield from _division(record, link, sector, targets, (counts.get(str(row)), base))


def _division(
    record: Record,
    link: Linked,
    sector: str,
    targets: tuple[int, ...],
    whole: tuple[int | None, int],
) -> Iterator[Finding]:
    count, base = whole
    cells = [record.grid.get((link.table, row, sector, link.measure)) for row in targets]
    if count is None or any(cell is None for cell in cells):
        return
    present = [cell for cell in cells if cell is not None]
    options = [list(count_range(cell.printed, base)) for cell in present]
    for index, cell in enumerate(present):
        others = options[:index] + options[index + 1 :]
        if not all(len(choice) == 1 for choice in others):
            continue
        rest = count - sum(choice[0] for choice in others)
        share = Fraction(100 * rest, base)
        if rest < 0 or cell.printed.fits(share):
            continue
        if options[index] and len(present) > 1 and index < len(present) - 1:
            continue
        column = [
            c for c in record.tables[link.table] if (c.sector, c.measure) == (sector, link.measure)
        ]
        others_sum = sum(
            (
                c.printed.value
                for c in column
                if c.row_no != cell.row_no and not is_total(c.row_label)
            ),
            Fraction(0),
        )
        forced = cell.printed.value == 100 - others_sum
        yield Finding(
            cell.place,
            "derived",
            cell.printed.text,
            Printed.of(share, cell.printed.decimals).text,
            "derived_division_forced" if forced else "derived_division",
            "likely" if forced else "certain",
            {"count": str(count), "rest": str(rest), "n": str(base), "source": link.source[sector]},
        )
