"""What takes a wrong print for right says nothing new: it is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swvtypes.auditing import Confidence, Meaning, build_record, examine
from swvtypes.auditing.finding import Finding, Place

WRONG = Finding(Place("Table 1", 2, "po", "percent"), "grim", "7", "8", "grim", "certain")


def _resting(*rests: Place) -> Finding:
    return Finding(
        Place("3.1", 0, "po", "s1"), "same_fact", "7", "9", "same_fact", "certain", rests_on=rests
    )


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (Place("Table 1", 2, "po"), True),
        (Place("Table 1", 0, "po"), True),
        (Place("Table 1", 3, "po"), False),
        (Place("Table 1", 2, "vo"), False),
        (Place("Table 2", 2, "po"), False),
    ],
)
def test_it_rests_on_the_row_or_on_the_whole_table_of_its_sector(
    rest: Place, expected: bool
) -> None:
    assert _resting(rest).rests_upon(WRONG) is expected
    assert _resting(Place("Table 9", 1, "po"), rest).rests_upon(WRONG) is expected


def test_nothing_rests_on_itself_or_on_nothing() -> None:
    itself = replace(WRONG, rests_on=(WRONG.place,))
    assert itself.rests_upon(itself) is False
    assert _resting().rests_upon(WRONG) is False


@pytest.mark.parametrize(("confidence", "left"), [("certain", 1), ("likely", 2)])
def test_what_rests_on_a_print_that_is_wrong_for_certain_is_left_out(
    monkeypatch: pytest.MonkeyPatch, confidence: Confidence, left: int
) -> None:
    wrong = replace(WRONG, confidence=confidence)
    told = _resting(Place("Table 1", 0, "po"))
    monkeypatch.setattr(examine, "CHECKS", (lambda record: [told, wrong],))
    monkeypatch.setattr(examine, "mark_repeated_notes", lambda record, found: found)
    found = examine.find_all(build_record("made_up", {}, Meaning()))
    assert len(found) == left
    assert wrong in found
