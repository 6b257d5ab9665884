"""How items are made of columns: states, gates, log-ratios, coarse ordinals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError

from .specification import ThemeItem

Floats = NDArray[np.float64]
NOT_PUT = -1.0
ENOUGH = 5


def settle(frame: pd.DataFrame, item: ThemeItem) -> ThemeItem:
    """Fill in what a recoding takes from the data.

    The cut points of a coarse ordinal: zeros are a category of their own where at least a tenth
    of the answers are zero; the others are cut at their thirds. Whether a state is a category: it
    takes five organisations that gave it, and the item is nominal then.
    """
    if item.recode == "state":
        given = np.isin(numbers(frame[item.sources[0]], item.name), item.levels)
        return replace(item, kind="nominal") if given.sum() >= ENOUGH else item
    if item.recode != "coarse" or item.levels:
        return item
    x = numbers(frame[item.sources[0]], item.name)
    x = x[~np.isnan(x)]
    if not len(x):
        return item
    zeros = float((x == 0).mean()) >= 0.1
    rest = x[x > 0] if zeros else x
    cuts = [0.0] if zeros else []
    if len(rest):
        cuts += [float(q) for q in np.quantile(rest, [1 / 3, 2 / 3])]
    return replace(item, levels=tuple(sorted(set(cuts))))


def recode(frame: pd.DataFrame, item: ThemeItem) -> pd.Series:
    """Make one item of its columns; see :class:`ThemeItem`.

    Parameters
    ----------
    frame : DataFrame
        With the item's sources.
    item : ThemeItem
        With its cut points filled in, see :func:`settle`.

    Returns
    -------
    Series
        Floats, NaN where there is no answer; labels that are no numbers stay as they are.

    Raises
    ------
    InputError
        For a column of texts where numbers are needed, or shares below zero.
    """
    first = frame[item.sources[0]]
    if item.recode == "none":
        return _as_given(first, item)
    if item.recode == "coarse":
        x = numbers(first, item.name)
        out = np.searchsorted(np.array(item.levels), x, side="left").astype(float)
        out[np.isnan(x)] = np.nan
    elif item.recode == "state":
        out = numbers(first, item.name)
        if item.kind != "nominal":
            out = np.where(np.isin(out, item.levels), np.nan, out)
    elif item.recode == "not_put":
        gate = numbers(frame[item.sources[1]], item.name)
        past = ~np.isnan(gate) & ~np.isin(gate, item.levels)
        out = np.where(past, NOT_PUT, numbers(first, item.name))
    elif item.recode == "joined":
        out = _joined(numbers(first, item.name), numbers(frame[item.sources[1]], item.name), item)
    else:
        parts = np.column_stack([numbers(frame[c], item.name) for c in item.sources])
        out = log_ratio(parts, item.levels[0])
    return pd.Series(out, index=frame.index, name=item.name)


def _as_given(column: pd.Series, item: ThemeItem) -> pd.Series:
    plain = pd.api.types.is_numeric_dtype(column.dtype) or item.kind in ("count", "continuous")
    if not plain or pd.api.types.is_bool_dtype(column.dtype):
        return column.rename(item.name)
    return pd.Series(numbers(column, item.name), index=column.index, name=item.name)


def _joined(gate: Floats, answer: Floats, item: ThemeItem) -> Floats:
    """Gate answers that were not let in as they are, the others split by the answer.

    Codes: the gate's own code, or 1000 times it plus the answer where let in. Let in without an
    answer is missing.
    """
    let_in = np.isin(gate, item.levels)
    out = np.where(let_in, 1000.0 * gate + answer, gate)
    out[np.isnan(gate)] = np.nan
    return np.asarray(out)


def log_ratio(parts: Floats, zero: float) -> Floats:
    """Log-ratio of the first part against the geometric mean of the others, isometric.

    ``sqrt(r / (r + 1)) log(x_1 / g(x_2 .. x_r+1))`` (Egozcue, Pawlowsky-Glahn, Mateu-Figueras and
    Barcelo-Vidal 2003). A zero is taken for a small share, which leaves the ratios of the other
    parts as they are (Martin-Fernandez, Barcelo-Vidal and Pawlowsky-Glahn 2003).

    Parameters
    ----------
    parts : ndarray, shape (n, r + 1)
        Shares; rows with gaps give NaN.
    zero : float
        What stands for a zero.

    Examples
    --------
    >>> log_ratio(np.array([[20.0, 40.0, 40.0], [50.0, 0.0, 50.0]]), 0.5).round(3).tolist()
    [-0.566, 1.88]
    """
    if (parts < 0).any():
        raise InputError(
            "composition", [f"expected shares of at least 0, got {np.nanmin(parts):g}"]
        )
    logs = np.log(np.where(parts == 0, zero, parts))
    r = parts.shape[1] - 1
    return np.asarray(np.sqrt(r / (r + 1)) * (logs[:, 0] - logs[:, 1:].mean(axis=1)))


def numbers(column: pd.Series, name: str) -> Floats:
    """Give a column as floats; InputError when it holds texts."""
    try:
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    except (TypeError, ValueError):
        kinds: Any = column.dropna().map(type).mode()
        raise InputError(name, [f"expected numbers, got {kinds.iloc[0].__name__}"]) from None
