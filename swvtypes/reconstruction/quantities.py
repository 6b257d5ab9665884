"""Quantities of a row in whole numbers: answers, scale scores, recodes, indicators, totals.

A scale score is the mean of the items answered after turning round; in units of one part of the
least common multiple of 1 ... k it is a whole number for every number of answers, so that no
rounding enters the search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from .project import Project, QuantitySpec

BLANK = -(10**9)
ROUTED = BLANK - 1
NOT_ASKED = BLANK - 2

Columns = Mapping[str, list[int]]
Value = int | None
Evaluate = Callable[[int], Value]


class Quantity:
    """One whole number (or None) a row, with a trial copy for a move under consideration.

    ``unit`` is the number of steps that make one unit of print.
    """

    def __init__(self, name: str, unit: int, sources: tuple[str, ...], evaluate: Evaluate) -> None:
        self.name = name
        self.unit = unit
        self.sources = sources
        self.evaluate = evaluate
        self.values: list[Value] = []
        self.trial: list[Value] = []

    def refresh(self, n_rows: int) -> None:
        """Evaluate every row anew."""
        self.values = [self.evaluate(row) for row in range(n_rows)]
        self.trial = list(self.values)


def make_quantity(project: Project, name: str, columns: Columns, sectors: list[int]) -> Quantity:
    """Build the quantity that a target names.

    A leading minus is the variable turned round within the range of its scale; ``sector`` is the
    number of the sector, from 1.
    """
    if name == "sector":
        return Quantity(name, 1, (), lambda row: sectors[row])
    spec = project.quantities.get(name)
    if spec is None:
        return _plain(project, name, columns)
    builders: dict[str, Callable[[QuantitySpec, Project, Columns], Quantity]] = {
        "scale": _scale,
        "recode": _recode,
        "indicator": _indicator,
        "total": _total,
    }
    return builders[spec.kind](spec, project, columns)


def _substantive(project: Project, variable: str, column: list[int]) -> Evaluate:
    missing = project.variables[variable].missing

    def evaluate(row: int) -> Value:
        value = column[row]
        return None if value <= BLANK or value in missing else value

    return evaluate


def _plain(project: Project, name: str, columns: Columns) -> Quantity:
    variable = name.removeprefix("-")
    read = _substantive(project, variable, columns[variable])
    unit = 10 ** project.variables[variable].decimals
    if not name.startswith("-"):
        return Quantity(name, unit, (variable,), read)
    ends = next(
        sum(int(code) for code in spec.codes.split())
        for spec in project.quantities.values()
        if spec.kind == "scale" and (variable, True) in spec.variables
    )

    def turned(row: int) -> Value:
        value = read(row)
        return None if value is None else ends - value

    return Quantity(name, unit, (variable,), turned)


def _scale(spec: QuantitySpec, project: Project, columns: Columns) -> Quantity:
    low, high = (int(code) for code in spec.codes.split())
    items = [(columns[v], project.variables[v].missing, turned) for v, turned in spec.variables]
    unit = math.lcm(*range(1, len(items) + 1))

    def evaluate(row: int) -> Value:
        total = answered = 0
        for column, missing, turned in items:
            value = column[row]
            if value > BLANK and value not in missing:
                total += low + high - value if turned else value
                answered += 1
        return total * unit // answered if answered else None

    return Quantity(spec.quantity, unit, tuple(v for v, _ in spec.variables), evaluate)


def recode_map(codes: str) -> dict[int, int]:
    """Read ``"1-3=1 4-7=2"`` as a mapping from code to group.

    Examples
    --------
    >>> recode_map("1-2=1 3=2")
    {1: 1, 2: 1, 3: 2}
    """
    mapping: dict[int, int] = {}
    for part in codes.split():
        span, _, group = part.partition("=")
        first, _, last = span.partition("-")
        for code in range(int(first), int(last or first) + 1):
            mapping[code] = int(group)
    return mapping


def _recode(spec: QuantitySpec, project: Project, columns: Columns) -> Quantity:
    variable = spec.variables[0][0]
    column, mapping = columns[variable], recode_map(spec.codes)
    return Quantity(spec.quantity, 1, (variable,), lambda row: mapping.get(column[row]))


def _indicator(spec: QuantitySpec, project: Project, columns: Columns) -> Quantity:
    variable = spec.variables[0][0]
    read = _substantive(project, variable, columns[variable])
    chosen = frozenset(int(code) for code in spec.codes.split())

    def evaluate(row: int) -> Value:
        value = read(row)
        return None if value is None else int(value in chosen)

    return Quantity(spec.quantity, 1, (variable,), evaluate)


def _total(spec: QuantitySpec, project: Project, columns: Columns) -> Quantity:
    reads = [_substantive(project, v, columns[v]) for v, _ in spec.variables]
    unit = 10 ** project.variables[spec.variables[0][0]].decimals

    def evaluate(row: int) -> Value:
        found = [value for read in reads if (value := read(row)) is not None]
        return sum(found) if found else None

    return Quantity(spec.quantity, unit, tuple(v for v, _ in spec.variables), evaluate)
