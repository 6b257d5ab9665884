"""Rows that contradict themselves are counted, before a change and after it."""

from __future__ import annotations

import pytest

from swvtypes.reconstruction.coherence import Coherence
from swvtypes.reconstruction.quantities import Quantity

# The exclusive option and two others; a row that was not asked is None in all.
ROWS: list[tuple[int | None, int | None, int | None]] = [
    (0, 1, 1), (1, 0, 0), (0, 0, 0), (1, 1, 1), (None, None, None), (0, 0, 1),
]  # fmt: skip


def options() -> list[Quantity]:
    made = []
    for place, name in enumerate(("none", "first", "second")):
        column = [row[place] for row in ROWS]
        quantity = Quantity(name, 1, (name,), lambda row, column=column: column[row])  # type: ignore[misc]
        quantity.refresh(len(ROWS))
        made.append(quantity)
    return made


@pytest.mark.parametrize(
    ("exclusive", "empty_allowed", "cost"),
    [(True, False, 3000), (True, True, 2000), (False, False, 1000), (False, True, 0)],
)
def test_faults_are_counted_by_row(exclusive: bool, empty_allowed: bool, cost: int) -> None:
    held = Coherence(options(), range(len(ROWS)), exclusive, empty_allowed)
    held.refresh()
    assert held.cost == cost


def test_a_change_is_priced_and_then_taken_over() -> None:
    quantities = options()
    held = Coherence(quantities, [0, 1, 2, 3], exclusive=True, empty_allowed=False)
    held.refresh()
    assert held.cost == 3000
    quantities[1].trial[2] = 1  # the row that chose nothing chooses
    quantities[2].trial[3] = 0  # one of two that stand beside the exclusive option goes
    assert held.propose([2, 3]) == 1000
    assert held.cost == 3000
    assert held.propose([2, 5]) == 2000, "the last row is none of its own"
    held.accept()
    assert held.cost == 2000
