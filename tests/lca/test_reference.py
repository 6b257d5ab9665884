"""Against poLCA 1.6 and poLCAParallel 1.2.4 on real and simulated data."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel

# Solutions of these models are unique, replicated and locally identified: parameters compare.
IDENTIFIED = [
    ("carcinoma", 1), ("carcinoma", 2), ("carcinoma", 3),
    ("values", 1), ("values", 2),
    ("sim152", 1), ("sim152", 2), ("sim152", 3),
]  # fmt: skip
# Log-likelihood only: negative degrees of freedom, or a rank below the number of parameters.
BOUNDS = [("carcinoma", 4), ("carcinoma", 5), ("values", 3), ("values", 4), ("values", 5)]


def fitted(frame, n_classes, n_init=100):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return LatentClassModel(n_classes=n_classes, n_init=n_init, random_state=3).fit(frame)


@pytest.mark.parametrize(("name", "n_classes"), IDENTIFIED + BOUNDS)
def test_log_likelihood_reaches_polca(reference_data, reference_result, name, n_classes):
    expected = reference_result(f"polca_{name}")["models"][f"K{n_classes}"]
    model = fitted(reference_data(name), n_classes)
    assert model.log_likelihood_ > expected["loglik"] - 1e-6
    assert model.n_parameters_ == expected["npar"]


@pytest.mark.parametrize(("name", "n_classes"), IDENTIFIED)
def test_parameters_and_criteria_agree_with_polca(
    reference_data, reference_result, name, n_classes
):
    expected = reference_result(f"polca_{name}")["models"][f"K{n_classes}"]
    model = fitted(reference_data(name), n_classes)
    np.testing.assert_allclose(model.log_likelihood_, expected["loglik"], atol=1e-6)
    np.testing.assert_allclose(model.class_shares_, np.atleast_1d(expected["P"]), atol=1e-4)
    for item, rows in expected["probs"].items():
        profile = model.profiles_[model.profiles_["indicator"] == item]
        table = profile.pivot_table(index="class", columns="category", values="estimate")
        np.testing.assert_allclose(table, np.atleast_2d(rows), atol=1e-4)
    for ours, theirs in [("aic", "AIC"), ("bic", "BIC"), ("l2", "Gsq"), ("df", "resid_df")]:
        np.testing.assert_allclose(model.criteria_[ours], expected[theirs], rtol=1e-7, atol=1e-6)
    np.testing.assert_allclose(model.criteria_["x2"], expected["Chisq"], rtol=1e-3)


@pytest.mark.parametrize("n_classes", [2, 3, 4, 5])
def test_best_known_optima_of_carcinoma(reference_data, reference_result, n_classes):
    best = reference_result("best_known")["best_known"]["carcinoma"][f"K{n_classes}"]
    model = fitted(reference_data("carcinoma"), n_classes)
    assert model.log_likelihood_ > best["best_loglik"] - 1e-6


@pytest.mark.parametrize("n_classes", [4, 5, 6])
def test_hard_surfaces_are_searched_well(reference_data, reference_result, n_classes):
    """Within 0.5 of the best of 1,000 starts of independent software, from 2,000 starts."""
    best = reference_result("best_known")["best_known"]["sim152"][f"K{n_classes}"]
    model = fitted(reference_data("sim152"), n_classes, n_init=2000)
    assert model.log_likelihood_ > best["best_loglik"] - 0.5


def test_identification_finds_the_known_gaps(reference_data):
    """Three classes on four binary items have 14 parameters but rank 13 (Goodman 1974)."""
    values = reference_data("values")
    assert fitted(values, 2).identification_.identified
    three = fitted(values, 3).identification_
    assert (three.rank, three.n_parameters) == (13, 14)
    assert not three.identified
