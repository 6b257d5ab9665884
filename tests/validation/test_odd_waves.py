"""Totals other than 100, weights of zero, groups without spread, and sectors that a wave lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from validation_samples import POSTS, codebook, small_frame, small_wave

from swvtypes.errors import InputError
from swvtypes.survey import Codebook, Wave
from swvtypes.validation import (
    ZeroReplacement,
    against_budget,
    against_services,
    against_variables,
    allocation_models,
)

N = 90


def of_total(total: float) -> Wave:
    parts = codebook().file.compositions
    file = codebook().file.model_copy(
        update={"compositions": tuple(p.model_copy(update={"total": total}) for p in parts)}
    )
    frame = small_frame()
    frame[list(POSTS)] *= total / 100
    return Wave.from_frame(frame, Codebook(file), name="small")


def test_a_zero_becomes_as_small_a_part_whatever_the_total() -> None:
    assert ZeroReplacement().value() == 0.65
    assert ZeroReplacement().value(1.0) == pytest.approx(0.0065)
    assert ZeroReplacement(limit=0.5).value(1.0) == pytest.approx(0.325)
    whole, one = (against_budget(of_total(total), "steering") for total in (100.0, 1.0))
    for name in ("estimate", "p_value"):
        np.testing.assert_allclose(one.table[name], whole.table[name], rtol=1e-9)
    np.testing.assert_allclose(one.disagreements["lowest_p"], whole.disagreements["lowest_p"])
    assert "vervangen door 0,0065" in one.text("nl")
    assert "vervangen door 0,65" in whole.text("nl")


def test_rows_of_weight_zero_are_as_if_they_were_not_there() -> None:
    weights = np.random.default_rng(3).uniform(0.5, 2.0, N)
    weights[:30] = 0
    frame = small_frame()
    every = Wave.from_frame(frame, codebook(), name="small")
    rest = Wave.from_frame(frame.iloc[30:], codebook(), name="small")
    by_name = pd.Series(weights, index=every.frame.index)
    for by in ("steering", "kind"):
        found, wanted = (
            against_variables(w, by, ["tried", "budget_pupil"], weights=by_name)
            for w in (every, rest)
        )
        pd.testing.assert_frame_equal(found.table, wanted.table)
        pd.testing.assert_frame_equal(found.groups, wanted.groups)
    pooled = found.groups[
        (found.groups["scope"] == "pooled") & (found.groups["outcome"] == "tried")
    ]
    assert pooled["n"].sum() == pytest.approx(60)


@pytest.mark.parametrize("weighted", [False, True])
def test_groups_without_spread_are_not_told_apart_by_rounding(weighted: bool) -> None:
    frame = small_frame()
    frame["budget_pupil"] = np.where(frame["kind"] == 1, 0.3, 0.1)
    weights = None
    if weighted:
        weights = pd.Series(
            np.random.default_rng(1).uniform(0.5, 2.0, N), index=frame["organisation"]
        )
    wave = Wave.from_frame(frame, _loose(), name="small")
    found = against_variables(wave, "kind", ["budget_pupil"], weights=weights)
    pooled = found.contrasts[found.contrasts["scope"] == "pooled"]
    assert pooled["difference"].round(12).tolist() == [-0.2, -0.2, 0.0]
    assert pooled[["se", "p_value", "effect_size"]].isna().all(axis=None)


def _loose() -> Codebook:
    """The codebook without a budget, so that its posts are any numbers."""
    file = codebook().file
    free = tuple(v.model_copy(update={"composition": None}) for v in file.variables)
    return Codebook(file.model_copy(update={"variables": free, "compositions": ()}))


def test_allocation_counts_the_population_of_sectors_that_are_there() -> None:
    frame = small_frame()
    every = allocation_models(Wave.from_frame(frame, codebook(), name="small"))
    assert set(every.shares["scope"]) == {"pooled", "po", "vo"}
    po = allocation_models(
        Wave.from_frame(frame[frame["sector"] == "po"], codebook(), name="small")
    )
    assert set(po.shares["scope"]) == {"pooled"}
    columns = ["model", "count", "n", "lower", "upper"]
    wanted = every.shares[every.shares["scope"] == "po"][columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(po.shares[columns], wanted)


def test_without_a_model_nothing_is_held_against_shares() -> None:
    frame = small_frame()
    frame[list(POSTS)] = np.nan
    found = allocation_models(Wave.from_frame(frame, codebook(), name="small"))
    assert "geen organisatie heeft er een" in found.text("nl")
    assert "no organisation has one" in found.text("en")
    with pytest.raises(InputError, match="expected organisations with a model, found none"):
        found.against_shares({"school": 0.5, "expertise": 0.2, "pupil": 0.2})


def test_one_name_is_one_variable_and_twice_is_a_fault() -> None:
    wave = small_wave()
    one = against_variables(wave, "steering", "tried")  # type: ignore[arg-type]
    assert set(one.table["outcome"]) == {"tried"}
    with pytest.raises(InputError, match=r"2 faults\n.* no variable 'x'\n- 'tried' stands"):
        against_variables(wave, "steering", ["tried", "x", "tried"])


def test_a_set_of_which_only_the_exclusive_option_is_there() -> None:
    file = codebook().file
    loose = tuple(
        v.model_copy(update={"optional": True}) if v.id.startswith("service_") else v
        for v in file.variables
    )
    frame = small_frame().drop(columns=["service_a", "service_b", "service_c"])
    book = Codebook(file.model_copy(update={"variables": loose}))
    wave = Wave.from_frame(frame, book, name="small")
    with pytest.raises(InputError, match="has no option of 'services' but 'service_none'"):
        against_services(wave, "steering")


def test_weights_say_what_is_wrong_with_them() -> None:
    wave = small_wave()
    good = pd.Series(1.0, index=wave.frame.index)
    cases: list[tuple[Any, str]] = [
        (good.to_numpy(), "expected a Series by organisation, got ndarray"),
        (pd.concat([good, good.iloc[:2]]), "2 faults\n- 'O000' stands in them twice\n- 'O001'"),
        (good.astype(str) + "x", "expected numbers: "),
        (good.mask(good.index == "O003"), "'O003': expected a number of at least 0, got nan"),
    ]
    for weights, message in cases:
        with pytest.raises(InputError, match=message):
            against_variables(wave, "steering", ["tried"], weights=weights)
