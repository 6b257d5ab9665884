"""Statements about scores, relations and groups, answered by scales and steering."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.scales import judge, reliability
from swvtypes.steering import correlate, f_test
from swvtypes.steering.correlations import within_strata
from swvtypes.steering.variance_tests import group_basis

from .claim_rows import BOTH, NOTHING, ClaimRows, Fact, Outcome, answers, pair

Options = Mapping[str, Any]
LEVEL = 0.05


def score(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Summarise scale scores or answers as the statement's kind says."""
    if "items" in options:
        values = rows.item_means(options["items"], sector)
        names: Sequence[str] = options["items"]
    else:
        values = rows.scores(options["of"], sector)
        scale = options["of"] in rows.codebook.scales
        names = rows.codebook.items(options["of"]) if scale else (options["of"],)
    summary = _summary(values, "mean" if kind == "percent" else kind)
    single = len(names) == 1 or kind in ("mean", "percent")
    facts = answers(rows.sectors(sector), names) if single else NOTHING
    return Outcome(value=summary, n=len(values), facts=facts)


def _summary(values: Sequence[Fraction], kind: str) -> Fraction | float:
    ordered = sorted(values)
    n = len(ordered)
    if kind == "sd":
        return float(np.std([float(value) for value in ordered], ddof=1))
    if kind == "median":
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    if kind in ("min", "max"):
        return ordered[0] if kind == "min" else ordered[-1]
    return sum(ordered, Fraction(0)) / n


def score_share(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give the percentage of scores below, or above, a limit."""
    values = rows.scores(options["of"], sector)
    if "below" in options:
        hits = sum(1 for value in values if value < Fraction(str(options["below"])))
    else:
        hits = sum(1 for value in values if value > Fraction(str(options["above"])))
    return Outcome(value=Fraction(100 * hits, len(values)), n=len(values), facts=NOTHING)


def largest_mean(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Say whether one post of a composition has the largest mean."""
    members = rows.codebook.members(options["among"])
    means = {name: _summary(rows.scores(name, sector), "mean") for name in members}
    first = max(means, key=lambda name: means[name])
    return Outcome(
        value=means[options["of"]],
        holds=first == options["of"],
        facts=answers(rows.sectors(sector), members),
    )


def alpha(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give Cronbach's alpha, listwise."""
    wave = rows.wave if sector == BOTH else rows.wave.sector(sector)
    found = reliability(wave, options["of"])
    return Outcome(value=float(found.alpha), n=int(found.n), facts=NOTHING)


def forms_scale(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Judge whether items form a scale; holds when they do not, as such statements say."""
    columns = {name: rows.column(name) for name in options["items"]}
    frame = pd.DataFrame(columns)[rows.rows(sector)].dropna(how="all")
    judged = judge(frame, name="items")
    return Outcome(holds=judged.verdict == "no_scale", n=len(frame), facts=NOTHING)


def relation(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Correlate one column with others: the first r, every p."""
    found, facts = [], set()
    for part, second in _pairs(rows, sector, options):
        inside = rows.rows(part)
        first = rows.column(options["first"], options.get("items"))[inside]
        result = correlate(first, rows.column(second, options.get("items"))[inside])
        if not math.isnan(result.r):
            found.append(result)
            facts.add(pair(part, options["first"], second))
    if not found:
        return Outcome(facts=NOTHING)
    return Outcome(
        value=found[0].r,
        p_values=tuple(result.p_value for result in found),
        n=found[0].n,
        facts=frozenset(facts),
    )


def _pairs(rows: ClaimRows, sector: str, options: Options) -> Iterator[tuple[str, str]]:
    unless = options.get("unless", {})
    split = rows.sectors(sector) if options.get("within") == "sector" else (sector,)
    for part in split:
        for second in options["second"]:
            source = second.removesuffix("_lacking")
            known = source in rows.codebook.variables
            asked = not known or part == BOTH or rows.asked(source, part)
            if asked and second not in unless.get(part, ()):
                yield part, second


def count_of_relations(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Count significant correlations."""
    found = relation(rows, sector, options, kind)
    count = sum(1 for p in found.p_values if p < LEVEL)
    return Outcome(value=Fraction(count), n=found.n, facts=found.facts)


def sector_difference(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Test the difference of sectors by F."""
    column = rows.column(options["of"])
    used = ~np.isnan(column) & rows.rows(sector)
    labels = rows.labels[used]
    codes = np.array([rows.tally.sectors.index(label) for label in labels], dtype=np.int64)
    together = np.zeros(len(codes), dtype=np.int64)
    residuals = within_strata(column[used], together, np.ones(len(codes)))
    test = f_test(residuals, group_basis(codes, together))
    facts: set[Fact] = {pair(sector, options["of"], "sector")}
    if options["of"] in rows.codebook.variables:
        facts |= answers(rows.sectors(sector), [options["of"]])
    return Outcome(
        value=test.statistic,
        p_values=(test.p_value,),
        df1=int(test.df1),
        df2=int(test.df2),
        n=len(codes),
        facts=frozenset(facts),
    )


def groups(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Take a test, a mean or an effect from the groups of steering."""
    found = rows.groups(options["of"])
    scope = "(pooled)" if sector == BOTH else sector
    facts = frozenset({pair(sector, options["of"], "steering_group")})
    if options["gives"] == "test":
        line = found.tests[found.tests["scope"] == scope].iloc[0]
        return Outcome(
            value=float(line["f"]),
            p_values=(float(line["p_value"]),),
            df1=int(line["df1"]),
            df2=int(line["df2"]),
            n=int(line["n"]),
            facts=facts,
        )
    if options["gives"] == "mean":
        means = found.means[
            (found.means["scope"] == scope) & found.means["group"].isin(options["group"])
        ]
        n = int(means["n"].sum())
        return Outcome(value=float((means["n"] * means["mean"]).sum() / n), n=n, facts=facts)
    pairs = found.pairs[found.pairs["scope"] == scope]
    if options["gives"] == "effect":
        chosen = set(options["group"])
        same = [{a, b} == chosen for a, b in zip(pairs["first"], pairs["second"], strict=True)]
        pairs = pairs[same]
    return Outcome(value=float(pairs["cohen_d"].abs().max()), facts=facts)
