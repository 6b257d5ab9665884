"""What the columns of the data are: items, their families, pairs that stay associated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from swvtypes.errors import InputError

Family = Literal["nominal", "binary", "ordinal", "count", "continuous"]
Kind = Literal["nominal", "ordinal", "count", "continuous", "joint", "direct"]
Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
FAMILIES: tuple[Family, ...] = ("nominal", "binary", "ordinal", "count", "continuous")


@dataclass(frozen=True)
class Item:
    """One indicator.

    Parameters
    ----------
    name : str
        Its name, used in messages.
    family : {"nominal", "binary", "ordinal", "count", "continuous"}
        Its distribution within a class.
    n_categories : int
        Categories of a nominal, binary or ordinal item, coded 0 .. n_categories - 1.
    scores : tuple of float
        Category scores of an ordinal item; equidistant when empty.
    free : bool
        Whether its profile differs between known groups.
    """

    name: str
    family: Family
    n_categories: int = 0
    scores: tuple[float, ...] = ()
    free: bool = False

    @property
    def categorical(self) -> bool:
        """Whether answers are categories."""
        return self.family in ("nominal", "binary", "ordinal")


@dataclass(frozen=True)
class Pair:
    """Two nominal items that stay associated within classes.

    Parameters
    ----------
    first, second : int
        Positions of the two items.
    kind : {"joint", "direct"}
        ``"joint"``: one item with every combination as a category, free in each class.
        ``"direct"``: own margins in each class and one association shared by the classes.
    """

    first: int
    second: int
    kind: Literal["joint", "direct"] = "direct"


def check_pairs(items: Sequence[Item], pairs: Sequence[Pair]) -> None:
    """Raise an InputError for pairs that cannot be modelled."""
    faults = []
    seen: set[int] = set()
    for pair in pairs:
        names = [items[i].name for i in (pair.first, pair.second)]
        if pair.first == pair.second:
            faults.append(f"pair {names}: expected two different items")
        for i in {pair.first, pair.second}:
            if items[i].family not in ("nominal", "binary"):
                faults.append(
                    f"pair {names}: expected nominal or binary items, "
                    f"{items[i].name!r} is {items[i].family}"
                )
            if i in seen:
                faults.append(f"pair {names}: item {items[i].name!r} already stands in a pair")
        seen |= {pair.first, pair.second}
    if faults:
        raise InputError("local dependence", faults)
