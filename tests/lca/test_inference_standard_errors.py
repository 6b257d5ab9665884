"""Standard errors, intervals and indicator tests against closed forms and independent software."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from swvtypes.errors import BoundaryWarning, OptionError, SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.families import pack
from swvtypes.lca.inference import attach, indicator_table, infer, share_table, squared_weights
from swvtypes.lca.inference_intervals import interval
from swvtypes.lca.inference_scores import casewise_scores, expect, information
from swvtypes.lca.standard_errors import covariance, invert, prior_sums

SHARE, FIRST, SECOND = 0.6, np.array([0.9, 0.8, 0.7]), np.array([0.2, 0.3, 0.25])
N = 500.0


def quiet_fit(X, K, weight=None, survey=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(K, random_state=1, n_jobs=1, **{"n_init": 20, **options})
        return model.fit(X, sample_weight=weight, survey_weight=survey)


@pytest.fixture(scope="module")
def saturated():
    """Two classes, three binary items, cell counts exactly as the model expects: 7 = 7 df."""
    cells = np.array(np.unravel_index(np.arange(8), (2, 2, 2))).T
    each = [np.where(cells == 1, p, 1.0 - p).prod(axis=1) for p in (FIRST, SECOND)]
    P = SHARE * each[0] + (1.0 - SHARE) * each[1]
    J = np.empty((8, 7))
    J[:, 0] = each[0] - each[1]
    for j in range(3):
        sign = np.where(cells[:, j] == 1, 1.0, -1.0)
        others = [np.delete(np.where(cells == 1, p, 1.0 - p), j, axis=1).prod(axis=1)
                  for p in (FIRST, SECOND)]  # fmt: skip
        J[:, 1 + j] = SHARE * sign * others[0]
        J[:, 4 + j] = (1.0 - SHARE) * sign * others[1]
    V = np.linalg.inv(N * J.T @ (J / P[:, None]))
    X = pd.DataFrame(cells, columns=["a", "b", "c"])
    model = quiet_fit(X, 2, weight=N * P, tol=1e-13, max_iter=20000)
    return model, V


@pytest.mark.parametrize("method", ["observed", "outer_product", "sandwich"])
def test_closed_form_standard_errors(saturated, method):
    model, V = saturated
    inference = infer(model, method)
    profiles = attach(model.profiles_, inference, model._indicators, model._group_labels)
    ones = profiles[profiles["category"] == 1]
    for k, (start, p) in enumerate(((1, FIRST), (4, SECOND)), start=1):
        mine = ones[ones["class"] == k]
        np.testing.assert_allclose(mine["estimate"], p, atol=1e-7)
        np.testing.assert_allclose(mine["se"], np.sqrt(np.diag(V))[start : start + 3], rtol=1e-5)
    shares = share_table(inference, ["all"])
    np.testing.assert_allclose(shares["se"], np.sqrt(V[0, 0]), rtol=1e-5)


def test_closed_form_wald_and_r2(saturated):
    model, V = saturated
    table = indicator_table(infer(model), model._indicators)
    assert list(table.columns[:4]) == ["wald", "df", "p_value", "r2"]
    for j, name in enumerate("abc"):
        p, q = FIRST[j], SECOND[j]
        g = np.array([1.0 / (p * (1 - p)), -1.0 / (q * (1 - q))])
        variance = g @ V[np.ix_([1 + j, 4 + j], [1 + j, 4 + j])] @ g
        wald = (np.log(p / (1 - p)) - np.log(q / (1 - q))) ** 2 / variance
        mean = SHARE * p + (1 - SHARE) * q
        r2 = SHARE * (1 - SHARE) * (p - q) ** 2 / (mean * (1 - mean))
        row = table.loc[name]
        assert row["wald"] == pytest.approx(wald, rel=1e-5)
        assert row["df"] == 1
        assert row["p_value"] == pytest.approx(chi2.sf(wald, 1), rel=1e-4)
        assert row["r2"] == pytest.approx(r2, rel=1e-6)
        assert row["note"] == ""


@pytest.mark.parametrize(
    ("name", "K"), [("values", 1), ("values", 2), ("carcinoma", 1), ("carcinoma", 2),
                    ("carcinoma", 3), ("sim152", 1), ("sim152", 2)]
)  # fmt: skip
def test_outer_product_agrees_with_polca(reference_dir: Path, name, K):
    X = pd.read_csv(reference_dir / "data" / f"{name}.csv")
    reference = json.loads((reference_dir / f"polca_{name}.json").read_text())["models"][f"K{K}"]
    model = quiet_fit(X, K, indicators=dict.fromkeys(X.columns, "nominal"))
    inference = infer(model, "outer_product")
    compared = 0
    for unit in inference.covariance.chart.units:
        se = inference.estimates.units[unit.items, -1].se
        theirs = np.array(reference["probs_se"][X.columns[unit.items[0]]])
        inside = ~unit.boundary
        np.testing.assert_allclose(se[inside], theirs[inside], rtol=1e-3)
        compared += int(inside.sum())
    assert compared >= 8
    if K > 1:
        np.testing.assert_allclose(inference.estimates.shares.se[0], reference["P_se"], rtol=1e-3)


@pytest.fixture(scope="module")
def mixed():
    rng = np.random.default_rng(5)
    n = 250
    c = rng.integers(3, size=n)
    frame = pd.DataFrame(
        {
            "b": (rng.random(n) < np.array([0.2, 0.8, 0.5])[c]).astype(float),
            "b2": (rng.random(n) < np.array([0.2, 0.8, 0.5])[c]).astype(float),
            "n3": [float(rng.choice(3, p=[[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2]][k]))
                   for k in c],
            "o": np.clip(np.round(rng.normal(c + 1.0, 1)), 0, 4).astype(int),
            "count": rng.poisson(np.array([1, 4, 9])[c]),
            "z": rng.normal(2.0 * c, 1) * 10 + 50,
            "g": rng.choice(["po", "vo"], n),
        }
    )  # fmt: skip
    for column in ("b", "b2", "n3", "o", "z"):
        frame.loc[rng.random(n) < 0.1, column] = np.nan
    return frame


FAMILIES = {"o": "ordinal", "count": "count", "z": "continuous"}
OPTIONS = [
    {},
    {"group": "g", "profiles": ["n3", "z"]},
    {"local_dependence": [("b", "b2")]},
    {"local_dependence": [("b", "n3", "joint")], "variances": "free", "variance_floor": 1e-3},
    {"group": "g", "profiles": "free", "local_dependence": [("b", "b2")], "prior": 1.0},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_louis_equals_differences_of_the_score(mixed, options):
    X = mixed if "group" in options else mixed.drop(columns="g")
    model = quiet_fit(X, 3, indicators=FAMILIES, **options)
    inference = infer(model)
    chart, evidence = inference.covariance.chart, inference.evidence
    assert len(chart.theta) == model.n_parameters_ - inference_boundary(chart)
    pseudo = prior_sums(model.fit_.problem, 3)

    def objective(theta):
        value = float(evidence.weight @ expect(evidence, chart, theta).log_density)
        if pseudo is not None:
            value += float((pack(model.design_.layout, chart.parameters(theta)) * pseudo).sum())
        return value

    start = float(evidence.weight @ expect(evidence, chart, chart.theta).log_density)
    assert start == pytest.approx(model.log_likelihood_, abs=1e-8)
    exact = information(evidence, chart, expect(evidence, chart, chart.theta), pseudo)
    rng = np.random.default_rng(2)
    h = 2e-3
    for _ in range(12):
        u = rng.standard_normal(len(chart.theta))
        u /= np.linalg.norm(u)
        second = (objective(chart.theta + h * u) - 2 * objective(chart.theta)
                  + objective(chart.theta - h * u)) / h**2  # fmt: skip
        assert -second == pytest.approx(u @ exact @ u, rel=2e-4)
    gradient = evidence.weight @ casewise_scores(
        evidence, chart, expect(evidence, chart, chart.theta)
    )
    if pseudo is None:
        assert np.abs(gradient).max() < 1e-4


def inference_boundary(chart) -> int:
    """Free parameters that stand on the boundary: one a vanishing category and class."""
    lost = 0
    for unit in chart.units:
        if unit.block.kind in ("nominal", "joint"):
            lost += int((unit.boundary & (unit.values(chart.theta) < 0.5)).sum())
    return lost


def test_scores_are_derivatives_of_the_density(mixed):
    model = quiet_fit(mixed, 2, indicators=FAMILIES, group="g", profiles=["o", "count"])
    inference = infer(model)
    chart, evidence = inference.covariance.chart, inference.evidence
    S = casewise_scores(evidence, chart, expect(evidence, chart, chart.theta))
    h = 1e-6
    for i in range(len(chart.theta)):
        step = np.zeros(len(chart.theta))
        step[i] = h
        rise = (expect(evidence, chart, chart.theta + step).log_density
                - expect(evidence, chart, chart.theta - step).log_density)  # fmt: skip
        np.testing.assert_allclose(S[:, i], rise / (2 * h), atol=2e-6)


def test_one_class_has_the_binomial_standard_error(mixed):
    X = mixed[["b"]].assign(other=mixed["count"] % 2)
    model = quiet_fit(X, 1)
    profiles = attach(model.profiles_, infer(model), model._indicators, model._group_labels)
    row = profiles[(profiles["indicator"] == "b") & (profiles["category"] == 1.0)].iloc[0]
    n = X["b"].notna().sum()
    p = X["b"].mean()
    assert row["se"] == pytest.approx(np.sqrt(p * (1 - p) / n), rel=1e-9)
    table = indicator_table(infer(model), model._indicators)
    assert table["wald"].isna().all()
    assert (table["df"] == 0).all()
    np.testing.assert_allclose(table["r2"], 0.0, atol=1e-12)


def test_boundary_is_flagged_and_left_out_of_the_wald_test():
    rng = np.random.default_rng(3)
    c = rng.integers(2, size=400)
    X = pd.DataFrame((rng.random((400, 4)) < np.where(c, 0.85, 0.15)[:, None]).astype(int))
    X[4] = np.where(c == 1, 1, rng.integers(0, 2, 400))
    X.columns = list("abcde")
    with pytest.warns(BoundaryWarning):
        model = LatentClassModel(2, n_init=10, random_state=1, n_jobs=1).fit(X)
    inference = infer(model, interval="wald")
    profiles = attach(model.profiles_, inference, model._indicators, model._group_labels)
    edge = profiles[profiles["boundary"]]
    assert set(edge["indicator"]) == {"e"}
    assert edge["se"].isna().all()
    zero = edge[edge["estimate"] < 0.5].iloc[0]
    assert zero["lower"] == 0.0
    one = edge[edge["estimate"] > 0.5].iloc[0]
    assert (one["lower"], one["upper"]) == (pytest.approx(1 - zero["upper"]), 1.0)
    fall = profiled_fall(inference, int(zero["class"]) - 1, float(zero["upper"]))
    assert 2.0 * fall == pytest.approx(chi2.ppf(0.95, 1), abs=0.05)
    table = indicator_table(inference, model._indicators)
    assert table.loc["e", "df"] == 0
    assert np.isnan(table.loc["e", "wald"])
    assert "1 contrasts left out" in table.loc["e", "note"]
    assert (table.drop(index="e")["df"] == 1).all()


def test_adjusted_intervals_are_those_of_one_pseudo_case_a_class():
    """By hand with one class: logit interval around (x + x / n) / (n + 1)."""
    n, x = 40, 6
    X = pd.DataFrame({"a": [1] * x + [0] * (n - x), "b": [0, 1] * (n // 2)})
    model = quiet_fit(X, 1)
    row = model.profiles_.query("indicator == 'a' and category == 1").iloc[0]
    p = x / n
    half = 1.959963985 / np.sqrt((n + 1) * p * (1 - p))
    odds = p / (1 - p)
    expected = [odds * np.exp(s * half) / (1 + odds * np.exp(s * half)) for s in (-1, 1)]
    np.testing.assert_allclose(row[["lower", "upper"]].to_numpy(dtype=float), expected, rtol=1e-7)
    assert row["se"] == pytest.approx(np.sqrt(p * (1 - p) / n), rel=1e-9)


def test_adjusted_intervals_are_around_the_posterior_mode():
    rng = np.random.default_rng(3)
    c = rng.integers(2, size=90)
    X = pd.DataFrame((rng.random((90, 5)) < np.where(c, 0.9, 0.1)[:, None]).astype(int))
    X[4] = np.where(c == 1, 1, X[4])
    X.columns = list("abcde")
    model = quiet_fit(X, 2)
    shrunk = quiet_fit(X, 2, prior=2.0)
    mine, other = model.profiles_, shrunk.profiles_
    assert mine["boundary"].any()
    np.testing.assert_allclose(
        mine["lower"], np.minimum(other["lower"], mine["estimate"]), atol=1e-6
    )
    np.testing.assert_allclose(
        mine["upper"], np.maximum(other["upper"], mine["estimate"]), atol=1e-6
    )
    assert mine["se"].isna().tolist() == mine["boundary"].tolist()
    wald = attach(mine, infer(model, interval="wald"), model._indicators, model._group_labels)
    np.testing.assert_array_equal(wald["se"], mine["se"])
    inside = ~mine["boundary"]
    assert (wald["lower"] - mine["lower"])[inside].abs().max() > 1e-3
    frame = attach(other, infer(shrunk), shrunk._indicators, shrunk._group_labels)
    plain = infer(shrunk, interval="wald")
    pd.testing.assert_frame_equal(
        frame, attach(other, plain, shrunk._indicators, shrunk._group_labels)
    )


def profiled_fall(inference, k: int, p: float) -> float:
    """Fall of the log-likelihood when the last item's first category in class k has chance p."""
    chart, evidence = inference.covariance.chart, inference.evidence
    unit = chart.units[-1]
    zero = int(unit.values(chart.theta)[k].argmin())
    offset = unit.offset.copy()
    offset[k, zero] = np.log(p / (1 - p)) + offset[k, 1 - zero]
    moved = replace(chart, units=(*chart.units[:-1], replace(unit, offset=offset)))

    def negative(theta):
        return -float(evidence.weight @ expect(evidence, moved, theta).log_density)

    best = minimize(negative, chart.theta, method="BFGS", options={"gtol": 1e-5})
    top = float(evidence.weight @ expect(evidence, chart, chart.theta).log_density)
    return top + best.fun


def test_intervals_stay_inside_the_range(mixed):
    model = quiet_fit(mixed, 3, indicators=FAMILIES, group="g")
    profiles = attach(model.profiles_, infer(model), model._indicators, model._group_labels)
    p = profiles[profiles["parameter"] == "probability"]
    assert (p["lower"] >= 0).all()
    assert (p["upper"] <= 1).all()
    positive = profiles[profiles["parameter"].isin(["rate", "variance"])]
    assert (positive["lower"] > 0).all()
    inside = profiles[profiles["se"].notna()]
    assert ((inside["lower"] < inside["estimate"]) & (inside["estimate"] < inside["upper"])).all()
    assert len(inside) == len(profiles[~profiles["boundary"]])


def test_interval_scales():
    made = interval(np.array([2.0]), np.array([0.5]), "log", 0.95)
    assert made.lower[0] * made.upper[0] == pytest.approx(4.0)
    made = interval(np.array([2.0]), np.array([0.5]), "identity", 0.95)
    assert made.upper[0] == pytest.approx(2.0 + 1.959964 * 0.5, abs=1e-6)
    made = interval(np.array([0.1]), np.array([0.05]), "logit", 0.9)
    odds = [x / (1 - x) for x in (made.lower[0], 0.1, made.upper[0])]
    assert odds[0] * odds[2] == pytest.approx(odds[1] ** 2)


def test_weight_two_is_the_row_twice(mixed):
    X = mixed.drop(columns="g")
    w = np.arange(len(X)) % 3
    weighted = quiet_fit(X, 2, weight=w, indicators=FAMILIES, n_init=5)
    doubled = quiet_fit(X.loc[X.index.repeat(w)], 2, indicators=FAMILIES, n_init=5)
    for method in ("observed", "outer_product", "sandwich"):
        a, b = (infer(m, method).covariance.matrix for m in (weighted, doubled))
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-12)
    a, b = (indicator_table(infer(m), m._indicators) for m in (weighted, doubled))
    np.testing.assert_allclose(a[["wald", "r2"]], b[["wald", "r2"]], rtol=1e-8)


def test_sandwich_under_survey_weights(mixed):
    X = mixed[["b"]].dropna()
    u = np.random.default_rng(1).gamma(2.0, size=len(X))
    model = quiet_fit(X.assign(c=1 - X["b"]), 1, survey=u)
    design = model.design_
    u = u * len(u) / u.sum()
    inference = infer(model, "sandwich")
    squares = squared_weights(design, np.ones(len(u)), u)
    cov = covariance(inference.evidence, inference.covariance.chart, "sandwich", squares)
    unit = cov.chart.units[0]
    values = unit.values(cov.chart.theta)
    slopes = unit.slopes(values)[0]
    V = cov.matrix[unit.columns, unit.columns]
    se = np.sqrt(np.diag(slopes @ V @ slopes.T))[1]
    p = np.average(X["b"], weights=u)
    # Linearised variance of a weighted mean (Cochran 1977, section 6.3).
    assert se == pytest.approx(np.sqrt((u**2 * (X["b"] - p) ** 2).sum()) / u.sum(), rel=1e-8)


def test_directions_without_information_are_told():
    inverse, identified = invert(np.array([[4.0, 4.0, 0.0], [4.0, 4.0, 0.0], [0.0, 0.0, 2.0]]))
    assert identified.tolist() == [False, False, True]
    assert inverse[2, 2] == pytest.approx(0.5)


def test_no_information_at_all_is_survived():
    inverse, identified = invert(np.diag([3.0, 0.0, -1e-9]))
    assert identified.tolist() == [True, False, False]
    assert np.isfinite(inverse).all()


@pytest.mark.parametrize("K", [3, 4])
@pytest.mark.parametrize("tol", [1e-9, 1e-12])
def test_unidentified_estimates_have_no_standard_error(reference_dir: Path, tol, K):
    X = pd.read_csv(reference_dir / "data" / "values.csv")
    model = quiet_fit(X, K, tol=tol)
    assert not model.identification_.identified
    profiles = attach(model.profiles_, infer(model), model._indicators, model._group_labels)
    assert profiles["se"].isna().any()


def test_options_are_checked(mixed):
    model = quiet_fit(mixed[["b", "b2", "n3"]], 1)
    with pytest.raises(OptionError, match=r"method: expected 'observed' or .* got 'hessian'"):
        infer(model, "hessian")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"level: expected a number between 0 and 1, got 1.5"):
        infer(model, level=1.5)
    with pytest.raises(OptionError, match=r"interval: expected 'adjusted' or 'wald', got 'exact'"):
        infer(model, interval="exact")  # type: ignore[arg-type]
