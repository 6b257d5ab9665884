"""The multiverse: what survives, by hand; grids; the analysis of a theme; faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError
from swvtypes.typology import ClassesOfClasses, multiverse
from swvtypes.typology.specification import TypologyOptions
from swvtypes.typology.stability import (
    SuperclusterAnalysis,
    ThemeAnalysis,
    Universe,
    supercluster_grid,
    theme_grid,
)
from swvtypes.typology.stability.stability_text import CONCLUSIONS

NAMES = list("abcdefgh")
DIVISIONS = {
    "base": [1, 1, 1, 1, 2, 2, 2, 2],
    "relabelled": [2, 2, 2, 2, 1, 1, 1, 1],
    "one moved": [1, 1, 1, 2, 2, 2, 2, 2],
    "one class": [1, 1, 1, 1, 1, 1, 1, 1],
    "half missing": [1, 1, None, None, 2, 2, None, None],
}


def divide(which: str) -> Universe:
    if which == "impossible":
        raise OptionError("which", "something possible", which)
    types = pd.Series(DIVISIONS[which], index=NAMES, dtype="Int64")
    return Universe(types, {"two types": types.nunique() == 2})


def test_by_hand() -> None:
    grid = [{"which": name} for name in (*DIVISIONS, "impossible")]
    found = multiverse(divide, grid)
    assert found.n_failed == 1
    assert "expected something possible" in found.runs["fault"].iloc[-1]
    assert found.runs["ari"].iloc[:2].tolist() == [1.0, 1.0]
    assert found.runs["ari"].iloc[3] == 0.0
    # Relabelled 1 and 1; one moved 3/4 and 4/5; one class 1/2 for one of them; half missing 1.
    assert found.types["jaccard"].tolist() == pytest.approx(
        [(1 + 0.75 + 0.5 + 1) / 4, (1 + 0.8 + 0 + 1) / 4]
    )
    assert found.types["survived"].tolist() == [0.75, 0.75]
    assert found.types["unpaired"].tolist() == [0.0, 0.25]
    assert found.types["lowest"].tolist() == [0.5, 0.0]
    # d moved once and is missing once: 2 of 3; e lost its type where all are one: 3 of 4.
    assert found.organisations.loc["d", "same"] == pytest.approx(2 / 3)
    assert found.organisations.loc["d", "n_runs"] == 3
    assert found.organisations.loc["e", "same"] == pytest.approx(3 / 4)
    assert found.conclusions.loc["two types", "agrees"] == pytest.approx(3 / 4)
    assert found.conclusions.loc["two types", "outcomes"] == "True: 4; False: 1"
    assert found.choices.loc[("which", "'one class'"), "ari"] == 0.0
    assert found.choices.loc[("which", "'impossible'"), "runs"] == 0
    strict = multiverse(divide, grid, survives=1.0)
    assert strict.types["survived"].tolist() == [0.5, 0.5]


def test_words_of_the_multiverse() -> None:
    found = multiverse(divide, [{"which": w} for w in ("base", "one moved", "impossible")])
    assert "3 stellen keuzes, vergeleken met which = base" in found.text("nl")
    assert "1 of them could not be fitted" in found.text("en")
    assert "Conclusion 'two types' (yes): the same in 100%" in found.text("en")
    assert "Conclusie 'two types' (ja): gelijk in 100%" in found.text("nl")
    assert "Types under 3 sets" in found._repr_html_()


def test_a_grid_of_one_and_no_conclusions() -> None:
    found = multiverse(lambda which: Universe(divide(which).types), [{"which": "base"}])
    assert found.types["survived"].isna().all()
    assert len(found.conclusions) == 0
    assert "-" in found.text("en")


def test_grids() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": [1.0, 2.0], "c": [0.0, 1.0]})
    grid = theme_grid(frame, 3)
    assert len(grid) == 3 * 2 * 5 * 4 * 2
    assert grid[0] == {
        "n_classes": 3, "prior": 0.0, "seed": 0, "left_out": None, "missing": "at random"
    }  # fmt: skip
    assert {cell["n_classes"] for cell in grid} == {2, 3, 4}
    assert len({tuple(cell.values()) for cell in grid}) == len(grid)
    assert {c["missing"] for c in theme_grid(frame.fillna(0), 2)} == {"at random"}
    assert {c["left_out"] for c in theme_grid(frame[["a", "b"]], 2)} == {None}
    one_by_one = theme_grid(frame, 2, crossed=False)
    assert all(sum(cell[k] != one_by_one[0][k] for k in cell) == 1 for cell in one_by_one[1:])
    superclusters = supercluster_grid(2, {"a": 2, "b": 1, "c": 3}, n_seeds=1)
    assert superclusters[0]["n_theme_classes"] == {"a": 2, "b": 1, "c": 3}
    assert {"a": 2, "b": 2, "c": 3} in [c["n_theme_classes"] for c in superclusters]
    assert {c["n_superclusters"] for c in superclusters} == {2, 3}
    assert {c["left_out"] for c in superclusters} == {None, "a", "b", "c"}
    assert [c["prior"] for c in superclusters].count(0.0) == 1
    assert superclusters[0]["prior"] == TypologyOptions().type_prior
    only = supercluster_grid(2, {"a": 2, "b": 2}, priors=(0.0,))
    assert {c["prior"] for c in only} == {0.0}


@pytest.fixture(scope="module")
def theme() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    types = rng.integers(2, size=90)
    p = np.where(types, 0.9, 0.1)[:, None]
    frame = pd.DataFrame((rng.random((90, 4)) < p).astype(float), columns=list("abcd"))
    frame["weak"] = rng.integers(2, size=90).astype(float)
    frame = frame.mask(rng.random(frame.shape) < 0.08)
    frame.loc[5] = np.nan
    return frame


def test_a_theme(theme: pd.DataFrame) -> None:
    grid = theme_grid(theme, 2, n_seeds=2, crossed=False)
    analysis = ThemeAnalysis(theme, n_init=10)
    one, two = (multiverse(analysis, grid, n_jobs=jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(one.runs, two.runs)
    pd.testing.assert_frame_equal(one.organisations, two.organisations)
    assert one.conclusions.loc["more than one class", "agrees"] == 1.0
    assert one.runs["strongest item"].iloc[0] != "weak"
    assert one.types["survived"].min() >= 0.5
    assert 5 not in one.organisations.index
    assert one.choices.loc[("seed", "1"), "ari"] == 1.0
    assert one.n_failed == 0


def test_missing_as_a_category(theme: pd.DataFrame) -> None:
    analysis = ThemeAnalysis(theme.assign(n=np.arange(90) % 4), {"n": "count"}, n_init=5)
    answers, families = analysis._answers(None, "category")
    assert (answers["a"] == "no answer").sum() == theme["a"].isna().sum()
    assert families["a"] == "nominal"
    assert families["n"] == "count"
    assert not answers["n"].isna().any()
    one = analysis(1)
    assert one.conclusions["strongest item"] is None
    assert not one.conclusions["more than one class"]
    with pytest.raises(OptionError, match="missing: expected 'at random' or 'category', got 'x'"):
        analysis(2, missing="x")
    with pytest.raises(InputError, match="no column 'nowhere'"):
        analysis(2, left_out="nowhere")


def test_faults() -> None:
    with pytest.raises(InputError, match="the grid is empty"):
        multiverse(divide, [])
    with pytest.raises(InputError) as caught:
        multiverse(divide, [{"which": "base"}, {"what": 1, "ari": 2}], base=4, survives=2.0)
    text = str(caught.value)
    assert "base: expected a place from 0 to 1, got 4" in text
    assert "entry 1: expected ['which'], got ['ari', 'what']" in text
    assert "entry 1: ari is a column of the result" in text
    assert "survives: expected at most 1, got 2" in text
    with pytest.raises(OptionError, match="survives: expected a number above 0"):
        multiverse(divide, [{"which": "base"}], survives=0.0)
    with pytest.raises(InputError, match="the base analysis could not be made: OptionError"):
        multiverse(divide, [{"which": "impossible"}])
    with pytest.raises(InputError, match="expected the analysis to give a Universe, got int"):
        multiverse(lambda which: 3, [{"which": "base"}])
    with pytest.raises(InputError, match="expected at least one prior, got none"):
        theme_grid(pd.DataFrame({"a": [1]}), 2, priors=[])
    with pytest.raises(InputError, match="expected at least one prior, got none"):
        supercluster_grid(2, {"a": 2, "b": 2}, priors=[])
    with pytest.raises(InputError, match="expected at least one theme, got none"):
        supercluster_grid(2, {})
    with pytest.raises(OptionError, match=r"n_theme_classes\['a'\]: expected an integer"):
        supercluster_grid(2, {"a": 0})
    with pytest.raises(OptionError, match="n_classes: expected an integer of at least 1"):
        theme_grid(pd.DataFrame({"a": [1]}), 0)


# Superclusters ---------------------------------------------------------------------------------

TOGETHER = {theme: [f"{theme}{j}" for j in range(3)] for theme in "xyz"}


def weakly_coupled(seed: int = 1) -> pd.DataFrame:
    """Three themes of two classes, which follow the type in 72 of a hundred."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(2, size=60)
    columns = {}
    for names in TOGETHER.values():
        inside = np.where(rng.random(60) < 0.72, kind, 1 - kind)
        for name in names:
            columns[name] = (rng.random(60) < np.where(inside, 0.9, 0.12)).astype(int)
    return pd.DataFrame(columns)


def gains(frame: pd.DataFrame, prior: float) -> bool:
    """Whether two superclusters have a lower BIC than one, at the estimates of a prior."""
    bic = [
        ClassesOfClasses(k, 2, n_init=5, prior=prior, random_state=0)
        .fit(frame, themes=TOGETHER)
        .criteria_["bic"]
        for k in (1, 2)
    ]
    return bool(bic[1] < bic[0])


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_a_prior_of_the_types_does_not_decide_whether_there_are_types() -> None:
    frame = weakly_coupled()
    # At posterior modes BIC would deny what it says at the maximum.
    assert gains(frame, 0.0)
    assert not gains(frame, 2.0)
    grid = supercluster_grid(2, dict.fromkeys(TOGETHER, 2), n_seeds=1, leave_one_out=False)
    cells = [grid[0], grid[-1]]
    assert [cell["prior"] for cell in cells] == [TypologyOptions().type_prior, 0.0]
    found = multiverse(SuperclusterAnalysis(frame, TOGETHER, n_init=5), cells)
    assert found.runs["more than one supercluster"].tolist() == [True, True]
    decided = multiverse(SuperclusterAnalysis(frame, TOGETHER, n_init=5, prior=2.0), cells)
    assert decided.runs["more than one supercluster"].tolist() == [False, False]
    assert "Conclusie 'meer dan één type' (ja): gelijk in 100%." in found.text("nl")
    assert "Conclusie 'meer dan één type' (nee): gelijk in 100%." in decided.text("nl")


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_what_is_done_about_missing_answers_is_a_choice() -> None:
    frame = weakly_coupled().astype(float)
    assert "missing" not in supercluster_grid(2, dict.fromkeys(TOGETHER, 2))[0]
    whole = supercluster_grid(2, dict.fromkeys(TOGETHER, 2), frame=frame)
    assert {cell["missing"] for cell in whole} == {"at random"}
    frame.iloc[:6, 0] = np.nan
    frame.iloc[0] = np.nan
    grid = supercluster_grid(2, dict.fromkeys(TOGETHER, 2), n_seeds=1, frame=frame)
    cells = [cell for i, cell in enumerate(grid) if i == 0 or cell["missing"] != "at random"]
    assert [c["missing"] for c in cells] == ["at random", "complete rows", "category"]
    found = multiverse(SuperclusterAnalysis(frame, TOGETHER, n_init=4), cells)
    # No answer at all: no type under any rule; five more are left out listwise.
    assert found.runs["n"].tolist() == [59.0, 54.0, 59.0]
    assert "ontbrekende antwoorden" in found.text("nl")
    # Listwise is the analysis of the complete rows by themselves.
    alone = SuperclusterAnalysis(frame.dropna(), TOGETHER, n_init=4)(**cells[0])
    listwise = SuperclusterAnalysis(frame, TOGETHER, n_init=4)(**cells[1])
    pd.testing.assert_series_equal(listwise.types.dropna(), alone.types, check_names=False)
    # As a category it is the analysis of answers of which one says that there is none.
    told = frame.astype(object).where(frame.notna(), "none")
    kinds = {frame.columns[0]: "nominal"} | dict.fromkeys(frame.columns, "nominal")
    by_hand = SuperclusterAnalysis(told, TOGETHER, kinds, n_init=4)(**cells[0])
    category = SuperclusterAnalysis(frame, TOGETHER, n_init=4)(**cells[2])
    assert (by_hand.types.drop(0) == category.types.drop(0)).mean() > 0.95


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_a_rule_for_missing_answers_has_a_name_and_leaves_rows() -> None:
    frame = weakly_coupled().astype(float)
    with pytest.raises(InputError, match="missing: expected 'at random' or 'complete rows' or"):
        SuperclusterAnalysis(frame, TOGETHER)(2, dict.fromkeys("xyz", 2), missing="drop")
    frame.iloc[:, 0] = np.nan
    with pytest.raises(InputError, match="no organisation answered every item"):
        SuperclusterAnalysis(frame, TOGETHER)(2, dict.fromkeys("xyz", 2), missing="complete rows")


def test_the_grid_begins_at_the_prior_of_a_typology() -> None:
    first = supercluster_grid(2, {"a": 2, "b": 2})[0]["prior"]
    assert first == TypologyOptions().type_prior


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_conclusions_have_words_in_both_languages() -> None:
    frame = weakly_coupled()
    theme = ThemeAnalysis(frame[TOGETHER["x"]], n_init=4)
    names = {*theme(1).conclusions}
    over = SuperclusterAnalysis(frame, TOGETHER, n_init=2)
    names |= {*over(1, dict.fromkeys("xyz", 1)).conclusions}
    assert names == set(CONCLUSIONS)
    told = multiverse(theme, [{"n_classes": 1}]).text("nl")
    assert "Conclusie 'meer dan één klasse' (nee)" in told
    assert "Conclusie 'sterkste vraag' (geen)" in told
    assert "Conclusie 'een klasse onder 5%' (nee)" in told
    told = multiverse(theme, [{"n_classes": 2}]).text("en")
    assert "Conclusion 'more than one class' (yes)" in told
    assert "Conclusion 'strongest item' (x" in told


def test_the_base_is_told_in_words() -> None:
    base = {"n_classes": 2, "prior": 0.5, "seed": 0, "left_out": None, "missing": "at random"}
    one = multiverse(lambda **_: divide("base"), [base])
    assert one.text("nl").startswith(
        "1 stellen keuzes, vergeleken met aantal klassen = 2, prior = 0,5, seed = 0, weggelaten = "
        "niets, ontbrekende antwoorden = willekeurig."
    )
    assert one.text("en").startswith(
        "1 sets of choices, beside number of classes = 2, prior = 0.5, seed = 0, left out = "
        "nothing, missing answers = at random."
    )
    for more in (supercluster_grid(2, {"a": 2, "b": 3})[0], {"missing": "category", "own": True}):
        told = multiverse(lambda **_: divide("base"), [more])
        expected = {
            "n_superclusters": "aantal typen = 2, klassen per thema = (a 2, b 3), weggelaten =",
            "missing": "ontbrekende antwoorden = een antwoord op zich, own = ja.",
        }[next(iter(more))]
        assert expected in told.text("nl")


@pytest.mark.parametrize("value", [True, np.True_, False, None, np.nan, "x1"])
def test_outcomes_in_words(value: object) -> None:
    words = {"True": "yes", "False": "no", "None": "none", "nan": "none"}
    types = pd.Series([1, 2], index=["a", "b"], dtype="Int64")
    told = multiverse(lambda at: Universe(types, {"own": value}), [{"at": 1}]).text("en")
    assert f"Conclusion 'own' ({words.get(str(value), 'x1')})" in told
