"""The estimator's own face of inference: profiles_ with intervals, and indicators_."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from swvtypes.errors import OptionError, SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.inference import infer
from swvtypes.lca.inference_bootstrap import bootstrap_model


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    c = rng.integers(0, 2, 300)
    X = pd.DataFrame((rng.random((300, 5)) < np.where(c, 0.8, 0.2)[:, None]).astype(int))
    X.columns = list("abcde")
    u = rng.gamma(3.0, size=300)
    u[:5] = 0.0
    return X, u


def fit(X, **weights):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return LatentClassModel(2, n_init=10, random_state=1, n_jobs=1).fit(X, **weights)


def test_profiles_and_indicators_are_filled(rows):
    model = fit(rows[0])
    inside = model.profiles_[~model.profiles_["boundary"]]
    assert inside[["se", "lower", "upper"]].notna().all().all()
    assert list(model.indicators_.index) == list("abcde")
    assert list(model.indicators_.columns[:4]) == ["wald", "df", "p_value", "r2"]
    assert model.inference_.method == "observed"
    again = pickle.loads(pickle.dumps(model))
    pd.testing.assert_frame_equal(again.indicators_, model.indicators_)
    clone(model)


def test_a_new_fit_forgets_the_old_inference(rows):
    model = fit(rows[0])
    before = model.indicators_["wald"].copy()
    model.fit(rows[0][:150])
    assert np.abs(model.indicators_["wald"] - before).min() > 1e-3


def test_survey_weights_give_a_sandwich(rows):
    X, u = rows
    model = fit(X, survey_weight=u)
    assert model.inference_.method == "sandwich"
    with pytest.raises(OptionError, match="'sandwich' under survey weights, got 'observed'"):
        infer(model, "observed")
    boot = bootstrap_model(model, n_boot=150, n_jobs=1).estimates
    ratio = np.array(
        [boot.units[(j,), -1].se / model.inference_.estimates.units[(j,), -1].se for j in range(5)]
    )
    assert 0.85 < np.median(ratio) < 1.2
    # Weights that differ cost precision: the sandwich is wider than unweighted information.
    plain = fit(X[u > 0])
    assert model.profiles_["se"].mean() > plain.profiles_["se"].mean()


def test_equal_survey_weights_are_no_weights(rows):
    X, _ = rows
    a = infer(fit(X, survey_weight=np.full(300, 2.5)))
    b = infer(fit(X), "sandwich")
    np.testing.assert_allclose(a.covariance.matrix, b.covariance.matrix, rtol=1e-6, atol=1e-10)
