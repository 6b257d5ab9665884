"""The stored study of superclusters, a small part of it run again."""

from __future__ import annotations

import json

import pytest

from benchmarks.studies import classes_of_classes as study


@pytest.fixture(scope="module")
def stored():
    return json.loads(study.RESULTS.read_text())


def claimed(found: dict) -> float:
    """Share of data sets in which types are claimed, or the most that it can be."""
    return float(str(found["claimed as types"]).removeprefix("at most "))


@pytest.mark.parametrize("name", list(study.NULLS))
def test_types_are_claimed_falsely_in_at_most_one_in_twenty(stored, name):
    found = stored[f"{name}, N=77"]
    assert found["data_sets"] == 1000
    assert claimed(found) <= 0.05


def test_stored_shares_come_from_this_program(stored):
    """The first 100 data sets again: within three standard errors of what is stored."""
    name = "unrelated weak themes"
    again = study.verdicts(study.NULLS[name], list(study.NULLS).index(name), 77, 100)
    known = stored[f"{name}, N=77"]["independence rejected by the bootstrap"]
    error = (known * (1 - known) / 100) ** 0.5
    assert abs(again["independence rejected by the bootstrap"] - known) < 3 * error + 0.02
    assert claimed(again) <= 0.05


@pytest.mark.parametrize("name", ["strong items", "weak items, a noise theme"])
def test_one_data_set_gives_the_same_answer_again(stored, name):
    one, two = (study.one_case(name, 3) for _ in range(2))
    assert one == two
    known = stored[f"agreement: {name}"]
    assert known["one step"] <= known["true parameters"] + 0.05


def test_every_part_of_the_study_is_stored(stored):
    wanted = {f"{name}, N=77" for name in study.NULLS} | {f"{name}, N=152" for name in study.TYPES}
    wanted |= {f"agreement: {name}" for name in study.CASES}
    assert wanted <= set(stored)
