"""Which denominators the print leaves possible, and which counts they allow."""

from __future__ import annotations

from collections.abc import Iterable

from swvtypes.rounding import percent_counts

from .cases import Case, Cases


def admissible_bases(case: Case, cases: Cases) -> tuple[int, ...]:
    """List the denominators that the other cells over the same base allow.

    Parameters
    ----------
    case : Case
        The cell; its own print is not used.
    cases : Cases
        All printed cells.

    Returns
    -------
    tuple of int
        The printed base, where a reproduced cell prints it; else every n from 1 to the number of
        respondents at which each other reproduced cell over this base has a count.
    """
    others = [other for other in cases.same_base(case) if other.reproduced]
    stated = {int(other.number) for other in others if states_base(other)}
    if stated:
        return tuple(sorted(stated))
    most = cases.respondents[case.cell.sector]
    return tuple(n for n in range(1, most + 1) if all(fits(other, n) for other in others))


def states_base(case: Case) -> bool:
    """Say whether a cell prints the size of its denominator."""
    cell = case.cell
    return cell.whole and cell.statistic in {"base", "count"}


def fits(case: Case, n: int) -> bool:
    """Say whether some count over `n` gives a printed percentage or count."""
    cell = case.cell
    if cell.whole or cell.arithmetic != "counts":
        return True
    if cell.statistic == "percent":
        return bool(percent_counts(case.printed, case.decimals, n))
    return cell.statistic != "count" or case.number <= n


def listed_numbers(numbers: Iterable[int]) -> str:
    """Write whole numbers, runs shortened: ``1-3, 7``.

    Examples
    --------
    >>> listed_numbers([1, 2, 3, 7])
    '1-3, 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
