"""Proofs that a printed number cannot come from whole people, whatever the rows."""

from __future__ import annotations

from fractions import Fraction

from swvtypes.language import Label
from swvtypes.rounding import distribution_counts, mean_totals, percent_counts

from .bases import admissible_bases, fits, listed_numbers, states_base
from .cases import Case, Cases
from .findings import Finding, joined, number, sign


def impossible_cell(case: Case, cases: Cases) -> Finding | None:
    """Prove that a cell by itself cannot be, at any denominator that the others allow.

    Parameters
    ----------
    case : Case
        A cell that is not reproduced.
    cases : Cases
        All printed cells.

    Returns
    -------
    Finding or None
        ``"impossible"`` with the proof.

    References
    ----------
    Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. *Social Psychological and
    Personality Science*, 8(4), 363-369.
    """
    cell = case.cell
    if cell.whole:
        return _impossible_total(case, cases)
    if cell.arithmetic != "counts":
        return None
    bases = admissible_bases(case, cases)
    if cell.statistic == "percent" and not any(fits(case, n) for n in bases):
        remainder = _remainder(case, cases)
        return Finding("impossible", joined(_grim(case, cases, bases), remainder))
    if cell.statistic == "count" and bases and case.number > max(bases):
        text = f"{case.printed} > {max(bases)}"
        return Finding(
            "impossible",
            Label(f"Meer dan de hele noemer: {text}.", f"More than the whole base: {text}."),
        )
    if cell.statistic == "mean" and cell.variable is not None:
        return _impossible_mean(case)
    return None


def impossible_whole(case: Case, cases: Cases) -> Finding | None:
    """Prove that the distribution which a cell is part of cannot be.

    The proof does not say which of the parts is at fault; it is given for those that the rows do
    not reproduce.
    """
    parts = cases.partition(case)
    if parts is None:
        return None
    shown = " + ".join(part.printed for part in parts)
    total = sum((part.number for part in parts), Fraction(0))
    slack = sum((Fraction(1, 2 * 10**part.decimals) for part in parts), Fraction(0))
    if not total - slack <= 100 < total + slack:
        nl = f"De delen kunnen niet samen 100% zijn: {shown} = {float(total):g}, en hoogstens "
        en = f"The parts cannot add up to 100%: {shown} = {float(total):g}, and at most "
        return Finding(
            "impossible",
            Label(
                f"{nl}{float(slack):g} van het verschil is afronding.",
                f"{en}{float(slack):g} of the gap is rounding.",
            ),
        )
    bases = admissible_bases(case, cases)
    printed = [part.printed for part in parts]
    if any(distribution_counts(printed, case.decimals, n, limit=1) for n in bases):
        return None
    numbers = listed_numbers(bases)
    return Finding(
        "impossible",
        Label(
            f"Bij geen toegestane n ({numbers}) geven gehele aantallen de hele verdeling {shown}.",
            f"At no admissible n ({numbers}) do whole counts give the distribution {shown}.",
        ),
    )


def _impossible_total(case: Case, cases: Cases) -> Finding | None:
    cell = case.cell
    if cell.statistic == "percent" and case.number != 100:
        return Finding(
            "impossible",
            Label("Een totaal van percentages is 100%.", "A total of percentages is 100%."),
        )
    most = cases.respondents[cell.sector]
    if cell.statistic in {"base", "count"} and case.number > most:
        text = f"{case.printed} > {most}"
        return Finding(
            "impossible",
            Label(
                f"Meer dan alle respondenten van de sector: {text}.",
                f"More than all respondents of the sector: {text}.",
            ),
        )
    return None


def _grim(case: Case, cases: Cases, bases: tuple[int, ...]) -> Label:
    """Say why no count over these denominators prints as the cell."""
    if not 0 <= case.number <= 100:
        outside = number(f"{case.printed}%")
        return Label(
            f"Een percentage ligt van 0 tot en met 100: {outside.nl} kan niet.",
            f"A percentage lies from 0 to 100: {outside.en} cannot be.",
        )
    if len(bases) == 1:
        n = bases[0]
        below = int(case.number * n // 100)
        near = [count for count in (below, below + 1) if count <= n]
        shown = [f"{k}/{n} = {case.rounded(Fraction(100 * k, n))}%" for k in near]
        proof = Label(
            f"Geen aantal van {n} geeft {case.printed}%: {', '.join(shown)}.",
            f"No count of {n} gives {case.printed}%: {', '.join(shown)}.",
        )
        if any(states_base(other) for other in cases.same_base(case)):
            return proof
        fits_only = Label(
            f"Alleen n = {n} past bij de andere cellen met dezelfde noemer.",
            f"Only n = {n} fits the other cells over the same base.",
        )
        return joined(proof, fits_only)
    most = cases.respondents[case.cell.sector]
    alone = [n for n in range(1, most + 1) if percent_counts(case.printed, case.decimals, n)]
    numbers = listed_numbers(bases)
    if not alone:
        return Label(
            f"Geen noemer tot en met {most} geeft {case.printed}%.",
            f"No base up to {most} gives {case.printed}%.",
        )
    own = listed_numbers(alone)
    return Label(
        f"{case.printed}% vergt een noemer uit {own}; de andere cellen met dezelfde noemer laten "
        f"alleen {numbers} toe.",
        f"{case.printed}% needs a base out of {own}; the other cells over the same base allow "
        f"only {numbers}.",
    )


def _remainder(case: Case, cases: Cases) -> Label | None:
    """Note that a part equals what the other rounded parts leave of 100."""
    parts = cases.partition(case)
    if parts is None:
        return None
    others = [part for part in parts if part.cell.key != case.cell.key]
    if case.number != 100 - sum((part.number for part in others), Fraction(0)):
        return None
    shown = " - ".join(part.printed for part in others)
    return Label(
        f"Wel is het wat de andere afgeronde percentages overlaten: 100 - {shown} = "
        f"{case.printed}.",
        f"It does equal what the other rounded percentages leave: 100 - {shown} = {case.printed}.",
    )


def _impossible_mean(case: Case) -> Finding | None:
    """Prove that no total of whole answers has a printed mean (only for whole answers)."""
    bases = {value.denominator for value in case.computed}
    if None in bases:
        return None
    sizes = sorted(n for n in bases if n)
    if any(mean_totals(case.printed, case.decimals, n) for n in sizes):
        return None
    numbers = listed_numbers(sizes)
    mean = number(f"{case.printed}{sign(case)}")
    return Finding(
        "impossible",
        Label(
            f"Geen totaal van hele antwoorden van {numbers} respondenten geeft gemiddeld "
            f"{mean.nl}.",
            f"No total of whole answers of {numbers} respondents has the mean {mean.en}.",
        ),
    )
