"""P values adjusted for their number."""

from __future__ import annotations

import numpy as np

from swvtypes.survey.response import holm

from .findings import Floats

__all__ = ["benjamini_hochberg", "holm"]


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust for the false discovery rate (Benjamini & Hochberg, 1995); NaN does not count.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, np.nan, 0.04, 0.03])).round(4).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    raised = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted
