"""Counts behind printed percentages: at every base that can be, and which base it was.

A distribution that adds up at the full base is taken there. One that does not was answered by
fewer: every smaller base is tried, and where several remain, the tables that were derived from
the same answers (another denominator, collapsed answers) settle which.

References
----------
Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and Personality
Science*, 8(4), 363-369.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from swvtypes.errors import ReconstructionError
from swvtypes.rounding import distribution_counts, half_up, percent_counts

from .project import BaseRule, Project, Target

REACH = 12


@dataclass(frozen=True)
class Distribution:
    """Counts of one variable in one sector.

    ``counts`` maps a code to its count; they add up to ``n`` answers given of ``asked`` questions
    put. ``rivals`` is the number of other distributions that print alike, ``settled`` the number
    of derived cells that this one reproduces of ``checks``. ``unmatched`` names printed cells that
    no base of the printed table reproduces together with the rest.
    """

    n: int
    asked: int
    counts: Mapping[int, int]
    rivals: int
    settled: int
    checks: int
    unmatched: tuple[str, ...] = ()


def solutions(
    percents: Sequence[tuple[str, int]], bases: Sequence[int]
) -> list[tuple[int, tuple[int, ...]]]:
    """List the distributions that print as given, at each base.

    Parameters
    ----------
    percents : sequence of (str, int)
        Printed percentage and its decimals, one a category; the categories exhaust the base.
    bases : sequence of int
        Bases to try, in order.

    Returns
    -------
    list of (int, tuple of int)
        Base and counts.

    Examples
    --------
    >>> solutions([("33", 0), ("67", 0)], [4, 3])
    [(3, (1, 2))]
    """
    decimals = percents[0][1]
    printed = [value for value, _ in percents]
    return [
        (n, counts)
        for n in bases
        for counts in distribution_counts(printed, decimals, n)
        if all(d == decimals for _, d in percents)
    ]


def binary_bases(percents: Sequence[tuple[str, int]], bases: Sequence[int]) -> list[int]:
    """List the bases at which every one of several percentages is a count."""
    return [n for n in bases if all(percent_counts(value, d, n) for value, d in percents)]


def derived_matches(
    counts: Mapping[int, int], missing: frozenset[int], checks: Sequence[Target]
) -> int:
    """Count the derived percentages that a distribution reproduces."""
    substantive = sum(count for code, count in counts.items() if code not in missing)
    total = sum(counts.values())
    found = 0
    for check in checks:
        base = substantive if check.base == "substantive" else total
        chosen = sum(counts.get(int(code), 0) for code in check.codes.split())
        if base and str(half_up(Fraction(100 * chosen, base), check.decimals)) == str(
            half_up(Fraction(check.printed), check.decimals)
        ):
            found += 1
    return found


def _cells(project: Project, variable: str, sector: str) -> list[Target]:
    return [
        t
        for t in project.targets
        if t.var1 == variable
        and t.sector == sector
        and t.role == "target"
        and t.kind in ("percent", "count")
        and not t.var2
        and t.base == "answered"
        and len(t.codes.split()) == 1
    ]


def distribution(project: Project, variable: str, sector: str, asked: int) -> Distribution | None:
    """Find the counts of a variable with exhaustive categories, or None where print is silent.

    Raises
    ------
    ReconstructionError
        When no base admits the printed percentages.
    """
    cells = _cells(project, variable, sector)
    if not cells:
        return None
    spec = project.variables[variable]
    exact = {int(t.codes): int(float(t.printed)) for t in cells if t.kind == "count"}
    percents = {int(t.codes): (t.printed, t.decimals) for t in cells if t.kind == "percent"}
    checks = [
        t
        for t in project.targets
        if t.role == "settle" and t.var1 == variable and t.sector == sector
    ]
    if exact:
        n = sum(exact.values())
        return Distribution(
            n, asked, exact, 0, derived_matches(exact, spec.missing, checks), len(checks)
        )
    codes = sorted(percents)
    found = solutions([percents[code] for code in codes], _bases(spec.base_rule, asked))
    unmatched: tuple[str, ...] = ()
    if not found:
        found, unmatched = _nearest(percents, codes, asked)
    if not found:
        raise ReconstructionError(f"{variable} ({sector}): no base up to {asked} admits the print")
    ranked = sorted(
        found,
        key=lambda item: (
            -derived_matches(dict(zip(codes, item[1], strict=True)), spec.missing, checks),
            item[0] if spec.base_rule == "smallest" else -item[0],
            item[1],
        ),
    )
    n, counts = ranked[0]
    best = dict(zip(codes, counts, strict=True))
    return Distribution(
        n,
        asked,
        best,
        len(found) - 1,
        derived_matches(best, spec.missing, checks),
        len(checks),
        unmatched,
    )


def _bases(rule: BaseRule, asked: int) -> list[int]:
    if rule == "smallest":
        return list(range(1, asked + 1))
    return list(range(asked, max(asked - REACH, 1) - 1, -1))


def _nearest(
    percents: Mapping[int, tuple[str, int]], codes: Sequence[int], asked: int
) -> tuple[list[tuple[int, tuple[int, ...]]], tuple[str, ...]]:
    """Give up one printed cell at a time, at the full base, until the rest adds up."""
    for left_out in codes:
        kept = [code for code in codes if code != left_out]
        choices = [percent_counts(percents[code][0], percents[code][1], asked) for code in kept]
        if all(len(choice) == 1 for choice in choices):
            rest = asked - sum(choice[0] for choice in choices)
            if rest >= 0:
                counts = dict(zip(kept, (choice[0] for choice in choices), strict=True))
                counts[left_out] = rest
                return [(asked, tuple(counts[code] for code in codes))], (str(left_out),)
    return [], ()


def set_base(project: Project, members: Sequence[str], sector: str, asked: int) -> int:
    """Find how many answered a multi-response question: printed, or the largest base that fits.

    Raises
    ------
    ReconstructionError
        When no base admits the printed percentages.
    """
    printed = [
        int(float(t.printed))
        for t in project.targets
        if t.kind == "n" and t.var1 in members and t.sector == sector
    ]
    if printed:
        return printed[0]
    cells = [cell for member in members for cell in _cells(project, member, sector)[:1]]
    bases = binary_bases([(c.printed, c.decimals) for c in cells], _bases("largest", asked))
    if not bases:
        raise ReconstructionError(
            f"{', '.join(members)} ({sector}): no base up to {asked} admits the print"
        )
    return bases[0]


def member_count(project: Project, member: str, sector: str, n: int) -> int:
    """Give the number that chose an option of a multi-response question; 0 where print is "-"."""
    cells = _cells(project, member, sector)
    if not cells:
        return 0
    for cell in cells:
        found = percent_counts(cell.printed, cell.decimals, n)
        if found:
            return found[0]
    raise ReconstructionError(f"{member} ({sector}): {cells[0].printed}% is no count of {n}")


def part_count(project: Project, variable: str, sector: str, code: int, n: int) -> int:
    """Give the count of one category whose percentage of `n` is printed; 0 where it is not."""
    for cell in _cells(project, variable, sector):
        found = percent_counts(cell.printed, cell.decimals, n)
        if cell.codes == str(code) and found:
            return found[0]
    return 0
