"""What a run file chose besides the options of the typology, with the reason of each choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swvtypes.language import Label

from .inputs import Choice

_USUAL_CUTS = [3, 7]


def run_choices(settings: Mapping[str, Any], quick: bool) -> tuple[Choice, ...]:
    """Give the choices of a run file.

    Parameters
    ----------
    settings : mapping
        As the manifest of the run holds them.
    quick : bool
        Whether the bootstrap was left out.

    Returns
    -------
    tuple of Choice
        A choice that is not the usual one, and whose reason no program can know, has none; the
        report flags it.
    """
    found = [
        _choice("Seed", "Seed", settings.get("seed", ""), (
            "Dezelfde seed geeft dezelfde uitkomsten.", "The same seed gives the same results.")),
        _choice("Ontbrekende antwoorden", "Missing answers", Label(
            "volledige-informatie-aannemelijkheid", "full-information likelihood"), (
            "Geen organisatie valt weg; ontbreken mag van gegeven antwoorden afhangen.",
            "No organisation is dropped; being missing may depend on the answers given.")),
        _choice("Tabellen", "Tables", settings.get("tables", ""), (
            "Indeling van het gedrukte rapport, zodat golven naast elkaar kunnen.",
            "Layout of the printed report, so that waves can stand side by side.")),
        _cuts(settings),
    ]  # fmt: skip
    if settings.get("previous"):
        found.append(_choice("Vorige golf in de tabellen", "Previous wave in the tables",
                             settings["previous"], ("Cijfers van toen staan ernaast.",
                                                    "Figures of then stand beside.")))  # fmt: skip
    if settings.get("crosswalk"):
        found.append(_choice("Gelijke vragen van golven", "Same questions of waves",
                             settings["crosswalk"], (
            "Alleen vragen die gelijk zijn gebleven mogen worden vergeleken.",
            "Only questions that stayed the same may be compared.")))  # fmt: skip
    for key, nl, en in (("columns", "Andere kolomnamen", "Other names of columns"),
                        ("leave_out", "Kolommen niet gelezen", "Columns not read")):  # fmt: skip
        if settings.get(key):
            found.append(_choice(nl, en, _listed(settings[key]), ("", "")))
    if quick:
        found.append(_choice("Aantal klassen en typen", "Numbers of classes and types", "BIC", (
            "Een snelle blik: de bootstrap is overgeslagen, de uitkomst is voorlopig.",
            "A quick look: the bootstrap was skipped, the result is provisional.")))  # fmt: skip
    return tuple(found)


def _cuts(settings: Mapping[str, Any]) -> Choice:
    cuts = list(settings.get("steering", {}).get("cuts", _USUAL_CUTS))
    usual = cuts == _USUAL_CUTS
    reason = ("De groepen van het onderzoek van 2016.", "The groups of the 2016 study.")
    shown = ", ".join(map(str, cuts))
    return _choice("Laatste plek van elke groep op het continuüm",
                   "Last place of each group on the continuum", shown,
                   reason if usual else ("", ""))  # fmt: skip


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{a} = {b}" for a, b in value.items())
    return ", ".join(map(str, value))


def _choice(nl: str, en: str, chosen: object, reason: tuple[str, str]) -> Choice:
    shown = chosen if isinstance(chosen, Label) else Label(str(chosen), str(chosen))
    return Choice(Label(nl, en), shown, Label(*reason))
