"""Standard errors of initial probabilities and profiles, and intervals of the share that moves."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from swvtypes.errors import OptionError
from swvtypes.lca.families import Parameters, Table, pack
from swvtypes.longitudinal import LatentTransitionModel
from swvtypes.longitudinal.chain.forward import expect


def simulate(n: int, seed: int, waves: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    c = (rng.random(n) < 0.4).astype(int)
    parts = []
    for t in range(waves):
        c = np.where(rng.random(n) < 0.15, 1 - c, c) if t else c
        p = np.where(c == 0, 0.85, 0.2)[:, None]
        y = pd.DataFrame((rng.random((n, 4)) < p).astype(float), columns=list("abcd"))
        parts.append(y.assign(id=np.arange(n), year=2014 + 2 * t))
    return pd.concat(parts, ignore_index=True)


def fit(frame: pd.DataFrame, **options: object) -> LatentTransitionModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentTransitionModel(2, **{"n_init": 4, "random_state": 1, **options})  # type: ignore[arg-type]
        return model.fit(frame, "id", "year", list("abcd"))


def state(model: LatentTransitionModel, theta: np.ndarray) -> np.ndarray:
    """Log odds of eight item probabilities, of the first share and of two moves."""
    p = 1 / (1 + np.exp(-theta))
    layout, yes = model._result.model.layout, p[:8].reshape(2, 4)
    tables = tuple(
        Table("nominal", (j,), -1, np.stack([1 - yes[:, j], yes[:, j]], axis=1)) for j in range(4)
    )
    A = pack(layout, Parameters(np.zeros((1, 2)), tables))
    chain = [[p[8], 1 - p[8]], [1 - p[9], p[9]], [p[10], 1 - p[10]]]
    return np.concatenate([A, np.log(chain)])


def vector(model: LatentTransitionModel) -> np.ndarray:
    yes = model.profiles_.query("category == 1").pivot_table("estimate", "class", "indicator")
    moves = model.transition_.to_numpy()
    p = np.concatenate([yes.to_numpy().ravel(), [model.initial_[1], moves[0, 1], moves[1, 0]]])
    return np.log(p / (1 - p))


def test_errors_are_those_of_a_numerical_hessian() -> None:
    model = fit(simulate(200, 3))
    result, theta = model._result, vector(model)
    h, P = 1e-3, 11
    unit = h * np.eye(P)
    places = [(a, b) for a in range(P) for b in range(P)]
    points = [theta + i * unit[a] + j * unit[b] for a, b in places
              for i, j in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
    Z = np.stack([state(model, v) for v in points], axis=1)
    f = expect(result.model, result.data, np.ascontiguousarray(Z))[0].reshape(P, P, 4)
    H = -(f[..., 0] - f[..., 1] - f[..., 2] + f[..., 3]) / (4 * h * h)
    p = 1 / (1 + np.exp(-theta))
    se = np.sqrt(np.diag(np.linalg.inv(H))) * p * (1 - p)
    found = model.profiles_.query("category == 1").pivot_table("se", "class", "indicator")
    np.testing.assert_allclose(found.to_numpy().ravel(), se[:8], rtol=2e-3)
    initial = model.initial_intervals()
    np.testing.assert_allclose(initial["se"], se[8], rtol=2e-3)
    shares = initial[["estimate", "lower", "upper"]].loc[1]
    odds = np.log(shares / (1 - shares))
    assert odds["upper"] - odds["estimate"] == pytest.approx(odds["estimate"] - odds["lower"])


def test_limits_of_the_share_that_moves_are_where_the_constrained_likelihood_has_fallen() -> None:
    model = fit(simulate(200, 3))
    result, theta = model._result, vector(model)
    row = model.mover_rates().iloc[0]

    def fall(rate: float) -> float:
        def loss(v: np.ndarray) -> float:
            pi, leave = 1 / (1 + np.exp(-v[8:10]))
            back = (rate - pi * leave) / (1 - pi)
            if not 1e-9 < back < 1 - 1e-9:
                return 1e6
            Z = state(model, np.append(v, np.log(back / (1 - back))))[:, None]
            return float(-expect(result.model, result.data, Z)[0][0] - result.data.constant)

        best = minimize(loss, theta[:10], method="BFGS", options={"gtol": 1e-5})
        return 2 * (model.log_likelihood_ + best.fun)

    from scipy.stats import t

    for limit in (row["low"], row["high"]):
        assert fall(limit) == pytest.approx(t.ppf(0.975, 200 - 11) ** 2, abs=0.03)


@pytest.mark.slow
def test_wald_intervals_of_initial_probabilities_and_profiles_cover() -> None:
    hits, shares = [], []
    for seed in range(120):
        model = fit(simulate(300, seed), n_init=2)
        table = model.profiles_.query("category == 1")
        high = table.groupby("class")["estimate"].mean().idxmax()
        truth = np.where(table["class"] == high, 0.85, 0.2)
        hits.append(((table["lower"] <= truth) & (table["upper"] >= truth)).mean())
        start = model.initial_intervals().loc[high]
        shares.append(start["lower"] <= 0.6 <= start["upper"])
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)
    assert np.mean(shares) == pytest.approx(0.95, abs=0.06)


def test_boundary_estimates_are_flagged_and_have_no_error() -> None:
    frame = simulate(60, 5)
    frame["a"] = np.where(frame["b"] == 1, frame["a"], 0.0)
    table = fit(frame).profiles_
    edge = table[table["boundary"]]
    assert len(edge) > 0
    assert edge[["se", "lower", "upper"]].isna().all(axis=None)
    inside = table[~table["boundary"] & (table["indicator"] != "a")]
    assert ((inside["lower"] < inside["estimate"]) & (inside["estimate"] < inside["upper"])).all()


def test_profiles_of_their_own_at_three_waves_with_waves_missing() -> None:
    frame = simulate(150, 7, waves=3)
    frame = frame[~((frame["id"] % 6 == 0) & (frame["year"] == 2016))]
    model = fit(frame, profiles="free")
    assert model.predict_proba().shape == (450, 2)
    table = model.profiles_
    assert table.loc[~table["boundary"], "se"].notna().all()
    boot = model.transition_intervals("bootstrap", n_boot=10)
    assert (boot["low"] <= boot["high"]).all()
    rates = model.mover_rates()
    assert ((rates["low"] <= rates["estimate"]) & (rates["estimate"] <= rates["high"])).all()
    joint = model.move_probabilities().mean()
    np.testing.assert_allclose(rates["estimate"], joint, atol=1e-3)


def test_a_share_cannot_be_profiled_under_a_prior() -> None:
    model = fit(simulate(60, 9, waves=3), transition_prior=1.0)
    with pytest.raises(OptionError, match="'wald' or 'bootstrap' under a transition prior"):
        model.mover_rates("profile")
    assert model.mover_rates().shape == (2, 6)
    with pytest.raises(OptionError, match="method"):
        model.mover_rates("other")  # type: ignore[arg-type]
