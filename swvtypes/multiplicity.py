"""P values adjusted for their number."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from .errors import OptionError

Adjustment = Literal["holm", "bonferroni", "benjamini_hochberg", "none"]
Floats = NDArray[np.float64]


def adjust(p: Floats, method: Adjustment = "holm") -> Floats:
    """Adjust p values for their number.

    Parameters
    ----------
    p : ndarray, shape (m,)
        NaN where nothing was tested; those do not count and stay NaN.
    method : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Holm (1979), Bonferroni, Benjamini and Hochberg (1995), or none.

    Returns
    -------
    ndarray, shape (m,)

    Raises
    ------
    OptionError
        For a method that does not exist.

    Examples
    --------
    >>> adjust(np.array([0.01, np.nan, 0.04, 0.03])).round(3).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    if method not in get_args(Adjustment):
        raise OptionError("method", " or ".join(map(repr, get_args(Adjustment))), method)
    p = np.asarray(p, dtype=float)
    out = p.copy()
    where = np.flatnonzero(~np.isnan(p))
    m = len(where)
    if method == "none" or m == 0:
        return out
    order = where[np.argsort(p[where], kind="stable")]
    rank = np.arange(1, m + 1)
    if method == "bonferroni":
        out[where] = m * p[where]
    elif method == "holm":
        out[order] = np.maximum.accumulate((m - rank + 1) * p[order])
    else:
        out[order] = np.minimum.accumulate((m / rank * p[order])[::-1])[::-1]
    return np.minimum(out, 1.0)
