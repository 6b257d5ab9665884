"""From targets to the statistics of the search.

Targets of one statistic (a correlation and its p, a mean and its SD, an F with its group means)
are gathered into one object that is updated once a move.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .project import Project, Target
from .quantities import Quantity
from .statistics import Alpha, Correlation, Groups, Moments, Ordered, Statistic
from .terms import SCALE, Term, Window
from .windows import (
    Limits,
    exact_window,
    f_limits_from_p,
    inner_limits,
    intersect,
    not_significant_f,
    not_significant_r,
    r_limits_from_p,
    share_window,
    to_window,
)

ORDERED = ("median", "min", "max")
Maker = Callable[[str], Quantity]


@dataclass(frozen=True)
class Signature:
    """What one statistic is computed from."""

    family: str
    var1: str
    var2: str
    sector: str


def is_grouping(project: Project, name: str) -> bool:
    """Say whether a quantity names groups."""
    spec = project.quantities.get(name)
    return name == "sector" or (spec is not None and spec.kind == "recode")


def signature(project: Project, target: Target) -> Signature | None:
    """Say which statistic a target belongs to; None for exact counts, which need no search."""
    kind = target.kind
    if kind == "df2" or (kind in ("percent", "count", "n") and not target.codes.startswith("<")):
        return None
    if target.var2 and is_grouping(project, target.var2):
        return Signature("groups", target.var1, target.var2, target.sector)
    if target.var2:
        return Signature("correlation", target.var1, target.var2, target.sector)
    if kind == "alpha":
        return Signature("alpha", target.var1, "", target.sector)
    if kind in ("mean", "sd"):
        return Signature("moments", target.var1, "", target.sector)
    return Signature("ordered", target.var1, "", target.sector)


def sources(project: Project, name: str) -> frozenset[str]:
    """List the variables that a quantity is computed from."""
    if not name or name == "sector":
        return frozenset()
    spec = project.quantities.get(name)
    if spec is None:
        return frozenset({name.removeprefix("-")})
    return frozenset(variable for variable, _ in spec.variables)


def gather(project: Project, skip: Collection[str]) -> dict[Signature, list[Target]]:
    """Gather the targets to be fitted by statistic, leaving out those named in `skip`."""
    gathered: dict[Signature, list[Target]] = {}
    for target in project.targets:
        if target.role != "target" or target.target in skip:
            continue
        found = signature(project, target)
        if found is not None:
            gathered.setdefault(found, []).append(target)
    return gathered


def build(
    project: Project, sign: Signature, targets: Sequence[Target], make: Maker, rows: Sequence[int]
) -> Statistic:
    """Build the statistic of a signature with a term for each target."""
    if sign.family == "alpha":
        spec = project.quantities[sign.var1]
        items = [make(f"-{v}" if turned else v) for v, turned in spec.variables]
        return Alpha(items, rows, _terms(targets, _inner))
    first = make(sign.var1)
    if sign.family == "moments":
        return Moments([first], rows, _terms(targets, _moment_window))
    if sign.family == "ordered":
        return Ordered([first], rows, _terms(targets, _ordered_window))
    second = make(sign.var2)
    if sign.family == "correlation":
        return Correlation([first, second], rows, [_correlation_term(targets)])
    groups = sorted({g for row in rows if (g := second.values[row]) is not None})
    return Groups([first, second], rows, _group_terms(targets, groups), groups)


def _fixed(limits: Window) -> Callable[[int], Window]:
    return lambda n: limits


def _inner(target: Target) -> Callable[[int], Window]:
    return _fixed(to_window(inner_limits(target.printed, target.decimals)))


def _moment_window(target: Target) -> Callable[[int], Window]:
    if target.kind == "sd":
        return _inner(target)
    return _fixed(exact_window(target.printed, target.decimals))


def _ordered_window(target: Target) -> Callable[[int], Window]:
    if target.kind != "percent":
        return _fixed(exact_window(target.printed, target.decimals))
    cache: dict[int, Window] = {}

    def by_size(n: int) -> Window:
        if n not in cache:
            cache[n] = share_window(target.printed, target.decimals, n)
        return cache[n]

    return by_size


def _terms(
    targets: Sequence[Target], window_of: Callable[[Target], Callable[[int], Window]]
) -> list[Term]:
    seen: set[tuple[str, str, int, str]] = set()
    terms: list[Term] = []
    for target in targets:
        key = (target.kind, target.printed, target.decimals, target.codes)
        if key in seen:
            continue
        seen.add(key)
        limit = round(float(target.codes[1:]) * SCALE) if target.codes.startswith("<") else 0
        terms.append(Term(target.target, target.kind, window_of(target), limit=limit))
    return terms


def correlation_limits(targets: Sequence[Target], n: int) -> Limits | None:
    """Intersect what several prints of one correlation admit over `n` pairs."""
    values = [t for t in targets if t.kind == "r"]
    sign = -1 if any(t.printed.startswith("-") or t.direction == "-" for t in targets) else 1
    limits: Limits | None = None
    for target in targets:
        if target.kind == "ns":
            found = not_significant_r(n)
        elif target.kind == "r":
            found = inner_limits(target.printed, target.decimals)
        else:
            found = r_limits_from_p(target.printed, target.decimals, n, sign)
        limits = found if limits is None else intersect(limits, found)
        if limits is None:
            return None
    return limits if values or limits is not None else None


def _correlation_term(targets: Sequence[Target]) -> Term:
    frozen = tuple(targets)

    @lru_cache(maxsize=512)
    def by_pairs(n: int) -> Window:
        limits = correlation_limits(frozen, n)
        if limits is None:
            limits = correlation_limits([t for t in frozen if t.kind != "p_r"], n)
        return to_window(limits) if limits is not None else (1, 0)

    return Term(targets[0].target, "r", by_pairs)


def f_limits(targets: Sequence[Target], df1: int, df2: int) -> Limits | None:
    """Intersect what an F, its p and a "not significant" admit."""
    limits: Limits | None = None
    for target in targets:
        if target.kind == "F":
            found = inner_limits(target.printed, target.decimals)
        elif target.kind == "p_F":
            found = f_limits_from_p(target.printed, target.decimals, df1, df2)
        else:
            found = not_significant_f(df1, df2)
        limits = found if limits is None else intersect(limits, found)
        if limits is None:
            return None
    return limits


def _group_terms(targets: Sequence[Target], groups: Sequence[int]) -> list[Term]:
    terms: list[Term] = []
    ratio = tuple(t for t in targets if t.kind in ("F", "p_F", "ns"))
    if ratio:
        terms.append(Term(ratio[0].target, "F", _ratio_window(ratio, len(groups))))
    for target in targets:
        if target.kind == "mean":
            chosen = tuple(int(code) for code in target.codes.split())
            span = _fixed(exact_window(target.printed, target.decimals))
            terms.append(Term(target.target, "mean", span, chosen))
        elif target.kind == "effect_size":
            pair = target.codes.split("-")
            codes = tuple(int(code) for code in pair) if len(pair) == 2 else ()
            terms.append(Term(target.target, "effect_size", _inner(target), codes))
    above = (SCALE // 1000, 10**6 * SCALE)
    for order in sorted({part for t in targets for part in t.direction.split()}):
        high, _, low = order.partition(">")
        terms.append(Term(targets[0].target, "order", _fixed(above), (int(high), int(low))))
    return terms


def _ratio_window(targets: Sequence[Target], n_groups: int) -> Callable[[int], Window]:
    cache: dict[int, Window] = {}

    def by_rows(n: int) -> Window:
        if n not in cache:
            limits = f_limits(targets, n_groups - 1, n - n_groups)
            if limits is None:
                limits = f_limits(
                    [t for t in targets if t.kind != "p_F"], n_groups - 1, n - n_groups
                )
            cache[n] = to_window(limits) if limits is not None else (1, 0)
        return cache[n]

    return by_rows
