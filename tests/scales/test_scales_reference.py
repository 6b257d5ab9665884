"""Agreement with the R package psych on a real data set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.scales import (
    ParallelOptions,
    ReliabilityOptions,
    factor_analysis,
    parallel_analysis,
    reliability,
    sampling_adequacy,
)
from swvtypes.scales.moments import weighted_moments

TIGHT = {"rtol": 0, "atol": 1e-9}


@pytest.fixture(scope="module")
def reference(reference_dir: Path) -> dict[str, Any]:
    return json.loads((reference_dir / "psych_bfi.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bfi(reference_dir: Path) -> pd.DataFrame:
    return pd.read_csv(reference_dir / "data" / "bfi.csv")


def cases(reference: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict, str]]:
    """Each alpha of the reference: its figures, the items to turn round, the missing rule."""
    for name, block in reference["alpha"].items():
        if name == "all25_unkeyed":
            yield block, {}, "pairwise"
            continue
        items = reference["scales"][name]
        turned = {x: (1, 6) for x, key in zip(items, block["keys"], strict=True) if key < 0}
        yield block["keyed_all_rows"], turned, "pairwise"
        yield block["unkeyed_all_rows"], {}, "pairwise"
        yield block["keyed_complete_cases"], turned, "listwise"


def test_alpha_and_item_statistics(reference: dict[str, Any], bfi: pd.DataFrame) -> None:
    count = 0
    for expected, turned, missing in cases(reference):
        found = reliability(bfi, expected["items"], missing=missing, reversed_items=turned)
        np.testing.assert_allclose(found.alpha, expected["raw_alpha"], **TIGHT)
        np.testing.assert_allclose(found.standardised_alpha, expected["std_alpha"], **TIGHT)
        np.testing.assert_allclose(found.mean_correlation, expected["average_r"], **TIGHT)
        np.testing.assert_allclose(found.interval[0], expected["feldt"][0], **TIGHT)
        np.testing.assert_allclose(found.interval[1], expected["feldt"][2], **TIGHT)
        np.testing.assert_allclose(found.score_mean, expected["mean"], **TIGHT)
        np.testing.assert_allclose(found.score_sd, expected["sd"], **TIGHT)
        for column, key in {
            "n": "n",
            "mean": "item_mean",
            "sd": "item_sd",
            "item_total": "raw_r",
            "item_rest": "r_drop",
            "alpha_if_dropped": "alpha_drop_raw",
        }.items():
            np.testing.assert_allclose(found.items[column], expected[key], **TIGHT, err_msg=key)
        count += 1
    assert count == 16


def test_alpha_if_dropped_at_equal_variances(reference: dict, bfi: pd.DataFrame) -> None:
    expected = reference["alpha"]["agree"]["keyed_complete_cases"]
    for at, item in enumerate(expected["items"]):
        rest = [x for x in expected["items"] if x != item]
        turned = {"A1": (1, 6)} if item != "A1" else {}
        complete = bfi[expected["items"]].dropna()
        found = reliability(complete, rest, reversed_items=turned)
        np.testing.assert_allclose(
            found.standardised_alpha, expected["alpha_drop_std"][at], **TIGHT
        )


@pytest.mark.parametrize(("name", "complete"), [("none", False), ("varimax_complete", True)])
def test_minimum_residual_factors(
    reference: dict, bfi: pd.DataFrame, name: str, complete: bool
) -> None:
    expected = reference["fa"][name]
    frame = bfi[expected["items"]]
    values = (frame.dropna() if complete else frame).to_numpy(float)
    matrix = weighted_moments(values, np.ones(len(values))).correlation
    found = factor_analysis(matrix, len(values), 5)
    assert found.converged
    assert found.df == expected["dof"]
    np.testing.assert_allclose(found.communalities, expected["communality"], atol=1e-4)
    np.testing.assert_allclose(found.objective, expected["objective"], atol=1e-5)
    np.testing.assert_allclose(found.chi_square, expected["chi_stat"], rtol=1e-5)
    np.testing.assert_allclose(found.residual, expected["rms"], atol=1e-5)
    np.testing.assert_allclose(found.rmsea, expected["RMSEA"][0], atol=5e-5)
    np.testing.assert_allclose(found.tli, expected["TLI"], atol=5e-4)
    if name == "none":
        np.testing.assert_allclose(np.abs(found.loadings), np.abs(expected["loadings"]), atol=1e-4)


def test_one_factor_through_omega(reference: dict, bfi: pd.DataFrame) -> None:
    """The package's omega divides the one-factor uniquenesses by the observed variance."""
    items = reference["scales"]["agree"]
    found = reliability(bfi, items, missing="pairwise", reversed_items={"A1": (1, 6)})
    values = bfi[items].to_numpy(float)
    values[:, 0] = 7 - values[:, 0]
    matrix = weighted_moments(values, np.ones(len(values))).correlation
    observed = 1 - (1 - found.items["communality"]).sum() / matrix.sum()
    np.testing.assert_allclose(observed, reference["omega_agree"]["omega_tot"], atol=1e-7)
    np.testing.assert_allclose(found.omega_standardised, observed, atol=1e-3)


def test_one_factor_eigenvalues(reference: dict, bfi: pd.DataFrame) -> None:
    """The eigenvalues of the common-factor variant rest on all 25 one-factor loadings."""
    values = bfi[reference["fa"]["none"]["items"]].to_numpy(float)
    expected = reference["fa_parallel_seed1"]
    for variant, key, count in (
        ("components", "pc_values", "ncomp"),
        ("factors", "fa_values", "nfact"),
    ):
        found = parallel_analysis(values, ParallelOptions(variant=variant, n_replicates=40))
        np.testing.assert_allclose(found.eigenvalues, expected[key], atol=1e-6)
        assert found.n_factors == expected[count]


def test_sampling_adequacy(reference: dict, bfi: pd.DataFrame) -> None:
    values = bfi[reference["fa"]["none"]["items"]].to_numpy(float)
    matrix = weighted_moments(values, np.ones(len(values))).correlation
    found = sampling_adequacy(matrix, len(values))
    assert found is not None
    np.testing.assert_allclose(found.kmo, reference["KMO"]["MSA"], **TIGHT)
    np.testing.assert_allclose(found.kmo_items, list(reference["KMO"]["MSAi"].values()), **TIGHT)
    np.testing.assert_allclose(
        found.bartlett_chi_square, reference["bartlett"]["chisq"], rtol=1e-10
    )
    assert found.bartlett_df == reference["bartlett"]["df"]
    assert found.bartlett_p_value == 0.0


def test_bootstrap_interval_agrees_with_the_standard_error(
    reference: dict, bfi: pd.DataFrame
) -> None:
    expected = reference["alpha"]["agree"]["keyed_complete_cases"]
    options = ReliabilityOptions(interval="bootstrap", n_boot=400)
    found = reliability(bfi, expected["items"], reversed_items={"A1": (1, 6)}, options=options)
    low, high = found.interval
    assert low < found.alpha < high
    assert (high - low) / (2 * 1.96) == pytest.approx(expected["ase"], rel=0.25)
