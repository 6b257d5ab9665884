"""How far two divisions of the same organisations overlap, and how far chance would let them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers

Booleans = NDArray[np.bool_]


def overlaps(first: Integers, others: Integers, among: Booleans, n_other: int) -> Floats:
    """Count how many organisations each pair of classes shares.

    Parameters
    ----------
    first : ndarray of int, shape (n,)
        Classes from 0 in the first division.
    others : ndarray of int, shape (R, n)
        Classes from 0 in R other divisions.
    among : ndarray of bool, shape (R, n)
        Which organisations count in each comparison.
    n_other : int
        Classes of the other divisions.

    Returns
    -------
    ndarray, shape (R, K, n_other)
    """
    K = int(first.max(initial=0)) + 1
    R = len(others)
    code = (np.arange(R)[:, None] * K + first) * n_other + others
    counts = np.bincount(code[among], minlength=R * K * n_other)
    return counts.reshape(R, K, n_other).astype(float)


def jaccard_table(overlap: Floats) -> Floats:
    """Jaccard coefficients of all pairs of classes: shared over either, shape (R, K, L).

    Two empty classes have none (NaN).

    Examples
    --------
    >>> jaccard_table(np.array([[[3.0, 1.0], [0.0, 4.0]]]))[0].round(2).tolist()
    [[0.75, 0.12], [0.0, 0.8]]
    """
    either = overlap.sum(axis=2, keepdims=True) + overlap.sum(axis=1, keepdims=True) - overlap
    with np.errstate(invalid="ignore"):
        return np.asarray(overlap / either)


def best_jaccard(overlap: Floats) -> Floats:
    """Jaccard coefficient of each class with the class that is most like it, shape (R, K).

    This is the coefficient of Hennig (2007, Computational Statistics & Data Analysis 52,
    section 3); NaN for a class without members among those compared.
    """
    table = np.nan_to_num(jaccard_table(overlap), nan=0.0).max(axis=2)
    return np.asarray(np.where(overlap.sum(axis=2) > 0, table, np.nan))


def match(overlap: Floats) -> Integers:
    """Pair classes one to one so that the paired share most, shape (R, K); -1 where unpaired."""
    from scipy.optimize import linear_sum_assignment

    R, K, _ = overlap.shape
    pairs = np.full((R, K), -1, dtype=np.intp)
    for r in range(R):
        rows, columns = linear_sum_assignment(-overlap[r])
        pairs[r, rows] = columns
    return pairs


def expected_jaccard(n: int, first: int, second: int) -> float:
    """Give the expected Jaccard coefficient of two sets drawn at random from n organisations.

    Parameters
    ----------
    n : int
        Organisations.
    first, second : int
        Sizes of the sets.

    Returns
    -------
    float
        The mean of x / (first + second - x) over the hypergeometric distribution of the number
        x that they share; NaN when both are empty.

    Examples
    --------
    >>> round(expected_jaccard(4, 2, 2), 4)
    0.3889
    """
    from scipy.stats import hypergeom

    if first + second == 0:
        return float("nan")
    shared = np.arange(max(0, first + second - n), min(first, second) + 1)
    return float(hypergeom(n, first, second).pmf(shared) @ (shared / (first + second - shared)))


def shuffled(labels: Integers, among: Booleans, seeds: list[np.random.SeedSequence]) -> Integers:
    """Deal the classes of each division out at random among the organisations that count."""
    out = labels.copy()
    for r, seed in enumerate(seeds):
        rows = np.flatnonzero(among[r])
        out[r, rows] = labels[r, np.random.default_rng(seed).permutation(rows)]
    return out
