"""Bootstrap p-values of L-squared, X-squared and bivariate residuals."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import FewStartsWarning, OptionError, SurveyWeightError, SwvtypesWarning
from swvtypes.lca import LatentClassModel, bootstrap_fit, replicates
from swvtypes.lca.diagnostics import bivariate_residuals
from swvtypes.lca.fit import posterior
from swvtypes.lca.replicate_residuals import pair_statistics

Loader = Callable[[str], pd.DataFrame]


def fitted(X: pd.DataFrame, n_classes: int, **options: Any) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        weights = {k: options.pop(k) for k in ("sample_weight", "survey_weight") if k in options}
        model = LatentClassModel(n_classes, n_init=20, random_state=1, n_jobs=1, **options)
        return model.fit(X, **weights)


def independent(n: int, items: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame((rng.random((n, items)) < 0.5).astype(int), columns=list("abcdef"[:items]))


def test_one_class_with_many_cases_has_the_chi_square_distribution() -> None:
    test = bootstrap_fit(fitted(independent(2000, 3), 1), 400, random_state=2, n_jobs=1)
    for name in ("l2", "x2"):
        row = test.table.loc[name]
        expected = stats.chi2.sf(row["value"], row["df"])
        assert abs(row["p_value"] - expected) < 4 * np.sqrt(expected * (1 - expected) / 400)
        assert row["replicate_mean"] == pytest.approx(4.0, abs=0.6)
        assert row["lower"] < row["p_value"] < row["upper"]


def test_values_are_those_of_the_reference(
    reference_data: Loader, reference_result: Callable[[str], Any]
) -> None:
    model = fitted(reference_data("carcinoma"), 3)
    test = bootstrap_fit(model, 39, random_state=1, n_jobs=1)
    expected = reference_result("polca_carcinoma")["models"]["K3"]
    assert test.table.loc["l2", "value"] == pytest.approx(expected["Gsq"], abs=1e-4)
    assert test.table.loc["x2", "value"] == pytest.approx(expected["Chisq"], rel=1e-4)
    # A table this sparse has no chi-square distribution: L-squared's mean is far below its df.
    assert test.table.loc["l2", "replicate_mean"] < 40 < test.table.loc["l2", "df"]


def test_dependence_between_two_items_is_found() -> None:
    X = independent(300, 5, seed=3)
    same = np.random.default_rng(4).random(300) < 0.5
    X["b"] = np.where(same, X["a"], X["b"])
    test = bootstrap_fit(fitted(X, 1), 99, random_state=1, n_jobs=1)
    pairs = test.bivariate.set_index(["first", "second"])
    assert pairs.loc[("a", "b"), "p_value"] == 0.01
    assert test.largest_bivariate_p == 0.01
    assert (pairs.drop(index=("a", "b"))["p_value"] > 0.01).all()


@pytest.mark.parametrize("n_classes", [1, 2])
def test_fast_statistics_are_those_of_the_diagnostics(n_classes: int) -> None:
    rng = np.random.default_rng(2)
    X = pd.DataFrame({f"i{j}": rng.integers(0, 2 + j % 3, 120) for j in range(5)}).astype(float)
    X = X.mask(pd.DataFrame(rng.random(X.shape) < 0.15, columns=X.columns))
    X["once"] = 1.0
    model = fitted(X, n_classes)
    parameters = model.fit_.parameters
    slow = bivariate_residuals(model.design_, parameters, posterior(model.design_, parameters)[0])
    fast = pair_statistics(model.design_, parameters)
    usable = slow["df"].to_numpy() > 0
    assert fast[usable] == pytest.approx(slow["statistic"].to_numpy()[usable], rel=1e-9)
    assert np.isnan(fast[~usable]).all()


def test_other_families_and_groups_go_the_long_way(
    mixed: pd.DataFrame, families: dict[str, str]
) -> None:
    test = bootstrap_fit(
        fitted(mixed, 2, indicators=families), 19, n_init=10, random_state=1, n_jobs=1
    )
    assert test.table["p_value"].isna().all()
    assert test.bivariate["p_value"].between(0.05, 1.0).all()
    X = independent(100, 3)
    X["sector"] = np.where(np.arange(100) < 40, "po", "vo")
    grouped = fitted(X, 1, group="sector", profiles="free")
    statistics = pair_statistics(grouped.design_, grouped.fit_.parameters)
    assert statistics == pytest.approx(grouped.bivariate_residuals_["statistic"].to_numpy())


def test_seed_workers_and_more_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    model = fitted(independent(80, 4), 2)
    alone = bootstrap_fit(model, 39, n_init=10, random_state=3, n_jobs=1)
    monkeypatch.setattr(replicates, "_WORTH_PROCESSES", 0.0)
    together = bootstrap_fit(model, 39, n_init=10, random_state=3, n_jobs=2)
    pd.testing.assert_frame_equal(alone.table, together.table)
    pd.testing.assert_frame_equal(alone.bivariate, together.bivariate)


def test_refusals_and_display() -> None:
    X = independent(60, 3)
    with pytest.raises(SurveyWeightError, match="fitted under survey weights"):
        bootstrap_fit(fitted(X, 1, survey_weight=np.linspace(1, 2, 60)), 9)
    model = fitted(X, 1)
    with pytest.raises(OptionError, match="n_boot: expected an integer of at least 1, got 0"):
        bootstrap_fit(model, 0)
    with pytest.warns(FewStartsWarning, match="2 starts a data set"):
        test = bootstrap_fit(model, 9, n_init=2, random_state=1, n_jobs=1)
    html = test._repr_html_()
    assert "Bootstrap fit, 1 classes" in html
    assert "9 replicates of 2 starts" in html
