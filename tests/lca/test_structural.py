"""Covariates and outcomes of classes: closed forms, StepMix as an oracle, weights, separation."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import (
    InputError,
    OptionError,
    SeparationWarning,
    SwvtypesWarning,
    WeightError,
)
from swvtypes.lca import LatentClassModel
from swvtypes.lca.outcomes import ClassValues, adjust, omnibus_test, pairwise_tests
from swvtypes.lca.structural import differentiate, make_records, measure
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.lca.structural_design import covariate_matrix
from swvtypes.lca.structural_distal import OutcomeSpec, relate_outcome
from swvtypes.lca.structural_errors import classification_errors
from swvtypes.lca.structural_logit import fit_logit

PROFILES = np.array([[0.9] * 6, [0.2, 0.2, 0.2, 0.8, 0.8, 0.8], [0.2] * 6])
COVARIATE_METHODS = [
    (m, a) for m, a in itertools.product(("ml", "bch", "naive"), ("modal", "proportional"))
] + [("two_step", "modal"), ("one_step", "modal")]


def quiet(X, K=3, weight=None, survey=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        options = {"n_init": 15, "random_state": 1, "n_jobs": 1, "tol": 1e-12, **options}
        return LatentClassModel(K, **options).fit(X, sample_weight=weight, survey_weight=survey)


class Data:
    """Three classes, a covariate, outcomes."""

    def __init__(self, n: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        z = rng.normal(size=n)
        eta = np.stack([np.zeros(n), -0.5 + z, -0.8 - 0.7 * z], axis=1)
        shares = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
        c = (rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1)
        self.X = pd.DataFrame((rng.random((n, 6)) < PROFILES[c]).astype(int))
        self.X.columns = list("uvwxyz")
        self.Z = pd.DataFrame({"z": z, "b": np.where(rng.random(n) < 0.5, "yes", "no")})
        self.mean = pd.Series(rng.normal(np.array([0.0, 1.0, 3.0])[c]), name="y")
        self.binary = pd.Series(
            (rng.random(n) < np.array([0.2, 0.5, 0.8])[c]).astype(int), name="y"
        )
        self.nominal = pd.Series(
            [rng.choice(list("abc"), p=[[0.6, 0.3, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]][k])
             for k in c], name="y")  # fmt: skip
        self.count = pd.Series(rng.poisson(np.array([1.0, 3.0, 8.0])[c]), name="y")
        self.outcomes = [("continuous", self.mean), ("binary", self.binary),
                         ("nominal", self.nominal), ("count", self.count)]  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return Data(600, 5)


@pytest.fixture(scope="module")
def model(data):
    return quiet(data.X)


# Classification errors ---------------------------------------------------------------------------


def test_errors_by_hand():
    p = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    w = np.array([1.0, 2.0, 1.0])
    modal = classification_errors(p, w, "modal")
    # Class 1 has mass 0.9 + 1.2 + 0.2, of which 2.1 is assigned to it.
    np.testing.assert_allclose(modal.errors, [[2.1 / 2.3, 0.2 / 2.3], [0.9 / 1.7, 0.8 / 1.7]])
    proportional = classification_errors(p, w, "proportional")
    joint = (p * w[:, None]).T @ p
    np.testing.assert_allclose(proportional.errors, joint / joint.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(modal.bch_weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(modal.bch_weights @ modal.errors, modal.assigned, atol=1e-12)
    # BCH weights undo the assignment: they add up to the class shares.
    np.testing.assert_allclose(w @ modal.bch_weights, w @ p)


def test_unknown_assignment():
    with pytest.raises(
        OptionError, match="assignment: expected 'modal' or 'proportional', got 'x'"
    ):
        classification_errors(np.eye(2), None, "x")  # type: ignore[arg-type]


# Multinomial logit -------------------------------------------------------------------------------


def test_logit_agrees_with_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(3)
    Z = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    c = rng.integers(3, size=300)
    gamma, converged = fit_logit(Z, np.eye(3)[c], np.zeros((3, 3)))
    assert converged
    theirs = sm.MNLogit(c, Z).fit(disp=0, method="newton", tol=1e-14)
    np.testing.assert_allclose(gamma[:, 1:], theirs.params, atol=1e-7)


# Covariates --------------------------------------------------------------------------------------


def stepmix_fit(data, correction, assignment, structural, Y, **more):
    stepmix = pytest.importorskip("stepmix.stepmix")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return stepmix.StepMix(
            n_components=3, n_steps=3, measurement="binary", structural=structural,
            assignment={"modal": "modal", "proportional": "soft"}[assignment],
            correction=correction, abs_tol=1e-13, rel_tol=1e-13, max_iter=20000, random_state=1,
            n_init=5, progress_bar=0, verbose=0, **more,
        ).fit(data.X, Y)  # fmt: skip


def stepmix_order(model, theirs):
    from scipy.optimize import linear_sum_assignment

    pis = theirs.get_parameters()["measurement"]["pis"]
    mine = np.stack([t.values[:, 1] for t in model.fit_.parameters.tables], axis=1)  # noqa: PD011
    return linear_sum_assignment(((mine[:, None] - pis[None]) ** 2).sum(axis=-1))[1]


CORRECTIONS = {"bch": "BCH", "ml": "ML", "naive": None}


@pytest.mark.parametrize(
    ("method", "assignment"),
    [("bch", "modal"), ("bch", "proportional"), ("ml", "modal"), ("naive", "modal"),
     ("naive", "proportional")],
)  # fmt: skip
def test_covariates_agree_with_stepmix(data, model, method, assignment):
    newton = {"method": "newton-raphson", "max_iter": 300, "intercept": True}
    theirs = stepmix_fit(data, CORRECTIONS[method], assignment, "covariate", data.Z[["z"]],
                         structural_params=newton)  # fmt: skip
    beta = theirs.get_parameters()["structural"]["beta"][stepmix_order(model, theirs)]
    spec = CovariateSpec(method, assignment, errors="apparent")
    found = relate_covariates(model, data.X, data.Z[["z"]], spec)
    np.testing.assert_allclose(found.gamma.T, beta - beta[0], atol=2e-4)


@pytest.mark.parametrize("method", ["bch", "ml", "naive"])
@pytest.mark.parametrize("kind", ["gaussian_diag", "bernoulli", "categorical"])
def test_outcomes_agree_with_stepmix(data, model, method, kind):
    outcome, family, key = {
        "gaussian_diag": (data.mean, "continuous", "means"),
        "bernoulli": (data.binary, "binary", "pis"),
        "categorical": (data.nominal.map({"a": 0, "b": 1, "c": 2}), "nominal", "pis"),
    }[kind]
    theirs = stepmix_fit(data, CORRECTIONS[method], "modal", kind, outcome.to_frame("y"))
    values = theirs.get_parameters()["structural"][key][stepmix_order(model, theirs)]
    spec = OutcomeSpec(method, "modal", family, variances="free", errors="apparent")
    mine = relate_outcome(model, data.X, outcome, spec).class_values.estimate
    mine = mine[:, -values.shape[1] :]
    np.testing.assert_allclose(mine, values, atol=1e-4)


@pytest.mark.parametrize(("method", "assignment"), COVARIATE_METHODS)
def test_covariates_weight_two_is_the_row_twice(method, assignment):
    data = Data(250, 11)
    w = 1 + np.arange(250) % 2
    rows = np.repeat(np.arange(250), w)
    a = quiet(data.X, weight=w)
    b = quiet(data.X.iloc[rows])
    spec = CovariateSpec(method, assignment)
    one = relate_covariates(a, data.X, data.Z, spec, sample_weight=w)
    two = relate_covariates(b, data.X.iloc[rows], data.Z.iloc[rows], spec)
    plain = relate_covariates(quiet(data.X), data.X, data.Z, spec)
    np.testing.assert_allclose(one.gamma, two.gamma, atol=1e-8)
    np.testing.assert_allclose(one.coefficients["se"], two.coefficients["se"], rtol=1e-8)
    assert np.abs(one.gamma - plain.gamma).max() > 1e-3


@pytest.mark.parametrize("family", ["continuous", "binary", "nominal", "count"])
@pytest.mark.parametrize(("method", "assignment"), COVARIATE_METHODS)
def test_outcomes_weight_two_is_the_row_twice(method, assignment, family):
    data = Data(250, 12)
    w = 1 + np.arange(250) % 2
    rows = np.repeat(np.arange(250), w)
    outcome = dict(data.outcomes)[family]
    a = quiet(data.X, weight=w)
    b = quiet(data.X.iloc[rows])
    spec = OutcomeSpec(method, assignment, family)
    one = relate_outcome(a, data.X, outcome, spec, sample_weight=w)
    two = relate_outcome(b, data.X.iloc[rows], outcome.iloc[rows], spec)
    np.testing.assert_allclose(one.class_values.estimate, two.class_values.estimate, atol=1e-8)
    np.testing.assert_allclose(one.profiles["se"], two.profiles["se"], rtol=1e-8)


@pytest.mark.parametrize(("method", "assignment"), COVARIATE_METHODS)
def test_equal_survey_weights_change_no_estimate(data, method, assignment):
    u = np.full(len(data.X), 3.7)
    spec = CovariateSpec(method, assignment)
    a = relate_covariates(quiet(data.X), data.X, data.Z, spec)
    b = relate_covariates(quiet(data.X, survey=u), data.X, data.Z, spec, survey_weight=u)
    np.testing.assert_allclose(a.gamma, b.gamma, atol=1e-7)


def test_two_step_keeps_step_one_and_counts_its_uncertainty(data, model):
    found = relate_covariates(model, data.X, data.Z, CovariateSpec("two_step", errors="apparent"))
    extra = found.covariance.matrix - found.covariance.given_step_one
    assert np.linalg.eigvalsh(extra).min() > -1e-10
    assert np.trace(extra) > 0.01 * np.trace(found.covariance.given_step_one)
    one = relate_covariates(model, data.X, data.Z, CovariateSpec("one_step"))
    assert one.log_likelihood > found.log_likelihood


def test_two_step_cross_term_is_that_of_the_joint_information(data, model):
    """Bakk and Kuha's I_21 from the joint observed information, against differences."""
    from swvtypes.lca.inference_chart import build_chart
    from swvtypes.lca.inference_scores import Evidence, casewise_scores, expect, information
    from swvtypes.lca.structural_mixture import row_design

    m = measure(model, data.X)
    Z, _, _ = covariate_matrix(data.Z, m.weight)
    found = relate_covariates(model, data.X, data.Z, CovariateSpec("two_step", errors="apparent"))
    design = row_design(m.design.values[m.design.inverse], m.design, m.weight)  # noqa: PD011
    chart = build_chart(design.layout, model.fit_.parameters, None, found.gamma)
    evidence = Evidence(design, Z, np.zeros_like(m.log_density), m.weight)
    joint = information(evidence, chart, expect(evidence, chart, chart.theta))
    n = chart.n_structural

    def gradient(other):
        mine = Evidence(found.fit.evidence.design, Z, other.log_density, m.weight)
        e = expect(mine, found.fit.chart, found.fit.chart.theta)
        return m.weight @ casewise_scores(mine, found.fit.chart, e)

    C = differentiate(m, gradient)
    shares = m.chart.n_structural
    np.testing.assert_allclose(C[:, :shares], 0.0, atol=1e-10)
    np.testing.assert_allclose(C[:, shares:], -joint[:n, n:], atol=1e-8)
    np.testing.assert_allclose(joint[:n, :n], found.fit.information, atol=1e-8)


def test_one_step_with_a_constant_only_is_the_model(data, model):
    """A covariate that says nothing leaves the one-step likelihood where it was."""
    rng = np.random.default_rng(1)
    Z = pd.DataFrame({"noise": rng.normal(size=len(data.X))})
    found = relate_covariates(model, data.X, Z, CovariateSpec("one_step"))
    assert found.log_likelihood >= model.log_likelihood_ - 1e-7
    assert found.log_likelihood - model.log_likelihood_ < 8.0
    assert found.fit.gradient < 1e-9


def test_three_steps_correct_what_naive_analysis_attenuates():
    data = Data(4000, 21)
    model = quiet(data.X)
    slopes = {}
    for method in ("naive", "ml", "bch", "two_step", "one_step"):
        found = relate_covariates(model, data.X, data.Z[["z"]], CovariateSpec(method))
        gamma = found.gamma[1]
        slopes[method] = float(gamma.max() - gamma.min())
    # The true contrast between classes 2 and 3 is 1.7.
    assert slopes["naive"] < 1.45
    for method in ("ml", "bch", "two_step", "one_step"):
        assert abs(slopes[method] - 1.7) < 0.25


def test_bch_and_ml_coincide_for_a_saturated_outcome(data, model):
    """With a nominal outcome and free shares both solve the same equations (Vermunt 2010)."""
    values = []
    for method in ("bch", "ml"):
        spec = OutcomeSpec(method, "modal", "nominal", shares="free", errors="apparent")
        values.append(relate_outcome(model, data.X, data.nominal, spec).class_values.estimate)
    np.testing.assert_allclose(values[0], values[1], atol=1e-8)


@pytest.mark.parametrize("method", ["bch", "ml", "two_step", "one_step"])
def test_outcomes_recover_the_population(method):
    data = Data(4000, 22)
    model = quiet(data.X)
    truth = {"continuous": [0, 1, 3], "binary": [0.2, 0.5, 0.8], "count": [1, 3, 8]}
    # Classes by their probability of yes to the first and the fourth item.
    first, fourth = (model.fit_.parameters.tables[j].values[:, 1] for j in (0, 3))  # noqa: PD011
    places = [int(np.argmax(first)), int(np.argmax(fourth - first)), int(np.argmin(first + fourth))]
    for family, expected in truth.items():
        outcome = dict(data.outcomes)[family]
        found = relate_outcome(model, data.X, outcome, OutcomeSpec(method, "modal", family))
        se = found.profiles["se"].to_numpy()[-3:][places]
        mine = found.class_values.estimate[places, -1]
        assert np.all(np.abs(mine - expected) < 4 * se)
        assert found.omnibus["p_value"] < 1e-10
        assert (found.pairwise["p_adjusted"] < 1e-4).all()


def test_missing_outcomes_say_nothing(data, model):
    y = data.mean.copy()
    y[::3] = np.nan
    for method in ("bch", "ml", "two_step", "one_step", "naive"):
        found = relate_outcome(model, data.X, y, OutcomeSpec(method))
        assert found.n == y.notna().sum()
        assert np.isfinite(found.profiles["se"]).all()


def test_separation_is_told_and_estimates_stay_finite(data, model):
    Z = pd.DataFrame({"apart": (model.predict(data.X) == 3).astype(int)})
    for method in ("ml", "naive", "two_step"):
        with pytest.warns(SeparationWarning, match="a covariate separates classes"):
            found = relate_covariates(model, data.X, Z, CovariateSpec(method))
        assert (found.prior, found.penalty) == (0.0, "firth")
        assert np.abs(found.gamma).max() < 15.0
        assert found.note == "a covariate separates classes: estimated with Firth's penalty"


def test_boundary_outcomes_get_a_prior(data, model):
    y = pd.Series((model.predict(data.X) == 3).astype(int), name="edge")
    for method in ("naive", "ml", "two_step"):
        with pytest.warns(SeparationWarning, match="on the boundary"):
            found = relate_outcome(model, data.X, y, OutcomeSpec(method))
        p = found.class_values.estimate
        assert np.all((p > 1e-6) & (p < 1 - 1e-6))
        assert found.profiles["upper"].max() <= 1.0


def test_rows_without_answers_carry_no_weight(data):
    X = data.X.astype(float)
    X.iloc[:20] = np.nan
    model = quiet(X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        a = relate_covariates(model, X, data.Z)
        b = relate_covariates(model, X.iloc[20:], data.Z.iloc[20:])
    assert a.n == len(X) - 20
    np.testing.assert_allclose(a.gamma, b.gamma, atol=1e-9)


def test_known_groups_give_the_shares_of_step_one(data):
    X = data.X.assign(g=data.Z["b"])
    model = quiet(X, group="g")
    m = measure(model, X)
    np.testing.assert_allclose(m.posterior, model.predict_proba(X), atol=1e-12)
    for method in ("bch", "ml", "two_step", "one_step"):
        for shares in ("step_one", "free"):
            spec = OutcomeSpec(method, "modal", "continuous", shares=shares)
            found = relate_outcome(model, X, data.mean, spec)
            assert np.isfinite(found.class_values.estimate).all()


# Tests of outcomes -------------------------------------------------------------------------------


def test_omnibus_and_pairs_by_hand():
    found = ClassValues(np.array([[0.0], [1.0], [3.0]]), np.diag([0.1, 0.2, 0.3]))
    pairs = pairwise_tests(found, "bonferroni")
    np.testing.assert_allclose(pairs["wald"], [1 / 0.3, 9 / 0.4, 4 / 0.5])
    np.testing.assert_allclose(pairs["difference"], [1, 3, 2])
    np.testing.assert_allclose(pairs["p_adjusted"], np.minimum(3 * pairs["p_value"], 1))
    weight = 1 / np.array([0.1, 0.2, 0.3])
    mean = weight @ [0, 1, 3] / weight.sum()
    test = omnibus_test(found)
    assert test["wald"] == pytest.approx(weight @ (np.array([0, 1, 3]) - mean) ** 2)
    assert test["df"] == 2


def test_adjustments_by_hand():
    p = np.array([0.01, np.nan, 0.04, 0.03])
    np.testing.assert_allclose(adjust(p, "holm"), [0.03, np.nan, 0.06, 0.06])
    np.testing.assert_allclose(adjust(p, "bonferroni"), [0.03, np.nan, 0.12, 0.09])
    np.testing.assert_allclose(adjust(p, "benjamini_hochberg"), [0.03, np.nan, 0.04, 0.04])
    np.testing.assert_allclose(adjust(p, "none"), p)
    with pytest.raises(OptionError, match=r"method: expected 'holm' or .* got 'sidak'"):
        adjust(p, "sidak")  # type: ignore[arg-type]


# Input -------------------------------------------------------------------------------------------


def test_covariates_at_fault(data, model):
    bad = pd.DataFrame(
        {"gap": [np.nan, *range(599)], "one": 1, "c": pd.Categorical(["a", "b"] * 300)}
    )
    with pytest.raises(InputError) as caught:
        relate_covariates(model, data.X, bad)
    assert caught.value.faults == (
        "covariate 'gap': 1 missing values",
        "covariate 'one': one value only",
    )
    twice = pd.DataFrame({"z": data.Z["z"], "again": 2 * data.Z["z"]})
    with pytest.raises(InputError, match="columns that determine one another"):
        relate_covariates(model, data.X, twice)
    with pytest.raises(InputError, match="expected 600 rows, got 10"):
        relate_covariates(model, data.X, data.Z[:10])


def test_outcomes_at_fault(data, model):
    with pytest.raises(InputError, match="'y': one value only"):
        relate_outcome(model, data.X, pd.Series(1, index=data.X.index, name="y"))
    with pytest.raises(InputError, match="expected 600 values, got 5"):
        relate_outcome(model, data.X, data.mean[:5])


def test_weights_at_fault(data, model):
    w = np.ones(600)
    w[:3] = -1
    with pytest.raises(WeightError, match="sample_weight: 3 negative weights"):
        measure(model, data.X, w)
    with pytest.raises(WeightError, match="survey_weight: expected 600 weights, got an array"):
        measure(model, data.X, None, np.ones(3))
    with pytest.raises(WeightError, match="1 missing or infinite"):
        measure(model, data.X, np.r_[np.nan, np.ones(599)])
    with pytest.raises(WeightError, match="all weights are zero"):
        measure(model, data.X, np.zeros(600))
    with pytest.raises(WeightError, match="no row has a positive weight"):
        measure(model, data.X, np.r_[1, np.zeros(599)], np.r_[0, np.ones(599)])


@pytest.mark.parametrize(
    ("options", "text"),
    [({"method": "x"}, "method: expected 'one_step'"), ({"assignment": "x"}, "assignment"),
     ({"adjustment": "x"}, "adjustment"), ({"prior": -1.0}, "prior"), ({"level": 2.0}, "level")],
)  # fmt: skip
def test_options_are_checked(data, model, options, text):
    with pytest.raises(OptionError, match=text):
        relate_covariates(model, data.X, data.Z, CovariateSpec(**options))
    with pytest.raises(OptionError, match=text):
        relate_outcome(model, data.X, data.mean, OutcomeSpec(**options))


def test_records_of_proportional_assignment(model, data):
    m = measure(model, data.X)
    records = make_records(m, "ml", "proportional")
    assert records.times == 3
    np.testing.assert_allclose(records.share.reshape(-1, 3), m.posterior)
    errors = m.errors("proportional").errors
    np.testing.assert_allclose(np.exp(records.fixed[4]), errors[:, 1])


@pytest.mark.parametrize(("method", "steps"), [("one_step", 1), ("two_step", 2)])
def test_one_and_two_steps_agree_with_stepmix(data, model, method, steps):
    stepmix = pytest.importorskip("stepmix.stepmix")
    newton = {"method": "newton-raphson", "max_iter": 1 if steps == 1 else 300, "intercept": True}
    options = {"n_components": 3, "n_steps": steps, "measurement": "binary", "abs_tol": 1e-13,
               "rel_tol": 1e-13, "max_iter": 20000, "random_state": 1, "n_init": 5,
               "progress_bar": 0, "verbose": 0}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        covariate = stepmix.StepMix(structural="covariate", structural_params=newton, **options)
        covariate.fit(data.X, data.Z[["z"]])
        mean = stepmix.StepMix(structural="gaussian_diag", **options)
        mean.fit(data.X, data.mean.to_frame())
    spec = CovariateSpec(method, errors="apparent")
    found = relate_covariates(model, data.X, data.Z[["z"]], spec)
    beta = covariate.get_parameters()["structural"]["beta"][stepmix_order(model, covariate)]
    np.testing.assert_allclose(found.gamma.T, beta - beta[0], atol=2e-4)
    asked = OutcomeSpec(method, family="continuous", variances="free", errors="apparent")
    values = relate_outcome(model, data.X, data.mean, asked).class_values.estimate
    theirs = mean.get_parameters()["structural"]["means"][stepmix_order(model, mean)]
    np.testing.assert_allclose(values, theirs, atol=2e-4)


def test_outer_product_of_a_one_step_model(data, model):
    spec = CovariateSpec("one_step", covariance="outer_product")
    outer = relate_covariates(model, data.X, data.Z, spec)
    observed = relate_covariates(model, data.X, data.Z, CovariateSpec("one_step"))
    np.testing.assert_allclose(outer.gamma, observed.gamma, atol=1e-9)
    ratio = outer.coefficients["se"] / observed.coefficients["se"]
    assert ((ratio > 0.8) & (ratio < 1.25)).all()
    assert np.abs(ratio - 1.0).max() > 1e-3


def test_modal_classes_stay_when_step_one_moves(data, model):
    m = measure(model, data.X)
    moved = m.at(m.chart.theta + 0.5)
    assert (moved.posterior.argmax(axis=1) != m.posterior.argmax(axis=1)).any()
    np.testing.assert_array_equal(moved.errors("modal").assigned, m.errors("modal").assigned)


@pytest.mark.parametrize(("method", "assignment"), COVARIATE_METHODS)
def test_a_prior_pulls_slopes_to_zero(data, model, method, assignment):
    free = relate_covariates(model, data.X, data.Z, CovariateSpec(method, assignment, prior=0.0))
    held = relate_covariates(model, data.X, data.Z, CovariateSpec(method, assignment, prior=200.0))
    assert np.abs(held.gamma[1]).sum() < np.abs(free.gamma[1]).sum()
    assert held.prior == 200.0
    assert np.isfinite(held.coefficients["se"]).all()
    if held.fit is not None:
        assert held.fit.gradient < 1e-8


def test_prior_of_a_one_step_model_is_in_its_information(data, model):
    """Second differences of the log posterior density against the exact information."""
    from swvtypes.lca.structural_mixture import _Objective

    found = relate_covariates(model, data.X, data.Z, CovariateSpec("one_step", prior=5.0))
    fit = found.fit
    objective = _Objective(fit.evidence, fit.spec, 3)
    rng = np.random.default_rng(4)
    for _ in range(5):
        u = rng.standard_normal(len(fit.chart.theta))
        u *= 2e-3 / np.linalg.norm(u)
        values = [objective.value(fit.chart, fit.chart.theta + s * u) for s in (-1, 0, 1)]
        second = values[0] - 2 * values[1] + values[2]
        assert -second == pytest.approx(u @ fit.information @ u, rel=1e-3)
