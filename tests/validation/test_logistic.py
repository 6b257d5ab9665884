"""Logistic regression against statsmodels, Firth against its published example."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from swvtypes.survey import Wave
from swvtypes.validation import (
    ValidationOptions,
    against_services,
    against_variables,
    fit_logistic,
    is_separated,
)

NEVER = ValidationOptions(exact="never")


def test_maximum_likelihood_against_statsmodels(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.api")
    x = wave.column("steering").to_numpy(dtype=float)
    y = wave.column("service_a").to_numpy(dtype=float)
    theirs = sm.Logit(y, sm.add_constant(x)).fit(disp=0)
    table = against_services(wave, "steering", NEVER).table
    keep = (table["outcome"] == "service_a") & (table["scope"] == "pooled")
    mine = table[keep & (table["analysis"] == "logistic")].squeeze()
    assert np.log(mine["estimate"]) == pytest.approx(theirs.params[1], rel=1e-7)
    assert mine["statistic"] == pytest.approx(theirs.llr, rel=1e-8)
    assert mine["p_value"] == pytest.approx(theirs.llr_pvalue, rel=1e-6)
    # the interval is where the profile has dropped by half the quantile
    for end in (mine["lower"], mine["upper"]):
        offset = np.log(end) * x
        held = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=offset).fit()
        assert 2 * (theirs.llf - held.llf) == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-5)


def test_groups_give_a_likelihood_ratio(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.api")
    kind = wave.column("kind").to_numpy(dtype=int)
    y = wave.column("service_b").to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(y)), kind == 2, kind == 3]).astype(float)
    theirs = sm.Logit(y, design).fit(disp=0)
    table = against_services(wave, "kind", NEVER).table
    keep = (table["outcome"] == "service_b") & (table["scope"] == "pooled")
    mine = table[keep & (table["analysis"] == "logistic")].squeeze()
    assert mine["statistic"] == pytest.approx(theirs.llr, rel=1e-7)
    assert mine["df1"] == 2


def test_firth_of_a_two_by_two_table_adds_a_half_to_each_cell() -> None:
    """Firth on a saturated model is Haldane and Anscombe's correction (closed form)."""
    a, b, c, d = 7, 3, 0, 9
    x = np.repeat([0.0, 0, 1, 1], [a, b, c, d])
    y = np.repeat([0.0, 1, 0, 1], [a, b, c, d])
    design = np.column_stack([np.ones(len(x)), x])
    assert is_separated(design, y)
    fit = fit_logistic(design, y, firth=True)
    half = np.log((d + 0.5) * (a + 0.5) / ((b + 0.5) * (c + 0.5)))
    assert fit.converged
    assert fit.coefficients[1] == pytest.approx(half, rel=1e-8)


def test_firth_maximises_the_penalised_likelihood() -> None:
    """Against a general optimiser on the definition."""
    from scipy import optimize

    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(25), rng.normal(size=(25, 2))])
    y = (design @ [0.2, 3.0, 0.5] > 0).astype(float)
    assert is_separated(design, y)

    def loss(beta: np.ndarray) -> float:
        eta = design @ beta
        p = 1 / (1 + np.exp(-eta))
        information = design.T @ ((p * (1 - p))[:, None] * design)
        value = (y * eta - np.logaddexp(0, eta)).sum()
        return -(value + np.linalg.slogdet(information)[1] / 2)

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000}
    theirs = optimize.minimize(loss, np.zeros(3), method="Nelder-Mead", options=options)
    fit = fit_logistic(design, y, firth=True)
    np.testing.assert_allclose(fit.coefficients, theirs.x, atol=1e-5)
    assert fit.log_likelihood == pytest.approx(-theirs.fun, abs=1e-9)


def test_separation_is_found_and_kept_finite(wave: Wave) -> None:
    by = wave.column("service_c").astype(float) * 10 + wave.column("steering").astype(float)
    found = against_variables(wave, by.rename("split"), ["service_c"], NEVER)
    mine = found.table[found.table["analysis"] == "logistic_firth"].iloc[0]
    assert "separated" in mine["notes"]
    assert np.isfinite(mine["estimate"])
    assert mine["estimate"] > 1
    assert mine["p_value"] < 0.01
    assert "Firth" in found.frame("en").iloc[1].to_string()


def test_weight_two_is_the_row_twice() -> None:
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(30), rng.normal(size=30)])
    y = rng.integers(0, 2, 30).astype(float)
    w = rng.integers(1, 4, 30)
    for firth in (False, True):
        a = fit_logistic(design, y, firth=firth, weight=w.astype(float))
        b = fit_logistic(np.repeat(design, w, axis=0), np.repeat(y, w), firth=firth)
        np.testing.assert_allclose(a.coefficients, b.coefficients, atol=1e-8)
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-8)
