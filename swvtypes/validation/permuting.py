"""Permutation tests: how often answers exchanged at random relate as strongly."""

from __future__ import annotations

import numpy as np

from .findings import NAN, Floats, Setting

_CELLS = 2_000_000


def permutation_p(left: Floats, right: Floats, scale: Floats, setting: Setting) -> float:
    """Give the share of permutations in which two sets of columns relate as strongly.

    The strength is ``sum_tc (sum_i L_it R_ic)^2 s_tc`` with R centred within strata: squared
    correlation for one column a side, the between-groups sum of squares for group indicators, the
    chi-square statistic for indicators on both sides.

    Parameters
    ----------
    left : ndarray, shape (n, K)
        Stays in place.
    right : ndarray, shape (n, c)
        Its rows are exchanged within strata.
    scale : ndarray, shape (K, c)
    setting : Setting
        Strata, number of permutations, random stream. The rows as they came count as one more.

    Returns
    -------
    float
        NaN when nothing varies.
    """
    centred = right.astype(float).copy()
    for stratum in np.unique(setting.strata):
        mine = setting.strata == stratum
        centred[mine] -= centred[mine].mean(axis=0)
    if not np.abs(centred).max(initial=0.0) > 1e-12:
        return NAN

    def strength(order: np.ndarray) -> Floats:
        forms = np.einsum("it,pic->ptc", left, centred[order], optimize=True)
        return np.asarray((forms**2 * scale).sum(axis=(1, 2)))

    n = len(centred)
    found = float(strength(np.arange(n)[None])[0])
    rng = np.random.default_rng(setting.child)
    chunk = max(1, _CELLS // (n * centred.shape[1]))
    as_strong, done = 1, 0
    while done < setting.times:
        size = min(chunk, setting.times - done)
        as_strong += int((strength(_orders(setting, size, rng)) >= found * (1 - 1e-10)).sum())
        done += size
    return as_strong / (setting.times + 1)


def _orders(setting: Setting, size: int, rng: np.random.Generator) -> np.ndarray:
    n = len(setting.strata)
    orders = np.tile(np.arange(n), (size, 1))
    for stratum in np.unique(setting.strata):
        mine = np.flatnonzero(setting.strata == stratum)
        orders[:, mine] = rng.permuted(np.tile(mine, (size, 1)), axis=1)
    return orders
