"""The noncentral t distribution, also far in its tails."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from swvtypes.scales.moments import FloatArray


def noncentral_cdf(t: ArrayLike, df: float, noncentrality: ArrayLike) -> FloatArray:
    """Give the distribution function of noncentral t.

    Parameters
    ----------
    t, noncentrality : float or ndarray
    df : float

    Returns
    -------
    ndarray
        Where the exact computation fails (extreme tails, noncentralities beyond some 35), the
        normal approximation of Johnson and Welch (1940).

    Examples
    --------
    >>> noncentral_cdf(2.0, 100, [0.0, 2.0, 60.0]).round(4).tolist()
    [0.9759, 0.498, 0.0]
    """
    points, centres = np.asarray(t, dtype=float), np.asarray(noncentrality, dtype=float)
    with np.errstate(all="ignore"):
        exact = np.asarray(special.nctdtr(df, centres, points), dtype=float)
    spread = np.sqrt(1 + points**2 / (2 * df))
    near = special.ndtr((points * (1 - 1 / (4 * df)) - centres) / spread)
    return np.where(np.isnan(exact), near, exact)


def noncentrality_interval(t: float, df: int, level: float) -> tuple[float, float]:
    """Give the noncentralities that leave a t statistic in either tail.

    Examples
    --------
    >>> low, high = noncentrality_interval(1.5, 40, 0.95)
    >>> round(low, 3), round(high, 3)
    (-0.496, 3.478)
    """
    reach = 20 + 6 * abs(t)

    def limit(share: float) -> float:
        return float(
            optimize.brentq(
                lambda centre: float(noncentral_cdf(t, df, centre)) - share,
                t - reach, t + reach, xtol=1e-10,
            )
        )  # fmt: skip

    return limit((1 + level) / 2), limit((1 - level) / 2)
