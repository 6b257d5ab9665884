"""How much better a model thinks that it assigns than it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from swvtypes.errors import MembershipError, OptionError

from .classification import Assignment

ErrorTable = Literal["apparent", "corrected", "auto"]
KINDS: tuple[Assignment, ...] = ("modal", "proportional")


@dataclass(frozen=True, eq=False)
class Optimism:
    """Log factors that correct errors of assignment.

    A model's own table of errors is judged by the organisations that made its types and is too
    good. Factors come from data sets drawn from the model, see
    :mod:`swvtypes.lca.structural_optimism`.

    Attributes
    ----------
    modal, proportional : DataFrame, shape (n_types, n_types)
        By which P(assigned | true) is multiplied, as logs: rows the true type, columns the
        assigned one; rows are then made to add up to one. NaN between sectors whose types are
        apart.

    Raises
    ------
    MembershipError
        Lists every fault: rows and columns that are not the same types, factors that are infinite.
    """

    modal: pd.DataFrame
    proportional: pd.DataFrame

    def __post_init__(self) -> None:
        faults = []
        for kind in KINDS:
            frame = self.of(kind)
            if list(frame.index) != list(frame.columns) or not frame.index.is_unique:
                faults.append(f"{kind}: expected the same types as rows and columns, each once")
            elif np.isinf(frame.to_numpy(dtype=float)).any():
                faults.append(f"{kind}: expected finite factors")
        if not faults and list(self.modal.index) != list(self.proportional.index):
            faults.append("modal and proportional: expected factors of the same types")
        if faults:
            raise MembershipError("optimism", faults)

    @property
    def types(self) -> tuple[str, ...]:
        """Types that it has factors of."""
        return tuple(map(str, self.modal.index))

    def of(self, assignment: Assignment) -> pd.DataFrame:
        """Give the factors of one kind of assignment."""
        return self.modal if assignment == "modal" else self.proportional

    def among(self, types: Sequence[str]) -> Optimism:
        """Keep some types."""
        keep = list(types)
        return Optimism(self.modal.loc[keep, keep], self.proportional.loc[keep, keep])

    def check(self, blocks: Sequence[Sequence[str]], types: Sequence[str]) -> None:
        """Raise a MembershipError where it does not fit the types of a membership."""
        if list(self.types) != list(types):
            wanted, got = ", ".join(map(repr, types)), ", ".join(map(repr, self.types))
            fault = f"optimism: expected factors of {wanted}, got those of {got}"
            raise MembershipError("membership", [fault])
        faults = [
            f"optimism: {kind}: factors among {', '.join(map(repr, block))} are missing"
            for block in blocks
            for kind in KINDS
            if self.of(kind).loc[list(block), list(block)].isna().to_numpy().any()
        ]
        if faults:
            raise MembershipError("membership", faults)


def factors_of(
    optimism: Optimism | None, assignment: Assignment, errors: ErrorTable
) -> pd.DataFrame | None:
    """Give the factors that a table of errors asks for; None for one that is not corrected.

    Raises
    ------
    OptionError
        For a table that does not exist.
    MembershipError
        For corrected errors without a correction.
    """
    if errors not in get_args(ErrorTable):
        raise OptionError("errors", "'apparent', 'corrected' or 'auto'", errors)
    if errors == "corrected" and optimism is None:
        fault = "expected a membership that carries their correction (with_optimism)"
        raise MembershipError("corrected errors", [fault])
    if errors == "apparent" or optimism is None or assignment not in KINDS:
        return None
    return optimism.of(assignment)


def optimism_of(
    factors: Mapping[Assignment, np.ndarray[tuple[int, int], np.dtype[np.float64]]],
    types: Sequence[str],
) -> Optimism:
    """Make log factors (K, K) of each kind of assignment those of types."""
    names = pd.Index(list(types))
    frames = [pd.DataFrame(factors[kind], index=names, columns=names) for kind in KINDS]
    return Optimism(*frames)


def side_by_side(parts: Sequence[Optimism]) -> Optimism:
    """Put those of sectors whose types are apart into one."""
    whole = [pd.concat([part.of(kind) for part in parts]) for kind in KINDS]
    return Optimism(*(frame[list(frame.index)] for frame in whole))
