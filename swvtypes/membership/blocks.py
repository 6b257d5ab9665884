"""Organisations and types that go together, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """Rows and types that go together: a sector whose types are its own, or everything.

    Attributes
    ----------
    name : str
        The sector, ``""`` where types are shared by the sectors.
    types : tuple of str
        K types.
    organisations : Index
        Those with a membership, n of them.
    probabilities : ndarray, shape (n, K)
        Rows add up to one.
    weight : ndarray, shape (n,)
        Survey weights, one without any.
    """

    name: str
    types: tuple[str, ...]
    organisations: pd.Index
    probabilities: Floats
    weight: Floats


def blocks_of(
    types: Mapping[str, tuple[str, ...]],
    probabilities: pd.DataFrame,
    sector: pd.Series[str],
    weights: pd.Series[float] | None,
) -> tuple[Block, ...]:
    """Give rows and types that go together, of the organisations with a membership."""
    weight = pd.Series(1.0, index=sector.index) if weights is None else weights
    known = probabilities.notna().any(axis=1)
    out = []
    for name, mine in types.items():
        here = known & ((sector == name) if name else True)
        part = probabilities.loc[here, list(mine)]
        rows = part.to_numpy(dtype=float)
        out.append(Block(name, mine, part.index, rows, np.asarray(weight[here], dtype=float)))
    return tuple(out)


def weighted_shares(blocks: tuple[Block, ...]) -> Mapping[str, float]:
    """Mean membership of each type over the organisations of its block; NaN without any."""
    shares: dict[str, float] = {}
    for block in blocks:
        total = block.weight.sum()
        means = (
            block.weight @ block.probabilities / total
            if total > 0
            else np.full(len(block.types), np.nan)
        )
        shares |= dict(zip(block.types, map(float, means), strict=True))
    return shares
