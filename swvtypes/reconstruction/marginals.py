"""First rows: every printed count exact, everything else in random order.

Distributions take their counts from print; the options of a multi-response question are drawn so
that nobody chooses the exclusive option and another; shares of a composition come from an urn
whose spread is an assumption; variables without a printed distribution start around their printed
or assumed mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from swvtypes.errors import ReconstructionError

from .counts import distribution, member_count, part_count, set_base
from .project import Project, VariableSpec, select
from .quantities import BLANK, NOT_ASKED, ROUTED
from .stream import Stream

Columns = dict[str, list[int]]


def first_rows(project: Project, stream: Stream, moved: Collection[str] = ()) -> Columns:
    """Draw columns with the printed counts, save those behind a gate that a step will move.

    Returns
    -------
    dict of str to list of int
        One column a variable, in the order of the project; one entry a row. ``BLANK``, ``ROUTED``
        and ``NOT_ASKED`` stand for an empty cell.
    """
    sectors = project.rows()
    columns: Columns = {name: [NOT_ASKED] * len(sectors) for name in project.variables}
    open_to_all = [name for name, spec in project.variables.items() if not spec.gate]
    fill(project, open_to_all, columns, stream)
    fixed = [
        name for name, spec in project.variables.items() if spec.gate and spec.gate not in moved
    ]
    fill(project, fixed, columns, stream)
    return columns


def fill(project: Project, names: Sequence[str], columns: Columns, stream: Stream) -> None:
    """Draw some columns; those behind a gate need the gate's column in place."""
    sectors = project.rows()
    refined = project.plan.get("refines", {})
    done: set[tuple[str, str]] = set()
    for name in names:
        spec = project.variables[name]
        for sector in spec.sectors:
            rows = [row for row, found in enumerate(sectors) if found == sector]
            group = spec.response_set or spec.composition
            if group and (group, sector) in done:
                continue
            done.add((group, sector))
            if spec.response_set:
                _fill_set(project, group, sector, rows, columns, stream)
            elif spec.composition:
                _fill_composition(project, group, sector, rows, columns, stream)
            elif name in refined:
                _fill_refined(project, name, sector, rows, columns, stream)
            else:
                _fill(project, spec, sector, _asked_rows(spec, rows, columns), columns, stream)


def _asked_rows(spec: VariableSpec, rows: Sequence[int], columns: Columns) -> list[int]:
    if not spec.gate:
        return list(rows)
    asked = [row for row in rows if columns[spec.gate][row] in spec.gate_codes]
    for row in rows:
        columns[spec.variable][row] = ROUTED
    return asked


def _fill(
    project: Project,
    spec: VariableSpec,
    sector: str,
    asked: list[int],
    columns: Columns,
    stream: Stream,
) -> None:
    column = columns[spec.variable]
    found = distribution(project, spec.variable, sector, len(asked))
    if found is None:
        for row in asked:
            column[row] = _around(project, spec, sector, stream)
        return
    values = [code for code in sorted(found.counts) for _ in range(found.counts[code])]
    values += [BLANK] * (len(asked) - found.n)
    stream.shuffle(values)
    for row, value in zip(asked, values, strict=True):
        column[row] = value


def _around(project: Project, spec: VariableSpec, sector: str, stream: Stream) -> int:
    """Draw a whole number around the printed or assumed mean (a sum of four even draws)."""
    unit = 10**spec.decimals
    spread = project.assumptions.get("spread", {}).get(spec.variable, {}).get(sector)
    if spread is None:
        own = select(project.targets, var1=spec.variable, var2="", sector=sector)
        spread = {t.kind: float(t.printed) for t in reversed(own) if t.kind in ("mean", "sd")}
    mean, deviation = round(spread["mean"] * unit), max(1, round(spread["sd"] * unit))
    draw = sum(stream.below(2 * deviation + 1) - deviation for _ in range(4))
    value: int = mean + (draw * 6) // 7
    low = -(10**8) if spec.minimum is None else round(spec.minimum * unit)
    high = 10**8 if spec.maximum is None else round(spec.maximum * unit)
    return min(max(value, low), high)


def _fill_refined(
    project: Project, name: str, sector: str, rows: Sequence[int], columns: Columns, stream: Stream
) -> None:
    """Copy a variable whose one code is split: printed counts, the rest to the last part."""
    rule = project.plan["refines"][name]
    parent = columns[rule["of"]]
    split = [row for row in rows if parent[row] == rule["code"]]
    values: list[int] = []
    for part in rule["into"][:-1]:
        values += [part] * part_count(project, name, sector, part, len(rows))
    if len(values) > len(split):
        raise ReconstructionError(
            f"{name} ({sector}): the parts of code {rule['code']} need {len(values)} rows, "
            f"{len(split)} have it"
        )
    values += [rule["into"][-1]] * (len(split) - len(values))
    stream.shuffle(values)
    for row in rows:
        columns[name][row] = parent[row]
    for row, value in zip(split, values, strict=True):
        columns[name][row] = value


def _fill_set(
    project: Project,
    name: str,
    sector: str,
    rows: Sequence[int],
    columns: Columns,
    stream: Stream,
) -> None:
    members = [
        spec
        for spec in project.variables.values()
        if spec.response_set == name and sector in spec.sectors
    ]
    asked = list(rows)
    for spec in members:
        asked = _asked_rows(spec, rows, columns)
    names = [spec.variable for spec in members]
    n = set_base(project, names, sector, len(asked))
    stream.shuffle(asked)
    answered, silent = asked[:n], asked[n:]
    free = list(answered)
    for spec in sorted(members, key=lambda spec: not spec.exclusive):
        pool = list(free)
        stream.shuffle(pool)
        chosen = set(pool[: member_count(project, spec.variable, sector, n)])
        if spec.exclusive:
            free = [row for row in free if row not in chosen]
        for row in answered:
            columns[spec.variable][row] = int(row in chosen)
        for row in silent:
            columns[spec.variable][row] = BLANK


def _fill_composition(
    project: Project,
    name: str,
    sector: str,
    rows: Sequence[int],
    columns: Columns,
    stream: Stream,
) -> None:
    members = [v for v, spec in project.variables.items() if spec.composition == name]
    rule = project.assumptions["composition"][name]
    means = {
        member: Fraction(
            select(project.targets, var1=member, kind="mean", sector=sector)[0].printed
        )
        for member in members
    }
    blanks = _blank_rows(project, members, sector, rows, stream)
    for row in rows:
        shares = _urn(means, rule, [m for m in members if (m, row) not in blanks], stream)
        for member in members:
            columns[member][row] = shares.get(member, BLANK)


def _blank_rows(
    project: Project, members: Sequence[str], sector: str, rows: Sequence[int], stream: Stream
) -> set[tuple[str, int]]:
    assumed = project.assumptions.get("blank", {})
    blanks: set[tuple[str, int]] = set()
    for member in members:
        order = list(rows)
        stream.shuffle(order)
        blanks |= {(member, row) for row in order[: assumed.get(member, {}).get(sector, 0)]}
    return blanks


def _urn(
    means: Mapping[str, Fraction], rule: Mapping[str, Any], members: Sequence[str], stream: Stream
) -> dict[str, int]:
    """Draw shares that add up to the total: steady posts near their mean, the rest from an urn.

    Each draw puts one portion into a post and makes that post likelier, so that shares spread
    more widely the smaller ``concentration`` is.
    """
    total, portion = int(rule["total"]), int(rule["portion"])
    shares: dict[str, int] = {}
    for member, deviation in rule["steady"].items():
        if member in members:
            draw = sum(stream.below(2 * deviation + 1) - deviation for _ in range(2))
            shares[member] = max(0, round(means[member]) + draw)
    left = total - sum(shares.values())
    weights = {m: round(means[m] * rule["concentration"]) for m in members if m not in shares}
    shares |= dict.fromkeys(weights, 0)
    while left > 0:
        put = min(portion, left)
        ticket = stream.below(sum(weights.values()))
        for member, weight in weights.items():
            ticket -= weight
            if ticket < 0:
                weights[member] += 100
                shares[member] += put
                break
        left -= put
    return shares
