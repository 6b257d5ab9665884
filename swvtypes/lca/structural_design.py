"""Covariates as numbers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .design import Floats

_MOST = 50


def same_order(X: Any, other: Any, name: str) -> None:
    """Raise an InputError where rows of another table are those of X in another order."""
    if not isinstance(X, pd.DataFrame) or not isinstance(other, pd.DataFrame | pd.Series):
        return
    mine, theirs = X.index, other.index
    if len(mine) != len(theirs) or mine.equals(theirs) or not mine.is_unique:
        return
    if len(mine.difference(theirs)) == 0:
        raise InputError(name, ["expected rows in the order of X, got them in another"])


def _table(covariates: Any) -> pd.DataFrame:
    """Take a table, one named column or numbers without names as a table."""
    if isinstance(covariates, pd.DataFrame):
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
        For the wrong number of rows, missing or infinite values, dates, constants, more than 50
        categories, and columns that determine one another, among the rows with a positive weight.
    """
    covariates = _table(covariates)
    if len(covariates) != len(weight):
        raise InputError("covariates", [f"expected {len(weight)} rows, got {len(covariates)}"])
    columns, names, faults = [np.ones(len(weight))], ["constant"], []
    sources: list[Hashable] = ["constant"]
    counted = weight > 0
    for position, name in enumerate(covariates.columns):
        series = covariates.iloc[:, position]
        if pd.api.types.is_datetime64_any_dtype(series):
            faults.append(f"covariate {name!r}: expected numbers or categories, got dates")
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
