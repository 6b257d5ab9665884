"""Read a long table of answers, one row a unit and wave, into sequences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError, WeightError
from swvtypes.lca.design import Floats, Integers, build_design
from swvtypes.lca.model import Indicator, encode, read_indicators, warn_about
from swvtypes.longitudinal.pairs import index_faults

from .sequences import Sequences, collapse


@dataclass(frozen=True)
class PanelColumns:
    """Which columns of a long table are what.

    Parameters
    ----------
    unit, wave : hashable
        Columns that say whose answers a row holds, and of which wave.
    indicators : tuple
        Columns of answers.
    covariates : tuple
        Columns of numbers that do not change within a unit.
    free : tuple
        Indicators whose profiles differ between waves.
    """

    unit: Hashable
    wave: Hashable
    indicators: tuple[Hashable, ...]
    covariates: tuple[Hashable, ...] = ()
    free: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A panel as the chain knows it.

    Attributes
    ----------
    data : Sequences
    indicators : tuple of Indicator
        How each column is read.
    units : tuple
        Labels of the units, in the order of their first row.
    waves : tuple
        Labels of the waves, sorted.
    asked : ndarray of bool, shape (U, T)
        Whether a unit has an answer at a wave.
    """

    data: Sequences
    indicators: tuple[Indicator, ...]
    units: tuple[Hashable, ...]
    waves: tuple[Hashable, ...]
    asked: NDArray[np.bool_]


def read_panel(
    frame: pd.DataFrame,
    columns: PanelColumns,
    kinds: Mapping[Hashable, str] | None = None,
    weight: Any = None,
    known: Panel | None = None,
) -> Panel:
    """Read a long table.

    Parameters
    ----------
    frame : DataFrame
        One row a unit and wave. A wave without a row, or with a row without any answer, is
        missing at random.
    columns : PanelColumns
    kinds : mapping, optional
        Families of indicators, see :func:`~swvtypes.lca.model.read_indicators`.
    weight : column name, Series by unit or with the frame's index, or array by row, optional
        Frequencies of the units: weight 2 is the unit twice.
    known : Panel, optional
        A panel whose indicators, waves and categories are taken over.

    Returns
    -------
    Panel

    Raises
    ------
    InputError, WeightError
        Every fault found.
    """
    _check_kind(frame)
    faults = _column_faults(frame, columns)
    if faults:
        raise InputError("panel", faults)
    answers = frame[list(columns.indicators)]
    unit_code, units = pd.factorize(frame[columns.unit], sort=False)
    waves = known.waves if known else _waves(frame, columns.wave)
    wave_code = pd.Index(waves).get_indexer(pd.Index(frame[columns.wave]))
    faults = _row_faults(frame, columns, unit_code, wave_code)
    if not known:
        faults += [
            f"covariate {name!r}: the same for all units"
            for name in columns.covariates
            if frame[name].min() == frame[name].max()
        ]
    if faults:
        raise InputError("panel", faults)
    weights = _unit_weights(frame, columns, weight, unit_code, len(units))
    counted = weights[unit_code] > 0
    indicators = known.indicators if known else read_indicators(answers[counted], kinds)
    values = encode(answers, indicators)
    if not known:
        warn_about(indicators, values[counted])
    data = _sequences(values, indicators, columns, _Places(unit_code, wave_code, waves), weights)
    if not known:
        _check_steps(data[1][weights > 0] < len(data[0].X), waves)
    covariates = _unit_covariates(frame, columns, unit_code, len(units))
    sequences = collapse(data[0], data[1], weights, covariates)
    return Panel(sequences, indicators, tuple(units), waves, data[1] < len(data[0].X))


def _waves(frame: pd.DataFrame, column: Hashable) -> tuple[Hashable, ...]:
    """Give the waves in order: that of an ordered categorical, else sorted."""
    values = frame[column].dropna()
    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        present = set(values)
        return tuple(wave for wave in values.dtype.categories if wave in present)
    found = list(values.unique())
    try:
        return tuple(sorted(found))
    except TypeError:
        kinds = " and ".join(sorted({type(wave).__name__ for wave in found}))
        fault = f"column {column!r}: expected waves of one kind, which can be sorted, got {kinds}"
        raise InputError("panel", [fault]) from None


def _check_steps(asked: NDArray[np.bool_], waves: tuple[Hashable, ...]) -> None:
    """Say at which steps no unit has answers on both sides: moves cannot be estimated there."""
    faults = [
        f"expected units with answers up to {waves[t]} and from {waves[t + 1]} on, found none"
        for t in range(len(waves) - 1)
        if not (asked[:, : t + 1].any(axis=1) & asked[:, t + 1 :].any(axis=1)).any()
    ]
    if faults:
        raise InputError("panel", faults)


@dataclass(frozen=True)
class _Places:
    unit: Integers
    wave: Integers
    waves: tuple[Hashable, ...]


def _sequences(
    values: Floats,
    indicators: Sequence[Indicator],
    columns: PanelColumns,
    places: _Places,
    weights: Floats,
) -> tuple[Any, Integers]:
    free = set(columns.free)
    items = tuple(i.item(i.name in free) for i in indicators)
    group = places.wave if free else None
    design = build_design(values, items, weights[places.unit], group)
    cell = np.full((len(weights), len(places.waves)), len(design.X), dtype=np.intp)
    answered = ~np.isnan(values).all(axis=1)
    cell[places.unit[answered], places.wave[answered]] = design.inverse[answered]
    return design, cell


def _check_kind(frame: object) -> None:
    if not isinstance(frame, pd.DataFrame):
        fault = f"expected a DataFrame with a row a unit and wave, got {type(frame).__name__}"
        raise InputError("panel", [fault])


def _column_faults(frame: pd.DataFrame, columns: PanelColumns) -> list[str]:
    wanted = {
        "unit": (columns.unit,),
        "wave": (columns.wave,),
        "indicators": columns.indicators,
        "covariates": columns.covariates,
    }
    faults = [
        f"{role}: no column {name!r}; columns are {', '.join(map(repr, frame.columns))}"
        for role, names in wanted.items()
        for name in names
        if name not in frame.columns
    ]
    if not columns.indicators:
        faults.append("indicators: expected at least one column")
    faults += [f"indicators: {n!r} twice" for n in _twice(columns.indicators)]
    faults += [
        f"profiles: {n!r} is not among the indicators"
        for n in columns.free
        if n not in columns.indicators
    ]
    return faults


def _twice(names: Sequence[Hashable]) -> list[Hashable]:
    return sorted({n for n in names if list(names).count(n) > 1}, key=str)


def _row_faults(
    frame: pd.DataFrame, columns: PanelColumns, unit: Integers, wave: Integers
) -> list[str]:
    faults = []
    for name, codes in ((columns.unit, unit), (columns.wave, wave)):
        missing = int((codes < 0).sum())
        if missing:
            faults.append(f"column {name!r}: {missing} rows without a known value")
    if faults:
        return faults
    units = pd.Index(frame[columns.unit].unique())
    faults += [f"column {columns.unit!r}: {x}" for x in index_faults(("in some rows",), (units,))]
    double = frame.duplicated([columns.unit, columns.wave])
    if double.any():
        pairs = frame.loc[double, [columns.unit, columns.wave]].drop_duplicates()
        shown = ", ".join(f"{u} at {w}" for u, w in pairs.head(5).itertuples(index=False))
        more = f" and {len(pairs) - 5} more" if len(pairs) > 5 else ""
        faults.append(f"expected one row a unit and wave, got more for {shown}{more}")
    for name in columns.covariates:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            faults.append(f"covariate {name!r}: expected numbers, got {frame[name].dtype}")
        elif frame[name].isna().any():
            faults.append(f"covariate {name!r}: {int(frame[name].isna().sum())} missing values")
        elif len(frame.drop_duplicates([columns.unit, name])) > frame[columns.unit].nunique():
            faults.append(f"covariate {name!r}: changes within a unit")
    return faults


def _unit_weights(
    frame: pd.DataFrame, columns: PanelColumns, weight: Any, unit: Integers, n: int
) -> Floats:
    if weight is None:
        return np.ones(n)
    by_row = _row_weights(frame, columns.unit, weight)
    faults = []
    if not np.isfinite(by_row).all():
        faults.append(f"{int((~np.isfinite(by_row)).sum())} missing or infinite weights")
    elif (by_row < 0).any():
        faults.append(f"{int((by_row < 0).sum())} negative weights")
    elif not by_row.any():
        faults.append("all weights are zero")
    low = pd.Series(by_row).groupby(unit).min().to_numpy()
    high = pd.Series(by_row).groupby(unit).max().to_numpy()
    if not faults and (low != high).any():
        faults.append(f"weights change within {int((low != high).sum())} units")
    if faults:
        raise WeightError("weights", faults)
    return np.asarray(low, dtype=float)


def _row_weights(frame: pd.DataFrame, unit: Hashable, weight: Any) -> Floats:
    """Give the weight of each row: of a column, of a Series by row or by unit, or of an array."""
    if isinstance(weight, str) and weight not in frame.columns:
        known = ", ".join(map(repr, frame.columns))
        raise WeightError("weights", [f"no column {weight!r}; columns are {known}"])
    given: Any = weight
    if isinstance(weight, Hashable) and weight in frame.columns:
        given = frame[weight]
    elif isinstance(weight, pd.Series) and not _by_row(weight, frame):
        twice = weight.index[weight.index.duplicated()].unique()
        if len(twice):
            faults = [f"unit {u!r} stands in them more than once" for u in twice]
            raise WeightError("weights", faults)
        given = frame[unit].astype(object).map(weight)
    try:
        by_row = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise WeightError("weights", [f"expected numbers: {error}"]) from None
    if by_row.shape != (len(frame),):
        raise WeightError(
            "weights",
            [f"expected one weight a row ({len(frame)}), a column or a Series by unit; "
             f"got an array of shape {by_row.shape}"],
        )  # fmt: skip
    return by_row


def _by_row(weight: pd.Series[Any], frame: pd.DataFrame) -> bool:
    """Whether weights stand in the order of the rows: by their index, or without an own one."""
    counted = isinstance(weight.index, pd.RangeIndex) and len(weight) == len(frame)
    return counted or weight.index.equals(frame.index)


def _unit_covariates(
    frame: pd.DataFrame, columns: PanelColumns, unit: Integers, n: int
) -> Floats | None:
    if not columns.covariates:
        return None
    rows = np.ones((n, 1 + len(columns.covariates)))
    rows[unit, 1:] = frame[list(columns.covariates)].to_numpy(dtype=float)
    return rows
