"""What the printed places of a report mean: read from a small TOML file.

It says which rows are the answers to one question, which places state the same fact, which items
form a scale. It never says what is wrong. The form is documented in ``docs/audit_template.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

LinkKind = Literal["choice", "items", "battery"]
Operation = Literal["sum", "product", "share", "margin", "covered"]
RowRef = tuple[str, int]
_CELLS = re.compile(
    r"^(?P<locator>[^#]+)#(?P<first>\d+)(?:-(?P<last>\d+))?(?::(?P<sector>\w+))?(?:/(?P<measure>\w+))?$"
)


@dataclass(frozen=True)
class AnswerSet:
    """The answer columns of a battery: names in order, scores, groups such as "agree"."""

    name: str
    measures: tuple[str, ...]
    missing: tuple[str, ...] = ()
    scores: tuple[int, ...] = ()
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A question of which each respondent gave one answer; its answers are rows of a table.

    `source` maps a sector to the table; `categories` a name to its rows; `without` lists rows
    that may be left out of the base; `partition` says that the categories are groups of which
    every respondent is in one.
    """

    variable: str
    source: dict[str, str]
    categories: dict[str, tuple[int, ...]]
    without: tuple[int, ...] = ()
    partition: bool = False


@dataclass(frozen=True)
class Linked:
    """A table whose numbers follow from another, fuller one.

    `rows` maps a sector and a row to the rows of the source that it sums (kind "choice"), or to
    the one row that it repeats ("items") or condenses ("battery", with `columns` naming which
    answers each measure counts). `without` lists rows of the source that may be left out of the
    base; `split` a row of the source and the rows of this table into which it was divided.
    """

    table: str
    kind: LinkKind
    source: dict[str, str]
    rows: dict[str, dict[int, tuple[int, ...]]]
    measure: str = "percent"
    base_measure: str = "n"
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    without: tuple[int, ...] = ()
    split: dict[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scale:
    """A scale score: the mean of the items answered.

    `items` maps a sector to where each item's answers are printed; `names` are the items'
    variables in the same order; `negative` those worded against the scale; `listed` the places
    that list the items with marks for those turned round; `table` where its statistics stand.
    """

    variable: str
    items: dict[str, tuple[RowRef, ...]]
    names: tuple[str, ...]
    negative: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True)
class Span:
    """Two statements that give the lowest and the highest of a set of cells."""

    low: str
    high: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Arithmetic:
    """A statement that follows from others.

    It is their sum, product, share (100 a / b), the margin of a sample of a from b, or (as a
    whole) not more than their sum ("covered").
    """

    id: str
    operation: Operation
    of: tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """All that is said of a record; every part may be empty."""

    respondents: dict[str, int] = field(default_factory=dict)
    answers: tuple[AnswerSet, ...] = ()
    variables: dict[str, dict[str, RowRef]] = field(default_factory=dict)
    complements: frozenset[str] = frozenset()
    choices: tuple[Choice, ...] = ()
    linked: tuple[Linked, ...] = ()
    scales: tuple[Scale, ...] = ()
    spans: tuple[Span, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()
    partial: tuple[RowRef, ...] = ()
    multiple: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    figures: tuple[str, ...] = ()

    def table_rows(self) -> Iterator[RowRef]:
        """Rows of tables that it names."""
        for refs in self.variables.values():
            yield from refs.values()
        for choice in self.choices:
            for locator in choice.source.values():
                for row in chain(*choice.categories.values(), choice.without):
                    yield locator, row
        for link in self.linked:
            for sector, rows in link.rows.items():
                for target, sources in rows.items():
                    yield link.table, target
                    yield from ((link.source[sector], row) for row in sources)
                for source, targets in link.split.items():
                    yield link.source[sector], source
                    yield from ((link.table, row) for row in targets)
        for scale in self.scales:
            for items in scale.items.values():
                yield from items
        yield from self.partial

    def statement_ids(self) -> Iterator[str]:
        """Ids of statements that it names."""
        for span in self.spans:
            yield from (span.low, span.high)
        for line in self.arithmetic:
            yield from (line.id, *line.of)
        for group in self.same:
            yield from group


def cell_specs(spec: str) -> tuple[str, range, str, str]:
    """Split ``"Tabel 5.4#7-9:vo/percent"`` in locator, rows, sector and measure."""
    found = _CELLS.match(spec)
    if found is None:
        raise ValueError(
            f"{spec!r}: expected a locator, # and a row, such as 'Tabel 5.4#7', "
            "'Tabel 5.4#7:vo' or 'Bijlage 2 po Q25#1-10/weet_niet'"
        )
    first, last = int(found["first"]), int(found["last"] or found["first"])
    return found["locator"], range(first, last + 1), found["sector"] or "", found["measure"] or ""
