"""Rules on tests: degrees of freedom against n, F against its means, p against its statistic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from swvtypes.rounding import half_up, window

from .bounds import largest_total, smallest_between, smallest_f
from .facts import Facts, Proof
from .objective import correlation_limits, f_limits, is_grouping
from .project import Target, select
from .quantities import recode_map
from .windows import critical_r

Rule = Callable[[Facts, Target, Mapping[str, Proof]], Proof | None]


def degrees(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check the second degrees of freedom against the rows and groups that there are."""
    if target.kind != "df2":
        return None
    groups = _group_sizes(facts, target)
    most = max(facts.pairs(target)) - len(groups)
    if int(target.printed) <= most:
        return None
    return Proof(
        target.target,
        f"{max(facts.pairs(target))} rows at most, {len(groups)} groups",
        f"the second degrees of freedom are at most {most}, not {target.printed}",
    )


def _group_sizes(facts: Facts, target: Target) -> dict[int, int]:
    """Give the number of rows in each group of a grouping quantity."""
    project = facts.project
    sizes: dict[int, int] = {}
    for number, sector in enumerate(project.sizes, start=1):
        if target.sector not in (sector, "both"):
            continue
        if target.var2 == "sector":
            sizes[number] = project.sizes[sector]
            continue
        spec = project.quantities[target.var2]
        found = facts.counts(spec.variables[0][0], sector)
        for code, group in recode_map(spec.codes).items():
            n = found.counts.get(code, 0) if found is not None else 0
            sizes[group] = sizes.get(group, 0) + n
    return sizes


def f_of_means(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Look for an F that is too small for its printed group means and standard deviations."""
    if target.kind != "F":
        return None
    sizes = _group_sizes(facts, target)
    same = select(
        facts.project.targets, kind="mean", var1=target.var1, var2=target.var2, sector=target.sector
    )
    parts = [(tuple(int(c) for c in t.codes.split()), window(t.printed, t.decimals)) for t in same]
    covered = sorted(code for codes, _ in parts for code in codes)
    spread = _spread(facts, target)
    if covered != sorted(sizes) or spread is None:
        return None
    between = smallest_between(
        [sum(sizes[code] for code in codes) for codes, _ in parts], [pair for _, pair in parts]
    )
    least = smallest_f(between, spread, len(sizes), sum(sizes.values()))
    _, top = window(target.printed, target.decimals)
    if top > least:
        return None
    means = ", ".join(t.printed for t in same)
    return Proof(
        target.target,
        f"group means {means}; the printed means and standard deviations of the sectors",
        f"F is at least {half_up(least, 2)} with these means and deviations, not {target.printed}",
    )


def _spread(facts: Facts, target: Target) -> Fraction | None:
    sizes, means, deviations = [], [], []
    for sector in facts.sectors(target.sector):
        own = select(facts.project.targets, var1=target.var1, var2="", sector=sector)
        mean = [window(t.printed, t.decimals) for t in own if t.kind == "mean"]
        sd = [window(t.printed, t.decimals) for t in own if t.kind == "sd"]
        if not mean or not sd:
            return None
        sizes.append(facts.answered(target.var1, sector)[1])
        means.append(mean[0])
        deviations.append((min(low for low, _ in sd), max(high for _, high in sd)))
    return largest_total(sizes, means, deviations)


def p_of_r(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check a p value against its correlation, at every number of pairs that can be."""
    if target.kind != "p_r":
        return None
    partner = [t for t in _same(facts, target) if t.kind == "r" and t.target not in found]
    if not partner:
        return None
    numbers = facts.pairs(target)
    if any(correlation_limits([partner[0], target], n) is not None for n in numbers):
        return None
    n = max(numbers)
    low = Fraction(partner[0].printed)
    level = critical_r(float(Fraction(target.printed)), n)
    return Proof(
        target.target,
        f"r = {partner[0].printed} over {min(numbers)} to {n} pairs",
        f"p = {target.printed} over {n} pairs belongs to an absolute correlation of {level:.3f}, "
        f"not {abs(float(low)):.3f}; no number of pairs gives both",
    )


def _same(facts: Facts, target: Target) -> list[Target]:
    return select(
        facts.project.targets,
        var1=target.var1,
        var2=target.var2,
        sector=target.sector,
        role="target",
    )


def p_of_f(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check a p value against its F, at every number of rows that can be."""
    if target.kind != "p_F" or not is_grouping(facts.project, target.var2):
        return None
    partner = [t for t in _same(facts, target) if t.kind == "F" and t.target not in found]
    if not partner:
        return None
    groups = len(_group_sizes(facts, target))
    numbers = facts.pairs(target)
    if any(f_limits([partner[0], target], groups - 1, n - groups) is not None for n in numbers):
        return None
    from scipy import stats

    n = max(numbers)
    p = float(stats.f.sf(float(partner[0].printed), groups - 1, n - groups))
    return Proof(
        target.target,
        f"F({groups - 1},{n - groups}) = {partner[0].printed}",
        f"this F has p = {p:.4f}, not {target.printed}; no number of rows gives both",
    )
