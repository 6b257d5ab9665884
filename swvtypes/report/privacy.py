"""Small counts kept back, with as many others as it takes that nobody can work them out.

Counts of a report are cells of a system: some are sums of others, within a table or between tables.
A count from 1 to one below the smallest cell is kept back. Then the reader's part is played: from
all counts that are still shown, and the sums, the lowest and the highest whole number that each
hidden count can be are found by integer programming. As long as one can be pinned down too closely,
another count is hidden beside it (Fischetti and Salazar 2001, the attacker's problem).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from swvtypes.errors import ResourceError

Key = Hashable


@dataclass(frozen=True)
class Sum:
    """One count that is the sum of others.

    Attributes
    ----------
    total : hashable
        Key of the sum.
    parts : tuple of hashable
        Keys of what adds up to it.
    """

    total: Key
    parts: tuple[Key, ...]


@dataclass
class CountSystem:
    """All counts of a report and how they add up.

    Attributes
    ----------
    counts : dict of hashable to int
    sums : list of Sum
    """

    counts: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)

    def add(self, total: Key, parts: Mapping[Key, int]) -> None:
        """Add counts and the sum they make."""
        self.counts.update(parts)
        self.counts[total] = sum(parts.values())
        self.sums.append(Sum(total, tuple(parts)))


def attack(system: CountSystem, hidden: Iterable[Key], target: Key) -> tuple[int, int]:
    """Find the lowest and highest whole number that a hidden count can be.

    Parameters
    ----------
    system : CountSystem
        Its counts that are not hidden are known, and every sum is.
    hidden : iterable of hashable
        Keys of the counts that are not shown.
    target : hashable
        One of them.

    Returns
    -------
    tuple of int
        Lowest and highest; the highest is a large number where nothing bounds it.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    unknown = _linked(system, list(dict.fromkeys(hidden)), target)
    at = {key: j for j, key in enumerate(unknown)}
    matrix, right = _equations(system, at)
    ceiling = 1 + sum(system.counts.values())
    bounds = Bounds(np.zeros(len(at)), np.full(len(at), float(ceiling)))
    ends = []
    for sign in (1.0, -1.0):
        goal = np.zeros(len(at))
        goal[at[target]] = sign
        limits = [LinearConstraint(matrix, right, right)] if len(matrix) else []
        found = milp(
            goal, constraints=limits, bounds=bounds, integrality=np.ones(len(at), dtype=np.int64)
        )
        if found.x is None:
            raise ResourceError(f"suppression: {found.message}")
        ends.append(round(float(found.x[at[target]])))
    return ends[0], ends[1]


def suppress(system: CountSystem, smallest: int) -> frozenset[Key]:
    """Say which counts are to be kept back.

    Parameters
    ----------
    system : CountSystem
    smallest : int
        Counts from 1 to `smallest` - 1 are kept back, and others until each of those can be any
        of at least `smallest` whole numbers for a reader who knows everything else.

    Examples
    --------
    >>> system = CountSystem()
    >>> system.add("all", {"a": 2, "b": 30, "c": 40})
    >>> sorted(suppress(system, 5))
    ['a', 'b']
    """
    small = [key for key, count in system.counts.items() if 0 < count < smallest]
    hidden = dict.fromkeys(small)
    for target in small:
        while True:
            lowest, highest = attack(system, hidden, target)
            if highest - lowest >= smallest - 1:
                break
            more = _next(system, hidden, target)
            if more is None:
                break
            hidden[more] = None
    return frozenset(hidden)


def _linked(system: CountSystem, hidden: Sequence[Key], target: Key) -> list[Key]:
    """Hidden counts that share sums with the target, directly or through others."""
    left, found = set(hidden) - {target}, [target]
    for key in found:
        for line in system.sums:
            members = (line.total, *line.parts)
            if key in members:
                near = [m for m in members if m in left]
                found += near
                left -= set(near)
    return found


def _equations(
    system: CountSystem, at: Mapping[Key, int]
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:  # fmt: skip  # noqa: E501
    rows, right = [], []
    for line in system.sums:
        row, known = np.zeros(len(at)), 0.0
        for key, sign in ((line.total, -1.0), *((p, 1.0) for p in line.parts)):
            if key in at:
                row[at[key]] += sign
            else:
                known += sign * system.counts[key]
        if row.any():
            rows.append(row)
            right.append(-known)
    return np.array(rows).reshape(len(rows), len(at)), np.array(right)


def _next(system: CountSystem, hidden: Mapping[Key, None], target: Key) -> Key | None:
    """Another count to hide: a part before a total, the least above zero first."""
    near: dict[Key, tuple[int, int, int]] = {}
    linked = set(_linked(system, list(hidden), target))
    for line in system.sums:
        members = (line.total, *line.parts)
        if not linked & set(members):
            continue
        for key in members:
            if key not in hidden:
                count = system.counts[key]
                near[key] = (int(key == line.total), int(count == 0), count)
    return min(near, key=lambda k: near[k]) if near else None
