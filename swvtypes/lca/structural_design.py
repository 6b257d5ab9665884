"""Covariates as numbers."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .design import Floats


def covariate_matrix(
    covariates: pd.DataFrame, weight: Floats
) -> tuple[Floats, list[str], list[Hashable]]:
    """Numbers, a constant first; names of the columns, and the covariate each came from.

    Raises
    ------
    InputError
        For the wrong number of rows, missing values, constants, and columns that determine one
        another, among the rows with a positive weight.
    """
    if len(covariates) != len(weight):
        raise InputError("covariates", [f"expected {len(weight)} rows, got {len(covariates)}"])
    columns, names, faults = [np.ones(len(weight))], ["constant"], []
    sources: list[Hashable] = ["constant"]
    counted = weight > 0
    for position, name in enumerate(covariates.columns):
        series = covariates.iloc[:, position]
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
