"""The same fact printed elsewhere, with another value that the rows do give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from swvtypes.language import Label
from swvtypes.rounding import distribution_counts, half_up, percent_counts

from .bases import admissible_bases, listed_numbers, states_base
from .cases import Case, Cases
from .findings import Finding, number, place, sign

SUMMARIES = frozenset({"mean", "median", "sd", "min", "max", "alpha"})


@dataclass(frozen=True)
class Remark:
    """A statistic printed in running text or a footnote.

    Attributes
    ----------
    locator : str
        Section or footnote.
    sector : str
        Whom it is about.
    kind : str
        Which statistic.
    about : str
        Variable or scale.
    printed : str
        The number, with its printed decimals.
    decimals : int
        Printed decimals.
    """

    locator: str
    sector: str
    kind: str
    about: str
    printed: str
    decimals: int


def remarks_of(text: pd.DataFrame) -> tuple[Remark, ...]:
    """Take the statements of a text record that state one number about one variable or scale.

    Parameters
    ----------
    text : DataFrame
        A text record (see :func:`swvtypes.published.load`). Statements that are qualified
        ("circa"), about a category, a second variable or both sectors at once are left out, as
        no cell of a table states the same.

    Returns
    -------
    tuple of Remark
    """
    remarks = []
    for line in text[text["value"].notna()].to_dict("records"):
        known = line["kind"] in SUMMARIES or (line["kind"] == "percent" and not line["note"])
        alone = line["var1"] and not line["var2"] and not line["qualifier"]
        if known and alone and line["sector"] != "both" and line["decimals"] != "":
            decimals = int(line["decimals"])
            printed = f"{line['value']:.{decimals}f}"
            about = (line["locator"], line["sector"], line["kind"], line["var1"])
            remarks.append(Remark(*about, printed, decimals))
    return tuple(remarks)


def contradiction(case: Case, cases: Cases, remarks: Iterable[Remark]) -> Finding | None:
    """Look for another print of the same fact that the rows reproduce.

    Parameters
    ----------
    case : Case
        A cell that is not reproduced.
    cases : Cases
        All printed cells.
    remarks : iterable of Remark
        Statistics of running text and footnotes.

    Returns
    -------
    Finding or None
        ``"contradicted"``, naming every such place once.
    """
    clauses = [*_same_fact(case, cases), *_same_count(case, cases), *_fixed(case, cases)]
    clauses += _in_text(case, remarks)
    if not clauses:
        return None
    clauses = list(dict.fromkeys(clauses))
    shown = number(f"{case.printed}{sign(case)}")
    nl = "; ".join(clause.nl for clause in clauses)
    en = "; ".join(clause.en for clause in clauses)
    return Finding(
        "contradicted",
        Label(
            f"Hier staat {shown.nl}, maar {nl}. Dat geven de rijen.",
            f"Print has {shown.en} here, but {en}. That is what the rows give.",
        ),
    )


def _same_fact(case: Case, cases: Cases) -> Iterator[Label]:
    """Yield cells that state the very same number otherwise."""
    for other in cases.same_fact(case):
        if other.reproduced and case.disjoint(other.printed, other.decimals):
            shown = number(f"{other.printed}{sign(other)}")
            nl, en = place(other)
            yield Label(f"{nl} drukt {shown.nl}", f"{en} prints {shown.en}")


def _same_count(case: Case, cases: Cases) -> Iterator[Label]:
    """Yield a count that a percentage elsewhere fixes, or a percentage that a count fixes."""
    statistic = case.cell.statistic
    if case.cell.whole:
        return
    for other in cases.same_count(case):
        if not other.reproduced or {statistic, other.cell.statistic} != {"count", "percent"}:
            continue
        percent, count = (case, other) if statistic == "percent" else (other, case)
        if percent.cell.arithmetic != "counts" or percent.base_key != count.base_key:
            continue
        bases = admissible_bases(case, cases)
        if len(bases) != 1:
            continue
        n = bases[0]
        nl, en = place(other)
        if statistic == "percent":
            share = case.rounded(Fraction(100) * other.number / n)
            if not case.prints(Fraction(100) * other.number / n):
                nl, en = f"{nl} drukt {other.printed}", f"{en} prints {other.printed}"
                yield Label(f"{nl} van {n}: {share}%", f"{en} of {n}: {share}%")
        else:
            counts = percent_counts(other.printed, other.decimals, n)
            if case.number not in counts:
                fits = listed_numbers(counts)
                share = f"{other.printed}%"
                yield Label(
                    f"{nl} drukt {share} van {n}: {fits}", f"{en} prints {share} of {n}: {fits}"
                )


def _fixed(case: Case, cases: Cases) -> Iterator[Label]:
    """Yield whole distributions elsewhere that fix this cell at another value."""
    if case.cell.statistic not in {"percent", "count"} or case.cell.whole:
        return
    for parts in cases.partitions_elsewhere(case):
        if not all(part.reproduced for part in parts):
            continue
        if case.cell.arithmetic == "rounded_percentages":
            values = _from_percentages(case, parts, cases)
        else:
            values = _from_counts(case, parts, cases)
        if not values or any(case.prints(value) for value in values):
            continue
        given = sorted({half_up(value, case.decimals) for value in values})
        shown = number(" / ".join(f"{value}{sign(case)}" for value in given))
        first = parts[0].cell
        rows = sorted({part.cell.row_no for part in parts})
        table = f"{first.locator}, {first.sector}"
        numbers = listed_numbers(rows)
        yield Label(
            f"de verdeling in {table}, rij {numbers}, legt {shown.nl} vast",
            f"the distribution in {table}, row {numbers}, fixes {shown.en}",
        )


def _from_counts(case: Case, parts: list[Case], cases: Cases) -> list[Fraction]:
    """Give every value that a printed distribution elsewhere allows."""
    cell = case.cell
    codes, reasons = cases.parts(case)
    decimals = parts[0].decimals
    if any(part.decimals != decimals for part in parts):
        return []
    values: list[Fraction] = []
    for n in _whole_bases(parts, cases):
        printed = [part.printed for part in parts]
        for counts in distribution_counts(printed, decimals, n):
            kept = _counted(parts, counts, codes, reasons)
            hit = _counted(parts, counts, cell.codes, cell.reasons)
            if kept is None or hit is None or kept == 0:
                return []
            exact = Fraction(100 * hit, kept) if cell.statistic == "percent" else Fraction(hit)
            values.append(exact)
    return values


def _whole_bases(parts: list[Case], cases: Cases) -> tuple[int, ...]:
    stated = [other for other in cases.same_base(parts[0]) if states_base(other)]
    if stated:
        return tuple({int(other.number) for other in stated if other.reproduced})
    return tuple(range(1, cases.respondents[parts[0].cell.sector] + 1))


def _counted(
    parts: list[Case], counts: tuple[int, ...], codes: frozenset[int], reasons: frozenset[str]
) -> int | None:
    """Add the counts of parts that lie inside; None when a part lies across the border."""
    total = 0
    for part, count in zip(parts, counts, strict=True):
        inside = part.cell.codes <= codes and part.cell.reasons <= reasons
        across = part.cell.codes & codes or part.cell.reasons & reasons
        if inside:
            total += count
        elif across:
            return None
    return total


def _from_percentages(case: Case, parts: list[Case], cases: Cases) -> list[Fraction]:
    """Give the value that the printed percentages elsewhere make by addition."""
    cell = case.cell
    if parts[0].cell.base != cell.rounded_base or any(part.decimals for part in parts):
        return []
    printed = tuple(int(part.number) for part in parts)
    hit = _counted(parts, printed, cell.codes, cell.reasons)
    whole = 100 if cell.base == cell.rounded_base else _counted(parts, printed, *cases.parts(case))
    return [Fraction(100 * hit, whole)] if hit is not None and whole else []


def _in_text(case: Case, remarks: Iterable[Remark]) -> Iterator[Label]:
    """Yield statistics of running text and footnotes that state the same number otherwise."""
    cell = case.cell
    about = cell.scale or cell.variable
    share = cell.statistic == "percent" and cell.codes == {1} and not cell.whole
    if not (share or cell.statistic in SUMMARIES):
        return
    for remark in remarks:
        if (remark.sector, remark.kind, remark.about) != (cell.sector, cell.statistic, about):
            continue
        given = case.disjoint(remark.printed, remark.decimals) and all(
            str(half_up(value.exact, remark.decimals)) == remark.printed
            for value in case.computed
            if value.known
        )
        if given:
            shown = number(f"{remark.printed}{sign(case)}")
            nl, en = _spelled(remark.locator)
            yield Label(f"{nl} drukt {shown.nl}", f"{en} prints {shown.en}")


def _spelled(locator: str) -> Label:
    """Spell a section ("2.3") or a footnote ("vn 13") out."""
    if locator.startswith("vn "):
        return Label(f"voetnoot {locator[3:]}", f"footnote {locator[3:]}")
    if locator[:1].isdigit():
        return Label(f"paragraaf {locator}", f"section {locator}")
    return Label(locator, locator)
