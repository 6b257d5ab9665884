"""Which columns of the rows may move for a relation, and by which of the builder's moves."""

from __future__ import annotations

from typing import Any

from swvtypes.errors import InputError
from swvtypes.reconstruction.builder import expand
from swvtypes.reconstruction.moves import Columns, Swap
from swvtypes.reconstruction.objective import sources
from swvtypes.reconstruction.project import Project
from swvtypes.reconstruction.quantities import ROUTED

from .relation import Relation

KINDS = ("swap", "block", "transfer", "shift")

#: How often a whole scale or budget moves to another row, to one swap of a single answer.
BLOCK = 60


def moving_step(relation: Relation, project: Project) -> dict[str, Any]:
    """Give a step of the builder's form that moves the columns of a relation.

    Each column moves as the plan's own steps move it; a column that no step names is swapped
    within its sector, and scales of the relation also move as a block. Answers that decide who
    was asked another question are left to :func:`gate_swaps`; answers that are printed once more
    in a finer division stay in place.

    Raises
    ------
    InputError
        When no column of the relation can move.
    """
    names = sources(project, relation.first) | sources(project, relation.second)
    gates = _gates(project)
    free = sorted(names - gates - _refined(project))
    step: dict[str, Any] = {kind: {} for kind in KINDS}
    placed: set[str] = set()
    for planned in project.plan["steps"]:
        for kind in KINDS:
            for word in planned.get(kind, ()):
                members = set(expand(project, word))
                if kind in ("swap", "shift"):
                    step[kind] |= dict.fromkeys(sorted(members & set(free)))
                elif members & set(free) and not members & gates:
                    step[kind][word] = None
                else:
                    continue
                placed |= members
    step["swap"] |= dict.fromkeys(name for name in free if name not in placed)
    for word in _scales(relation, project):
        if not set(expand(project, word)) & gates:
            step["block"][word] = None
    found = {kind: list(words) for kind, words in step.items()}
    if not any(found.values()):
        both = " and ".join(filter(None, (relation.first, relation.second)))
        raise InputError("relation", [f"no column of {both} can move"])
    return {**found, "weights": {"transfer": 4, "block": BLOCK}}


def gate_swaps(relation: Relation, project: Project, columns: Columns) -> list[Swap]:
    """List swaps of answers that are gates, and of scales with one, that keep all routing.

    Rows are exchanged only among those of one sector for which the gate is open, or among those
    for which it is shut.
    """
    gates = _gates(project) - _refined(project)
    found: list[Swap] = []
    names = sources(project, relation.first) | sources(project, relation.second)
    groups: list[tuple[str, ...]] = [(name,) for name in sorted(names & gates)]
    groups += [
        members
        for word in _scales(relation, project)
        if set(members := expand(project, word)) & gates
    ]
    for members in groups:
        pools = _strata(project, members, columns)
        if pools:
            found.append(Swap(members, pools))
    return found


def _strata(
    project: Project, members: tuple[str, ...], columns: Columns
) -> tuple[tuple[int, ...], ...]:
    opened = {
        spec.gate: spec.gate_codes for spec in project.variables.values() if spec.gate in members
    }
    pools: dict[tuple[object, ...], list[int]] = {}
    for row, sector in enumerate(project.rows()):
        asked = [name for name in members if sector in project.variables[name].sectors]
        if asked and all(columns[name][row] > ROUTED for name in asked):
            key = (sector, *(columns[gate][row] in codes for gate, codes in opened.items()))
            pools.setdefault(key, []).append(row)
    return tuple(tuple(rows) for rows in pools.values() if len(rows) > 1)


def _gates(project: Project) -> set[str]:
    return {spec.gate for spec in project.variables.values() if spec.gate}


def _scales(relation: Relation, project: Project) -> list[str]:
    """Name the project's scales of a relation, whose items may also move together."""
    return [
        f"@{name}"
        for name in (relation.first, relation.second)
        if name in project.quantities and project.quantities[name].kind == "scale"
    ]


def _refined(project: Project) -> set[str]:
    refines = project.plan.get("refines", {})
    return {*refines, *(str(entry["of"]) for entry in refines.values())}
