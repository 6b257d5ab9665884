"""Has change a direction? Bowker and Stuart-Maxwell without asymptotics.

Given how many organisations changed between two types, chance sends each of them in either
direction with probability one half, independently. The reference distribution is that of the
statistic under these flips: exact where there are few enough, else by simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from scipy.stats import binom

from swvtypes.lca.design import Floats, Integers

_EXACT = 200_000


@dataclass(frozen=True)
class SymmetryTest:
    """A test whether change between types has a direction.

    Attributes
    ----------
    name : str
        ``"Bowker"`` (every pair of types is balanced) or ``"Stuart-Maxwell"`` (the types keep
        their sizes).
    statistic : float
    df : int
        Degrees of freedom of the chi-square approximation, for comparison with other software.
    p_value : float
        Under flips of the changes; 1 when nothing changed.
    p_asymptotic : float
        Of the chi-square approximation, which does not hold for few changes.
    exact : bool
        Whether every outcome was counted; otherwise `n_draws` were drawn.
    n_draws : int
    """

    name: str
    statistic: float
    df: int
    p_value: float
    p_asymptotic: float
    exact: bool
    n_draws: int


def bowker(counts: Integers, n_draws: int, generator: np.random.Generator) -> SymmetryTest:
    """Test of symmetry (Bowker 1948) of a square cross-table."""
    total = np.array([counts[i, j] + counts[j, i] for i, j in _pairs(counts)])
    df = int((total > 0).sum())

    def statistic(ahead: Integers) -> Floats:
        difference = 2.0 * ahead - total
        return np.asarray((difference**2 / np.maximum(total, 1)).sum(axis=-1))

    return _test("Bowker", counts, statistic, df, (n_draws, generator))


def stuart_maxwell(counts: Integers, n_draws: int, generator: np.random.Generator) -> SymmetryTest:
    """Test of equal margins (Stuart 1955; Maxwell 1970) of a square cross-table.

    Types that nobody left or joined are left out. The variance of the differences is taken under
    the null hypothesis given the changes (Maxwell's), with its generalised inverse where it is
    singular; it is the same for every outcome of the flips.
    """
    K = len(counts)
    pairs = _pairs(counts)
    total = np.array([counts[i, j] + counts[j, i] for i, j in pairs], dtype=float)
    flow = np.zeros((len(pairs), K))
    for place, (i, j) in enumerate(pairs):
        flow[place, i], flow[place, j] = 1.0, -1.0
    variance = (flow * total[:, None]).T @ flow
    inverse = np.linalg.pinv(variance, hermitian=True)
    df = int(np.linalg.matrix_rank(variance, hermitian=True))

    def statistic(ahead: Integers) -> Floats:
        difference = (2.0 * ahead - total) @ flow
        return np.asarray(np.einsum("...k,kl,...l->...", difference, inverse, difference))

    return _test("Stuart-Maxwell", counts, statistic, df, (n_draws, generator))


def _pairs(counts: Integers) -> list[tuple[int, int]]:
    return list(combinations(range(len(counts)), 2))


def _test(
    name: str,
    counts: Integers,
    statistic: Callable[[Integers], Floats],
    df: int,
    draws: tuple[int, np.random.Generator],
) -> SymmetryTest:
    from scipy.stats import chi2

    n_draws, generator = draws
    pairs = _pairs(counts)
    total = np.array([counts[i, j] + counts[j, i] for i, j in pairs], dtype=np.intp)
    ahead = np.array([counts[i, j] for i, j in pairs], dtype=np.intp)
    if not total.sum():
        return SymmetryTest(name, 0.0, 0, 1.0, 1.0, True, 0)
    value = float(statistic(ahead))
    asymptotic = float(chi2.sf(value, df))
    if prod(int(t) + 1 for t in total) <= _EXACT:
        outcomes = np.stack(
            np.meshgrid(*[np.arange(t + 1) for t in total], indexing="ij"), axis=-1
        ).reshape(-1, len(total))
        weight = np.prod(binom.pmf(outcomes, total, 0.5), axis=1)
        p = float(weight[statistic(outcomes) >= value - 1e-9].sum())
        return SymmetryTest(name, value, df, min(p, 1.0), asymptotic, True, 0)
    drawn = generator.binomial(total, 0.5, size=(n_draws, len(total)))
    as_high = int((statistic(drawn) >= value - 1e-9).sum())
    p = (as_high + 1) / (n_draws + 1)
    return SymmetryTest(name, value, df, p, asymptotic, False, n_draws)
