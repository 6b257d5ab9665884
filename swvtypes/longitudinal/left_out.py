"""Questions and organisations that a comparison leaves out, by name."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.language import Label
from swvtypes.survey import OrganisationCrosswalk
from swvtypes.survey.crosswalk_organisations import MergedRule

from .comparability_of_waves import Comparability

_MOST = 8
_WHY = {
    "gone": Label("vragen alleen in {before}", "questions of {before} only"),
    "new": Label("vragen alleen in {after}", "questions of {after} only"),
    "reworded": Label("anders geformuleerde vragen", "reworded questions"),
}
_RULES = {
    "agreement": Label(
        "eerder type alleen bekend waar de delen hetzelfde type hadden",
        "earlier type known only where its parts were of one type",
    ),
    "larger": Label(
        "eerder type is dat van het grootste deel", "earlier type is that of the larger part"
    ),
    "unknown": Label("eerder type onbekend", "earlier type unknown"),
}


def questions_left_out(told: Comparability) -> Iterator[Label]:
    """Name questions that one wave only asked, or asked in other words."""
    kinds = told.items["comparability"]
    for kind, why in _WHY.items():
        names = [str(c) for c in kinds.index[kinds == kind]]
        if names:
            shown = ", ".join(names[:_MOST])
            rest = len(names) - _MOST
            tail = f"{shown}, +{rest}" if rest > 0 else shown
            yield Label(*(
                f"{text.format(before=told.before, after=told.after)} ({len(names)}): {tail}"
                for text in (why.nl, why.en)
            ))  # fmt: skip


def organisations_left_out(
    organisations: OrganisationCrosswalk | None, merged: MergedRule
) -> Iterator[Label]:
    """Name organisations that merged or split, with the rule, and count those that came or went."""
    if organisations is None:
        return
    links = organisations.links
    for name in dict.fromkeys(k.after for k in links if k.event == "merged"):
        parts = " + ".join(organisations.parts(name))
        rule = _RULES[merged]
        yield Label(
            f"{parts} werden {name}: {rule.nl}; posities en antwoorden zonder paar",
            f"{parts} became {name}: {rule.en}; positions and answers have no pair",
        )
    for name in dict.fromkeys(k.before for k in links if k.event == "split"):
        parts = " + ".join(k.after for k in links if k.before == name)
        yield Label(
            f"{name} werd {parts}: elk deel erft het eerdere type; posities en antwoorden zonder "
            "paar",
            f"{name} became {parts}: each part inherits the earlier type; positions and answers "
            "have no pair",
        )
    for event, nl, en in (
        ("gone", "organisaties zijn er later niet meer", "organisations are gone later"),
        ("new", "organisaties zijn er later pas", "organisations are there later only"),
    ):
        count = sum(k.event == event for k in links)
        if count:
            yield Label(f"{count} {nl}", f"{count} {en}")
