"""Models with several numbers of classes side by side, and the recommendation on them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import (
    ConstantItemWarning,
    InputError,
    OptionError,
    SurveyWeightError,
)
from swvtypes.lca import LatentClassModel, Limits, bootstrap_fit, bootstrap_lrt, enumerate_classes
from swvtypes.lca.recommendation import recommend

Loader = Callable[[str], pd.DataFrame]
CRITERIA = ("aic", "aic3", "bic", "caic", "sabic", "icl_bic")
COLUMNS = [
    "log_likelihood", "n_parameters", "df", "l2", "x2", *CRITERIA, "entropy_r2",
    "entropy_relative", "classification_error", "average_posterior", "largest_residual",
    "smallest_class", "smallest_class_n", "times_replicated", "converged",
]  # fmt: skip


def two_classes(n: int = 200, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    c = rng.random(n) < 0.4
    X = rng.random((n, 6)) < np.where(c, 0.9, 0.15)[:, None]
    return pd.DataFrame(X.astype(int), columns=list("abcdef"))


def test_table_holds_what_independent_software_found(
    reference_data: Loader, reference_result: Callable[[str], Any]
) -> None:
    found = enumerate_classes(reference_data("carcinoma"), range(1, 5), random_state=1, n_jobs=1)
    assert list(found.table.columns) == [*COLUMNS, "warnings"]
    assert found.table.index.name == "n_classes"
    for k, row in found.table.iterrows():
        model = reference_result("polca_carcinoma")["models"][f"K{k}"]
        assert row["log_likelihood"] >= model["loglik"] - 1e-6
        assert row["bic"] <= model["BIC"] + 2e-6
        assert row["n_parameters"] == model["npar"]
        shares = np.atleast_1d(model["P"])
        assert row["smallest_class"] == pytest.approx(shares.min(), abs=1e-4)
        assert row["smallest_class_n"] == pytest.approx(118 * shares.min(), abs=0.02)


def test_table_repeats_the_models() -> None:
    found = enumerate_classes(two_classes(), [3, 1, 2], n_init=10, random_state=4, n_jobs=1)
    assert list(found.table.index) == [1, 2, 3]
    for k, model in found.models.items():
        assert isinstance(model, LatentClassModel)
        row = found.table.loc[k]
        for name in ("log_likelihood", "l2", "x2", *CRITERIA, "classification_error"):
            assert row[name] == model.criteria_[name]
        assert row["average_posterior"] == model.classification_["average_posterior"].min()
        largest = model.bivariate_residuals_["residual"].max()
        assert row["largest_residual"] == pytest.approx(largest, rel=1e-9)
        assert found.table.loc[k, "times_replicated"] == model.fit_.times_found
    assert found.table["converged"].all()
    assert found.tests == {}
    assert found.fit_tests == {}
    identification = found.identification
    assert identification[["n_parameters", "n_boundary"]].sum(axis=1).tolist() == [6, 13, 20]
    assert identification["rank"].tolist() == identification["n_parameters"].tolist()
    assert identification["identified"].all()
    assert found.recommendation.n_classes == 2


def test_bootstrap_stands_with_the_larger_number() -> None:
    X = two_classes(100)
    found = enumerate_classes(
        X, range(1, 4), n_init=20, n_boot=39, boot_n_init=20, random_state=4, n_jobs=1
    )
    assert np.isnan(found.table.loc[1, "blrt_p"])
    for k in (1, 2):
        alone = bootstrap_lrt(X, k, 39, n_init=20, random_state=4, n_jobs=1)
        assert found.tests[k].replicates.tobytes() == alone.replicates.tobytes()
        assert found.table.loc[k + 1, "blrt_p"] == alone.p_value
        assert found.table.loc[k + 1, "blrt_statistic"] == alone.statistic
        assert found.table.loc[k + 1, "blrt_error"] == alone.standard_error
        assert found.table.loc[k + 1, "blrt_n_boot"] == 39
    assert found.recommendation.choices["blrt"] == 2
    assert "BLRT" in found._repr_html_()


def test_bootstrap_fit_of_every_number_of_classes() -> None:
    X = two_classes(100)
    X["copy"] = X["a"]  # an item twice: one pair stays associated whatever the classes
    found = enumerate_classes(
        X, (1, 2), n_init=20, fit_n_boot=39, boot_n_init=20, random_state=4, n_jobs=1
    )
    assert set(found.fit_tests) == {1, 2}
    for k, test in found.fit_tests.items():
        alone = bootstrap_fit(found.models[k], 39, n_init=20, random_state=4, n_jobs=1)
        pd.testing.assert_frame_equal(test.bivariate, alone.bivariate)
        row = found.table.loc[k]
        assert row["l2_p"] == alone.table.loc["l2", "p_value"]
        assert row["x2_p"] == alone.table.loc["x2", "p_value"]
        assert row["largest_residual_p"] == alone.largest_bivariate_p == 1 / 40
    advice = found.recommendation
    assert advice.n_classes == 2
    assert (
        "With 2 classes pairs of items stay associated (bootstrap p of the largest bivariate "
        "residual 0.025): see the bivariate residuals."
    ) in advice.text("en")
    assert (
        "Met 2 klassen blijven paren kenmerken samenhangen (bootstrap-p van het grootste bivariate "
        "residu 0,025): zie de bivariate residuen."
    ) in advice.text("nl")
    assert "largest_residual_p" in found._repr_html_()


def test_warnings_about_models_stand_in_the_table() -> None:
    X = two_classes(40)
    X["once"] = 1
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = enumerate_classes(X, [1, 7], n_init=5, random_state=1, n_jobs=1)
    assert [w.category for w in caught] == [ConstantItemWarning]
    assert "ManyParameters" in found.table.loc[7, "warnings"]
    assert found.table.loc[1, "warnings"] == ""


def test_frequencies_and_survey_weights() -> None:
    X = two_classes(60)
    times = np.random.default_rng(1).integers(0, 3, 60)
    weighted = enumerate_classes(X, [1, 2], sample_weight=times, random_state=1, n_jobs=1).table
    repeated = enumerate_classes(X.loc[np.repeat(X.index, times)], [1, 2], random_state=1, n_jobs=1)
    pd.testing.assert_frame_equal(weighted, repeated.table)
    survey = enumerate_classes(
        X, [1, 2], survey_weight=np.linspace(1, 3, 60), random_state=1, n_jobs=1
    )
    assert survey.table[list(CRITERIA)].isna().all(axis=None)
    assert survey.recommendation.n_classes is None
    assert "Under survey weights no criterion counts cases." in survey.recommendation.text("en")
    with pytest.raises(SurveyWeightError, match="bootstrap likelihood-ratio test needs"):
        enumerate_classes(X, [1, 2], n_boot=9, survey_weight=np.ones(60))
    with pytest.raises(SurveyWeightError, match="bootstrap fit needs"):
        enumerate_classes(X, [1, 2], fit_n_boot=9, survey_weight=np.ones(60))


def test_refusals() -> None:
    X = two_classes(40)
    with pytest.raises(InputError) as caught:
        enumerate_classes(X, [0, 2, 1.5])  # type: ignore[list-item]
    assert caught.value.faults == (
        "expected integers of at least 1, got 0",
        "expected integers of at least 1, got 1.5",
    )
    with pytest.raises(InputError, match="expected one number at least, got none"):
        enumerate_classes(X, [])
    with pytest.raises(OptionError, match="n_boot: expected an integer of at least 0, got -1"):
        enumerate_classes(X, [1], n_boot=-1)
    with pytest.raises(OptionError, match="stop_after: expected an integer of at least 1"):
        enumerate_classes(X, [1], n_boot=9, stop_after=0)
    with pytest.raises(OptionError, match="smallest_share: expected a number of at least 0"):
        Limits(smallest_share=-1.0)


# The recommendation, on tables made for it ------------------------------------------------------


def made(**changes: dict[int, object]) -> pd.DataFrame:
    """All criteria name 2 of 1, 2, 3 classes, and 400 cases carry each."""
    table = pd.DataFrame(index=pd.Index([1, 2, 3], name="n_classes"))
    for name in CRITERIA:
        table[name] = [30.0, 10.0, 20.0]
    table["n_parameters"] = [10, 21, 32]
    table["smallest_class"] = [1.0, 0.4, 0.2]
    table["smallest_class_n"] = [400.0, 160.0, 80.0]
    table["times_replicated"] = [100, 90, 50]
    table["converged"] = True
    for name, cells in changes.items():
        for k, value in cells.items():
            table.loc[k, name] = value
    return table


def test_agreement() -> None:
    advice = recommend(made(blrt_p={2: 0.01, 3: 0.3}), 400)
    assert advice.n_classes == 2
    assert advice.agree == (*CRITERIA, "blrt")
    assert advice.disagree == ()
    assert advice.text("en") == (
        "2 classes: named by AIC, AIC3, BIC, CAIC, SABIC, ICL-BIC, BLRT. "
        "400 cases carry all numbers of classes tried. Cases per parameter: 19.0."
    )
    assert advice.text("nl") == (
        "2 klassen: daarop wijzen AIC, AIC3, BIC, CAIC, SABIC, ICL-BIC, BLRT. "
        "400 gevallen dragen alle geprobeerde aantallen klassen. Gevallen per parameter: 19,0."
    )


def test_disagreement_is_told() -> None:
    advice = recommend(made(aic={3: 1.0}, blrt_p={2: 0.01, 3: 0.02}), 400)
    assert advice.n_classes == 2
    assert advice.disagree == ("aic", "blrt")
    assert "AIC, BLRT name 3 classes." in advice.text("en")
    assert "AIC, BLRT wijzen op 3 klassen." in advice.text("nl")
    assert "AIC, BLRT: the best number is the largest tried; try more." in advice.text("en")
    assert "probeer er meer" in advice.text("nl")
    alone = recommend(made(aic={3: 1.0}), 400)
    assert "AIC names 3 classes." in alone.text("en")
    assert "AIC wijst op 3 klassen." in alone.text("nl")


@pytest.mark.parametrize(
    ("changes", "n", "english", "dutch"),
    [
        (
            {}, 20.0,
            "Against 2 classes: 21 parameters for 20 cases.",
            "Tegen 2 klassen: 21 parameters op 20 gevallen.",
        ),
        (
            {"smallest_class": {2: 0.02}, "smallest_class_n": {2: 8.0}}, 400.0,
            "the smallest class has 8.0 cases (2.0%)",
            "de kleinste klasse telt 8.0 gevallen (2,0%)",
        ),
        (
            {"times_replicated": {2: 1}}, 400.0,
            "the best solution was found 1 time.", "de beste oplossing is 1 keer gevonden.",
        ),
        ({"converged": {2: False}}, 400.0, "not converged.", "niet geconvergeerd."),
    ],
)  # fmt: skip
def test_what_the_data_cannot_carry_is_not_recommended(
    changes: dict[str, dict[int, object]], n: float, english: str, dutch: str
) -> None:
    advice = recommend(made(**changes), n)
    assert advice.n_classes is None
    assert list(advice.objections) == [2] or n == 20.0
    assert "No number of classes is recommended" in advice.text("en")
    assert "Geen aantal klassen wordt aanbevolen" in advice.text("nl")
    assert english in advice.text("en")
    assert dutch.replace("8.0", "8,0") in advice.text("nl")


def test_what_the_number_of_cases_allows() -> None:
    some = recommend(made(), 25)
    assert "Of the numbers of classes tried, 25 cases carry 1 and 2 only." in some.text("en")
    assert "25 gevallen dragen van de geprobeerde aantallen klassen alleen 1 en 2." in some.text(
        "nl"
    )
    assert "25 cases carry 1 only." in recommend(made(smallest_class={2: 0.01}), 25).text("en")
    none = recommend(made(), 5)
    assert "5 cases carry none of the numbers of classes tried." in none.text("en")
    assert "5 gevallen dragen geen van de geprobeerde aantallen klassen." in none.text("nl")


def test_limits_can_be_set() -> None:
    table = made(times_replicated={2: 1})
    assert recommend(table, 400, Limits(times_replicated=1)).n_classes == 2


def test_one_criterion_does_not_dictate() -> None:
    table = made()
    for name in CRITERIA[1:]:
        table[name] = np.nan
    advice = recommend(table, 400)
    assert advice.choices == {"aic": 2}
    assert advice.n_classes is None


def test_of_equal_votes_the_smaller_number_wins() -> None:
    table = made(**{name: {3: 1.0} for name in CRITERIA[:3]})
    assert recommend(table, 400).n_classes == 2


def test_small_samples_are_told_so() -> None:
    assert "With 152 cases, classes that differ little go unseen" in recommend(made(), 152).text(
        "en"
    )
    assert "Met 152 gevallen blijven klassen die weinig verschillen onopgemerkt" in recommend(
        made(), 152
    ).text("nl")
    with pytest.raises(OptionError, match="language"):
        recommend(made(), 152).text("de")  # type: ignore[arg-type]
