"""Firth's penalty: closed forms, invariances, weights, and coefficients that stay finite."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import OptionError, SeparationWarning, SwvtypesWarning
from swvtypes.lca import (
    CovariateSpec,
    LatentClassModel,
    OutcomeSpec,
    relate_covariates,
    relate_outcome,
)
from swvtypes.lca.inference_scores import log_softmax
from swvtypes.lca.structural_firth import firth_curvature, firth_gradient, firth_penalty
from swvtypes.lca.structural_logit import fit_logit, free_coefficients

METHODS = ("ml", "bch", "two_step", "one_step", "naive")


def quiet(X, K=2, weight=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        options = {"n_init": 10, "random_state": 1, "n_jobs": 1, "tol": 1e-12, **options}
        return LatentClassModel(K, **options).fit(X, sample_weight=weight)


@pytest.fixture(scope="module")
def apart():
    """Two classes that a yes-or-no covariate separates: nobody of class 2 without it."""
    rng = np.random.default_rng(7)
    n = 120
    b = (rng.random(n) < 0.5).astype(int)
    c = np.where(b == 1, (rng.random(n) < 0.6).astype(int), 0)
    X = pd.DataFrame((rng.random((n, 7)) < np.where(c, 0.95, 0.05)[:, None]).astype(int))
    return X, pd.DataFrame({"b": b}), quiet(X)


def random_logit(seed=1):
    rng = np.random.default_rng(seed)
    Z = np.column_stack([np.ones(60), rng.normal(size=60), rng.integers(0, 2, 60)])
    gamma = np.zeros((3, 3))
    gamma[:, 1:] = rng.normal(size=(3, 2)) * 0.7
    return Z, gamma, rng.random(60) + 0.5


def test_derivatives_of_the_penalty():
    Z, gamma, weight = random_logit()
    free = free_coefficients(3, 3)

    def shares(g):
        return np.exp(log_softmax(Z @ g))

    slope = firth_gradient(Z, shares(gamma), weight, free)
    curve = firth_curvature(Z, gamma, weight, free)
    for i, (q, c) in enumerate(np.argwhere(free)):
        up, down = gamma.copy(), gamma.copy()
        up[q, c] += 1e-5
        down[q, c] -= 1e-5
        rise = firth_penalty(Z, shares(up), weight, free)
        fall = firth_penalty(Z, shares(down), weight, free)
        assert slope[i] == pytest.approx((rise - fall) / 2e-5, abs=1e-7)
        turned = firth_gradient(Z, shares(up), weight, free)
        turned = (turned - firth_gradient(Z, shares(down), weight, free)) / 2e-5
        np.testing.assert_allclose(curve[i], -turned, atol=1e-6)


def test_half_an_answer_in_each_cell():
    """A saturated table: Firth's penalty adds half to every cell (Firth 1993, section 3)."""
    counts = np.array([[12.0, 0.0], [7.0, 9.0]])
    Z = np.array([[1.0, 0.0], [1.0, 1.0]])
    gamma, converged = fit_logit(Z, counts, np.zeros((2, 2)), firth=counts.sum(axis=1))
    assert converged
    log_odds = np.log((counts[:, 1] + 0.5) / (counts[:, 0] + 0.5))
    np.testing.assert_allclose(Z @ gamma[:, 1], log_odds, atol=1e-8)


def test_the_class_of_reference_and_the_coding_do_not_matter():
    Z, gamma, weight = random_logit(2)
    free = free_coefficients(3, 3)
    last = np.ones((3, 3), dtype=bool)
    last[:, 2] = False
    p = np.exp(log_softmax(Z @ gamma))
    assert firth_penalty(Z, p, weight, free) == pytest.approx(firth_penalty(Z, p, weight, last))
    T = np.array([[1.0, 2.0, -1.0], [0.0, 3.0, 0.0], [0.0, 0.0, -1.0]])
    shift = np.log(abs(np.linalg.det(T))) * 2
    moved = firth_penalty(Z @ T, p, weight, free)
    assert moved == pytest.approx(firth_penalty(Z, p, weight, free) + shift)


def test_a_singular_information_is_minus_infinity():
    Z = np.ones((4, 2))
    p = np.full((4, 2), 0.5)
    assert firth_penalty(Z, p, np.ones(4), free_coefficients(2, 2)) == -np.inf


@pytest.mark.parametrize("method", METHODS)
def test_separated_odds_stay_finite(apart, method):
    X, Z, model = apart
    with pytest.warns(SeparationWarning, match="estimated with Firth's penalty"):
        found = relate_covariates(model, X, Z, CovariateSpec(method))
    assert found.penalty == "firth"
    slope = found.coefficients.set_index("covariate").loc["b"]
    odds = max(slope["odds_ratio"], 1.0 / slope["odds_ratio"])
    assert 10.0 < odds < 1e5
    # About what half a case in the empty cell leaves: a standard error of 1.4 to 1.5.
    assert 1.0 < slope["se"] < 3.0
    asked = relate_covariates(model, X, Z, CovariateSpec(method, prior="firth"))
    np.testing.assert_allclose(asked.gamma, found.gamma, atol=1e-10)
    without = relate_covariates(model, X, Z, CovariateSpec(method, prior=0.0))
    assert np.abs(without.gamma[1]).max() > np.abs(found.gamma[1]).max() + 1.0
    assert without.penalty == "none"


@pytest.mark.parametrize("errors", ["apparent", "auto"])
@pytest.mark.parametrize("seed", [11, 13, 15])
def test_odds_by_bch_weights_stay_finite_too(errors, seed):
    """Negative weights outdo Firth's penalty: slopes went off to 35 and 46, without an error."""
    rng = np.random.default_rng(seed)
    c = rng.integers(2, size=400)
    X = (rng.random((400, 5)) < np.where(c, 0.85, 0.2)[:, None]).astype(int)
    z = 3.0 * c + (rng.normal(size=400) if seed != 11 else 0.0)
    Z, model = pd.DataFrame({"z": z}), quiet(X)
    how = {"errors": errors, "n_boot": 20}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SeparationWarning)
        found = relate_covariates(model, X, Z, CovariateSpec("bch", **how))
        ml = relate_covariates(model, X, Z, CovariateSpec("ml", **how))
    slope, theirs = found.coefficients.loc[1], ml.coefficients.loc[1]
    assert abs(slope["estimate"] - theirs["estimate"]) < 2.5
    assert 0.1 < slope["se"] < 6.0
    if errors == "apparent":
        assert found.penalty == "reduction"
        assert found.note.endswith("estimated with the bias of small numbers taken out")


@pytest.mark.parametrize("method", METHODS)
def test_weight_two_is_the_row_twice(apart, method):
    X, Z, _ = apart
    w = 1 + np.arange(len(X)) % 2
    rows = np.repeat(np.arange(len(X)), w)
    spec = CovariateSpec(method, prior="firth")
    one = relate_covariates(quiet(X, weight=w), X, Z, spec, sample_weight=w)
    two = relate_covariates(quiet(X.iloc[rows]), X.iloc[rows], Z.iloc[rows], spec)
    np.testing.assert_allclose(one.gamma, two.gamma, atol=1e-8)
    np.testing.assert_allclose(one.coefficients["se"], two.coefficients["se"], rtol=1e-8)


@pytest.mark.parametrize("method", ["ml", "two_step", "naive"])
def test_penalised_estimates_are_at_a_maximum(apart, method):
    X, Z, model = apart
    found = relate_covariates(model, X, Z, CovariateSpec(method, prior="firth"))
    assert found.fit.gradient < 1e-8
    assert np.linalg.eigvalsh(found.fit.information).min() > 0


@pytest.mark.parametrize("method", ["ml", "two_step", "naive"])
def test_outcomes_get_half_an_answer_in_each_category(apart, method):
    X, _, model = apart
    y = pd.Series(model.predict(X) - 1, name="y")
    found = relate_outcome(model, X, y, OutcomeSpec(method, prior="firth"))
    assert found.penalty == "firth"
    p = found.class_values.estimate
    if method == "naive":
        n = np.bincount(model.predict(X))[1:]
        np.testing.assert_allclose(p[0, 1], 0.5 / (n[0] + 1), atol=1e-8)
        np.testing.assert_allclose(p[1, 1], (n[1] + 0.5) / (n[1] + 1), atol=1e-8)
    assert ((p > 1e-4) & (p < 1 - 1e-4)).all()
    assert found.profiles["se"].notna().all()


def test_bch_outcomes_get_half_an_answer_in_each_category(apart):
    X, _, model = apart
    y = pd.Series(np.arange(len(X)) % 3, name="y")
    plain = relate_outcome(model, X, y, OutcomeSpec("bch", prior=0.0)).class_values.estimate
    found = relate_outcome(model, X, y, OutcomeSpec("bch", prior="firth")).class_values.estimate
    n = model.predict_proba(X).sum(axis=0)[:, None]
    np.testing.assert_allclose(found, (n * plain + 0.5) / (n + 1.5), atol=1e-8)


def test_counts_get_half_an_event(apart):
    X, _, model = apart
    y = pd.Series(np.where(model.predict(X) == 2, 3, 0), name="y")
    found = relate_outcome(model, X, y, OutcomeSpec("naive", family="count", prior="firth"))
    n = np.bincount(model.predict(X))[1]
    assert found.class_values.estimate[0, 0] == pytest.approx(0.5 / n, rel=1e-6)


def test_one_step_outcomes_have_no_penalty(apart):
    X, _, model = apart
    y = pd.Series(np.arange(len(X)) % 2, name="y")
    with pytest.raises(OptionError, match="prior: expected pseudo-cases or 'auto' in one step"):
        relate_outcome(model, X, y, OutcomeSpec("one_step", prior="firth"))
    with pytest.raises(OptionError, match="prior: expected 'auto' or 'firth', got 'ridge'"):
        relate_covariates(model, X, X[[0]], CovariateSpec(prior="ridge"))  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="prior: expected 'auto' or 'firth', got 'ridge'"):
        relate_outcome(model, X, y, OutcomeSpec(prior="ridge"))  # type: ignore[arg-type]


def test_another_class_of_reference():
    rng = np.random.default_rng(3)
    c = rng.integers(0, 3, 300)
    profiles = np.array([[0.9] * 6, [0.2, 0.2, 0.2, 0.8, 0.8, 0.8], [0.2] * 6])
    X = pd.DataFrame((rng.random((300, 6)) < profiles[c]).astype(int))
    Z = pd.DataFrame({"z": rng.normal(c, 2.0), "s": rng.choice(["a", "b", "d"], 300)})
    model = quiet(X, 3)
    found = [relate_covariates(model, X, Z, CovariateSpec("ml", reference=k)) for k in (1, 2, 3)]
    for k, mine in enumerate(found, start=1):
        assert set(mine.coefficients["class"]) == {1, 2, 3} - {k}
        np.testing.assert_allclose(mine.gamma[:, k - 1], 0.0)
        np.testing.assert_allclose(mine.tests["wald"], found[0].tests["wald"], rtol=1e-8)
        row = np.column_stack([np.ones(2), [0.0, 1.0], [0, 1], [1, 0]])
        np.testing.assert_allclose(mine.probabilities(row), found[0].probabilities(row))
    a = found[0].coefficients.query("`class` == 2").reset_index()
    b = found[1].coefficients.query("`class` == 1").reset_index()
    np.testing.assert_allclose(a["estimate"], -b["estimate"])
    np.testing.assert_allclose(a["se"], b["se"], rtol=1e-10)
    with pytest.raises(OptionError, match="reference: expected a class from 1 to 3, got 4"):
        relate_covariates(model, X, Z, CovariateSpec(reference=4))
