"""The most probable type of an organisation, and the next."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


def ranked(probabilities: pd.DataFrame, place: int) -> tuple[pd.Series[str], pd.Series[float]]:
    """Give the type at a place of the order by probability (0: the modal one), and its probability.

    Of ties the first type comes first. NA and NaN where there is none.
    """
    values = np.nan_to_num(probabilities.to_numpy(dtype=float), nan=-1.0)
    names: list[str | None] = [None] * len(values)
    best = np.full(len(values), np.nan)
    if values.shape[1] > place:
        order = np.argsort(-values, axis=1, kind="stable")[:, place]
        found = values[np.arange(len(values)), order]
        types = list(probabilities.columns)
        names = [types[at] if p >= 0 else None for at, p in zip(order, found, strict=True)]
        best = np.where(found >= 0, found, np.nan)
    index = probabilities.index
    return pd.Series(names, index=index, dtype="string"), pd.Series(best, index=index)


def summary_table(
    probabilities: pd.DataFrame,
    sector: pd.Series[str],
    names: Mapping[str, str],
    borderline: pd.Series[bool],
) -> pd.DataFrame:
    """Tabulate the types, one row an organisation; `names` are a user's own of the types."""
    modal, certainty = ranked(probabilities, 0)
    second, next_best = ranked(probabilities, 1)
    return pd.DataFrame(
        {
            "sector": sector,
            "modal": modal,
            "name": modal.map(lambda t: t if pd.isna(t) else names.get(t, t)).astype("str"),
            "certainty": certainty,
            "runner_up": second,
            "runner_up_probability": next_best,
            "borderline": borderline,
        }
    )
