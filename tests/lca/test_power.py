"""Simulated power."""

# ruff: noqa: PD011

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import FewStartsWarning, InputError, OptionError
from swvtypes.lca import LatentClassModel, PlannedItems, PowerCurve, replicates, simulate_power
from swvtypes.lca.power import draw_data_set
from swvtypes.lca.power_population import draw_together, source_of

PLAN = PlannedItems(n_classes=2, n_items=6)


def test_alike_classes_are_rejected_at_the_level_only() -> None:
    curve = simulate_power(
        PLAN, 100, (0.0,), n_simulations=200, n_init=10, random_state=1, n_jobs=1
    )
    table = curve.table.set_index("rule")
    assert table.loc["blrt", "lower"] <= 0.05 <= table.loc["blrt", "upper"]
    assert table.loc["bic", "power"] < 0.05
    assert table.loc["bic", "fewer"] == 1.0 - table.loc["bic", "power"] - table.loc["bic", "more"]
    assert table["entropy_r2"].max() < 1e-6


def test_power_rises_with_cases_and_separation() -> None:
    curve = simulate_power(
        PLAN, (60, 200), (0.4, 0.9), n_simulations=60, n_init=10, random_state=1, n_jobs=1
    )
    power = curve.table.pivot_table(index=["n", "separation"], columns="rule", values="power")
    for rule in ("blrt", "bic", "aic3"):
        assert power.loc[(60, 0.4), rule] < power.loc[(200, 0.9), rule]
        assert power.loc[(200, 0.4), rule] < power.loc[(200, 0.9), rule]
    assert power.loc[(200, 0.9), "blrt"] == 1.0
    assert power.loc[(200, 0.9), "bic"] > 0.95
    smallest = curve.minimum_separation()
    assert smallest.loc[(200, "bic"), "separation"] == 0.9
    assert "Power to find 2 classes" in curve._repr_html_()


def test_workers_and_more_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"n_simulations": 25, "n_init": 10, "random_state": 1}
    alone = simulate_power(PLAN, [80], (0.5, 1.0), n_jobs=1, **options)  # type: ignore[arg-type]
    monkeypatch.setattr(replicates, "_WORTH_PROCESSES", 0.0)
    together = simulate_power(PLAN, [80], (0.5, 1.0), n_jobs=2, **options)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(alone.table, together.table)


def test_a_fitted_model_keeps_its_missing_cells_and_groups() -> None:
    rng = np.random.default_rng(1)
    X = pd.DataFrame((rng.random((90, 4)) < 0.5).astype(float)).mask(
        pd.DataFrame(rng.random((90, 4)) < 0.3)
    )
    X = X.dropna(how="all").reset_index(drop=True).set_axis(list("abcd"), axis=1)
    X["sector"] = np.where(np.arange(len(X)) < 30, "po", "vo")
    model = LatentClassModel(2, n_init=5, random_state=1, group="sector", n_jobs=1)
    source = source_of(model.fit(X))
    drawn = draw_data_set(source, 2000, 1, 0, 0)
    assert drawn.n == 2000
    holes = np.isnan(drawn.values).astype(float)
    assert drawn.weight @ holes / 2000 == pytest.approx(
        X[list("abcd")].isna().mean().to_numpy(), abs=0.04
    )
    assert drawn.weight @ (drawn.group == 0) / 2000 == pytest.approx(30 / len(X), abs=0.04)


def test_classes_move_towards_their_average(mixed: pd.DataFrame, families: dict[str, str]) -> None:
    model = LatentClassModel(2, n_init=5, indicators=families, random_state=1, n_jobs=1)
    source = source_of(model.fit(mixed))
    same, none, half = (draw_together(source, s).parameters for s in (1.0, 0.0, 0.5))
    for whole, back, alike, between in zip(
        source.parameters.tables, same.tables, none.tables, half.tables, strict=True
    ):
        assert back.values == pytest.approx(whole.values, rel=1e-9)
        assert alike.values[0] == pytest.approx(alike.values[1], rel=1e-9)
        low, high = whole.values.min(axis=0) - 1e-12, whole.values.max(axis=0) + 1e-12
        if whole.kind != "ordinal":
            assert ((between.values >= low) & (between.values <= high)).all()
        if whole.kind in ("nominal", "ordinal"):
            assert between.values.sum(axis=1) == pytest.approx(1.0)
        if whole.kind == "ordinal":
            # Still adjacent-category logits: effects in equal steps, half as large.
            effect = np.diff(np.log(between.values[0] / between.values[1]))
            assert effect == pytest.approx(
                np.diff(np.log(whole.values[0] / whole.values[1])) / 2, rel=1e-6
            )


def test_planned_items_are_as_stated() -> None:
    plan = PlannedItems(3, 8, n_categories=4, lean=0.7, shares=(0.5, 0.3, 0.2))
    parameters = source_of(plan).parameters
    assert np.exp(parameters.log_shares[0]) == pytest.approx([0.5, 0.3, 0.2])
    first, last = parameters.tables[0].values, parameters.tables[7].values
    assert first[:, 0] == pytest.approx([0.7, 0.1, 0.7])
    assert last[:, 3] == pytest.approx([0.1, 0.7, 0.7])
    profiles = {
        tuple(
            np.concatenate([t.values[k] for t in source_of(PlannedItems(6, 8)).parameters.tables])
        )
        for k in range(6)
    }
    assert len(profiles) == 6


def test_minimum_separation_asks_for_all_larger_ones_too() -> None:
    table = pd.DataFrame(
        {
            "n": 100, "separation": [0.2, 0.4, 0.6, 0.8], "rule": "bic",
            "entropy_r2": [0.1, 0.3, 0.5, 0.7], "power": [0.9, 0.5, 0.85, 0.95],
            "lower": [0.8, 0.4, 0.7, 0.9],
        }
    )  # fmt: skip
    curve = PowerCurve(2, table, 100, 10, 0.05, 1)
    row = curve.minimum_separation(0.8).loc[(100, "bic")]
    assert row.to_dict() == {"separation": 0.6, "surely": 0.8, "entropy_r2": 0.5}
    assert curve.minimum_separation(0.99).isna().all(axis=None)


def test_refusals() -> None:
    with pytest.raises(InputError) as caught:
        simulate_power(PLAN, [1, 50], (0.5, 1.2))
    assert caught.value.faults == (
        "n: expected integers of at least 2, got 1",
        "separations: expected numbers from 0 to 1, got 1.2",
    )
    with pytest.raises(InputError) as caught:
        simulate_power(PLAN, [], ())
    assert caught.value.faults == (
        "n: expected one at least, got none",
        "separations: expected one at least, got none",
    )
    with pytest.raises(
        OptionError, match="population: expected two classes or more, got '1 class'"
    ):
        simulate_power(PlannedItems(1, 4), 50)
    with pytest.raises(OptionError, match="a fitted LatentClassModel or PlannedItems"):
        simulate_power("items", 50)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="level: expected a number between 0 and 1"):
        simulate_power(PLAN, 50, level=0)
    with pytest.warns(FewStartsWarning):
        simulate_power(PLAN, 50, (1.0,), n_simulations=2, n_init=2, random_state=1, n_jobs=1)
    with pytest.raises(InputError) as caught:
        PlannedItems(9, 1, 1, 1.5, (0.5, 0.6))
    assert caught.value.faults == (
        "n_classes: expected an integer from 1 to 6, got 9",
        "n_items: expected an integer from 2 to 1000, got 1",
        "n_categories: expected an integer from 2 to 100, got 1",
        "lean: expected a probability between 0 and 1, got 1.5",
        "shares: expected 9 positive numbers that sum to 1, got (0.5, 0.6)",
    )
