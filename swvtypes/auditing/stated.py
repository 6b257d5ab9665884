"""Which shares the tables give for a statement of the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .finding import Place
from .meaning import Choice, RowRef
from .record import Record, Statement
from .shares import Parts, answer_set, battery, choice_parts, pooled, single

_COMPLEMENTS = frozenset({"no", "not_part", "not_arranged", "none"})


@dataclass(frozen=True)
class Backing:
    """What the tables say of one statement.

    `kept` and `dropped` hold the shares (in per cent) with the blanks in and out of the base;
    `twice` what adding rounded percentages gives; `where` the tables, `places` their rows.
    """

    kept: list[Fraction] = field(default_factory=list)
    dropped: list[Fraction] = field(default_factory=list)
    twice: list[Fraction] = field(default_factory=list)
    where: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def shares(self) -> list[Fraction]:
        """All shares, under either rule."""
        return list(dict.fromkeys((*self.kept, *self.dropped)))


@dataclass(frozen=True)
class _Part:
    """One sector's contribution."""

    kept: list[Parts]
    dropped: list[Parts]
    twice: list[Fraction]
    where: str
    row: int = 0


def backing(record: Record, statement: Statement) -> Backing | None:
    """Find the tables behind a statement of a percentage; None where none is known."""
    if statement.elsewhere or statement.kind != "percent" or statement.var2:
        return None
    sectors = [statement.sector] if statement.sector in record.sectors else list(record.sectors)
    parts = [_part(record, statement, sector) for sector in sectors]
    held = [part for part in parts if part is not None]
    if not held or len(held) < len(sectors):
        return None
    kept = [100 * c / b for c, b in pooled([p.kept for p in held])]
    dropped = [100 * c / b for c, b in pooled([p.dropped for p in held])]
    twice = held[0].twice if len(held) == 1 else []
    places = tuple(Place(p.where, p.row, s) for p, s in zip(held, sectors, strict=True))
    return Backing(kept, dropped, twice, tuple(dict.fromkeys(p.where for p in held)), places)


def stated_shares(record: Record, statement: Statement) -> list[Fraction]:
    """Give the shares in per cent that the tables allow for a statement."""
    held = backing(record, statement)
    return held.shares if held else []


def _part(record: Record, statement: Statement, sector: str) -> _Part | None:
    for choice in record.meaning.choices:
        if choice.variable == statement.var1:
            found = _of_choice(record, choice, statement.category, sector)
            if found:
                return found
    ref = record.meaning.variables.get(statement.var1, {}).get(sector)
    if ref is None:
        return None
    if answer_set(record, ref, sector) is not None:
        return _of_battery(record, ref, statement.category, sector)
    return _of_item(record, ref, statement, sector)


def _of_choice(record: Record, choice: Choice, category: str, sector: str) -> _Part | None:
    for rows, chosen, without in choice_parts(record, choice, category, sector):
        return _Part(
            rows.parts(chosen),
            rows.parts(chosen, without) if without else [],
            rows.rounded_twice(chosen, without) + rows.rounded_twice(chosen),
            choice.source[sector],
        )
    return None


def _of_battery(record: Record, ref: RowRef, category: str, sector: str) -> _Part | None:
    row, answers = battery(record, ref, sector), answer_set(record, ref, sector)
    if row is None or answers is None:
        return None
    chosen = answers.groups.get(category)
    if chosen is None:
        return None
    missing = [name for name in answers.missing if name in row.names]
    if set(chosen) & set(missing):
        return _Part(row.parts(chosen), [], row.rounded_twice(chosen), *ref)
    return _Part(
        row.parts(chosen),
        row.parts(chosen, missing),
        row.rounded_twice(chosen, missing) + row.rounded_twice(chosen),
        *ref,
    )


def _of_item(record: Record, ref: RowRef, statement: Statement, sector: str) -> _Part | None:
    _, parts = single(record, ref, sector)
    if not parts:
        return None
    turned = statement.category in _COMPLEMENTS
    flipped = statement.var1 in record.meaning.complements
    if statement.category and not turned and not flipped:
        return None
    if turned != flipped:
        parts = [(base - count, base) for count, base in parts]
    cell = record.grid[(*ref, sector, "percent")].printed.value
    twice = [100 - cell] if turned else [cell]
    return _Part(parts, [], twice, *ref)
