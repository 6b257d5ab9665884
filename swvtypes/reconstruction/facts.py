"""What follows from print by counting alone: bases, answers given, pairs of answers."""

from __future__ import annotations

from dataclasses import dataclass

from .counts import Distribution, distribution, set_base
from .objective import sources
from .project import Project, Target


@dataclass(frozen=True)
class Proof:
    """Why a target cannot hold: its id, the prints taken as given, and the argument.

    ``printed`` is the number that the argument is about: a record that prints another one is
    not touched by the proof.
    """

    target: str
    given: str
    proof: str
    printed: str = ""


class Facts:
    """Counts that follow from print, looked up once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[tuple[str, str], Distribution | None] = {}

    def counts(self, variable: str, sector: str) -> Distribution | None:
        """Give the counts of a variable that is put to everybody, None where print is silent."""
        key = (variable, sector)
        if key not in self._known:
            spec = self.project.variables[variable]
            silent = bool(spec.gate or spec.response_set or spec.composition)
            silent = silent or variable in self.project.plan.get("refines", {})
            self._known[key] = (
                None
                if silent or sector not in spec.sectors
                else distribution(self.project, variable, sector, self.project.sizes[sector])
            )
        return self._known[key]

    def base(self, target: Target) -> int | None:
        """Give the number of answers behind a printed percentage."""
        spec = self.project.variables[target.var1]
        if spec.response_set:
            members = [
                v
                for v, s in self.project.variables.items()
                if s.response_set == spec.response_set and target.sector in s.sectors
            ]
            printed = [
                t
                for t in self.project.targets
                if t.kind == "n" and t.var1 in members and t.sector == target.sector
            ]
            asked = self.project.sizes[target.sector]
            return set_base(self.project, members, target.sector, asked) if printed else None
        found = self.counts(target.var1, target.sector)
        return found.n if found is not None else None

    def sectors(self, sector: str) -> list[str]:
        """Give the sectors that a target runs over."""
        return [s for s in self.project.sizes if sector in (s, "both")]

    def answered(self, quantity: str, sector: str) -> tuple[int, int]:
        """Give the fewest and most rows that can have a quantity."""
        size = self.project.sizes[sector]
        if quantity == "sector":
            return size, size
        spec = self.project.quantities.get(quantity)
        numbers: list[int] = []
        for variable in sorted(sources(self.project, quantity)):
            variable_spec = self.project.variables[variable]
            found = self.counts(variable, sector)
            if variable_spec.response_set and not variable_spec.gate:
                numbers.append(size)
            elif found is None:
                return 0, size
            else:
                missing = sum(n for c, n in found.counts.items() if c in variable_spec.missing)
                numbers.append(found.n - missing)
        if spec is not None and spec.kind == "scale":
            return max(numbers), min(size, sum(numbers))
        return numbers[0], numbers[0]

    def pairs(self, target: Target) -> range:
        """List the numbers of rows that can have both quantities of a target."""
        low = high = 0
        for sector in self.sectors(target.sector):
            size = self.project.sizes[sector]
            first, second = self.answered(target.var1, sector), self.answered(target.var2, sector)
            low += max(0, first[0] + second[0] - size)
            high += min(first[1], second[1])
        return range(max(low, 4), high + 1)
