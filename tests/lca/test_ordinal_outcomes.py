"""Tests of an ordinal outcome over classes: as many degrees of freedom as the model has effects."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from swvtypes.lca import LatentClassModel, OutcomeSpec, omnibus_test, pairwise_tests, relate_outcome
from swvtypes.lca.outcomes import ClassValues

N = 300
ITEMS = np.array([[0.9] * 3 + [0.1] * 3, [0.1] * 3 + [0.9] * 3, [0.9, 0.1] * 3])
CATEGORIES = list("vwxyz")


def draw(rng, effect=0.0):
    """Answers of three classes, and categories whose log odds rise with the class by `effect`."""
    classes = rng.integers(3, size=N)
    X = (rng.random((N, 6)) < ITEMS[classes]).astype(int)
    logits = effect * classes[:, None] * np.arange(5)
    gumbel = rng.gumbel(size=(N, 5))
    codes = (logits + gumbel).argmax(axis=1)
    labels = pd.Categorical.from_codes(codes, CATEGORIES, ordered=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentClassModel(3, n_init=5, random_state=1, n_jobs=1).fit(X)
    return model, X, pd.Series(labels, name="answer")


def spec(method):
    return OutcomeSpec(method, errors="apparent", n_starts=0)


@pytest.fixture(scope="module")
def unrelated():
    rng = np.random.default_rng(6)
    return [draw(rng) for _ in range(30)]


@pytest.mark.parametrize("method", ["naive", "ml", "two_step"])
def test_an_outcome_that_has_nothing_to_do_with_classes_is_seldom_significant(unrelated, method):
    p = []
    for drawn in unrelated:
        found = relate_outcome(*drawn, spec(method))
        assert (found.family, found.omnibus["df"]) == ("ordinal", 2)
        assert (found.pairwise["df"] == 1).all()
        p.append([found.omnibus["p_value"], *found.pairwise["p_value"]])
    # Of 30 data sets at 5% more than 5 in one of 300 such studies.
    assert (np.array(p) < 0.05).sum(axis=0).max() <= 5
    assert 0.35 < np.mean(p, axis=0)[0] < 0.65


@pytest.mark.parametrize("method", ["naive", "ml", "two_step", "one_step"])
def test_an_outcome_that_rises_with_the_class_is_seen_in_its_average(method):
    found = relate_outcome(*draw(np.random.default_rng(2), 0.6), spec(method))
    assert found.omnibus["p_value"] < 0.01
    position = dict(zip(CATEGORIES, range(5), strict=True))
    profiles = found.profiles.assign(at=found.profiles["category"].map(position))
    means = (profiles["estimate"] * profiles["at"]).groupby(profiles["class"]).sum()
    gaps = means.loc[found.pairwise["second"]].to_numpy() - (
        means.loc[found.pairwise["first"]].to_numpy()
    )
    np.testing.assert_allclose(found.pairwise["difference"], gaps, atol=1e-12)


def test_weights_that_assume_no_model_compare_all_categories():
    found = relate_outcome(*draw(np.random.default_rng(3)), spec("bch"))
    assert found.omnibus["df"] == 8
    assert (found.pairwise["df"] == 4).all()


def test_average_scores_by_hand():
    p = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    blocks = [(np.diag(row) - np.outer(row, row)) / 100 for row in p]
    V = np.zeros((6, 6))
    V[:3, :3], V[3:, 3:] = blocks
    found = ClassValues(p, V, np.arange(3.0))
    gap = 0.3 * 2
    variance = sum((row @ np.arange(3) ** 2 - (row @ np.arange(3)) ** 2) / 100 for row in p)
    told = omnibus_test(found)
    assert told["wald"] == pytest.approx(gap**2 / variance, rel=1e-12)
    assert told["p_value"] == pytest.approx(chi2.sf(gap**2 / variance, 1), rel=1e-9)
    pair = pairwise_tests(found).iloc[0]
    assert (pair["difference"], pair["wald"]) == pytest.approx((gap, told["wald"]), rel=1e-9)
