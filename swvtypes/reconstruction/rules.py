"""Rules that prove a printed number impossible. Each looks at one target; none knows a report."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from swvtypes.rounding import half_up, mean_totals, percent_counts, window

from .bounds import (
    complete_mean,
    correlation_range,
    largest_alpha,
    largest_variance,
    lowest_score,
    nearest,
    printing,
    score_values,
    variance_limits,
)
from .extremes import admissible_answers, complete_rows_suffice, scale_counts
from .facts import Facts, Proof
from .inference_rules import Rule, degrees, f_of_means, p_of_f, p_of_r
from .project import Target, select


def _count(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    if target.kind != "percent" or target.var2 or target.base != "answered":
        return None
    n = facts.base(target)
    if n is None or percent_counts(target.printed, target.decimals, n):
        return None
    below = int(Fraction(target.printed) * n / 100)
    prints = [half_up(Fraction(100 * count, n), target.decimals) for count in (below, below + 1)]
    return Proof(
        target.target,
        f"base {n}",
        f"{target.printed}% is no count of {n}: {below} prints as {prints[0]}, "
        f"{below + 1} as {prints[1]}",
    )


def _addition(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Look for a cell that was given up because its column adds up at no base."""
    if target.kind != "percent" or target.base != "answered" or len(target.codes.split()) != 1:
        return None
    spec = facts.project.variables.get(target.var1)
    if spec is None or spec.gate or target.sector not in spec.sectors:
        return None
    known = facts.counts(target.var1, target.sector)
    if known is None or target.codes not in known.unmatched:
        return None
    count = known.counts[int(target.codes)]
    return Proof(
        target.target,
        "the other cells of the distribution",
        f"the percentages add up at no base up to {known.asked}; at {known.n} the other cells "
        f"leave {count}, which is not {target.printed}%",
    )


def _extreme(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    spec = facts.project.quantities.get(target.var1)
    if target.kind not in ("min", "max", "median") or spec is None or spec.kind != "scale":
        return None
    low, high = (int(code) for code in spec.codes.split())
    k = len(spec.variables)
    values = score_values(k, low, high)
    what = "mean"
    if target.kind == "median":
        values = frozenset((a + b) / 2 for a in values for b in values)
        what = "middle of two means"
    if not printing(values, target.printed, target.decimals):
        below, above = nearest(values, target.printed)
        return Proof(
            target.target,
            f"{k} items answered {low} to {high}",
            f"no {what} of at most {k} whole answers prints as {target.printed}: "
            f"the nearest are {_show(below)} and {_show(above)}",
        )
    items = _item_counts(facts, target)
    _, top = window(target.printed, target.decimals)
    if items is not None and target.kind == "min" and top <= lowest_score(items):
        return Proof(target.target, "counts of the items", "below the lowest answer of every item")
    return None


def _show(value: Fraction | None) -> str:
    return "none" if value is None else f"{value} = {half_up(value, 3)}"


def _item_counts(facts: Facts, target: Target) -> list[dict[int, int]] | None:
    spec = facts.project.quantities[target.var1]
    if target.sector not in facts.project.sizes:
        return None
    found = [facts.counts(name, target.sector) for name, _ in spec.variables]
    if any(item is None for item in found):
        return None
    counts = [dict(item.counts) for item in found if item is not None]
    return [dict(item) for item in scale_counts(facts.project, spec, counts, []).counts]


def _incomplete(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Enumerate alpha, SD and a minimum that only an incomplete row can have."""
    spec = facts.project.quantities.get(target.var1)
    if target.kind != "sd" or target.var2 or spec is None or spec.kind != "scale":
        return None
    same = select(facts.project.targets, var1=target.var1, var2="", sector=target.sector)
    lowest = [t for t in same if t.kind == "min" and t.target not in found]
    alpha = [t for t in same if t.kind == "alpha"]
    if not lowest or not alpha or complete_rows_suffice(spec, lowest[0]):
        return None
    items = _item_counts(facts, target)
    if items is None:
        return None
    size = max(sum(item.values()) for item in items)
    lacking = [(place, size - sum(item.values())) for place, item in enumerate(items)]
    patterns = [(place, n) for place, n in lacking if n]
    if len(patterns) != 1 or patterns[0][1] > 2 or size < facts.project.sizes[target.sector]:
        return None
    place, n = patterns[0]
    rest = tuple(i for i in range(len(items)) if i != place)
    scale = scale_counts(facts.project, spec, _unturned(facts, target), [rest] * n)
    if admissible_answers(scale, [lowest[0], alpha[0], target]) != []:
        return None
    return Proof(
        target.target,
        f"alpha {alpha[0].printed}, minimum {lowest[0].printed}, counts of the items",
        f"the {n} rows without {spec.variables[place][0]} are the only ones that can score "
        f"{lowest[0].printed}; for none of their possible answers does alpha {alpha[0].printed} of "
        f"the other rows go with a standard deviation that prints as {target.printed}",
    )


def _unturned(facts: Facts, target: Target) -> list[Mapping[int, int]]:
    spec = facts.project.quantities[target.var1]
    found = [facts.counts(name, target.sector) for name, _ in spec.variables]
    return [item.counts for item in found if item is not None]


def _complete_items(facts: Facts, target: Target) -> list[dict[int, int]] | None:
    """Give the item counts of a scale where every row answered every item, else None."""
    spec = facts.project.quantities.get(target.var1)
    if target.var2 or spec is None or spec.kind != "scale":
        return None
    items = _item_counts(facts, target)
    size = facts.project.sizes.get(target.sector, 0)
    if items is None or any(sum(item.values()) != size for item in items):
        return None
    return items


def _complete(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check mean, deviation and alpha of complete rows against the counts of the items."""
    items = _complete_items(facts, target)
    if items is None or target.kind not in ("mean", "sd", "alpha"):
        return None
    low, high = window(target.printed, target.decimals)
    given = "counts of the items, all complete"
    if target.kind == "mean":
        mean = complete_mean(items)
        text = f"the counts give a mean of {half_up(mean, 4)}"
        return None if low <= mean < high else Proof(target.target, given, text)
    if target.kind == "sd":
        most = largest_variance(items)
        text = f"the variance is at most {half_up(most, 4)}, with every item in the same order"
        return Proof(target.target, given, text) if low * low > most else None
    top = largest_alpha(items)
    text = f"alpha is at most {half_up(top, 3)}, with every item in the same order"
    return Proof(target.target, given, text) if low > top else None


def _deviation(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check the deviation of whole numbers against their mean, minimum and maximum."""
    if target.kind != "sd" or target.var2 or target.var1 not in facts.project.variables:
        return None
    same = select(facts.project.targets, var1=target.var1, var2="", sector=target.sector)
    known = {t.kind: t for t in reversed(same) if t.kind in ("mean", "min", "max")}
    if len(known) < 3 or facts.project.variables[target.var1].decimals:
        return None
    n = facts.project.sizes[target.sector]
    ends = [int(Fraction(known[kind].printed)) for kind in ("min", "max")]
    low, high = window(target.printed, target.decimals)
    for total in mean_totals(known["mean"].printed, known["mean"].decimals, n):
        least, most = variance_limits(total, n, ends[0], ends[1])
        if low * low <= most and least < high * high:
            return None
    given = f"mean {known['mean'].printed}, whole numbers from {ends[0]} to {ends[1]}, n = {n}"
    return Proof(target.target, given, "no such numbers have a standard deviation that prints so")


def _order(facts: Facts, target: Target, found: Mapping[str, Proof]) -> Proof | None:
    """Check a correlation of two fully answered questions against the best and worst order."""
    if target.kind != "r" or target.sector not in facts.project.sizes:
        return None
    names = (target.var1, target.var2)
    counts = [
        facts.counts(name, target.sector) for name in names if name in facts.project.variables
    ]
    size = facts.project.sizes[target.sector]
    values: list[list[Fraction]] = []
    for name, item in zip(names, counts, strict=False):
        if item is None or item.n != size:
            return None
        if any(item.counts.get(code, 0) for code in facts.project.variables[name].missing):
            return None
        values.append([Fraction(code) for code, n in item.counts.items() for _ in range(n)])
    if len(values) < 2:
        return None
    least, most = correlation_range(values[0], values[1])
    low, high = window(target.printed, target.decimals)
    if low <= most and high > least:
        return None
    text = f"these counts allow correlations from {least:.3f} to {most:.3f} only"
    return Proof(target.target, "counts of both questions", text)


RULES: tuple[Rule, ...] = (
    _count,
    _addition,
    _extreme,
    _complete,
    _deviation,
    _order,
    degrees,
    _incomplete,
    f_of_means,
    p_of_r,
    p_of_f,
)
