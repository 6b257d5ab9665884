"""The stored study of where starts end, and a part of it run again."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.lca_speed import small_sets
from benchmarks.studies.shortcut_endings import RESULT, compare, problem_of

STORED = Path(RESULT)


def test_few_starts_end_elsewhere_and_the_best_is_never_lower() -> None:
    stored = json.loads(STORED.read_text())
    total = stored["total"]
    assert total["starts"] == sum(cell["starts"] for cell in stored["sets"].values()) >= 1600
    assert total["lower"] <= 0.003 * total["starts"]
    assert total["lower"] <= total["higher"] <= 0.02 * total["starts"]
    assert min(cell["best_is_higher_by"] for cell in stored["sets"].values()) > -1e-6


def test_a_part_comes_out_again() -> None:
    stored = json.loads(STORED.read_text())["sets"]
    frame = small_sets()["20 binary, 10% missing"]
    again = compare(problem_of(frame), 4)
    assert again["best_is_higher_by"] > -1e-6
    known = stored["20 binary, 10% missing, K=4"]
    assert abs(again["lower"] - known["lower"]) <= 1
    assert abs(again["higher"] - known["higher"]) <= 2
