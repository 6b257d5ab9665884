"""Covariate models on real data, against an optimisation of the likelihood that shares no code.

Dayton's (1998, pages 33 and 85) survey of cheating among 319 students: four yes-or-no questions
and grades in five classes, one of the examples that come with poLCA. The four students without a
grade are left out, as poLCA does.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from swvtypes.errors import InputError, SwvtypesWarning
from swvtypes.lca import CovariateSpec, LatentClassModel, relate_covariates

ITEMS = ["lie_exam", "lie_paper", "fraud", "copy_exam"]
# Answers (2 is yes): students by grade from the lowest to the highest.
COUNTS = {
    "1111": (51, 63, 35, 30, 24), "1112": (19, 18, 6, 2, 1), "1121": (0, 5, 1, 0, 1),
    "1122": (4, 0, 0, 0, 1), "1211": (4, 4, 4, 0, 1), "1212": (3, 0, 0, 1, 0),
    "1221": (1, 0, 0, 0, 0), "1222": (0, 1, 0, 1, 0), "2111": (5, 4, 0, 0, 1),
    "2112": (2, 1, 0, 0, 0), "2121": (1, 0, 0, 0, 0), "2122": (0, 1, 1, 0, 0),
    "2211": (4, 6, 1, 0, 0), "2212": (4, 0, 0, 0, 0), "2221": (1, 0, 0, 0, 0),
    "2222": (1, 1, 0, 0, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def cheating() -> pd.DataFrame:
    rows = [
        [*map(int, answers), grade, n]
        for answers, counts in COUNTS.items()
        for grade, n in enumerate(counts, start=1)
        if n
    ]
    frame = pd.DataFrame(rows, columns=[*ITEMS, "grade", "n"])
    return frame.loc[frame.index.repeat(frame["n"])].drop(columns="n").reset_index(drop=True)


def fitted(X: pd.DataFrame, weight: Any = None) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(2, n_init=20, random_state=1, n_jobs=1, tol=1e-12)
        return model.fit(X, sample_weight=weight)


def row_log_likelihood(theta: np.ndarray, yes: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Two classes: coefficients of the second, then log odds of yes in each class."""
    beta, odds = theta[: Z.shape[1]], theta[Z.shape[1] :].reshape(2, -1)
    second = Z @ beta
    shares = np.stack([-np.logaddexp(0, second), second - np.logaddexp(0, second)], axis=1)
    answers = yes @ odds.T - np.logaddexp(0, odds).sum(axis=1)
    return np.logaddexp.reduce(shares + answers, axis=1)


def independent_fit(yes: np.ndarray, Z: np.ndarray, start: np.ndarray) -> Any:
    best = None
    rng = np.random.default_rng(1)
    for _ in range(6):
        found = minimize(
            lambda t: -row_log_likelihood(t, yes, Z).sum(),
            start + rng.normal(scale=0.5, size=len(start)),
            method="BFGS",
            options={"gtol": 1e-7, "maxiter": 2000},
        )
        best = found if best is None or found.fun < best.fun else best
    return best


def outer_product_errors(theta: np.ndarray, yes: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Standard errors from the outer product of casewise scores, by differences."""
    scores = []
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = 1e-5
        rise = row_log_likelihood(theta + step, yes, Z) - row_log_likelihood(theta - step, yes, Z)
        scores.append(rise / 2e-5)
    S = np.stack(scores, axis=1)
    return np.sqrt(np.diag(np.linalg.inv(S.T @ S)))


@pytest.mark.parametrize("as_factor", [False, True])
def test_one_step_agrees_with_an_independent_optimisation(cheating, as_factor):
    assert len(cheating) == 315
    X, grade = cheating[ITEMS], cheating["grade"]
    high = (grade > 2).to_numpy(dtype=float)
    covariates = pd.DataFrame({"grade": grade})
    Z = np.column_stack([np.ones(315), grade])
    if as_factor:
        covariates = pd.DataFrame({"grade": np.where(high == 1, "high", "a low one")})
        Z = np.column_stack([np.ones(315), high])
    model = fitted(X)
    spec = CovariateSpec("one_step", covariance="outer_product")
    found = relate_covariates(model, X, covariates, spec)
    yes = X.to_numpy() - 1.0
    start = np.concatenate([[-1.0, 0.0], np.full(4, -2.0), np.full(4, 0.5)])
    theirs = independent_fit(yes, Z, start)
    assert found.log_likelihood == pytest.approx(-theirs.fun, abs=1e-6)
    estimate = found.coefficients["estimate"].to_numpy()
    np.testing.assert_allclose(estimate, theirs.x[:2], atol=2e-4)
    errors = outer_product_errors(theirs.x, yes, Z)
    np.testing.assert_allclose(found.coefficients["se"], errors[:2], rtol=2e-3)
    # Better students cheat less, and the covariate improves on the model without it.
    assert estimate[1] < 0
    assert found.log_likelihood > model.log_likelihood_ + 1.0


@pytest.mark.parametrize("method", ["one_step", "two_step", "ml", "bch", "naive"])
def test_counts_are_the_students(cheating, method):
    """Each row once with its frequency, in place of every student."""
    counted = cheating.groupby([*ITEMS, "grade"], as_index=False).size()
    spec = CovariateSpec(method)
    every = relate_covariates(fitted(cheating[ITEMS]), cheating[ITEMS], cheating[["grade"]], spec)
    w = counted["size"].to_numpy()
    one = relate_covariates(
        fitted(counted[ITEMS], w), counted[ITEMS], counted[["grade"]], spec, sample_weight=w
    )
    assert every.n == one.n == 315
    np.testing.assert_allclose(one.gamma, every.gamma, atol=1e-8)
    np.testing.assert_allclose(one.coefficients["se"], every.coefficients["se"], rtol=1e-8)


def test_a_grade_that_is_missing_is_told(cheating):
    X = cheating[ITEMS]
    covariates = cheating[["grade"]].astype(float)
    covariates.iloc[:4] = np.nan
    with pytest.raises(InputError, match="covariate 'grade': 4 missing values"):
        relate_covariates(fitted(X), X, covariates)
    # Left out by weight zero, they need not be there.
    w = np.ones(len(X))
    w[:4] = 0.0
    found = relate_covariates(fitted(X, w), X, covariates, sample_weight=w)
    assert found.n == 311
