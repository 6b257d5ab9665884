"""What rows, columns and the kind of a table must agree on among themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .schema import STATISTICS, Column, Row, Table

_ROW_IS_A_VARIABLE = frozenset({"multi_response", "likert_grid", "collapsed", "grades"})
_COLUMN_IS_A_CATEGORY = frozenset({"likert_grid", "collapsed"})
_HAS_PARTS = frozenset({"distribution", "likert_grid", "collapsed"})


def table_faults(table: Table, columns: Iterable[Column]) -> list[str]:
    """List every fault of one table, each with its locator.

    Parameters
    ----------
    table : Table
        A table whose entries are valid by themselves.
    columns : iterable of Column
        Its columns, those of a column set filled in.

    Returns
    -------
    list of str
        One sentence a fault; empty for a sound table.
    """
    shown = tuple(columns)
    faults = [*_whole_faults(table, shown), *_repeats(table, shown)]
    for row in table.rows:
        faults += [f"row {row.no}: {fault}" for fault in _row_faults(table, row, shown)]
    for column in shown:
        faults += [f"column {column.measure!r}: {f}" for f in _column_faults(table, column)]
    return [f"{table.locator}: {fault}" for fault in faults]


def _whole_faults(table: Table, columns: tuple[Column, ...]) -> list[str]:
    faults = []
    departs = table.base.rule != "answered" or table.arithmetic != "counts"
    if departs and table.why is None:
        faults.append("why: expected, as base or arithmetic depart from the defaults")
    if table.rounded_base is not None and table.arithmetic != "rounded_percentages":
        faults.append("rounded_base: expected only with the arithmetic 'rounded_percentages'")
    if table.arithmetic == "rounded_percentages" and table.kind not in _HAS_PARTS:
        faults.append(f"arithmetic: 'rounded_percentages' is not defined for {table.kind!r}")
    if (table.kind == "mean_composition") != (table.composition is not None):
        faults.append("composition: expected with the kind 'mean_composition', and only then")
    if table.variable is not None and table.kind != "distribution":
        faults.append("variable: expected only with the kind 'distribution'")
    if any(row.holds_base for row in table.rows) != any(c.statistic == "base" for c in columns):
        faults.append("holds_base: expected with a column of the statistic 'base', and only then")
    return faults


def _repeats(table: Table, columns: tuple[Column, ...]) -> list[str]:
    rows = Counter(row.no for row in table.rows)
    measures = Counter(column.measure for column in columns)
    faults = [f"row {no}: expected once, stands {n} times" for no, n in rows.items() if n > 1]
    faults += [
        f"column {measure!r}: expected once, stands {n} times"
        for measure, n in measures.items()
        if n > 1
    ]
    for column in columns:
        for only in column.only:
            faults += [
                f"column {column.measure!r}, only: no row {no}"
                for no in only.rows
                if no not in rows
            ]
    return faults


def _row_faults(table: Table, row: Row, columns: tuple[Column, ...]) -> list[str]:
    faults = []
    outside = [s for s in row.sectors if table.sectors and s not in table.sectors]
    faults += [f"sector {sector!r} is none of the table's" for sector in outside]
    plain = not (row.total or row.holds_base)
    counted = bool(row.codes or row.reasons)
    if not plain and (counted or row.variable or row.scale):
        faults.append("expected no variable, scale, codes or reasons beside total or holds_base")
        return faults
    wants_variable = table.kind in _ROW_IS_A_VARIABLE or table.kind == "mean_composition"
    if wants_variable and plain and row.variable is None:
        faults.append(f"variable: expected with the kind {table.kind!r}")
    if not wants_variable and row.variable is not None:
        faults.append(f"variable: not expected with the kind {table.kind!r}")
    if (table.kind == "scale_summary" and plain) != (row.scale is not None):
        faults.append("scale: expected with the kind 'scale_summary', and only then")
    if table.kind == "distribution" and plain and not counted:
        faults.append("codes or reasons: expected with the kind 'distribution'")
    if counted and table.kind not in {"distribution", "multi_response"}:
        faults.append(f"codes and reasons: not expected with the kind {table.kind!r}")
    if row.total and table.kind in {"scale_summary", "grades", "likert_grid", "collapsed"}:
        faults.append(f"total: not defined for the kind {table.kind!r}")
    if row.holds_base and table.kind in _COLUMN_IS_A_CATEGORY:
        faults.append(f"holds_base: not defined for the kind {table.kind!r}")
    return faults


def _column_faults(table: Table, column: Column) -> list[str]:
    faults = []
    known = STATISTICS[table.kind]
    if column.statistic not in known:
        faults.append(
            f"statistic: expected one of {', '.join(sorted(known))} with the kind "
            f"{table.kind!r}, got {column.statistic!r}"
        )
    counted = bool(column.codes or column.reasons)
    if counted != (table.kind in _COLUMN_IS_A_CATEGORY):
        faults.append("codes or reasons: expected with 'likert_grid' and 'collapsed', only there")
    if table.kind == "distribution":
        if (column.variable is None) == (table.variable is None):
            faults.append("variable: expected on the table or on each column, on one of them")
    elif column.variable is not None:
        faults.append("variable: expected only with the kind 'distribution'")
    if column.base is not None and column.base.rule != "answered" and column.why is None:
        faults.append("why: expected, as the base departs from the default")
    if column.base is not None and table.arithmetic != "counts":
        faults.append("base: not defined beside the arithmetic 'rounded_percentages'")
    return faults
