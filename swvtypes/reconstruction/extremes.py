"""Scales whose printed minimum only an incomplete row can have.

A minimum of 2.4 on six items needs a row with five answers. That row is left out of a listwise
alpha but not of the standard deviation, so alpha, SD and minimum together leave few possible
answers for the incomplete rows. They are enumerated: an empty list is a proof that the three
cannot hold together, and otherwise the search starts from one of them and keeps it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from swvtypes.rounding import window

from .project import Project, QuantitySpec, Target

MOST = 1_000_000
Answers = tuple[tuple[int, ...], ...]
Sums = tuple[tuple[int, int, int], ...]
Marked = tuple[tuple[int, ...], bool]


@dataclass(frozen=True)
class ScaleCounts:
    """Counts of the items of a scale in one sector, turned round where the scale does so.

    ``counts`` has one mapping from answer to count an item; ``answered`` names, an incomplete
    row, the places of the items it answered.
    """

    counts: tuple[Mapping[int, int], ...]
    answered: tuple[tuple[int, ...], ...]


def prints_in(total: int, n: int, target: Target) -> bool:
    """Say whether a mean of `total` over `n` answers prints as the target."""
    low, high = window(target.printed, target.decimals)
    return low <= Fraction(total, n) < high


def complete_rows_suffice(spec: QuantitySpec, target: Target) -> bool:
    """Say whether a row that answered every item can print as the target."""
    low, high = (int(code) for code in spec.codes.split())
    k = len(spec.variables)
    return any(prints_in(total, k, target) for total in range(low * k, high * k + 1))


def admissible_answers(scale: ScaleCounts, targets: Sequence[Target]) -> list[Answers] | None:
    """List the answers of the incomplete rows that let minimum, alpha and SD hold together.

    Parameters
    ----------
    scale : ScaleCounts
        Exact counts of every item.
    targets : sequence of Target
        Prints of kinds ``min``, ``alpha`` and ``sd`` of this scale in this sector.

    Returns
    -------
    list of tuple of tuple of int, or None
        One tuple of answers an incomplete row, in the order of ``scale.answered``. Empty when no
        answers are possible; None when there are too many to try.

    Notes
    -----
    With the incomplete rows fixed, the item variances over the complete rows are known exactly.
    Alpha then gives the variance of their totals, and with it the SD over all rows.
    """
    lowest = next(t for t in targets if t.kind == "min")
    alpha = [window(t.printed, t.decimals) for t in targets if t.kind == "alpha"]
    deviations = [window(t.printed, t.decimals) for t in targets if t.kind == "sd"]
    sums = _sums(scale)
    options = _options(scale, lowest)
    if math.prod(len(option) for option in options) > MOST:
        return None
    found: list[Answers] = []
    for answers in _candidates(options):
        if not _available(scale, answers):
            continue
        if alpha and deviations:
            low, high = variance_range(sums, scale, answers, alpha[0])
            if not all(low < top * top and high >= bottom * bottom for bottom, top in deviations):
                continue
        found.append(answers)
    return found


def _options(scale: ScaleCounts, lowest: Target) -> list[list[Marked]]:
    """List each incomplete row's answers not below the minimum, and whether they print as it."""
    floor, _ = window(lowest.printed, lowest.decimals)
    options: list[list[Marked]] = []
    for places in scale.answered:
        held = [sorted(v for v, n in scale.counts[place].items() if n) for place in places]
        options.append(
            [
                (row, prints_in(sum(row), len(row), lowest))
                for row in itertools.product(*held)
                if Fraction(sum(row), len(row)) >= floor
            ]
        )
    return options


def _candidates(options: Sequence[Sequence[Marked]]) -> Iterator[Answers]:
    for marked in itertools.product(*options):
        if any(prints for _, prints in marked):
            yield tuple(row for row, _ in marked)


def _available(scale: ScaleCounts, answers: Answers) -> bool:
    """Say whether the items have enough of these answers."""
    used: Counter[tuple[int, int]] = Counter()
    for places, row in zip(scale.answered, answers, strict=True):
        used.update(zip(places, row, strict=True))
    return all(scale.counts[place].get(value, 0) >= n for (place, value), n in used.items())


def _sums(scale: ScaleCounts) -> Sums:
    """Give n, total and sum of squares of every item."""
    return tuple(
        (
            sum(item.values()),
            sum(v * c for v, c in item.items()),
            sum(v * v * c for v, c in item.items()),
        )
        for item in scale.counts
    )


def variance_range(
    sums: Sums, scale: ScaleCounts, answers: Answers, alpha: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """Give the variance of the scores over all rows, for the two ends of alpha's window."""
    k = len(sums)
    rest = [list(item) for item in sums]
    for places, row in zip(scale.answered, answers, strict=True):
        for place, value in zip(places, row, strict=True):
            rest[place][0] -= 1
            rest[place][1] -= value
            rest[place][2] -= value * value
    n = rest[0][0]
    items = Fraction(sum(n * item[2] - item[1] * item[1] for item in rest), n * (n - 1))
    whole = n + len(answers)
    mean = Fraction(sum(item[1] for item in rest), n * k)
    scores = [Fraction(sum(row), len(row)) for row in answers]
    grand = (n * mean + sum(scores)) / whole
    apart = n * (mean - grand) ** 2 + sum((score - grand) ** 2 for score in scores)
    ends = [
        (items / (1 - end * (k - 1) / k) * (n - 1) / (k * k) + apart) / (whole - 1) for end in alpha
    ]
    return min(ends), max(ends)


def scale_counts(
    project: Project,
    spec: QuantitySpec,
    counts: Sequence[Mapping[int, int]],
    answered: Sequence[Sequence[int]],
) -> ScaleCounts:
    """Turn item counts round as the scale does and drop the missing codes."""
    low, high = (int(code) for code in spec.codes.split())
    turned: list[dict[int, int]] = []
    for (name, reverse), item in zip(spec.variables, counts, strict=True):
        missing = project.variables[name].missing
        turned.append(
            {
                (low + high - code if reverse else code): n
                for code, n in item.items()
                if code not in missing
            }
        )
    return ScaleCounts(tuple(turned), tuple(tuple(places) for places in answered))
