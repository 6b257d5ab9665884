"""Deciding how each column is read: as stated, or by its dtype."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import (
    AllMissingError,
    ConstantItemWarning,
    InputError,
    ManyCategoriesWarning,
    NotBinaryError,
    SingleAnswerWarning,
)
from swvtypes.lca.design import FAMILIES, Family, Floats

from .indicators import Column, Indicator, check_numbers, columns_of, raise_faults

MOST_CATEGORIES = 10
# Range of integers whose distinct values are found by counting.
_FEW = 1000


@dataclass(frozen=True)
class _Rule:
    family: Family
    reason: str


def read_indicators(
    frame: pd.DataFrame,
    stated: Mapping[Hashable, str] | None = None,
    scores: Mapping[Hashable, Sequence[float]] | None = None,
) -> tuple[Indicator, ...]:
    """Decide how each column is read.

    Parameters
    ----------
    frame : DataFrame
        The rows that count in the fit.
    stated : mapping, optional
        Families stated by the user, by column. Other columns are read from their dtype:
        integers, strings, booleans and categoricals are nominal (ordered categoricals ordinal);
        floats are continuous, except that whole numbers with at most ten distinct values, which
        is what pandas makes of integers with gaps, are nominal.
    scores : mapping, optional
        Category scores of ordinal columns; equidistant when left out.

    Returns
    -------
    tuple of Indicator

    Raises
    ------
    AllMissingError, NotBinaryError, InputError
        Every fault of every column; the specific class when all faults are of that kind.
    """
    faults: list[tuple[type[InputError], str]] = [
        (InputError, f"{option}: expected a mapping from columns, got {given!r}")
        for option, given in (("indicators", stated), ("scores", scores))
        if given is not None and not isinstance(given, Mapping)
    ]
    raise_faults("indicators", faults)
    stated, scores = dict(stated or {}), dict(scores or {})
    for option, keys in (("indicators", stated), ("scores", scores)):
        for key in keys:
            if key not in frame.columns:
                faults.append((InputError, f"{option}: no column {key!r}"))
    for key, family in stated.items():
        if family not in FAMILIES:
            expected = ", ".join(FAMILIES)
            faults.append(
                (InputError, f"column {key!r}: expected one of {expected}; got {family!r}")
            )
    found = []
    if not faults:
        for name, column in columns_of(frame):
            try:
                found.append(_read_column(name, column, stated.get(name), scores.get(name)))
            except InputError as error:
                faults += [(type(error), fault) for fault in error.faults]
    raise_faults("indicators", faults)
    return tuple(found)


def _read_column(
    name: Hashable, column: Column, stated: str | None, scores: Sequence[float] | None
) -> Indicator:
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu"
    seen = column if plain else column[~pd.isna(column)]
    if not len(seen):
        raise AllMissingError(
            "indicators", [f"column {name!r}: no answers, all values are missing"]
        )
    values = _distinct(seen)
    rule = _Rule(stated, "stated") if stated else _infer(name, seen, values)  # type: ignore[arg-type]
    if rule.family in ("count", "continuous"):
        check_numbers(name, seen, rule.family)
        constant, value = len(values) == 1, float(values[0])
        return Indicator(name, rule.family, (), rule.reason, constant=constant, value=value)
    if rule.family == "binary" and len(values) > 2:
        raise NotBinaryError(
            "indicators",
            [
                f"column {name!r}: expected at most two values for a binary indicator, "
                f"got {len(values)}"
            ],
        )
    given: tuple[float, ...] = ()
    if scores is not None:
        given = _check_scores(name, rule.family, values, scores)
    return Indicator(name, rule.family, tuple(values), rule.reason, given, len(values) == 1)


def _distinct(seen: Column) -> list[Any]:
    """Distinct values in order: of the categories, by number, or alphabetical."""
    if isinstance(seen, np.ndarray):
        return _distinct_numbers(seen)
    if isinstance(seen.dtype, pd.CategoricalDtype):
        used = set(seen.cat.codes.unique())
        return [c for i, c in enumerate(seen.cat.categories) if i in used]
    values = list(pd.unique(seen))
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=lambda v: (type(v).__name__, str(v)))


def _distinct_numbers(seen: NDArray[Any]) -> list[Any]:
    low, high = seen.min(), seen.max()
    if seen.dtype.kind in "iu" and int(high) - int(low) < _FEW:
        # Differences of short integers do not fit into their own type; modulo 2^64 they are right.
        steps = (seen.astype(np.uint64) - low.astype(np.uint64)).astype(np.intp)
        found = np.flatnonzero(np.bincount(steps))
        return list((found.astype(np.uint64) + low.astype(np.uint64)).astype(seen.dtype))
    return list(np.sort(pd.unique(seen)))


def _infer(name: Hashable, seen: Column, values: list[Any]) -> _Rule:
    dtype = seen.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return (
            _Rule("ordinal", "ordered categorical")
            if dtype.ordered
            else _Rule("nominal", "categorical")
        )
    if pd.api.types.is_bool_dtype(dtype):
        return _Rule("nominal", "boolean")
    if pd.api.types.is_integer_dtype(dtype):
        if len(values) > MOST_CATEGORIES:
            warnings.warn(
                f"column {name!r}: integers with {len(values)} values are read as nominal; "
                "state 'ordinal', 'count' or 'continuous' if they are",
                ManyCategoriesWarning,
                stacklevel=5,
            )
        return _Rule("nominal", "integer")
    if pd.api.types.is_float_dtype(dtype):
        numbers = np.asarray(values, dtype=float)
        if len(values) <= MOST_CATEGORIES and np.array_equal(numbers, np.rint(numbers)):
            return _Rule("nominal", "whole numbers, at most ten values")
        return _Rule("continuous", "float")
    if pd.api.types.is_string_dtype(dtype) or dtype.kind == "O":
        if all(isinstance(v, (bool, np.bool_)) for v in values):
            return _Rule("nominal", "boolean")
        if all(isinstance(v, (int, float, np.number)) for v in values):
            return _infer(name, pd.to_numeric(seen), [float(v) for v in values])
        if all(isinstance(v, (str, int, float, np.number)) for v in values):
            return _Rule("nominal", "string")
    raise InputError("indicators", [f"column {name!r}: cannot read values of type {dtype}"])


def _check_scores(
    name: Hashable, family: str, values: list[Any], scores: Sequence[float]
) -> tuple[float, ...]:
    try:
        given = tuple(float(s) for s in scores)
    except (TypeError, ValueError):
        raise InputError(
            "indicators", [f"column {name!r}: expected numbers as scores, got {scores!r}"]
        ) from None
    increasing = all(b > a for a, b in pairwise(given))
    if family != "ordinal" or len(given) != len(values) or not increasing:
        raise InputError(
            "indicators",
            [
                f"column {name!r}: expected {len(values)} increasing scores of an ordinal "
                f"indicator, got {given} for a {family} one"
            ],
        )
    return given


def warn_about(indicators: Sequence[Indicator], values: Floats) -> None:
    """Warn of indicators with one value and of categories that one row only has."""
    constant = [repr(i.name) for i in indicators if i.constant]
    if constant:
        warnings.warn(
            f"one value only, without information on classes: {', '.join(constant)}",
            ConstantItemWarning,
            stacklevel=3,
        )
    single = []
    for j, indicator in enumerate(indicators):
        if indicator.categorical and len(values) > 1:
            codes = values[:, j]
            seen = codes[~np.isnan(codes)] if np.isnan(codes.sum()) else codes
            counts = np.bincount(seen.astype(np.intp))
            single += [f"{indicator.name!r} = {indicator.categories[k]!r}"
                       for k in np.flatnonzero(counts == 1)]  # fmt: skip
    if single:
        more = f" and {len(single) - 10} more" if len(single) > 10 else ""
        warnings.warn(
            f"categories that one row only has: {', '.join(single[:10])}{more}",
            SingleAnswerWarning,
            stacklevel=3,
        )
