"""Shares that a printed distribution allows, in whole respondents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from .meaning import AnswerSet, Choice, RowRef
from .printed import Printed, count_range, integer_solutions
from .record import Record

Parts = tuple[Fraction, Fraction]
_LEAST = 2


@dataclass(frozen=True)
class Distribution:
    """Answers of which each respondent gave one.

    Parameters
    ----------
    names : tuple of str
        The answers.
    percents : tuple of Printed
        Their printed percentages, in the same order; empty where only counts are printed.
    counts : tuple of int
        Their printed counts; empty where only percentages are.
    total : int, optional
        The printed base.
    most : int, optional
        The number of respondents: no base can be larger.
    partial : bool
        Whether only some were asked, so that every base up to `most` counts alike.
    """

    names: tuple[str, ...]
    percents: tuple[Printed, ...] = ()
    counts: tuple[int, ...] = ()
    total: int | None = None
    most: int | None = None
    partial: bool = False

    @cached_property
    def solutions(self) -> list[tuple[int, ...]]:
        """Integer distributions that print so, at the largest base that has any.

        The printed base is used where there is one; else the number of respondents; else, where
        that has no solution, every smaller number (some may have skipped the question).
        """
        if self.counts:
            return [self.counts]
        first = self.total or self.most
        if first is None:
            return []
        found = _solve(self.percents, first)
        if (found and not self.partial) or self.total is not None:
            return found
        return found + [
            solution
            for n in range(first - 1, _LEAST - 1, -1)
            for solution in _solve(self.percents, n)
        ]

    def parts(self, chosen: Iterable[str], without: Iterable[str] = ()) -> list[Parts]:
        """Give (count, base) of the answers `chosen`, once for each solution.

        None where an answer is chosen that is not printed here.
        """
        wanted, left_out = set(chosen), set(without)
        if not wanted <= set(self.names):
            return []
        pairs = []
        for solution in self.solutions:
            named = dict(zip(self.names, solution, strict=True))
            base = sum(count for name, count in named.items() if name not in left_out)
            if base:
                count = sum(named[name] for name in wanted)
                pairs.append((Fraction(count), Fraction(base)))
        return list(dict.fromkeys(pairs))

    def rounded_twice(self, chosen: Iterable[str], without: Iterable[str] = ()) -> list[Fraction]:
        """Give what comes out when the printed, rounded percentages are added and divided."""
        if not self.percents:
            return []
        named = {n: p.value for n, p in zip(self.names, self.percents, strict=True)}
        left_out = set(without) & set(named)
        chosen = tuple(chosen)
        if not set(chosen) <= set(named):
            return []
        over = sum((named[name] for name in chosen), Fraction(0))
        base = sum((v for name, v in named.items() if name not in left_out), Fraction(0))
        nominal = 100 - sum((named[name] for name in left_out), Fraction(0))
        return [100 * over / b for b in dict.fromkeys((base, nominal)) if b > 0]


@lru_cache(maxsize=4096)
def _solve(percents: tuple[Printed, ...], n: int) -> list[tuple[int, ...]]:
    return integer_solutions(percents, n)


def answer_set(record: Record, ref: RowRef, sector: str) -> AnswerSet | None:
    """Find which set of answer columns a row of a battery has."""
    locator, row = ref
    for answers in record.meaning.answers:
        if all((locator, row, sector, measure) in record.grid for measure in answers.measures):
            return answers
    return None


def battery(record: Record, ref: RowRef, sector: str) -> Distribution | None:
    """Read one row of a battery as a distribution over its answer columns."""
    answers = answer_set(record, ref, sector)
    if answers is None:
        return None
    names = tuple(
        measure
        for measure in (*answers.measures, *answers.missing)
        if (*ref, sector, measure) in record.grid
    )
    percents = tuple(record.grid[(*ref, sector, measure)].printed for measure in names)
    partial = ref in record.meaning.partial
    return Distribution(names, percents, most=record.respondents(sector), partial=partial)


def rows_as_answers(
    record: Record, locator: str, sector: str, measure: str = "percent"
) -> Distribution | None:
    """Read the rows of a table as the answers to one question; a row of totals is its base."""
    cells = [c for c in record.tables.get(locator, []) if c.sector == sector and c.row_no > 0]
    totals = {c.row_no for c in cells if is_total(c.row_label)}
    percents = {c.row_no: c.printed for c in cells if c.measure == measure}
    counts = {c.row_no: int(c.printed.value) for c in cells if c.measure == "count"}
    base = [counts[row] for row in totals if row in counts]
    total = base[0] if base else None
    if total is None:
        total = printed_base(record, locator, sector)
    rows = sorted({*percents, *counts} - totals)
    if not rows:
        return None
    if percents and total is not None and sum(counts.get(row, 0) for row in rows) != total:
        counts = {}  # counts that do not add up are no ground for anything else
    return Distribution(
        tuple(map(str, rows)),
        tuple(percents[row] for row in rows) if all(row in percents for row in rows) else (),
        tuple(counts[row] for row in rows) if all(row in counts for row in rows) else (),
        total,
        record.respondents(sector),
    )


def printed_base(
    record: Record, locator: str, sector: str, measure: str = "n", row: int | None = None
) -> int | None:
    """Find the base that a table prints for a sector; None where it prints none.

    The base of a whole column stands in row 0, or once in another row; where rows have bases of
    their own, or one stands beside a mean, it is the base of that row only. A base that is not
    whole (weighted) is none.
    """
    bases = {
        cell.row_no: cell.printed.value
        for cell in record.tables.get(locator, [])
        if cell.sector == sector and cell.measure == measure
    }
    if 0 in bases:
        base = bases[0]
    elif row is not None and row in bases:
        base = bases[row]
    elif len(bases) == 1 and (locator, min(bases), sector, "mean") not in record.grid:
        base = bases[min(bases)]
    else:
        return None
    return int(base) if base.denominator == 1 else None


def possible_bases(record: Record, locator: str, sector: str) -> set[int]:
    """Give the bases at which every percentage of a column of independent rows is possible."""
    most = record.respondents(sector)
    if most is None:
        return set()
    cells = [
        c.printed
        for c in record.tables.get(locator, [])
        if (c.sector, c.measure) == (sector, "percent") and not is_total(c.row_label)
    ]
    return {n for n in range(_LEAST, most + 1) if all(count_range(c, n) for c in cells)}


def is_total(label: str) -> bool:
    """Say whether a row's label is that of a total."""
    return label.strip().lower() in {"totaal", "total", "sum", "som"}


def single(record: Record, ref: RowRef, sector: str) -> tuple[Distribution | None, list[Parts]]:
    """Give the shares of one row of a table of independent percentages (or of one choice)."""
    locator, row = ref
    cell = record.grid.get((locator, row, sector, "percent"))
    if cell is None:
        return None, []
    rows = rows_as_answers(record, locator, sector)
    if rows is not None and rows.counts and str(row) in rows.names:
        return rows, rows.parts([str(row)])
    n = rows.total if rows else None
    if n is None:
        n = max(possible_bases(record, locator, sector), default=None)
    if n is None or (n != record.respondents(sector) and (rows is None or rows.total is None)):
        return None, []
    return None, [(Fraction(count), Fraction(n)) for count in count_range(cell.printed, n)]


def choice_parts(
    record: Record, choice: Choice, category: str, sector: str
) -> list[tuple[Distribution, tuple[str, ...], tuple[str, ...]]]:
    """Give the distribution, the rows of a category, and the rows that may be left out."""
    locator = choice.source.get(sector)
    if locator is None or category not in choice.categories:
        return []
    rows = rows_as_answers(record, locator, sector)
    if rows is None:
        return []
    chosen = tuple(map(str, choice.categories[category]))
    return [(rows, chosen, tuple(map(str, choice.without)))]


def pooled(options: list[list[Parts]], limit: int = 400) -> list[Parts]:
    """Add up (count, base) over sectors, for every combination of their options."""
    sums: list[Parts] = [(Fraction(0), Fraction(0))]
    for choices in options:
        sums = list(
            dict.fromkeys(
                (count + more, base + further) for count, base in sums for more, further in choices
            )
        )[:limit]
    return [(count, base) for count, base in sums if base]
