"""A target as the search sees it: a window in whole numbers, and the price of missing it.

The price of a value outside its window is linear plus quadratic in the distance, each statistic
on its own scale; inside it is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SCALE = 10**9
Window = tuple[int, int]

#: Distance that costs 1000, by kind of statistic, in units of 1/SCALE.
STEPS: dict[str, int] = {
    "mean": SCALE // 100,
    "sd": SCALE // 100,
    "alpha": SCALE // 100,
    "r": SCALE // 100,
    "F": SCALE // 10,
    "effect_size": SCALE // 50,
    "order": SCALE // 100,
    "median": SCALE // 20,
    "min": SCALE // 100,
    "max": SCALE // 100,
    "percent": SCALE,
}


def penalty(distance: int, step: int) -> int:
    """Price a distance outside the window."""
    if distance <= 0:
        return 0
    steps = distance * 1000 // step
    return 1 + steps + steps * steps // 4000


@dataclass(frozen=True)
class Term:
    """One printed number in the objective.

    ``window`` gives the admitted interval for a number of rows (closed, in 1/SCALE); ``groups``
    names the groups of a group statistic; ``limit`` is the limit of a share below.
    """

    target: str
    kind: str
    window: Callable[[int], Window]
    groups: tuple[int, ...] = ()
    limit: int = 0

    def price(self, value: int, n: int) -> int:
        """Price a value found over `n` rows."""
        low, high = self.window(n)
        return penalty(max(low - value, value - high), STEPS[self.kind])

    def price_ordered(self, values: Sequence[int], unit: int) -> int:
        """Price sorted values: median, minimum, maximum, or number below the limit.

        Minimum and maximum are priced over all offending values, so that the search sees each
        of them move.
        """
        n = len(values)
        low, high = self.window(n)
        step = STEPS[self.kind]
        if self.kind == "median":
            twice = values[(n - 1) // 2] + values[n // 2]
            value = twice * SCALE // (2 * unit)
            return penalty(max(low - value, value - high), step)
        if self.kind == "percent":
            below = sum(1 for value in values if value * SCALE < self.limit * unit)
            return penalty(max(low - below * SCALE, below * SCALE - high), step)
        scaled = [value * SCALE // unit for value in values]
        if self.kind == "min":
            beyond = sum(penalty(low - value, step) for value in scaled if value < low)
            return beyond + penalty(scaled[0] - high, step)
        beyond = sum(penalty(value - high, step) for value in scaled if value > high)
        return beyond + penalty(low - scaled[-1], step)
