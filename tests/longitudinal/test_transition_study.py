"""The stored study of corrected transitions: what it says, and that a part of it runs again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.studies.latent_transition import METHODS, one, summarise, symmetry
from benchmarks.studies.latent_transition_invariance import one as invariance_set
from swvtypes.longitudinal.three_step import FEW

STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "latent_transition.json"
QUANTITIES = ("first to second", "second to first", "moved")
INVARIANCE = STORED.with_name("latent_transition_invariance.json")
INVARIANCE_PART = [0.05, 0.5, 0.2, 0.05]
PART = {"joint, moved": 0.0765393, "three-step, moved": 0.1089678, "empty": 1.0}


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    assert STORED.is_file(), f"{STORED.name} is absent: run the study"
    found: dict[str, Any] = json.loads(STORED.read_text())
    return found


def test_many_units_have_little_bias_and_intervals_that_cover(study: dict[str, Any]) -> None:
    cell = study["intervals"]["N=500, 5 items"]
    error = (0.95 * 0.05 / cell["data_sets"]) ** 0.5
    for quantity in QUANTITIES:
        for model in ("three-step", "joint", "joint free"):
            assert abs(cell[f"{model}, {quantity}"]["bias_points"]) < 1.0
        assert cell[f"naive, {quantity}"]["bias_points"] > 4.0
        for method in METHODS:
            found = cell[f"joint, {quantity}"][method]["coverage"]
            assert 0.93 - 1.5 * error < found < 0.97 + 1.5 * error


@pytest.mark.parametrize("n", [50, 60, 75])
def test_profile_intervals_of_the_joint_model_cover_with_few_units(
    study: dict[str, Any], n: int
) -> None:
    cell = study["intervals"][f"N={n}, 5 items"]
    error = (0.95 * 0.05 / cell["data_sets"]) ** 0.5
    for quantity in QUANTITIES:
        entry = cell[f"joint, {quantity}"]
        assert entry["profile"]["coverage"] > 0.93 - 1.5 * error
        assert entry["profile"]["defined"] == 1.0
        assert cell[f"naive, {quantity}"]["bias_points"] > 4.0


@pytest.mark.parametrize("n", [50, 75])
def test_on_new_seeds_the_recommended_interval_covers_93_percent(
    study: dict[str, Any], n: int
) -> None:
    """Profile likelihood in the joint model; its rule was settled before these were drawn."""
    cell = study["new seeds"][f"N={n}, 5 items"]
    assert cell["data_sets"] >= 1000
    assert cell["seed"] != study["seed"]
    for quantity in QUANTITIES:
        entry = cell[f"joint, {quantity}"]
        assert entry["profile"]["coverage"] >= 0.93
        assert entry["profile"]["defined"] == 1.0
        assert 0.0 <= entry["on_the_boundary"] < 0.3
        assert abs(entry["bias_points"]) < 1.0
        assert cell[f"naive, {quantity}"]["bias_points"] > 4.0
        # What the warning of few organisations says of the three-step intervals.
        three_step = cell[f"three-step, {quantity}"]["profile"]["coverage"]
        assert 0.83 < three_step < 0.90


def test_on_new_seeds_many_units_have_little_bias_and_intervals_that_cover(
    study: dict[str, Any],
) -> None:
    cell = study["new seeds"]["N=500, 5 items"]
    for quantity in QUANTITIES:
        entry = cell[f"joint, {quantity}"]
        assert abs(entry["bias_points"]) < 1.0
        assert 0.93 <= entry["profile"]["coverage"] <= 0.97
        assert cell[f"naive, {quantity}"]["bias_points"] > 4.0


def test_three_step_needs_as_many_organisations_as_the_warning_says(study: dict[str, Any]) -> None:
    cells = {n: study["three-step"][f"N={n}, 5 items"] for n in (100, 150, 200, FEW)}
    assert min(cell["data_sets"] for cell in cells.values()) >= 1000
    bias = [cell["three-step, moved"]["bias_points"] for cell in cells.values()]
    assert bias == sorted(bias, reverse=True)
    worst = {
        n: min(cell[f"three-step, {q}"]["profile"]["coverage"] for q in QUANTITIES)
        for n, cell in cells.items()
    }
    assert worst[100] < 0.89
    assert worst[FEW] == max(worst.values()) > 0.91
    assert abs(bias[-1]) < 0.2


def test_bootstrap_intervals_cover_less_with_few_units(study: dict[str, Any]) -> None:
    """Why profile likelihood is the default: few sets, but far from 95%."""
    cell = study["bootstrap"]["N=60, 5 items"]
    for quantity in QUANTITIES:
        assert cell[f"joint, {quantity}"]["bootstrap"]["coverage"] < 0.90


def test_equal_profiles_are_rejected_at_the_level_and_changed_ones_more_often() -> None:
    study = json.loads(INVARIANCE.read_text())
    equal, changed = study["equal"], study["one item changed"]
    assert equal["data_sets"] >= 300
    error = (0.05 * 0.95 / equal["data_sets"]) ** 0.5
    assert abs(equal["rejected_at_5_percent"] - 0.05) < 3 * error
    assert (
        abs(equal["rejected_at_25_percent"] - 0.25) < 3 * (0.25 * 0.75 / equal["data_sets"]) ** 0.5
    )
    assert changed["rejected_at_5_percent"] > 5 * equal["rejected_at_5_percent"]


def test_a_part_of_the_invariance_study_runs_again() -> None:
    found = [invariance_set(False, r) for r in range(3)] + [invariance_set(True, 0)]
    assert [p for p, _ in found] == pytest.approx(INVARIANCE_PART)


def test_exact_tests_of_symmetry_keep_their_level(study: dict[str, Any]) -> None:
    for cell in study["symmetry"].values():
        error = (0.05 * 0.95 / cell["data_sets"]) ** 0.5
        assert cell["organisations"] == 50
        assert max(cell["rejected_at_5_percent"].values()) < 0.05 + 3 * error
    assert study["symmetry"]["10% changes"]["with_empty_cells"] > 0.9


@pytest.mark.slow
def test_a_part_runs_again() -> None:
    found = summarise([one(60, 5, METHODS, r) for r in range(6)])
    assert found["data_sets"] == 6
    entry = found["joint, moved"]
    assert isinstance(entry, dict)
    assert entry["mean"] == pytest.approx(PART["joint, moved"], abs=1e-4)
    entry = found["three-step, moved"]
    assert isinstance(entry, dict)
    assert entry["mean"] == pytest.approx(PART["three-step, moved"], abs=1e-4)
    assert symmetry(50, 20)["with_empty_cells"] == pytest.approx(PART["empty"])
