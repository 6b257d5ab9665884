"""Threshold accepting over moves: whole-number prices, a falling threshold, several rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .moves import Columns, Edit, Propose
from .quantities import Quantity
from .statistics import Statistic
from .stream import Stream


@dataclass(frozen=True)
class Schedule:
    """How long to search: proposals a round, rounds, and the threshold a round starts from."""

    proposals: int = 20_000
    rounds: int = 8
    threshold: int = 400


@dataclass(frozen=True)
class Outcome:
    """How a search ended: the price left and the proposals made."""

    cost: int
    proposals: int


@dataclass(frozen=True)
class _Wiring:
    quantities_of: Mapping[str, tuple[int, ...]]
    statistics_of: tuple[tuple[int, ...], ...]


def search_rows(
    columns: Columns,
    quantities: Sequence[Quantity],
    statistics: Sequence[Statistic],
    moves: Sequence[Propose],
    stream: Stream,
    schedule: Schedule,
) -> Outcome:
    """Move the columns until every statistic lies in its window, or the schedule ends.

    Parameters
    ----------
    columns : dict of str to list of int
        Changed in place.
    quantities, statistics
        Refreshed against the columns.
    moves : sequence of callable
        Drawn from with equal probability.
    stream : Stream
        Source of chance.
    schedule : Schedule
        Length and temperature.

    Returns
    -------
    Outcome
        ``cost`` 0 when every term is met.
    """
    wiring = _wire(quantities, statistics)
    cost = sum(statistic.cost for statistic in statistics)
    made = 0
    for _ in range(schedule.rounds):
        for step in range(schedule.proposals):
            if cost == 0:
                return Outcome(0, made)
            made += 1
            edits = moves[stream.below(len(moves))](stream, columns)
            if edits is None:
                continue
            allowed = schedule.threshold * (schedule.proposals - step) // schedule.proposals
            cost += _try(columns, edits, quantities, statistics, wiring, allowed)
    return Outcome(cost, made)


def _wire(quantities: Sequence[Quantity], statistics: Sequence[Statistic]) -> _Wiring:
    of_column: dict[str, list[int]] = {}
    for index, quantity in enumerate(quantities):
        for name in quantity.sources:
            of_column.setdefault(name, []).append(index)
    place = {id(quantity): index for index, quantity in enumerate(quantities)}
    of_quantity: list[list[int]] = [[] for _ in quantities]
    for index, statistic in enumerate(statistics):
        for quantity in statistic.quantities:
            of_quantity[place[id(quantity)]].append(index)
    return _Wiring(
        {name: tuple(found) for name, found in of_column.items()},
        tuple(tuple(found) for found in of_quantity),
    )


@dataclass(frozen=True)
class _Trial:
    """A proposal under consideration: rows, quantities that changed, statistics concerned."""

    rows: Sequence[int]
    changed: Sequence[Quantity]
    concerned: Sequence[Statistic]


def _try(
    columns: Columns,
    edits: Sequence[Edit],
    quantities: Sequence[Quantity],
    statistics: Sequence[Statistic],
    wiring: _Wiring,
    allowed: int,
) -> int:
    """Make the edits, keep them if the price rises by no more than `allowed`; return the change."""
    before = [(name, row, columns[name][row]) for name, row, _ in edits]
    for name, row, value in edits:
        columns[name][row] = value
    trial = _consider(edits, quantities, statistics, wiring)
    rise = 0
    left = sum(statistic.cost for statistic in trial.concerned)
    for statistic in trial.concerned:
        left -= statistic.cost
        rise += statistic.propose(trial.rows) - statistic.cost
        if rise - left > allowed:  # the rest can fall by no more than what it costs now
            break
    else:
        for quantity in trial.changed:
            for row in trial.rows:
                quantity.values[row] = quantity.trial[row]
        for statistic in trial.concerned:
            statistic.accept()
        return rise
    for name, row, value in before:
        columns[name][row] = value
    for quantity in trial.changed:
        for row in trial.rows:
            quantity.trial[row] = quantity.values[row]
    return 0


def _consider(
    edits: Sequence[Edit],
    quantities: Sequence[Quantity],
    statistics: Sequence[Statistic],
    wiring: _Wiring,
) -> _Trial:
    """Evaluate the quantities that the edits touch, in their trial copy."""
    rows = sorted({row for _, row, _ in edits})
    touched = dict.fromkeys(i for name, _, _ in edits for i in wiring.quantities_of.get(name, ()))
    changed: list[Quantity] = []
    concerned: dict[int, None] = {}
    for index in touched:
        quantity = quantities[index]
        different = False
        for row in rows:
            value = quantity.evaluate(row)
            if value != quantity.values[row]:
                quantity.trial[row] = value
                different = True
        if different:
            changed.append(quantity)
            concerned |= dict.fromkeys(wiring.statistics_of[index])
    return _Trial(rows, changed, [statistics[found] for found in concerned])
