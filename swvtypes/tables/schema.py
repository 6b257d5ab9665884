"""What a table file may say: one pydantic model a kind of entry.

The models check each entry by itself; what entries must agree on among themselves is checked in
:mod:`swvtypes.tables.specification`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
ChapterId = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=32)]
Kind = Literal[
    "distribution",
    "multi_response",
    "likert_grid",
    "collapsed",
    "scale_summary",
    "mean_composition",
    "grades",
]
Statistic = Literal["percent", "count", "base", "mean", "median", "sd", "min", "max", "alpha"]
BaseRule = Literal["asked", "answered", "answered_or", "categories"]
Arithmetic = Literal["counts", "rounded_percentages"]

STATISTICS: dict[str, frozenset[str]] = {
    "distribution": frozenset({"percent", "count", "base"}),
    "multi_response": frozenset({"percent", "count", "base"}),
    "likert_grid": frozenset({"percent", "count"}),
    "collapsed": frozenset({"percent", "count"}),
    "scale_summary": frozenset({"mean", "median", "sd", "min", "max", "alpha"}),
    "mean_composition": frozenset({"mean"}),
    "grades": frozenset({"mean", "median", "sd", "min", "max"}),
}


class Entry(BaseModel):
    """Base of all entries: frozen, and a key that nobody knows is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Entry):
    """A short text in Dutch and English."""

    nl: Annotated[str, Field(min_length=1, max_length=400)]
    en: Annotated[str, Field(min_length=1, max_length=400)]


class Base(Entry):
    """Who counts in the denominator.

    Attributes
    ----------
    rule : {"asked", "answered", "answered_or", "categories"}
        ``"asked"``: everyone whom the question was put to, answered or not; ``"answered"``: who
        gave a substantive answer; ``"answered_or"``: these, and those with one of `reasons`;
        ``"categories"``: who gave one of `codes`.
    reasons : tuple of str
        Missing reasons that count, for ``"answered_or"``.
    codes : tuple of int
        Categories that count, for ``"categories"``.
    """

    rule: BaseRule = "answered"
    reasons: tuple[Identifier, ...] = ()
    codes: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _fits_its_rule(self) -> Base:
        if (self.rule == "answered_or") != bool(self.reasons):
            raise ValueError("reasons: expected with the rule 'answered_or', and only then")
        if (self.rule == "categories") != bool(self.codes):
            raise ValueError("codes: expected with the rule 'categories', and only then")
        return self


class Only(Entry):
    """The rows of one sector in which a column holds a cell."""

    sector: Identifier
    rows: Annotated[tuple[int, ...], Field(min_length=1)]


class Column(Entry):
    """One printed column a sector.

    Attributes
    ----------
    measure : str
        Name of the column in the printed record.
    statistic : Statistic
        What stands in it.
    label : Text, optional
        Heading; that of its categories or its statistic when left out.
    variable : str, optional
        The variable, where columns of a distribution differ in it.
    codes, reasons : tuple
        Categories and missing reasons that are counted, where columns are categories.
    base : Base, optional
        Denominator, where it differs from that of the table.
    why : Text, optional
        Why we believe in a base that departs from the default.
    only : tuple of Only
        Rows that hold a cell, where not all do.
    """

    measure: Identifier
    statistic: Statistic = "percent"
    label: Text | None = None
    variable: Identifier | None = None
    codes: tuple[int, ...] = ()
    reasons: tuple[Identifier, ...] = ()
    base: Base | None = None
    why: Text | None = None
    only: tuple[Only, ...] = ()


class Row(Entry):
    """One printed row.

    Attributes
    ----------
    no : int
        Row number in the printed record; 0 is a base printed in a caption or a column head.
    label : Text, optional
        Label; that of the codebook when left out.
    variable, scale : str, optional
        What the row is about, where rows are variables or scales.
    codes, reasons : tuple
        Categories and missing reasons that are counted, where rows are categories.
    total : bool
        The row sums the whole base.
    holds_base : bool
        The row holds the columns with the statistic ``"base"``, and no others unless it is also
        a total.
    sectors : tuple of str
        Sectors that have the row; empty means all of the table.
    """

    no: Annotated[int, Field(ge=0)]
    label: Text | None = None
    variable: Identifier | None = None
    scale: Identifier | None = None
    codes: tuple[int, ...] = ()
    reasons: tuple[Identifier, ...] = ()
    total: bool = False
    holds_base: bool = False
    sectors: tuple[Identifier, ...] = ()


class Table(Entry):
    """One printed table.

    Attributes
    ----------
    locator : str
        Name as printed.
    chapter : str
        Chapter that it stands in.
    kind : Kind
        How rows and columns are to be read.
    title : Text
        Short title.
    sectors : tuple of str
        Sectors that have columns; empty means all of the wave.
    variable, composition : str, optional
        What the whole table is about.
    base : Base
        Denominator.
    arithmetic : {"counts", "rounded_percentages"}
        Percentages of counts, or sums of already rounded percentages.
    rounded_base : Base, optional
        Denominator of the percentages that were rounded first; that of the table when left out.
    why : Text, optional
        Why we believe in a base or an arithmetic that departs from the defaults.
    columns : tuple of Column
        The columns, unless
    column_set : str, optional
        names columns that several tables share.
    rows : tuple of Row
        The rows.
    """

    locator: Annotated[str, Field(min_length=1, max_length=80)]
    chapter: ChapterId
    kind: Kind
    title: Text
    sectors: tuple[Identifier, ...] = ()
    variable: Identifier | None = None
    composition: Identifier | None = None
    base: Base = Base()
    arithmetic: Arithmetic = "counts"
    rounded_base: Base | None = None
    why: Text | None = None
    columns: tuple[Column, ...] = ()
    column_set: Identifier | None = None
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_columns(self) -> Table:
        if bool(self.columns) == (self.column_set is not None):
            raise ValueError("columns: expected either columns or a column_set")
        return self


class ColumnSet(Entry):
    """Columns that several tables share."""

    id: Identifier
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]


class Chapter(Entry):
    """A chapter, for totals."""

    id: ChapterId
    label: Text


class TableFile(Entry):
    """A whole table file."""

    schema_version: Literal[1]
    id: Identifier
    codebook: Identifier
    title: Text
    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    column_sets: tuple[ColumnSet, ...] = ()
