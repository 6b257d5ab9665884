"""Bounds that no rows can pass: rearrangement, overlap of counts, and angles between columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import acos, cos, inf, pi, sqrt

from swvtypes.language import Label
from swvtypes.reconstruction.objective import correlation_limits, gather
from swvtypes.reconstruction.project import Project, Target
from swvtypes.reconstruction.quantities import Value, make_quantity

from .relation import Relation

Columns = Mapping[str, list[int]]
Sample = list[tuple[Value, Value]]
Limits = tuple[float, float]

NATURAL: dict[str, Limits] = {
    "correlation": (-1.0, 1.0),
    "share": (0.0, 1.0),
    "difference": (-inf, inf),
    "f": (0.0, inf),
    "alpha": (-inf, 1.0),
}
_NONE = Label("geen andere grens dan het bereik", "no bound but the range of the statistic")
_ORDER = Label(
    "herschikking van de antwoorden, met de aantallen per sector vast",
    "rearrangement of the answers, their counts a sector held",
)
_OVERLAP = Label(
    "overlap van twee aantallen (Fréchet), per sector", "overlap of two counts (Fréchet), a sector"
)
_LOOSE = Label(
    "geen andere grens dan het bereik: print legt de aantallen niet vast",
    "no bound but the range of the statistic: print does not fix the counts",
)
_ENDS = Label("de einden van de antwoordschaal", "the ends of the answer scale")
_ANGLE = Label("gedrukte samenhangen van beide met", "printed correlations of both with")


@dataclass(frozen=True)
class Bounds:
    """The smallest and largest value that could be, proven, and by what argument.

    Infinite where nothing is proven.
    """

    low: float
    high: float
    reason: Label


def outer_bounds(
    relation: Relation, project: Project, columns: Columns, skip: frozenset[str] = frozenset()
) -> Bounds:
    """Prove bounds from the counts of the answers and from printed correlations.

    Parameters
    ----------
    relation : Relation
    project : Project
        With the relation's quantities.
    columns : mapping of str to list of int
        Rows of any seed: only how often each answer occurs in a sector is used.
    skip : frozenset of str
        Targets that are not taken as given.

    Returns
    -------
    Bounds
        For shares the overlap of Fréchet (1935); for correlations and differences of answers
        without gaps the rearrangement inequality (Hardy, Littlewood & Polya, 1934, theorem 368);
        for correlations also the angle between two columns that each have a printed correlation
        with a third one. For alpha the largest variance of a total. The counts of printed
        questions follow from print; those of register figures are an assumption of the rows.
    """
    low, high = NATURAL[relation.measure]
    samples = _samples(relation, project, columns)
    found: list[Bounds] = [Bounds(low, high, _NONE)]
    if relation.measure == "share":
        found.append(_shares(samples))
    elif relation.measure == "difference" and _is_scale(project, relation):
        ends = [int(code) for code in project.quantities[relation.first].codes.split()]
        found.append(Bounds(float(ends[0] - ends[1]), float(ends[1] - ends[0]), _ENDS))
    elif relation.measure == "difference" and _complete(samples):
        found.append(_differences(samples, relation.groups, _unit(project, relation.first)))
    elif relation.measure == "correlation":
        if _complete(samples) and not _is_scale(project, relation):
            found.append(_rearranged(samples))
        if _complete(samples):
            found += _angles(relation, project, columns, skip)
    elif relation.measure == "alpha":
        found += _alphas(relation, project, columns)
    low, high = max(b.low for b in found), min(b.high for b in found)
    used = [b for b in found[1:] if b.low >= low or b.high <= high]
    reasons = [b.reason for b in used] or [_NONE]
    return Bounds(low, high, Label("; ".join(r.nl for r in reasons),
                                   "; ".join(r.en for r in reasons)))  # fmt: skip


def agreed_bounds(relation: Relation, every: Sequence[Bounds]) -> Bounds:
    """Give the bounds that all rows found agree on, else the range of the statistic.

    Bounds from the counts of the answers prove nothing where rows that meet all of print have
    other counts.
    """
    first = every[0]
    if all(abs(b.low - first.low) < 1e-9 and abs(b.high - first.high) < 1e-9 for b in every
           if b.low != first.low or b.high != first.high):  # fmt: skip
        return first
    return Bounds(*NATURAL[relation.measure], _LOOSE)


def _samples(relation: Relation, project: Project, columns: Columns) -> dict[str, Sample]:
    """Give the pairs of values a sector."""
    sectors = project.rows()
    codes = [list(project.sizes).index(sector) + 1 for sector in sectors]
    made = [
        make_quantity(project, name, columns, codes)
        for name in (relation.first, relation.second)
        if name and relation.measure != "alpha"
    ]
    if len(made) < 2:
        return {}
    return {
        sector: [
            (made[0].evaluate(row), made[1].evaluate(row))
            for row, own in enumerate(sectors)
            if own == sector
        ]
        for sector in project.sizes
        if relation.sector in (sector, "both")
    }


def _complete(samples: Mapping[str, Sample]) -> bool:
    return all(x is not None and y is not None for s in samples.values() for x, y in s)


def _is_scale(project: Project, relation: Relation) -> bool:
    """Say whether a side is a score of several items, whose own spread is not fixed."""
    names = (relation.first, relation.second)
    return any(n in project.quantities and len(project.quantities[n].variables) > 1 for n in names)


def _unit(project: Project, name: str) -> float:
    spec = project.variables.get(name)
    return 10.0**spec.decimals if spec is not None else 1.0


def _shares(samples: Mapping[str, Sample]) -> Bounds:
    least_hits = most_hits = least_rest = most_rest = 0
    for sample in samples.values():
        ones = sum(1 for x, _ in sample if x == 1)
        zeros = sum(1 for x, _ in sample if x == 0)
        gaps = len(sample) - ones - zeros
        group = sum(1 for _, y in sample if y == 1)
        most_hits += min(ones, group)
        least_rest += max(0, group - ones - gaps)
        least_hits += max(0, group - zeros - gaps)
        most_rest += min(zeros, group)
    low = least_hits / (least_hits + most_rest) if least_hits + most_rest else 0.0
    high = most_hits / (most_hits + least_rest) if most_hits + least_rest else 1.0
    return Bounds(low, high, _OVERLAP)


def _differences(samples: Mapping[str, Sample], groups: Sequence[int], unit: float) -> Bounds:
    ends = []
    for top in (True, False):
        totals, sizes = [0.0, 0.0], [0, 0]
        for sample in samples.values():
            ordered = sorted((x for x, _ in sample if x is not None), reverse=top)
            counts = [sum(1 for _, y in sample if y == group) for group in groups]
            totals[0] += sum(ordered[: counts[0]])
            totals[1] += sum(ordered[len(ordered) - counts[1] :])
            sizes = [size + count for size, count in zip(sizes, counts, strict=True)]
        if not all(sizes):
            return Bounds(-inf, inf, _NONE)
        ends.append((totals[0] / sizes[0] - totals[1] / sizes[1]) / unit)
    return Bounds(ends[1], ends[0], _ORDER)


def _rearranged(samples: Mapping[str, Sample]) -> Bounds:
    pairs = [pair for sample in samples.values() for pair in sample]
    n = len(pairs)
    x, y = (sum(float(p[side] or 0) for p in pairs) / n for side in (0, 1))
    spread = sqrt(
        sum((float(p[0] or 0) - x) ** 2 for p in pairs)
        * sum((float(p[1] or 0) - y) ** 2 for p in pairs)
    )
    if spread == 0:
        return Bounds(-1.0, 1.0, _NONE)
    ends = []
    for opposite in (True, False):
        total = 0.0
        for sample in samples.values():
            first = sorted(float(p[0] or 0) for p in sample)
            second = sorted((float(p[1] or 0) for p in sample), reverse=opposite)
            total += sum(a * b for a, b in zip(first, second, strict=True))
        ends.append((total - n * x * y) / spread)
    return Bounds(ends[0], ends[1], _ORDER)


def _angles(
    relation: Relation, project: Project, columns: Columns, skip: frozenset[str]
) -> Iterable[Bounds]:
    """Yield a bound for each third column with a printed correlation to both."""
    n = sum(size for s, size in project.sizes.items() if relation.sector in (s, "both"))
    partners: dict[str, dict[str, Limits]] = {relation.first: {}, relation.second: {}}
    for sign, targets in gather(project, skip).items():
        if sign.family != "correlation" or sign.sector != relation.sector:
            continue
        limits = _limits(targets, n)
        for one, other in ((sign.var1, sign.var2), (sign.var2, sign.var1)):
            if one in partners and limits is not None:
                partners[one][other] = limits
    first, second = partners[relation.first], partners[relation.second]
    for third in sorted(first.keys() & second.keys() - {relation.first, relation.second}):
        beside = Relation("correlation", relation.first, third, relation.sector)
        if _complete(_samples(beside, project, columns)):
            low, high = angle_bounds(first[third], second[third])
            yield Bounds(low, high, Label(f"{_ANGLE.nl} {third}", f"{_ANGLE.en} {third}"))


def _limits(targets: Sequence[Target], n: int) -> Limits | None:
    limits = correlation_limits(targets, n)
    return None if limits is None else (float(limits[0]), float(limits[1]))


def angle_bounds(first: Limits, second: Limits) -> Limits:
    """Bound r(x, y) by limits of r(x, z) and r(y, z).

    Columns centred and of length one are points on a sphere: the angle between two of them is at
    most the sum, and at least the difference, of their angles to a third.

    Examples
    --------
    >>> low, high = angle_bounds((0.8, 0.8), (0.6, 0.6))
    >>> round(low, 6), round(high, 6)
    (0.0, 0.96)
    """
    one = acos(min(1.0, first[1])), acos(max(-1.0, first[0]))
    two = acos(min(1.0, second[1])), acos(max(-1.0, second[0]))
    apart = max(0.0, one[0] - two[1], two[0] - one[1])
    widest = max(
        a + b if a + b <= pi else 2 * pi - a - b for a, b in ((one[1], two[1]), (one[0], two[0]))
    )
    if one[0] + two[0] <= pi <= one[1] + two[1]:
        widest = pi
    return cos(widest), cos(apart)


def _alphas(relation: Relation, project: Project, columns: Columns) -> Iterable[Bounds]:
    """Yield the alpha of items that all rank the rows alike, where no answer is absent."""
    codes = [list(project.sizes).index(sector) + 1 for sector in project.rows()]
    items = [
        make_quantity(project, f"-{v}" if turned else v, columns, codes)
        for v, turned in project.quantities[relation.first].variables
    ]
    ordered: list[list[float]] = [[] for _ in items]
    for sector in project.sizes:
        rows = [r for r, own in enumerate(project.rows()) if own == sector]
        if relation.sector not in (sector, "both"):
            continue
        for place, item in enumerate(items):
            values = [item.evaluate(row) for row in rows]
            if any(value is None for value in values):
                return
            ordered[place] += sorted(float(value or 0) for value in values)
    totals = [sum(row) for row in zip(*ordered, strict=True)]
    k, whole = len(items), _variance(totals)
    if whole > 0:
        alpha = k / (k - 1) * (1 - sum(map(_variance, ordered)) / whole)
        yield Bounds(-inf, alpha, _ORDER)


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
