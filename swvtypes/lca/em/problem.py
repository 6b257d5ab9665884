"""Data sets of one shape and the model asked of them, and what comes out of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.lca.design import Design, Floats, Integers, Layout
from swvtypes.lca.families import Counts, Variances, nominal_counts

from .words import LONG, Words, write_words

Mapper = Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]]

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """Data sets of one shape, and the model asked of them.

    Attributes
    ----------
    layout : Layout
        What stands in which column.
    X : ndarray, shape (R, N, D)
        Designs of the R data sets.
    weight : ndarray, shape (R, N)
        Weights of the patterns; zero where a data set has fewer than N.
    constant : ndarray, shape (R,)
        Part of each log-likelihood that no parameter touches.
    prior : float
        Pseudo-cases, spread evenly over the classes, that answer as the average row does.
    variances : Variances
        How Gaussian variances are held.
    """

    layout: Layout
    X: Floats
    weight: Floats
    constant: Floats
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)

    @cached_property
    def mean_row(self) -> Floats:
        """Average row of each data set, shape (R, D)."""
        total = self.weight.sum(axis=1)[:, None]
        return np.asarray(np.matmul(self.weight[:, None], self.X)[:, 0] / total)

    @cached_property
    def words(self) -> Words | None:
        """The rows as a few words each; None but for long data of categories."""
        R, N, _ = self.X.shape
        return write_words(self.layout, self.X[0]) if R == 1 and N > LONG else None

    @cached_property
    def counts(self) -> Counts | None:
        """Where counts of every category stand; None unless all items are nominal."""
        return nominal_counts(self.layout)

    @cached_property
    def wide(self) -> NDArray[np.float32]:
        """The designs with every category of nominal items, single precision, shape (R, N, W)."""
        if self.counts is None:
            return self.single
        wide = self.counts.widen(self.X.transpose(2, 0, 1))
        return np.ascontiguousarray(wide.transpose(1, 0, 2), dtype=np.float32).transpose(0, 2, 1)

    @cached_property
    def single(self) -> NDArray[np.float32]:
        """The designs in single precision."""
        return self.X.astype(np.float32)


@dataclass(frozen=True)
class Settings:
    """When a run stops.

    Parameters
    ----------
    max_iter : int
        Iterations after which a run ends without having converged.
    tol : float
        A run has converged when an EM step raises the objective by less than this times the sum
        of the weights, that is the average log-likelihood of a case by less than this.
    """

    max_iter: int = 5000
    tol: float = 1e-9


@dataclass(frozen=True)
class Runs:
    """What came out of a batch of B runs.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (B,)
        At the returned parameters; they differ under a prior only.
    n_iter : ndarray of int, shape (B,)
        Iterations taken.
    converged : ndarray of bool, shape (B,)
        Whether a run stopped by itself.
    A : ndarray, shape (D, B, K)
        Natural parameters.
    T : ndarray, shape (D, B, K)
        Expected sums at them, those of the prior included.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: Booleans
    A: Floats
    T: Floats


def stack(
    designs: Sequence[Design], prior: float = 0.0, variances: Variances | None = None
) -> Problem:
    """Stack data sets of one layout into a problem; shorter ones get rows of weight zero.

    Parameters
    ----------
    designs : sequence of Design
        One or more, with the same columns.
    prior : float
        Pseudo-cases against boundary estimates; 0 is maximum likelihood.
    variances : Variances, optional
        How Gaussian variances are held.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        When a data set has no answer, or the columns differ.
    """
    layout = designs[0].layout
    faults = [
        f"data set {i}: expected {layout.width} columns, got {d.layout.width}"
        for i, d in enumerate(designs)
        if d.layout.width != layout.width
    ]
    faults += [f"data set {i}: no answers" for i, d in enumerate(designs) if not d.n > 0]
    if faults:
        raise InputError("designs", faults)
    if len(designs) == 1:
        X, weight = designs[0].X[None], designs[0].weight[None]
    else:
        size = max(len(d.weight) for d in designs)
        X = np.zeros((len(designs), size, layout.width))
        weight = np.zeros((len(designs), size))
        for i, d in enumerate(designs):
            X[i, : len(d.X)], weight[i, : len(d.X)] = d.X, d.weight
    constant = np.array([d.constant for d in designs])
    return Problem(layout, X, weight, constant, prior, variances or Variances())
