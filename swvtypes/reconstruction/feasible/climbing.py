"""Drive a statistic one way, goal by goal; at each goal every printed number holds again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swvtypes.errors import ReconstructionError
from swvtypes.reconstruction.builder import concerning, step_columns, step_moves, step_statistics
from swvtypes.reconstruction.moves import Propose, weighted
from swvtypes.reconstruction.objective import Signature, gather
from swvtypes.reconstruction.project import Project, Target
from swvtypes.reconstruction.quantities import Quantity, make_quantity
from swvtypes.reconstruction.search import Schedule, search_rows
from swvtypes.reconstruction.statistics import Statistic
from swvtypes.reconstruction.stream import Stream

from .goal import RANGE, Goal
from .moving import BLOCK, gate_swaps
from .relation import Relation, SearchEffort

Columns = dict[str, list[int]]
_BRANCH = 9_000
_ROOM = 1e-9


@dataclass(frozen=True)
class Climb:
    """Where a search in one direction ended: the value, the columns moved, proposals made."""

    value: float
    columns: Columns
    proposals: int


class Terrain:
    """The rows of one seed with the printed numbers that a relation's columns must keep.

    Parameters
    ----------
    relation : Relation
    project : Project
        With the relation's quantities.
    columns : dict of str to list of int
        Rows in which every fitted number holds; moved in place.
    skip : collection of str
        Targets that the rows are not held to (proven impossible or contradicted).
    step : mapping
        What moves (see :func:`swvtypes.reconstruction.feasible.moving.moving_step`).

    Raises
    ------
    ReconstructionError
        When a printed number does not hold to begin with.
    """

    def __init__(
        self,
        relation: Relation,
        project: Project,
        columns: Columns,
        skip: frozenset[str],
        step: Mapping[str, Any],
    ) -> None:
        self.columns = columns
        routed = gate_swaps(relation, project, columns)
        gated = [name for swap in routed for name in swap.columns]
        moved = dict.fromkeys([*step_columns(project, step), *gated])
        self.moving = tuple(moved)
        relevant: dict[Signature, list[Target]] = concerning(
            project, gather(project, skip), set(columns), set(self.moving)
        )
        self.quantities, self.statistics = step_statistics(project, step, relevant, columns)
        self.moves: Sequence[Propose] = (
            *step_moves(project, step, columns, {}),
            *weighted([(swap, 1 if len(swap.columns) == 1 else BLOCK) for swap in routed]),
        )
        known = {quantity.name: quantity for quantity in self.quantities}
        codes = [list(project.sizes).index(sector) + 1 for sector in project.rows()]

        def make(name: str) -> Quantity:
            if name not in known:
                known[name] = make_quantity(project, name, columns, codes)
                known[name].refresh(len(codes))
                self.quantities.append(known[name])
            return known[name]

        self.goal = Goal(relation, project, make)
        unmet = [s for s in self.statistics if s.cost]
        if unmet:
            raise ReconstructionError(
                f"{len(unmet)} printed statistics do not hold in the rows to begin with"
            )
        self.everything: list[Statistic] = [self.goal.statistic, *self.statistics]

    @property
    def constraints(self) -> int:
        """How many statistics bind the moved columns."""
        return len(self.statistics)

    def save(self) -> Columns:
        """Copy the columns that move."""
        return {name: list(self.columns[name]) for name in self.moving}

    def restore(self, saved: Columns) -> None:
        """Put columns back and compute everything anew."""
        for name, values in saved.items():
            self.columns[name][:] = values
        for quantity in self.quantities:
            quantity.refresh(len(quantity.values))
        for statistic in self.everything:
            statistic.refresh()


def climb(
    terrain: Terrain, sign: int, bound: float | None, effort: SearchEffort, branch: tuple[int, int]
) -> Climb:
    """Drive the goal's statistic up (sign 1) or down (sign -1) as far as the search gets.

    A goal that is not met is tried once more with a threshold four times as high; then the step
    is halved. A goal that is met makes the next step half as long again.

    Parameters
    ----------
    terrain : Terrain
        Left as it was.
    sign : int
    bound : float or None
        No goal beyond it is tried: nothing can reach it.
    effort : SearchEffort
    branch : (int, int)
        The seed, and a number that makes its stream of chance its own.

    Returns
    -------
    Climb
    """
    start = terrain.save()
    goal, scale = terrain.goal, RANGE[terrain.goal.relation.measure]
    best, kept, made, tried = goal.value(), start, 0, 0
    step, bold = effort.first_step * scale, False
    while step >= effort.last_step * scale:
        asked = best + sign * step
        if bound is not None and sign * (bound - asked) < 0:
            asked = bound
            if sign * (asked - best) <= _ROOM:
                break
        tried += 1
        goal.aim(asked, sign)
        schedule = Schedule(effort.proposals, effort.rounds, effort.threshold * (4 if bold else 1))
        stream = Stream(branch[0], _BRANCH + branch[1], tried)
        outcome = search_rows(
            terrain.columns, terrain.quantities, terrain.everything, terrain.moves, stream, schedule
        )
        made += outcome.proposals
        if outcome.cost == 0:
            best, kept, step = goal.value(), terrain.save(), step * 1.5
        else:
            terrain.restore(kept)
            step = step / 2 if bold else step
        bold = outcome.cost > 0 and not bold
    terrain.restore(start)
    return Climb(best, kept, made)
