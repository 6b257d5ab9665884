"""Standard errors and intervals of the profiles of a chain."""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats
from swvtypes.lca.inference_intervals import Scale, interval

from .chart import ChainChart

Key = tuple[tuple[int, ...], int]


def errors_of_profiles(
    chart: ChainChart, covariance: Floats, level: float = 0.95
) -> dict[Key, Floats]:
    """Give standard error, lower and upper limit of every estimate.

    Parameters
    ----------
    chart : ChainChart
    covariance : ndarray, shape (P, P)
        The coordinates of the profiles come first.
    level : float

    Returns
    -------
    dict from items and group of a table to ndarray of shape (K, m, 3)
        NaN on the boundary. Probabilities are symmetric in log odds, rates and variances in logs.
    """
    if chart.profiles is None:
        return {}
    out: dict[Key, Floats] = {}
    for unit in chart.profiles.units:
        values = unit.values(chart.theta)
        slopes = unit.slopes(values)
        own = covariance[unit.columns, unit.columns]
        se = np.sqrt(np.maximum(np.einsum("kcp,pq,kcq->kc", slopes, own, slopes), 0.0))
        kind = unit.block.kind
        scales: tuple[Scale, ...] = ("logit",) * values.shape[1]
        if kind == "count":
            scales = ("log",)
        elif kind == "continuous":
            scales = ("identity", "log")
        parts = []
        for c, scale in enumerate(scales):
            fixed = (se[:, c] == 0.0) | (unit.boundary[:, c] if kind != "continuous" else False)
            error = np.where(fixed, np.nan, se[:, c])
            with np.errstate(divide="ignore", invalid="ignore"):
                limits = interval(values[:, c], error, scale, level)
            parts.append(np.stack([error, limits.lower, limits.upper], axis=1))
        out[unit.items, unit.group] = np.stack(parts, axis=1)
    return out
