"""Choices of a run file that a report lists, and which of them still want a reason."""

from __future__ import annotations

from swvtypes.report.choices_of_run import run_choices
from swvtypes.report.inputs import Choice


def _by_name(choices: tuple[Choice, ...]) -> dict[str, Choice]:
    return {choice.what.en: choice for choice in choices}


def test_a_plain_run_made_four_choices_each_with_its_reason() -> None:
    found = _by_name(run_choices({"seed": 7, "tables": "monitor_2016"}, quick=False))
    assert {name: choice.chosen.en for name, choice in found.items()} == {
        "Seed": "7",
        "Missing answers": "full-information likelihood",
        "Tables": "monitor_2016",
        "Last place of each group on the continuum": "3, 7",
    }
    assert all(choice.reason.nl and choice.reason.en for choice in found.values())


def test_what_departs_from_the_usual_has_no_reason_until_somebody_gives_it() -> None:
    settings = {
        "steering": {"cuts": [4, 8]},
        "columns": {"BRIN": "organisation", "V12": "goals"},
        "leave_out": ["remarks", "other"],
    }
    found = _by_name(run_choices(settings, quick=False))
    shown = {name: choice.chosen.nl for name, choice in found.items() if not choice.reason.en}
    assert shown == {
        "Last place of each group on the continuum": "4, 8",
        "Other names of columns": "BRIN = organisation, V12 = goals",
        "Columns not read": "remarks, other",
    }


def test_an_earlier_wave_its_crosswalk_and_a_quick_look_are_told() -> None:
    settings = {"previous": "monitor_2022", "crosswalk": "items.csv"}
    found = _by_name(run_choices(settings, quick=True))
    assert found["Previous wave in the tables"].chosen.en == "monitor_2022"
    assert found["Same questions of waves"].chosen.en == "items.csv"
    assert "provisional" in found["Numbers of classes and types"].reason.en
    slow = _by_name(run_choices(settings, quick=False))
    assert set(found) - set(slow) == {"Numbers of classes and types"}
