"""The most probable type of an organisation, and the next."""

from __future__ import annotations

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
