"""The study of types in answers of other kinds than yes or no."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from benchmarks import typology_kinds as study

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    return json.loads(study.RESULTS.read_text())["populations"]


def test_it_covers_its_populations(stored: dict[str, Any]) -> None:
    assert list(stored) == list(study.POPULATIONS)
    for name, entry in stored.items():
        assert entry["summary"] == study.summary(name, entry["rows"])
        assert [row["wave"] for row in entry["rows"]] == list(range(len(entry["rows"])))


def test_rows_are_what_the_population_says() -> None:
    counted: dict[str, list[np.ndarray]] = {}
    for number in range(60):
        for name in ("four kinds of item, 77", "one type of 15%, 77"):
            frame, kind, best = study.drawn(name, number)
            mean = frame.mean().groupby(lambda c: c.split("_")[0]).mean()
            counted.setdefault(name, []).append(np.r_[kind.mean(), (best == kind).mean(), mean])
    four = np.mean(counted["four kinds of item, 77"], axis=0)
    assert four[0] == pytest.approx(0.5, abs=0.03)
    # Halves of both classes: .525, 2.1, 0 and 3.5 (points of a cut normal law lie a bit inward).
    assert four[2:] == pytest.approx([0.525, 2.08, 0.0, 3.5], abs=0.08)
    small = np.mean(counted["one type of 15%, 77"], axis=0)
    assert small[0] == pytest.approx(0.15, abs=0.02)
    assert small[1] > 0.97
    told = study.drawn("five points, 58, 8% missing, ordinal stated", 3)[0]
    assert told.equals(study.drawn("five points, 58, 8% missing", 3)[0])
    assert told.isna().to_numpy().mean() == pytest.approx(0.08, abs=0.03)


def test_a_stated_order_finds_types_better(stored: dict[str, Any]) -> None:
    name = "five points, 58, 8% missing"
    plain, told = (
        [row["rand"] for row in stored[n]["rows"]] for n in (name, f"{name}, ordinal stated")
    )
    gain = np.array(told) - np.array(plain)
    assert gain.mean() > 2 * gain.std(ddof=1) / len(gain) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["four kinds of item, 77", "five points, 58, 8% missing, ordinal stated",
             "four answers without order, 77"],
)  # fmt: skip
def test_a_part_comes_out_again(stored: dict[str, Any], name: str) -> None:
    kept = stored[name]["rows"][0]
    again = study.one(name, 0)
    assert again["types"] == kept["types"]
    assert again["rand"] == pytest.approx(kept["rand"], abs=1e-6)
    assert again["share_error"] == pytest.approx(kept["share_error"], abs=1e-4, nan_ok=True)
