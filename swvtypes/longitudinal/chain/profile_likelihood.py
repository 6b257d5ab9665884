"""Profile-likelihood intervals of transition probabilities.

A probability is held at many values at once, one a run of the batch, everything else climbs to its
maximum, and the interval holds the values whose log-likelihood is close enough to the best
(Venzon and Moolgavkar 1988). It needs no standard error and reaches the boundary where the data do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import expit, logit
from scipy.stats import chi2

from swvtypes.lca.design import Floats

from .em import Climb, Stop
from .fit import ChainFit
from .forward import expect

_EDGE = 1e-5
_GRID, _ROUNDS = 12, 3
_STOP = Stop(2000, 1e-10)


def profile_interval(
    fit: ChainFit, step: int, origin: int, target: int, level: float = 0.95
) -> tuple[float, float]:
    """Interval of one transition probability.

    Parameters
    ----------
    fit : ChainFit
    step, origin, target : int
        Which, from 0.
    level : float
        Coverage asked.

    Returns
    -------
    lower, upper : float
        Exactly 0 or 1 where the boundary is within the interval.
    """
    row = fit.model.width + 1 + step * fit.model.n_classes + origin
    estimate = float(np.exp(fit.Z[row, target]))
    drop = chi2.ppf(level, 1) / 2.0
    return (
        _limit(fit, (step, origin, target), estimate, drop, upward=False),
        _limit(fit, (step, origin, target), estimate, drop, upward=True),
    )


def profile_curve(fit: ChainFit, cell: tuple[int, int, int], values: Floats) -> Floats:
    """Give the best objective with one transition probability held at each value, shape (B,)."""
    model = replace(fit.model, fixed_transition=(*cell, values))
    _, sums = expect(fit.model, fit.data, np.ascontiguousarray(fit.Z[:, None]))
    T = np.repeat(sums, len(values), axis=1)
    return Climb(model, fit.data, _STOP).run(T).objective


def _limit(
    fit: ChainFit, cell: tuple[int, int, int], estimate: float, drop: float, upward: bool
) -> float:
    end = 1.0 - _EDGE if upward else _EDGE
    inside = float(np.clip(estimate, _EDGE, 1.0 - _EDGE))
    if (upward and inside >= end) or (not upward and inside <= end):
        return 1.0 if upward else 0.0
    low, high = logit(inside), logit(end)
    for round_ in range(_ROUNDS):
        grid = np.linspace(low, high, _GRID + 1)[1:]
        fallen = fit.objective - profile_curve(fit, cell, expit(grid)) > drop
        if not fallen.any():
            return (1.0 if upward else 0.0) if round_ == 0 else float(expit(grid[-1]))
        first = int(fallen.argmax())
        low, high = (low if first == 0 else grid[first - 1]), grid[first]
    return float(expit(0.5 * (low + high)))
