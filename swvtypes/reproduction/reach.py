"""What the printed item distributions leave possible for a scale's mean, SD and alpha."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from swvtypes.language import Label
from swvtypes.rounding import window

from .cases import Case, Cases
from .findings import Finding, number

Answers = npt.NDArray[np.float64]


def out_of_reach(case: Case, cases: Cases, answers: Sequence[Answers]) -> Finding | None:
    """Prove that no arrangement of the items' answers gives a printed scale statistic.

    Parameters
    ----------
    case : Case
        A mean, SD or alpha of a scale that is not reproduced.
    cases : Cases
        All printed cells; a reproduced SD of the same scale bounds alpha.
    answers : sequence of ndarray, one a seed, shape (n_respondents, n_items)
        Item answers, reversed items turned round, NaN where missing. Only their distribution by
        item is used, which print fixes; the proof must hold for every seed.

    Returns
    -------
    Finding or None
        ``"impossible"`` with the bounds.
    """
    statistic = case.cell.statistic
    if statistic == "mean":
        bounds = [mean_bounds(block) for block in answers]
    elif statistic == "sd":
        bounds = [(0.0, largest_deviation(block)) for block in answers]
    elif statistic == "alpha":
        spread = _printed_deviation(case, cases)
        if spread is None:
            return None
        bounds = [alpha_bounds(block, *spread) for block in answers]
    else:
        return None
    if not bounds or any(math.isnan(edge) for pair in bounds for edge in pair):
        return None
    lowest, highest = min(low for low, _ in bounds), max(high for _, high in bounds)
    low, high = (float(edge) for edge in window(case.printed, case.decimals))
    if low <= highest + 1e-9 and lowest < high + 1e-9:
        return None
    edges = dict.fromkeys((f"{lowest:.3f}", f"{highest:.3f}"))
    given = number(" - ".join(edges))
    beside = Label("", "")
    if statistic == "alpha":
        beside = Label(" en de gedrukte standaarddeviatie", " and the printed SD")
    return Finding(
        "impossible",
        Label(
            f"De verdelingen van de items{beside.nl} laten alleen {given.nl} toe.",
            f"The distributions of the items{beside.en} allow only {given.en}.",
        ),
    )


def mean_bounds(answers: Answers) -> tuple[float, float]:
    """Bound the mean scale score, given each item's distribution.

    With k items, a score over the items answered equals the mean over all k with each missing
    item set to that respondent's own mean, which lies between the lowest and highest category in
    use. So the sum of scores lies between (S + lowest M) / k and (S + highest M) / k, S the sum
    of all answers and M the number of missing ones.

    Parameters
    ----------
    answers : ndarray, shape (n_respondents, n_items)
        NaN where missing.

    Returns
    -------
    tuple of float
        Lowest and highest; NaN when a respondent could have answered nothing.

    Examples
    --------
    >>> low, high = mean_bounds(np.array([[1.0, np.nan], [4.0, 5.0]]))
    >>> round(low, 2), round(high, 2)
    (2.75, 3.75)
    """
    missing = np.isnan(answers).sum(axis=0)
    if missing.min() > 0:
        return float("nan"), float("nan")
    n, k = answers.shape
    total, absent = float(np.nansum(answers)), int(missing.sum())
    low, high = float(np.nanmin(answers)), float(np.nanmax(answers))
    return (total + low * absent) / (k * n), (total + high * absent) / (k * n)


def largest_deviation(answers: Answers) -> float:
    """Bound the SD of scale scores from above, given each item's distribution.

    The SD of a mean of items is at most the mean of their SDs; a missing item stands for the
    respondent's own mean, so it is set to the end of the range that widens the item most.

    Parameters
    ----------
    answers : ndarray, shape (n_respondents, n_items)
        NaN where missing.

    Returns
    -------
    float
        The bound (n - 1 in the denominator); NaN when a respondent could have answered nothing.
    """
    missing = np.isnan(answers).sum(axis=0)
    if missing.min() > 0 or len(answers) < 2:
        return float("nan")
    ends = float(np.nanmin(answers)), float(np.nanmax(answers))
    widest = []
    for column, absent in zip(answers.T, missing, strict=True):
        given = column[~np.isnan(column)]
        tries = (
            np.concatenate([given, np.repeat(ends, [low, absent - low])])
            for low in range(int(absent) + 1)
        )
        widest.append(max(float(filled.std(ddof=1)) for filled in tries))
    return float(np.mean(widest))


def alpha_bounds(answers: Answers, low: float, high: float) -> tuple[float, float]:
    """Bound alpha, given complete items and an SD of scale scores between `low` and `high`.

    alpha = k / (k - 1) (1 - sum of item variances / (k SD) ** 2), so it rises with the SD.

    Returns
    -------
    tuple of float
        Lowest and highest; NaN when an answer is missing (then alpha and SD are over different
        respondents).
    """
    k = answers.shape[1]
    if np.isnan(answers).any() or k < 2 or low <= 0:
        return float("nan"), float("nan")
    items = float(answers.var(axis=0, ddof=1).sum())

    bounds = [k / (k - 1) * (1 - items / (k * deviation) ** 2) for deviation in (low, high)]
    return bounds[0], bounds[1]


def _printed_deviation(case: Case, cases: Cases) -> tuple[float, float] | None:
    for other in cases.all:
        same = (other.cell.scale, other.cell.sector) == (case.cell.scale, case.cell.sector)
        if same and other.cell.statistic == "sd" and other.reproduced:
            low, high = window(other.printed, other.decimals)
            return float(low), float(high)
    return None
