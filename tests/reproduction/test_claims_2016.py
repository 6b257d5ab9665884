"""Every statement of the 2016 monitor's running text beside the shipped rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from swvtypes import published
from swvtypes.errors import RecordError
from swvtypes.reproduction import Inputs, Reproduction, gather, reproduce
from swvtypes.reproduction.claim_file import load_claims, parse_claims

SEEDS = (1, 7)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return gather("monitor_2016", SEEDS)


@pytest.fixture(scope="module")
def shipped(inputs: Inputs) -> Reproduction:
    return reproduce(inputs=inputs)


@pytest.fixture(scope="module")
def claims(shipped: Reproduction) -> pd.DataFrame:
    return shipped.claims.set_index("id")


def test_every_statement_has_a_verdict_and_none_is_missed(
    shipped: Reproduction, claims: pd.DataFrame
) -> None:
    record = published.load("monitor_2016_text")
    assert list(shipped.claims["id"]) == list(record["id"])
    assert len(claims) == 405
    counts = claims["verdict"].value_counts()
    assert "missed" not in counts
    assert counts["reproduced"] >= 300
    assert claims["reason"].str.len().min() > 20
    assert claims["reason_nl"].str.len().min() > 20
    assert shipped.missed == 0
    assert "405 claims" in repr(shipped)


def test_what_is_off_is_what_print_itself_rules_out(claims: pd.DataFrame) -> None:
    off = claims[claims["verdict"].isin(["impossible", "contradicted"])]
    assert set(off.index) == {
        "T046", "T047", "T063", "T067", "T084", "T117", "T194", "T225", "T340", "T366", "T390",
        "T393", "T395",
    }  # fmt: skip
    assert (off["role"] != "free").all()
    assert "at most 62, not 64" in off.loc["T390", "reason"]
    assert "no number of pairs" in off.loc["T366", "reason"]


def test_statements_that_no_row_can_answer_are_undetermined(claims: pd.DataFrame) -> None:
    outside = claims[claims["analysis"] == "outside"]
    assert (outside["verdict"] == "undetermined").all()
    assert set(outside["role"]) == {"free"}
    earlier = outside[outside["reason"].str.contains("2014")]
    assert {"T034", "T202", "T344", "T347"} <= set(earlier.index)
    free = claims[(claims["role"] == "free") & (claims["analysis"] != "outside")]
    assert (free["verdict"] == "undetermined").all()
    assert 10 <= len(free) <= 25


def test_insignificance_is_a_p_value(claims: pd.DataFrame) -> None:
    absent = claims[(claims["kind"] == "ns") & (claims["verdict"] == "reproduced")]
    assert len(absent) > 50
    assert (absent["computed_is"] == "p").all()
    assert absent["lowest"].min() >= 0.05


def test_chapter_eight_comes_out_to_the_printed_digit(claims: pd.DataFrame) -> None:
    here = claims[claims["chapter"] == "8"]
    numbers = here[here["kind"].isin(["r", "F", "mean", "effect_size"]) & here["printed"].notna()]
    assert len(numbers) >= 20
    assert set(numbers["verdict"]) == {"reproduced", "impossible"}
    for line in numbers[numbers["verdict"] == "reproduced"].itertuples():
        assert abs(abs(line.computed) - abs(line.printed)) <= 0.5 * 10.0**-line.decimals + 1e-9


def test_the_specification_names_every_statement_and_holds_no_printed_number() -> None:
    specs = load_claims("monitor_2016")
    assert specs is not None
    assert set(specs.specs) == set(published.load("monitor_2016_text")["id"])
    assert not any({"value", "printed", "verdict"} & set(s.options) for s in specs.specs.values())
    assert load_claims("no_such_report") is None


def test_a_wrong_number_is_not_called_reproduced(inputs: Inputs) -> None:
    text = inputs.text.copy()
    changed = {"T379": 39.0, "T358": -0.37, "T166": 3.1}
    for key, value in changed.items():
        text.loc[text["id"] == key, "value"] = value
    few = {seed: inputs.waves[seed] for seed in SEEDS[:1]}
    found = reproduce(inputs=replace(inputs, text=text, waves=few)).claims.set_index("id")
    assert found.loc["T358", "verdict"] == "missed"
    assert found.loc["T379", "verdict"] == "missed" or "Q1" in found.loc["T379", "reason"]
    assert found.loc["T166", "verdict"] == "contradicted"
    assert "Bijlage 2 po Q22" in found.loc["T166", "reason"]


def test_without_a_specification_nothing_is_claimed(inputs: Inputs) -> None:
    few = {1: inputs.waves[1]}
    found = reproduce(inputs=replace(inputs, claims=None, waves=few)).claims
    assert set(found["verdict"]) == {"undetermined"}


def test_a_specification_lists_every_fault(tmp_path: Path) -> None:
    raw = {
        "schema_version": 2,
        "outside": {"old": {"nl": "oud"}},
        "claims": {
            "T1": {"analysis": "guess"},
            "T2": {"analysis": "share"},
            "T3": {"analysis": "population", "codes": [1]},
            "T4": {"analysis": "outside", "because": "none"},
        },
    }
    with pytest.raises(RecordError) as caught:
        parse_claims(raw)
    for clause in (
        "schema_version: expected 1, got 2",
        "T1: analysis: expected one of outside",
        "T2: variables: share needs it",
        "T3: codes: unknown to population",
        "T4: because: no reason 'none'",
        "outside.old: expected nl and en",
    ):
        assert clause in str(caught.value)
    broken = tmp_path / "claims.toml"
    broken.write_text("= 1", encoding="utf-8")
    with pytest.raises(RecordError, match="expected readable TOML"):
        load_claims(broken)


def test_a_statement_that_the_record_lacks_is_a_fault(inputs: Inputs) -> None:
    text = inputs.text[inputs.text["id"] != "T001"]
    few = {1: inputs.waves[1]}
    with pytest.raises(RecordError, match="T001: the record has no such statement"):
        reproduce(inputs=replace(inputs, text=text, waves=few))
