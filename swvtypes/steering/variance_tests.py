"""More than two groups against each other: F, Welch, Kruskal-Wallis, and a weighted test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from swvtypes.scales.moments import FloatArray

from .correlations import Strata, within_strata
from .permutations import Rearrangement, rearranged

_NAN = float("nan")
_ROOM = 1e-9


@dataclass(frozen=True)
class FTest:
    """A test of equal group means.

    Attributes
    ----------
    statistic : float
    df1, df2 : float
    p_value : float
    """

    statistic: float
    df1: float
    df2: float
    p_value: float


_NOTHING = FTest(_NAN, _NAN, _NAN, _NAN)


@dataclass(frozen=True, eq=False)
class GroupBasis:
    """What groups explain beyond strata.

    Attributes
    ----------
    axes : ndarray, shape (n_rows, df1)
        Orthonormal columns that span the group means within strata.
    df1, df2 : int
        Degrees of freedom of the F test.
    """

    axes: FloatArray
    df1: int
    df2: int


def group_basis(codes: Strata, strata: Strata) -> GroupBasis:
    """Prepare the F test of groups at equal strata.

    Parameters
    ----------
    codes, strata : ndarray of int, shape (n_rows,)

    Returns
    -------
    GroupBasis
    """
    ones = np.ones(len(codes))
    present = np.unique(codes)[1:]
    dummies = [within_strata((codes == group).astype(float), strata, ones) for group in present]
    axes = np.zeros((len(codes), 0))
    if dummies:
        left, size, _ = np.linalg.svd(np.column_stack(dummies), full_matrices=False)
        axes = left[:, size > 1e-8 * max(float(size.max()), 1e-300)] if size.any() else axes
    df1 = axes.shape[1]
    return GroupBasis(axes, df1, len(codes) - df1 - len(np.unique(strata)))


def f_test(residuals: FloatArray, basis: GroupBasis) -> FTest:
    """Test equal means by F.

    Parameters
    ----------
    residuals : ndarray, shape (n_rows,)
        Answers less the mean of their stratum (:func:`within_strata`).
    basis : GroupBasis

    Returns
    -------
    FTest
        NaN without degrees of freedom or variation.
    """
    total = float(residuals @ residuals)
    if basis.df1 < 1 or basis.df2 < 1 or total <= 0:
        return _NOTHING
    between = float(((residuals @ basis.axes) ** 2).sum())
    within = max(total - between, 0.0)
    if within <= 1e-12 * total:
        return FTest(float("inf"), basis.df1, basis.df2, 0.0)
    f = between / basis.df1 / (within / basis.df2)
    return FTest(f, basis.df1, basis.df2, float(stats.f.sf(f, basis.df1, basis.df2)))


def welch_test(samples: list[FloatArray]) -> FTest:
    """Test equal means without equal variances (Welch, 1951).

    Parameters
    ----------
    samples : list of ndarray
        Answers of each group, without NaN.

    Returns
    -------
    FTest
        NaN where a group has fewer than two answers or none that vary.
    """
    if len(samples) < 2 or any(len(part) < 2 or np.ptp(part) == 0 for part in samples):
        return _NOTHING
    counts = np.array([len(part) for part in samples], dtype=float)
    means = np.array([part.mean() for part in samples])
    mass = counts / np.array([part.var(ddof=1) for part in samples])
    k, total = len(samples), mass.sum()
    centre = mass @ means / total
    spread = float(((1 - mass / total) ** 2 / (counts - 1)).sum())
    top = float(mass @ (means - centre) ** 2) / (k - 1)
    f = top / (1 + 2 * (k - 2) / (k**2 - 1) * spread)
    df2 = (k**2 - 1) / (3 * spread)
    return FTest(f, k - 1, df2, float(stats.f.sf(f, k - 1, df2)))


def rank_test(samples: list[FloatArray]) -> FTest:
    """Test equal distributions by ranks with ties (Kruskal & Wallis, 1952).

    Parameters
    ----------
    samples : list of ndarray
        Answers of each group, without NaN.

    Returns
    -------
    FTest
        The statistic H, chi-square with `df1` degrees of freedom (`df2` NaN); NaN where nothing
        varies or a group is empty.
    """
    pooled = np.concatenate(samples) if samples else np.zeros(0)
    if len(samples) < 2 or min(map(len, samples)) < 1 or np.ptp(pooled) == 0:
        return _NOTHING
    found = stats.kruskal(*samples)
    return FTest(float(found.statistic), len(samples) - 1, _NAN, float(found.pvalue))


def rearranged_squares(
    residuals: FloatArray, bases: list[GroupBasis], strata: Strata, plan: Rearrangement
) -> tuple[FloatArray, FloatArray]:
    """Give the squares between groups as found and under random rearrangement within strata.

    Parameters
    ----------
    residuals : ndarray, shape (n_rows,)
    bases : list of GroupBasis
        One a division into groups.
    strata : ndarray of int, shape (n_rows,)
    plan : Rearrangement

    Returns
    -------
    found : ndarray, shape (n_bases,)
    drawn : ndarray, shape (replicates, n_bases)
    """
    draws = np.vstack([residuals, rearranged(residuals, strata, plan)])
    squares = np.column_stack([((draws @ basis.axes) ** 2).sum(axis=1) for basis in bases])
    return squares[0], squares[1:]


def share_beyond(found: float, drawn: FloatArray) -> float:
    """Give ``(b + 1) / (replicates + 1)``, b the draws at least as large as what was found."""
    beyond = int((drawn >= found * (1 - _ROOM) - _ROOM).sum())
    return (beyond + 1) / (len(drawn) + 1)


def weighted_test(y: FloatArray, codes: Strata, strata: Strata, weights: FloatArray) -> FTest:
    """Test equal weighted means at equal strata, under survey weights.

    Parameters
    ----------
    y, weights : ndarray, shape (n_rows,)
        Without NaN; weights positive.
    codes, strata : ndarray of int, shape (n_rows,)

    Returns
    -------
    FTest
        Wald statistic by its degrees of freedom against F, with the linearised (sandwich)
        covariance of the weighted regression on groups and strata, times n / (n - p) (Binder,
        1983; with-replacement sampling, no finite-population correction).
    """
    groups, layers = np.unique(codes), np.unique(strata)
    if len(groups) < 2:
        return _NOTHING
    design = np.column_stack(
        [(strata == layer).astype(float) for layer in layers]
        + [(codes == group).astype(float) for group in groups[1:]]
    )
    n, width = design.shape
    df1 = len(groups) - 1
    if df1 < 1 or n - width < 1 or np.ptp(y) == 0 or np.linalg.matrix_rank(design) < width:
        return _NOTHING
    bread = np.linalg.inv(design.T @ (design * weights[:, None]))
    estimate = bread @ design.T @ (weights * y)
    pulled = design * (weights * (y - design @ estimate))[:, None]
    covariance = n / (n - width) * bread @ pulled.T @ pulled @ bread
    part = covariance[len(layers) :, len(layers) :]
    if np.linalg.matrix_rank(part) < df1:
        return _NOTHING
    effect = estimate[len(layers) :]
    f = float(effect @ np.linalg.solve(part, effect)) / df1
    return FTest(f, df1, n - width, float(stats.f.sf(f, df1, n - width)))
