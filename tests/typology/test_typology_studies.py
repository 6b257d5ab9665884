"""The stored studies of recovery say what is claimed of them, and a part comes out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import typology_prior, typology_waves
from benchmarks.studies import typology_recovery
from swvtypes.typology.specification import TypologyOptions

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
STORED = BENCHMARKS / "results" / "typology_recovery.json"


@pytest.fixture(scope="module")
def study() -> dict[str, Any]:
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
    for sector, number in (("po", 0), ("vo", 3)):
        again = typology_recovery.one((sector, number))
        (kept,) = [r for r in study["rows"] if (r["sector"], r["wave"]) == (sector, number)]
        assert again["types"] == kept["types"]
        assert again["rand"] == pytest.approx(kept["rand"], abs=1e-6)
        assert again["share_error"] == pytest.approx(kept["share_error"], abs=1e-4)


# The prior on the types ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def priors() -> dict[str, Any]:
    return json.loads(typology_prior.RESULTS.read_text())


def test_the_prior_serves_designs_that_are_not_the_wave(priors: dict[str, Any]) -> None:
    """The default never errs more than maximum likelihood, and recovers types better on the whole.

    With weak items at the size of a sector it stays below the nine tenths that strong items reach.
    """
    assert set(priors["designs"]) == {d.name for d in typology_prior.DESIGNS}
    used = f"{TypologyOptions().type_prior:g}"
    for name, found in priors["designs"].items():
        plain, ours = found["by_prior"]["0"], found["by_prior"][used]
        assert ours["ratio"] > plain["ratio"] - ours["ratio_error"], name
        assert ours["share_error"] < plain["share_error"], name
        if "strong items" in name:
            assert ours["ratio"] >= 0.90, name
            assert ours["share_error"] <= 0.06, name
    assert priors["overall"][used]["mean_ratio"] > priors["overall"]["0"]["mean_ratio"] + 0.02
    # No prior of those tried has a lower largest error of a share.
    largest = {p: found["largest_share_error"] for p, found in priors["overall"].items()}
    assert min(largest, key=lambda p: largest[p]) == used


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
@pytest.mark.parametrize("at", [0, 10])
def test_part_of_the_study_of_priors_comes_out_again(priors: dict[str, Any], at: int) -> None:
    design = typology_prior.DESIGNS[at]
    again = [typology_prior.one(design, number, (0.0,))[0]["rand"] for number in range(3)]
    kept = priors["designs"][design.name]["first_three_at_prior_0"]
    assert again == pytest.approx(kept, abs=1e-5)


# The simulated waves of 2014 -------------------------------------------------------------------


@pytest.fixture(scope="module")
def waves() -> dict[str, Any]:
    return json.loads(typology_waves.RESULTS.read_text())


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_types_of_2014_are_recovered(waves: dict[str, Any], sector: str) -> None:
    found = waves["sectors"][sector]
    assert found["waves"] >= 20
    assert found["ratio"] >= 0.90
    assert found["mean_absolute_error_of_share"] <= 0.06
    assert found["association_rejected"] == 1.0


def test_every_claim_that_rows_can_show_has_a_verdict(waves: dict[str, Any]) -> None:
    assert sum(waves["verdicts"].values()) == 96
    told = {"recovered", "partly_recovered", "not_recovered", "method_followed",
            "method_not_followed"}  # fmt: skip
    assert len(waves["verdict"]) == 28
    assert set(waves["verdict"].values()) <= told
    page = (BENCHMARKS.parent / "docs" / "typology_2014.md").read_text(encoding="utf-8")
    for name, verdict in waves["verdict"].items():
        assert f"| {name} | " in page
        (line,) = [one for one in page.splitlines() if one.startswith(f"| {name} | ")]
        assert verdict.replace("_", " ") in line


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_a_wave_of_the_study_comes_out_again(waves: dict[str, Any]) -> None:
    again, runs = typology_waves.one_seed(2)
    assert {run.sector for run in runs} == {"po", "vo"}
    for line in again:
        (kept,) = [x for x in waves["lines"]
                   if (x["seed"], x["sector"]) == (2, line["sector"])]  # fmt: skip
        assert line["classes"] == kept["classes"]
        assert line["rand"] == pytest.approx(kept["rand"], abs=1e-6)
        assert line["share_error"] == pytest.approx(kept["share_error"], abs=1e-4)
        assert line["p_value"] == kept["p_value"]


def test_nothing_of_an_interrupted_run_stays_in_the_checkout() -> None:
    assert not list((BENCHMARKS / "results").glob("*.runs"))
    assert BENCHMARKS.parent not in typology_waves.SCRATCH.parents
