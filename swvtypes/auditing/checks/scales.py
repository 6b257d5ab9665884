"""Scale statistics that no respondents can have, given how the items were answered."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.facts import Fact, statistics
from swvtypes.auditing.finding import Confidence, Finding
from swvtypes.auditing.meaning import Scale
from swvtypes.auditing.printed import Printed, either, show
from swvtypes.auditing.record import Record
from swvtypes.auditing.scores import Score, score


def check_scales(record: Record) -> Iterator[Finding]:
    """Find minima, maxima, medians, means and SDs of scales that their items do not allow.

    Needs the items' full distributions, with one solution in whole respondents. Blanks are taken
    into account: a score is the mean of the items answered.
    """
    facts = list(statistics(record))
    for scale in record.meaning.scales:
        turned = coded_items(record, scale)
        for sector in scale.items:
            held = score(record, scale, sector, turned)
            if held is None:
                continue
            own = [f for f in facts if (f.variable, f.sector) == (scale.variable, sector)]
            for fact in own:
                yield from _extreme(fact, held, own)
                yield from _mean(fact, held)
            yield from _spreads(own, held)


def coded_items(record: Record, scale: Scale) -> set[str]:
    """Give the items that were turned round: those marked so, and those worded negatively."""
    marked = {m.subject for m in record.marks if m.kind == "reversed" and m.subject in scale.names}
    return marked | set(scale.negative)


def _extreme(fact: Fact, held: Score, own: list[Fact]) -> Iterator[Finding]:
    possible = sorted(held.attainable)
    if fact.kind not in {"min", "max", "median"} or not possible:
        return
    if fact.kind == "median" and held.n % 2 == 0:
        possible = sorted({(a + b) / 2 for a in possible for b in possible})
    exact = _as_exact_as_neighbours(fact, own)
    if any(exact.fits(value) for value in possible):
        return
    rounded = any(fact.printed.fits(value) for value in possible)
    if rounded and exact.value not in {held.low, held.high}:
        return
    confidence: Confidence = "likely" if rounded else "certain"
    decimals = max(fact.printed.decimals, 2)
    words = {"items": str(len(held.items)), "low": show(possible[0], decimals),
             "high": show(possible[-1], decimals)}  # fmt: skip
    if exact.high < possible[0]:
        key, wanted = "extreme_below", f">= {show(possible[0], decimals)}"
    elif exact.low > possible[-1]:
        key, wanted = "extreme_above", f"<= {show(possible[-1], decimals)}"
    else:
        key = "extreme_between"
        below = max(value for value in possible if value < fact.printed.value)
        above = min(value for value in possible if value > fact.printed.value)
        wanted = either([show(below, decimals), show(above, decimals)])
    yield Finding(fact.place, "extremes", fact.printed.text, wanted, key, confidence, words)


def _as_exact_as_neighbours(fact: Fact, own: list[Fact]) -> Printed:
    """Read an end of a range beside one with decimals ("2.17 to 5") as not rounded."""
    decimals = max(
        f.printed.decimals
        for f in own
        if f.place.locator == fact.place.locator and f.kind in {"min", "max"} | {fact.kind}
    )
    if fact.kind == "median" or decimals <= fact.printed.decimals:
        return fact.printed
    return Printed.of(fact.printed.value, decimals)


def _mean(fact: Fact, held: Score) -> Iterator[Finding]:
    if fact.kind != "mean":
        return
    low, high = held.mean_bounds()
    if fact.printed.overlaps(low, high):
        return
    yield Finding(
        fact.place,
        "scale_mean",
        fact.printed.text,
        _between(low, high, fact.printed),
        "scale_mean",
        "certain",
        {"items": str(len(held.items))},
    )


def _between(low: Fraction, high: Fraction, printed: Printed) -> str:
    ends = [show(low, printed.decimals), show(high, printed.decimals)]
    return ends[0] if ends[0] == ends[1] else " - ".join(ends)


def _spreads(facts: list[Fact], held: Score) -> Iterator[Finding]:
    alphas = [fact for fact in facts if fact.kind == "alpha"]
    means = [fact for fact in facts if fact.kind == "mean"]
    if not alphas:
        return
    alpha = max(alphas, key=lambda fact: fact.in_table).printed
    mean = means[0].printed.value if means else Fraction(held.low + held.high, 2)
    possible, usual = held.spread_bounds(alpha, mean), held.usual_spread(alpha)
    for fact in facts:
        if fact.kind == "sd" and not fact.printed.overlaps(*usual):
            certain = not fact.printed.overlaps(*possible)
            low, high = possible if certain else usual
            ends = [f"{end:.{fact.printed.decimals}f}" for end in (low, high)]
            yield Finding(
                fact.place,
                "spread",
                fact.printed.text,
                ends[0] if ends[0] == ends[1] else " - ".join(ends),
                "spread_alpha",
                "certain" if certain else "likely",
                {"alpha": alpha.text, "items": str(len(held.items))},
            )
