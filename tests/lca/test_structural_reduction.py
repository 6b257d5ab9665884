"""Slopes by BCH weights without the bias of small numbers, and densities that are less sure."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from swvtypes.errors import InputError, SwvtypesWarning
from swvtypes.lca import CovariateSpec, LatentClassModel, OutcomeSpec, relate_covariates
from swvtypes.lca.inference_scores import log_softmax
from swvtypes.lca.structural import measure
from swvtypes.lca.structural_calibration import Calibration, average, calibrate
from swvtypes.lca.structural_distal import relate_outcome
from swvtypes.lca.structural_logit import fit_logit, free_coefficients
from swvtypes.lca.structural_optimism import Replication, correct_densities
from swvtypes.lca.structural_reduction import (
    Noisy,
    fit_reduced,
    reduced_gradient,
    reduced_objective,
)

ERRORS = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]])
PROFILES = np.array([[0.8] * 6, [0.8, 0.8, 0.8, 0.2, 0.2, 0.2], [0.2] * 6])


def noisy(n: int = 200, seed: int = 0, extra: float = 0.7) -> Noisy:
    rng = np.random.default_rng(seed)
    Z = np.column_stack([np.ones(n), rng.integers(1, 6, n), rng.normal(size=n)])
    eta = np.column_stack([np.zeros(n), 2.0 - 0.7 * Z[:, 1], -2.0 + 0.7 * Z[:, 1]])
    p = np.exp(log_softmax(eta))
    c = (rng.random(n)[:, None] > p.cumsum(axis=1)).sum(axis=1)
    assigned = np.eye(3)[(rng.random(n)[:, None] > ERRORS[c].cumsum(axis=1)).sum(axis=1)]
    weight = rng.integers(1, 3, n).astype(float)
    targets = np.linalg.solve(ERRORS.T, assigned.T).T
    return Noisy(Z, targets, weight, 1.3 * weight, extra * np.eye(6))


def test_gradient_is_the_slope_of_the_objective():
    mine, rng = noisy(), np.random.default_rng(1)
    gamma = np.zeros((3, 3))
    gamma[:, 1:] = 0.3 * rng.normal(size=(3, 2))
    slope = reduced_gradient(mine, gamma)
    for i, (q, c) in enumerate(np.argwhere(free_coefficients(3, 3))):
        up, down = gamma.copy(), gamma.copy()
        up[q, c] += 1e-5
        down[q, c] -= 1e-5
        rise = (reduced_objective(mine, up) - reduced_objective(mine, down)) / 2e-5
        assert slope[i] == pytest.approx(rise, abs=1e-6)


def test_maximum_is_found():
    mine = noisy()
    gamma, converged = fit_reduced(mine, np.zeros((3, 3)))
    assert converged
    assert np.abs(reduced_gradient(mine, gamma)).max() < 1e-12 * mine.weight.sum()
    best = reduced_objective(mine, gamma)
    rng = np.random.default_rng(2)
    for _ in range(20):
        other = gamma + np.column_stack([np.zeros(3), 0.05 * rng.normal(size=(3, 2))])
        assert reduced_objective(mine, other) < best


def test_known_classes_two_of_them_and_a_constant():
    """One proportion: the logit's information is npq, and e the same at the estimate's value.

    With y of n cases the objective is y log p + (n - y) log q - (y q^2 + (n - y) p^2) / (2 n p q).
    """
    y, n = 7.0, 20.0
    targets = np.repeat(np.eye(2), [int(n - y), int(y)], axis=0)
    ones = np.ones(int(n))
    mine = Noisy(np.ones((int(n), 1)), targets, ones, ones, np.zeros((1, 1)))
    for p in (0.2, 0.35, 0.6):
        gamma = np.array([[0.0, np.log(p / (1 - p))]])
        q = 1.0 - p
        expected = y * np.log(p) + (n - y) * np.log(q)
        expected -= (y * q**2 + (n - y) * p**2) / (2 * n * p * q)
        assert reduced_objective(mine, gamma) == pytest.approx(expected, abs=1e-12)


def test_bias_of_slopes_by_bch_weights_is_less():
    """The table known, 60 cases: plain slopes are too large, reduced ones much less so."""
    plain, reduced = [], []
    for seed in range(150):
        mine = replace(noisy(60, 100 + seed, 0.0), weight=np.ones(60), square=np.ones(60))
        zero = np.zeros((3, 3))
        plain.append(fit_logit(mine.Z, mine.targets, zero)[0][1])
        reduced.append(fit_reduced(mine, zero)[0][1])
    true = np.array([-0.7, 0.7])
    size = [np.median(np.array(found)[:, 1:] @ true) / (true @ true) for found in (plain, reduced)]
    assert size[0] > 1.15
    assert abs(size[1] - 1.0) < 0.5 * abs(size[0] - 1.0)
    assert np.abs(reduced).max() < 10.0 < np.abs(plain).max()


# Calibration -------------------------------------------------------------------------------------


def test_a_power_and_shifts_are_found_again():
    rng = np.random.default_rng(3)
    own = rng.dirichlet((0.4, 0.5, 0.6), size=4000)
    weight = rng.random(4000) + 0.5
    truth = np.exp(log_softmax(0.7 * np.log(own) + np.array([0.0, 0.3, -0.2])))
    found = calibrate(own, truth, weight)
    assert found is not None
    assert found.power == pytest.approx(0.7, abs=1e-9)
    np.testing.assert_allclose(found.shift, [0.0, 0.3, -0.2], atol=1e-8)
    # Under it a density has the calibrated posterior.
    shares = np.log(np.tile([0.2, 0.5, 0.3], (4000, 1)))
    density = found.log_density(np.log(own) - shares, shares)
    np.testing.assert_allclose(np.exp(log_softmax(density + shares)), truth, atol=1e-8)


def test_sure_probabilities_that_are_right_stay():
    rng = np.random.default_rng(4)
    own = rng.dirichlet((0.3, 0.3), size=500)
    found = calibrate(own, own, np.ones(500))
    assert found is not None
    assert found.power == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(found.shift, 0.0, atol=1e-9)


def test_no_power_where_none_fits():
    """Truth that contradicts the model's own probabilities asks for a power below zero."""
    own = np.tile([[0.9, 0.1], [0.1, 0.9]], (20, 1))
    assert calibrate(own, own[:, ::-1], np.ones(40)) is None


def test_averages():
    parts = [Calibration(0.5, np.array([0.0, 0.2])), None, Calibration(0.8, np.array([0.0, 0.4]))]
    found = average(parts, 2)
    assert found.power == pytest.approx(np.sqrt(0.4))
    np.testing.assert_allclose(found.shift, [0.0, 0.3])
    none = average([None], 3)
    assert (none.power, none.shift.tolist()) == (1.0, [0.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    c = rng.integers(0, 3, 300)
    X = pd.DataFrame((rng.random((300, 6)) < PROFILES[c]).astype(int))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(3, n_init=10, random_state=1, n_jobs=1).fit(X)
    return X, pd.DataFrame({"z": rng.normal(c, 1.5)}), model


def test_corrected_densities_are_less_sure(rows):
    X, _, model = rows
    stated = measure(model, X)
    corrected = correct_densities(stated, model, Replication(20))
    assert corrected.corrected
    assert not stated.corrected
    assert 0.4 < corrected.calibration.power < 1.0
    sure = [
        np.exp(log_softmax(d + stated.log_shares)).max(axis=1).mean()
        for d in (stated.likelihood, corrected.likelihood)
    ]
    assert sure[1] < sure[0] - 0.01
    again = correct_densities(stated, model, Replication(20))
    assert again.calibration.power == corrected.calibration.power


def test_two_steps_corrected_have_larger_slopes_and_standard_errors(rows):
    X, Z, model = rows
    found = [
        relate_covariates(model, X, Z, CovariateSpec("two_step", errors=e, n_boot=20))
        for e in ("apparent", "corrected", "auto")
    ]
    slopes = [np.abs(f.gamma[1]).max() for f in found]
    assert slopes[1] > 1.02 * slopes[0]
    assert slopes[1] == slopes[2]
    se = [f.coefficients.query("covariate == 'z'")["se"].mean() for f in found]
    assert se[1] > se[0]
    assert [f.corrected for f in found] == [False, True, True]
    y = Z["z"].rename("y")
    gaps = [
        np.ptp(relate_outcome(model, X, y, OutcomeSpec("two_step", errors=e, n_boot=20))
               .class_values.estimate)
        for e in ("apparent", "corrected")
    ]  # fmt: skip
    assert gaps[1] > gaps[0]


def test_one_class_and_broken_frequencies(rows):
    X, _, model = rows
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        single = LatentClassModel(1, random_state=1, n_jobs=1).fit(X)
    assert not correct_densities(measure(single, X), single).corrected
    halves = np.full(300, 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        half = clone(model).fit(X, sample_weight=halves)
    with pytest.raises(InputError, match="weights that are not whole numbers"):
        correct_densities(measure(half, X, halves), half)


# Covariates and outcomes that are not what they should be ----------------------------------------


def test_a_column_or_plain_numbers_are_covariates_too(rows):
    X, Z, model = rows
    spec = CovariateSpec("two_step", errors="apparent")
    table = relate_covariates(model, X, Z, spec).coefficients
    plain = Z["z"].to_numpy()
    for given, name in ((Z["z"], "z"), (plain[:, None], "covariate 1"), (plain, "covariate 1")):
        found = relate_covariates(model, X, given, spec).coefficients
        np.testing.assert_allclose(found["estimate"], table["estimate"], atol=1e-12)
        assert found["covariate"].tolist()[-1] == name


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda z: pd.DataFrame({"d": pd.date_range("2020", periods=len(z))}),
         "covariate 'd': expected numbers or categories, got dates"),
        (lambda z: pd.DataFrame({"d": [f"name {i}" for i in range(len(z))]}),
         "covariate 'd': expected at most 50 categories, got 300"),
        (lambda z: z.assign(z=np.where(z.index == 3, np.inf, z["z"])),
         "covariate 'z': expected finite numbers"),
        (lambda z: [["a"]] * len(z), "expected a table, a column or numbers of shape"),
        (lambda z: z.iloc[::-1], "covariates: .*\n- expected rows in the order of X"),
    ],
)  # fmt: skip
def test_covariates_at_fault(rows, make, text):
    X, Z, model = rows
    with pytest.raises(InputError, match=text):
        relate_covariates(model, X, make(Z))


def test_an_outcome_in_another_order(rows):
    X, Z, model = rows
    with pytest.raises(InputError, match="expected rows in the order of X"):
        relate_outcome(model, X, Z["z"].iloc[::-1])
    # Other labels altogether are taken by their place.
    other = Z["z"].set_axis([f"r{i}" for i in range(300)])
    spec = OutcomeSpec(errors="apparent")
    assert relate_outcome(model, X, other, spec).n == 300.0


def test_bch_weights_that_do_not_exist():
    from swvtypes.lca import classification_errors

    lone = classification_errors(np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]]))
    with pytest.raises(InputError, match="class 2: nobody was assigned to it: they do not exist"):
        _ = lone.bch_weights
    alike = classification_errors(np.full((6, 2), 0.5), assignment="proportional")
    with pytest.raises(InputError, match="the answers do not tell the classes apart"):
        _ = alike.bch_weights
