"""Whether independent groups have the same alpha, and which difference their size can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from swvtypes.errors import InputError

from .moments import FloatArray

_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(400)
_EDGE = 1e-15


@dataclass(frozen=True)
class AlphaEquality:
    """Tests that independent groups have the same alpha.

    Attributes
    ----------
    alphas : tuple of float
    n : tuple of float
        Rows behind each.
    n_items : tuple of int
    statistic : float
        Hakstian and Whalen's (1976) chi-square.
    df : int
    p_value : float
    ratio : float
        Feldt's (1969) (1 - first alpha) / (1 - second alpha); NaN but for two groups.
    ratio_p_value : float
        Its two-sided p.
    """

    alphas: tuple[float, ...]
    n: tuple[float, ...]
    n_items: tuple[int, ...]
    statistic: float
    df: int
    p_value: float
    ratio: float
    ratio_p_value: float


def equal_alphas(
    alphas: Sequence[float], n: Sequence[float], n_items: Sequence[int]
) -> AlphaEquality:
    """Test that independent groups have the same alpha.

    Parameters
    ----------
    alphas : sequence of float
        Estimates, below 1.
    n : sequence of float
        Rows behind each.
    n_items : sequence of int
        Items behind each.

    Returns
    -------
    AlphaEquality

    Raises
    ------
    InputError
        Lists every fault.

    Notes
    -----
    K groups: Hakstian and Whalen (1976), by cube roots of 1 - alpha. Two groups: the ratio of
    Feldt (1969), which is a ratio of two independent F variables; its distribution is integrated
    numerically instead of approximated by one F. Both suppose complete rows of normal,
    essentially parallel items.

    Examples
    --------
    >>> found = equal_alphas([0.784, 0.875], [51, 151], [5, 5])
    >>> round(found.ratio, 3), found.df
    (1.728, 1)
    """
    values, rows, items = (np.asarray(x, dtype=float) for x in (alphas, n, n_items))
    faults = _faults(values, rows, items)
    if faults:
        raise InputError("equal_alphas", faults)
    roots = np.cbrt(1 - values)
    variances = 18 * items * (rows - 1) * roots**2 / ((items - 1) * (9 * rows - 11) ** 2)
    mean = np.average(roots, weights=1 / variances)
    statistic = float(np.sum((roots - mean) ** 2 / variances))
    df = len(values) - 1
    ratio = ratio_p = float("nan")
    if df == 1:
        ratio = float((1 - values[0]) / (1 - values[1]))
        ratio_p = min(1.0, 2 * min(_ratio_tails(ratio, rows, items)))
    return AlphaEquality(
        tuple(values.tolist()),
        tuple(rows.tolist()),
        tuple(int(k) for k in items),
        statistic,
        df,
        float(stats.chi2.sf(statistic, df)),
        ratio,
        ratio_p,
    )


def detectable_alphas(
    alpha: float, n: Sequence[float], n_items: int, power: float = 0.80, level: float = 0.05
) -> tuple[float, float]:
    """Give the nearest alphas of a second group that a two-sided test would show.

    Parameters
    ----------
    alpha : float
        True alpha of the first group, below 1.
    n : sequence of two floats
        Rows of the first and of the second group.
    n_items : int
    power, level : float
        Chance to reject, and level of the test of :func:`equal_alphas`.

    Returns
    -------
    tuple of (float, float)
        Below and above `alpha`; computed from the design, not from an observed difference.

    Raises
    ------
    InputError
        Lists every fault.
    """
    rows, items = np.asarray(n, dtype=float), np.full(2, float(n_items))
    faults = _faults(np.full(len(rows), alpha), rows, np.full(len(rows), float(n_items)))
    if len(rows) != 2:
        faults.append(f"n: expected two groups, got {len(rows)}")
    if not 0 < level < power < 1:
        faults.append(f"power, level: expected 0 < level < power < 1, got {power!r}, {level!r}")
    if faults:
        raise InputError("detectable_alphas", faults)
    low = _ratio_quantile(level / 2, rows, items)
    high = _ratio_quantile(1 - level / 2, rows, items)

    def lacking(log_true: float) -> float:
        true = float(np.exp(log_true))
        beyond = _ratio_tails(high / true, rows, items)[1]
        return _ratio_tails(low / true, rows, items)[0] + beyond - power

    smaller = float(np.exp(optimize.brentq(lacking, -12.0, -1e-6)))
    larger = float(np.exp(optimize.brentq(lacking, 1e-6, 12.0)))
    return 1 - (1 - alpha) / smaller, 1 - (1 - alpha) / larger


def _faults(alphas: FloatArray, rows: FloatArray, items: FloatArray) -> list[str]:
    if alphas.ndim != 1 or not alphas.shape == rows.shape == items.shape or len(alphas) < 2:
        return ["groups: expected two or more, with an alpha, n and n_items for each"]
    faults = [f"alpha: expected a number below 1, got {x}" for x in alphas if not x < 1]
    faults += [f"n: expected at least 3 rows, got {x}" for x in rows if not x >= 3]
    return faults + [f"n_items: expected at least 2, got {x:g}" for x in items if not x >= 2]


def _ratio_tails(value: float, rows: FloatArray, items: FloatArray) -> tuple[float, float]:
    """Chances that (1 - a1) / (1 - a2) is below and above `value` where true alphas are equal.

    Each 1 - estimate is (1 - alpha) / F, so that the ratio is F of the second over F of the first
    group; integrated over the logarithm of the first.
    """
    first, second = ((n - 1, (n - 1) * (k - 1)) for n, k in zip(rows, items, strict=True))
    low, high = np.log(stats.f.ppf(_EDGE, *first)), np.log(stats.f.isf(_EDGE, *first))
    at = (low + high) / 2 + _NODES * (high - low) / 2
    mass = _NODE_WEIGHTS * (high - low) / 2 * np.exp(stats.f.logpdf(np.exp(at), *first) + at)
    ends = value * np.exp(at)
    below = float(np.sum(mass * stats.f.cdf(ends, *second)))
    return below, float(np.sum(mass * stats.f.sf(ends, *second)))


def _ratio_quantile(probability: float, rows: FloatArray, items: FloatArray) -> float:
    def off(log_value: float) -> float:
        return _ratio_tails(float(np.exp(log_value)), rows, items)[0] - probability

    return float(np.exp(optimize.brentq(off, -12.0, 12.0)))
