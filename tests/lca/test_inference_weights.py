"""A row with weight 2 is that row twice, in any order: estimates, standard errors and tests."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import (
    CovariateSpec,
    LatentClassModel,
    OutcomeSpec,
    classification_errors,
    relate_covariates,
    relate_outcome,
)
from swvtypes.lca.groups_tests import group_tests
from swvtypes.lca.inference import infer, profile_table, share_table
from swvtypes.lca.inference_bootstrap import bootstrap_model
from swvtypes.lca.inference_indicator_lr import indicator_ratio_tests
from swvtypes.lca.standard_errors import covariance

N = 180
FAMILIES = {"o": "ordinal", "m": "continuous", "k": "count"}


class Twice:
    """Rows with weights 0, 1 and 2, and the same rows as often, shuffled; one answer in 12 gone."""

    def __init__(self, survey: bool = False) -> None:
        rng = np.random.default_rng(31)
        c = rng.integers(0, 2, N)
        X = pd.DataFrame((rng.random((N, 5)) < np.where(c, 0.85, 0.2)[:, None]).astype(float))
        X.columns = list("abcde")
        X["o"] = np.clip(np.rint(rng.normal(1.0 + c, 0.8)), 0, 3)
        X["m"] = np.round(rng.normal(2.0 * c, 1.0), 2)
        X["k"] = rng.poisson(1.0 + 3.0 * c).astype(float)
        X = X.mask(pd.DataFrame(rng.random(X.shape) < 1 / 12, columns=X.columns))
        self.X = X.assign(g=rng.choice(["po", "vo"], N))
        self.Z = pd.DataFrame({"z": rng.normal(c), "s": rng.choice(["p", "q", "r"], N)})
        self.Y = pd.DataFrame(
            {
                "binary": (rng.random(N) < 0.3 + 0.4 * c).astype(int),
                "nominal": rng.choice(["u", "v", "w"], N),
                "ordinal": np.clip(np.rint(rng.normal(1.0 + c, 1.0)), 0, 3).astype(int),
                "continuous": rng.normal(c),
                "count": rng.poisson(1.0 + 2.0 * c),
            }
        )
        self.weight = np.arange(N) % 3
        self.rows = rng.permutation(np.repeat(np.arange(N), self.weight))
        u = rng.gamma(3.0, size=N) if survey else None
        self.once: dict[str, Any] = {"sample_weight": self.weight, "survey_weight": u}
        self.twice: dict[str, Any] = {"survey_weight": None if u is None else u[self.rows]}

    def models(self, columns: str = "abcde", **options: Any) -> tuple[Any, Any]:
        X = self.X[list(columns)]
        options = {"n_init": 8, "random_state": 1, "n_jobs": 1, **options}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            return (
                LatentClassModel(2, **options).fit(X, **self.once),
                LatentClassModel(2, **options).fit(X.iloc[self.rows], **self.twice),
            )


@pytest.fixture(scope="module", params=[False, True], ids=["frequencies", "survey weights"])
def data(request) -> Twice:
    return Twice(request.param)


@pytest.fixture(scope="module")
def plain() -> Twice:
    return Twice()


@pytest.fixture(scope="module")
def pair(data: Twice) -> tuple[Any, Any]:
    """Step one of either, fitted apart; EM ends with sums that round differently."""
    return data.models()


def same(a: Any, b: Any) -> None:
    """Numbers equal to 1e-8, of large ones relatively; labels equal."""
    frames = [pd.DataFrame(x).reset_index(drop=True) for x in (a, b)]
    numbers = frames[0].select_dtypes("number").columns
    assert len(numbers)
    np.testing.assert_allclose(frames[0][numbers], frames[1][numbers], rtol=1e-8, atol=1e-8)
    pd.testing.assert_frame_equal(*(f.drop(columns=numbers).astype(str) for f in frames))


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ("abcde", {}),
        ("abcomk", {"indicators": FAMILIES}),
        ("abcg", {"group": "g", "profiles": ["a"]}),
        ("abcd", {"local_dependence": [("a", "b")]}),
        ("abcm", {"indicators": {"m": "continuous"}, "prior": 1.0}),
    ],
)
def test_standard_errors_intervals_wald_and_r2(plain, columns, options):
    models = plain.models(columns, **options)
    same(*(m.profiles_ for m in models))
    same(*(m.indicators_ for m in models))
    for method in ("observed", "outer_product", "sandwich"):
        for interval in ("adjusted", "wald"):
            found = [infer(m, method, interval=interval) for m in models]
            same(*(f.covariance.matrix for f in found))
            same(*(profile_table(m, f) for m, f in zip(models, found, strict=True)))
            labels = models[0]._group_labels
            same(*(share_table(f, labels) for f in found))


@pytest.mark.parametrize("columns", ["abcde", "abcomk", "abcg"])
def test_sandwich_of_frequencies_and_survey_weights_together(columns):
    """At the same estimates: two rows count u^2 each in the filling, as one with frequency 2."""
    options: dict[str, Any] = {"group": "g"} if "g" in columns else {}
    if "o" in columns:
        options["indicators"] = FAMILIES
    found = [infer(m) for m in Twice(survey=True).models(columns, **options)]
    chart = found[0].covariance.chart
    same(*(covariance(f.evidence, chart, "sandwich", f.squared_weight).matrix for f in found))


def test_frequencies_and_survey_weights_are_not_the_same(plain):
    """As survey weights, 0, 1 and 2 add up to other standard errors than as frequencies."""
    X = plain.X[list("abcde")]
    options = {"n_init": 8, "random_state": 1, "n_jobs": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        counted = LatentClassModel(2, **options).fit(X, sample_weight=plain.weight)
        surveyed = LatentClassModel(2, **options).fit(X, survey_weight=plain.weight)
    a, b = (infer(m, "sandwich").covariance.matrix for m in (counted, surveyed))
    # Filling sum f s s' against sum u^2 s s': 0, 1, 2 counted, or 0, 1, 4 (scaled to N) summed.
    np.testing.assert_allclose(counted.profiles_["estimate"], surveyed.profiles_["estimate"],
                               atol=1e-6)  # fmt: skip
    ratio = np.diag(b) / np.diag(a)
    assert ((ratio > 1.0) & (ratio < 5 / 3 + 0.3)).all()


STEPS = [(m, a) for m in ("ml", "bch", "naive") for a in ("modal", "proportional")]
STEPS += [("two_step", "modal"), ("one_step", "modal")]


@pytest.mark.parametrize(("method", "assignment"), STEPS)
@pytest.mark.parametrize(
    "more", [{}, {"prior": "firth"}, {"prior": 2.0}, {"errors": "corrected", "n_boot": 5}]
)
def test_covariates(data, pair, method, assignment, more):
    spec = CovariateSpec(method, assignment, **{"errors": "apparent", **more})
    a, b = pair
    X = data.X[list("abcde")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        one = relate_covariates(a, X, data.Z, spec, **data.once)
        two = relate_covariates(b, X.iloc[data.rows], data.Z.iloc[data.rows], spec, **data.twice)
    same(one.coefficients, two.coefficients)
    same(one.tests, two.tests)
    same(one.covariance.matrix, two.covariance.matrix)
    assert one.n == pytest.approx(two.n, abs=1e-8)


@pytest.mark.parametrize("family", ["binary", "nominal", "ordinal", "continuous", "count"])
@pytest.mark.parametrize(("method", "assignment"), STEPS)
def test_outcomes_omnibus_and_pairwise(data, pair, method, assignment, family):
    a, b = pair
    X, y = data.X[list("abcde")], data.Y[family]
    more: list[dict[str, Any]] = [
        {},
        {"prior": 1.0, "shares": "free"},
        {"errors": "corrected", "n_boot": 5},
    ]
    if family in ("binary", "nominal", "count") and method != "one_step":
        more.append({"prior": "firth"})
    for options in more:
        asked = {"errors": "apparent", "n_starts": 2, **options}
        spec = OutcomeSpec(method, assignment, family, **asked)
        one = relate_outcome(a, X, y, spec, **data.once)
        two = relate_outcome(b, X.iloc[data.rows], y.iloc[data.rows], spec, **data.twice)
        same(one.profiles, two.profiles)
        same(one.omnibus, two.omnibus)
        same(one.pairwise, two.pairwise)
        same(one.class_values.covariance, two.class_values.covariance)


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_classification_errors(plain, assignment):
    a, b = plain.models()
    X = plain.X[list("abcde")]
    one = classification_errors(a.predict_proba(X), plain.weight, assignment)
    two = classification_errors(b.predict_proba(X.iloc[plain.rows]), None, assignment)
    same(one.errors, two.errors)
    same(one.log_errors, two.log_errors)
    same(one.bch_weights[plain.rows], two.bch_weights)


def test_indicator_ratio_tests_and_bootstraps(plain):
    models = plain.models()
    same(*(indicator_ratio_tests(m, ["a", "e"], n_boot=9, n_starts=1, n_jobs=1) for m in models))
    for kind in ("parametric", "nonparametric"):
        boots = [bootstrap_model(m, kind, n_boot=6, n_starts=1, n_jobs=1) for m in models]
        same(*(profile_table(m, f) for m, f in zip(models, boots, strict=True)))


def test_group_tests(plain):
    found = [
        group_tests(m, ["a"], n_boot=5, n_starts=1, n_jobs=1)
        for m in plain.models("abcg", group="g")
    ]
    same(*(f.models for f in found))
    same(*(f.tests for f in found))
    same(*(f.indicators for f in found))
