"""Reverse coding: answers turned round between the end points of their answer list."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from swvtypes.survey import Codebook

Answers = TypeVar(
    "Answers", "pd.Series[float]", "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"
)


def turn_round(answers: Answers, lowest: float, highest: float) -> Answers:
    """Turn answers round: the highest becomes the lowest.

    Parameters
    ----------
    answers : Series or ndarray of float
        Any shape; missing answers stay missing.
    lowest, highest : float
        End points of the answer list (not of the answers that happened to be given).

    Examples
    --------
    >>> turn_round(np.array([1.0, 4.0, np.nan]), 1, 5)
    array([ 5.,  2., nan])
    """
    return (lowest + highest) - answers


def end_points(codebook: Codebook, variable: str) -> tuple[int, int] | None:
    """Give the lowest and the highest code of a variable's answer list, None without one."""
    codes = [category.code for category in codebook.categories(variable)]
    return (min(codes), max(codes)) if codes else None
