"""Shares that sum to a constant: log-ratios, zeros, and what raw correlations make of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from validation_samples import POSTS, codebook, small_frame, small_wave

from swvtypes.errors import InputError, OptionError
from swvtypes.survey import Wave
from swvtypes.validation import (
    ValidationOptions,
    ZeroReplacement,
    against_budget,
    isometric_basis,
    log_ratios,
    replace_zeros,
)

NEVER = ValidationOptions(exact="never")


@given(st.integers(0, 10_000))
def test_replacement_keeps_totals_and_ratios(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(5), 8) * 100
    shares[rng.random(shares.shape) < 0.2] = 0
    shares = shares[shares.sum(axis=1) > 0]
    shares *= 100 / shares.sum(axis=1, keepdims=True)
    filled = replace_zeros(shares, ZeroReplacement(2.0, 0.5))
    np.testing.assert_allclose(filled.sum(axis=1), 100)
    assert (filled[shares == 0] == 1.0).all()
    for before, after in zip(shares, filled, strict=True):
        kept = before > 0
        np.testing.assert_allclose(after[kept] / after[kept][0], before[kept] / before[kept][0])


def test_log_ratios_by_hand() -> None:
    x = np.array([[10.0, 20, 70], [5, 5, 90]])
    g = np.prod(x, axis=1, keepdims=True) ** (1 / 3)
    np.testing.assert_allclose(log_ratios(x), np.log(x / g))
    pivot = np.sqrt(2 / 3) * np.log(x[:, 0] / np.sqrt(x[:, 1] * x[:, 2]))
    np.testing.assert_allclose(log_ratios(x, "isometric")[:, 0], pivot)
    distance = np.linalg.norm(np.diff(log_ratios(x), axis=0))
    assert np.linalg.norm(np.diff(isometric_basis(x), axis=0)) == pytest.approx(distance)
    assert np.isnan(log_ratios(np.array([[np.nan, 1, 2]]))).all()


def test_coordinates_change_means_not_correlations(wave: Wave) -> None:
    centred = against_budget(wave, "steering", NEVER)
    pivot = against_budget(wave, "steering", replace(NEVER, coordinates="isometric"))
    np.testing.assert_allclose(
        centred.table["estimate"], pivot.table["estimate"], atol=1e-12, equal_nan=True
    )
    a = against_budget(wave, "tried", NEVER).groups
    b = against_budget(wave, "tried", replace(NEVER, coordinates="isometric")).groups
    ratio = (b["estimate"] / a["estimate"])[a["form"] == "log_ratio"]
    assert ratio.to_numpy() == pytest.approx(np.sqrt(5 / 4))


def test_log_ratio_row_is_the_correlation_of_log_ratios(wave: Wave) -> None:
    shares = wave.frame[list(POSTS)].to_numpy(dtype=float)
    values = log_ratios(replace_zeros(shares, ZeroReplacement()))
    x = wave.column("steering").to_numpy(dtype=float)
    table = against_budget(wave, "steering", NEVER).first("pooled", "log_ratio")
    for at, post in enumerate(POSTS):
        theirs = stats.pearsonr(x, values[:, at])
        assert table.loc[post, "estimate"] == pytest.approx(theirs.statistic, abs=1e-12)


def test_disagreement_is_said_where_closure_makes_it() -> None:
    """One post rises with x, the others keep their ratios: their raw shares fall all the same."""
    rng = np.random.default_rng(2)
    frame = small_frame(2, 200)
    x = rng.normal(size=200)
    parts = np.exp(rng.normal(0, 0.3, (200, 5)))
    parts[:, 1] *= np.exp(1.5 * x)
    shares = 100 * parts / parts.sum(axis=1, keepdims=True)
    for at, post in enumerate(POSTS):
        frame[post] = shares[:, at]
    wave = Wave.from_frame(frame, codebook(), name="closed")
    by = pd.Series(x, index=wave.frame.index, name="x")
    found = against_budget(wave, by, NEVER)
    pooled = found.disagreements[found.disagreements["scope"] == "pooled"].set_index("outcome")
    others = [post for post in POSTS if post != "budget_decentral"]
    assert (pooled.loc[others, "share_estimate"] < -0.5).all()
    assert not pooled["sign_differs"].any()
    ratios = np.log(parts[:, 0] / parts[:, 2])
    assert abs(stats.pearsonr(x, ratios).statistic) < 0.2
    assert "Shares and log-ratios point the same way" in found.text("en")
    # a post whose share knows nothing of x, while most of the others shrink with x
    parts = np.exp(rng.normal(0, 0.2, (200, 5)) + np.outer(x, [-1.0, 0.5, -1.0, -1.0, 0.0]))
    office = rng.uniform(5, 9, 200)
    parts[:, 4] = 0
    parts *= ((100 - office) / parts.sum(axis=1))[:, None]
    parts[:, 4] = office
    frame[list(POSTS)] = parts
    found2 = against_budget(Wave.from_frame(frame, codebook(), name="other"), by, NEVER)
    rows = found2.disagreements
    office_row = rows[(rows["scope"] == "pooled") & (rows["outcome"] == "budget_management")].iloc[
        0
    ]
    assert office_row["share_p"] > 0.05
    assert office_row["log_ratio_p"] < 0.001
    assert office_row["significance_differs"]
    assert "disagree on" in found2.text("en")
    assert "spreken elkaar tegen" in found2.text("nl")


def test_zeros_are_counted_and_varied(wave: Wave) -> None:
    found = against_budget(wave, "steering", NEVER)
    zeros = int((wave.frame[list(POSTS)] == 0).to_numpy().sum())
    assert zeros >= 6
    assert f"{zeros} zeros replaced by 0.65" in found.text("en")
    assert f"{zeros} nullen vervangen door 0,65" in found.text("nl")
    rows = found.disagreements
    assert (rows["lowest_p"] <= rows["log_ratio_p"] + 1e-12).all()
    assert (rows["highest_p"] >= rows["log_ratio_p"] - 1e-12).all()
    none = against_budget(wave, "steering", replace(NEVER, zeros=ZeroReplacement(0.01)))
    a = found.first("pooled", "log_ratio")["estimate"]
    assert abs(a - none.first("pooled", "log_ratio")["estimate"]).max() > 0.001


def test_a_post_is_not_held_against_itself(wave: Wave) -> None:
    found = against_budget(wave, "budget_pupil", NEVER)
    assert "budget_pupil" not in set(found.table["outcome"])
    assert "Not held against itself: budget_pupil." in found.text("en")


def test_faults() -> None:
    wave = small_wave()
    with pytest.raises(OptionError, match="composition: expected one of 'budget', got 'time'"):
        against_budget(wave, "steering", composition="time")
    with pytest.raises(InputError, match="replacements of 60 exceed the total of 100"):
        replace_zeros(np.array([[0.0, 0.0, 100.0]]), ZeroReplacement(60.0, 1.0))
    with pytest.raises(InputError, match="expected shares of at least 0, got -1"):
        replace_zeros(np.array([[-1.0, 101.0]]), ZeroReplacement())
    with pytest.raises(InputError, match=r"(?s)limit.*fraction"):
        ZeroReplacement(0.0, 2.0)
    with pytest.raises(InputError) as caught:
        ValidationOptions(
            level=2,
            exact="no",
            assignment="x",
            coordinates="y",
            small=0,
            n_permutations=0,  # type: ignore[arg-type]
        )
    assert "6 faults" in str(caught.value)
