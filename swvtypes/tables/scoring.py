"""Scale scores and their reliability, as printed tables summarise them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from swvtypes.scales.coefficients import cronbach_alpha

from .tally import Floats, Tally


def mean_scores(tally: Tally, scale: str, sector: str) -> list[Fraction]:
    """Give each respondent's mean over the items answered; those without any are left out."""
    return tally.scales(scale).exact(scale, sector)


def listwise_alpha(answers: Floats) -> tuple[float, int]:
    """Give Cronbach's alpha over respondents who answered every item.

    Parameters
    ----------
    answers : ndarray of float, shape (n_respondents, n_items)
        NaN where an answer is missing.

    Returns
    -------
    tuple of (float, int)
        Alpha, NaN where it is undefined (fewer than two items or complete respondents, or no
        spread), and the number of complete respondents.

    Examples
    --------
    >>> answers = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0], [4.0, np.nan]])
    >>> listwise_alpha(answers)
    (1.0, 3)
    """
    complete = answers[~np.isnan(answers).any(axis=1)]
    n, k = complete.shape
    if n < 2 or k < 2:
        return float("nan"), n
    return float(cronbach_alpha(np.cov(complete.T))), n
