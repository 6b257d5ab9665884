"""Notes of a step, in the language of the run; what is in English says so."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from swvtypes.errors import ConstantItemWarning, InputError, MissingExtraError, OptionError
from swvtypes.language import Label
from swvtypes.workflow.figure_step import drawn_files
from swvtypes.workflow.plan import Notes

KNOWN = InputError("positions", ["before: every position is the same"])
OTHER = InputError("panel", ["no such column", "no rows"])


@pytest.mark.parametrize(
    ("reason", "nl", "en"),
    [
        (Label("geen", "none"), "geen", "none"),
        ("as it\nstands", "as it stands", "as it stands"),
        (
            KNOWN,
            "in de eerste golf is elke positie gelijk",
            "positions: before: every position is the same",
        ),
        (
            OTHER,
            "(melding in het Engels) panel: no such column; no rows",
            "panel: no such column; no rows",
        ),
        (
            OptionError("level", "at least 1", 0),
            "(melding in het Engels) level: expected at least 1, got 0",
            "level: expected at least 1, got 0",
        ),
        (
            ConstantItemWarning("item a: one value"),
            "(melding in het Engels) item a: one value",
            "item a: one value",
        ),
        (
            MissingExtraError("a figure", "matplotlib", "report"),
            "hiervoor is de bibliotheek matplotlib nodig, die niet is geïnstalleerd: "
            'pip install "swvtypes[report]"',
            "a figure needs the library matplotlib, which is not installed: "
            'pip install "swvtypes[report]"',
        ),
    ],
)
def test_a_reason_in_both_languages(reason: object, nl: str, en: str) -> None:
    for language, told in (("nl", nl), ("en", en)):
        notes = Notes(language)  # type: ignore[arg-type]
        notes.add("subject", reason)
        assert notes.rows == [("subject", told)]


def test_what_nobody_foresaw_is_named() -> None:
    def fails() -> None:
        raise ZeroDivisionError("by nothing")

    for language, told in (
        ("nl", "niet te berekenen: (melding in het Engels) ZeroDivisionError: by nothing"),
        ("en", "could not be computed (ZeroDivisionError: by nothing)"),
    ):
        notes = Notes(language)  # type: ignore[arg-type]
        notes.tried("subject", fails)
        assert notes.rows == [("subject", told)]


def test_figures_without_their_library_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    work: Any = SimpleNamespace(notes=Notes("nl"))
    assert drawn_files(work, dict) == {}
    ((subject, reason),) = work.notes.rows
    assert subject == "figuren"
    assert reason.startswith("hiervoor is de bibliotheek matplotlib nodig")


@pytest.mark.parametrize(
    ("subject", "dutch"),
    [
        ("comparison", "vergelijking"),
        ("context by steering", "omstandigheden naar sturing"),
        ("theme_my_theme by types", "thema my_theme naar typen"),
        ("services_help by steering", "voorzieningen help naar sturing"),
        ("../2022/results", "../2022/results"),
        ("side by side", "side by side"),
    ],
)
def test_a_subject_is_named_in_the_language_of_the_run(subject: str, dutch: str) -> None:
    notes = {language: Notes(language) for language in ("nl", "en")}  # type: ignore[arg-type]
    for one in notes.values():
        one.add(subject, Label("omdat", "because"))
    assert notes["nl"].rows == [(dutch, "omdat")]
    assert notes["en"].rows == [(subject, "because")]
