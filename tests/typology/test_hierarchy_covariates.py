"""Covariates of superclusters: recovery, units, and what cannot be a covariate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError
from swvtypes.typology import ClassesOfClasses

THEMES = {f"t{t}": [f"t{t}{j}" for j in range(4)] for t in range(4)}
SLOPES = (-0.5, 1.5, -1.0)


def rows(n: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers of organisations whose type follows from a size and a region."""
    rng = np.random.default_rng(seed)
    size, north = rng.normal(size=n), rng.integers(0, 2, n).astype(float)
    odds = SLOPES[0] + SLOPES[1] * size + SLOPES[2] * north
    kind = (rng.random(n) < 1.0 / (1.0 + np.exp(-odds))).astype(int)
    columns = {}
    for names in THEMES.values():
        inside = np.where(rng.random(n) < 0.9, kind, 1 - kind)
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside, 0.9, 0.1)).astype(int)
    return pd.DataFrame(columns), pd.DataFrame({"size": size, "north": north})


def fit(X: pd.DataFrame, covariates: Any, **more: Any) -> ClassesOfClasses:
    options = {"n_init": 4, "random_state": 1} | more.pop("options", {})
    return ClassesOfClasses(2, 2, **options).fit(X, themes=THEMES, covariates=covariates, **more)


def turned(model: ClassesOfClasses) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the type of which most say yes, and their standard errors."""
    table = model.profiles_[model.profiles_["category"] == 1]
    rho = model.conditional_.set_index(["theme", "class"])
    yes = table.groupby(["theme", "class"])["estimate"].mean()
    said = (rho["estimate"] * yes.loc[rho.index]).groupby(rho["supercluster"].to_numpy()).sum()
    sign = 1.0 if said[2] > said[1] else -1.0
    found = model.coefficients_
    return sign * found["estimate"].to_numpy(), found["se"].to_numpy()


def test_slopes_are_recovered_and_their_errors_are_those_of_repeated_samples() -> None:
    found = [turned(fit(*rows(400, seed))) for seed in range(100, 140)]
    estimates = np.array([e for e, _ in found])
    errors = np.array([se for _, se in found])
    spread = estimates.std(axis=0, ddof=1)
    assert (np.abs(estimates.mean(axis=0) - SLOPES) < 3.0 * spread / np.sqrt(40)).all()
    # The standard deviation of 40 is known to within 11%.
    assert (np.abs(np.log(errors.mean(axis=0) / spread)) < 0.34).all()


@pytest.mark.parametrize(("unit", "zero"), [(1e5, 1e6), (1e-4, 0.0), (1.0, -300.0)])
def test_units_of_a_covariate_change_its_slope_and_nothing_else(unit: float, zero: float) -> None:
    X, Z = rows(300, 5)
    plain, other = fit(X, Z), fit(X, Z.assign(size=zero + unit * Z["size"]))
    assert other.log_likelihood_ == pytest.approx(plain.log_likelihood_, abs=1e-6)
    one, two = (m.coefficients_.set_index("covariate") for m in (plain, other))
    for name in ("estimate", "se"):
        assert two.loc["size", name] * unit == pytest.approx(one.loc["size", name], rel=1e-3)
        assert two.loc["north", name] == pytest.approx(one.loc["north", name], rel=1e-3)
    assert two.loc["size", "p_value"] == pytest.approx(one.loc["size", "p_value"], rel=1e-2)
    # The constant is the log odds where the covariate is 0, far away or not.
    at = -zero / unit
    V = covariance(plain)
    step = np.array([1.0, at, 0.0])
    assert two.loc["constant", "se"] == pytest.approx(np.sqrt(step @ V @ step), rel=1e-3)
    pd.testing.assert_frame_equal(plain.profiles_, other.profiles_, rtol=1e-3, atol=1e-4)


def covariance(model: ClassesOfClasses) -> np.ndarray:
    part = model.uncertainty_.coordinates.slices[0]
    return model.uncertainty_.matrix[part, part]


def test_weight_two_is_the_row_twice_beside_covariates() -> None:
    X, Z = rows(400, 7)
    weight = np.random.default_rng(1).integers(0, 3, len(X))
    at = np.repeat(np.arange(len(X)), weight)
    one = fit(X, Z, sample_weight=weight)
    two = fit(X.iloc[at].reset_index(drop=True), Z.iloc[at].reset_index(drop=True))
    assert one.log_likelihood_ == pytest.approx(two.log_likelihood_, abs=1e-7)
    for name in ("estimate", "se"):
        a, b = one.coefficients_[name], two.coefficients_[name]
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_what_cannot_be_a_covariate_is_named() -> None:
    X, Z = rows(120, 8)
    with pytest.raises(InputError) as caught:
        fit(X, Z.assign(one=3.0, twice=2.0 * Z["size"] - 1.0))
    assert caught.value.faults == (
        "covariate 'one': the same for every row",
        "covariate 'twice': follows from the others",
    )
    with pytest.raises(InputError, match="covariate 'size': 1 missing values"):
        fit(X, Z.assign(size=Z["size"].where(Z.index != 3)))
    # Same among those that count.
    weight = Z["north"].to_numpy()
    with pytest.raises(InputError, match="covariate 'north': the same for every row"):
        fit(X, Z, sample_weight=weight)


def test_covariates_are_not_those_of_other_rows() -> None:
    X, Z = rows(120, 9)
    names = [f"O{i:03d}" for i in range(120)]
    named = X.set_axis(names)
    plain = fit(X, Z).log_likelihood_
    assert fit(named, Z).log_likelihood_ == plain
    assert fit(named, Z.set_axis(names)).log_likelihood_ == plain
    with pytest.raises(InputError, match="the rows of X stand in another order: put both in the"):
        fit(named, Z.set_axis(names)[::-1])
    with pytest.raises(InputError, match="2 rows are not in X, among them 'P0'"):
        fit(named, Z.set_axis(["P0", "P1", *names[2:]]))
    model = fit(named, Z.set_axis(names))
    with pytest.raises(InputError, match="another order"):
        model.predict_proba(named, covariates=Z.set_axis(names)[::-1])
    alone = model.predict_proba(named.iloc[:1], covariates=Z.set_axis(names).iloc[:1])
    assert alone == pytest.approx(model.predict_proba(named, covariates=Z.to_numpy())[:1])


def test_uniform_shares_leave_nothing_for_covariates() -> None:
    X, Z = rows(120, 9)
    with pytest.raises(OptionError, match="shares: expected 'free' with covariates, got 'uniform'"):
        fit(X, Z, options={"shares": "uniform"})
