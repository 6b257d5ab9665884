"""A specification unrolled: one :class:`Cell` a printed number, saying what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swvtypes.language import Label

from .schema import Arithmetic, Base, Column, Row, Statistic
from .specification import TableSpec


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a table asks of a wave.

    Attributes
    ----------
    locator, row_no, sector, measure : str, int, str, str
        Key of the cell, as in the printed record.
    chapter : str
        Chapter of the table.
    statistic : Statistic
        What stands in the cell.
    variable : str or None
        The variable that is counted or summarised.
    members : tuple of str
        Variables that settle who is in the base: the variable itself, all members listed in a
        multi-response table (an answer to any of them), or, for the total of a composition, all
        its parts (an answer to any of them; a blank part adds nothing).
    scale : str or None
        The scale that is summarised.
    codes : frozenset of int
        Categories counted in the numerator.
    reasons : frozenset of str
        Missing reasons counted in the numerator.
    whole : bool
        The numerator is the whole base (a total).
    base : Base
        Denominator.
    arithmetic : {"counts", "rounded_percentages"}
        As in :class:`swvtypes.tables.schema.Table`.
    rounded_base : Base
        Denominator of the percentages that are rounded first.
    label, heading : Label or None
        Label of the row and heading of the column in the specification; None takes those of the
        codebook.
    why : Label or None
        Why we believe in a rule that departs from the defaults.
    row_is_category, column_is_category : bool
        Whether the row, or the column, is a category of the variable.
    own_variable : bool
        Whether the column has a variable of its own.
    """

    locator: str
    row_no: int
    sector: str
    measure: str
    chapter: str
    statistic: Statistic
    variable: str | None
    members: tuple[str, ...]
    scale: str | None
    codes: frozenset[int]
    reasons: frozenset[str]
    whole: bool
    base: Base
    arithmetic: Arithmetic
    rounded_base: Base
    label: Label | None
    heading: Label | None
    why: Label | None
    row_is_category: bool
    column_is_category: bool
    own_variable: bool

    @property
    def key(self) -> tuple[str, int, str, str]:
        """Key of the cell in the printed record: locator, row number, sector, measure."""
        return self.locator, self.row_no, self.sector, self.measure

    @property
    def departs(self) -> bool:
        """Whether base or arithmetic depart from the defaults."""
        return self.base.rule != "answered" or self.arithmetic != "counts"


def cells_of(tables: TableSpec | Iterable[TableSpec], sectors: Iterable[str]) -> tuple[Cell, ...]:
    """Unroll specifications into cells, in printed order.

    Parameters
    ----------
    tables : TableSpec or iterable of TableSpec
        What is asked.
    sectors : iterable of str
        Sectors of the wave's codebook, for tables that name none.

    Returns
    -------
    tuple of Cell
        Table by table, row by row, sector by sector, column by column.
    """
    specs = (tables,) if isinstance(tables, TableSpec) else tuple(tables)
    every = tuple(sectors)
    return tuple(cell for spec in specs for cell in _cells(spec, every))


def _cells(spec: TableSpec, every: tuple[str, ...]) -> Iterator[Cell]:
    for row in spec.rows:
        for sector in spec.sectors or every:
            if row.sectors and sector not in row.sectors:
                continue
            for column in spec.columns:
                if _holds(row, column, sector):
                    yield _cell(spec, row, column, sector)


def _holds(row: Row, column: Column, sector: str) -> bool:
    """Whether a row holds a cell of a column."""
    if column.only:
        return any(only.sector == sector and row.no in only.rows for only in column.only)
    if column.statistic == "base":
        return row.holds_base
    return row.total or not row.holds_base


def _cell(spec: TableSpec, row: Row, column: Column, sector: str) -> Cell:
    variable = row.variable or column.variable or spec.variable
    codes = row.codes or column.codes
    reasons = row.reasons or column.reasons
    if spec.kind == "multi_response" and variable is not None and not (codes or reasons):
        codes = (1,)
    base = column.base or spec.base
    return Cell(
        locator=spec.locator,
        row_no=row.no,
        sector=sector,
        measure=column.measure,
        chapter=spec.chapter,
        statistic=column.statistic,
        variable=variable,
        members=_members(spec, variable, sector),
        scale=row.scale,
        codes=frozenset(codes),
        reasons=frozenset(reasons),
        whole=row.total or column.statistic == "base",
        base=base,
        arithmetic=spec.arithmetic,
        rounded_base=spec.rounded_base or base,
        label=_label(row),
        heading=Label(column.label.nl, column.label.en) if column.label else None,
        why=Label(column.why.nl, column.why.en) if column.why else spec.why,
        row_is_category=spec.kind == "distribution",
        column_is_category=spec.kind in {"likert_grid", "collapsed"},
        own_variable=column.variable is not None,
    )


def _members(spec: TableSpec, variable: str | None, sector: str) -> tuple[str, ...]:
    if spec.kind == "multi_response" or (spec.kind == "mean_composition" and variable is None):
        rows = [row for row in spec.rows if not row.sectors or sector in row.sectors]
        return tuple(row.variable for row in rows if row.variable is not None)
    return (variable,) if variable is not None else ()


def _label(row: Row) -> Label | None:
    if row.label is not None:
        return Label(row.label.nl, row.label.en)
    if row.total:
        return Label("Totaal", "Total")
    return Label("Aantal", "Number") if row.holds_base else None
