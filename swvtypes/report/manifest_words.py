"""What a run says of itself, in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swvtypes.language import Label, Language

_WORDS = {
    "wave name": Label("naam van de golf", "name of the wave"),
    "wave year": Label("jaar", "year"),
    "wave codebook": Label("codeboek", "codebook"),
    "wave synthetic": Label("synthetische rijen", "synthetic rows"),
}
_KINDS = {"version": Label("versie van", "version of"), "sha256": Label("SHA-256 van", "SHA-256 of")}  # fmt: skip  # noqa: E501
_FILES = {
    "run file": Label("runbestand", "run file"),
    "wave": Label("gegevensbestand", "data file"),
    "codebook": Label("codeboek", "codebook"),
    "register": Label("registerbestand", "register file"),
    "crosswalk": Label("welke vragen dezelfde zijn", "which questions are the same"),
    "tables": Label("tabellenbestand", "table file"),
    "previous": Label("vorige golf", "previous wave"),
}
_OF_MANY = {
    "organisations": Label(
        "welke organisaties dezelfde zijn,", "which organisations are the same,"
    ),
    "earlier run": Label("eerdere run", "earlier run"),
}
_ANSWERS, _NO_ANSWERS = ", answers", Label("niet meer aanwezig", "no longer there")
_ANSWERS_OF = Label("antwoorden van", "answers of")
_BOOLEANS = {True: Label("ja", "yes"), False: Label("nee", "no")}


def manifest_name(key: str, language: Language) -> str:
    """Name an entry of a manifest; one that is not known as it stands.

    Examples
    --------
    >>> manifest_name("sha256 earlier run ../then, answers", "nl")
    'SHA-256 van antwoorden van eerdere run ../then'
    >>> manifest_name("version numpy", "en"), manifest_name("place", "nl")
    ('version of numpy', 'place')
    """
    if key in _WORDS:
        return _WORDS[key].text(language)
    kind, _, rest = key.partition(" ")
    if kind not in _KINDS or not rest:
        return key
    named = _file(rest, language) if kind == "sha256" else rest
    return f"{_KINDS[kind].text(language)} {named}"


def manifest_value(value: Any, language: Language) -> str:
    """Write a value of a manifest as one text.

    Examples
    --------
    >>> manifest_value(False, "nl"), manifest_value({"seed": [1, 2]}, "nl")
    ('nee', 'seed: 1, 2')
    """
    if isinstance(value, bool):
        return _BOOLEANS[value].text(language)
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {manifest_value(v, language)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(manifest_value(v, language) for v in value)
    return _NO_ANSWERS.text(language) if value == "absent" else str(value)


def _file(key: str, language: Language) -> str:
    if key in _FILES:
        return _FILES[key].text(language)
    if key.startswith("earlier run ") and key.endswith(_ANSWERS):
        rest = _file(key.removesuffix(_ANSWERS), language)
        return f"{_ANSWERS_OF.text(language)} {rest}"
    for kind, label in _OF_MANY.items():
        if key.startswith(f"{kind} "):
            return f"{label.text(language)} {key.removeprefix(kind).strip()}"
    return key
