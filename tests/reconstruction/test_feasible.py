"""Feasible intervals: every value found is attained by rows that meet all of print."""

from __future__ import annotations

import itertools
import json
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from swvtypes.errors import InputError, ReconstructionError
from swvtypes.reconstruction import (
    FeasibleInterval,
    Relation,
    SearchEffort,
    feasible_interval,
    read_project,
)
from swvtypes.reconstruction.feasible import outer_bounds, read_relations
from swvtypes.reconstruction.feasible.outer import angle_bounds
from swvtypes.reconstruction.feasible.written_rows import read_rows
from swvtypes.reconstruction.files import register_text, wave_text
from swvtypes.reconstruction.project import Project, QuantitySpec
from swvtypes.resources import data_path
from swvtypes.steering import correlate
from swvtypes.survey import load_wave

STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "feasible_intervals.json"
SHORT = SearchEffort(proposals=1500, first_step=0.05, last_step=0.03)
WAVES = data_path("waves", "monitor_2016")


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project("monitor_2016")


@pytest.fixture(scope="module")
def boards() -> FeasibleInterval:
    return feasible_interval(Relation("correlation", "trust", "boards", "po"), [1], effort=SHORT)


def test_rows_are_read_back_as_they_were_written(project: Project) -> None:
    rows = read_rows(project, 3, WAVES)
    assert wave_text(project, rows) == (WAVES / "seed_03.csv").read_text(encoding="utf-8")
    assert register_text(project, rows) == (WAVES / "register_03.csv").read_text(encoding="utf-8")


def test_the_extremes_are_certified_and_lie_within_the_bounds(boards: FeasibleInterval) -> None:
    assert boards.certified
    assert boards.low_bound <= boards.low_found <= boards.start_low
    assert boards.start_high <= boards.high_found <= boards.high_bound
    assert boards.width > 0.2
    assert boards.constraints > 10
    assert boards.n_moves > 0


def test_the_start_is_what_the_shipped_wave_gives(boards: FeasibleInterval) -> None:
    wave = load_wave("monitor_2016", seed=1)
    from swvtypes.scales import build_scales

    score = build_scales(wave, "trust").scores["trust"].to_numpy(float)
    po = (wave.frame["sector"] == "po").to_numpy()
    r = correlate(score[po], wave.frame["boards"].to_numpy(float)[po]).r
    assert boards.start_low == pytest.approx(r, abs=1e-12)


def test_the_same_search_gives_the_same_answer_and_keeps_counts(
    boards: FeasibleInterval, project: Project
) -> None:
    relation = Relation("correlation", "trust", "boards", "po")
    again = feasible_interval(relation, [1], effort=SHORT, certify_rows=False)
    assert (again.low_found, again.high_found) == (boards.low_found, boards.high_found)
    assert not again.certified
    own = read_rows(project, 1, WAVES).columns
    for rows in (boards.low_rows, boards.high_rows):
        for name, column in rows.columns.items():
            assert sorted(column[:65]) == sorted(own[name][:65]), name
            assert sorted(column[65:]) == sorted(own[name][65:]), name


def test_routing_holds_when_a_gate_moves() -> None:
    arranged = QuantitySpec("arranged", "indicator", (("override_power", False),), "2 3 4 5 6")
    relation = Relation("difference", "clarity", "arranged", "both", (1, 0), (arranged,))
    effort = SearchEffort(proposals=3000, first_step=0.02, last_step=0.015)
    found = feasible_interval(relation, [1], effort=effort)
    assert found.certified
    assert found.low_found < 0 < found.high_found
    assert found.width > 0.3
    assert (found.low_bound, found.high_bound) == (-4, 4)


def tiny(first: list[int], second: list[int], project: Project) -> tuple[Project, dict[str, Any]]:
    """A project of four rows with two plain columns."""
    spec = project.variables["steering"]
    from dataclasses import replace

    names = {"a": first, "b": second}
    variables = {n: replace(spec, variable=n, sectors=("po",)) for n in names}
    small = replace(
        project,
        sizes=MappingProxyType({"po": len(first)}),
        variables=MappingProxyType(variables),
        quantities=MappingProxyType({}),
        targets=(),
    )
    return small, names


@pytest.mark.parametrize("seed", range(5))
def test_rearrangement_bounds_are_those_of_every_permutation(seed: int, project: Project) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(1, 6, 6).tolist(), rng.integers(1, 6, 6).tolist()
    a[0], b[0], a[1], b[1] = 1, 1, 5, 5
    small, columns = tiny(a, b, project)
    bounds = outer_bounds(Relation("correlation", "a", "b", "po"), small, columns)
    every = [np.corrcoef(a, p)[0, 1] for p in itertools.permutations(b)]
    assert bounds.low == pytest.approx(min(every))
    assert bounds.high == pytest.approx(max(every))


def test_share_bounds_are_those_of_every_permutation(project: Project) -> None:
    a, b = [1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 1, 0, 0]
    small, columns = tiny(a, b, project)
    bounds = outer_bounds(Relation("share", "a", "b", "po"), small, columns)
    shares = {
        sum(x for x, y in zip(a, p, strict=True) if y) / 5 for p in set(itertools.permutations(b))
    }
    assert (bounds.low, bounds.high) == pytest.approx((min(shares), max(shares)))


def test_difference_bounds_are_those_of_every_permutation(project: Project) -> None:
    a, b = [1, 2, 2, 4, 5, 7], [1, 1, 2, 2, 2, 3]
    small, columns = tiny(a, b, project)
    relation = Relation("difference", "a", "b", "po", (1, 2))
    bounds = outer_bounds(relation, small, columns)
    values = np.array(a)
    gaps = [
        values[np.array(p) == 1].mean() - values[np.array(p) == 2].mean()
        for p in set(itertools.permutations(b))
    ]
    assert (bounds.low, bounds.high) == pytest.approx((min(gaps), max(gaps)))


@pytest.mark.parametrize("seed", range(4))
def test_no_third_column_breaks_the_angle_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(200):
        x, y, z = np.corrcoef(rng.normal(size=(3, 5)))[np.triu_indices(3, 1)]
        low, high = angle_bounds((y - 0.05, y + 0.05), (z - 0.05, z + 0.05))
        assert low - 1e-9 <= x <= high + 1e-9
    exact = angle_bounds((0.5, 0.5), (-0.2, -0.2))
    slack = np.sqrt((1 - 0.25) * (1 - 0.04))
    assert exact == pytest.approx((-0.1 - slack, -0.1 + slack))


def test_faults_are_all_named() -> None:
    wrong = Relation("share", "trust", "nothing", "mbo", (1,))
    with pytest.raises(InputError) as caught:
        feasible_interval(wrong, [1])
    for clause in (
        "sector: expected one of po, vo, both, got 'mbo'",
        "second: 'nothing' is no variable or quantity",
        "groups: expected 0 codes for share, got (1,)",
        "first: a share needs an indicator or a yes-or-no answer, 'trust' is none",
    ):
        assert clause in str(caught.value)
    with pytest.raises(InputError, match="alpha needs a scale, 'boards' is none"):
        feasible_interval(Relation("alpha", "boards", "", "po"), [1])
    with pytest.raises(ReconstructionError, match="expected at least one, got none"):
        feasible_interval(Relation("correlation", "trust", "boards", "po"), [])
    with pytest.raises(InputError, match="proposals: expected at least 1, got 0"):
        SearchEffort(proposals=0)
    with pytest.raises(InputError, match="0 < last_step <= first_step <= 1"):
        SearchEffort(first_step=0.01, last_step=0.02)


def test_a_column_that_must_stay_cannot_be_driven() -> None:
    relation = Relation("correlation", "supervision_model", "supervision_model_coded", "po")
    with pytest.raises(InputError, match="no column of supervision_model and supervision_model_c"):
        feasible_interval(relation, [1])


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
    assert STORED.is_file(), f"{STORED.name} is absent: run the study"
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def test_at_least_thirty_relations_are_shown_wide_and_certified(study: dict[str, Any]) -> None:
    relations = study["relations"]
    assert len(relations) >= 30
    wide = 0
    for name, line in relations.items():
        assert line["certified"], name
        low, high = line["found"]
        bounds = [b if b is not None else side * inf for b, side in
                  zip(line["bounds"], (-1, 1), strict=True)]  # fmt: skip
        assert bounds[0] - 1e-3 <= low <= line["start"][0] + 1e-9, name
        assert line["start"][1] - 1e-9 <= high <= bounds[1] + 1e-3, name
        scatter = line["start"][1] - line["start"][0]
        both_signs = line["measure"] not in ("correlation", "difference") or low < 0 < high
        wide += both_signs and high - low > 2 * scatter
    assert wide >= 30


@pytest.mark.slow
def test_a_stored_interval_runs_again(study: dict[str, Any]) -> None:
    name = "disputes_self_interest"
    line = study["relations"][name]
    relation = read_relations(data_path("reconstruction", "monitor_2016", "relations.toml"))[name]
    effort = SearchEffort(**{**line["effort"], "first_step": 0.03})
    found = feasible_interval(relation, study["seeds"], effort=effort)
    assert found.certified
    assert [found.low_found, found.high_found] == pytest.approx(line["found"], abs=5e-5)
