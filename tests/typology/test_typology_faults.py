"""Awkward data and calls: every fault is named, and what can be read is read."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import (
    AbsentResultError,
    FaultsError,
    InputError,
    OptionError,
    OptionsError,
    TypologyError,
)
from swvtypes.typology import ClassesOfClasses, multiverse
from swvtypes.typology.specification import TypologyOptions
from swvtypes.typology.stability import SuperclusterAnalysis, supercluster_grid
from swvtypes.typology.themes import ThemeOptions

QUICK: dict[str, Any] = {"quick": True, "n_init": 5, "max_classes": 2, "max_types": 2}
THEMES = {t: [f"{t}{j}" for j in range(3)] for t in "xyz"}


def answers(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    kind = rng.integers(2, size=n)
    columns = {}
    for names in THEMES.values():
        inside = np.where(rng.random(n) < 0.9, kind, 1 - kind)
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside, 0.9, 0.12)).astype(int)
    return pd.DataFrame(columns)


def fit(frame: pd.DataFrame, themes: Any = THEMES) -> sw.Typology:
    return sw.Typology(random_state=1, **QUICK).fit(frame, themes=themes)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            lambda f: (f.set_axis(pd.MultiIndex.from_product([range(6), range(10)])), THEMES),
            ["expected one index level, the organisation; got 2: [None, None]"],
        ),
        (
            lambda f: (f.rename(columns={"x1": "x0"}), THEMES),
            ["column 'x0' stands in it more than once"],
        ),
        (
            lambda f: (f.assign(x0=[[1]] * 60), THEMES),
            ["column 'x0': expected numbers, texts or categories, got lists or the like"],
        ),
        (
            lambda f: (f, [["x0", "x1"]]),
            ["themes: expected a mapping of a name to a list of columns, got list"],
        ),
        (
            lambda f: (f, {1: ["x0", "x1"], "y": None}),
            ["theme 1: expected a name in text", "theme 'y': expected a list of columns, got None"],
        ),
    ],
)
def test_what_cannot_be_read_is_named(
    change: Callable[[pd.DataFrame], tuple[pd.DataFrame, Any]], faults: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        fit(*change(answers()))
    assert list(caught.value.faults) == faults


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n_jobs": 0}, "n_jobs: expected -1 or an integer of at least 1, got 0"),
        ({"n_jobs": "two"}, "n_jobs: expected -1 or an integer of at least 1, got 'two'"),
        ({"level": 2}, "level: expected a number between 0 and 1, got 2"),
        ({"quick": "no"}, "quick: expected True or False, got 'no'"),
    ],
)
def test_options_are_checked_at_once(options: dict[str, Any], text: str) -> None:
    with pytest.raises(OptionError) as caught:
        sw.Typology(**options)
    assert str(caught.value) == text


@pytest.mark.parametrize("level", [1.5, 1.0, 0.0, -0.1, float("nan"), True, "5%", None])
@pytest.mark.parametrize("kind", [TypologyOptions, ThemeOptions])
def test_a_level_lies_between_0_and_1(kind: type, level: object) -> None:
    with pytest.raises(OptionError) as caught:
        kind(level=level)
    assert str(caught.value) == f"level: expected a number between 0 and 1, got {level!r}"


def test_every_option_at_fault_is_named_at_once() -> None:
    with pytest.raises(OptionsError) as caught:
        TypologyOptions(level=1.5, type_prior=-1.0, n_boot=5, items="few")  # type: ignore[arg-type]
    assert caught.value.faults == (
        "items: expected 'supported' or 'significant' or 'selected' or 'all', got 'few'",
        "n_boot: expected an integer of at least 19, got 5",
        "type_prior: expected a number of at least 0, got -1.0",
        "level: expected a number between 0 and 1, got 1.5",
    )
    assert str(caught.value).splitlines() == list(caught.value.faults)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(OptionsError) as caught:
        ThemeOptions(level=1.5, prior=-1.0, max_classes=0)
    assert caught.value.faults == (
        "max_classes: expected an integer of at least 1, got 0",
        "level: expected a number between 0 and 1, got 1.5",
        "prior: expected a number of at least 0, got -1.0",
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.score(answers()), lambda t: t.describe(), lambda t: t.descriptions(),
        lambda t: t.census(), lambda t: t.rename({}), lambda t: t.compare_sectors(),
        lambda t: t.save("t.json"), lambda t: t.label("x0"), lambda t: t.category_label("x0", 1),
    ],
)  # fmt: skip
def test_nothing_can_be_asked_before_the_fit(call: Callable[[sw.Typology], object]) -> None:
    with pytest.raises(TypologyError, match="expected a fitted typology"):
        call(sw.Typology())


def test_limits_of_later_calls_are_checked(tmp_path: Path) -> None:
    frame = answers().assign(sector=["po"] * 30 + ["vo"] * 30)
    typology = fit(frame)
    with pytest.raises(OptionError, match="least_information: expected a number of at least 0"):
        typology.score(frame, least_information="x")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="n_boot: expected an integer of at least 1, got 0"):
        typology.compare_sectors(n_boot=0)
    with pytest.raises(TypologyError, match="cannot be written: No such file or directory"):
        typology.save(tmp_path / "no" / "t.json")


def test_numbered_columns_and_odd_theme_names_go_through(tmp_path: Path) -> None:
    frame = answers().set_axis(range(9), axis=1)
    themes = {"a/b": [0, 1, 2], "..": [3, 4, 5]}
    once = sw.Typology(random_state=1, **QUICK).fit(frame, themes, checkpoint=tmp_path / "c")
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == [
        "fit.json", "theme_all_...json", "theme_all_a%2Fb.json", "types_all.json"
    ]  # fmt: skip
    again = sw.Typology(random_state=1, **QUICK).fit(frame, themes, checkpoint=tmp_path / "c")
    once.save(tmp_path / "t.json")
    scored = sw.Typology.load(tmp_path / "t.json").score(frame, shares="keep")
    for other in (again.membership_, scored):
        pd.testing.assert_frame_equal(other.probabilities, once.membership_.probabilities)


@pytest.mark.parametrize("n", [1, 5, 20])
def test_few_organisations_give_types_or_one_type(n: int, tmp_path: Path) -> None:
    typology = fit(answers(n))
    typology.save(tmp_path / "t.json")
    loaded = sw.Typology.load(tmp_path / "t.json")
    for one in (typology, loaded):
        assert "Typology of" in one.describe("en")
        assert one.score(answers(n), shares="keep").types == typology.membership_.types
    if n < 20:
        assert typology.membership_.types == ("1",)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_a_model_without_covariates_can_be_looked_through() -> None:
    model = ClassesOfClasses(2, 2, n_init=3, random_state=1).fit(answers(), themes=THEMES)
    assert "coefficients_" not in dir(model)
    with pytest.raises(AbsentResultError, match="fitted without covariates"):
        _ = model.coefficients_
    assert issubclass(AbsentResultError, FaultsError)
    assert "ClassesOfClasses" in repr(model)


def test_superclusters_under_other_choices() -> None:
    frame = answers().astype(float)
    frame.iloc[3] = np.nan
    frame = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.1)
    grid = supercluster_grid(2, {"x": 2, "y": 2, "z": 1}, n_seeds=2)
    found = multiverse(SuperclusterAnalysis(frame, THEMES, n_init=5), grid)
    assert len(found.runs) == len(grid)
    assert set(found.conclusions.index) == {
        "more than one supercluster", "a supercluster below 5%"
    }  # fmt: skip
    seeds = found.runs[(found.runs["seed"] == 1)]
    assert seeds["ari"].iloc[0] == pytest.approx(1.0)
    assert found.runs["n"].iloc[0] == 59
    assert found.runs["prior"].tolist().count(0.0) == 1
    changed = found.runs[found.runs["prior"] == 0.0].index[0]
    plain = SuperclusterAnalysis(frame, THEMES, n_init=5, prior=0.0)(
        **{k: v for k, v in grid[changed].items() if k != "prior"}
    )
    again = SuperclusterAnalysis(frame, THEMES, n_init=5)(**grid[changed])
    pd.testing.assert_series_equal(plain.types, again.types)
    with pytest.raises(InputError) as caught:
        SuperclusterAnalysis(frame, THEMES)(2, {"q": 2}, left_out="w")
    assert list(caught.value.faults) == [
        "left_out: no theme 'w'", "n_theme_classes: no theme 'q'"
    ]  # fmt: skip
