"""Covariates as numbers."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .design import Floats
from .inference_chart import Booleans

_MOST = 50


def _table(covariates: Any) -> pd.DataFrame:
    """Take a table, one named column or numbers without names as a table."""
    if isinstance(covariates, pd.DataFrame):
        if isinstance(covariates.columns, pd.MultiIndex):
            expected = f"expected names of one level, got {covariates.columns.nlevels} levels"
            raise InputError("covariates", [expected])
        return covariates
    if isinstance(covariates, pd.Series):
        return covariates.to_frame("covariate" if covariates.name is None else covariates.name)
    values = np.asarray(covariates)
    if values.ndim not in (1, 2) or values.dtype.kind not in "biuf":
        expected = "expected a table, a column or numbers of shape (n, Q)"
        raise InputError("covariates", [f"{expected}, got {type(covariates).__name__}"])
    values = values.reshape(len(values), -1)
    return pd.DataFrame(values, columns=[f"covariate {q + 1}" for q in range(values.shape[1])])


def covariate_matrix(
    covariates: pd.DataFrame, weight: Floats
) -> tuple[Floats, list[str], list[Hashable]]:
    """Numbers, a constant first; names of the columns, and the covariate each came from.

    Raises
    ------
    InputError
        For the wrong number of rows, a name that stands twice or is that of the constant, missing
        or infinite values, dates, spans of time, complex numbers, constants, more than 50
        categories, and columns that determine one another, among the rows with a positive weight.
    """
    covariates = _table(covariates)
    if len(covariates) != len(weight):
        raise InputError("covariates", [f"expected {len(weight)} rows, got {len(covariates)}"])
    columns, names = [np.ones(len(weight))], ["constant"]
    sources: list[Hashable] = ["constant"]
    faults = _name_faults(covariates.columns)
    counted = weight > 0
    for position, name in enumerate(covariates.columns):
        series = _numbers_as_such(covariates.iloc[:, position], counted)
        kind = _unusable(series)
        if kind:
            faults.append(f"covariate {name!r}: expected numbers or categories, got {kind}")
            continue
        missing = int(series[counted].isna().sum())
        if missing:
            faults.append(f"covariate {name!r}: {missing} missing values")
            continue
        numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
        labels = sorted(pd.unique(series[counted]), key=str)
        if isinstance(series.dtype, pd.CategoricalDtype):
            labels = [c for c in series.cat.categories if (series[counted] == c).any()]
        if len(labels) < 2:
            faults.append(f"covariate {name!r}: one value only")
        elif numeric and np.isinf(series[counted].to_numpy(dtype=float, na_value=0.0)).any():
            faults.append(f"covariate {name!r}: expected finite numbers")
        elif not numeric and len(labels) > _MOST:
            faults.append(
                f"covariate {name!r}: expected at most {_MOST} categories, got {len(labels)}"
            )
        elif numeric:
            columns.append(series.to_numpy(dtype=float, na_value=0.0))
            names.append(str(name))
            sources.append(name)
        else:
            for label in labels[1:]:
                columns.append((series == label).to_numpy(dtype=float, na_value=0.0))
                names.append(f"{name}[{label}]")
                sources.append(name)
    if faults:
        raise InputError("covariates", faults)
    Z = np.stack(columns, axis=1)
    size = np.abs(Z[counted]).max(axis=0)
    if np.linalg.matrix_rank(Z[counted] / size) < Z.shape[1]:
        raise InputError("covariates", ["columns that determine one another"])
    return Z, names, sources


def _name_faults(names: pd.Index[Any]) -> list[str]:
    twice = dict.fromkeys(names[names.duplicated()])
    faults = [
        f"covariate {name!r}: the name of {list(names).count(name)} columns" for name in twice
    ]
    if "constant" in names:
        faults.append("covariate 'constant': the name of the constant that is always added")
    return faults


def _numbers_as_such(series: pd.Series[Any], counted: Booleans) -> pd.Series[Any]:
    """Give numbers that are kept as objects the type of numbers; anything else as it is."""
    if series.dtype != object:
        return series
    seen = series[counted].dropna()
    numbers = (int, float, Decimal, np.integer, np.floating)
    if not len(seen) or not all(isinstance(v, numbers) and not isinstance(v, bool) for v in seen):
        return series
    # Rows of weight zero may hold anything.
    return series.where(counted).astype(float)


def _unusable(series: pd.Series[Any]) -> str:
    """Say what a covariate holds that is neither numbers nor categories; empty where it is."""
    types = pd.api.types
    if types.is_datetime64_any_dtype(series) or isinstance(series.dtype, pd.PeriodDtype):
        return "dates"
    if types.is_timedelta64_dtype(series):
        return "spans of time"
    return "complex numbers" if types.is_complex_dtype(series) else ""
