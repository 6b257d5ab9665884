"""Tables and statements recomputed from fuller tables, with every missing rule and rounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from swvtypes.auditing.finding import Confidence, Finding, Place
from swvtypes.auditing.meaning import Linked
from swvtypes.auditing.printed import either, show
from swvtypes.auditing.record import Cell, Record
from swvtypes.auditing.shares import Distribution, answer_set, battery, is_total, rows_as_answers


@dataclass(frozen=True)
class Candidates:
    """What a cell may print, by rule: blanks kept in the base, dropped, or rounded twice."""

    cell: Cell
    kept: list[Fraction]
    dropped: list[Fraction]
    twice: list[Fraction] = field(default_factory=list)
    where: str = ""
    exact: bool = False
    row: int = 0

    def fits(self, rule: str) -> bool:
        """Say whether the print follows under a rule."""
        # What comes out of exact counts as well is no sign of rounding twice.
        twice = [v for v in self.twice if v not in self.kept and v not in self.dropped]
        values = {"kept": self.kept, "dropped": self.dropped, "twice": twice}[rule]
        return any(self.cell.printed.fits(value) for value in values)

    def shown(self, rule: str) -> str:
        """Show what should stand there under a rule."""
        values = self.kept if rule == "kept" else self.dropped
        return either([show(v, self.cell.printed.decimals) for v in values or self.kept])


def check_derivation(record: Record) -> Iterator[Finding]:
    """Find numbers that do not follow from the fuller table that the report prints.

    Shares are recomputed in whole respondents, with blanks kept in the base and left out; the
    rule that most cells of a table follow is taken for its rule. A cell that only comes out when
    rounded percentages are added or divided is no more than "possible".
    """
    for link in record.meaning.linked:
        found = _candidates(record, link)
        misfits = list(_table(found))
        swapped = _exchanged(record, link, found) if misfits else None
        yield from swapped if swapped is not None else misfits


def _candidates(record: Record, link: Linked) -> list[Candidates]:
    found: list[Candidates] = []
    for sector in link.source:
        found += _sector(record, link, sector, sector)
    return found


def _sector(record: Record, link: Linked, sector: str, source: str) -> list[Candidates]:
    """Pair the cells of one sector's column with the source of (normally) the same sector."""
    if link.source.get(source) not in record.tables:
        return []
    build = {"choice": _choice, "items": _items, "battery": _battery}[link.kind]
    return build(record, link, sector, source)


def _choice(record: Record, link: Linked, sector: str, source: str) -> list[Candidates]:
    locator = link.source[source]
    rows = rows_as_answers(record, locator, source)
    if rows is None:
        return []
    without = tuple(map(str, link.without))
    found = []
    for target, sources in link.rows[source].items():
        chosen = tuple(map(str, sources))
        for measure in (link.measure, "count"):
            cell = record.grid.get((link.table, target, sector, measure))
            if cell is None or (measure == "count" and not rows.counts):
                continue
            if cell.unit == "count":
                counts = [count for count, _ in rows.parts(chosen)]
                found.append(Candidates(cell, counts, [], where=locator, exact=True))
                continue
            kept = [100 * c / b for c, b in rows.parts(chosen)]
            dropped = [100 * c / b for c, b in rows.parts(chosen, without)] if without else []
            twice = rows.rounded_twice(chosen, without) + rows.rounded_twice(chosen)
            found.append(Candidates(cell, kept, dropped, twice, locator))
    return found + _bases(record, link, sector, (rows, without, locator))


def _bases(
    record: Record, link: Linked, sector: str, source: tuple[Distribution, tuple[str, ...], str]
) -> list[Candidates]:
    """Pair printed bases and totals of counts with those of the source."""
    rows, without, locator = source
    whole = [b for _, b in rows.parts(rows.names)]
    rest = [b for _, b in rows.parts([], without)] if without else []
    if not rows.counts:
        return []
    cells = [
        cell
        for cell in record.tables.get(link.table, [])
        if cell.sector == sector
        and (
            cell.measure == link.base_measure
            or (is_total(cell.row_label) and cell.unit == "count" and cell.measure == "count")
        )
    ]
    return [Candidates(cell, rest or whole, [], where=locator, exact=True) for cell in cells]


def _items(record: Record, link: Linked, sector: str, source: str) -> list[Candidates]:
    found = []
    for target, sources in link.rows[source].items():
        cell = record.grid.get((link.table, target, sector, link.measure))
        other = record.grid.get((link.source[source], sources[0], source, link.measure))
        if cell is not None and other is not None:
            found.append(
                Candidates(cell, [other.printed.value], [], [], other.locator, True, other.row_no)
            )
    return found


def _battery(record: Record, link: Linked, sector: str, source: str) -> list[Candidates]:
    found = []
    for target, sources in link.rows[source].items():
        ref = (link.source[source], sources[0])
        row, answers = battery(record, ref, source), answer_set(record, ref, source)
        if row is None or answers is None:
            continue
        missing = [name for name in answers.missing if name in row.names]
        for measure, chosen in link.columns.items():
            cell = record.grid.get((link.table, target, sector, measure))
            if cell is None:
                continue
            kept = [100 * c / b for c, b in row.parts(chosen)]
            dropped = [100 * c / b for c, b in row.parts(chosen, missing)]
            if set(chosen) <= set(missing):
                dropped = kept
            twice = row.rounded_twice(chosen, missing) + row.rounded_twice(chosen)
            found.append(Candidates(cell, kept, dropped, twice, ref[0], row=ref[1]))
    return found


def _rule(found: list[Candidates]) -> str:
    votes = Counter(
        rule for c in found if c.dropped for rule in ("kept", "dropped") if c.fits(rule)
    )
    return "dropped" if votes["dropped"] > votes["kept"] else "kept"


def _right(candidate: Candidates, rule: str) -> bool:
    if candidate.exact:
        return candidate.cell.printed.value in candidate.kept
    return candidate.fits(rule if candidate.dropped else "kept")


def _table(found: list[Candidates]) -> Iterator[Finding]:
    rule = _rule(found)
    for candidate in found:
        if not (candidate.kept or candidate.dropped) or _right(candidate, rule):
            continue
        key, confidence = _explain(candidate, rule, found)
        cell = candidate.cell
        yield Finding(
            cell.place,
            "same_fact" if candidate.exact else "derived",
            cell.printed.text,
            candidate.shown(rule),
            key,
            confidence,
            {"where": candidate.where, "source": candidate.where},
            (Place(candidate.where, candidate.row, cell.sector),),
        )


def _explain(candidate: Candidates, rule: str, found: list[Candidates]) -> tuple[str, Confidence]:
    if candidate.exact:
        return "same_fact", "certain"
    if candidate.fits("twice"):
        return "derived_twice", "possible"
    other = "kept" if rule == "dropped" else "dropped"
    if candidate.fits(other):
        return "derived_rule", "possible"
    cell = candidate.cell
    column = [
        c.cell.printed.value
        for c in found
        if (c.cell.sector, c.cell.measure) == (cell.sector, cell.measure) and c.cell != cell
    ]
    if column and cell.printed.value == 100 - sum(column, Fraction(0)):
        return "derived_forced", "likely"
    return "derived", "certain"


def _exchanged(record: Record, link: Linked, found: list[Candidates]) -> list[Finding] | None:
    """Say whether two sectors' columns fit when they are exchanged, as whole columns."""
    sectors = list(link.source)
    if len(sectors) != 2:
        return None
    first, second = sectors
    crossed = _sector(record, link, first, second) + _sector(record, link, second, first)
    rule = _rule(found)
    wrong = [c for c in found if not _right(c, rule)]
    if {c.cell.sector for c in wrong} != set(sectors) or len(crossed) < len(found):
        return None
    if not all(_right(c, rule) for c in crossed):
        return None
    return [
        Finding(
            c.cell.place,
            "exchanged",
            c.cell.printed.text,
            c.shown(rule),
            "exchanged_columns",
            "certain",
            {"first": first, "second": second, "where": c.where},
        )
        for c in wrong
    ]
