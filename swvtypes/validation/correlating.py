"""A continuum against numbers: plain, rank and sector-adjusted correlations."""

from __future__ import annotations

import numpy as np
from scipy import stats

from .findings import NAN, Finding, Floats, Setting
from .permuting import permutation_p

_ROUNDING = 1e-10


def correlation(x: Floats, y: Floats, setting: Setting) -> Finding:
    """Correlate a continuum with numbers or with answers of 0 and 1.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        No gaps.
    setting : Setting
        Columns of `sector` are partialled out of both; with survey weights the test is that of
        the weighted slope, with a sandwich standard error.

    Returns
    -------
    Finding
        Pearson's r (``"point_biserial"`` where y has the values 0 and 1), its interval (Fisher,
        1921), t with n - 2 - q degrees of freedom. Exact: permutation, small where fewer than
        `small` rows have the rarer answer, or fewer than four times `small` rows have a number.
    """
    binary = bool(np.isin(y, (0.0, 1.0)).all())
    name = "point_biserial" if binary else "pearson"
    smallest = min(int(y.sum()), int((1 - y).sum())) if binary else len(y)
    if setting.weight is not None:
        return _weighted(x, y, setting, name)
    a, b = _residuals(x, setting), _residuals(y, setting)
    df = len(x) - 2 - setting.n_adjusted
    r = _product(a, b, x, y)
    if df < 1 or np.isnan(r):
        return Finding(name, len(x), notes=("nothing_varies",))
    exact = NAN
    if setting.wants_exact(smallest if binary else len(x) / 4):
        exact = permutation_p(a[:, None], b[:, None], np.ones((1, 1)), setting)
    return _as_finding(name, r, len(x), df, setting.level, exact)


def rank_correlation(x: Floats, y: Floats, setting: Setting) -> Finding:
    """Give Spearman's rank correlation; of ranks less what sectors explain when adjusted.

    Without an interval; NaN under survey weights.
    """
    if setting.weight is not None:
        return Finding("spearman", len(x), notes=("unweighted_only",))
    ranked_x, ranked_y = stats.rankdata(x), stats.rankdata(y)
    a, b = _residuals(ranked_x, setting), _residuals(ranked_y, setting)
    df = len(x) - 2 - setting.n_adjusted
    r = _product(a, b, ranked_x, ranked_y)
    if df < 1 or np.isnan(r):
        return Finding("spearman", len(x), notes=("nothing_varies",))
    found = _as_finding("spearman", r, len(x), df, setting.level, NAN)
    return Finding("spearman", len(x), r, NAN, NAN, found.statistic, 1.0, df, found.p_value)


def _residuals(values: Floats, setting: Setting) -> Floats:
    design = np.column_stack([np.ones(len(values)), setting.sector])
    return np.asarray(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])


def _product(a: Floats, b: Floats, x: Floats, y: Floats) -> float:
    """Correlation of residuals; NaN where one of the two has nothing left."""
    sizes = float(np.sqrt(a @ a)), float(np.sqrt(b @ b))
    for left, whole in zip(sizes, (x, y), strict=True):
        if left <= _ROUNDING * max(float(np.sqrt(whole @ whole)), 1e-300):
            return NAN
    return float(np.clip(a @ b / (sizes[0] * sizes[1]), -1.0, 1.0))


def _as_finding(name: str, r: float, n: int, df: int, level: float, exact: float) -> Finding:
    if abs(r) > 1 - 1e-12:
        return Finding(name, n, r, r, r, float("inf"), 1.0, df, 0.0, exact, ("one_and_the_same",))
    t = r * np.sqrt(df / (1 - r * r))
    p = float(2 * stats.t.sf(abs(t), df))
    lower = upper = NAN
    if df > 1:
        reach = stats.norm.ppf((1 + level) / 2) / np.sqrt(df - 1)
        lower, upper = np.tanh(np.arctanh(r) + np.array([-reach, reach]))
    return Finding(name, n, r, float(lower), float(upper), float(t), 1.0, df, p, exact)


def _weighted(x: Floats, y: Floats, setting: Setting, name: str) -> Finding:
    """Weighted correlation; test and interval from the weighted slope with a sandwich error."""
    w = np.ones(len(x)) if setting.weight is None else setting.weight
    design = np.column_stack([np.ones(len(x)), setting.sector])
    root = np.sqrt(w)[:, None]
    parts = []
    for values in (x, y):
        fitted = np.linalg.lstsq(design * root, values * root[:, 0], rcond=None)[0]
        parts.append(values - design @ fitted)
    a, b = parts
    used = int((w > 0).sum())
    df = used - 2 - setting.n_adjusted
    square = float(w @ a**2), float(w @ b**2)
    if df < 1 or min(square) <= _ROUNDING**2 * max(float(w @ x**2), float(w @ y**2), 1e-300):
        return Finding(name, used, notes=("nothing_varies",))
    slope = float(w @ (a * b)) / square[0]
    influence = w * a * (b - slope * a) / square[0]
    error = float(np.sqrt((influence**2).sum() * used / df))
    unit = np.sqrt(square[0] / square[1])
    r = slope * unit
    if not error > 0:
        return Finding(name, used, r, notes=("one_and_the_same",))
    reach = float(stats.t.ppf((1 + setting.level) / 2, df)) * error * unit
    t = slope / error
    p = float(2 * stats.t.sf(abs(t), df))
    return Finding(name, used, r, max(r - reach, -1.0), min(r + reach, 1.0), t, 1.0, df, p)
