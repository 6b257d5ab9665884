"""The statistic that is driven up or down, as one more term of the builder's objective."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

from swvtypes.reconstruction.project import Project
from swvtypes.reconstruction.quantities import Quantity
from swvtypes.reconstruction.statistics import Additive, Alpha, Correlation, Groups
from swvtypes.reconstruction.terms import SCALE, Term

from .relation import Relation

FAR = 10**6 * SCALE
Maker = Callable[[str], Quantity]

#: Natural range of each measure, by which steps are scaled.
RANGE = {"correlation": 2.0, "share": 1.0, "difference": 4.0, "f": 20.0, "alpha": 2.0}


class Goal:
    """A statistic with a movable window on one side.

    Parameters
    ----------
    relation : Relation
        What is driven.
    project : Project
        With the relation's quantities.
    make : callable
        Gives a quantity by name, refreshed.
    """

    def __init__(self, relation: Relation, project: Project, make: Maker) -> None:
        self.relation = relation
        self.window = (-FAR, FAR)
        rows = [r for r, s in enumerate(project.rows()) if relation.sector in (s, "both")]
        self.statistic = self._build(project, make, rows)
        self.statistic.refresh()

    def _build(self, project: Project, make: Maker, rows: Sequence[int]) -> Additive:
        relation = self.relation
        if relation.measure == "alpha":
            spec = project.quantities[relation.first]
            items = [make(f"-{v}" if turned else v) for v, turned in spec.variables]
            return Alpha(items, rows, [self._term("alpha")])
        first, second = make(relation.first), make(relation.second)
        if relation.measure == "correlation":
            return Correlation([first, second], rows, [self._term("r")])
        groups = sorted({g for row in rows if (g := second.values[row]) is not None})
        kind, chosen = {
            "share": ("mean", (1,)),
            "difference": ("order", relation.groups),
            "f": ("F", ()),
        }[relation.measure]
        return Groups([first, second], rows, [self._term(kind, chosen)], groups)

    def _term(self, kind: str, groups: tuple[int, ...] = ()) -> Term:
        return Term("goal", kind, lambda n: self.window, groups)

    def aim(self, value: float, sign: int) -> None:
        """Ask for at least a value (sign 1) or at most it (sign -1)."""
        scaled = round(value * SCALE)
        self.window = (scaled, FAR) if sign > 0 else (-FAR, scaled)
        self.statistic.refresh()

    def value(self) -> float:
        """Give the statistic of the rows as they are; NaN where it has none."""
        sums, statistic = self.statistic.sums, self.statistic
        if isinstance(statistic, Correlation):
            n, x, y, xx, yy, xy = sums
            spread = (n * xx - x * x) * (n * yy - y * y)
            return (n * xy - x * y) / sqrt(spread) if spread > 0 else float("nan")
        if isinstance(statistic, Groups):
            return _of_groups(statistic, self.relation)
        n, total, squares = sums[:3]
        k = len(statistic.quantities)
        whole = n * squares - total * total
        items = sum(n * sums[i + 1] - sums[i] ** 2 for i in range(3, 3 + 2 * k, 2))
        return k / (k - 1) * (1 - items / whole) if whole else float("nan")


def _of_groups(statistic: Groups, relation: Relation) -> float:
    if relation.measure == "f":
        return statistic.f_ratio(statistic.sums)[0] / SCALE
    codes = (1,) if relation.measure == "share" else relation.groups
    triples = [statistic.triple(statistic.sums, code) for code in codes]
    if not all(n for n, _, _ in triples):
        return float("nan")
    means = [total / n / statistic.quantities[0].unit for n, total, _ in triples]
    return means[0] if len(means) == 1 else means[0] - means[1]
