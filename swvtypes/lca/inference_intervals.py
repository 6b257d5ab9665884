"""Standard errors and intervals of probabilities, rates, means, variances and shares.

The delta method carries the covariance of the free parameters to the estimates. Intervals are
symmetric on a scale without limits (log odds of probabilities and shares, log of rates and
variances) and so stay inside the range of the parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, logit, ndtri

from .design import Floats
from .inference_boundary import boundary_limits
from .inference_chart import BOUNDARY, Booleans, Unit
from .inference_scores import Evidence, log_softmax
from .standard_errors import Covariance

Scale = Literal["logit", "log", "identity"]
Key = tuple[tuple[int, ...], int]


@dataclass(frozen=True)
class Estimates:
    """Estimates with their uncertainty; all arrays of one shape.

    Attributes
    ----------
    value, se, lower, upper : ndarray
        Standard errors are NaN on the boundary and where the data do not determine the estimate.
    """

    value: Floats
    se: Floats
    lower: Floats
    upper: Floats


def interval(value: Floats, se: Floats, scale: Scale, level: float = 0.95) -> Estimates:
    """Interval that is symmetric on a scale without limits.

    Parameters
    ----------
    value, se : ndarray
        Estimates and their standard errors.
    scale : {"logit", "log", "identity"}
        Log odds for probabilities, log for positive numbers.
    level : float
        Coverage asked.

    Returns
    -------
    Estimates
    """
    z = float(ndtri(0.5 + level / 2.0))
    if scale == "identity":
        return Estimates(value, se, value - z * se, value + z * se)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if scale == "log":
            half = z * se / value
            return Estimates(value, se, value * np.exp(-half), value * np.exp(half))
        half = z * se / (value * (1.0 - value))
        middle = logit(value)
        return Estimates(value, se, expit(middle - half), expit(middle + half))


def delta(cov: Covariance, slopes: Floats, columns: slice) -> Floats:
    """Give standard errors of functions of the parameters in `columns`, slopes (..., q).

    NaN where the data do not determine a parameter on which the function depends.
    """
    V = cov.matrix[columns, columns]
    variance = np.einsum("...q,qr,...r->...", slopes, V, slopes)
    se = np.sqrt(np.maximum(variance, 0.0))
    loose = ((np.abs(slopes) > 1e-12) & ~cov.identified[columns]).any(axis=-1)
    se[loose] = np.nan
    return np.asarray(se)


@dataclass(frozen=True)
class ProfileEstimates:
    """Estimates of all units, and of the class shares in each known group.

    Attributes
    ----------
    units : dict
        By items and group: probabilities (K, m), rates (K, 1), means and variances (K, 2); the
        margins of a pair stand under its single items.
    effects : dict
        Of ordinal units: effects that sum to zero over classes, shape (K,).
    shares : Estimates
        Shape (G, K).
    """

    units: dict[Key, Estimates]
    effects: dict[Key, Estimates]
    shares: Estimates


def profile_estimates(
    evidence: Evidence, cov: Covariance, level: float, effective: float | None = 1.0
) -> ProfileEstimates:
    """Give standard errors and intervals of every estimate of a model.

    An estimate on the boundary has no standard error. Its interval reaches from the boundary to
    the limit that the profile likelihood allows, see
    :func:`~swvtypes.lca.inference_boundary.boundary_limits`, or is NaN where there is none.

    Parameters
    ----------
    evidence : Evidence
        Rows.
    cov : Covariance
        Of the free parameters.
    level : float
        Coverage asked.
    effective : float, optional
        Effective cases a case, below 1 under survey weights (Kish 1965). None leaves boundary
        estimates without limits, which take time.

    Returns
    -------
    ProfileEstimates
    """
    chart = cov.chart
    units: dict[Key, Estimates] = {}
    effects: dict[Key, Estimates] = {}
    limits = [np.full(unit.offset.shape, np.nan) for unit in chart.units]
    if effective is not None:
        limits = boundary_limits(evidence, chart, level, effective)
    for unit, limit in zip(chart.units, limits, strict=True):
        key = (unit.items, unit.group)
        values = unit.values(chart.theta)
        slopes = unit.slopes(values)
        units[key] = _unit(unit, cov, values, slopes, limit, level)
        if unit.block.kind == "ordinal":
            effects[key] = _effects(unit, cov, level)
        if len(unit.items) == 2:
            units |= _margins(unit, cov, values, slopes, level)
    return ProfileEstimates(units, effects, _shares(cov, level))


def _unit(
    unit: Unit, cov: Covariance, values: Floats, slopes: Floats, limit: Floats, level: float
) -> Estimates:
    se = delta(cov, slopes, unit.columns)
    se[unit.boundary] = np.nan
    if unit.block.kind == "continuous":
        mean = interval(values[:, 0], se[:, 0], "identity", level)
        spread = interval(values[:, 1], se[:, 1], "log", level)
        return _side_by_side(mean, spread)
    if unit.block.kind == "count":
        made = interval(values, se, "log", level)
        low = np.where(np.isnan(limit), np.nan, 0.0)
        return _bounded(made, unit.boundary, low, limit)
    return _probabilities(values, se, limit, level)


def _side_by_side(*parts: Estimates) -> Estimates:
    return Estimates(
        *(np.stack([getattr(p, name) for p in parts], axis=1) for name in vars(parts[0]))
    )


def _probabilities(values: Floats, se: Floats, limit: Floats, level: float) -> Estimates:
    """Logit intervals, and those of the profile likelihood on the boundary."""
    edge = (values < BOUNDARY) | (values > 1.0 - BOUNDARY)
    others = np.where(values < 0.5, limit, 0.0).sum(axis=1, keepdims=True)
    low = np.where(values > 0.5, np.maximum(1.0 - others, 0.0), 0.0 * limit)
    high = np.where(values > 0.5, 1.0 + 0.0 * others, limit)
    return _bounded(interval(values, se, "logit", level), edge, low, high)


def _bounded(made: Estimates, edge: Booleans, low: Floats, high: Floats) -> Estimates:
    return Estimates(
        made.value,
        np.where(edge, np.nan, made.se),
        np.where(edge, low, made.lower),
        np.where(edge, high, made.upper),
    )


def _margins(
    unit: Unit, cov: Covariance, values: Floats, slopes: Floats, level: float
) -> dict[Key, Estimates]:
    m1, m2 = unit.block.shape
    out: dict[Key, Estimates] = {}
    for item, axis in ((unit.items[0], 2), (unit.items[1], 1)):
        p = values.reshape(-1, m1, m2).sum(axis=axis)
        J = slopes.reshape(len(p), m1, m2, -1).sum(axis=axis)
        se = delta(cov, J, unit.columns)
        out[(item,), unit.group] = _probabilities(p, se, np.full_like(p, np.nan), level)
    return out


def effect_slopes(unit: Unit) -> Floats:
    """Say how the effects of an ordinal unit against its first class depend on theta, (K, q)."""
    scores = unit.block.scores[unit.position]
    rise = unit.M[:, -1] - unit.M[:, 0]
    return np.asarray((rise - rise[0]) / (scores[-1] - scores[0]))


def _effects(unit: Unit, cov: Covariance, level: float) -> Estimates:
    slopes = effect_slopes(unit)
    scores = unit.block.scores[unit.position]
    eta = unit.offset + unit.M @ cov.chart.theta[unit.columns]
    effects = (eta[:, -1] - eta[:, 0]) / (scores[-1] - scores[0])
    effects = effects - effects.mean()
    se = delta(cov, slopes - slopes.mean(axis=0), unit.columns)
    if degenerate_effects(unit).any():
        se = np.full_like(se, np.nan)
    return interval(effects, se, "identity", level)


def degenerate_effects(unit: Unit) -> Booleans:
    """Classes of an ordinal unit that all but never choose more than one category, shape (K,)."""
    moved: Booleans = np.asarray(np.abs(effect_slopes(unit)).any(axis=1))
    moved[int(np.argmin(moved))] = True
    return ~moved


def _shares(cov: Covariance, level: float) -> Estimates:
    chart = cov.chart
    shares = np.exp(log_softmax(chart.gamma))
    G, K = shares.shape
    slopes = np.zeros((G, K, chart.n_structural))
    for column, (g, c) in enumerate(np.argwhere(chart.gamma_free)):
        slopes[g, :, column] = shares[g] * ((np.arange(K) == c) - shares[g, c])
    se = delta(cov, slopes, slice(0, chart.n_structural))
    se[np.all(slopes == 0.0, axis=2)] = np.nan
    return interval(shares, se, "logit", level)
