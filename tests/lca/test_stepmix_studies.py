"""What the stored studies beside StepMix show, and a fixed small part of them again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
METHODS = ("one_step", "two_step", "ml", "bch")


def cells() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STORED / "stepmix_designs.json").read_text())["cells"]
    return found


def parts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STORED / "stepmix_levels.json").read_text())["parts"]
    return found


def test_both_engines_give_the_same_slopes_where_classes_are_far_apart() -> None:
    cell = cells()["covariate 0.9 N=500"]
    assert cell["data_sets"] >= 50
    for method in METHODS:
        assert cell[method]["same"] == cell[method]["compared"] == cell["data_sets"]
        assert abs(cell[method]["difference_percent"]) < 0.1
        assert abs(cell[method]["ours"]["bias_percent"]) < 6.0
        assert cell[method]["ours"]["coverage"] > 0.90


def test_class_means_by_bch_agree_for_neither_engine_needs_the_variance() -> None:
    for separation in (0.9, 0.8):
        cell = cells()[f"outcome {separation} N=500"]
        assert cell["bch"]["same"] >= 0.9 * cell["bch"]["compared"]


def test_step_one_finds_what_the_true_parameters_find_where_classes_are_far_apart() -> None:
    found = cells()["outcome 0.9 N=500"]["step_one"]
    assert found["ours"]["adjusted_rand"] > found["truth"]["adjusted_rand"] - 0.01
    assert found["ours"]["item_rmse"] == pytest.approx(found["StepMix"]["item_rmse"], abs=0.002)


def test_full_covariances_are_stored_though_the_peer_is_better() -> None:
    found = cells()["gaussian 0.9 N=500"]
    assert found["StepMix"]["adjusted_rand"] > found["ours"]["adjusted_rand"] > 0.9


def test_wald_tests_keep_their_level_at_500_cases() -> None:
    part = parts()["wald N=500"]
    assert part["data_sets"] >= 100
    for key, got in part.items():
        if isinstance(got, dict):
            assert abs(got["rejected"] - 0.05) < 3.0 * np.sqrt(0.05 * 0.95 / part["data_sets"]), key


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the studies fit hard samples on purpose
def test_a_part_of_the_designs_comes_out_again() -> None:
    pytest.importorskip("stepmix")
    from benchmarks.studies.stepmix_designs import structural_set, summarise

    cell = summarise("covariate", [structural_set("covariate", 500, 0.9, r) for r in range(10)])
    kept = cells()["covariate 0.9 N=500"]
    for method in METHODS:
        got = cell[method]
        assert got["same"] == got["compared"] == 10
        error = np.hypot(got["ours"]["monte_carlo_error_percent"],
                         kept[method]["ours"]["monte_carlo_error_percent"])  # fmt: skip
        gap = got["ours"]["bias_percent"] - kept[method]["ours"]["bias_percent"]
        assert abs(gap) < 4.0 * error
    means = summarise("outcome", [structural_set("outcome", 500, 0.9, r) for r in range(10)])
    assert means["bch"]["difference_percent"] == pytest.approx(0.0, abs=0.5)
    assert means["step_one"]["ours"]["adjusted_rand"] > 0.85


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the studies fit hard samples on purpose
def test_a_part_of_the_levels_comes_out_again() -> None:
    pytest.importorskip("stepmix")
    from benchmarks.studies.stepmix_levels import rejected, wald_set

    found = rejected([wald_set(500, r) for r in range(20)])
    for key, got in found.items():
        if isinstance(got, dict):
            assert got["rejected"] <= 0.25, key
    again = wald_set(500, 3)
    assert again == wald_set(500, 3)
