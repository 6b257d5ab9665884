"""Whether rows of one table are in the order of another, by their index."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from swvtypes.errors import InputError


def order_faults(X: Any, other: Any) -> list[str]:
    """Say where rows of another table are those of X in another order, or partly other rows.

    Rows belong together by position. That cannot be meant where both have an index and the same
    labels stand in another order, or where some labels are shared and some are not; an index that
    only numbers the rows says nothing of the latter.

    Parameters
    ----------
    X : DataFrame, Series or anything
        The rows.
    other : DataFrame, Series or anything
        What belongs to them. Without an index on either side there is nothing to say.

    Returns
    -------
    list of str
        One fault at most.
    """
    with_index = pd.DataFrame | pd.Series
    if not isinstance(X, with_index) or not isinstance(other, with_index):
        return []
    mine, theirs = X.index, other.index
    if len(mine) != len(theirs) or mine.equals(theirs):
        return []
    left, right = Counter(mine), Counter(theirs)
    if left == right:
        return ["expected rows in the order of X, got them in another"]
    shared = (left & right).total()
    if not shared or _numbers_rows(mine) or _numbers_rows(theirs):
        return []
    label = next(label for label in theirs if label not in left or right[label] > left[label])
    return [
        f"expected the rows of X, got {len(theirs) - shared} of {len(theirs)} others, among "
        f"them {label!r}"
    ]


def same_order(X: Any, other: Any, name: str) -> None:
    """Raise an InputError where rows of another table cannot be those of X by position."""
    faults = order_faults(X, other)
    if faults:
        raise InputError(name, faults)


def _numbers_rows(index: pd.Index[Any]) -> bool:
    return index.equals(pd.RangeIndex(len(index)))
