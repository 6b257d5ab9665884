"""Columns of the fit, fits that fail, options set after a fit, tests asked wrongly."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from swvtypes import errors
from swvtypes.lca import (
    LatentClassModel,
    PlannedItems,
    bootstrap_fit,
    bootstrap_model,
    classification_errors,
    enumerate_classes,
    group_tests,
    indicator_ratio_tests,
    infer,
    profile_table,
    share_table,
    simulate_power,
)
from swvtypes.lca.model import read_indicators

N = 200


def quiet(X, n_classes=2, weights=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        how = {"n_init": 10, "random_state": 1, "n_jobs": 1} | options
        return LatentClassModel(n_classes, **how).fit(X, **(weights or {}))


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(8)
    classes = rng.integers(2, size=N)
    high = np.where(classes[:, None], [0.95, 0.8, 0.7, 0.6], [0.1, 0.2, 0.4, 0.5])
    return (rng.random((N, 4)) < high).astype(int)


@pytest.fixture(scope="module")
def grouped(answers):
    frame = pd.DataFrame(answers, columns=list("abcd"))
    frame.insert(1, "sector", ["po", "vo"] * (N // 2))
    return frame


# Columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
def test_numbered_columns_in_another_order_are_an_error(answers, named):
    """scikit-learn compares names that are text only."""
    X = pd.DataFrame(answers)
    model = quiet(X if named else answers)
    np.testing.assert_array_equal(model.predict_proba(X), model.predict_proba(answers))
    with pytest.raises(errors.InputError, match="those of the fit, 0, 1, 2, 3, got them in ano"):
        model.predict_proba(X[[3, 2, 1, 0]])
    with pytest.raises(errors.InputError, match="got 10, 11, 12, 13"):
        model.predict_proba(X.set_axis([10, 11, 12, 13], axis=1))


def test_a_name_that_stands_twice_is_an_error(answers):
    with pytest.raises(errors.InputError, match="columns: 1 fault\n- expected each name once, got"):
        quiet(pd.DataFrame(answers, columns=list("abca")))


def test_a_sample_has_the_columns_of_the_data_in_their_order(grouped):
    model = quiet(grouped, group="sector")
    frame, _ = model.sample(30)
    assert list(frame) == list(grouped)
    assert model.predict(frame).shape == (30,)


def test_pairs_of_numbered_columns_are_called_by_their_numbers(answers):
    pairs = quiet(answers).bivariate_residuals_
    assert pairs[["first", "second"]].to_numpy().tolist() == [
        [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3],
    ]  # fmt: skip
    numbered = pd.DataFrame(answers).assign(sector=0).set_axis(range(5), axis=1)
    numbered[4] = ["po", "vo"] * (N // 2)
    compared = group_tests(quiet(numbered, group=4), n_boot=3, n_starts=0, n_jobs=1)
    assert compared.indicators.index.tolist() == [0, 1, 2, 3]


def test_groups_may_have_labels_of_several_types(grouped):
    mixed = grouped.assign(sector=[1, "vo"] * (N // 2))
    model = quiet(mixed, group="sector")
    assert set(model.group_shares_.index) == {1, "vo"}
    assert model.predict(mixed).shape == (N,)


def test_groups_alone_are_no_answers(grouped):
    told = "expected answers besides column 'sector', got it alone"
    with pytest.raises(errors.InputError, match=told):
        quiet(grouped[["sector"]], group="sector")


def test_short_integers_keep_their_values():
    rng = np.random.default_rng(2)
    X = np.where(rng.random((60, 3)) < 0.5, -100, 100).astype(np.int8)
    found = read_indicators(pd.DataFrame(X))
    assert [i.categories for i in found] == [(-100, 100)] * 3


def test_options_that_are_not_what_they_should_be_are_named(answers):
    X = pd.DataFrame(answers, columns=list("abcd"))
    dated = X.assign(d=pd.date_range("2020", periods=N))
    wrong = (
        (X, {"indicators": ["nominal"] * 4}, "indicators: expected a mapping from columns"),
        (X, {"scores": [1, 2]}, "scores: expected a mapping from columns"),
        (
            X,
            {"indicators": {"a": "ordinal"}, "scores": {"a": ["low", 2]}},
            "column 'a': expected numbers as scores",
        ),
        (dated, {"indicators": {"d": "continuous"}}, "column 'd': expected numbers"),
        (X, {"local_dependence": 3}, "expected pairs of columns, got 3"),
        (X, {"local_dependence": ["ab"]}, "expected .column, column. with 'direct' or 'joint'"),
    )
    for frame, options, told in wrong:
        with pytest.raises(errors.InputError, match=told):
            quiet(frame, **options)


# Fits -----------------------------------------------------------------------------------------


def test_a_fit_that_fails_leaves_no_half_of_another(answers):
    """Estimates of one data set were read with the categories of another."""
    X = pd.DataFrame(answers, columns=list("abcd"))
    model = quiet(X)
    model.set_params(local_dependence=[("a", "nowhere")])
    with pytest.raises(errors.InputError, match="no column 'nowhere'"):
        model.fit(X[:60].replace({"a": {0: 5}}))
    for ask in (lambda: model.predict(X), lambda: model.log_likelihood_, lambda: model.criteria_):
        with pytest.raises(NotFittedError):
            ask()


def test_options_set_after_a_fit_do_not_change_what_was_fitted(answers):
    model = quiet(answers)
    before = model.class_shares_, model.identification_
    model.set_params(n_classes=3, variances="free")
    model.__dict__.pop("identification_")
    pd.testing.assert_series_equal(model.class_shares_, before[0])
    assert model.identification_ == before[1]
    test = bootstrap_fit(model, 5, n_init=10, random_state=1, n_jobs=1)
    assert test.n_classes == 2
    assert list(model.classification_.index) == [1, 2]


@pytest.mark.parametrize(
    "name", ["bivariate_residuals_", "identification_", "classification_", "classification_table_"]
)
def test_results_before_a_fit_say_so(name):
    with pytest.raises(NotFittedError):
        getattr(LatentClassModel(2), name)


# Tests that are asked of a model --------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("n_boot", 0, "n_boot: expected an integer of at least"),
        ("n_boot", 2.5, "n_boot: expected an integer of at least"),
        ("n_starts", -1, "n_starts: expected an integer of at least 0"),
        ("random_state", -1, "random_state: expected a non-negative integer"),
        ("random_state", "a", "random_state: expected a non-negative integer"),
    ],
)
def test_bootstraps_check_what_they_are_asked(grouped, option, value, told):
    model = quiet(grouped, group="sector")
    for test in (group_tests, indicator_ratio_tests, bootstrap_model):
        with pytest.raises(errors.OptionError, match=told):
            test(model, **{"n_boot": 5, option: value})


def test_every_seed_is_taken_by_every_bootstrap(grouped):
    model = quiet(grouped, group="sector")
    for seed in (None, np.random.RandomState(1)):
        how = {"n_boot": 3, "n_starts": 0, "random_state": seed, "n_jobs": 1}
        assert group_tests(model, each=False, **how).tests["p_value"].between(0.0, 1.0).all()
        assert len(indicator_ratio_tests(model, "a", **how)) == 1
        assert len(bootstrap_model(model, **how).replicates) == 3


def test_bootstraps_of_a_model_refuse_survey_weights_that_happen_to_be_whole(grouped):
    model = quiet(grouped, group="sector", weights={"survey_weight": np.full(N, 2.0)})
    asked = {
        "a test of groups": lambda: group_tests(model, n_boot=3),
        "an indicator test": lambda: indicator_ratio_tests(model, n_boot=3),
        "a parametric bootstrap": lambda: bootstrap_model(model, "parametric", n_boot=3),
        "simulated power": lambda: simulate_power(model, 50, 1.0, n_simulations=2),
    }
    for what, ask in asked.items():
        with pytest.raises(errors.SurveyWeightError, match=f"{what} needs a likelihood"):
            ask()


def test_columns_named_once_are_tested_once(grouped):
    model = quiet(grouped, group="sector")
    how = {"n_boot": 3, "n_starts": 0, "n_jobs": 1}
    compared = group_tests(model, ["a", "a"], each=False, **how).models
    assert compared["n_free"].tolist() == [0, 1, 4]
    one = indicator_ratio_tests(model, ["a"], **how)
    pd.testing.assert_frame_equal(indicator_ratio_tests(model, ["a", "a"], **how), one)
    with pytest.raises(errors.InputError, match="no indicator 'ab'"):
        indicator_ratio_tests(model, "ab", **how)


def test_every_indicator_of_a_pair_is_told(grouped):
    model = quiet(grouped.drop(columns="sector"), local_dependence=[("a", "b")])
    with pytest.raises(errors.InputError) as told:
        indicator_ratio_tests(model, n_boot=3)
    assert len(told.value.faults) == 2


def test_levels_and_conditions_of_power_are_checked():
    plan = PlannedItems(2, 4)
    for level in (5.0, 1.0, 0.0, "a"):
        with pytest.raises(errors.OptionError, match="level: expected a number between 0 and 1"):
            simulate_power(plan, 50, 1.0, level=level)
    with pytest.raises(errors.InputError) as told:
        simulate_power(plan, 100.0, ["a", 2.0])
    assert told.value.faults == (
        "n: expected integers of at least 2, got 100.0",
        "separations: expected numbers from 0 to 1, got 'a'",
        "separations: expected numbers from 0 to 1, got 2.0",
    )
    curve = simulate_power(plan, 40, 1.0, n_simulations=2, n_init=10, random_state=1, n_jobs=1)
    assert curve.table["separation"].unique().tolist() == [1.0]
    with pytest.raises(errors.OptionError, match="power: expected a number between 0 and 1"):
        curve.minimum_separation(2.0)
    with pytest.raises(errors.InputError) as wrong:
        PlannedItems(2, 4, lean="much", shares=("a", 0.5))
    assert len(wrong.value.faults) == 2
    assert PlannedItems(np.int64(2), 4).n_classes == 2


def test_one_number_of_classes_is_a_number(answers):
    found = enumerate_classes(answers, np.int64(2), n_init=10, random_state=1, n_jobs=1)
    assert found.table.index.tolist() == [2]
    with pytest.raises(errors.InputError, match=r"expected integers of at least 1, got 2\.5"):
        enumerate_classes(answers, 2.5)


def test_tables_are_of_the_model_that_is_asked(grouped):
    two = quiet(grouped, group="sector")
    three = quiet(grouped, 3, group="sector")
    swapped = quiet(grouped.assign(a=1 - grouped["a"]), group="sector")
    boot = bootstrap_model(swapped, n_boot=3, n_starts=0, n_jobs=1)
    for other in (infer(three), infer(swapped), boot):
        with pytest.raises(errors.InputError, match="expected that of this model, got that of an"):
            profile_table(two, other)
    assert profile_table(two, infer(two, level=0.9))["se"].equals(two.profiles_["se"])
    with pytest.raises(errors.InputError, match="expected 2 labels of known groups, got 1"):
        share_table(infer(two))
    assert share_table(infer(two), ["po", "vo"])["group"].tolist() == ["po", "po", "vo", "vo"]


def test_classification_errors_check_what_they_are_given():
    p = np.array([[0.9, 0.1], [0.2, 0.8]])
    with pytest.raises(errors.InputError) as told:
        classification_errors(p * np.nan, np.ones(3), modal=np.array([1, 2]))
    assert told.value.faults == (
        "posterior: expected probabilities, got missing, infinite or negative ones",
        "weight: expected 2 numbers from 0",
        "modal: expected 2 classes from 0 to 1",
    )
    for wrong, text in ((p[0], r"got an array of shape \(2,\)"), (2 * p, "add up to 1")):
        with pytest.raises(errors.InputError, match=text):
            classification_errors(wrong)


def test_limits_are_limits(answers):
    with pytest.raises(errors.OptionError, match="limits: expected Limits"):
        enumerate_classes(answers, [1], limits={"smallest_n": 5})


def test_a_level_that_is_no_number_is_named(answers):
    with pytest.raises(errors.OptionError, match="level: expected a number between 0 and 1"):
        infer(quiet(answers), level="high")
