"""The stored recovery study says what is claimed of it, and a part of it comes out again."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
STORED = BENCHMARKS / "results" / "typology_recovery.json"


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    if not STORED.is_file():
        pytest.skip("the stored study does not travel with the package")
    found: dict[str, Any] = json.loads(STORED.read_text())
    return found


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_types_are_recovered(study: dict[str, Any], sector: str) -> None:
    assert study["waves"] >= 30
    found = study[sector]
    assert found["mean_absolute_error_of_share"] <= 0.06
    assert found["ratio"] >= 0.90
    assert found["two_types"] >= 0.95


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_information_predicts_the_agreement(study: dict[str, Any], sector: str) -> None:
    found = study[sector]
    assert abs(found["agreement_expected"] - found["agreement_observed"]) < 0.01
    assert found["agreement_mean_absolute_gap"] < 0.03
    assert 0.5 < found["information"] < 1.0


@pytest.mark.slow
def test_part_of_the_study_comes_out_again(study: dict[str, Any]) -> None:
    path = BENCHMARKS / "studies" / "typology_recovery.py"
    spec = importlib.util.spec_from_file_location("typology_recovery", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for sector, number in (("po", 0), ("vo", 3)):
        again = module.one((sector, number))
        (kept,) = [r for r in study["rows"] if (r["sector"], r["wave"]) == (sector, number)]
        assert again["types"] == kept["types"]
        assert again["rand"] == pytest.approx(kept["rand"], abs=1e-6)
        assert again["share_error"] == pytest.approx(kept["share_error"], abs=1e-4)
