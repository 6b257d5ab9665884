"""Rows, weights, covariates and outcomes that belong together, and covariates in any units."""

from __future__ import annotations

import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from swvtypes import errors
from swvtypes.lca import (
    CovariateSpec,
    LatentClassModel,
    OutcomeSpec,
    cross_check,
    enumerate_classes,
    relate_covariates,
    relate_outcome,
)
from swvtypes.lca.structural import measure
from swvtypes.lca.structural_design import covariate_matrix

N = 300
METHODS = ("ml", "bch", "two_step", "one_step", "naive")


def as_asked(method, kind=CovariateSpec, **more):
    return kind(method, errors="apparent", n_starts=2, **more)


def quiet(X, n_classes=2, weights=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentClassModel(n_classes, n_init=10, random_state=1, n_jobs=1, **options)
        return model.fit(X, **(weights or {}))


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    classes = rng.integers(2, size=N)
    answers = (rng.random((N, 6)) < np.where(classes, 0.85, 0.2)[:, None]).astype(int)
    index = [f"organisation {i}" for i in range(N)]
    X = pd.DataFrame(answers, columns=list("abcdef"), index=index)
    age = pd.Series(rng.normal(40 + 5 * classes, 10), index=index, name="age")
    weight = pd.Series(rng.integers(1, 4, N), index=index)
    return X, age, weight


@pytest.fixture(scope="module")
def model(data):
    return quiet(data[0])


def shuffled(series):
    return series.sample(frac=1, random_state=1)


# Rows that belong together --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sample_weight", "survey_weight"])
def test_weights_of_the_same_rows_in_another_order_are_an_error(data, name):
    X, _, weight = data
    told = f"{name}: expected rows in the order of X, got them in another"
    with pytest.raises(errors.WeightError, match=told):
        quiet(X, weights={name: shuffled(weight)})
    with pytest.raises(errors.WeightError, match=told):
        enumerate_classes(X, [1], **{name: shuffled(weight)})


def test_both_weights_in_another_order_and_a_negative_one_are_told_at_once(data):
    X, _, weight = data
    wrong = shuffled(weight)
    wrong.iloc[0] = -1
    with pytest.raises(errors.WeightError) as told:
        quiet(X, weights={"sample_weight": wrong, "survey_weight": shuffled(weight)})
    assert len(told.value.faults) == 3


def test_rows_of_weights_go_by_position_where_an_index_only_numbers_them(data):
    X, _, weight = data
    named = quiet(X, weights={"sample_weight": weight})
    for other in (weight.reset_index(drop=True), weight.to_numpy(), list(weight)):
        assert quiet(X, weights={"sample_weight": other}).log_likelihood_ == named.log_likelihood_
    numbered = weight.set_axis(range(5, 5 + N))
    plain = quiet(X.reset_index(drop=True), weights={"sample_weight": numbered})
    assert plain.log_likelihood_ == named.log_likelihood_


@pytest.mark.parametrize("relate", [relate_covariates, relate_outcome])
def test_rows_of_other_tables_are_compared_by_their_labels(data, model, relate):
    X, age, _ = data
    twice = X.set_axis(["same", "same", *X.index[2:]])
    for rows, other in ((X, shuffled(age)), (twice, shuffled(age.set_axis(twice.index)))):
        with pytest.raises(errors.InputError, match="expected rows in the order of X"):
            relate(model, rows, other)
    partly = age.set_axis([*X.index[1:], "elsewhere"])
    told = f"expected the rows of X, got 1 of {N} others, among them 'elsewhere'"
    with pytest.raises(errors.InputError, match=told):
        relate(model, X, partly)


def test_later_steps_refuse_rows_and_weights_that_are_not_those_of_the_fit(data, model):
    X, age, weight = data
    told = r"expected the rows and weights of the fit \(log-likelihood"
    weighted = quiet(X, weights={"sample_weight": weight})
    wrong = (
        (weighted, X, age, {}),
        (model, X, age, {"sample_weight": weight}),
        (model, X[:200], age[:200], {}),
    )
    for fitted, rows, y, weights in wrong:
        with pytest.raises(errors.InputError, match=told):
            relate_outcome(fitted, rows, y, as_asked("bch", OutcomeSpec), **weights)
        with pytest.raises(errors.InputError, match=told):
            relate_covariates(fitted, rows, y, as_asked("ml"), **weights)
    even = quiet(X, weights={"survey_weight": np.full(N, 2.0)})
    with pytest.raises(errors.InputError, match="expected the survey weights of the fit, got none"):
        measure(even, X)


@pytest.mark.parametrize("grouped", [False, True])
def test_rows_of_weight_zero_may_hold_what_the_model_does_not_know(data, grouped):
    """They are left out of the fit, and of every later step."""
    X, age, weight = data
    options = {"group": "sector"} if grouped else {}
    X = X.assign(sector=["po", "vo"] * (N // 2)) if grouped else X
    odd = X.copy()
    odd.iloc[:2, 0] = 7
    if grouped:
        odd.iloc[0, -1], odd.iloc[1, -1] = None, "so"
    weight = weight.copy()
    weight.iloc[:2] = 0
    y = age.copy()
    y.iloc[0] = np.inf
    with_rows = quiet(odd, weights={"sample_weight": weight}, **options)
    without = quiet(X[2:], weights={"sample_weight": weight[2:]}, **options)
    assert with_rows.log_likelihood_ == pytest.approx(without.log_likelihood_, abs=1e-9)
    spec = as_asked("bch", OutcomeSpec)
    mine = relate_outcome(with_rows, odd, y, spec, sample_weight=weight).profiles
    theirs = relate_outcome(without, X[2:], y[2:], spec, sample_weight=weight[2:]).profiles
    np.testing.assert_allclose(mine[["estimate", "se"]], theirs[["estimate", "se"]], rtol=1e-7)


def test_second_engine_reads_weights_as_the_fit_does(data, model):
    pytest.importorskip("stepmix")
    X, _, weight = data
    odd, weight = X.copy(), weight.copy()
    odd.iloc[0, 0], weight.iloc[0] = 7, 0
    fitted = quiet(odd, weights={"sample_weight": weight})
    assert cross_check(fitted, odd, weight, n_init=3).agrees
    with pytest.raises(errors.WeightError, match="expected 300 weights"):
        cross_check(model, X, weight[:5])
    with pytest.raises(errors.WeightError, match="negative weights"):
        cross_check(model, X, -weight)
    with pytest.raises(errors.OptionError, match="n_init: expected an integer of at least 1"):
        cross_check(model, X, n_init=0)


# Covariates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("units", [(1e6, 0.0), (1e9, 0.0), (1e-9, 0.0), (1.0, 1e6), (1e5, -3e8)])
def test_coefficients_follow_the_units_of_a_covariate(data, model, method, units):
    """The logit of an amount in euros is that of the amount in millions."""
    X, age, _ = data
    scale, shift = units
    plain = relate_covariates(model, X, age, as_asked(method))
    found = relate_covariates(model, X, age * scale + shift, as_asked(method))
    mine, theirs = plain.coefficients, found.coefficients
    for column in ("estimate", "se"):
        assert theirs.loc[1, column] * scale == pytest.approx(mine.loc[1, column], rel=1e-5)
    moved = theirs.loc[0, "estimate"] + theirs.loc[1, "estimate"] * shift
    assert moved == pytest.approx(mine.loc[0, "estimate"], abs=1e-5)
    assert found.tests.loc["age", "p_value"] == pytest.approx(
        plain.tests.loc["age", "p_value"], rel=1e-4
    )
    if method != "bch":
        assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)


@pytest.mark.parametrize("method", ["ml", "one_step"])
@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_the_engines_own_result_is_in_the_units_of_the_covariates(data, model, method, assignment):
    from swvtypes.lca.inference_scores import expect, information

    X, age, _ = data
    found = relate_covariates(model, X, age, as_asked(method, assignment=assignment))
    fit = found.fit
    np.testing.assert_allclose(fit.coefficients, found.gamma, rtol=1e-10)
    np.testing.assert_allclose(fit.evidence.Z[:, 1].max(), age.max(), rtol=1e-12)
    e = expect(fit.evidence, fit.chart, fit.chart.theta)
    assert fit.evidence.weight @ e.log_density == pytest.approx(fit.log_likelihood, abs=1e-8)
    own = information(fit.evidence, fit.chart, e)
    np.testing.assert_allclose(fit.information, own, rtol=1e-6, atol=1e-6)


def test_numbers_kept_as_objects_are_numbers(data, model):
    X, age, _ = data
    years = age.round(-1).clip(30.0, 50.0)
    plain = relate_covariates(model, X, years, as_asked("ml")).coefficients
    for other in (years.astype(object), years.map(lambda v: Decimal(str(v))).astype(object)):
        found = relate_covariates(model, X, other, as_asked("ml")).coefficients
        pd.testing.assert_frame_equal(found, plain)
    words = relate_covariates(model, X, years.astype(str), as_asked("ml")).coefficients
    assert len(words) > len(plain)


def test_every_fault_of_the_covariates_is_told(data):
    age = data[1]
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime("2020-01-01") + pd.to_timedelta(np.arange(N), unit="D"),
            "month": pd.period_range("2000-01", periods=N, freq="M"),
            "since": pd.to_timedelta(np.arange(N), unit="D"),
            "wave": age.to_numpy().astype(complex),
            "constant": age.to_numpy(),
        }
    )
    frame = pd.concat([frame, frame[["constant"]]], axis=1)
    with pytest.raises(errors.InputError) as told:
        covariate_matrix(frame, np.ones(N))
    assert told.value.faults == (
        "covariate 'constant': the name of 2 columns",
        "covariate 'constant': the name of the constant that is always added",
        "covariate 'when': expected numbers or categories, got dates",
        "covariate 'month': expected numbers or categories, got dates",
        "covariate 'since': expected numbers or categories, got spans of time",
        "covariate 'wave': expected numbers or categories, got complex numbers",
    )
    nested = pd.concat({"outer": age.to_frame()}, axis=1)
    with pytest.raises(errors.InputError, match="names of one level, got 2 levels"):
        covariate_matrix(nested, np.ones(N))


# Outcomes and options -------------------------------------------------------------------------


def test_an_outcome_is_one_value_a_row_in_any_form(data, model):
    X, age, _ = data
    spec = as_asked("bch", OutcomeSpec)
    plain = relate_outcome(model, X, age, spec).profiles
    for other in (age.to_numpy(), list(age), age.to_frame(), pd.Index(age)):
        pd.testing.assert_frame_equal(relate_outcome(model, X, other, spec).profiles, plain)
    kinds = pd.Categorical(np.where(age > 40, "old", "young"))
    assert relate_outcome(model, X, kinds, spec).family == "nominal"
    for wrong, told in (
        (pd.concat([age, age], axis=1), "expected one column, got 2"),
        (age.to_numpy()[:, None], r"got an array of shape \(300, 1\)"),
        (3.0, "expected a column or one value a row, got float"),
    ):
        with pytest.raises(errors.InputError, match=told):
            relate_outcome(model, X, wrong, spec)


def test_an_unreadable_outcome_is_called_an_outcome(data, model):
    X, age, _ = data
    dates = pd.Series(pd.date_range("2020", periods=N), index=X.index, name="start")
    with pytest.raises(errors.InputError, match=r"outcome: 1 fault\n- column 'start'"):
        relate_outcome(model, X, dates, as_asked("bch", OutcomeSpec))
    with pytest.raises(errors.AllMissingError, match="outcome: 1 fault"):
        relate_outcome(model, X, age * np.nan, as_asked("bch", OutcomeSpec))


def test_a_specification_is_one_of_its_own_kind(data, model):
    X, age, _ = data
    with pytest.raises(errors.OptionError, match="spec: expected a CovariateSpec"):
        relate_covariates(model, X, age, OutcomeSpec())
    with pytest.raises(errors.OptionError, match="spec: expected an OutcomeSpec"):
        relate_outcome(model, X, age, {"method": "bch"})
    for relate, kind in ((relate_covariates, CovariateSpec), (relate_outcome, OutcomeSpec)):
        for level in ("0.95", 1.0, True):
            with pytest.raises(errors.OptionError, match="level: expected a number between 0"):
                relate(model, X, age, kind(level=level))
