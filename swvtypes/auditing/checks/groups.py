"""Group means against the overall mean, F and effect sizes against means and SDs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from swvtypes.auditing.facts import statistic
from swvtypes.auditing.finding import Finding, Place
from swvtypes.auditing.meaning import Choice
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.shares import choice_parts, single

# How far a pooled within-group SD of two groups may lie from that of all groups.
_PAIR_SLACK = 1.25
_EXACT_GROUPS = 2


@dataclass(frozen=True)
class Layout:
    """Groups of known size, their printed means, and the spread of all together."""

    sizes: tuple[int, ...]
    means: tuple[Printed, ...]
    sd: Printed | None
    groups: int

    @property
    def n(self) -> int:
        """All respondents."""
        return sum(self.sizes)

    def overall(self) -> tuple[Fraction, Fraction]:
        """Bounds of the overall mean."""
        low = sum((m.low * n for m, n in zip(self.means, self.sizes, strict=True)), Fraction(0))
        high = sum((m.high * n for m, n in zip(self.means, self.sizes, strict=True)), Fraction(0))
        return low / self.n, high / self.n

    def between(self) -> tuple[float, float]:
        """Bounds of the sum of squares between the groups printed."""
        ends = [self._squares([float(e) for e in corner]) for corner in self._corners()]
        return self._least(), max(ends)

    def _corners(self) -> Iterator[tuple[Fraction, ...]]:
        yield from product(*((m.low, m.high) for m in self.means))

    def _squares(self, means: list[float]) -> float:
        centre = sum(m * n for m, n in zip(means, self.sizes, strict=True)) / self.n
        return sum(n * (m - centre) ** 2 for m, n in zip(means, self.sizes, strict=True))

    def _least(self) -> float:
        """Pull all means towards one value: the nearest that every window allows."""
        lows, highs = [float(m.low) for m in self.means], [float(m.high) for m in self.means]
        best = math.inf
        for step in range(101):
            centre = min(lows) + (max(highs) - min(lows)) * step / 100
            pulled = [min(max(centre, lo), hi) for lo, hi in zip(lows, highs, strict=True)]
            best = min(best, self._squares(pulled))
        return best

    def f_bounds(self) -> tuple[float, float] | None:
        """Bounds of F over all groups; groups printed together can only add to it."""
        if self.sd is None:
            return None
        low_between, high_between = self.between()
        totals = [(self.n - 1) * float(edge) ** 2 for edge in (self.sd.low, self.sd.high)]
        df1, df2 = self.groups - 1, self.n - self.groups
        low = _ratio(low_between, totals[1], df1, df2)
        if len(self.means) < self.groups:
            return low, math.inf
        return low, _ratio(high_between, totals[0], df1, df2)


def _ratio(between: float, total: float, df1: int, df2: int) -> float:
    return math.inf if between >= total else (between / df1) / ((total - between) / df2)


def check_groups(record: Record) -> Iterator[Finding]:
    """Find group means, F and effect sizes that cannot stand beside each other.

    Group sizes come from the question that makes the groups (a choice with ``partition``).
    """
    for choice in record.meaning.choices:
        if not choice.partition:
            continue
        pairs = {
            (s.var1, s.sector)
            for s in record.statements
            if s.var2 == choice.variable and s.kind == "mean"
        }
        for variable, sector in sorted(pairs):
            yield from _variable(record, choice, variable, sector)
    yield from _two_shares(record)


def _sizes(record: Record, choice: Choice, sector: str) -> dict[str, int] | None:
    parts = [sector] if sector in record.sectors else list(record.sectors)
    sizes = dict.fromkeys(choice.categories, 0)
    for part in parts:
        for name in choice.categories:
            held = choice_parts(record, choice, name, part)
            counts = held[0][0].parts(held[0][1]) if held else []
            if len(counts) != 1:
                return None
            sizes[name] += int(counts[0][0])
    return sizes


def _variable(record: Record, choice: Choice, variable: str, sector: str) -> Iterator[Finding]:
    sizes = _sizes(record, choice, sector)
    own = [
        s
        for s in record.statements
        if (s.var1, s.var2, s.sector) == (variable, choice.variable, sector) and not s.elsewhere
    ]
    means = {s.category: s for s in own if s.kind == "mean" and s.printed is not None}
    if sizes is None or not means:
        return
    unnamed = [name for name in means if name not in sizes]
    rest = {name: n for name, n in sizes.items() if name not in means}
    counts = {name: sizes.get(name, sum(rest.values())) for name in means}
    if len(unnamed) > 1 or (rest and not unnamed) or not all(counts.values()):
        return
    layout = Layout(
        tuple(counts.values()),
        tuple(s.printed for s in means.values() if s.printed is not None),
        _overall_sd(record, variable, sector),
        len(sizes),
    )
    yield from _overall(record, variable, sector, layout, next(iter(means.values())))
    for statement in own:
        if statement.kind == "F":
            yield from _f(statement, layout)
        elif statement.kind == "effect_size":
            yield from _effect(statement, means, layout)


def _overall_sd(record: Record, variable: str, sector: str) -> Printed | None:
    parts = [sector] if sector in record.sectors else list(record.sectors)
    held = [statistic(record, variable, part, "sd") for part in parts]
    spreads = [sd for sd in held if sd is not None]
    if len(spreads) < len(parts) or not spreads:
        return None
    # Sectors together: the larger of their SDs, with the difference as its window, errs on the
    # side of no finding while their means are alike.
    return max(spreads, key=lambda sd: sd.value)


def _overall(
    record: Record, variable: str, sector: str, layout: Layout, first: Statement
) -> Iterator[Finding]:
    overall = statistic(record, variable, sector, "mean")
    if overall is None:
        return
    low, high = layout.overall()
    if overall.overlaps(low, high):
        return
    yield Finding(
        first.place,
        "groups",
        ", ".join(m.text for m in layout.means),
        overall.text,
        "groups_mean",
        "likely",
        {"low": f"{float(low):.2f}", "high": f"{float(high):.2f}", "overall": overall.text},
    )


def _f(statement: Statement, layout: Layout) -> Iterator[Finding]:
    bounds = layout.f_bounds()
    if bounds is None or statement.printed is None or statement.printed.overlaps(*_finite(bounds)):
        return
    low, high = bounds
    wanted = f">= {low:.2f}" if float(statement.printed.value) < low else f"<= {high:.2f}"
    yield Finding(
        statement.place,
        "groups",
        f"F = {statement.printed.text}",
        wanted,
        "groups_f",
        "certain" if high < math.inf or float(statement.printed.high) < 0.9 * low else "likely",
        {"means": ", ".join(m.text for m in layout.means)},
    )


def _finite(bounds: tuple[float, float]) -> tuple[float, float]:
    return bounds[0], min(bounds[1], 1e9)


def _effect(statement: Statement, means: dict[str, Statement], layout: Layout) -> Iterator[Finding]:
    if statement.printed is None or layout.sd is None:
        return
    first, _, second = statement.category.partition("_against_")
    printed = {name: s.printed for name, s in means.items() if s.printed is not None}
    pairs = [(first, second)] if second else [(a, b) for a in printed for b in printed if a < b]
    if first in printed and not second:
        pairs = [(first, other) for other in printed if other != first]
    low, high = math.inf, 0.0
    between = layout.between()
    within = [
        ((layout.n - 1) * float(edge) ** 2 - squares) / (layout.n - layout.groups)
        for edge, squares in ((layout.sd.low, between[1]), (layout.sd.high, between[0]))
    ]
    for a, b in pairs:
        if a not in printed or b not in printed:
            return
        ends = (printed[a].low - printed[b].high, printed[a].high - printed[b].low)
        gaps = sorted(abs(float(end)) for end in ends)
        least = 0.0 if ends[0] <= 0 <= ends[1] else gaps[0]
        low = min(low, least / (math.sqrt(max(within[1], 1e-9)) * _PAIR_SLACK))
        high = max(high, gaps[1] * _PAIR_SLACK / math.sqrt(max(within[0], 1e-9)))
    if low <= high and not statement.printed.overlaps(low, high):
        yield Finding(
            statement.place, "groups", statement.printed.text, f"{low:.2f} - {high:.2f}",
            "groups_effect", "likely", {"sd": layout.sd.text},
        )  # fmt: skip


def _two_shares(record: Record) -> Iterator[Finding]:
    """Recompute an F between sectors on a yes-or-no question from the counts."""
    for statement in record.statements:
        if statement.kind != "F" or statement.var2 != "sector" or statement.printed is None:
            continue
        refs = record.meaning.variables.get(statement.var1, {})
        if set(refs) != set(record.sectors) or len(refs) != _EXACT_GROUPS:
            continue
        values = [
            _f_of_counts(counts)
            for counts in _count_choices(record, refs)
            if statement.df2 is None
            or sum(base for _, base in counts) == statement.df2.value + len(counts)
        ]
        if not values or any(statement.printed.fits(value) for value in values):
            continue
        shown = " / ".join(dict.fromkeys(f"{v:.{statement.printed.decimals}f}" for v in values))
        yield Finding(
            statement.place, "groups", f"F = {statement.printed.text}", shown, "groups_counts",
            "certain" if len(values) == 1 else "likely", {},
            tuple(Place(locator, row, sector) for sector, (locator, row) in refs.items()),
        )  # fmt: skip


def _count_choices(
    record: Record, refs: dict[str, tuple[str, int]]
) -> list[tuple[tuple[int, int], ...]]:
    options = []
    for sector, ref in refs.items():
        if ref[0] not in record.tables:
            return []
        _, parts = single(record, ref, sector)
        whole = [(int(c), int(b)) for c, b in parts if c.denominator == 1]
        options.append(whole)
    return list(product(*options))


def _f_of_counts(counts: tuple[tuple[int, int], ...]) -> float:
    n = sum(base for _, base in counts)
    mean = sum(count for count, _ in counts) / n
    between = sum(base * (count / base - mean) ** 2 for count, base in counts)
    within = sum(count * (1 - count / base) for count, base in counts)
    df2 = n - len(counts)
    return between / (len(counts) - 1) / (within / df2) if within else 0.0
