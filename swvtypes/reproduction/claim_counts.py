"""Statements about shares, counts and sizes, answered from one version of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from swvtypes.rounding import half_up
from swvtypes.tables.tally import Mask
from swvtypes.tables.values import evaluate

from .claim_rows import BOTH, DESIGN, NOTHING, ClaimRows, Outcome, answers

Options = Mapping[str, Any]


def population(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give the number of organisations that there are."""
    sizes = [rows.codebook.population[name] or 0 for name in rows.sectors(sector)]
    return Outcome(value=Fraction(sum(sizes)), n=sum(sizes), facts=DESIGN)


def respondents(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give the number of rows."""
    n = int(np.count_nonzero(rows.rows(sector)))
    return Outcome(value=Fraction(n), n=n, facts=DESIGN)


def response(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give rows as a percentage of the organisations that there are."""
    n, whole = respondents(rows, sector, options, kind), population(rows, sector, options, kind)
    return Outcome(value=Fraction(100 * n.n, whole.n), n=n.n, facts=DESIGN)


def questionnaire(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Count items, posts or groups of the questionnaire."""
    value = _PARTS[options["counts"]](rows, sector, options)
    return Outcome(value=Fraction(value), facts=DESIGN)


def _scale_items(rows: ClaimRows, sector: str, options: Options) -> int:
    battery = options.get("battery")
    allowed = set(rows.codebook.battery(battery)) if battery else None
    items = rows.codebook.items(options["of"])
    return sum(1 for item in items if allowed is None or item in allowed)


def _battery(rows: ClaimRows, sector: str, options: Options) -> int:
    left = set(rows.codebook.battery(options["of"])) - set(options.get("without", ()))
    return sum(1 for item in left if any(rows.asked(item, s) for s in rows.sectors(sector)))


def _left_out(rows: ClaimRows, sector: str, options: Options) -> int:
    """Count items of a battery without a scale, put to these sectors and, if asked, no other."""
    found = 0
    for item in rows.codebook.battery(options["of"]):
        if rows.codebook.variable(item).scale is None:
            asked = tuple(s for s in rows.tally.sectors if rows.asked(item, s))
            found += asked == rows.sectors(sector)
    return found


def _composition(rows: ClaimRows, sector: str, options: Options) -> int:
    return len(rows.codebook.members(options["of"]))


def _groups(rows: ClaimRows, sector: str, options: Options) -> int:
    return len(rows.groups("trust").cuts.names)


_PARTS: Mapping[str, Callable[[ClaimRows, str, Options], int]] = {
    "scale_items": _scale_items,
    "battery": _battery,
    "left_out": _left_out,
    "composition": _composition,
    "groups": _groups,
}


def share(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give a percentage, a count or a base; of several, the lowest, the highest or each."""
    pick = options.get("pick")
    split = rows.sectors(sector) if pick in ("lowest", "highest") else (sector,)
    found: list[tuple[Fraction, int]] = []
    for variable in options["variables"]:
        for part in split:
            if part == BOTH or rows.asked(variable, part):
                found.append(_one_share(rows, part, variable, options))
    facts = answers(rows.sectors(sector), options["variables"])
    facts = frozenset(f for f in facts if rows.asked(f[2], f[1]))
    if "where" in options:
        facts = NOTHING
    values = tuple(value for value, _ in found)
    n = sum(size for _, size in found)
    if pick == "each":
        return Outcome(value=values[0], values=values, n=found[0][1], facts=facts)
    chosen = {"lowest": min, "highest": max}.get(str(pick), lambda x: x[0])(values)
    return Outcome(value=chosen, n=n if pick is None else found[0][1], facts=facts)


def _one_share(
    rows: ClaimRows, sector: str, variable: str, options: Options
) -> tuple[Fraction, int]:
    base = rows.base(variable, options.get("base", "answered"), sector)
    if "where" in options:
        base = base & rows.tally.hits(options["where"], options["where_codes"], ())
    if options.get("rounded"):
        return _added(rows, variable, base, options)
    hits: Mask = rows.tally.hits(variable, options.get("codes", ()), options.get("reasons", ()))
    n, count = int(np.count_nonzero(base)), int(np.count_nonzero(hits & base))
    statistic = options.get("statistic", "percent")
    if statistic == "base":
        return Fraction(n), n
    if statistic == "count":
        return Fraction(count), n
    return (Fraction(100 * count, n) if n else Fraction(0)), n


def _added(rows: ClaimRows, variable: str, base: Mask, options: Options) -> tuple[Fraction, int]:
    """Add the whole percentages of each answer."""
    n = int(np.count_nonzero(base))
    counts = [
        np.count_nonzero(rows.tally.hits(variable, [code], ()) & base) for code in options["codes"]
    ]
    return Fraction(sum(int(half_up(Fraction(100 * int(c), n), 0)) for c in counts)), n


def sum_of_cells(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Add cells of a printed table, each rounded as printed."""
    cells = [rows.cells[options["table"], no, sector, options["measure"]] for no in options["rows"]]
    values = [evaluate(cell, rows.tally) for cell in cells]
    total = sum(int(half_up(value.exact, 0)) for value in values)
    facts = answers(rows.sectors(sector), [str(cell.variable) for cell in cells])
    return Outcome(value=Fraction(total), n=values[0].base_n, facts=facts)


def most_chosen(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Give the most options of a set that anybody chose."""
    members = rows.codebook.members(options["of"])
    block = np.column_stack([rows.tally.values(name) for name in members])[rows.rows(sector)]
    return Outcome(value=Fraction(int(np.nansum(block, axis=1).max())), n=len(block), facts=NOTHING)


def items_without_majority(rows: ClaimRows, sector: str, options: Options, kind: str) -> Outcome:
    """Count the items of a scale that less than half of those who answered agree with."""
    scale = options["of"]
    found = 0
    for item in rows.codebook.items(scale):
        answered = [
            rows.tally.scales(scale).answers(scale, s)[item].dropna() for s in rows.sectors(sector)
        ]
        agree = sum(int(part.isin(options["agree"]).sum()) for part in answered)
        found += 2 * agree < sum(map(len, answered))
    facts = answers(rows.sectors(sector), rows.codebook.items(scale))
    return Outcome(value=Fraction(found), facts=facts)
