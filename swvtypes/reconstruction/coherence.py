"""Rows of a multi-response set that contradict themselves, counted as the search goes."""

from __future__ import annotations

from collections.abc import Sequence

from .quantities import Quantity
from .statistics import Statistic


class Coherence(Statistic):
    """Rows of a multi-response set that choose nothing, or the exclusive option and another.

    The first quantity is the exclusive option; ``empty_allowed`` permits rows without a choice.
    """

    def __init__(
        self,
        quantities: Sequence[Quantity],
        rows: Sequence[int],
        exclusive: bool,
        empty_allowed: bool,
    ) -> None:
        super().__init__(quantities, rows)
        self.exclusive = exclusive
        self.empty_allowed = empty_allowed

    def _row(self, row: int, trial: bool) -> int:
        chosen = [(q.trial if trial else q.values)[row] for q in self.quantities]
        if chosen[0] is None:
            return 0
        picks = sum(1 for value in chosen if value == 1)
        if picks == 0:
            return 0 if self.empty_allowed else 1000
        return 1000 * (picks - 1) if self.exclusive and chosen[0] == 1 else 0

    def refresh(self) -> None:
        """Count the faults."""
        self.cost = sum(self._row(row, trial=False) for row in self.rows)

    def propose(self, rows: Sequence[int]) -> int:
        """Count the faults after the change."""
        self.proposed_cost = self.cost
        for row in rows:
            if self.member[row]:
                self.proposed_cost += self._row(row, trial=True) - self._row(row, trial=False)
        return self.proposed_cost

    def accept(self) -> None:
        """Take over the proposed count."""
        self.cost = self.proposed_cost
