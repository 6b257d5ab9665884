"""Covariates of transitions: against direct maximisation, weights, separation, errors."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from swvtypes.errors import InputError
from swvtypes.longitudinal import LatentTransitionModel


def simulate(n: int, seed: int, waves: int = 3) -> pd.DataFrame:
    """Two classes; the covariate raises the chance of leaving the first."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n).round(1)
    c = (rng.random(n) < 0.5).astype(int)
    parts = []
    for t in range(waves):
        if t:
            leave = np.where(c == 0, 1 / (1 + np.exp(1.8 - 0.9 * x)), 0.12)
            c = np.where(rng.random(n) < leave, 1 - c, c)
        p = np.where(c == 0, 0.85, 0.2)[:, None]
        frame = pd.DataFrame((rng.random((n, 4)) < p).astype(int), columns=list("abcd"))
        parts.append(frame.assign(id=np.arange(n), year=2014 + 2 * t, x=x))
    return pd.concat(parts, ignore_index=True)


def fit(frame: pd.DataFrame, covariates: tuple[str, ...] = ("x",), **options: object):
    weight = options.pop("sample_weight", None)
    options = {"n_init": 4, "random_state": 1, "transitions": "homogeneous", **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentTransitionModel(2, **options)  # type: ignore[arg-type]
        return model.fit(
            frame, "id", "year", list("abcd"), sample_weight=weight, covariates=covariates
        )


def log_likelihood(frame: pd.DataFrame, theta: np.ndarray) -> float:
    """By brute recursion in plain NumPy: item log odds (2 x 4), then three logits on (1, x)."""
    p = 1 / (1 + np.exp(-theta[:8].reshape(2, 4)))
    x = frame[frame["year"] == 2014].sort_values("id")["x"].to_numpy()
    X = np.column_stack([np.ones_like(x), x])
    first, leave, back = (1 / (1 + np.exp(-X @ theta[8 + 2 * i : 10 + 2 * i])) for i in range(3))
    ahead = np.column_stack([1 - first, first])
    for t, (_, wave) in enumerate(frame.groupby("year")):
        y = wave.sort_values("id")[list("abcd")].to_numpy()
        if t:
            ahead = np.column_stack(
                [ahead[:, 0] * (1 - leave) + ahead[:, 1] * back,
                 ahead[:, 0] * leave + ahead[:, 1] * (1 - back)]
            )  # fmt: skip
        ahead = ahead * np.where(y[:, None] == 1, p, 1 - p).prod(axis=2)
    return float(np.log(ahead.sum(axis=1)).sum())


def vector(model: LatentTransitionModel) -> np.ndarray:
    yes = model.profiles_.query("category == 1").pivot_table("estimate", "class", "indicator")
    odds = np.log(yes / (1 - yes)).to_numpy().ravel()
    return np.concatenate([odds, model.coefficients()["estimate"].to_numpy()])


def test_direct_maximisation_and_its_hessian() -> None:
    frame = simulate(150, 3)
    model = fit(frame)
    theta = vector(model)
    assert log_likelihood(frame, theta) == pytest.approx(model.log_likelihood_, abs=1e-8)
    best = minimize(lambda v: -log_likelihood(frame, v), 0.8 * theta + 0.05, options={"gtol": 1e-5})
    assert model.log_likelihood_ == pytest.approx(-best.fun, abs=1e-6)
    np.testing.assert_allclose(theta, best.x, atol=2e-3)
    h, P = 1e-3, len(theta)
    unit = h * np.eye(P)
    H = np.empty((P, P))
    for a in range(P):
        for b in range(P):
            f = [log_likelihood(frame, theta + i * unit[a] + j * unit[b])
                 for i, j in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
            H[a, b] = -(f[0] - f[1] - f[2] + f[3]) / (4 * h * h)
    table = model.coefficients()
    se = np.sqrt(np.diag(np.linalg.inv(H)))[8:]
    np.testing.assert_allclose(table["se"], se, rtol=2e-3)
    assert model.n_parameters_ == P
    width = (table["high"] - table["low"]) / table["se"]
    np.testing.assert_allclose(width, 2 * 1.959964, rtol=1e-5)


def test_many_units_give_the_true_coefficients() -> None:
    table = fit(simulate(4000, 5)).coefficients().set_index(["part", "against_class", "to_class"])
    names = table["covariate"]
    slopes = table[names == "x"]["estimate"]
    leaving = slopes["transition"]
    assert max(abs(leaving.to_numpy())) == pytest.approx(0.9, abs=0.15)
    assert min(abs(leaving.to_numpy())) == pytest.approx(0.0, abs=0.15)


def test_a_covariate_raises_the_likelihood_and_a_finer_tolerance_hardly() -> None:
    frame = simulate(60, 7)
    plain, rows = fit(frame, ()), fit(frame)
    assert rows.log_likelihood_ > plain.log_likelihood_
    again = fit(frame, ("x",), tol=1e-11)
    assert again.log_likelihood_ == pytest.approx(rows.log_likelihood_, abs=1e-6)


def test_scale_and_centre_of_a_covariate_do_not_matter() -> None:
    frame = simulate(80, 9)
    one, other = fit(frame), fit(frame.assign(x=1000 + 50 * frame["x"]))
    assert one.log_likelihood_ == pytest.approx(other.log_likelihood_, abs=1e-8)
    slope = [m.coefficients().query("covariate == 'x'") for m in (one, other)]
    np.testing.assert_allclose(slope[0]["estimate"], 50 * slope[1]["estimate"], rtol=1e-3)
    np.testing.assert_allclose(slope[0]["se"], 50 * slope[1]["se"], rtol=1e-3)


def test_weight_two_is_the_unit_twice() -> None:
    frame = simulate(60, 11)
    weight = pd.Series(1 + (np.arange(60) % 3 == 0), index=pd.Index(np.arange(60), name="id"))
    extra = frame[frame["id"].map(weight) == 2].assign(id=lambda f: f["id"] + 100)
    weighted = fit(frame, sample_weight=weight.sort_index(ascending=False))
    double = fit(pd.concat([frame, extra]))
    assert weighted.log_likelihood_ == pytest.approx(double.log_likelihood_, abs=1e-7)
    columns = ["estimate", "se"]
    np.testing.assert_allclose(
        weighted.coefficients()[columns], double.coefficients()[columns], atol=1e-3
    )


def test_separation_is_flagged_and_the_prior_keeps_coefficients_finite() -> None:
    rng = np.random.default_rng(13)
    x = np.repeat([0.0, 1.0], 40)
    c = np.tile([0, 1], 40)
    parts = []
    for t in range(2):
        now = np.where((x == 1) & (c == 0), 1, c) if t else c
        p = np.where(now == 0, 0.97, 0.03)[:, None]
        y = pd.DataFrame((rng.random((80, 4)) < p).astype(int), columns=list("abcd"))
        parts.append(y.assign(id=np.arange(80), year=t, x=x))
    frame = pd.concat(parts, ignore_index=True)
    loose = fit(frame).coefficients()
    assert loose.loc[loose["boundary"], "se"].isna().all()
    assert loose["boundary"].any()
    held = fit(frame, transition_prior=2.0).coefficients()
    moves = held[held["part"] == "transition"]
    assert not moves["boundary"].any()
    assert moves["estimate"].abs().max() < 12
    assert moves["se"].notna().all()


def test_scoring_the_rows_of_the_fit_gives_its_posteriors() -> None:
    frame = simulate(50, 15)
    model = fit(frame)
    pd.testing.assert_frame_equal(model.predict_proba(), model.predict_proba(frame))
    assert model.score_samples().sum() == pytest.approx(model.log_likelihood_, abs=1e-8)
    np.testing.assert_allclose(model.transition_.sum(axis=1), 1.0)


def test_faults() -> None:
    frame = simulate(10, 17)
    with pytest.raises(InputError, match="no column 'z'"):
        fit(frame, ("z",))
    with pytest.raises(InputError, match="'x': changes within a unit"):
        fit(frame.assign(x=np.arange(30.0)))
    with pytest.raises(InputError, match="'x': 3 missing values"):
        fit(frame.assign(x=frame["x"].where(frame["id"] != 0)))
    with pytest.raises(InputError, match="'x': the same for all units"):
        fit(frame.assign(x=1.0))
    with pytest.raises(InputError, match="'x': expected numbers, got"):
        fit(frame.assign(x="a"))
    model = fit(simulate(40, 19))
    for name in ("transition_intervals", "mover_rates"):
        with pytest.raises(InputError, match="expected a model without covariates"):
            getattr(model, name)()
    with pytest.raises(InputError, match="expected a model fitted with covariates"):
        fit(simulate(40, 19), ()).coefficients()
