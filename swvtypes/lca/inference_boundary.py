"""Intervals of estimates on the boundary of their range, by profile likelihood.

A probability or rate that is estimated as zero has no standard error, yet larger values fit
nearly as well. Its upper limit is the value at which the likelihood, maximised over everything
else, has fallen by as much as a likelihood-ratio test allows (Venzon and Moolgavkar 1988).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import chdtri

from .design import Floats
from .inference_chart import Chart, Unit
from .inference_scores import Evidence, casewise_scores, expect, information
from .standard_errors import invert

MOST_WORK = 4_000
_ENOUGH = 1e-4
_NEWTON = 25
_HIGHEST = 8.0


def boundary_limits(
    evidence: Evidence, chart: Chart, level: float = 0.95, effective: float = 1.0
) -> list[Floats]:
    """Upper limits of probabilities and rates that are estimated as zero.

    Parameters
    ----------
    evidence, chart
        Rows and parameters, at the estimates. Other boundary estimates stay where they are.
    level : float
        Coverage asked; the fall in log-likelihood is half the chi-square quantile.
    effective : float
        Effective cases a case, below 1 under survey weights.

    Returns
    -------
    list of ndarray, shape (K, c)
        One a unit of the chart; NaN elsewhere, for ordinal units, and everywhere when there are
        so many boundary estimates and parameters that it would take long. For an item with more
        than two categories it is the odds against the class's largest category that are profiled.
    """
    out = [np.full(unit.offset.shape, np.nan) for unit in chart.units]
    places = [
        (i, k, c)
        for i, unit in enumerate(chart.units)
        if unit.block.kind in ("nominal", "count", "joint")
        for k, c in np.argwhere(unit.boundary & (unit.values(chart.theta) < 0.5))
    ]
    if len(places) * len(chart.theta) > MOST_WORK:
        return out
    top = float(evidence.weight @ expect(evidence, chart, chart.theta).log_density)
    fall = 0.5 * float(chdtri(1, 1.0 - level)) / effective
    for i, k, c in places:
        out[i][k, c] = _limit(evidence, chart, (i, int(k), int(c)), top - fall)
    return out


def _limit(evidence: Evidence, chart: Chart, place: tuple[int, int, int], target: float) -> float:
    """Value at which the profile likelihood reaches the target, by bracketing and regula falsi."""
    i, k, c = place
    n = max(float((evidence.weight @ expect(evidence, chart, chart.theta).posterior)[k]), 1.0)
    low, at = float(np.log(0.5 / n)), chart
    moved = _moved(chart, place, low)
    below, at = _profile(evidence, moved)
    if below < target:
        return _value(at.units[i], at.theta, k, c)
    high, above = low, below
    while above >= target:
        low, below = high, above
        high += 1.0
        if high > _HIGHEST:
            return 1.0 if chart.units[i].block.kind != "count" else float("inf")
        above, at = _profile(evidence, _moved(at, place, high))
    for _ in range(8):
        middle = low + (high - low) * np.clip((below - target) / (below - above), 0.1, 0.9)
        value, at = _profile(evidence, _moved(at, place, float(middle)))
        if abs(value - target) < 0.01:
            break
        if value >= target:
            low, below = float(middle), value
        else:
            high, above = float(middle), value
    return _value(at.units[i], at.theta, k, c)


def _value(unit: Unit, theta: Floats, k: int, c: int) -> float:
    return float(unit.values(theta)[k, c])


def _moved(chart: Chart, place: tuple[int, int, int], eta: float) -> Chart:
    """Hold the linear predictor of one cell at another value."""
    i, k, c = place
    units = list(chart.units)
    offset = units[i].offset.copy()
    offset[k, c] = eta
    units[i] = replace(units[i], offset=offset)
    return replace(chart, units=tuple(units))


def _profile(evidence: Evidence, chart: Chart) -> tuple[float, Chart]:
    """Maximise over the free parameters, to the precision that a limit needs."""
    e = expect(evidence, chart, chart.theta)
    value = float(evidence.weight @ e.log_density)
    for _ in range(_NEWTON):
        gradient = evidence.weight @ casewise_scores(evidence, chart, e)
        step = invert(information(evidence, chart, e))[0] @ gradient
        rise = float(gradient @ step)
        if abs(rise) < _ENOUGH:
            break
        if rise < 0.0:
            step = gradient / max(float(np.abs(gradient).max()), 1.0)
        size = min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        for _ in range(12):
            theta = chart.theta + size * step
            moved = expect(evidence, chart, theta)
            after = float(evidence.weight @ moved.log_density)
            if after >= value:
                break
            size *= 0.3
        else:
            break
        gained = after - value
        chart, e, value = replace(chart, theta=theta), moved, after
        if gained < _ENOUGH * 0.1:
            break
    return value, chart
