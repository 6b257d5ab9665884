"""The stored studies of recovery say what is claimed of them, and a part comes out again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import typology_prior, typology_waves
from benchmarks.studies import typology_recovery
from docs.generate.typology_2014_tables import claims_on_waves_of_2014
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
    """Priors beside the default recover types better than maximum likelihood, in every design.

    Here the shares have as many pseudo-cases as the themes, which draws unequal shares to equal:
    why the default gives them fewer of their own.
    """
    assert set(priors["designs"]) == {d.name for d in typology_prior.DESIGNS}
    assert 4.0 <= TypologyOptions().type_prior <= 8.0
    for name, found in priors["designs"].items():
        plain = found["by_prior"]["0"]
        for used in ("4", "8"):
            ours = found["by_prior"][used]
            assert ours["ratio"] > plain["ratio"] - ours["ratio_error"], name
            if "strong items" in name:
                assert ours["ratio"] >= 0.90, name
        few, many = (found["by_prior"][p]["share_error"] for p in ("2", "8"))
        assert (many > few) == ("two thirds" in name), name
    assert priors["overall"]["4"]["mean_ratio"] > priors["overall"]["2"]["mean_ratio"]


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
    shown = claims_on_waves_of_2014()
    for name, verdict in waves["verdict"].items():
        (line,) = [one for one in shown.splitlines() if one.startswith(f"| {name} | ")]
        assert f" {verdict.replace('_', ' ')} | {100 * waves['held'][name]:.0f}% |" in line


TABLES = ("prior_by_design", "recovery_on_waves_of_2014", "routes_on_waves_of_2014",
          "claims_on_waves_of_2014")  # fmt: skip


def test_the_page_on_2014_types_no_figure_of_a_study() -> None:
    """All it shows comes from the stored results, so that it cannot say another thing."""
    page = (BENCHMARKS.parent / "docs" / "typology_2014.md").read_text(encoding="utf-8")
    for name in TABLES:
        assert f"```{{result-table}} {name}\n```" in page
    assert not [line for line in page.splitlines() if line.startswith("|")]
    prose = re.sub(r"```.*?```|\{stored\}`[^`]*`|`[^`]*`|\[[^]]*\]\([^)]*\)", "", page, flags=re.S)
    # A decimal in the prose is a design's coupling or a level, which the study's code states.
    assert set(re.findall(r"(?<![\d.])\.\d+", prose)) <= {".90", ".98", ".70", ".05"}
    assert not re.findall(r"\d+%|\d\.\d", prose)


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
