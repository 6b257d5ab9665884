"""p values adjusted for their number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.scales.differences import holm
from swvtypes.scales.moments import FloatArray


def false_discovery(p_values: FloatArray) -> FloatArray:
    """Adjust p values to false discovery rates (Benjamini & Hochberg, 1995); NaN does not count.

    Parameters
    ----------
    p_values : ndarray, shape (n_tests,)

    Returns
    -------
    ndarray, shape (n_tests,)

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.04, 0.03, np.nan])).round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")][::-1]
    ranks = np.arange(len(order), 0, -1)
    raised = p_values[order] * len(order) / ranks
    adjusted[order] = np.minimum(np.minimum.accumulate(raised), 1.0)
    return adjusted


def adjust(table: pd.DataFrame, p_value: str, by: list[str], kind: str = "holm") -> pd.Series:
    """Adjust a column of p values within families.

    Parameters
    ----------
    table : DataFrame
    p_value : str
        Column with raw p values.
    by : list of str
        Columns that tell families apart.
    kind : {"holm", "false_discovery"}

    Returns
    -------
    Series of float, index of `table`
    """
    method = holm if kind == "holm" else false_discovery
    adjusted = pd.Series(np.nan, index=table.index, dtype=float)
    for _, rows in table.groupby(by, sort=False):
        adjusted.loc[rows.index] = method(rows[p_value].to_numpy(dtype=float))
    return adjusted
