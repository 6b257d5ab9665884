"""How positions are analysed, apart from what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from swvtypes.errors import InputError

ExactTests = Literal["small", "always", "never"]

#: Fewer answers than this in a cell make it small.
SMALL_CELL = 10
SMALL_SAMPLE = 30


@dataclass(frozen=True)
class SteeringOptions:
    """How positions are analysed.

    Attributes
    ----------
    level : float
        Confidence of intervals; tests are at ``1 - level``.
    power : float
        For what a design can detect or prove.
    weighted : bool
        Whether survey weights are applied. Then estimates are weighted, errors are linearised
        (Binder, 1983), and what has no agreed weighted form (ranks, permutations, Welch, the
        equivalence of groups) is NaN or refused.
    exact : {"small", "always", "never"}
        When tests by rearrangement stand beside the others: where a cell has fewer than ten
        answers or a scope fewer than thirty, always, or never.
    replicates : int
        Random rearrangements, where exact ones are out of reach.
    minimum_group : int
        Fewest organisations in a group of another cut for it to count as an alternative.
    seed : int
    """

    level: float = 0.95
    power: float = 0.80
    weighted: bool = False
    exact: ExactTests = "small"
    replicates: int = 1999
    minimum_group: int = 5
    seed: int = 2016

    def __post_init__(self) -> None:
        faults = []
        if not 0 < self.level < 1:
            faults.append(f"level: expected a number between 0 and 1, got {self.level!r}")
        elif not 1 - self.level < self.power < 1:
            faults.append(f"power: expected a number between 1 - level and 1, got {self.power!r}")
        if self.exact not in get_args(ExactTests):
            wanted = ", ".join(map(repr, get_args(ExactTests)))
            faults.append(f"exact: expected one of {wanted}, got {self.exact!r}")
        for name, least in (("replicates", 99), ("minimum_group", 2), ("seed", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                faults.append(f"{name}: expected a whole number of at least {least}, got {value!r}")
        if faults:
            raise InputError("SteeringOptions", faults)

    @property
    def alpha(self) -> float:
        """Level of tests."""
        return 1 - self.level

    def rearranges(self, smallest_cell: int, n: int) -> bool:
        """Whether a test by rearrangement stands beside the others."""
        if self.exact == "small":
            return smallest_cell < SMALL_CELL or n < SMALL_SAMPLE
        return self.exact == "always"
