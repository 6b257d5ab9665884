"""Statistics of quantities, kept up to date row by row in whole numbers.

Every statistic holds sums (or sorted values), prices a proposed change of some rows without
making it, and makes it when told to. Values are whole multiples of 1/SCALE; no floating point
takes part, so that a search takes the same decisions on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isqrt
from operator import add, sub

from .quantities import Quantity
from .terms import SCALE, Term

Sums = tuple[int, ...]

#: Extra digits of a square root, so that its whole part loses nothing that matters.
FINE = 10**9


class Statistic:
    """Base: a price for the rows as they are, and for the rows as proposed."""

    def __init__(self, quantities: Sequence[Quantity], rows: Sequence[int]) -> None:
        self.quantities = tuple(quantities)
        self.member = [False] * (len(quantities[0].values) or (max(rows) + 1))
        for row in rows:
            self.member[row] = True
        self.rows = tuple(rows)
        self.cost = 0
        self.proposed_cost = 0

    def refresh(self) -> None:
        """Compute everything anew from the quantities."""
        raise NotImplementedError

    def propose(self, rows: Sequence[int]) -> int:
        """Price the trial values of the rows named; return the price."""
        raise NotImplementedError

    def accept(self) -> None:
        """Make the proposed change."""
        raise NotImplementedError


class Additive(Statistic):
    """A statistic of sums over rows."""

    def __init__(
        self, quantities: Sequence[Quantity], rows: Sequence[int], terms: Sequence[Term]
    ) -> None:
        super().__init__(quantities, rows)
        self.terms = tuple(terms)
        self.sums: Sums = ()
        self.proposed: Sums = ()

    def contribution(self, row: int, trial: bool) -> Sums | None:
        """Give what a row adds to the sums, None where it does not count."""
        raise NotImplementedError

    def empty(self) -> Sums:
        """Give the sums over no rows."""
        raise NotImplementedError

    def price(self, sums: Sums) -> int:
        """Price a set of sums."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Compute the sums anew."""
        sums = list(self.empty())
        for row in self.rows:
            part = self.contribution(row, trial=False)
            if part is not None:
                for index, value in enumerate(part):
                    sums[index] += value
        self.sums = tuple(sums)
        self.cost = self.price(self.sums)

    def propose(self, rows: Sequence[int]) -> int:
        """Price the sums after the change."""
        sums: Iterable[int] = self.sums
        for row in rows:
            if not self.member[row]:
                continue
            old = self.contribution(row, trial=False)
            new = self.contribution(row, trial=True)
            if old is not None and new is not None:
                sums = [s - o + w for s, o, w in zip(sums, old, new, strict=True)]
            elif old is not None:
                sums = map(sub, sums, old)
            elif new is not None:
                sums = map(add, sums, new)
        self.proposed = tuple(sums)
        self.proposed_cost = self.price(self.proposed)
        return self.proposed_cost

    def accept(self) -> None:
        """Take over the proposed sums."""
        self.sums = self.proposed
        self.cost = self.proposed_cost


class Moments(Additive):
    """Mean and standard deviation of one quantity."""

    def empty(self) -> Sums:
        """Give n, sum, sum of squares."""
        return (0, 0, 0)

    def contribution(self, row: int, trial: bool) -> Sums | None:
        """Give 1, x, x squared."""
        x = (self.quantities[0].trial if trial else self.quantities[0].values)[row]
        return None if x is None else (1, x, x * x)

    def price(self, sums: Sums) -> int:
        """Price mean and standard deviation."""
        n, total, squares = sums
        unit = self.quantities[0].unit
        cost = 0
        for term in self.terms:
            if term.kind == "mean":
                value = total * SCALE // (n * unit) if n else 0
            else:
                value = (
                    isqrt((n * squares - total * total) * SCALE * SCALE // (n * (n - 1))) // unit
                    if n > 1
                    else 0
                )
            cost += term.price(value, n)
        return cost


class Correlation(Additive):
    """Pearson correlation of two quantities over the rows that have both."""

    def empty(self) -> Sums:
        """Give n and the five sums."""
        return (0, 0, 0, 0, 0, 0)

    def contribution(self, row: int, trial: bool) -> Sums | None:
        """Give 1, x, y, xx, yy, xy."""
        first, second = self.quantities
        x = (first.trial if trial else first.values)[row]
        if x is None:
            return None
        y = (second.trial if trial else second.values)[row]
        return None if y is None else (1, x, y, x * x, y * y, x * y)

    def price(self, sums: Sums) -> int:
        """Price the correlation."""
        n, x, y, xx, yy, xy = sums
        spread = (n * xx - x * x) * (n * yy - y * y)
        value = (n * xy - x * y) * SCALE * FINE // isqrt(spread * FINE * FINE) if spread > 0 else 0
        return sum(term.price(value, n) for term in self.terms)


class Alpha(Additive):
    """Cronbach's alpha over the rows that answered every item (listwise)."""

    def empty(self) -> Sums:
        """Give n, total, total squared, then sum and sum of squares an item."""
        return (0,) * (3 + 2 * len(self.quantities))

    def contribution(self, row: int, trial: bool) -> Sums | None:
        """Give the row's part, None where an item lacks an answer."""
        parts: list[int] = []
        total = 0
        for item in self.quantities:
            x = (item.trial if trial else item.values)[row]
            if x is None:
                return None
            total += x
            parts += (x, x * x)
        return (1, total, total * total, *parts)

    def price(self, sums: Sums) -> int:
        """Price alpha."""
        n, total, squares = sums[:3]
        whole = n * squares - total * total
        k = len(self.quantities)
        items = sum(n * sums[i + 1] - sums[i] * sums[i] for i in range(3, 3 + 2 * k, 2))
        value = SCALE * k * (whole - items) // ((k - 1) * whole) if whole > 0 else 0
        return sum(term.price(value, n) for term in self.terms)


class Groups(Additive):
    """One-way analysis of variance, group means and effect sizes of a quantity by group."""

    def __init__(
        self,
        quantities: Sequence[Quantity],
        rows: Sequence[int],
        terms: Sequence[Term],
        groups: Sequence[int],
    ) -> None:
        super().__init__(quantities, rows, terms)
        self.groups = {group: 3 * index for index, group in enumerate(groups)}

    def empty(self) -> Sums:
        """Give n, sum and sum of squares a group."""
        return (0,) * (3 * len(self.groups))

    def contribution(self, row: int, trial: bool) -> Sums | None:
        """Give 1, x, x squared in the place of the row's group."""
        first, second = self.quantities
        x = (first.trial if trial else first.values)[row]
        group = (second.trial if trial else second.values)[row]
        if x is None or group is None:
            return None
        place = self.groups[group]
        part = [0] * (3 * len(self.groups))
        part[place : place + 3] = (1, x, x * x)
        return tuple(part)

    def price(self, sums: Sums) -> int:
        """Price every term."""
        cost = 0
        for term in self.terms:
            cost += _GROUP_TERMS[term.kind](self, term, sums)
        return cost

    def triple(self, sums: Sums, group: int) -> tuple[int, int, int]:
        """Give n, sum, sum of squares of a group."""
        place = self.groups[group]
        return sums[place], sums[place + 1], sums[place + 2]

    def mean(self, sums: Sums, groups: Sequence[int]) -> int:
        """Give the mean over some groups together."""
        triples = [self.triple(sums, group) for group in groups]
        n = sum(t[0] for t in triples)
        return sum(t[1] for t in triples) * SCALE // (n * self.quantities[0].unit) if n else 0

    def f_ratio(self, sums: Sums) -> tuple[int, int]:
        """Give F and the number of rows."""
        triples = [self.triple(sums, group) for group in self.groups]
        n = sum(t[0] for t in triples)
        total = sum(t[1] for t in triples)
        within_parts = sum(t[1] * t[1] * SCALE // t[0] for t in triples if t[0])
        between = within_parts - total * total * SCALE // n
        within = sum(t[2] for t in triples) * SCALE - within_parts
        k = len(self.groups)
        return (between * (n - k) * SCALE // ((k - 1) * within) if within > 0 else 0), n

    def effect(self, sums: Sums, first: int, second: int) -> int:
        """Give the standardised difference of two groups, by their pooled deviation."""
        n1, t1, q1 = self.triple(sums, first)
        n2, t2, q2 = self.triple(sums, second)
        pooled = (q1 * SCALE - t1 * t1 * SCALE // n1) + (q2 * SCALE - t2 * t2 * SCALE // n2)
        deviation = isqrt(pooled * SCALE // (n1 + n2 - 2))
        gap = t1 * SCALE // n1 - t2 * SCALE // n2
        return gap * SCALE // deviation if deviation else 0


def _price_f(groups: Groups, term: Term, sums: Sums) -> int:
    value, n = groups.f_ratio(sums)
    return term.price(value, n)


def _price_mean(groups: Groups, term: Term, sums: Sums) -> int:
    return term.price(groups.mean(sums, term.groups), 0)


def _price_effect(groups: Groups, term: Term, sums: Sums) -> int:
    if len(term.groups) == 2:
        return term.price(groups.effect(sums, term.groups[0], term.groups[1]), 0)
    codes = list(groups.groups)
    sizes = [abs(groups.effect(sums, a, b)) for a in codes for b in codes if a < b]
    return term.price(max(sizes), 0)


def _price_order(groups: Groups, term: Term, sums: Sums) -> int:
    high, low = term.groups
    return term.price(groups.mean(sums, (high,)) - groups.mean(sums, (low,)), 0)


_GROUP_TERMS: dict[str, Callable[[Groups, Term, Sums], int]] = {
    "F": _price_f,
    "mean": _price_mean,
    "effect_size": _price_effect,
    "order": _price_order,
}


class Ordered(Statistic):
    """Median, minimum, maximum and share below a limit of one quantity."""

    def __init__(
        self, quantities: Sequence[Quantity], rows: Sequence[int], terms: Sequence[Term]
    ) -> None:
        super().__init__(quantities, rows)
        self.terms = tuple(terms)

    def _price(self, values: Sequence[int | None]) -> int:
        found = sorted(v for row in self.rows if (v := values[row]) is not None)
        unit = self.quantities[0].unit
        return sum(term.price_ordered(found, unit) for term in self.terms)

    def refresh(self) -> None:
        """Price the rows as they are."""
        self.cost = self._price(self.quantities[0].values)

    def propose(self, rows: Sequence[int]) -> int:
        """Price the trial values."""
        self.proposed_cost = self._price(self.quantities[0].trial)
        return self.proposed_cost

    def accept(self) -> None:
        """Take over the proposed price."""
        self.cost = self.proposed_cost
