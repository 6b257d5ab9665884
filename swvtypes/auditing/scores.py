"""What a scale score can be, given how its items were answered.

A score is the mean of the items a respondent answered, each turned round first where it is
worded against the scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from .meaning import AnswerSet, Scale
from .printed import Printed
from .record import Record
from .shares import answer_set, battery

_MOST_ITEMS = 12
_REACH = 2.0


@dataclass(frozen=True)
class Item:
    """The answers to one item: counts by score, and how many left it blank."""

    counts: dict[int, int]
    blank: int

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        """Sum of the scores."""
        return sum(score * count for score, count in self.counts.items())

    @property
    def scores(self) -> list[int]:
        """Scores that somebody gave."""
        return sorted(score for score, count in self.counts.items() if count)

    def turned(self, low: int, high: int) -> Item:
        """Turn the item round."""
        return Item({low + high - score: count for score, count in self.counts.items()}, self.blank)

    def variance_bounds(self, removed: int) -> tuple[Fraction, Fraction]:
        """Give bounds of the variance after any `removed` answers are taken away.

        Taking the answer farthest from the mean again and again gives the smallest sum of
        squares, taking the nearest one the largest; both are exact for one answer and bounds in
        practice for a few.
        """
        values = [score for score in self.scores for _ in range(self.counts[score])]
        return _trimmed(values, removed, farthest=True), _trimmed(values, removed, farthest=False)


def _trimmed(values: list[int], removed: int, farthest: bool) -> Fraction:
    held = list(values)
    for _ in range(min(removed, max(len(held) - 2, 0))):
        mean = Fraction(sum(held), len(held))
        distance = [abs(value - mean) for value in held]
        held.pop(distance.index(max(distance) if farthest else min(distance)))
    mean = Fraction(sum(held), len(held))
    return sum(((value - mean) ** 2 for value in held), Fraction(0)) / (len(held) - 1)


@dataclass(frozen=True)
class Score:
    """A scale in one sector: its items as coded, the number of respondents, the score range."""

    items: tuple[Item, ...]
    n: int
    low: int
    high: int

    @property
    def incomplete(self) -> int:
        """At most so many left an item blank."""
        return min(self.n, sum(item.blank for item in self.items))

    @cached_property
    def attainable(self) -> set[Fraction]:
        """Every score that a respondent can have.

        An item may be left out of a score only if somebody left it blank, and an answer may enter
        only if somebody gave it.
        """
        if len(self.items) > _MOST_ITEMS:
            return set()
        optional = [i for i, item in enumerate(self.items) if item.blank]
        scores: set[Fraction] = set()
        for size in range(len(optional) + 1):
            for left_out in combinations(optional, size):
                held = [item for i, item in enumerate(self.items) if i not in left_out]
                if held:
                    scores |= {Fraction(total, len(held)) for total in _totals(held)}
        return scores

    def mean_bounds(self) -> tuple[Fraction, Fraction]:
        """Give bounds of the mean score.

        A blank filled with the respondent's own mean leaves the score as it is, so only the
        filled-in values, somewhere in the range, are unknown.
        """
        known = sum(item.total for item in self.items)
        blanks = sum(item.blank for item in self.items)
        cells = len(self.items) * self.n
        return Fraction(known + blanks * self.low, cells), Fraction(
            known + blanks * self.high, cells
        )

    def spread_bounds(self, alpha: Printed, mean: Fraction) -> tuple[float, float]:
        """Give bounds of the SD of the scores, from alpha over complete answers.

        With complete answers ``var(score) = sum(var(item)) / (k^2 (1 - alpha (k - 1) / k))``;
        respondents with blanks may lie anywhere in the range.
        """
        k, out = len(self.items), self.incomplete
        complete = self.n - out
        if complete < 3 or k < 2:
            return 0.0, float(self.high - self.low)
        bounds = [item.variance_bounds(max(out - item.blank, 0)) for item in self.items]
        ends = []
        for total, edge in (
            (sum((b[0] for b in bounds), Fraction(0)), alpha.low),
            (sum((b[1] for b in bounds), Fraction(0)), alpha.high),
        ):
            rest = 1 - edge * Fraction(k - 1, k)
            ends.append(total / (k * k * rest) if rest > 0 else Fraction(10**6))
        farthest = max(mean - self.low, self.high - mean) ** 2
        low = ends[0] * (complete - 1) / (self.n - 1)
        high = ends[1] + out * farthest / (self.n - 1)
        return float(low) ** 0.5, float(high) ** 0.5

    def usual_spread(self, alpha: Printed) -> tuple[float, float]:
        """Give the SD to expect when those with blanks are no stranger than the others.

        They may then lie up to two standard deviations from the mean, and removing them takes
        away at most twice their share of the items' variance.
        """
        k, share = len(self.items), self.incomplete / self.n
        total = sum((item.variance_bounds(0)[0] for item in self.items), Fraction(0))
        ends = []
        for edge in (alpha.low, alpha.high):
            rest = 1 - edge * Fraction(k - 1, k)
            ends.append(float(total / (k * k * rest)) if rest > 0 else 1e6)
        low, high = ends[0] * max(1 - 2 * share, 0.0), ends[1] * (1 + _REACH**2 * share)
        return float(low**0.5), float(high**0.5)


def _totals(items: Iterable[Item]) -> set[int]:
    sums = {0}
    for item in items:
        sums = {held + score for held in sums for score in item.scores}
    return sums


def scale_items(
    record: Record, scale: Scale, sector: str
) -> tuple[tuple[Item, ...], AnswerSet] | None:
    """Read the items of a scale, not turned round; None where print does not settle the counts."""
    most = record.respondents(sector)
    if most is None or sector not in scale.items:
        return None
    items = []
    answers = None
    for ref in scale.items[sector]:
        row, answers = battery(record, ref, sector), answer_set(record, ref, sector)
        if row is None or answers is None or not answers.scores or len(row.solutions) != 1:
            return None
        named = dict(zip(row.names, row.solutions[0], strict=True))
        counts = {
            score: named[measure]
            for measure, score in zip(answers.measures, answers.scores, strict=True)
        }
        items.append(Item(counts, most - sum(counts.values())))
    return (tuple(items), answers) if answers is not None else None


def score(record: Record, scale: Scale, sector: str, turned: Iterable[str]) -> Score | None:
    """Read a scale with the items `turned` turned round."""
    held = scale_items(record, scale, sector)
    most = record.respondents(sector)
    if held is None or most is None:
        return None
    items, answers = held
    low, high = min(answers.scores), max(answers.scores)
    around = set(turned)
    coded = tuple(
        item.turned(low, high) if name in around else item
        for name, item in zip(scale.names, items, strict=True)
    )
    return Score(coded, most, low, high)
