"""The E step in single precision, for runs on many data sets at once.

Data sets with about equally many runs make a bundle: their matrix products are stacked, and a
step of a bundle costs a dozen calls however many data sets there are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from swvtypes.lca.design import Integers

from .problem import Problem

_LOW, _HIGH = 1e-30, 1e30
# Runs of the smallest data set of a bundle, as a part of those of the largest.
ALIKE = 0.7


@dataclass(frozen=True)
class Bundle:
    """Data sets of a bundle, and their runs.

    Attributes
    ----------
    X : ndarray, shape (Q, N, D)
        Designs, single precision; of one data set without the first axis, and so below.
    wide : ndarray, shape (Q, N, R)
        Designs with every category.
    weight : ndarray, shape (Q, 1, N)
        Weights of the rows.
    runs : ndarray of int, shape (Q, m)
        The runs of each data set; data sets with fewer than m repeat their last one.
    whole : bool
        Whether these are all runs of one data set, in order.
    """

    X: Any
    wide: Any
    weight: Any
    runs: Integers
    whole: bool

    def take(self, array: Any) -> Any:
        """Give columns of the bundle's runs, shape (D, K, Q m), of one for all, (D, K, B)."""
        return array if self.whole else array.take(self.runs.ravel(), axis=2)

    def expect(self, A: Any, n_groups: int, shift: float, memory: Any) -> tuple[Any, float]:
        """Take the E step.

        Parameters
        ----------
        A : ndarray, shape (D, K, Q m)
            Natural parameters; spoilt.
        n_groups : int
            First rows of `A` that hold the logs of class shares.
        shift : float
            About the log of a usual density: densities are kept near one, in the middle of what
            single precision can hold.
        memory : ndarray, shape (>= K Q m N,)
            Room to work in.

        Returns
        -------
        counts : ndarray, shape (R, K, Q m)
            Expected counts.
        shift : float
            For the next step.
        """
        (D, K, _), (Q, m) = A.shape, self.runs.shape
        sets, N = self.X.shape[:-2], self.X.shape[-2]
        A[:n_groups] -= np.float32(shift)
        if sets:
            A = A.reshape(D, K, Q, m).transpose(2, 0, 1, 3)
        P = memory[: Q * K * m * N].reshape(*sets, K * m, N)
        by_class = P.reshape(*sets, K, m * N)
        flat, rows = A.reshape(*sets, D, K * m).swapaxes(-1, -2), self.X.swapaxes(-1, -2)
        np.matmul(flat, rows, out=P)
        np.exp(P, out=P)
        density = np.add.reduce(by_class, axis=-2)
        low, high = float(density.min()), float(density.max())
        if low > _LOW and high < _HIGH:
            shift += 0.5 * math.log(low * high)
        else:
            np.matmul(flat, rows, out=P)
            top = by_class.max(axis=-2)
            by_class -= top[..., None, :]
            np.exp(P, out=P)
            density = np.add.reduce(by_class, axis=-2)
            shift += float(np.median(top))
        by_run = density.reshape(*sets, m, N)
        np.divide(self.weight, by_run, out=by_run)
        by_class *= density[..., None, :]
        counts = np.matmul(self.wide.swapaxes(-1, -2), P.swapaxes(-1, -2))
        if sets:
            counts = counts.reshape(Q, -1, K, m).transpose(1, 2, 0, 3)
        return counts.reshape(-1, K, Q * m), shift


def make_bundles(problem: Problem, weight: Any, replicate: Integers) -> tuple[Bundle, ...]:
    """Put data sets with about equally many runs together.

    Parameters
    ----------
    problem : Problem
        The data sets.
    weight : ndarray, shape (S, N)
        Their weights, single precision.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    """
    first = np.flatnonzero(np.diff(replicate, prepend=-1))
    size = np.diff(first, append=len(replicate))
    order = np.argsort(-size, kind="stable")
    bundles = []
    while len(order):
        most = int(size[order[0]])
        together = np.sort(order[size[order] >= ALIKE * most])
        order = order[size[order] < ALIKE * most]
        own = np.minimum(np.arange(most), size[together, None] - 1)
        sets = replicate[first[together]]
        pick = sets if len(sets) > 1 else int(sets[0])
        X, wide = problem.single[pick], problem.wide[pick]
        runs = first[together, None] + own
        bundles.append(Bundle(X, wide, weight[pick][..., None, :], runs, len(first) == 1))
    return tuple(bundles)
