"""Every error and warning says what was wrong, what was expected and what came."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from swvtypes import errors
from swvtypes.lca import LatentClassModel

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(RNG.integers(0, 2, (60, 5)), columns=list("abcde"))


def fit(frame=FRAME, **options):
    fit_options = {k: options.pop(k) for k in ("sample_weight", "survey_weight") if k in options}
    options = {"n_classes": 2, "n_init": 3, "random_state": 1} | options
    return LatentClassModel(**options).fit(frame, **fit_options)


def told(kind, action):
    """Texts of the warnings of one class that an action gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
    return [str(w.message) for w in caught if w.category is kind]


def test_continuous_data_given_as_binary():
    frame = FRAME.assign(x=RNG.normal(size=60))
    with pytest.raises(
        errors.NotBinaryError, match=r"column 'x': expected at most two values .* got 60"
    ):
        fit(frame, indicators={"x": "binary"})


def test_all_missing_column():
    with pytest.raises(errors.AllMissingError, match="column 'x': no answers"):
        fit(FRAME.assign(x=np.nan))


def test_all_faults_of_all_columns_are_told_at_once():
    frame = FRAME.assign(x=np.nan, y=RNG.normal(size=60), z="a")
    with pytest.raises(errors.InputError) as caught:
        fit(frame, indicators={"y": "binary", "z": "count"})
    assert len(caught.value.faults) == 3
    assert type(caught.value) is errors.InputError


@pytest.mark.parametrize(
    ("name", "weight", "text"),
    [
        ("sample_weight", [-1.0, *[1.0] * 59], "sample_weight: 1 negative weights"),
        ("survey_weight", [np.nan, *[1.0] * 59], "survey_weight: 1 missing or infinite weights"),
        ("sample_weight", [0.0] * 60, "sample_weight: all weights are zero"),
        ("survey_weight", [1.0] * 59, r"survey_weight: expected 60 weights, got .*\(59,\)"),
    ],
)
def test_weights(name, weight, text):
    with pytest.raises(errors.WeightError, match=text):
        fit(**{name: weight})


def test_weights_that_exclude_each_other():
    first = np.repeat([0.0, 1.0], 30)
    with pytest.raises(errors.WeightError, match="no row has a positive weight"):
        fit(sample_weight=first, survey_weight=1 - first)


def test_unseen_category_at_prediction():
    model = fit()
    with pytest.raises(
        errors.UnseenCategoryError, match=r"column 'b': unseen category .*7.* the model knows"
    ):
        model.predict(FRAME.assign(b=7))


def test_unknown_column_and_family():
    with pytest.raises(errors.InputError, match="indicators: no column 'q'"):
        fit(indicators={"q": "nominal"})
    with pytest.raises(
        errors.InputError, match=r"column 'a': expected one of nominal, .* got 'odd'"
    ):
        fit(indicators={"a": "odd"})


@pytest.mark.parametrize(
    ("values", "family", "text"),
    [
        ([0.5, 1.0] * 30, "count", "expected whole numbers from 0"),
        ([-1, 1] * 30, "count", "expected whole numbers from 0"),
        (["a", "b"] * 30, "continuous", "expected numbers for a continuous"),
        ([np.inf, 1.0] * 30, "continuous", "expected finite numbers"),
    ],
)
def test_numbers(values, family, text):
    with pytest.raises(errors.InputError, match=text):
        fit(FRAME.assign(x=values), indicators={"x": family})


def test_values_that_cannot_be_read():
    frame = FRAME.assign(x=pd.date_range("2020", periods=60))
    with pytest.raises(errors.InputError, match="column 'x': cannot read values of type datetime"):
        fit(frame)


def test_scores():
    with pytest.raises(errors.InputError, match="column 'a': expected 2 increasing scores"):
        fit(indicators={"a": "ordinal"}, scores={"a": [2.0, 1.0]})


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n_classes": 0}, "n_classes: expected an integer of at least 1, got 0"),
        ({"n_init": 2.5}, "n_init: expected an integer"),
        ({"max_iter": 0}, "max_iter"),
        ({"tol": -1.0}, "tol: expected a number of at least 0"),
        ({"prior": "a"}, "prior: expected a number"),
        ({"variances": "some"}, "variances: expected 'equal' or 'free'"),
        ({"variances": "free"}, "a positive prior or a stated variance_floor"),
        ({"variance_floor": 0.0}, "variance_floor: expected a number above 0"),
        ({"profiles": "some"}, "profiles: expected 'equal' or 'free'"),
        ({"profiles": "free"}, "profiles: expected 'equal' without known groups"),
        ({"n_jobs": 0}, "n_jobs"),
        ({"random_state": -1}, "random_state: expected a non-negative integer"),
    ],
)
def test_options(options, text):
    with pytest.raises(errors.OptionError, match=text):
        fit(**options)


def test_groups():
    with pytest.raises(errors.InputError, match="group: 1 fault\n- no column 'sector'"):
        fit(group="sector")
    frame = FRAME.assign(sector=["po", "vo"] * 30)
    with pytest.raises(errors.InputError, match="no column 'q'"):
        fit(frame, group="sector", profiles=["q"])
    with pytest.raises(errors.InputError, match="column 'sector': 1 missing values"):
        fit(frame.assign(sector=[None, *["po", "vo"] * 29, "po"]), group="sector")
    model = fit(frame, group="sector")
    with pytest.raises(errors.InputError, match="unknown group 'so'"):
        model.predict(frame.assign(sector="so"))


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([("a", "q")], "no column 'q'"),
        ([("a", "a")], "expected two different items"),
        ([("a", "b"), ("b", "c")], "item 'b' already stands in a pair"),
        ([("a", "b", "odd")], "expected .*'direct' or 'joint'"),
        ([("a", "x")], "'x' is continuous"),
    ],
)
def test_local_dependence(pairs, text):
    with pytest.raises(errors.InputError, match=text):
        fit(FRAME.assign(x=RNG.normal(size=60)), local_dependence=pairs)


def test_warning_of_a_constant_item():
    assert told(errors.ConstantItemWarning, lambda: fit(FRAME.assign(x=1))) == [
        "one value only, without information on classes: 'x'"
    ]


@pytest.mark.parametrize("value", [3, 2.5])
def test_a_constant_item_changes_nothing(value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with_it, without = fit(FRAME.assign(x=value)), fit()
    assert with_it.log_likelihood_ == pytest.approx(without.log_likelihood_, abs=1e-9)
    assert with_it.n_parameters_ == without.n_parameters_
    assert (with_it.sample(5)[0]["x"] == value).all()


def test_warning_of_a_category_seen_once():
    frame = FRAME.assign(x=["once", *["b", "c"] * 29, "b"])
    assert told(errors.SingleAnswerWarning, lambda: fit(frame)) == [
        "categories that one row only has: 'x' = 'once'"
    ]


def test_warning_of_many_integer_values():
    text = told(errors.ManyCategoriesWarning, lambda: fit(FRAME.assign(x=np.arange(60) % 12)))
    assert text[0].startswith("column 'x': integers with 12 values are read as nominal")


def test_warning_of_more_parameters_than_cases():
    text = told(errors.ManyParametersWarning, lambda: fit(n_classes=12))
    assert text == ["71 parameters for 60 cases"]


def test_warning_of_a_best_start_found_once():
    text = told(errors.FoundOnceWarning, lambda: fit(n_classes=8, n_init=4))
    assert text[0].startswith("the best log-likelihood was reached from one of 4 starts only")


def test_warning_of_no_convergence_and_the_cap_is_not_convergence():
    text = told(errors.NotConvergedWarning, lambda: fit(max_iter=2))
    assert text == ["the best start had not converged after 2 iterations"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        starts = fit(max_iter=2).starts_
    assert not starts["converged"].any()


def test_warning_of_boundary_estimates():
    frame = pd.DataFrame({name: [0] * 30 + [1] * 30 for name in "abcd"})
    text = told(errors.BoundaryWarning, lambda: fit(frame))
    assert text[0].startswith("16 of 16 estimates lie on the boundary")


def test_warning_of_rows_without_answers():
    frame = FRAME.astype(float)
    frame.iloc[:2] = np.nan
    text = "2 rows without any answer: they get the class shares and carry no weight"
    assert text in told(errors.EmptyRowWarning, lambda: fit(frame))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = fit(frame)
    assert told(errors.EmptyRowWarning, lambda: model.predict(frame)) == [text]


def test_a_clean_fit_warns_of_nothing():
    rng = np.random.default_rng(4)
    c = rng.random(400) < 0.4
    X = (rng.random((400, 6)) < np.where(c, 0.8, 0.25)[:, None]).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LatentClassModel(n_classes=2, n_init=10, random_state=1).fit(X)


def test_columns_of_several_levels_are_refused():
    columns = pd.MultiIndex.from_product([["x", "y"], ["a", "b"]])
    frame = pd.DataFrame(np.eye(4, dtype=int), columns=columns)
    with pytest.raises(errors.InputError, match="expected names of one level, got 2 levels"):
        LatentClassModel(n_classes=1).fit(frame)


def test_a_posterior_mode_says_so_with_every_table():
    frame = pd.DataFrame(np.random.default_rng(1).integers(0, 2, (60, 4)), columns=list("abcd"))
    model = LatentClassModel(n_classes=2, n_init=10, prior=1.0, random_state=1).fit(frame)
    for table in (model.criteria_, model.profiles_, model.starts_, model.classification_):
        assert table.attrs["estimation"] == "posterior mode (prior 1)"
    assert "posterior mode" in model._repr_html_()
