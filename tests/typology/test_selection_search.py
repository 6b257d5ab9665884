"""Variable selection by model comparison: against R, against statsmodels, and its rules."""

from __future__ import annotations

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError, SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Item
from swvtypes.typology.selection import select_variables, selection_table
from swvtypes.typology.selection.identifying import most_classes
from swvtypes.typology.selection.regressing import Cases, redundancy_bic, regression_bic


def fitted(X: object, n_classes: int = 1, **options: object) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(n_classes, n_init=20, random_state=1, n_jobs=1, **options)
        weight = options.pop("sample_weight", None)
        return model.fit(X, sample_weight=weight)


def reference_steps(runs: dict, name: str) -> dict[tuple[str, str], float]:
    found = {}
    for row in runs[name]["info"]:
        step = {key.strip(): value for key, value in row.items()}
        found[step["Step"].lower(), step["Variable"]] = step["BICdiff"]
    return found


@pytest.mark.parametrize(("name", "swap"), [("sim_backward", False), ("sim_backward_swap", True)])
def test_backward_search_takes_the_steps_of_lcavarsel(
    reference_dir: Path, name: str, swap: bool
) -> None:
    runs = json.loads((reference_dir / "lcavarsel.json").read_text())["runs"]
    X = pd.read_csv(reference_dir / "data" / "varsel_sim.csv")
    found = select_variables(fitted(X), 3, swap=swap, n_init=10, random_state=1)
    assert list(found.selected) == runs[name]["variables"]
    assert found.n_classes == runs[name]["G"]
    assert found.bic == pytest.approx(-runs[name]["bic_2ll_minus"], abs=1e-3)
    theirs = reference_steps(runs, name)
    removed = found.path[(found.path["step"] == "remove") & found.path["accepted"]]
    assert list(removed["item"]) == ["r2", "r1", "n2", "n1"]
    for row in removed.itertuples():
        assert row.bic_difference == pytest.approx(theirs["remove", row.item], abs=0.01)


def test_carcinoma_first_step_is_theirs_and_the_end_is_no_worse(reference_dir: Path) -> None:
    """After B they keep E, although the other items predict it: dropping it lowers BIC by 11.2."""
    runs = json.loads((reference_dir / "lcavarsel.json").read_text())["runs"]
    X = pd.read_csv(reference_dir / "data" / "carcinoma.csv")
    found = select_variables(fitted(X), 2, random_state=1)
    first = found.path.iloc[0]
    theirs = reference_steps(runs, "carcinoma_backward")
    assert (first["step"], first["item"]) == ("remove", "B")
    assert first["bic_difference"] == pytest.approx(theirs["remove", "B"], abs=1e-3)
    assert set(found.selected) < set(runs["carcinoma_backward"]["variables"])
    theirs_bic = -runs["carcinoma_backward"]["bic_2ll_minus"]
    values = X.to_numpy(dtype=float) - 1.0
    cases = Cases(values, np.ones(len(X)), tuple(Item(c, "binary", 2) for c in X))
    at = {name: j for j, name in enumerate(X)}
    own = frozenset(at[c] for c in found.selected)
    assert found.bic + redundancy_bic(cases, at["E"], own) < theirs_bic - 10


def test_redundancy_bic_is_the_best_logistic_regression(reference_dir: Path) -> None:
    """Against statsmodels over every subset of predictors."""
    sm = pytest.importorskip("statsmodels.api")
    X = pd.read_csv(reference_dir / "data" / "varsel_sim.csv") - 1
    cases = Cases(X.to_numpy(dtype=float), np.ones(len(X)), tuple(Item(c, "binary", 2) for c in X))
    scores = {}
    for size in range(4):
        for chosen in itertools.combinations(range(3), size):
            Z = np.column_stack([np.ones(len(X)), X.iloc[:, list(chosen)]])
            model = sm.GLM(X["r1"], Z, family=sm.families.Binomial()).fit()
            scores[chosen] = (size + 1) * np.log(len(X)) - 2 * model.llf
            at = list(X).index("r1")
            assert regression_bic(cases, at, frozenset(chosen)) == pytest.approx(
                scores[chosen], abs=1e-4
            )
    assert redundancy_bic(cases, list(X).index("r1"), frozenset(range(3))) == pytest.approx(
        min(scores.values()), abs=1e-4
    )


@pytest.mark.parametrize("family", ["count", "continuous", "nominal"])
def test_regressions_of_other_kinds_are_those_of_statsmodels(family: str) -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(3)
    n = 120
    a, b = rng.integers(0, 2, n).astype(float), rng.normal(size=n)
    y = {
        "count": rng.poisson(np.exp(0.3 + 0.6 * a)),
        "continuous": a - 0.5 * b + rng.normal(size=n),
        "nominal": np.where(rng.random(n) < 0.4, a, rng.integers(0, 3, n)),
    }[family].astype(float)
    items = (Item("a", "binary", 2), Item("b", "continuous"), Item("y", family, 3))  # type: ignore[arg-type]
    cases = Cases(np.column_stack([a, b, y]), np.ones(n), items)
    Z = np.column_stack([np.ones(n), a, (b - b.mean()) / b.std()])
    if family == "count":
        llf, p = sm.GLM(y, Z, family=sm.families.Poisson()).fit().llf, 3
    elif family == "continuous":
        llf, p = sm.OLS(y, Z).fit().llf, 4
    else:
        llf, p = sm.MNLogit(y, Z).fit(disp=0).llf, 6
    expected = p * np.log(n) - 2 * llf
    assert regression_bic(cases, 2, frozenset({0, 1})) == pytest.approx(expected, abs=1e-4)


def test_ordinal_regression_has_one_slope_and_gaps_are_a_category() -> None:
    rng = np.random.default_rng(4)
    a = rng.integers(0, 2, 200).astype(float)
    y = np.clip(np.rint(1.5 + a + rng.normal(size=200)), 0, 3)
    items = (Item("a", "binary", 2), Item("y", "ordinal", 4))
    full = Cases(np.column_stack([a, y]), np.ones(200), items)
    alone = regression_bic(full, 1, frozenset())
    counts = np.bincount(y.astype(int), minlength=4)
    entropy = -2 * float(counts @ np.log(counts / 200))
    assert alone == pytest.approx(3 * np.log(200) + entropy, abs=1e-5)
    assert regression_bic(full, 1, frozenset({0})) < alone
    gaps = a.copy()
    gaps[:20] = np.nan
    holed = Cases(np.column_stack([gaps, y]), np.ones(200), items)
    assert regression_bic(holed, 1, frozenset({0})) > regression_bic(full, 1, frozenset({0}))


def test_separation_keeps_the_likelihood_finite() -> None:
    a = np.repeat([0.0, 1.0], 20)
    cases = Cases(
        np.column_stack([a, a]), np.ones(40), (Item("a", "binary", 2), Item("b", "binary", 2))
    )
    assert regression_bic(cases, 1, frozenset({0})) == pytest.approx(2 * np.log(40), abs=1e-4)


def test_forward_search_and_independence(reference_dir: Path) -> None:
    X = pd.read_csv(reference_dir / "data" / "varsel_sim.csv").drop(columns=["r1", "r2"])
    found = select_variables(
        fitted(X), 2, direction="forward", redundancy="independence", n_init=5, random_state=1
    )
    assert set(found.selected) == {"c1", "c2", "c3", "c4"}


def test_most_classes_counts_parameters_against_cells() -> None:
    assert most_classes([Item("a", "binary", 2)] * 5, 9) == 5
    assert most_classes([Item("a", "ordinal", 5)] * 2, 9) == 6
    assert most_classes([Item("a", "binary", 2), Item("x", "continuous")], 4) == 4
    assert most_classes([Item("a", "binary", 1)] * 4, 4) == 1


def test_faults_of_a_search() -> None:
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.integers(0, 2, (60, 4)), columns=list("abcd"))
    with pytest.raises(InputError, match="expected items that identify two classes, got 2"):
        select_variables(fitted(X[["a", "b"]]))
    with pytest.raises(InputError, match="expected no local dependence and no known groups"):
        select_variables(fitted(X, local_dependence=[("a", "b")]))
    with pytest.raises(OptionError, match="direction: expected 'backward' or 'forward'"):
        select_variables(fitted(X), direction="sideways")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="redundancy: expected 'regression' or 'independence'"):
        select_variables(fitted(X), redundancy="none")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="max_classes: expected an integer of at least 2, got 1"):
        select_variables(fitted(X), 1)
    with pytest.raises(OptionError, match="n_init: expected an integer of at least 1, got 0"):
        select_variables(fitted(X), n_init=0)


def test_survey_weights_are_refused() -> None:
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.integers(0, 2, (60, 4)), columns=list("abcd"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(1, n_init=1, random_state=1, n_jobs=1)
        model.fit(X, survey_weight=rng.random(60) + 0.5)
    with pytest.raises(InputError, match="expected no survey weights: models are compared by BIC"):
        select_variables(model)


def test_table_without_other_routes_is_wald_with_its_chi_square_stand_in() -> None:
    rng = np.random.default_rng(2)
    c = rng.random(80) < 0.5
    X = pd.DataFrame((rng.random((80, 4)) < np.where(c, 0.9, 0.2)[:, None]).astype(int))
    X.columns = list("abcd")
    model = fitted(X, 2)
    table = selection_table(model)
    known = table["wald_p"].notna()
    assert known.any()
    assert (table["p_value"][known] == table["wald_p"][known]).all()
    assert (table["selected"] == (table["p_adjusted"] <= 0.05)).all()
    assert (table["routes"] == known.astype(int)).all()
