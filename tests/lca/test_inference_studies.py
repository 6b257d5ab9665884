"""A small fixed part of the inference studies, and what the stored results must show."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from swvtypes.errors import SwvtypesWarning

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def from_the_checkout(monkeypatch):
    """The studies stand beside the package, not in it."""
    monkeypatch.syspath_prepend(str(BENCHMARKS.parent))


def stored(name: str):
    path = BENCHMARKS / "results" / f"{name}.json"
    assert path.is_file(), f"{path.name} is absent: run the study"
    return json.loads(path.read_text())


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_coverage_at_500():
    from benchmarks.studies.inference_coverage import one, summarise

    found = summarise([one(500, "high", r, 0) for r in range(30)])
    # 30 data sets of 18 dependent intervals: a standard error of about 1.5 points.
    assert 0.91 < found["observed"]["coverage"] < 0.995


def test_stored_coverage():
    found = stored("inference_coverage")
    for separation in ("medium", "high"):
        cell = found[f"{separation} N=500"]
        assert cell["data_sets"] >= 500
        assert 0.93 <= cell["observed"]["coverage"] <= 0.97
    for n in (65, 152):
        for separation in ("medium", "high"):
            cell = found[f"{separation} N={n}"]
            assert cell["prior_1"]["coverage"] >= cell["observed"]["coverage"] - 0.01


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_levels_small_part():
    from benchmarks.studies.inference_levels import group_p_value, indicator_p_value

    for study in (group_p_value, indicator_p_value):
        p = np.array([study(r, 19)[0] for r in range(20)])
        assert p.min() >= 1 / 20
        assert (p <= 0.05).mean() < 0.25
        assert 0.3 < p.mean() < 0.7


def test_stored_levels():
    found = stored("inference_levels")
    groups = found["groups 65+58"]
    assert groups["data_sets"] == 1000
    assert 0.035 <= groups["rejected_at_5_percent"] <= 0.065
    indicator = found["indicator N=65"]
    assert indicator["data_sets"] == 1000
    assert 0.035 <= indicator["rejected_at_5_percent"] <= 0.065


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_three_step_small_part():
    from benchmarks.studies.inference_three_step import one, summarise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        found = summarise([one(500, "high", r) for r in range(12)])
    naive = found["slope naive modal"]["relative_bias_percent"]
    for method in ("ml modal", "bch modal", "two_step modal", "one_step modal"):
        assert abs(found[f"slope {method}"]["relative_bias_percent"]) < 20.0
        assert found[f"slope {method}"]["relative_bias_percent"] > naive


def test_stored_three_step():
    found = stored("inference_three_step")
    for separation in ("medium", "high"):
        cell = found[separation]
        for method in ("ml modal", "ml proportional", "bch modal", "bch proportional",
                       "two_step modal", "one_step modal"):  # fmt: skip
            assert abs(cell[f"slope {method}"]["relative_bias_percent_median"]) < 5.0
        for method in ("ml modal", "bch modal", "two_step modal"):
            assert abs(cell[f"mean {method}"]["relative_bias_percent"]) < 5.0
            assert abs(cell[f"chance {method}"]["relative_bias_percent"]) < 5.0
    # What the corrections are for: naive estimates are drawn to the middle.
    for target in ("slope", "mean", "chance"):
        assert found["medium"][f"{target} naive modal"]["relative_bias_percent"] < -10.0
    assert found["high"]["slope naive modal"]["relative_bias_percent"] < -4.0
    # At low separation step one is too sure of itself and three steps correct too little.
    low = found["low"]
    assert low["slope naive modal"]["relative_bias_percent"] < -50.0
    assert -50.0 < low["slope ml modal"]["relative_bias_percent"] < -20.0
