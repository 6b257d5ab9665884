"""Allocation models, services, circumstances, and what results say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from validation_samples import codebook, small_frame, small_wave

from swvtypes.errors import InputError, OptionError
from swvtypes.survey import Wave, load_wave
from swvtypes.validation import (
    AllocationRule,
    ValidationOptions,
    against_allocation,
    against_budget,
    against_context,
    against_services,
    against_variables,
    allocation_models,
)

NEVER = ValidationOptions(exact="never")


def test_the_rule_by_hand() -> None:
    table = small_frame(0, 6)
    posts = ["budget_special", "budget_decentral", "budget_pupil", "budget_services",
             "budget_management"]  # fmt: skip
    rows = [
        [0, 90, 0, 0, 10],  # all of the rest to schools
        [30, 10, 10, 30, 20],  # 60 of 80 to places and services
        [5, 10, 80, 0, 5],  # 80 of 95 to pupils
        [25, 25, 25, 20, 5],  # nobody leads
        [0, 60, 30, 0, 10],  # 60 of 90: exactly two thirds
        [0, 0, 0, 0, 100],  # nothing reaches pupils
    ]
    table[posts] = rows
    found = allocation_models(Wave.from_frame(table, codebook()))
    assert found.models.astype(object).fillna("-").tolist() == [
        "school", "expertise", "pupil", "mixed", "school", "-",
    ]  # fmt: skip
    with_office = AllocationRule(outside=(), threshold=0.85)
    strict = allocation_models(Wave.from_frame(table, codebook()), with_office)
    assert strict.models.tolist()[:1] == ["school"]
    assert strict.models.tolist()[1] == "mixed"
    assert strict.models.isna().sum() == 1


def test_shares_have_exact_intervals_and_other_thresholds() -> None:
    wave = load_wave("monitor_2016", seed=1)
    found = allocation_models(wave)
    pooled = found.shares[found.shares["scope"] == "pooled"]
    assert pooled["share"].sum() == pytest.approx(1)
    assert (pooled["lower"] <= pooled["share"]).all()
    assert (pooled["share"] <= pooled["upper"]).all()
    assert found.models.isna().sum() == 2  # one post left blank
    table = found.sensitivity
    assert table["mixed"].is_monotonic_increasing
    at_rule = table.loc[found.rule.threshold].to_numpy()
    assert at_rule == pytest.approx(pooled["share"].to_numpy())
    assert table.sum(axis=1).to_numpy() == pytest.approx(1)
    assert found.text("nl").startswith("verdeelmodel: schoolmodel")
    assert "drempel 0,67" in found.text("nl")
    assert "threshold 0.67" in found.text("en")


def test_against_the_shares_of_another_study() -> None:
    found = allocation_models(load_wave("monitor_2016", seed=1))
    table = found.against_shares({"school": 0.20, "expertise": 0.11, "pupil": 0.02})
    assert table.loc["mixed", "expected"] == pytest.approx(0.67)
    n = int(found.models.notna().sum())
    count = int((found.models == "school").sum())
    assert table.loc["school", "p_value"] == pytest.approx(stats.binomtest(count, n, 0.2).pvalue)
    assert 0 < table.attrs["p_value"] <= 1
    own = found.models.value_counts(normalize=True, sort=False).to_dict()
    assert found.against_shares(own).attrs["p_value"] == 1.0
    with pytest.raises(InputError) as caught:
        found.against_shares({"school": 0.9, "barter": 0.3})
    text = str(caught.value)
    assert "'barter' is no model" in text
    assert "'expertise': expected a share" in text
    assert "'mixed': expected a share from 0 to 1, got -0.2" in text
    with pytest.raises(InputError, match=r"add up to 1, got 0\.6"):
        found.against_shares({"school": 0.2, "expertise": 0.2, "pupil": 0.1, "mixed": 0.1})


def test_faults_of_a_rule(wave: Wave) -> None:
    with pytest.raises(InputError) as caught:
        AllocationRule({"mixed": ("a",), "x": ("a",), "y": ()}, ("a",), 0.4)
    text = str(caught.value)
    for part in (
        "each with a post", "'mixed' is what remains", "'a' stands in it twice",
        "threshold: expected above 0.5, at most 1, got 0.4",
    ):  # fmt: skip
        assert part in text
    with pytest.raises(InputError, match="has no post 'budget_gifts'"):
        allocation_models(wave, AllocationRule({"x": ("budget_gifts",)}))


def test_allocation_against_steering(wave: Wave) -> None:
    found = against_allocation(wave, "steering", NEVER)
    names = [
        "allocation_model",
        *(f"allocation_{m}" for m in ("school", "expertise", "pupil", "mixed")),
    ]
    assert list(dict.fromkeys(found.table["outcome"])) == names
    models = allocation_models(wave).models
    x = wave.column("steering").astype(float)
    parts = [x[models == m] for m in models.cat.categories if (models == m).any()]
    mine = found.first().loc["allocation_model"]
    assert mine["p_value"] == pytest.approx(stats.f_oneway(*parts).pvalue)


def test_services_are_counted_without_the_exclusive_one(wave: Wave) -> None:
    frame = wave.frame
    count = frame[["service_a", "service_b", "service_c"]].astype(float).sum(axis=1)
    found = against_services(wave, "steering", NEVER)
    r = stats.pearsonr(frame["steering"].astype(float), count).statistic
    assert found.first().loc["services_count", "estimate"] == pytest.approx(r)
    assert found.labels["services_count"].nl == "aantal: diensten"
    with pytest.raises(OptionError, match="services: expected one of 'services', got 'risks'"):
        against_services(wave, "steering", services="risks")


def test_context_needs_a_register() -> None:
    bare = Wave.from_frame(small_frame(), codebook(), name="bare")
    with pytest.raises(InputError, match="'bare' has no register figures; join a register"):
        against_context(bare, "steering")
    with pytest.raises(InputError, match="no variable 'equalisation'; join a register first"):
        against_context(bare, "steering", variables=["equalisation"])
    with pytest.raises(InputError, match="expected at least one variable, got none"):
        against_variables(bare, "steering", [])
    with pytest.raises(InputError, match="'steering' is the only outcome"):
        against_variables(bare, "steering", ["steering"])


def test_one_sector_has_one_scope() -> None:
    wave = small_wave().sector("po")
    found = against_context(wave, "steering", NEVER)
    assert set(found.table["scope"]) == {"pooled"}
    assert (found.table["n"] == 45).all()


def test_words_and_columns_in_both_languages(wave: Wave) -> None:
    found = against_budget(wave, "steering", NEVER)
    dutch, english = found.frame("nl"), found.frame("en")
    assert "uitkomst" in dutch
    assert "outcome" in english
    assert dutch["uitkomst"].iloc[0] == "budget_special nl"
    assert set(english["rows"]) == {"pooled", "po", "vo", "adjusted for sector"}
    assert "begroting tegen steering nl" in found.text("nl")
    r = found.first("pooled", "share").loc["budget_decentral", "estimate"]
    assert f"{r:.3f}".replace(".", ",") in found.text("nl")
    assert f"{r:.3f}" in found.text("en")
    assert "p < 0,001" in found.text("nl") or "p = 0," in found.text("nl")
    assert "Validation: budget against steering en" in repr(found)
    assert "synthetic" not in found.text("en")
    with pytest.raises(OptionError, match="language"):
        found.text("fr")  # type: ignore[arg-type]


def test_every_note_and_analysis_has_words() -> None:
    from swvtypes.validation.wording import ANALYSES, COLUMNS, FORMS, NOTES, REMARKS, SCOPES

    for words in (ANALYSES, NOTES, REMARKS, COLUMNS, SCOPES):
        assert all(label.nl and label.en for label in words.values())
    assert set(FORMS) == {"", "share", "log_ratio"}


def test_nothing_varies_is_said_not_raised(wave: Wave) -> None:
    by = wave.column("steering").astype(float).iloc[:2].rename("two")
    found = against_services(wave, by, NEVER)
    assert (found.table["notes"] == "nothing_varies").all()
    constant = pd.Series(np.where(wave.frame["sector"] == "po", 1.0, 2.0), index=wave.frame.index)
    found = against_context(wave, constant.rename("sector_code"), NEVER)
    rows = found.first("adjusted")
    assert (rows["notes"] == "nothing_varies").all()
    assert found.first("po")["p_value"].isna().all()


def test_a_variable_and_its_copy_are_one_and_the_same(wave: Wave) -> None:
    copy = (2 * wave.column("equalisation").astype(float) + 1).rename("copy")
    found = against_context(wave, copy, NEVER)
    row = found.first().loc["equalisation"]
    assert row["estimate"] == pytest.approx(1)
    assert row["notes"] == "one_and_the_same"
