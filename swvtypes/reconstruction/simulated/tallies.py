"""How many of each class give each answer: whole numbers that meet the totals exactly."""

from __future__ import annotations

from fractions import Fraction

from .difficulty import Difficulty
from .plan import Answer, Item

Split = dict[int, tuple[int, int]]


def half_up_count(share: float, size: int) -> int:
    """Give the whole number nearest to a share of a size, halves upwards."""
    return int(Fraction(share).limit_denominator(10**6) * size + Fraction(1, 2))


def coupled_count(coupling: float, size: int, extended: bool) -> int:
    """Count the members of a type that are in the rich class of a theme."""
    fitting = half_up_count(coupling, size)
    return fitting if extended else size - fitting


def item_split(item: Item, sector: str, sizes: tuple[int, int], dial: Difficulty) -> Split:
    """Say how many of the rich and of the spare class give each answer.

    Parameters
    ----------
    item : Item
        The item; a fixed one keeps its totals.
    sector : str
        Sector of the rows.
    sizes : tuple of int
        Rows of the rich and of the spare class that are asked.
    dial : Difficulty
        Probabilities and odds ratio.

    Returns
    -------
    dict of int to tuple of int
        Answer code to (rich, spare); the counts of a class add up to its size.
    """
    if item.kind == "fixed":
        return _fixed_split(item, sector, sizes, dial)
    middle, half = (dial.high + dial.low) / 2, (dial.high - dial.low) / 2 * item.strength
    rich = _free(item.kind, middle + half, sizes[0])
    spare = _free(item.kind, middle - half, sizes[1])
    return {code: (rich[code], spare[code]) for code in rich}


def _free(kind: str, yes: float, size: int) -> dict[int, int]:
    if kind == "binary":
        count = half_up_count(yes, size)
        return {0: size - count, 1: count}
    top = half_up_count(yes * yes, size)
    bottom = min(half_up_count((1 - yes) * (1 - yes), size), size - top)
    return {1: bottom, 2: size - top - bottom, 3: top}


def _fixed_split(item: Item, sector: str, sizes: tuple[int, int], dial: Difficulty) -> Split:
    left, taken = list(sizes), {}
    for answer in sorted(item.answers, key=lambda a: -abs(a.lean)):
        if answer.code == item.rest:
            continue
        rich = _leaning(answer.counts[sector], (left[0], left[1]), _odds(answer, dial))
        taken[answer.code] = (rich, answer.counts[sector] - rich)
        left = [left[0] - rich, left[1] - taken[answer.code][1]]
    taken[item.rest] = (left[0], left[1])
    return {answer.code: taken[answer.code] for answer in item.answers}


def _odds(answer: Answer, dial: Difficulty) -> float:
    odds: float = dial.odds_ratio if abs(answer.lean) == 1 else dial.odds_ratio**0.5
    if not answer.lean:
        return 1.0
    return odds if answer.lean > 0 else 1 / odds


def _leaning(total: int, sizes: tuple[int, int], odds: float) -> int:
    """Find how many of a total are in the rich class for the odds ratio to be met best."""
    if odds == 1:
        return half_up_count(total / sum(sizes), sizes[0]) if sum(sizes) else 0
    low, high = max(0, total - sizes[1]), min(total, sizes[0])

    def excess(rich: int) -> float:
        spare = total - rich
        mine = (rich + 0.5) * (sizes[1] - spare + 0.5)
        return mine - odds * (spare + 0.5) * (sizes[0] - rich + 0.5)

    above = next((rich for rich in range(low, high + 1) if excess(rich) >= 0), high)
    if above > low and -excess(above - 1) < excess(above):
        return above - 1
    return above
