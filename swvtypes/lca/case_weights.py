"""Weights of rows: frequencies and survey weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from swvtypes.errors import WeightError

from .design import Floats


def row_weights(
    n: int, sample_weight: ArrayLike | None, survey_weight: ArrayLike | None
) -> tuple[Floats, Floats]:
    """Check weights and scale survey weights, so that all weights add up to the frequencies.

    Parameters
    ----------
    n : int
        Rows.
    sample_weight, survey_weight : array-like, shape (n,) or (), optional
        Frequencies and survey weights; one for every row when left out.

    Returns
    -------
    frequency, survey : ndarray, shape (n,)
        The weight of a row is their product. Sums are taken in sorted order, so that they do not
        depend on the order of the rows.

    Raises
    ------
    WeightError
        For weights that are negative, missing, infinite, all zero or of the wrong number; every
        fault of both is told.

    Examples
    --------
    >>> row_weights(3, [1, 2, 1], [2.0, 1.0, 4.0])[1].tolist()
    [1.0, 0.5, 2.0]
    """
    parts, faults = [], []
    for name, given in (("sample_weight", sample_weight), ("survey_weight", survey_weight)):
        weight = np.ones(n) if given is None else np.asarray(given, dtype=float)
        if weight.ndim == 0:
            weight = np.full(n, float(weight))
        if weight.shape != (n,):
            faults.append(f"{name}: expected {n} weights, got an array of shape {weight.shape}")
        elif not np.isfinite(weight).all():
            count = int((~np.isfinite(weight)).sum())
            faults.append(f"{name}: {count} missing or infinite weights")
        elif (weight < 0).any():
            faults.append(f"{name}: {int((weight < 0).sum())} negative weights")
        elif not weight.any():
            faults.append(f"{name}: all weights are zero")
        parts.append(weight)
    if faults:
        raise WeightError("weights", faults)
    frequency, survey = parts
    total = float(np.sort(frequency * survey).sum())
    if not total > 0:
        raise WeightError("weights", ["no row has a positive weight"])
    if survey_weight is None:
        return frequency, survey
    return frequency, np.asarray(survey * (float(np.sort(frequency).sum()) / total))
