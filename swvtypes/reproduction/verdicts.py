"""A verdict and its reason for each printed cell, by the same checks for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from swvtypes.language import Label
from swvtypes.tables.tally import Tally

from .cases import Case, Cases
from .elsewhere import Remark, contradiction
from .findings import Finding, Role, joined, number, sign
from .proofs import impossible_cell, impossible_whole
from .reach import out_of_reach
from .roles import Targets

_ROLE_NOTES = {
    "target": Label(
        "De rijen zijn op deze cel gemaakt: gelijkheid is een cirkelredenering.",
        "The rows were fitted to this cell: agreement is circular.",
    ),
    "derived": Label(
        "Volgt uit verdelingen waarop de rijen zijn gemaakt.",
        "Follows from distributions that the rows were fitted to.",
    ),
}
_SETTLES = Label(
    "De cel hielp kiezen tussen noemers die de bijlage openlaat.",
    "The cell helped to choose between bases that the appendix leaves open.",
)


@dataclass(frozen=True)
class Evidence:
    """What every verdict is drawn from.

    Attributes
    ----------
    cases : Cases
        All printed cells.
    seeds : tuple of int
        Versions of the rows.
    tallies : tuple of Tally
        Their answers, in the same order.
    remarks : tuple of Remark
        Statistics of running text and footnotes.
    targets : Targets
        What the rows were fitted to.
    """

    cases: Cases
    seeds: tuple[int, ...]
    tallies: tuple[Tally, ...]
    remarks: tuple[Remark, ...]
    targets: Targets


def judge(case: Case, role: Role, evidence: Evidence) -> Finding:
    """Give the verdict on one cell.

    Parameters
    ----------
    case : Case
        The cell.
    role : Role
        Whether the rows were fitted to it.
    evidence : Evidence
        What to draw on.

    Returns
    -------
    Finding
        In this order: reproduced (by every seed, where rows carry information), impossible by
        itself, contradicted by another print that holds, impossible as part of a distribution or
        given the items of a scale, undetermined, missed.
    """
    if case.reproduced:
        if role == "free":
            return Finding("undetermined", _unknown(case, evidence.seeds))
        return Finding("reproduced", _agreement(case, role, evidence))
    found = _explanation(case, evidence)
    if found is not None:
        return Finding(found.verdict, joined(found.reason, _swap(case, evidence.cases)))
    if role == "free":
        return Finding("undetermined", _unknown(case, evidence.seeds))
    return Finding("missed", _miss(case, evidence.seeds))


def _explanation(case: Case, evidence: Evidence) -> Finding | None:
    """Prove a cell impossible or contradicted; the first verdict stands, other proofs join it."""
    alone = impossible_cell(case, evidence.cases)
    found = [alone, contradiction(case, evidence.cases, evidence.remarks)]
    if alone is None:
        found.append(impossible_whole(case, evidence.cases))
    if case.cell.scale is not None:
        scale, sector = case.cell.scale, case.cell.sector
        answers = [tally.item_answers(scale, sector) for tally in evidence.tallies]
        found.append(out_of_reach(case, evidence.cases, answers))
    proofs = [finding for finding in found if finding is not None]
    if not proofs:
        return None
    return Finding(proofs[0].verdict, joined(*(finding.reason for finding in proofs)))


def _agreement(case: Case, role: Role, evidence: Evidence) -> Label:
    cell = case.cell
    versions = len(evidence.seeds)
    given = Label(
        f"Gelijk in alle {versions} versies van de rijen.",
        f"Equal in all {versions} versions of the rows.",
    )
    if versions == 1:
        given = Label("Gelijk in de ene versie van de rijen.", "Equal in the one version of rows.")
    rule = cell.why if cell.departs else None
    settles = _SETTLES if cell.key in evidence.targets.settling else None
    return joined(given, _ROLE_NOTES[role], settles, rule)


def _spread(case: Case) -> Label:
    """Write the computed values as they would be printed: one, or lowest and highest."""
    values = [value.exact for value in case.computed if value.known]
    if not values:
        return Label("-", "-")
    low, high = case.rounded(min(values)), case.rounded(max(values))
    unit = sign(case)
    if low == high:
        return number(f"{low}{unit}")
    return Label(
        f"{number(low).nl}{unit} tot {number(high).nl}{unit}", f"{low}{unit} to {high}{unit}"
    )


def _unknown(case: Case, seeds: tuple[int, ...]) -> Label:
    nl, en = _spread(case)
    versions = len(seeds)
    return Label(
        f"Op dit getal zijn de rijen niet gemaakt en het volgt nergens uit; zij geven {nl} over "
        f"{versions} versies, en gelijkheid zou toeval zijn.",
        f"The rows were not fitted to this number and it follows from nothing they were fitted "
        f"to; they give {en} over {versions} versions, and agreement would be chance.",
    )


def _miss(case: Case, seeds: tuple[int, ...]) -> Label:
    n = case.computed[0].base_n
    right = [str(seed) for seed, agrees in zip(seeds, case.agreeing, strict=True) if agrees]
    wrong = [str(seed) for seed, agrees in zip(seeds, case.agreeing, strict=True) if not agrees]
    nl, en = _spread(case)
    given = Label(
        f"Niet onmogelijk en nergens tegengesproken, maar de rijen geven {nl} (n = {n}).",
        f"Neither impossible nor contradicted, but the rows give {en} (n = {n}).",
    )
    if not right:
        return given
    return joined(
        given,
        Label(
            f"Wel gelijk in versie {', '.join(right)}; niet in {', '.join(wrong)}.",
            f"Equal in version {', '.join(right)}; not in {', '.join(wrong)}.",
        ),
    )


def _swap(case: Case, cases: Cases) -> Label | None:
    """Note that a table's two columns hold each other's numbers."""
    cell = case.cell
    table = [
        other
        for other in cases.all
        if (other.cell.locator, other.cell.measure) == (cell.locator, cell.measure)
    ]
    by_key = {(other.cell.row_no, other.cell.sector): other for other in table}
    sectors = sorted({other.cell.sector for other in table})
    if len(sectors) != 2:
        return None
    mirror = {sectors[0]: sectors[1], sectors[1]: sectors[0]}
    for other in table:
        twin = by_key.get((other.cell.row_no, mirror[other.cell.sector]))
        if twin is None or not all(other.admits(value) for value in twin.computed):
            return None
    return Label(
        f"De kolommen {sectors[0]} en {sectors[1]} van deze tabel zijn verwisseld.",
        f"The columns {sectors[0]} and {sectors[1]} of this table are exchanged.",
    )
