"""Drift of items: levels, power, pairs, and every error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError
from swvtypes.longitudinal import DriftOptions, item_drift


def frames(seed: int, shift: float = 0.0, n: int = 60) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    first = rng.random(n) < 0.4
    second = np.where(rng.random(n) < 0.2, rng.random(n) < 0.4, first) | (rng.random(n) < shift)
    before = pd.DataFrame({"a": first.astype(float)}, index=np.arange(n))
    after = pd.DataFrame({"a": second.astype(float)}, index=np.arange(n))
    before.loc[rng.random(n) < 0.1, "a"] = np.nan
    return before.iloc[: n - 10], after.iloc[10:]


@pytest.mark.slow
def test_level_with_pairs_and_singles() -> None:
    p = [
        item_drift(*frames(seed), options=DriftOptions(n_draws=199)).loc["a", "p_value"]
        for seed in range(500)
    ]
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.03)
    q = [
        item_drift(*frames(seed), options=DriftOptions(n_draws=199)).loc["a", "missing_p_value"]
        for seed in range(100)
    ]
    assert np.mean(np.array(q) <= 0.05) > 0.1


def test_pairs_make_the_test_sharper_than_two_samples() -> None:
    before, after = frames(3, shift=0.25)
    paired = item_drift(before, after).loc["a"]
    apart = item_drift(before, after.set_axis(after.index + 1000)).loc["a"]
    assert (paired["n_pairs"] > 30, apart["n_pairs"]) == (True, 0)
    assert paired["p_value"] < apart["p_value"]
    assert paired["distance"] == pytest.approx(apart["distance"])


def test_two_samples_without_pairs_agree_with_fisher() -> None:
    from scipy.stats import fisher_exact

    before = pd.DataFrame({"a": [1] * 12 + [0] * 18}, index=range(30))
    after = pd.DataFrame({"a": [1] * 22 + [0] * 8}, index=range(100, 130))
    found = item_drift(before, after, options=DriftOptions(n_draws=20_000)).loc["a"]
    assert found["p_value"] == pytest.approx(fisher_exact([[12, 18], [22, 8]]).pvalue, abs=0.004)
    assert found["distance"] == pytest.approx(10 / 30)


def test_pairs_agree_with_mcnemar() -> None:
    from scipy.stats import binomtest

    before = pd.DataFrame({"a": [0] * 9 + [1] * 2 + [1] * 15}, index=range(26))
    after = pd.DataFrame({"a": [1] * 9 + [0] * 2 + [1] * 15}, index=range(26))
    found = item_drift(before, after, options=DriftOptions(n_draws=20_000)).loc["a"]
    assert found["p_value"] == pytest.approx(binomtest(2, 11).pvalue, abs=0.006)


def test_many_items_are_adjusted_and_weighed_by_what_they_tell() -> None:
    rng = np.random.default_rng(5)
    before = pd.DataFrame(rng.integers(3, size=(50, 4)), columns=list("abcd"))
    after = pd.DataFrame(rng.integers(3, size=(50, 4)), columns=list("abcd"))
    after["d"] = 2
    found = item_drift(before, after, relevance=pd.Series({"a": 0.1, "d": 0.5}))
    assert (found["p_adjusted"] >= found["p_value"]).all()
    assert found["p_value"].idxmin() == "d"
    assert found.loc["d", "matters"] == pytest.approx(0.5 * found.loc["d", "distance"])
    assert np.isnan(found.loc["b", "matters"])
    raw = item_drift(before, after, options=DriftOptions(adjust="none"))
    assert (raw["p_adjusted"] == raw["p_value"]).all()


def test_renamed_items_numbers_and_new_identities() -> None:
    rng = np.random.default_rng(7)
    before = pd.DataFrame({"old": rng.normal(size=40)}, index=[f"x{i}" for i in range(40)])
    after = pd.DataFrame({"new": rng.normal(2.0, size=40)}, index=[f"y{i}" for i in range(40)])
    identity = {f"x{i}": f"y{i}" for i in range(40)}
    found = item_drift(before, after, {"old": "new"}, organisations=identity)
    assert found.loc["new", "n_pairs"] == 40
    assert found.loc["new", "p_value"] < 0.01


def test_an_item_that_nobody_answered() -> None:
    before = pd.DataFrame({"a": [np.nan] * 5})
    found = item_drift(before, pd.DataFrame({"a": [1.0] * 5})).loc["a"]
    assert np.isnan(found["p_value"])
    assert found["missing_before"] == 1.0


def test_faults() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    with pytest.raises(InputError, match="before: no column 'z'") as caught:
        item_drift(frame, frame, {"z": "y"})
    assert "after: no column 'y'" in caught.value.faults
    with pytest.raises(InputError, match="at least one item"):
        item_drift(frame, frame.rename(columns={"a": "b"}))
    with pytest.raises(InputError, match="after: 0 stands more than once"):
        item_drift(frame, pd.concat([frame, frame]))
    with pytest.raises(OptionError, match="n_draws"):
        DriftOptions(n_draws=0)
    with pytest.raises(OptionError, match="adjust"):
        DriftOptions(adjust="other")


def test_one_change_among_many_items_can_be_seen_after_adjustment() -> None:
    rng = np.random.default_rng(1)
    before = pd.DataFrame(rng.integers(0, 2, (60, 120))).add_prefix("item_").astype(float)
    after = before.copy()
    after["item_7"] = 1.0
    found = item_drift(before, after, options=DriftOptions(n_draws=99))
    assert found.loc["item_7", "p_adjusted"] < 0.05
    assert (found["p_adjusted"].drop("item_7") == 1.0).all()
