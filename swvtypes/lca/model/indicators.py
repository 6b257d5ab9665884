"""How one column is read, and the faults of columns told together."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.lca.design import Family, Floats, Item

Column = pd.Series | NDArray[Any]


@dataclass(frozen=True)
class Indicator:
    """How one column is read.

    Attributes
    ----------
    name : hashable
        The column.
    family : {"nominal", "binary", "ordinal", "count", "continuous"}
        Its distribution within a class.
    categories : tuple
        Category labels in order; empty for count and continuous.
    reason : str
        Why this family: ``"stated"`` or the rule that chose it.
    scores : tuple of float
        Scores of an ordinal indicator.
    constant : bool
        Whether it has one value only; it then carries no parameters.
    value : float
        That value, for a constant count or measurement.
    """

    name: Hashable
    family: Family
    categories: tuple[Any, ...]
    reason: str
    scores: tuple[float, ...] = ()
    constant: bool = False
    value: float = float("nan")

    @property
    def categorical(self) -> bool:
        """Whether answers are categories."""
        return self.family in ("nominal", "binary", "ordinal")

    @cached_property
    def numbers(self) -> Floats | None:
        """The categories as numbers; None where they are something else."""
        if not all(isinstance(c, (int, float, np.number, np.bool_)) for c in self.categories):
            return None
        return np.array(self.categories, dtype=float)

    @cached_property
    def consecutive(self) -> bool:
        """Whether the categories are whole numbers that follow each other."""
        known = self.numbers
        return (
            known is not None
            and bool(known[0] == np.rint(known[0]))
            and np.array_equal(known, known[0] + np.arange(len(known)))
        )

    def item(self, free: bool = False) -> Item:
        """Return the indicator as the engine knows it."""
        if self.constant and not self.categorical:
            return Item(str(self.name), "nominal", 1)
        return Item(str(self.name), self.family, len(self.categories), self.scores, free)


def columns_of(frame: pd.DataFrame) -> Iterator[tuple[Hashable, Column]]:
    """Give names and columns: as arrays where the frame holds numbers of one type, else Series."""
    types = set(frame.dtypes.to_numpy())
    one = types.pop() if len(types) == 1 else None
    if isinstance(one, np.dtype) and one.kind in "iuf":
        yield from zip(frame.columns, frame.to_numpy().T, strict=True)
    else:
        yield from frame.items()


def raise_faults(subject: str, faults: Sequence[tuple[type[InputError], str]]) -> None:
    """Raise all faults at once, in their own class when they share one."""
    if faults:
        kinds = {kind for kind, _ in faults}
        kind = kinds.pop() if len(kinds) == 1 else InputError
        raise kind(subject, [text for _, text in faults])


def check_numbers(name: Hashable, seen: Column, family: str) -> None:
    """Raise an InputError unless answers are finite numbers, whole ones from 0 for counts."""
    try:
        if seen.dtype.kind in "mM":
            raise TypeError
        numbers = np.asarray(seen, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            "indicators", [f"column {name!r}: expected numbers for a {family} indicator"]
        ) from None
    if not np.isfinite(numbers).all():
        raise InputError("indicators", [f"column {name!r}: expected finite numbers, got infinity"])
    if family == "count" and ((numbers < 0) | (numbers != np.rint(numbers))).any():
        raise InputError(
            "indicators", [f"column {name!r}: expected whole numbers from 0 for a count indicator"]
        )
