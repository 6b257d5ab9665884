"""Differences between two groups item by item, plain and at equal scores on the other items."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.multiplicity import adjust

from .moments import FloatArray

_COLUMNS = (
    "n_first",
    "n_second",
    "difference",
    "lower",
    "upper",
    "p_value",
    "p_holm",
    "adjusted",
    "adjusted_lower",
    "adjusted_upper",
    "adjusted_p_value",
    "p_adjusted",
    "detectable",
)


def item_differences(
    first: pd.DataFrame, second: pd.DataFrame, level: float = 0.95, power: float = 0.80
) -> pd.DataFrame:
    """Compare the items of one scale between two groups.

    Parameters
    ----------
    first, second : DataFrame of numbers, shape (n_rows, n_items)
        Answers, turned round already; the same columns. Each item uses the rows that answered
        it; the adjusted difference those that answered at least one other item too.
    level : float
        Confidence of the intervals (unadjusted for their number).
    power : float
        For `detectable`.

    Returns
    -------
    DataFrame, one row an item
        n_first, n_second (answers); difference of the means (second less first), with lower,
        upper and p_value of Welch (1947) and p_holm (Holm, 1979); adjusted: the difference at
        equal means on the other items answered, by least squares with HC3 standard errors
        (MacKinnon & White, 1985), with its interval, adjusted_p_value and p_adjusted (Holm);
        detectable: the smallest plain difference that a two-sided test at 1 - level would show
        with the stated power, from the spread and the numbers. NaN where one is undefined
        (fewer than two answers in a group, nothing varies).

    Raises
    ------
    InputError
        Lists every fault.
    """
    faults = []
    if list(first.columns) != list(second.columns):
        faults.append("items: expected the same columns in both groups")
    if len(first.columns) < 2:
        faults.append(f"items: expected at least two, got {len(first.columns)}")
    if not 0 < level < 1 or not 1 - level < power < 1:
        faults.append(f"level, power: expected 1 - level < power < 1, got {level!r}, {power!r}")
    if faults:
        raise InputError("item_differences", faults)
    groups = [
        frame.astype("Float64").to_numpy(dtype=float, na_value=np.nan) for frame in (first, second)
    ]
    values = np.concatenate(groups)
    second_group = np.repeat([0.0, 1.0], [len(part) for part in groups])
    rows = [
        {
            **_welch(groups[0][:, at], groups[1][:, at], level, power),
            **_at_equal_rest(values, at, second_group, level),
        }
        for at in range(values.shape[1])
    ]
    table = pd.DataFrame(rows, index=pd.Index(first.columns, name="item"))
    table["p_holm"] = holm(table["p_value"].to_numpy(dtype=float))
    table["p_adjusted"] = holm(table["adjusted_p_value"].to_numpy(dtype=float))
    return table[list(_COLUMNS)]


def holm(p_values: FloatArray) -> FloatArray:
    """Adjust p values for their number (Holm, 1979); NaN stays NaN and does not count.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    return adjust(p_values, "holm")


def _welch(first: FloatArray, second: FloatArray, level: float, power: float) -> dict[str, float]:
    a, b = first[~np.isnan(first)], second[~np.isnan(second)]
    counts: dict[str, float] = {"n_first": len(a), "n_second": len(b)}
    names = ("difference", "lower", "upper", "p_value", "detectable")
    if len(a) < 2 or len(b) < 2:
        return {**counts, **dict.fromkeys(names, float("nan"))}
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = float(np.sqrt(sum(parts)))
    difference = float(b.mean() - a.mean())
    if error == 0:
        return {**counts, **dict.fromkeys(names, float("nan")), "difference": difference}
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    reach = float(stats.t.ppf((1 + level) / 2, df))
    return {
        **counts,
        "difference": difference,
        "lower": difference - reach * error,
        "upper": difference + reach * error,
        "p_value": float(2 * stats.t.sf(abs(difference) / error, df)),
        "detectable": (reach + float(stats.t.ppf(power, df))) * error,
    }


def _at_equal_rest(
    values: FloatArray, item: int, second_group: FloatArray, level: float
) -> dict[str, float]:
    """Regress one item on the group and the mean of the other items answered."""
    names = ("adjusted", "adjusted_lower", "adjusted_upper", "adjusted_p_value")
    others = np.delete(values, item, axis=1)
    given = ~np.isnan(others)
    counts = given.sum(axis=1)
    rest = np.divide(
        np.where(given, others, 0.0).sum(axis=1),
        counts,
        out=np.full(len(values), np.nan),
        where=counts > 0,
    )
    used = ~np.isnan(values[:, item]) & ~np.isnan(rest)
    design = np.column_stack([np.ones(used.sum()), second_group[used], rest[used]])
    df = len(design) - 3
    if df < 1 or np.linalg.matrix_rank(design) < 3:
        return dict.fromkeys(names, float("nan"))
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ values[used, item]
    leverage = np.einsum("ni,ij,nj->n", design, inverse, design)
    residuals = values[used, item] - design @ estimate
    pulled = residuals / np.maximum(1 - leverage, 1e-12)
    error = float(np.sqrt((inverse @ (design.T * pulled**2) @ design @ inverse)[1, 1]))
    difference = float(estimate[1])
    if error < 1e-12:
        return {**dict.fromkeys(names, float("nan")), "adjusted": difference}
    reach = float(stats.t.ppf((1 + level) / 2, df))
    return {
        "adjusted": difference,
        "adjusted_lower": difference - reach * error,
        "adjusted_upper": difference + reach * error,
        "adjusted_p_value": float(2 * stats.t.sf(abs(difference) / error, df)),
    }
