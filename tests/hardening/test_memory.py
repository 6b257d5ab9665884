"""Memory that does not grow with replicates, nor with the square of the rows."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from swvtypes.lca import bootstrap_lrt
from swvtypes.longitudinal import DriftOptions, item_drift
from swvtypes.report import comparable
from swvtypes.report.comparable import comparables
from swvtypes.steering import permutations
from swvtypes.steering.permutations import Rearrangement, random_correlation_test, rearranged


def peak_megabytes(action: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def test_drift_holds_a_portion_of_the_draws() -> None:
    rng = np.random.default_rng(1)
    pair = [pd.DataFrame({"a": rng.integers(4, size=8000)}) for _ in range(2)]
    pair[1].index += 4000
    found = peak_megabytes(lambda: item_drift(*pair, options=DriftOptions(1999)))
    assert found < 200.0  # all draws at once: 8,000 rows x 1,999 draws x 8 bytes x 2


def test_drift_is_the_same_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    pair = [pd.DataFrame({"a": rng.integers(4, size=60)}) for _ in range(2)]
    pair[1].index += 20
    whole = item_drift(*pair, options=DriftOptions(199))
    monkeypatch.setattr("swvtypes.longitudinal.drift._CELLS", 500)
    pd.testing.assert_frame_equal(item_drift(*pair, options=DriftOptions(199)), whole)


def test_a_correlation_is_tested_with_a_portion_of_the_replicates() -> None:
    rng = np.random.default_rng(1)
    x, y, strata = rng.normal(size=5000), rng.normal(size=5000), np.repeat([0, 1], 2500)
    plan = Rearrangement(2000, 1)
    assert peak_megabytes(lambda: random_correlation_test(x, y, strata, plan)) < 10.0


@pytest.mark.parametrize("cells", [1, 700, 2**18])
def test_portions_of_replicates_are_the_same_rearrangements(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    values, scores = rng.integers(1, 8, 90).astype(float), rng.normal(size=90)
    strata, plan = rng.integers(3, size=90), Rearrangement(700, 3, (1, 2))
    monkeypatch.setattr(permutations, "_CELLS", cells)
    found = permutations._rearranged_products(values, scores, strata, plan)
    np.testing.assert_allclose(found, rearranged(values, strata, plan) @ scores, atol=1e-10)


def _organisations(n: int) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(1)
    types = pd.DataFrame(rng.dirichlet(np.ones(3), n).round(1))
    types.iloc[::17] = np.nan
    context = pd.DataFrame(rng.integers(5, size=(n, 2)).astype(float))
    context.iloc[::11, 0] = np.nan
    return types, pd.Series(np.where(rng.random(n) < 0.6, "po", "vo")), context


def test_the_nearest_organisations_are_found_by_portions() -> None:
    given = _organisations(3000)
    assert peak_megabytes(lambda: comparables(*given, 4)) < 150.0  # n x n x 8 bytes x 5 is 340


def test_the_nearest_are_the_same_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    given = _organisations(80)
    whole = comparables(*given, 4)
    monkeypatch.setattr(comparable, "_CELLS", 100)
    parts = comparables(*given, 4)
    np.testing.assert_array_equal(parts.nearest, whole.nearest)
    np.testing.assert_array_equal(parts.type_distance, whole.type_distance)
    np.testing.assert_array_equal(parts.context_distance, whole.context_distance)


def test_a_bootstrap_holds_some_replicates_at_a_time() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame((rng.random((300, 12)) < rng.random(12)).astype(int))

    def peak(n_boot: int) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return peak_megabytes(
                lambda: bootstrap_lrt(
                    frame, 1, n_boot, n_init=2, random_state=1, n_jobs=1, max_iter=30
                )
            )

    peak(10)  # what is imported and kept once
    few, many = peak(100), peak(800)
    assert many < 2.0 * few
