"""Each family against an independent maximisation or closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.mixture import GaussianMixture

from swvtypes.errors import BoundaryWarning
from swvtypes.lca import LatentClassModel

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")


def climb(negative, start):
    """Polish with a general optimiser; returns the best log-likelihood it finds."""
    return -minimize(negative, start, method="BFGS", options={"gtol": 1e-7, "maxiter": 5000}).fun


@pytest.fixture(scope="module")
def ordinal_data():
    rng = np.random.default_rng(11)
    n = 250
    c = rng.random(n) < 0.45

    def draw(shift):
        return np.clip(np.rint(rng.normal(np.where(c, 2.6, 1.1) + shift, 0.9)), 0, 3)

    X = np.stack([draw(s) for s in (0.0, 0.2, -0.1, 0.0)], axis=1)
    X[rng.random(X.shape) < 0.08] = np.nan
    return X


@pytest.mark.parametrize("scores", [(0.0, 1.0, 2.0, 3.0), (0.0, 0.5, 2.0, 4.0)])
def test_ordinal_against_a_general_optimiser(ordinal_data, scores):
    """The adjacent-category model written out with logs, climbed by BFGS from the fit."""
    X, J, K, m = ordinal_data, ordinal_data.shape[1], 2, 4
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = LatentClassModel(
        n_classes=K, indicators=dict.fromkeys("abcd", "ordinal"), n_init=20, random_state=1,
        scores=dict.fromkeys("abcd", scores),
    ).fit(frame)  # fmt: skip
    assert model.n_parameters_ == (K - 1) + J * ((m - 1) + (K - 1))

    def negative(theta):
        shares = np.array([0.0, theta[0]])
        shares = shares - logsumexp(shares)
        cuts = np.concatenate([np.zeros((J, 1)), theta[1 : 1 + 3 * J].reshape(J, 3)], axis=1)
        effects = np.stack([np.zeros(J), theta[1 + 3 * J :]])
        eta = cuts[None] + effects[:, :, None] * np.array(scores)
        log_p = eta - logsumexp(eta, axis=2, keepdims=True)
        joint = shares + np.zeros((len(X), K))
        for j in range(J):
            seen = ~np.isnan(X[:, j])
            joint[seen] += log_p[:, j, X[seen, j].astype(int)].T
        return -logsumexp(joint, axis=1).sum()

    probabilities = np.stack([
        model.profiles_.query("indicator == @name and parameter == 'probability'")
        .pivot_table(index="class", columns="category", values="estimate").to_numpy()
        for name in "abcd"
    ])  # fmt: skip
    logs = np.log(probabilities)
    effects = (logs[:, 1, 3] - logs[:, 1, 0] - logs[:, 0, 3] + logs[:, 0, 0]) / (
        scores[3] - scores[0]
    )
    shares = np.log(model.class_shares_.to_numpy())
    at_fit = np.concatenate(
        [[shares[1] - shares[0]], (logs[:, 0, 1:] - logs[:, 0, :1]).ravel(), effects]
    )
    assert -negative(at_fit) == pytest.approx(model.log_likelihood_, abs=1e-7)
    assert climb(negative, at_fit) < model.log_likelihood_ + 1e-6


def test_ordinal_with_two_categories_is_binary(reference_data):
    frame = reference_data("carcinoma")
    nominal = LatentClassModel(n_classes=2, n_init=20, random_state=1).fit(frame)
    ordinal = LatentClassModel(
        n_classes=2, n_init=20, random_state=1, indicators=dict.fromkeys(frame.columns, "ordinal")
    ).fit(frame)
    assert ordinal.n_parameters_ == nominal.n_parameters_
    assert ordinal.log_likelihood_ == pytest.approx(nominal.log_likelihood_, abs=1e-8)


def test_gaussians_against_scikit_learn():
    rng = np.random.default_rng(6)
    c = rng.random(400) < 0.35
    X = rng.normal(np.where(c, 2.5, 0.0)[:, None], np.where(c, 1.5, 0.7)[:, None], (400, 3))
    X = X * [1, 100, 0.01] + [0, 5000, 3]
    ours = LatentClassModel(
        n_classes=2, variances="free", variance_floor=1e-6, n_init=20, random_state=1
    ).fit(X)
    theirs = GaussianMixture(
        2, covariance_type="diag", tol=1e-10, max_iter=5000, reg_covar=0, n_init=5, random_state=1
    ).fit(X)
    assert ours.log_likelihood_ == pytest.approx(theirs.score(X) * 400, abs=1e-4)
    order = np.argsort(-theirs.weights_)
    profile = ours.profiles_.pivot_table(
        index="class", columns=["parameter", "indicator"], values="estimate"
    )
    np.testing.assert_allclose(profile["mean"], theirs.means_[order], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(profile["variance"], theirs.covariances_[order], rtol=1e-3)
    assert ours.n_parameters_ == 13


def test_equal_variances_are_equal_and_at_their_optimum():
    rng = np.random.default_rng(7)
    c = rng.random(300) < 0.5
    X = rng.normal(np.where(c, 2.0, 0.0)[:, None], 1.0, (300, 2))
    model = LatentClassModel(n_classes=2, n_init=10, random_state=1).fit(X)
    table = model.profiles_.pivot_table(
        index="class", columns=["parameter", "indicator"], values="estimate"
    )
    np.testing.assert_allclose(table["variance"].loc[1], table["variance"].loc[2])
    assert model.n_parameters_ == 1 + 4 + 2

    def negative(theta):
        shares = np.array([0.0, theta[0]]) - logsumexp([0.0, theta[0]])
        mean, sd = theta[1:5].reshape(2, 2), np.exp(theta[5:])
        z = (X[:, None] - mean) / sd
        log = -0.5 * (z**2).sum(axis=2) - np.log(sd).sum() - np.log(2 * np.pi)
        return -logsumexp(shares + log, axis=1).sum()

    share = np.log(model.class_shares_.to_numpy())
    at_fit = np.concatenate([[share[1] - share[0]], table["mean"].to_numpy().ravel(),
                             np.log(np.sqrt(table["variance"].loc[1]))])  # fmt: skip
    assert -negative(at_fit) == pytest.approx(model.log_likelihood_, abs=1e-8)
    assert climb(negative, at_fit) < model.log_likelihood_ + 1e-6


def test_poisson_against_a_general_optimiser():
    rng = np.random.default_rng(9)
    c = rng.random(300) < 0.4
    X = rng.poisson(np.where(c, 6.0, 2.0)[:, None], (300, 3)).astype(float)
    model = LatentClassModel(
        n_classes=2, indicators=dict.fromkeys(range(3), "count"), n_init=10, random_state=1
    ).fit(pd.DataFrame(X))
    rates = model.profiles_.pivot_table(index="class", columns="indicator", values="estimate")
    from scipy.special import gammaln

    def negative(theta):
        shares = np.array([0.0, theta[0]]) - logsumexp([0.0, theta[0]])
        log_rate = theta[1:].reshape(2, 3)
        log = (X[:, None] * log_rate - np.exp(log_rate) - gammaln(X + 1)[:, None]).sum(axis=2)
        return -logsumexp(shares + log, axis=1).sum()

    share = np.log(model.class_shares_.to_numpy())
    at_fit = np.concatenate([[share[1] - share[0]], np.log(rates.to_numpy()).ravel()])
    assert -negative(at_fit) == pytest.approx(model.log_likelihood_, abs=1e-8)
    assert climb(negative, at_fit) < model.log_likelihood_ + 1e-6


def test_a_direct_effect_with_missing_answers_is_at_its_optimum():
    rng = np.random.default_rng(12)
    n = 300
    c = rng.random(n) < 0.5
    X = (rng.random((n, 4)) < np.where(c, 0.8, 0.2)[:, None]).astype(float)
    X[:, 1] = np.where(rng.random(n) < 0.4, X[:, 0], X[:, 1])
    X[rng.random(X.shape) < 0.1] = np.nan
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = LatentClassModel(
        n_classes=2, n_init=20, random_state=1, local_dependence=[("a", "b")]
    ).fit(frame)
    assert model.n_parameters_ == 1 + 2 * 4 + 1

    def negative(theta):
        shares = np.array([0.0, theta[0]]) - logsumexp([0.0, theta[0]])
        joint = shares + np.zeros((n, 2))
        for k in range(2):
            a, b, e, d = theta[1 + 4 * k : 5 + 4 * k]
            table = np.array([[0.0, b], [a, a + b + theta[9]]])
            table = table - logsumexp(table)
            x, y = X[:, 0], X[:, 1]
            for i in (0, 1):
                joint[(x == i) & np.isnan(y), k] += logsumexp(table[i])
                joint[(y == i) & np.isnan(x), k] += logsumexp(table[:, i])
                for h in (0, 1):
                    joint[(x == i) & (y == h), k] += table[i, h]
            for column, logit in ((2, e), (3, d)):
                z = X[:, column]
                joint[z == 1, k] += -np.logaddexp(0, -logit)
                joint[z == 0, k] += -np.logaddexp(0, logit)
        return -logsumexp(joint, axis=1).sum()

    profile = model.profiles_.set_index(["indicator", "category", "class"])["estimate"]
    share = np.log(model.class_shares_.to_numpy())
    at_fit = [share[1] - share[0]]
    for k in (1, 2):
        p = np.log([profile["a & b", f"{i} & {h}", k] for i in (0.0, 1.0) for h in (0.0, 1.0)])
        at_fit += [p[2] - p[0], p[1] - p[0]]
        association = p[3] + p[0] - p[1] - p[2]
        for name in "cd":
            at_fit.append(np.log(profile[name, 1.0, k] / profile[name, 0.0, k]))
    at_fit.append(association)
    assert -negative(np.array(at_fit)) == pytest.approx(model.log_likelihood_, abs=1e-6)
    assert climb(negative, np.array(at_fit)) < model.log_likelihood_ + 1e-5


def recomputed(model: LatentClassModel, X: pd.DataFrame) -> float:
    """Log-likelihood of rows with groups in "g", from profiles and shares alone."""
    logs = np.log(model.group_shares_.loc[X["g"]].to_numpy())
    for name, part in model.profiles_.groupby("indicator", sort=False):
        x = X[name].to_numpy(float)[:, None]
        if "mean" in part["parameter"].to_numpy():
            estimates = part.set_index("parameter")["estimate"]
            mean, variance = estimates["mean"].to_numpy(), estimates["variance"].to_numpy()
            terms = -0.5 * np.log(2 * np.pi * variance) - 0.5 * (x - mean) ** 2 / variance
        else:
            yes = part.loc[part["category"] == 1, "estimate"].to_numpy()
            with np.errstate(divide="ignore"):  # a probability of zero
                terms = np.log(np.where(x == 1, yes, 1 - yes))
        logs += np.where(np.isnan(x), 0.0, terms)
    return float(logsumexp(logs, axis=1).sum())


@pytest.mark.parametrize("options", [{}, {"variances": "free", "variance_floor": 1e-10}])
@pytest.mark.parametrize("place", [0.0, 1000.0])
def test_two_values_read_as_measurements(options: dict[str, Any], place: float) -> None:
    rng = np.random.default_rng(1)
    c = rng.random(152) < 0.5
    X = pd.DataFrame({"two": np.where(c, 0.5, 1.5) + place, "wide": rng.normal(c, 1.0)})
    X["yes"] = (rng.random(152) < np.where(c, 0.8, 0.3)).astype(int)
    X = X.mask(rng.random(X.shape) < 0.1)
    X["g"] = rng.integers(0, 2, 152)
    model = LatentClassModel(
        3, indicators={"two": "continuous", "wide": "continuous", "yes": "binary"}, n_init=30,
        group="g", random_state=1, **options,
    )  # fmt: skip
    with pytest.warns(BoundaryWarning):
        model.fit(X)
    assert (model.profiles_.query("indicator == 'two' and parameter == 'variance'").boundary).any()
    assert recomputed(model, X) == pytest.approx(model.log_likelihood_, abs=1e-8)
    assert model.score_samples(X).sum() == pytest.approx(model.log_likelihood_, abs=1e-8)
    assert model.starts_["log_likelihood"].max() == model.log_likelihood_
