"""What a design can show, from the number of organisations, never from the effect observed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import optimize, stats

from swvtypes.errors import InputError
from swvtypes.scales.moments import FloatArray

from .noncentral import noncentral_cdf

_NODES = 200


def power_of_correlation(rho: float, df: int, alpha: float = 0.05) -> float:
    """Give the power of the two-sided t test of a correlation under bivariate normality.

    Parameters
    ----------
    rho : float
        Correlation in the population.
    df : int
        Degrees of freedom of the test: n - 2, less the strata taken out.
    alpha : float
        Level of the test.

    Returns
    -------
    float
        Given the first column the t statistic is noncentral t; its noncentrality is averaged
        over the chi-square distribution of that column's sum of squares (200 nodes).

    Examples
    --------
    Cohen's medium correlation needs 84 pairs for a power of 0.8:

    >>> round(power_of_correlation(0.3, 83 - 2), 4), round(power_of_correlation(0.3, 84 - 2), 4)
    (0.7955, 0.8003)
    """
    _check(df, alpha, None)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    chi = stats.chi2.ppf((nodes + 1) / 2, df + 1)
    centrality = abs(rho) / np.sqrt(max(1 - rho**2, 1e-15)) * np.sqrt(chi)
    reach = stats.t.ppf(1 - alpha / 2, df)
    return float(np.clip(weights @ _beyond(float(reach), df, centrality) / 2, 0.0, 1.0))


@lru_cache(maxsize=512)
def detectable_correlation(df: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Give the smallest correlation that a test of this design shows with this power.

    Parameters as :func:`power_of_correlation`; NaN with fewer than four degrees of freedom.

    Examples
    --------
    >>> round(detectable_correlation(121), 3)
    0.249
    """
    _check(df, alpha, power)
    if df < 4:
        return float("nan")
    found = optimize.brentq(
        lambda rho: power_of_correlation(rho, df, alpha) - power, 1e-6, 0.9999, xtol=1e-8
    )
    return float(found)


@lru_cache(maxsize=512)
def detectable_f(df1: int, df2: int, n: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Give Cohen's f, the smallest spread of group means that an F test shows with this power.

    Parameters
    ----------
    df1, df2 : int
        Degrees of freedom of the test.
    n : int
        Answers in all groups together; groups may differ in size (f weighs them by it).
    alpha, power : float

    Returns
    -------
    float
        Standard deviation of the group means over that within groups; the noncentrality of F is
        ``n f**2`` (Cohen, 1988, ch. 8). NaN without degrees of freedom.

    Examples
    --------
    >>> round(detectable_f(2, 156, 159), 3)
    0.249
    """
    _check(df1, alpha, power)
    if df1 < 1 or df2 < 2:
        return float("nan")
    reach = stats.f.ppf(1 - alpha, df1, df2)
    found = optimize.brentq(
        lambda f: stats.ncf.sf(reach, df1, df2, n * f**2) - power, 1e-6, 50.0, xtol=1e-8
    )
    return float(found)


@lru_cache(maxsize=512)
def detectable_difference(
    counts: tuple[int, int], alpha: float = 0.05, power: float = 0.8
) -> float:
    """Give the smallest standardised difference that a two-sided t test shows with this power.

    Parameters
    ----------
    counts : (int, int)
        Answers in both groups; NaN when one has fewer than two.
    alpha, power : float

    Examples
    --------
    >>> round(detectable_difference((64, 64)), 3)
    0.499
    """
    _check(sum(counts), alpha, power)
    n, m = counts
    if min(n, m) < 2:
        return float("nan")
    df, root = n + m - 2, float(np.sqrt(n * m / (n + m)))
    reach = stats.t.ppf(1 - alpha / 2, df)

    def short(d: float) -> float:
        return float(_beyond(float(reach), df, np.array([d * root]))[0] - power)

    return float(optimize.brentq(short, 1e-6, 30.0 / root, xtol=1e-8))


def provable_correlation(df: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Give the narrowest margin that this design can show with this power if nothing is related.

    Parameters as :func:`power_of_correlation`; the counterpart of
    :func:`detectable_correlation` for :func:`equivalent_correlation` (Fisher's z).

    Examples
    --------
    >>> round(provable_correlation(121), 3)
    0.261
    """
    _check(df, alpha, power)
    if df < 4:
        return float("nan")
    reach = stats.norm.ppf(1 - alpha) + stats.norm.ppf((1 + power) / 2)
    return float(np.tanh(reach / np.sqrt(df - 1)))


@lru_cache(maxsize=512)
def provable_difference(counts: tuple[int, int], alpha: float = 0.05, power: float = 0.8) -> float:
    """Give the narrowest standardised margin that two groups of this size can show as equivalent.

    Parameters as :func:`detectable_difference`: with this power when the means are equal, by
    :func:`equivalent_difference`.

    Examples
    --------
    >>> round(provable_difference((65, 58)), 2)
    0.53
    """
    _check(sum(counts), alpha, power)
    n, m = counts
    if min(n, m) < 2:
        return float("nan")
    df, root = n + m - 2, float(np.sqrt(n * m / (n + m)))

    def short(margin: float) -> float:
        inside = 2 * stats.t.cdf(_lower_quantile(alpha, df, margin * root), df) - 1
        return float(max(inside, 0.0) - power)

    return float(optimize.brentq(short, 1e-3, 30.0 / root, xtol=1e-6))


def _beyond(reach: float, df: int, centrality: FloatArray) -> FloatArray:
    return 1 - noncentral_cdf(reach, df, centrality) + noncentral_cdf(-reach, df, centrality)


def _lower_quantile(share: float, df: int, centrality: float) -> float:
    return float(
        optimize.brentq(
            lambda t: float(noncentral_cdf(t, df, centrality)) - share,
            -20.0, 2 * centrality + 20.0, xtol=1e-10,
        )
    )  # fmt: skip


def _check(df: int, alpha: float, power: float | None) -> None:
    faults = []
    if isinstance(df, bool) or not isinstance(df, int | np.integer):
        faults.append(f"numbers and degrees of freedom: expected whole numbers, got {df!r}")
    if not 0 < alpha < 1:
        faults.append(f"alpha: expected a number between 0 and 1, got {alpha!r}")
    if power is not None and not alpha < power < 1:
        faults.append(f"power: expected a number between alpha and 1, got {power!r}")
    if faults:
        raise InputError("design", faults)
