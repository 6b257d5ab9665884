"""Where there are no types: the stored study of whole waves, and a part of it run again."""

from __future__ import annotations

import json
from typing import Any

import pytest

import swvtypes as sw
from benchmarks.studies import typology_false_types as study
from swvtypes.typology.existence_text import NOT_TESTED

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    return json.loads(study.RESULTS.read_text())


def test_every_way_and_population_is_stored_and_counted(stored: dict[str, Any]) -> None:
    known = {cell.name: cell for cell in study.cells()}
    assert {name for name, cell in known.items() if cell.n == 77} <= set(stored["cells"])
    for name, entry in stored["cells"].items():
        cell = known[name]
        rows = [study.row_of(text) for text in entry["rows"]]
        assert entry["summary"] == study.summary(cell.truth, rows)


def test_types_are_named_falsely_in_at_most_one_in_twenty(stored: dict[str, Any]) -> None:
    """Those of a quick look on a continuum are not claimed as anything: it asks no such thing."""
    for cell in study.cells():
        if cell.n == 77:
            found = stored["cells"][cell.name]["summary"]
            assert found["rate"] <= 0.05, cell.name
            asked = found["verdicts"]["not tested"] == 0 or "continuum" not in cell.truth
            assert asked == (cell.name != "one continuum, N=77, quick")


def test_several_types_never_stand_without_a_word_on_the_continuum(stored: dict[str, Any]) -> None:
    """Unless the verdict itself is that a continuum does not do, which is counted as false."""
    for name, entry in stored["cells"].items():
        found = entry["summary"]
        assert found["unreserved"] == found["claimed"], name


def test_what_is_counted() -> None:
    def row(types: int, verdict: str, reserved: bool) -> dict[str, Any]:
        return {"types": types, "verdict": verdict, "reserved": reserved, "classes": [2, 1],
                "items": 5, "heard": 0}  # fmt: skip

    rows = [
        row(1, "independent", False),
        row(2, "continuum", True),
        row(2, "undecided", True),
        row(3, "neither", False),
        row(2, "types", False),
        row(2, "not tested", True),
    ]
    assert [study.row_of(study.line(each)) for each in rows] == rows
    line = study.summary("one continuum", rows)
    assert (line["false"], line["claimed"], line["more_than_one_type"]) == (2, 2, 5)
    assert line["unreserved"] == 2
    unrelated = study.summary("unrelated weak themes", rows)
    assert (unrelated["false"], unrelated["rate"]) == (5, 0.8333)
    assert unrelated["interval"] == pytest.approx([0.4365, 0.9699], abs=1e-4)


@pytest.mark.parametrize("truth", list(study.TRUTHS))
def test_a_quick_wave_comes_out_again(stored: dict[str, Any], truth: str) -> None:
    kept = stored["cells"][f"{truth}, N=77, quick"]["rows"][0]
    assert study.line(study.one(truth, 77, "quick", 0)) == kept


@pytest.mark.slow
@pytest.mark.parametrize("truth", list(study.TRUTHS))
def test_a_full_wave_comes_out_again(stored: dict[str, Any], truth: str) -> None:
    kept = stored["cells"][f"{truth}, N=77, full"]["rows"]
    with study.what_decides():
        assert study.line(study.one(truth, 77, "full", 1)) == kept[1]
    # What the study leaves out decides nothing.
    assert study.line(study.one(truth, 77, "full", 0)) == kept[0]


def test_a_quick_look_says_that_no_continuum_was_tested() -> None:
    found = sw.Typology(random_state=0, quick=True, n_init=5, max_classes=2, max_types=2)
    found.fit(study.drawn("one continuum", 77, 0), themes=study.THEMED)
    assert found.models_[0].n_types == 2
    for language in ("en", "nl"):
        assert found.describe(language).count(NOT_TESTED.text(language)) == 1
    found.fit(study.drawn("unrelated strong themes", 77, 0), themes=study.THEMED)
    assert found.models_[0].n_types == 1
    assert NOT_TESTED.en not in found.describe("en")
