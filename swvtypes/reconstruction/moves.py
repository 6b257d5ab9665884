"""Moves of the search: swap answers, swap blocks, transfer between shares, shift a value.

Every move keeps the printed counts: swaps stay within a column and a sector, transfers keep the
total of a row. A move is a list of edits (column, row, new value).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .quantities import BLANK
from .stream import Stream

Edit = tuple[str, int, int]
Columns = dict[str, list[int]]
Propose = Callable[[Stream, Columns], "list[Edit] | None"]


@dataclass(frozen=True)
class Swap:
    """Exchange the answers of two rows of one sector in one or more columns together."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    def __call__(self, stream: Stream, columns: Columns) -> list[Edit] | None:
        """Draw two rows; None where nothing would change."""
        rows = self.rows[stream.below(len(self.rows))]
        first, second = rows[stream.below(len(rows))], rows[stream.below(len(rows))]
        edits: list[Edit] = []
        for name in self.columns:
            column = columns[name]
            if column[first] != column[second]:
                edits += ((name, first, column[second]), (name, second, column[first]))
        return edits or None


@dataclass(frozen=True)
class Transfer:
    """Move points from one share of a row to another; blank shares stay blank."""

    columns: tuple[str, ...]
    rows: tuple[int, ...]
    most: int
    ceiling: int

    def __call__(self, stream: Stream, columns: Columns) -> list[Edit] | None:
        """Draw a row, two shares and a number of points."""
        row = self.rows[stream.below(len(self.rows))]
        giver = self.columns[stream.below(len(self.columns))]
        taker = self.columns[stream.below(len(self.columns))]
        points = 1 + stream.below(self.most)
        have, get = columns[giver][row], columns[taker][row]
        if giver == taker or have <= BLANK or get <= BLANK:
            return None
        if have < points or get + points > self.ceiling:
            return None
        return [(giver, row, have - points), (taker, row, get + points)]


@dataclass(frozen=True)
class Shift:
    """Change one value by a few steps within its range."""

    column: str
    rows: tuple[int, ...]
    most: int
    low: int
    high: int

    def __call__(self, stream: Stream, columns: Columns) -> list[Edit] | None:
        """Draw a row and a change."""
        row = self.rows[stream.below(len(self.rows))]
        change = 1 + stream.below(self.most)
        value = columns[self.column][row]
        if value <= BLANK:
            return None
        new = value + change if stream.below(2) else value - change
        return [(self.column, row, new)] if self.low <= new <= self.high else None


def weighted(moves: Sequence[tuple[Propose, int]]) -> tuple[Propose, ...]:
    """Repeat each move as often as its weight, so that one draw picks it in proportion."""
    return tuple(move for move, weight in moves for _ in range(weight))
