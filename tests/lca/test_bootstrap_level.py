"""A small fixed part of the level study, and what the stored result must show."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
STORED = BENCHMARKS / "results" / "bootstrap_level.json"


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The study stands beside the package, not in it."""
    monkeypatch.syspath_prepend(str(BENCHMARKS / "studies"))
    import bootstrap_level

    return bootstrap_level


@pytest.fixture(scope="module")
def stored() -> Any:
    assert STORED.is_file(), f"{STORED.name} is absent: run the study"
    return json.loads(STORED.read_text())


def test_rejects_a_true_number_of_classes_at_its_level(stored: Any) -> None:
    assert {"one class, 8 items", "two classes, 10 items"} <= set(stored["designs"])
    for found in stored["designs"].values():
        p = found["p_values"]
        assert len(p) == found["data_sets"] == 1000
        assert found["rejected"] == sum(value <= 0.05 for value in p)
        assert found["rejection_rate"] == found["rejected"] / 1000
        assert 0.035 <= found["rejection_rate"] <= 0.065


def test_the_null_distribution_is_right_over_its_whole_length(stored: Any) -> None:
    for name, found in stored["designs"].items():
        for level in (0.1, 0.25, 0.5, 0.75, 0.9):
            share = sum(p <= level for p in found["p_values"]) / found["data_sets"]
            error = (level * (1.0 - level) / found["data_sets"]) ** 0.5
            assert abs(share - level) < 3.5 * error, (name, level, share)


def test_the_stored_designs_are_those_of_the_study(stored: Any, study: Any) -> None:
    assert stored["seed"] == study.SEED
    assert stored["level"] == study.LEVEL
    for name, found in stored["designs"].items():
        assert found["design"] == json.loads(json.dumps(asdict(study.DESIGNS[name])))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one class, 8 items", "two classes, 10 items"])
def test_a_fixed_part_comes_out_again(stored: Any, study: Any, name: str) -> None:
    """A replicate whose best start ends elsewhere moves a p-value by one in a hundred."""
    found = stored["designs"][name]["p_values"]
    again = [study.p_value(study.DESIGNS[name], number) for number in range(6)]
    assert again == pytest.approx(found[:6], abs=0.0101)
    assert sum(a == b for a, b in zip(again, found, strict=False)) >= 4
    assert [p <= study.LEVEL for p in again] == [p <= study.LEVEL for p in found[:6]]
