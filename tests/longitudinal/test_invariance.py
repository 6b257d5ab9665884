"""Whether profiles are equal over waves: against single fits, and with a changed question."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError, SwvtypesWarning
from swvtypes.longitudinal import InvarianceOptions, LatentTransitionModel, invariance_test

ITEMS = list("abcde")


def panel(changed: str | None, n: int = 150, seed: int = 5, waves: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    kind = rng.integers(2, size=n)
    parts = []
    for wave in range(waves):
        kind = np.where(rng.random(n) < 0.1, 1 - kind, kind)
        frame = pd.DataFrame(
            {v: (rng.random(n) < np.where(kind, 0.85, 0.2)).astype(float) for v in ITEMS}
        )
        if changed and wave:
            frame[changed] = (rng.random(n) < np.where(kind, 0.45, 0.5)).astype(float)
        frame.loc[rng.random(n) < 0.05, "b"] = np.nan
        parts.append(frame.assign(id=range(n), year=2014 + 2 * wave))
    return pd.concat(parts, ignore_index=True).sample(frac=0.97, random_state=1)


def test_log_likelihoods_and_parameters_are_those_of_the_model() -> None:
    data = panel(None, waves=3)
    found = invariance_test(
        data, "id", "year", ITEMS, n_classes=2, each=True,
        options=InvarianceOptions(n_boot=1, n_init=5, n_jobs=1),
    )  # fmt: skip
    assert found.table.index.tolist() == ["all items", *ITEMS]
    for freed, profiles in (("all items", "free"), ("b", ["b"])):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            equal, free = (
                LatentTransitionModel(2, profiles=p, n_init=10, random_state=2, n_jobs=1).fit(
                    data, "id", "year", ITEMS
                )
                for p in ("equal", profiles)
            )
        row = found.table.loc[freed]
        assert row["log_likelihood_equal"] == pytest.approx(equal.log_likelihood_, abs=1e-5)
        assert row["log_likelihood_free"] == pytest.approx(free.log_likelihood_, abs=1e-5)
        assert row["parameters"] == free.n_parameters_ - equal.n_parameters_
        assert row["bic_free"] == pytest.approx(free.criteria_["bic"], abs=1e-4)
    assert found.p_value in (0.5, 1.0)


def test_the_question_that_changed_is_the_one_that_is_found() -> None:
    found = invariance_test(
        panel("c"), "id", "year", ITEMS, n_classes=2, each=True,
        options=InvarianceOptions(n_boot=19, n_init=3, n_jobs=1),
    )  # fmt: skip
    assert found.p_value == 1 / 20
    assert found.bic_prefers == "free"
    assert found.table.loc["c", "p_value"] == 1 / 20
    assert found.table.loc["c", "p_adjusted"] == pytest.approx(5 / 20)
    # Against equal profiles of an item that changed, others can seem to have changed as well.
    single = found.table["ratio"].drop("all items").sort_values()
    assert single.index[-1] == "c"
    assert single.iloc[-1] > 4 * single.iloc[-2]
    assert "BIC prefers free" in repr(found)


def test_equal_profiles_are_kept_and_seeds_repeat() -> None:
    asked: dict[str, Any] = {"options": InvarianceOptions(n_boot=19, n_init=3, n_jobs=1)}
    first = invariance_test(panel(None), "id", "year", ITEMS, n_classes=2, **asked)
    again = invariance_test(panel(None), "id", "year", ITEMS, n_classes=2, **asked)
    assert first.p_value > 0.05
    assert first.bic_prefers == "equal"
    pd.testing.assert_frame_equal(first.table, again.table)


def test_what_cannot_be_tested() -> None:
    data = panel(None, n=30)
    with pytest.raises(InputError, match="at least two waves, got 1"):
        invariance_test(data[data["year"] == 2014], "id", "year", ITEMS, n_classes=2)
    with pytest.raises(OptionError, match="n_classes"):
        invariance_test(data, "id", "year", ITEMS, n_classes=1)
    with pytest.raises(OptionError, match="n_boot"):
        InvarianceOptions(n_boot=0)
    with pytest.raises(OptionError, match="n_init"):
        InvarianceOptions(n_init=0)
    with pytest.raises(OptionError, match="transitions"):
        InvarianceOptions(transitions="some")  # type: ignore[arg-type]
