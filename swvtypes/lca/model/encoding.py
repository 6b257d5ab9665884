"""Columns as codes and numbers, by the way they are read; pairs of columns as positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError, UnseenCategoryError
from swvtypes.lca.design import Floats, Pair

from .indicators import Column, Indicator, check_numbers, columns_of, raise_faults


def encode(frame: pd.DataFrame, indicators: Sequence[Indicator]) -> Floats:
    """Turn columns into codes and numbers, NaN where missing.

    Parameters
    ----------
    frame : DataFrame
        One column an indicator, in their order.
    indicators : sequence of Indicator
        How they are read.

    Returns
    -------
    ndarray, shape (n_rows, J)

    Raises
    ------
    UnseenCategoryError
        When a column has a category that `indicators` does not know.
    """
    out = np.empty((len(indicators), len(frame))).T
    faults: list[tuple[type[InputError], str]] = []
    for j, (indicator, (_, column)) in enumerate(zip(indicators, columns_of(frame), strict=True)):
        if indicator.categorical:
            codes = _codes(column, indicator)
            outside = codes < 0
            if not outside.any():
                out[:, j] = codes
                continue
            unseen = outside & ~np.asarray(pd.isna(column))
            if unseen.any():
                values = sorted({_plain(v) for v in pd.unique(column[unseen])})
                known = ", ".join(_plain(c) for c in indicator.categories)
                faults.append(
                    (
                        UnseenCategoryError,
                        f"column {indicator.name!r}: unseen category {', '.join(values)}; "
                        f"the model knows {known}",
                    )
                )
            out[:, j] = np.where(codes < 0, np.nan, codes)
            continue
        try:
            check_numbers(indicator.name, column[~pd.isna(column)], indicator.family)
        except InputError as error:
            faults += [(InputError, fault) for fault in error.faults]
            continue
        numbers = pd.Series(column).to_numpy(dtype=float, na_value=np.nan)
        out[:, j] = np.where(np.isnan(numbers), np.nan, 0.0) if indicator.constant else numbers
    raise_faults("answers", faults)
    return out


def _plain(value: object) -> str:
    """Show a category without the type that a library keeps it in; whole numbers as such."""
    plain = value.item() if isinstance(value, np.generic) else value
    return repr(int(plain) if isinstance(plain, float) and plain.is_integer() else plain)


def _codes(column: Column, indicator: Indicator) -> NDArray[np.intp]:
    """Position of each value among the categories, -1 where it is none of them."""
    values = column if isinstance(column, np.ndarray) else column.to_numpy()
    known = indicator.numbers
    if values.dtype.kind not in "iufb" or known is None:
        plain = pd.Series(values, dtype=object)
        lookup = {c: i for i, c in enumerate(indicator.categories)}
        found = plain.map(lambda v: lookup.get(v, -1) if not pd.isna(v) else -1)
        return found.to_numpy(np.intp)
    if values.dtype.kind in "iu" and indicator.consecutive:
        position = values.astype(np.intp) - int(known[0])
        outside = (position < 0) | (position >= len(known))
        if outside.any():
            position[outside] = -1
        return position
    values = values.astype(float, copy=False)
    position = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[position] == values, position, -1).astype(np.intp)


def read_pairs(
    asked: Sequence[Sequence[Any]] | None, indicators: Sequence[Indicator]
) -> tuple[Pair, ...]:
    """Turn ``(first, second)`` or ``(first, second, kind)`` into pairs of positions."""
    names = [i.name for i in indicators]
    pairs, faults = [], []
    if asked is not None and (isinstance(asked, str) or not isinstance(asked, Iterable)):
        raise InputError("local dependence", [f"expected pairs of columns, got {asked!r}"])
    for entry in asked or ():
        if isinstance(entry, str) or not isinstance(entry, Sequence):
            faults.append(f"expected (column, column) with 'direct' or 'joint', got {entry!r}")
            continue
        kind: Any = entry[2] if len(entry) == 3 else "direct"
        if len(entry) not in (2, 3) or kind not in ("direct", "joint"):
            faults.append(f"expected (column, column) with 'direct' or 'joint', got {entry!r}")
            continue
        unknown = [n for n in entry[:2] if n not in names]
        faults += [f"no column {n!r}" for n in unknown]
        if not unknown:
            pairs.append(Pair(names.index(entry[0]), names.index(entry[1]), kind))
    if faults:
        raise InputError("local dependence", faults)
    return tuple(pairs)
