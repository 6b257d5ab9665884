"""Weights of rows: frequencies and survey weights."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from swvtypes.errors import WeightError

from .design import Floats
from .row_order import order_faults

_NUMBERS = (int, float, Decimal, Fraction, np.integer, np.floating, np.bool_)
_SHOWN = 10


def row_weights(
    n: int,
    sample_weight: ArrayLike | None,
    survey_weight: ArrayLike | None,
    rows: object = None,
) -> tuple[Floats, Floats]:
    """Check weights and scale survey weights, so that all weights add up to the frequencies.

    Parameters
    ----------
    n : int
        Rows.
    sample_weight, survey_weight : array-like, shape (n,) or (), optional
        Frequencies and survey weights; one for every row when left out.
    rows : DataFrame or anything, optional
        What they are weights of. Weights belong to rows by position; where both have an index, it
        must not say otherwise.

    Returns
    -------
    frequency, survey : ndarray, shape (n,)
        The weight of a row is their product. Sums are taken in sorted order, so that they do not
        depend on the order of the rows.

    Raises
    ------
    WeightError
        For weights that are no numbers, negative, missing, infinite, all zero, of the wrong
        number or in another order than the rows; every fault of both is told.

    Examples
    --------
    >>> row_weights(3, [1, 2, 1], [2.0, 1.0, 4.0])[1].tolist()
    [1.0, 0.5, 2.0]
    """
    parts: list[Floats] = []
    faults: list[str] = []
    for name, given in (("sample_weight", sample_weight), ("survey_weight", survey_weight)):
        weight, found = (np.ones(n), []) if given is None else _read(given, n)
        parts.append(weight)
        faults += [f"{name}: {fault}" for fault in (*found, *order_faults(rows, given))]
    if faults:
        raise WeightError("weights", faults)
    frequency, survey = parts
    total = float(np.sort(frequency * survey).sum())
    if not total > 0:
        raise WeightError("weights", ["no row has a positive weight"])
    if survey_weight is None:
        return frequency, survey
    return frequency, np.asarray(survey * (float(np.sort(frequency).sum()) / total))


def _read(given: ArrayLike, n: int) -> tuple[Floats, list[str]]:
    """Weights as an array of shape (n,), and everything that is wrong with them."""
    try:
        values = np.asarray(given)
        if values.dtype.kind not in "buif":
            values = np.asarray(given, dtype=object)
    except ValueError:
        return np.ones(n), ["expected one number a row, got rows of different lengths"]
    if values.ndim == 0:
        values = np.full(n, values[()], dtype=values.dtype)
    if values.shape != (n,):
        return np.ones(n), [f"expected {n} weights, got an array of shape {values.shape}"]
    found: list[str] = []
    if values.dtype.kind == "O":
        values, found = _numbers(values)
    return values.astype(float), found + _faults(values.astype(float))


def _numbers(values: NDArray[Any]) -> tuple[Floats, list[str]]:
    """Objects as numbers; those that are none, as weight 1, and a fault that names them."""
    missing = np.asarray(pd.isna(values))
    wrong = np.array([not isinstance(v, _NUMBERS) for v in values], dtype=bool) & ~missing
    found = []
    if wrong.any():
        rows = np.flatnonzero(wrong)
        shown = ", ".join(f"{values[r]!r} (row {r})" for r in rows[:_SHOWN])
        more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        found = [f"expected numbers, got {shown}{more}"]
    filled = np.where(wrong, 1.0, np.where(missing, np.nan, values))
    return np.asarray(filled, dtype=float), found


def _faults(weight: Floats) -> list[str]:
    found = []
    finite = np.isfinite(weight)
    if not finite.all():
        found.append(f"{int((~finite).sum())} missing or infinite weights")
    if (weight < 0).any():
        found.append(f"{int((weight < 0).sum())} negative weights")
    if finite.all() and not weight.any():
        found.append("all weights are zero")
    return found
