"""Horn's parallel analysis: how many factors exceed what unrelated items would show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .asking import count_faults, is_number
from .moments import FloatArray, weighted_moments
from .one_factor import one_factor_loadings
from .responses import Responses, read_responses

Variant = Literal["components", "factors"]
Unrelated = Literal["normal", "permuted"]


@dataclass(frozen=True)
class ParallelOptions:
    """How to run a parallel analysis.

    Attributes
    ----------
    variant : {"components", "factors"}
        Eigenvalues of the correlations, or of these with the communalities of a one-factor
        minimum-residual solution on the diagonal.
    comparison : {"normal", "permuted"}
        Unrelated items: normal variables, or the answers themselves shuffled within each item,
        which keeps their distributions and gaps.
    n_replicates : int
        Sets of unrelated items.
    percentile : float
        Percentile of their eigenvalues that a factor must exceed.
    seed : int or None
        One child of its SeedSequence a replicate.
    """

    variant: Variant = "components"
    comparison: Unrelated = "normal"
    n_replicates: int = 500
    percentile: float = 95.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        faults = []
        if self.variant not in get_args(Variant):
            faults.append(f"variant: expected 'components' or 'factors', got {self.variant!r}")
        if self.comparison not in get_args(Unrelated):
            faults.append(f"comparison: expected 'normal' or 'permuted', got {self.comparison!r}")
        faults += count_faults(n_replicates=self.n_replicates)
        if not (is_number(self.percentile) and 0 < self.percentile < 100):
            faults.append(f"percentile: expected between 0 and 100, got {self.percentile!r}")
        if faults:
            raise InputError("ParallelOptions", faults)


@dataclass(frozen=True, eq=False)
class ParallelAnalysis:
    """Eigenvalues beside those of unrelated items.

    Attributes
    ----------
    n_factors : int
        Leading eigenvalues above their threshold, counted until the first that is not.
    eigenvalues : ndarray, shape (n_items,)
        Observed, largest first.
    thresholds : ndarray, shape (n_items,)
        The percentile over replicates of the eigenvalue at the same place.
    means : ndarray, shape (n_items,)
        Their mean over replicates.
    options : ParallelOptions
    """

    n_factors: int
    eigenvalues: FloatArray
    thresholds: FloatArray
    means: FloatArray
    options: ParallelOptions


def parallel_analysis(
    responses: Responses | pd.DataFrame | FloatArray, options: ParallelOptions | None = None
) -> ParallelAnalysis:
    """Compare the eigenvalues with those of unrelated items (Horn, 1965).

    Parameters
    ----------
    responses : Responses, DataFrame or ndarray, shape (n_rows, n_items)
        Answers; NaN where one is missing (each pair over the rows that answered both).
    options : ParallelOptions, optional

    Returns
    -------
    ParallelAnalysis

    Raises
    ------
    InputError
        Fewer than two items or three rows, an item without variance, or weights.

    Notes
    -----
    The 95th percentile in place of Horn's mean follows Glorfeld (1995); shuffled answers follow
    Buja and Eyuboglu (1992). Normal comparison data have as many rows as are used, and no gaps.
    """
    options = options or ParallelOptions()
    values = _values(responses)
    observed = _eigenvalues(_correlation(values)[None], options.variant)[0]
    n_items = values.shape[1]
    children = np.random.SeedSequence(options.seed).spawn(options.n_replicates)
    matrices = np.empty((options.n_replicates, n_items, n_items))
    for at, child in enumerate(children):
        matrices[at] = _unrelated(values, np.random.default_rng(child), options.comparison)
    sound = np.isfinite(matrices).all(axis=(1, 2))
    reference = _eigenvalues(matrices[sound], options.variant)
    thresholds = np.quantile(reference, options.percentile / 100, axis=0)
    below = np.flatnonzero(~(observed > thresholds))
    n_factors = int(below[0]) if len(below) else n_items
    return ParallelAnalysis(n_factors, observed, thresholds, reference.mean(axis=0), options)


def _values(responses: Responses | pd.DataFrame | FloatArray) -> FloatArray:
    faults = []
    if isinstance(responses, Responses):
        if responses.kind != "none":
            faults.append("weights: parallel analysis is not defined under weights")
        values = responses.matrix
    elif isinstance(responses, pd.DataFrame):
        values = read_responses(responses, missing="pairwise").matrix
    else:
        values = np.asarray(responses, dtype=float)
    if values.ndim != 2 or values.shape[1] < 2 or values.shape[0] < 3:
        faults.append(f"answers: expected three rows and two items or more, got {values.shape}")
    elif not np.isfinite(_correlation(values)).all():
        faults.append("answers: expected that every item varies and every pair has rows in common")
    if faults:
        raise InputError("parallel_analysis", faults)
    return values


def _correlation(values: FloatArray) -> FloatArray:
    return weighted_moments(values, np.ones(len(values))).correlation


def _unrelated(values: FloatArray, rng: np.random.Generator, comparison: Unrelated) -> FloatArray:
    """Correlations of one set of unrelated items."""
    if comparison == "normal":
        return np.asarray(np.corrcoef(rng.standard_normal(values.shape), rowvar=False))
    return _correlation(rng.permuted(values, axis=0))


def _eigenvalues(matrices: FloatArray, variant: Variant) -> FloatArray:
    """Eigenvalues, largest first, shape (n_matrices, n_items)."""
    if variant == "factors":
        communalities = one_factor_loadings(matrices) ** 2
        matrices = matrices.copy()
        diagonal = np.arange(matrices.shape[1])
        matrices[:, diagonal, diagonal] = communalities
    return np.asarray(np.linalg.eigvalsh(matrices)[:, ::-1], dtype=float)
