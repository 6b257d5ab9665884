"""Panels as arrays: who answered what at which wave.

Every unit is a row of cells, one a wave; a cell points to a pattern of answers, or to none where
the unit was not asked. Units that answered alike are one sequence with their weight added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from swvtypes.lca.design import Design, Floats, Integers


@dataclass(frozen=True)
class Sequences:
    """Sequences of answer patterns.

    Attributes
    ----------
    design : Design
        The M distinct patterns of answers of all waves; its rows are patterns, and its known
        groups, where there are any, are waves.
    cell : ndarray of int, shape (S, T)
        Pattern of each sequence at each wave; M where there is no answer.
    weight : ndarray, shape (S,)
        Weight of each sequence.
    inverse : ndarray of int, shape (U,)
        Sequence of each unit.
    covariates : ndarray, shape (S, Q) or None
        Covariates of the sequences, the first column ones.
    """

    design: Design
    cell: Integers
    weight: Floats
    inverse: Integers
    covariates: Floats | None = None

    @property
    def n_waves(self) -> int:
        """Waves, T."""
        return int(self.cell.shape[1])

    @property
    def n(self) -> float:
        """Sum of the weights of the units."""
        return float(self.weight.sum())

    @cached_property
    def pattern_weight(self) -> Floats:
        """Weight of each pattern over all waves, shape (M,)."""
        M = len(self.design.X)
        repeated = np.repeat(self.weight, self.n_waves)
        totals = np.bincount(self.cell.ravel(), repeated, minlength=M + 1)[:M]
        return np.asarray(totals, dtype=float)

    @cached_property
    def mean_row(self) -> Floats:
        """Average row of the design over all cells with an answer, shape (D,)."""
        weight = self.pattern_weight
        return np.asarray(weight @ self.design.X / max(float(weight.sum()), 1e-300))

    @cached_property
    def gather(self) -> csr_array:
        """Adds up cells by pattern, shape (M, T * S); cells wave by wave."""
        M, (S, T) = len(self.design.X), self.cell.shape
        pattern = self.cell.T.ravel()
        place = np.flatnonzero(pattern < M)
        ones = np.ones(len(place))
        return csr_array((ones, (pattern[place], place)), shape=(M, S * T))

    @cached_property
    def constant(self) -> float:
        """The part of the log-likelihood that no parameter touches."""
        return float(self.pattern_weight @ self.design.base)


def collapse(
    design: Design,
    cell: Integers,
    weight: Floats,
    covariates: Floats | None = None,
) -> Sequences:
    """Add up units that answered alike (and have the same covariates).

    Parameters
    ----------
    design : Design
        Distinct patterns.
    cell : ndarray of int, shape (U, T)
        Pattern of each unit at each wave, M where it did not answer.
    weight : ndarray, shape (U,)
        Weight of each unit.
    covariates : ndarray, shape (U, Q), optional
        Covariates of each unit.

    Returns
    -------
    Sequences
        In canonical order, so that the order of the units does not matter.
    """
    keys = cell.astype(float) if covariates is None else np.hstack([cell, covariates])
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    inverse = inverse.reshape(-1)
    order = np.lexsort((weight, inverse))
    totals = np.asarray(np.bincount(inverse[order], weight[order], minlength=len(first)), float)
    rows = None if covariates is None else covariates[first]
    return Sequences(design, cell[first], totals, inverse.astype(np.intp), rows)
