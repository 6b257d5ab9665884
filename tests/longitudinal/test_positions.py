"""Positions over time against theory and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import InputError, OptionError
from swvtypes.longitudinal import position_change, three_wave_reliability


def positions(seed: int, ratio: float = 1.0, n: int = 60) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    draws = rng.multivariate_normal([5.0, 5.0], [[4.0, 2.4], [2.4, 4.0]], size=n)
    draws[:, 1] = 5.0 + (draws[:, 1] - 5.0) * np.sqrt(ratio)
    return pd.Series(draws[:, 0]), pd.Series(draws[:, 1])


def test_textbook_values() -> None:
    x, y = positions(1, 0.5)
    found = position_change(x, y)
    expected = stats.ttest_rel(y, x)
    row = found.table.loc["mean"]
    assert row["p_value"] == pytest.approx(expected.pvalue)
    low, high = expected.confidence_interval()
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))
    r = stats.pearsonr(x + y, y - x)
    assert found.table.loc["variance", "p_value"] == pytest.approx(r.pvalue)
    assert found.summary.loc["before", "sd"] == pytest.approx(x.std())


@pytest.mark.slow
def test_levels_coverage_and_power() -> None:
    n = 400
    null = [position_change(*positions(s), n_draws=199).table for s in range(n)]
    for column in ("p_value", "p_robust"):
        for question in ("mean", "variance", "distance to the middle"):
            rate = np.mean([t.loc[question, column] <= 0.05 for t in null])
            assert rate == pytest.approx(0.05, abs=0.035), (column, question)
    cover = np.mean([t.loc["variance", "low"] <= 1.0 <= t.loc["variance", "high"] for t in null])
    assert cover == pytest.approx(0.95, abs=0.03)
    less = [position_change(*positions(s, 0.4), n_draws=199).table for s in range(100)]
    assert np.mean([t.loc["variance", "p_robust"] <= 0.05 for t in less]) > 0.7
    assert np.mean([t.loc["variance", "estimate"] for t in less]) == pytest.approx(0.4, abs=0.05)


def test_the_exchange_keeps_its_level_with_skewed_scores() -> None:
    rng = np.random.default_rng(3)
    p = []
    for _ in range(200):
        base = rng.exponential(size=50)
        x, y = (np.clip(np.round(base + rng.exponential(size=50)), 0, 9) for _ in range(2))
        p.append(
            position_change(pd.Series(x), pd.Series(y), n_draws=199).table.loc[
                "variance", "p_robust"
            ]
        )
    assert np.mean(np.array(p) <= 0.05) < 0.10


def test_reliability_is_an_input() -> None:
    x, y = positions(5, 0.6)
    curve = position_change(x, y, reliabilities=(0.2, 0.8, 1.0)).reliability
    ratio = y.var() / x.var()
    assert curve.loc[1.0, "variance_ratio"] == pytest.approx(ratio)
    error = 0.2 * x.var()
    assert curve.loc[0.8, "variance_ratio"] == pytest.approx((y.var() - error) / (0.8 * x.var()))
    assert np.isnan(curve.loc[0.2, "variance_ratio"])


def test_reliability_from_three_waves() -> None:
    rng = np.random.default_rng(7)
    n = 20_000
    true = [rng.normal(size=n)]
    for _ in range(2):
        true.append(0.8 * true[-1] + 0.6 * rng.normal(size=n))
    waves = [pd.Series(t + rng.normal(scale=0.5, size=n)) for t in true]
    found = three_wave_reliability(*waves, n_boot=50)
    assert found["reliability"] == pytest.approx(1 / 1.25, abs=0.02)
    assert found["low"] < found["reliability"] < found["high"]


def test_identities_and_gaps() -> None:
    x, y = positions(9)
    x.index = [f"old{i}" for i in x.index]
    y.iloc[0] = np.nan
    found = position_change(x, y, organisations={f"old{i}": i for i in range(60)})
    assert found.n == 59


def test_faults() -> None:
    x, y = positions(11)
    with pytest.raises(InputError, match="at least 5 organisations with both positions, got 3"):
        position_change(x.head(3), y)
    with pytest.raises(InputError, match="before: 0 stands more than once"):
        position_change(pd.concat([x, x.head(1)]), y)
    with pytest.raises(InputError, match="after: every position is the same"):
        position_change(x, y * 0)
    with pytest.raises(InputError, match="three positions, got 2"):
        three_wave_reliability(x.head(2), y, y)
    for options in ({"level": 1.0}, {"n_draws": 0}, {"reliabilities": (0.0,)}):
        with pytest.raises(OptionError):
            position_change(x, y, **options)  # type: ignore[arg-type]
