"""The stored study of corrected transitions: what it says, and that a part of it runs again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.studies.latent_transition import METHODS, one, summarise, symmetry

STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "latent_transition.json"
QUANTITIES = ("first to second", "second to first", "moved")
PART = {"joint, moved": 0.0765393, "three-step, moved": 0.1089678, "empty": 1.0}


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    if not STORED.is_file():
        pytest.skip("the stored study does not travel with the package")
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


def test_exact_tests_of_symmetry_keep_their_level(study: dict[str, Any]) -> None:
    for cell in study["symmetry"].values():
        error = (0.05 * 0.95 / cell["data_sets"]) ** 0.5
        assert cell["organisations"] == 50
        assert max(cell["rejected_at_5_percent"].values()) < 0.05 + 3 * error


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
