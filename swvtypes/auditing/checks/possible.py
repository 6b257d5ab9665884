"""Numbers that no data give: a correlation or p above 1, a count below 0, a mean off its scale."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Confidence, Finding, Place
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.record import Cell, Record, Statement
from swvtypes.auditing.statistics import KINDS, number_of_p

Bounds = tuple[Fraction | None, Fraction | None]

_ZERO, _ONE = Fraction(0), Fraction(1)
_BOUNDS: dict[str, Bounds] = {
    "r": (-_ONE, _ONE),
    "F": (_ZERO, None),
    "chi2": (_ZERO, None),
    "p": (_ZERO, _ONE),
    "sd": (_ZERO, None),
    "alpha": (None, _ONE),
    "percent": (_ZERO, Fraction(100)),
    "count": (_ZERO, None),
    "n": (_ZERO, None),
}
_ON_SCALE = ("mean", "median", "min", "max")
_ORDER = (("min", "mean"), ("min", "median"), ("mean", "max"), ("median", "max"), ("min", "max"))


def check_possible(record: Record) -> Iterator[Finding]:
    """Find numbers outside what their kind of number can be, whatever the data.

    A print is outside when every value that prints so is. Percentages off 0 to 100 may be
    changes, and broken counts may be weighted: these are likely, all others certain.
    """
    for statement in record.statements:
        yield from _statement(statement)
    for cell in record.cells:
        yield from _cell(cell)
    for cells in record.tables.values():
        yield from _rows(cells)


def _statement(statement: Statement) -> Iterator[Finding]:
    kind = KINDS.get(statement.kind, statement.kind)
    if statement.printed is not None:
        yield from _within(statement.place, statement.printed, kind, _BOUNDS.get(kind))
    p = number_of_p(statement.p)
    if p is not None:
        yield from _within(_beside(statement, "p"), p, "p", _BOUNDS["p"], "p = ")
    for name, df in (("df1", statement.df1), ("df2", statement.df2)):
        if df is not None and df.value <= 0:
            yield Finding(
                _beside(statement, name), "impossible", f"{name} = {df.text}", "> 0",
                "impossible_df", "certain",
            )  # fmt: skip


def _beside(statement: Statement, part: str) -> Place:
    """Name a number that stands beside the statistic."""
    return Place(statement.locator, 0, statement.sector, f"{statement.id} {part}")


def _cell(cell: Cell) -> Iterator[Finding]:
    kind = cell.measure if cell.measure in _BOUNDS else cell.unit
    if cell.unit == "percent":
        kind = "percent"
    yield from _within(cell.place, cell.printed, kind, _BOUNDS.get(kind))
    if kind in {"n", "count"} and cell.printed.value.denominator != 1:
        yield Finding(cell.place, "impossible", cell.printed.text, "", "impossible_count", "likely")


def _within(
    place: Place, printed: Printed, kind: str, bounds: Bounds | None, sign: str = ""
) -> Iterator[Finding]:
    low, high = bounds or (None, None)
    below = low is not None and printed.high < low
    above = high is not None and printed.low > high
    if not (below or above):
        return
    words = {"low": _shown(low), "high": _shown(high)}
    key, expected = "impossible_range", f"{words['low']} - {words['high']}"
    if high is None:
        key, expected = "impossible_below", f">= {words['low']}"
    elif low is None:
        key, expected = "impossible_above", f"<= {words['high']}"
    confidence: Confidence = "certain"
    if kind == "percent":
        key, confidence = "impossible_share", "likely"
    yield Finding(place, "impossible", sign + printed.text, expected, key, confidence, words)


def _shown(bound: Fraction | None) -> str:
    return "" if bound is None else f"{float(bound):g}"


def _rows(cells: list[Cell]) -> Iterator[Finding]:
    """Compare the statistics of one row with one another and with the range of its scale."""
    rows: dict[tuple[int, str], dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.row_no, cell.sector), {})[cell.measure] = cell
    for held in rows.values():
        scale = _scale(held)
        for measure in _ON_SCALE:
            if scale is not None and measure in held:
                yield from _within(held[measure].place, held[measure].printed, "", scale)
        for less, more in _ORDER:
            if less in held and more in held and held[less].printed.low > held[more].printed.high:
                yield Finding(
                    held[more].place, "impossible", held[more].printed.text,
                    f">= {held[less].printed.text}", "impossible_order", "certain",
                    {"low": f"{less} = {held[less].printed.text}",
                     "high": f"{more} = {held[more].printed.text}"},
                )  # fmt: skip


def _scale(held: dict[str, Cell]) -> Bounds | None:
    if "low" in held and "high" in held:
        return held["low"].printed.value, held["high"].printed.value
    if "mean" in held and held["mean"].unit == "proportion":
        return _ZERO, _ONE
    return None
