"""What a model is asked to be: options, and how each column is read."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import (
    AllMissingError,
    ConstantItemWarning,
    InputError,
    ManyCategoriesWarning,
    NotBinaryError,
    OptionError,
    SingleAnswerWarning,
    UnseenCategoryError,
)

from .design import FAMILIES, Family, Floats, Item, Pair

VarianceOption = Literal["equal", "free"]
Column = pd.Series | NDArray[Any]
MOST_CATEGORIES = 10
# Range of integers whose distinct values are found by counting.
_FEW = 1000


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


@dataclass(frozen=True)
class _Rule:
    family: Family
    reason: str


def check_choice(name: str, value: object, choices: object) -> None:
    """Raise an OptionError unless `value` is one of a Literal's values."""
    allowed = get_args(choices)
    if value not in allowed:
        raise OptionError(name, " or ".join(repr(a) for a in allowed), value)


def check_whole(name: str, value: object, least: int) -> None:
    """Raise an OptionError unless `value` is an integer of at least `least`."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least:  # type: ignore[operator]
        raise OptionError(name, f"an integer of at least {least}", value)


def check_real(name: str, value: object, least: float, open_: bool = False) -> None:
    """Raise an OptionError unless `value` is a finite number of at least (or above) `least`."""
    real = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not real or not np.isfinite(value) or value < least or (open_ and value == least):  # type: ignore[call-overload, operator]
        relation = "above" if open_ else "of at least"
        raise OptionError(name, f"a number {relation} {least:g}", value)


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
    stated, scores = dict(stated or {}), dict(scores or {})
    faults: list[tuple[type[InputError], str]] = []
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
        _check_numbers(name, seen, rule.family)
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
        found = np.flatnonzero(np.bincount((seen - low).astype(np.intp)))
        return list(found.astype(seen.dtype) + low)
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


def _check_numbers(name: Hashable, seen: Column, family: str) -> None:
    try:
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


def _check_scores(
    name: Hashable, family: str, values: list[Any], scores: Sequence[float]
) -> tuple[float, ...]:
    given = tuple(float(s) for s in scores)
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
            counts = np.bincount(codes[~np.isnan(codes)].astype(np.intp))
            single += [f"{indicator.name!r} = {indicator.categories[k]!r}"
                       for k in np.flatnonzero(counts == 1)]  # fmt: skip
    if single:
        more = f" and {len(single) - 10} more" if len(single) > 10 else ""
        warnings.warn(
            f"categories that one row only has: {', '.join(single[:10])}{more}",
            SingleAnswerWarning,
            stacklevel=3,
        )


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
                values = sorted({repr(v) for v in pd.unique(column[unseen])})
                known = ", ".join(repr(c) for c in indicator.categories)
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
            _check_numbers(indicator.name, column[~pd.isna(column)], indicator.family)
        except InputError as error:
            faults += [(InputError, fault) for fault in error.faults]
            continue
        numbers = pd.Series(column).to_numpy(dtype=float, na_value=np.nan)
        out[:, j] = np.where(np.isnan(numbers), np.nan, 0.0) if indicator.constant else numbers
    raise_faults("answers", faults)
    return out


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
    for entry in asked or ():
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
