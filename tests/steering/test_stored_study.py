"""The stored study of levels says what the docstrings claim of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "steering_level.json"
ITEMS = 8


@pytest.fixture(scope="module")
def study() -> dict[str, dict[str, dict[str, dict[str, float] | str]]]:
    assert STORED.is_file(), f"{STORED.name} is absent: run the study"
    found: dict[str, dict[str, dict[str, dict[str, float] | str]]] = json.loads(STORED.read_text())
    return found


def levels(study: dict, part: str) -> dict[tuple[str, str], float]:
    return {
        (item, name): entry["rejected"]
        for item, parts in study.items()
        if isinstance(parts, dict) and part in parts
        for name, entry in parts[part].items()
        if isinstance(entry, dict) and "rejected" in entry
    }


def test_levels_are_kept(study: dict) -> None:
    bound = 0.05 + 3 * study["monte_carlo_error"]
    none = levels(study, "no relation, n=65 (equivalence: power at a margin of 0.3)")
    main = {key: value for key, value in none.items() if key[1] not in ("welch", "equivalence")}
    assert len({item for item, _ in main}) == ITEMS
    assert {key: value for key, value in main.items() if value > bound} == {}
    for part in ("correlation on the margin", "difference on the margin"):
        found = levels(study, part)
        assert len({item for item, _ in found}) == ITEMS
        assert {key: value for key, value in found.items() if value > bound} == {}


def test_welch_is_near_its_level_and_f_is_not_with_unequal_spreads(study: dict) -> None:
    none = levels(study, "no relation, n=65 (equivalence: power at a margin of 0.3)")
    assert max(value for (_, name), value in none.items() if name == "welch") < 0.065
    unequal = study["unequal spreads, groups 20+31+14"]
    assert unequal["welch"]["rejected"] < 0.065
    assert unequal["pairs_holm"]["rejected"] < 0.055
    assert min(unequal[name]["rejected"] for name in ("f", "kruskal", "f_permutation")) > 0.1
