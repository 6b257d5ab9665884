"""A fixed part of the corpus of made-up reports; the whole is in ``benchmarks``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def corpus() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import audit_corpus

        yield audit_corpus
    finally:
        sys.path.remove(str(BENCHMARKS))


def test_clean_reports_give_no_finding_but_rounding_twice(corpus: ModuleType) -> None:
    for seed in np.random.SeedSequence(1).spawn(15):
        report = corpus.build(seed)
        found = report.find()
        assert all(f.key.endswith("_twice") and f.confidence == "possible" for f in found)
        assert not found or report.quirk == "twice"


def test_each_kind_of_fault_is_found_where_it_stands(corpus: ModuleType) -> None:
    missed = []
    for number, seed in enumerate(np.random.SeedSequence(2).spawn(len(corpus.CORRUPTIONS))):
        report, kind = corpus.corrupted(seed, number)
        found = report.find()
        if not any(corpus.at_fault(f, report.places) for f in found):
            missed.append(kind)
    # Faults that may land on another possible value.
    assert set(missed) <= {
        "impossible_minimum",
        "impossible_maximum",
        "impossible_mean",
        "impossible_sd",
        "wrong_alpha",
    }
    assert len(missed) <= 2


def test_the_summary_counts(corpus: ModuleType) -> None:
    result = corpus.evaluate(6, seed=3)
    assert result["clean_reports"] == result["corrupted_reports"] == 6
    assert sum(kind["made"] for kind in result["per_corruption"].values()) == 6
    assert 0 <= result["recall"] <= 1
    assert result["precision"] > 0.9
