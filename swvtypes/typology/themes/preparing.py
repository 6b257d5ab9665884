"""From columns to items: recoding, and dropping what says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label

from .recoding import recode, settle
from .specification import LeftOut, ThemeItem, ThemeSpec

Weights = np.ndarray[tuple[int], np.dtype[np.float64]]


def prepare_theme(
    frame: pd.DataFrame, spec: ThemeSpec, rarest: int = 5, weight: Weights | None = None
) -> tuple[pd.DataFrame, ThemeSpec]:
    """Make the active items of a theme.

    Parameters
    ----------
    frame : DataFrame
        Answers, with the columns that the items are made of.
    spec : ThemeSpec
        The theme.
    rarest : int
        Items with fewer cases than this outside their commonest answer are dropped: their
        profiles would rest on a handful of organisations.
    weight : ndarray, shape (n,), optional
        Frequencies.

    Returns
    -------
    frame : DataFrame, shape (n, J)
        The active items that are left.
    spec : ThemeSpec
        With cut points filled in and dropped items among those left out, each with the reason.

    Raises
    ------
    InputError
        Names every column that is not there.
    """
    absent = [c for i in spec.active for c in i.sources if c not in frame.columns]
    if absent:
        raise InputError(spec.name, [f"no column {c!r}" for c in dict.fromkeys(absent)])
    counted = np.ones(len(frame)) if weight is None or len(weight) != len(frame) else weight
    items, left_out = [], list(spec.left_out)
    columns: dict[str, pd.Series] = {}
    for item in spec.items:
        if item.role == "passive":
            items.append(item)
            continue
        settled = settle(frame, item)
        column = recode(frame, settled)
        reason = _nothing_to_say(column, settled, rarest, counted)
        if reason is not None:
            left_out.append(LeftOut(item.name, reason))
            continue
        items.append(settled)
        columns[item.name] = column
    return pd.DataFrame(columns, index=frame.index), replace(
        spec, items=tuple(items), left_out=tuple(left_out)
    )


def _nothing_to_say(
    column: pd.Series, item: ThemeItem, rarest: int, weight: Weights
) -> Label | None:
    seen = column.notna().to_numpy(dtype=bool) & (weight > 0)
    if not seen.any():
        return Label("niemand gaf antwoord", "nobody answered")
    by_value = pd.Series(weight[seen]).groupby(column[seen].to_numpy()).sum()
    if len(by_value) == 1:
        return Label("iedereen gaf hetzelfde antwoord", "all gave the same answer")
    if item.kind == "continuous":
        return None
    others = float(by_value.sum() - by_value.max())
    if others < rarest:
        return Label(
            f"bijna iedereen gaf hetzelfde antwoord ({others:g} anders)",
            f"nearly all gave the same answer ({others:g} otherwise)",
        )
    return None
