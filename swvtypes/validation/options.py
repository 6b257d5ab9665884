"""What is asked of a validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from swvtypes.errors import InputError
from swvtypes.membership import Assignment, ErrorTable

Coordinates = Literal["centred", "isometric"]
Exact = Literal["small", "always", "never"]


@dataclass(frozen=True)
class ZeroReplacement:
    """What stands for a share of zero in a log-ratio.

    Zeros become ``fraction * limit``, and the other shares of the row shrink in proportion, so
    that they keep their ratios and the row its total (multiplicative replacement; Martín-Fernández,
    Barceló-Vidal & Pawlowsky-Glahn, 2003, with their fraction of 0.65 of the detection limit).

    Attributes
    ----------
    limit : float, optional
        Smallest share that an answer can state, in the unit of the composition; a hundredth of
        its total when left out (percentages are answered in whole numbers: 1).
    fraction : float
        Above 0, at most 1.
    """

    limit: float | None = None
    fraction: float = 0.65

    def __post_init__(self) -> None:
        faults = []
        if self.limit is not None and not self.limit > 0:
            faults.append(f"limit: expected a number above 0, got {self.limit!r}")
        if not 0 < self.fraction <= 1:
            faults.append(f"fraction: expected a number above 0, at most 1, got {self.fraction!r}")
        if faults:
            raise InputError("ZeroReplacement", faults)

    def smallest(self, total: float = 100.0) -> float:
        """Give the smallest share that can be stated, of a composition with this total."""
        return total / 100 if self.limit is None else self.limit

    def value(self, total: float = 100.0) -> float:
        """Give what a zero becomes, in a composition with this total."""
        return self.smallest(total) * self.fraction


@dataclass(frozen=True)
class ValidationOptions:
    """How relations are tested.

    Attributes
    ----------
    level : float
        Confidence of intervals; one less it is the level at which shares and log-ratios are said
        to disagree.
    exact : {"small", "always", "never"}
        When p values from Fisher's exact test or permutations stand beside the usual ones:
        ``"small"`` where a group, or an expected cell, has fewer than `small`.
    small : int
    n_permutations : int
    seed : int or None
        Each outcome and scope has a stream of its own: more outcomes leave the others as they
        were.
    assignment : {"modal", "proportional"}
        Of the third step for memberships.
    errors : {"auto", "apparent", "corrected"}
        Errors of assignment of memberships: corrected for the types having been made of the same
        organisations where the membership carries the correction ("auto"), as the membership
        itself says, or corrected in any case (a fault where it carries none).
    coordinates : {"centred", "isometric"}
        Of the log-ratios: each part against the geometric mean of all parts (Aitchison, 1986), or
        against that of the other parts with unit norm (the pivot coordinate; Filzmoser, Hron &
        Reimann, 2009). The second is ``sqrt(D / (D - 1))`` times the first for D parts: means and
        differences change, correlations and tests do not.
    zeros : ZeroReplacement
    """

    level: float = 0.95
    exact: Exact = "small"
    small: int = 5
    n_permutations: int = 4999
    seed: int | None = 0
    assignment: Assignment = "modal"
    errors: ErrorTable = "auto"
    coordinates: Coordinates = "centred"
    zeros: ZeroReplacement = field(default_factory=ZeroReplacement)

    def __post_init__(self) -> None:
        faults = []
        if not 0 < self.level < 1:
            faults.append(f"level: expected a number between 0 and 1, got {self.level!r}")
        for name, options in (
            ("exact", Exact), ("assignment", Assignment), ("errors", ErrorTable),
            ("coordinates", Coordinates),
        ):  # fmt: skip
            if getattr(self, name) not in get_args(options):
                known = " or ".join(map(repr, get_args(options)))
                faults.append(f"{name}: expected {known}, got {getattr(self, name)!r}")
        for name in ("small", "n_permutations"):
            if getattr(self, name) < 1:
                faults.append(f"{name}: expected at least 1, got {getattr(self, name)!r}")
        if faults:
            raise InputError("ValidationOptions", faults)
