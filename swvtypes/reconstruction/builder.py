"""Build the rows of one seed: first rows with exact counts, then the plan's steps in order.

Each step moves some columns and holds the statistics that concern them and columns placed before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .coherence import Coherence
from .marginals import Columns, fill, first_rows
from .moves import Propose, Shift, Swap, Transfer, weighted
from .objective import Signature, build, gather, sources
from .pins import Pins, pin_minima
from .project import Project, Target
from .quantities import BLANK, Quantity, make_quantity
from .search import Schedule, search_rows
from .statistics import Ordered, Statistic
from .stream import Stream


@dataclass(frozen=True)
class StepReport:
    """How a step ended: price left (0 when all is met), proposals and attempts made."""

    step: str
    cost: int
    proposals: int
    attempts: int


@dataclass(frozen=True)
class Rows:
    """The rows of one seed.

    ``sectors`` has one entry a row; ``columns`` one list a variable, in file order, of whole
    numbers (scaled by the variable's decimals) or the marks of an empty cell.
    """

    seed: int
    sectors: tuple[str, ...]
    columns: Columns
    steps: tuple[StepReport, ...]


def build_rows(project: Project, seed: int, skip: Iterable[str] = ()) -> Rows:
    """Build one seed.

    Parameters
    ----------
    project : Project
        What to rebuild.
    seed : int
        The same seed gives the same rows on every machine.
    skip : iterable of str
        Targets that are not fitted (proven impossible, or another print of the fact holds).

    Returns
    -------
    Rows
    """
    sectors = project.rows()
    gathered = gather(project, frozenset(skip))
    steps: list[Mapping[str, Any]] = list(project.plan["steps"])
    later = {name for step in steps for name in step_columns(project, step)}
    columns = first_rows(project, Stream(seed, 0), later)
    placed = set(columns) - later
    reports: list[StepReport] = []
    for number, step in enumerate(steps, start=1):
        mine = step_columns(project, step)
        gated = [name for name in mine if project.variables[name].gate in later]
        fill(project, gated, columns, Stream(seed, number, 0))
        placed |= set(mine)
        relevant = concerning(project, gathered, placed, set(mine))
        reports.append(_run(project, step, relevant, columns, (seed, number)))
    return Rows(seed, tuple(sectors), columns, tuple(reports))


def expand(project: Project, word: str) -> tuple[str, ...]:
    """Give the variables behind a word of the plan.

    ``@name`` is a quantity's variables, ``%name`` a response set's, ``+name`` a composition's;
    anything else is a variable.
    """
    if word.startswith("@"):
        return tuple(v for v, _ in project.quantities[word[1:]].variables)
    if word.startswith("%"):
        return tuple(v for v, s in project.variables.items() if s.response_set == word[1:])
    if word.startswith("+"):
        return tuple(v for v, s in project.variables.items() if s.composition == word[1:])
    return (word,)


def step_columns(project: Project, step: Mapping[str, Any]) -> tuple[str, ...]:
    """List the columns that a step moves."""
    found: dict[str, None] = {}
    for kind in ("swap", "block", "transfer", "shift"):
        for word in step.get(kind, ()):
            found |= dict.fromkeys(expand(project, word))
    return tuple(found)


def concerning(
    project: Project,
    gathered: Mapping[Signature, list[Target]],
    placed: set[str],
    mine: set[str],
) -> dict[Signature, list[Target]]:
    """Choose the statistics that concern the moved columns and columns in place."""
    chosen: dict[Signature, list[Target]] = {}
    for sign, targets in gathered.items():
        needed = sources(project, sign.var1) | sources(project, sign.var2)
        if needed <= placed and needed & mine:
            chosen[sign] = targets
    return chosen


def _run(
    project: Project,
    step: Mapping[str, Any],
    relevant: Mapping[Signature, list[Target]],
    columns: Columns,
    branch: tuple[int, int],
) -> StepReport:
    schedule = Schedule(**step.get("schedule", {}))
    start = {name: list(columns[name]) for name in step_columns(project, step)}
    proposals = 0
    attempts = int(step.get("attempts", 12))
    cost = 0
    for attempt in range(1, attempts + 1):
        stream = Stream(branch[0], branch[1], attempt)
        pins = pin_minima(project, relevant, columns, stream)
        quantities, statistics = step_statistics(project, step, relevant, columns)
        moves = step_moves(project, step, columns, pins)
        outcome = search_rows(columns, quantities, statistics, moves, stream, schedule)
        proposals += outcome.proposals
        cost = outcome.cost
        if cost == 0:
            return StepReport(step["name"], 0, proposals, attempt)
        if attempt < attempts:
            for name, values in start.items():
                columns[name][:] = values
    return StepReport(step["name"], cost, proposals, attempts)


def step_statistics(
    project: Project,
    step: Mapping[str, Any],
    relevant: Mapping[Signature, list[Target]],
    columns: Columns,
) -> tuple[list[Quantity], list[Statistic]]:
    """Build the statistics that a step holds to print, and the quantities they read."""
    sectors = project.rows()
    order = list(project.sizes)
    codes = [order.index(sector) + 1 for sector in sectors]
    known: dict[str, Quantity] = {}

    def make(name: str) -> Quantity:
        if name not in known:
            known[name] = make_quantity(project, name, columns, codes)
            known[name].refresh(len(sectors))
        return known[name]

    statistics: list[Statistic] = []
    for sign, targets in relevant.items():
        rows = [r for r, s in enumerate(sectors) if sign.sector in (s, "both")]
        statistics.append(build(project, sign, targets, make, rows))
    moved = {project.variables[v].response_set for v in step_columns(project, step)} - {""}
    for name in sorted(moved):
        for sector in project.sizes:
            rows = [r for r, s in enumerate(sectors) if s == sector]
            statistics.append(_coherence(project, name, sector, make, rows))
    statistics.sort(key=lambda statistic: isinstance(statistic, Ordered))  # costly ones last
    for statistic in statistics:
        statistic.refresh()
    return list(known.values()), statistics


def _coherence(
    project: Project, name: str, sector: str, make: Any, rows: Sequence[int]
) -> Statistic:
    members = [
        spec
        for spec in project.variables.values()
        if spec.response_set == name and sector in spec.sectors
    ]
    members.sort(key=lambda spec: not spec.exclusive)
    allowed = name in project.assumptions.get("empty_allowed", {})
    quantities = [make(spec.variable) for spec in members]
    return Coherence(quantities, rows, members[0].exclusive, allowed)


def step_moves(
    project: Project, step: Mapping[str, Any], columns: Columns, pins: Pins
) -> tuple[Propose, ...]:
    """List the moves of a step, each as often as its weight."""
    sectors = project.rows()
    weights = step.get("weights", {})
    found: list[tuple[Propose, int]] = []
    for word in step.get("swap", ()):
        found += [
            (Swap((name,), _pools(project, (name,), columns, pins)), int(weights.get("swap", 1)))
            for name in expand(project, word)
        ]
    for word in step.get("block", ()):
        names = expand(project, word)
        pools = _pools(project, names, columns, pins)
        found.append((Swap(names, pools), int(weights.get("block", len(names)))))
    for word in step.get("transfer", ()):
        names = expand(project, word)
        ceiling = int(project.variables[names[0]].maximum or 100)
        rows = tuple(r for r in range(len(sectors)) if columns[names[0]][r] != BLANK - 2)
        found.append((Transfer(names, rows, 5, ceiling), int(weights.get("transfer", len(names)))))
    for word in step.get("shift", ()):
        for name in expand(project, word):
            found.append((_shift(project, name, columns, step), int(weights.get("shift", 1))))
    return weighted([(move, weight) for move, weight in found if _usable(move)])


def _usable(move: Propose) -> bool:
    return not isinstance(move, Swap) or bool(move.rows)


def _shift(project: Project, name: str, columns: Columns, step: Mapping[str, Any]) -> Propose:
    spec = project.variables[name]
    unit = 10**spec.decimals
    rows = tuple(r for r, value in enumerate(columns[name]) if value > BLANK)
    low = round((spec.minimum if spec.minimum is not None else -(10**6)) * unit)
    high = round((spec.maximum if spec.maximum is not None else 10**6) * unit)
    return Shift(name, rows, int(step.get("shift_steps", 1)), low, high)


def _pools(
    project: Project, names: Sequence[str], columns: Columns, pins: Pins
) -> tuple[tuple[int, ...], ...]:
    """Gather, a sector, the rows whose answers may be exchanged; options stay with who answered."""
    in_set = bool(project.variables[names[0]].response_set)
    floor = BLANK if in_set else BLANK - 1
    held: frozenset[int] = frozenset().union(*(pins.get(name, frozenset()) for name in names))
    sectors = project.rows()
    pools: list[tuple[int, ...]] = []
    for sector in project.sizes:
        asked = [name for name in names if sector in project.variables[name].sectors]
        rows = tuple(
            row
            for row, found in enumerate(sectors)
            if found == sector
            and asked
            and row not in held
            and all(columns[name][row] > floor for name in asked)
        )
        if len(rows) > 1:
            pools.append(rows)
    return tuple(pools)
