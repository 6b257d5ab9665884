"""How many respondents a printed test can rest on."""

from __future__ import annotations

from .meaning import Scale
from .record import Record, Statement
from .shares import battery, possible_bases, printed_base, rows_as_answers

_LEAST_SHARE = 2


def base_numbers(record: Record, variable: str, sector: str) -> set[int] | None:
    """Give the numbers of valid answers that print allows for a variable; None where unknown."""
    parts = [sector] if sector in record.sectors else list(record.sectors)
    sums: set[int] | None = {0}
    for part in parts:
        numbers = _in_sector(record, variable, part)
        if numbers is None or sums is None:
            sums = None
            break
        sums = {a + b for a in sums for b in numbers}
    if sums is not None and parts:
        return sums
    return _from_tests(record, variable, sector)


def _in_sector(record: Record, variable: str, sector: str) -> set[int] | None:
    ref = record.meaning.variables.get(variable, {}).get(sector)
    if ref is not None:
        row = battery(record, ref, sector)
        if row is not None:
            valid = [name for name in row.names if name not in _missing(record)]
            return {
                sum(c for n, c in zip(row.names, s, strict=True) if n in valid)
                for s in row.solutions
            } or None
        base = printed_base(record, ref[0], sector)
        return {base} if base else possible_bases(record, ref[0], sector) or None
    for choice in record.meaning.choices:
        if choice.variable == variable and sector in choice.source:
            rows = rows_as_answers(record, choice.source[sector], sector)
            if rows is not None and rows.total is not None:
                return {rows.total}
    for scale in record.meaning.scales:
        if scale.variable == variable:
            return _scale(record, scale, sector)
    return None


def _missing(record: Record) -> set[str]:
    return {name for answers in record.meaning.answers for name in answers.missing}


def _scale(record: Record, scale: Scale, sector: str) -> set[int] | None:
    """Bound the number of scores: one answer makes one, so only all items blank makes none."""
    most = record.respondents(sector)
    if most is None or sector not in scale.items:
        return None
    fewest = most
    for ref in scale.items[sector]:
        row = battery(record, ref, sector)
        if row is None or not row.solutions:
            return None
        blank = min(
            most - sum(c for n, c in zip(row.names, s, strict=True) if n not in _missing(record))
            for s in row.solutions
        )
        fewest = min(fewest, blank)
    return set(range(most - fewest, most + 1))


def _from_tests(record: Record, variable: str, sector: str) -> set[int] | None:
    """Read the base of variables answered together from a test with degrees of freedom."""
    group = {variable}
    for names in record.meaning.together:
        if variable in names:
            group |= set(names)
    numbers = {
        int(s.df1.value + s.df2.value) + 1
        for s in record.statements
        if s.kind == "F" and s.var1 in group and s.sector == sector and s.df1 and s.df2
        if (s.df1.value + s.df2.value).denominator == 1
    }
    most = record.respondents(sector)
    return {n for n in numbers if most is None or n <= most} or None


def admissible_numbers(record: Record, statement: Statement) -> tuple[range | None, bool]:
    """Give the numbers of respondents that a test may rest on, and whether they are known.

    Known means that print tells the valid answers of both variables, or `n` stands with the test.
    """
    if statement.n is not None:
        return range(statement.n, statement.n + 1), True
    most = record.respondents(statement.sector)
    if most is None:
        return None, False
    first = base_numbers(record, statement.var1, statement.sector)
    second = base_numbers(record, statement.var2, statement.sector)
    if statement.var2 == "sector":
        second = {most}
    known = first is not None and second is not None
    low_first, high_first = (min(first), max(first)) if first else (most // _LEAST_SHARE, most)
    low_second, high_second = (min(second), max(second)) if second else (most, most)
    low = max(3, low_first + low_second - most)
    if first is not None and second is None:
        low = max(3, low_first // _LEAST_SHARE)
    high = min(high_first, high_second)
    return range(min(low, high), high + 1), known
