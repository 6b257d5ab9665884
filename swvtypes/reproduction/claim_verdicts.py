"""A verdict and its reason for each statement of running text, by the same rules for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from swvtypes.language import Label
from swvtypes.rounding import half_up

from .claim_comparison import Comparison, Statement
from .claim_fits import Fitted, Proven
from .claim_rows import Outcome
from .findings import Finding, Role, joined, number

_NOTES = {
    "target": Label(
        "De rijen zijn hierop gemaakt: gelijkheid is een cirkelredenering.",
        "The rows were fitted to this: agreement is circular.",
    ),
    "derived": Label(
        "Volgt uit wat de rijen moesten geven of uit de opzet van de vragenlijst.",
        "Follows from what the rows were fitted to, or from the design of the questionnaire.",
    ),
}
_PARTS = {
    "value": Label("het getal", "the number"),
    "p": Label("de p-waarde", "the p value"),
    "df1": Label("de eerste vrijheidsgraden", "the first degrees of freedom"),
    "df2": Label("de tweede vrijheidsgraden", "the second degrees of freedom"),
    "words": Label("de woorden", "the words"),
}
_LOOSE = Label(
    "De woorden zijn te rekbaar om hierover te beslissen.",
    "The words are too loose to settle this.",
)


_HELD = {True: Label("ja", "yes"), False: Label("nee", "no"), None: Label("-", "-")}


@dataclass(frozen=True)
class Claim:
    """A statement beside what every version of the rows gives."""

    statement: Statement
    role: Role
    outcomes: tuple[Outcome, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def agreeing(self) -> tuple[bool, ...]:
        """Whether each version agrees."""
        return tuple(found.answer == "yes" for found in self.comparisons)

    @property
    def differing(self) -> tuple[str, ...]:
        """Printed parts that differ in any version, each once."""
        return tuple(dict.fromkeys(part for found in self.comparisons for part in found.differing))


def shown_value(claim: Claim, outcome: Outcome) -> float:
    """Give the number that stands for an outcome: its value, or the p that decides.

    For "not significant" that is the smallest p, for a relation without a number the largest.
    """
    if by_p(claim):
        if not outcome.p_values:
            return math.nan
        least = claim.statement.kind in ("ns", "p")
        return min(outcome.p_values) if least else max(outcome.p_values)
    return math.nan if outcome.value is None else float(outcome.value)


def by_p(claim: Claim) -> bool:
    """Say whether a p value stands for the outcome."""
    kind, printed = claim.statement.kind, claim.statement.printed
    return kind in ("ns", "p") or (kind == "r" and not printed and "p" in claim.differing)


def judge_claim(claim: Claim, fitted: Fitted) -> Finding:
    """Give the verdict on one statement.

    Returns
    -------
    Finding
        In this order: reproduced (by every version, where rows carry information), impossible or
        contradicted as the certificate of the rows proves, contradicted by a distribution that
        is printed and that the rows have, undetermined (free, or words too loose), missed.
    """
    versions = len(claim.comparisons)
    if all(claim.agreeing):
        if claim.role == "free":
            return Finding("undetermined", _free(claim))
        equal = Label(
            f"Klopt in alle {versions} versies van de rijen ({_spread(claim).nl}).",
            f"Holds in all {versions} versions of the rows ({_spread(claim).en}).",
        )
        return Finding("reproduced", joined(equal, _NOTES[claim.role]))
    proofs = _proofs(claim, fitted)
    if proofs:
        impossible = any(proof.status == "impossible" for proof in proofs)
        return Finding(
            "impossible" if impossible else "contradicted",
            joined(*(_proof(proof) for proof in proofs), _given(claim)),
        )
    if claim.role == "free":
        return Finding("undetermined", _free(claim))
    if any(found.answer == "loose" for found in claim.comparisons):
        return Finding("undetermined", joined(_LOOSE, _given(claim)))
    places = fitted.where(claim.outcomes[0].facts)
    if places and not any(claim.agreeing):
        return Finding("contradicted", _elsewhere(claim, places))
    return Finding("missed", joined(_differs(claim), _given(claim)))


def _proofs(claim: Claim, fitted: Fitted) -> list[Proven]:
    statement = claim.statement
    own = {"value": statement.printed, "p": statement.p, "df2": statement.df2}
    return [
        proof
        for proof in fitted.proven.get(statement.id, ())
        if proof.part in claim.differing and _same(own.get(proof.part, ""), proof.printed)
    ]


def _same(first: str, second: str) -> bool:
    try:
        return float(first) == float(second)
    except ValueError:
        return False


def _proof(proof: Proven) -> Label:
    part = _PARTS[proof.part]
    if proof.status == "impossible":
        return Label(
            f"Onmogelijk is {part.nl} {proof.printed.replace('.', ',')}; bewijs, in het Engels: "
            f"{proof.reason}.",
            f"Impossible is {part.en} {proof.printed}: {proof.reason}.",
        )
    return Label(
        f"Een andere plaats spreekt {part.nl} {proof.printed.replace('.', ',')} tegen: "
        f"{proof.reason.replace('prints', 'drukt').replace(', which holds', ', en dat klopt')}.",
        f"Another place contradicts {part.en} {proof.printed}: {proof.reason}.",
    )


def _free(claim: Claim) -> Label:
    agree, versions = sum(claim.agreeing), len(claim.comparisons)
    nl, en = _spread(claim)
    return Label(
        f"De rijen zijn hier niet op gemaakt en het volgt nergens uit; zij geven {nl} en stemmen "
        f"in {agree} van de {versions} versies overeen, wat toeval is.",
        f"The rows were not fitted to this and it follows from nothing they were fitted to; they "
        f"give {en} and agree in {agree} of {versions} versions, which is chance.",
    )


def _elsewhere(claim: Claim, places: Sequence[str]) -> Label:
    said_nl, said_en = _said(claim)
    nl, en = _spread(claim)
    listed = ", ".join(places)
    return Label(
        f"Hier staat {said_nl}, maar uit de verdeling in {listed} volgt {nl}. Dat geven de rijen.",
        f"Print has {said_en} here, but {en} follows from the distribution in {listed}. That is "
        "what the rows give.",
    )


def _said(claim: Claim) -> Label:
    statement = claim.statement
    if not statement.printed:
        return Label(f'"{statement.qualifier}"', f'"{statement.qualifier}"')
    unit = "%" if statement.kind == "percent" else ""
    shown = number(f"{statement.printed}{unit}")
    words = f"{statement.qualifier} " if statement.qualifier else ""
    return Label(f"{words}{shown.nl}", f"{words}{shown.en}")


def _differs(claim: Claim) -> Label:
    parts = [_PARTS[part] for part in claim.differing if part in _PARTS]
    return Label(
        f"Niet onmogelijk en nergens tegengesproken, maar {' en '.join(p.nl for p in parts)} "
        "wijkt af.",
        f"Neither impossible nor contradicted, but {' and '.join(p.en for p in parts)} differ.",
    )


def _given(claim: Claim) -> Label:
    nl, en = _spread(claim)
    return Label(f"De rijen geven {nl}.", f"The rows give {en}.")


def _spread(claim: Claim) -> Label:
    """Write what the versions give: one number, or the lowest and the highest."""
    values = [shown_value(claim, outcome) for outcome in claim.outcomes]
    known = [value for value in values if not math.isnan(value)]
    if not known:
        held = {outcome.holds for outcome in claim.outcomes}
        if len(held) > 1:
            return Label("nu eens wel, dan weer niet", "now yes, now no")
        return _HELD[held.pop()]
    statement = claim.statement
    p = by_p(claim)
    decimals = 3 if p else (statement.decimals if statement.printed else 1)
    unit = "%" if statement.kind == "percent" and not p else ""
    low, high = (number(f"{half_up(v, decimals) + 0}{unit}") for v in (min(known), max(known)))
    lead = "p = " if p else ""
    if low == high:
        return Label(f"{lead}{low.nl}", f"{lead}{low.en}")
    return Label(f"{lead}{low.nl} tot {high.nl}", f"{lead}{low.en} to {high.en}")
