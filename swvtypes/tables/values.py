"""The value of one cell, as an exact fraction wherever it is one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from swvtypes.rounding import half_up

from .cells import Cell
from .scoring import listwise_alpha, mean_scores
from .tally import Floats, Mask, Tally, parts_of

UNWEIGHTED_ONLY = frozenset({"median", "sd", "alpha"})
NOTHING = float("nan")


class Value(NamedTuple):
    """What a cell holds.

    Attributes
    ----------
    exact : Fraction or float
        The value; a float where it is no fraction of counts (SD, alpha, weighted or decimal
        answers), NaN where nobody is in the base.
    numerator, denominator : int or None
        The counts of a percentage, or the total and number of a mean; None where the value is no
        fraction of them.
    base_n : int
        Respondents in the base, never weighted.
    hits : int or None
        Respondents that a percentage or count is of, never weighted; None for other statistics.
    """

    exact: Fraction | float
    numerator: int | None
    denominator: int | None
    base_n: int
    hits: int | None = None

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return not math.isnan(self.exact)


def evaluate(cell: Cell, tally: Tally) -> Value:
    """Compute one cell.

    Parameters
    ----------
    cell : Cell
        What is asked; must fit the wave (see :func:`swvtypes.tables.fitting.fit_faults`).
    tally : Tally
        The wave.

    Returns
    -------
    Value
        Percentages and means are weighted when the wave has survey weights; counts, bases and
        extremes never are.
    """
    if cell.scale is not None:
        return _scale_value(cell, tally)
    base = tally.base(cell.members, cell.base, cell.sector)
    n = int(np.count_nonzero(base))
    if cell.statistic == "base":
        return Value(Fraction(n), n, 1, n, n)
    if cell.statistic == "count":
        hits = n if cell.whole else int(np.count_nonzero(_hits(cell, tally) & base))
        return Value(Fraction(hits), hits, 1, n, hits)
    if n == 0:
        return Value(NOTHING, None, None, 0)
    if cell.statistic == "percent":
        if cell.arithmetic == "rounded_percentages":
            return _rounded_share(cell, tally, base)
        return _share(cell, tally, base, n)
    if cell.whole:
        answers = np.nansum([tally.values(name)[base] for name in cell.members], axis=0)
    else:
        answers = tally.values(_variable(cell))[base]
    return _summary(cell, answers, None if tally.weights is None else tally.weights[base])


def _variable(cell: Cell) -> str:
    if cell.variable is None:
        raise ValueError(f"{cell.locator} row {cell.row_no}: a cell without a variable")
    return cell.variable


def _hits(cell: Cell, tally: Tally) -> Mask:
    return tally.hits(_variable(cell), cell.codes, cell.reasons)


def _share(cell: Cell, tally: Tally, base: Mask, n: int) -> Value:
    """Give a percentage of counts, or of weights when there are any."""
    mask = base if cell.whole else _hits(cell, tally) & base
    part, whole, hits = tally.size(mask), tally.size(base), int(np.count_nonzero(mask))
    if isinstance(part, int) and isinstance(whole, int):
        return Value(Fraction(100 * part, whole), part, whole, n, hits)
    return Value(100 * part / whole, None, None, n, hits)


def _rounded_share(cell: Cell, tally: Tally, base: Mask) -> Value:
    """Add percentages that were rounded first, over their sum where the base is narrower."""
    variable, n = _variable(cell), int(np.count_nonzero(base))
    hits = n if cell.whole else int(np.count_nonzero(_hits(cell, tally) & base))
    first = tally.base(cell.members, cell.rounded_base, cell.sector)
    size = tally.size(first)

    def rounded(codes: frozenset[int], reasons: frozenset[str]) -> int:
        total = 0
        for part in [({code}, ()) for code in codes] + [((), {name}) for name in reasons]:
            share = tally.size(tally.hits(variable, *part) & first)
            total += int(half_up(Fraction(100 * share) / Fraction(size), 0))
        return total

    kept = parts_of(tally.codebook, variable, cell.base)
    denominator = 100 if cell.base == cell.rounded_base else rounded(*kept)
    numerator = denominator if cell.whole else rounded(cell.codes, cell.reasons)
    if denominator == 0:
        return Value(NOTHING, None, None, n, hits)
    share = Fraction(100 * numerator, denominator)
    if tally.weights is not None:
        return Value(share, None, None, n, hits)
    return Value(share, numerator, denominator, n, hits)


def _summary(cell: Cell, answers: Floats, weights: Floats | None) -> Value:
    """Summarise answers, shape (n,), that are all there; weights only enter a mean."""
    n = len(answers)
    if cell.statistic == "mean":
        if weights is not None:
            return Value(float(np.average(answers, weights=weights)), None, None, n)
        if not np.equal(np.mod(answers, 1), 0).all():
            return Value(float(answers.mean()), None, None, n)
        total = int(answers.sum())
        return Value(Fraction(total, n), total, n, n)
    return Value(_STATISTICS[cell.statistic](answers.tolist()), None, None, n)


def _scale_value(cell: Cell, tally: Tally) -> Value:
    scale = str(cell.scale)
    answers = tally.item_answers(scale, cell.sector)
    if cell.statistic == "alpha":
        alpha, complete = listwise_alpha(answers)
        return Value(alpha, None, None, complete)
    scores = mean_scores(tally, scale, cell.sector)
    n = len(scores)
    if n == 0:
        return Value(NOTHING, None, None, 0)
    if cell.statistic != "mean":
        return Value(_STATISTICS[cell.statistic](scores), None, None, n)
    if tally.weights is not None:
        scored = tally.weights[tally.respondents(cell.sector)][~np.isnan(answers).all(axis=1)]
        return Value(float(np.average([float(s) for s in scores], weights=scored)), None, None, n)
    mean = sum(scores, Fraction(0)) / n
    return Value(mean, mean.numerator, mean.denominator, n)


def _median(values: Sequence[Fraction | float]) -> Fraction | float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _deviation(values: Sequence[Fraction | float]) -> float:
    if len(values) < 2:
        return NOTHING
    return float(np.std([float(value) for value in values], ddof=1))


_STATISTICS: dict[str, Callable[[Sequence[Fraction | float]], Fraction | float]] = {
    "median": _median,
    "sd": _deviation,
    "min": min,
    "max": max,
}
