"""Verdicts: rules of decision, calibration, words, faults."""

from __future__ import annotations

import json
import warnings
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import (
    FewStartsWarning,
    InputError,
    OptionError,
    SurveyWeightError,
    WeightError,
)
from swvtypes.typology import types_or_continuum
from swvtypes.typology.continuum import (
    types_or_continuum_by_theme,
    types_or_continuum_over_themes,
)
from swvtypes.typology.continuum.verdict import decide

QUICK = {"n_boot": 19, "random_state": 1, "max_classes": 3, "max_nodes": 3, "n_jobs": 1}


def trait_items(n: int, J: int, seed: int, slope: float = 2.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n)
    a = np.linspace(-1, 1, J)
    p = 1 / (1 + np.exp(-(a + slope * z[:, None])))
    return pd.DataFrame((rng.random((n, J)) < p).astype(int), columns=[f"i{j}" for j in range(J)])


def three_types(n: int, J: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    types = rng.integers(3, size=n)
    high = np.stack([np.arange(J) % 3 == k for k in range(3)])[types]
    return pd.DataFrame((rng.random((n, J)) < np.where(high, 0.9, 0.1)).astype(int))


def test_decision() -> None:
    def outcome(independence: float, continuum: float, types: float) -> str:
        return decide({"independence": independence, "continuum": continuum, "types": types}, 0.05)

    assert outcome(0.06, 0.01, 0.5) == "independent"
    assert outcome(0.05, 0.05, 0.5) == "types"
    assert outcome(0.01, 0.5, 0.05) == "continuum"
    assert outcome(0.01, 0.5, 0.5) == "undecided"
    assert outcome(0.01, 0.01, 0.01) == "undecided"


@pytest.fixture(scope="module")
def continuum():
    return types_or_continuum(trait_items(152, 8, 1), **{**QUICK, "n_boot": 39})


def test_a_continuum_is_called_one(continuum) -> None:
    assert continuum.verdict == "continuum"
    assert "wijzen op één continuüm" in continuum.sentence("nl")
    assert "point to one continuum" in continuum.sentence("en")


def test_three_types_are_called_types() -> None:
    found = types_or_continuum(three_types(120, 6, 2), **{**QUICK, "n_boot": 39})
    assert found.verdict == "types"
    assert found.n_types == 3
    assert not found.two_alike
    assert "not one continuous line" in found.text("en")
    even, normal = (replace(found, shape=shape) for shape in ("uniform", "normal"))
    assert "somewhat more often than its level says" in even.text("en")
    assert "wat vaker dan zijn niveau zegt" in even.text("nl")
    assert "than its level says" not in normal.text("en")
    assert "wijzen op typen (3)" in found.sentence("nl")


def test_noise_is_called_independent() -> None:
    rng = np.random.default_rng(3)
    found = types_or_continuum((rng.random((77, 5)) < 0.5).astype(int), **QUICK)
    assert found.verdict == "independent"
    assert "does not show that there is none" in found.text("en")
    assert "geen samenhang aangetoond" in found.sentence("nl")


def test_undecided_says_which_way() -> None:
    found = types_or_continuum(trait_items(77, 5, 3), **QUICK)
    tests = found.tests.copy()
    tests["p_value"] = [0.005, 0.4, 0.3]
    either = replace(found, verdict="undecided", tests=tests, n_types=2)
    assert "do not tell 2 types (p = 0.300) from a continuum (p = 0.400)" in either.sentence("en")
    assert "two points of one line" in either.text("en")
    assert "twee punten op één lijn" in either.text("nl")
    tests = tests.assign(p_value=[0.005, 0.01, 0.02])
    neither = replace(found, verdict="undecided", tests=tests)
    assert "neither types" in neither.sentence("en")
    assert "noch typen" in neither.sentence("nl")


def test_fits_are_nested_and_told(continuum) -> None:
    fits = continuum.fits
    by = fits.set_index(["model", "form", "n_classes"])["log_likelihood"].sort_index()
    assert by["types", "free", 2] == pytest.approx(by["line", "equal positions", 2], abs=1e-3)
    assert by["types", "free", 3] >= by["line", "free positions", 3] - 1e-2
    assert by["line", "free positions", 3] >= by["line", "equal positions", 3] - 1e-2
    others = fits.loc[fits["model"] != "independence", "log_likelihood"]
    assert others.min() > by["independence", "", 1]
    bic = -2 * fits["log_likelihood"] + np.log(152) * fits["n_parameters"]
    assert fits["bic"].to_numpy() == pytest.approx(bic.to_numpy())
    assert fits["compared"].sum() == 3
    table = continuum.tests
    p = (table["n_exceeding"] + 1) / (table["n_boot"] + 1)
    assert table["p_value"].to_numpy() == pytest.approx(p.to_numpy())
    html = continuum._repr_html_()
    assert "Types or a continuum: continuum" in html
    with pytest.raises(FrozenInstanceError):
        continuum.level = 0.1


def test_same_seed_same_answer_for_any_number_of_workers(monkeypatch) -> None:
    monkeypatch.setattr("swvtypes.lca.replicates._WORTH_PROCESSES", 0.0)
    frame = trait_items(60, 4, 5)
    one, two = (
        types_or_continuum(frame, **{**QUICK, "n_boot": 21, "max_classes": 2, "n_jobs": jobs})
        for jobs in (1, 2)
    )
    pd.testing.assert_frame_equal(one.tests, two.tests)
    pd.testing.assert_frame_equal(one.fits, two.fits)


def test_weights_order_and_gaps() -> None:
    frame = trait_items(50, 4, 6).astype(float)
    frame.iloc[3, 1] = np.nan
    weight = np.where(np.arange(50) < 10, 2, 1)
    twice = frame.loc[frame.index.repeat(weight)]
    options = {**QUICK, "max_classes": 2}
    first = types_or_continuum(frame, sample_weight=weight, **options)
    second = types_or_continuum(twice.sample(frac=1.0, random_state=1), **options)
    pd.testing.assert_frame_equal(first.tests, second.tests)
    assert first.n == 60


def test_faults() -> None:
    frame = trait_items(40, 4, 7)
    with pytest.raises(OptionError, match="max_classes: expected an integer of at least 2, got 1"):
        types_or_continuum(frame, max_classes=1)
    with pytest.raises(OptionError, match="max_nodes: expected an integer of at least 2, got 0"):
        types_or_continuum(frame, max_nodes=0)
    with pytest.raises(OptionError, match="n_boot: expected an integer of at least 1, got 0"):
        types_or_continuum(frame, n_boot=0)
    with pytest.raises(OptionError, match="line_init: expected an integer of at least 1"):
        types_or_continuum(frame, line_init=0)
    with pytest.raises(OptionError, match=r"level: expected a number between 0 and 1, got 1\.5"):
        types_or_continuum(frame, level=1.5)
    with pytest.raises(OptionError, match="level: expected a number above 0"):
        types_or_continuum(frame, level=0.0)
    with pytest.raises(SurveyWeightError, match="a verdict on types or a continuum needs"):
        types_or_continuum(frame, survey_weight=np.ones(40))
    with pytest.raises(WeightError, match="expected whole numbers as frequencies"):
        types_or_continuum(frame, sample_weight=np.full(40, 1.5), **QUICK)
    with pytest.raises(InputError, match="at least 3 columns with more than one value, got 2"):
        types_or_continuum(frame.iloc[:, :2])
    with pytest.raises(InputError, match="'x' is continuous: expected categories or counts"):
        types_or_continuum(frame.assign(x=np.linspace(0, 1, 40)))
    with pytest.warns(FewStartsWarning, match="3 starts a data set"):
        types_or_continuum(frame, **{**QUICK, "n_boot": 1, "max_classes": 2, "n_init": 3})


def themed(kind: str, n: int = 152, seed: int = 1) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    rng = np.random.default_rng(seed)
    z, s = rng.standard_normal(n), rng.integers(3, size=n)
    frame, themes = {}, {}
    for t in range(4):
        if kind == "unrelated":
            c = rng.integers(2, size=n)
        elif kind == "trait":
            c = rng.random(n) < 1 / (1 + np.exp(-4 * z))
        else:
            c = np.where(rng.random(n) < 0.95, s == t % 3, s != t % 3).astype(int)
        names = [f"t{t}_{j}" for j in range(5)]
        for name in names:
            frame[name] = (rng.random(n) < np.where(c, 0.9, 0.1)).astype(float)
        themes[f"t{t}"] = names
    answers = pd.DataFrame(frame)
    return answers.mask(rng.random(answers.shape) < 0.04), themes


OVER = {
    "n_boot": 19, "random_state": 1, "max_classes": 3, "n_jobs": 1,
    "n_theme_classes": dict.fromkeys(("t0", "t1", "t2", "t3"), 2),
}  # fmt: skip


def test_over_themes() -> None:
    answers, themes = themed("unrelated")
    found = types_or_continuum_over_themes(answers, themes, **OVER)
    assert found.verdict == "independent"
    assert found.scope == "themes"
    assert "Tussen de thema's is geen samenhang" in found.sentence("nl")
    assert "was held fixed" in found.text("en")
    related = types_or_continuum_over_themes(*themed("trait"), **OVER)
    assert related.p_values["independence"] == pytest.approx(0.05)
    assert related.verdict != "types"


@pytest.mark.slow
def test_types_over_themes() -> None:
    found = types_or_continuum_over_themes(*themed("types"), **OVER)
    assert found.verdict == "types"


def test_faults_over_themes() -> None:
    answers, themes = themed("unrelated", 60)
    with pytest.raises(InputError, match="theme 'x': no column 'nowhere'"):
        types_or_continuum_over_themes(answers, {**themes, "x": ["nowhere"]})
    with pytest.raises(InputError, match="theme 'x': no columns"):
        types_or_continuum_by_theme(answers, {"x": []})
    with pytest.raises(InputError, match="expected at least one theme, got none"):
        types_or_continuum_by_theme(answers, {})
    with pytest.raises(InputError, match=r"expected one number for each theme; differs for \['t3'"):
        types_or_continuum_over_themes(answers, themes, n_theme_classes={"t0": 2, "t1": 2, "t2": 2})
    with pytest.raises(OptionError, match=r"n_theme_classes\['t0'\]: expected an integer"):
        types_or_continuum_over_themes(answers, themes, n_theme_classes=dict.fromkeys(themes, 0))
    with pytest.raises(InputError, match="3 themes with two or more classes, got 2"):
        types_or_continuum_over_themes(
            answers, themes, n_theme_classes={"t0": 2, "t1": 2, "t2": 1, "t3": 1}, random_state=1
        )
    with pytest.raises(OptionError, match="max_theme_classes: expected an integer of at least 2"):
        types_or_continuum_over_themes(answers, themes, max_theme_classes=1)
    with pytest.raises(SurveyWeightError):
        types_or_continuum_over_themes(answers, themes, survey_weight=np.ones(60))
    with pytest.raises(WeightError, match="expected whole numbers"):
        types_or_continuum_over_themes(answers, themes, sample_weight=np.full(60, 0.5))


def test_by_theme() -> None:
    frame = pd.concat(
        [trait_items(60, 3, 8), trait_items(60, 3, 9).add_prefix("x")], axis=1
    ).astype(float)
    themes = {"one": ["i0", "i1", "i2"], "two": ["xi0", "xi1", "xi2"]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = types_or_continuum_by_theme(
            frame, themes, indicators=dict.fromkeys(frame.columns, "binary"),
            n_boot=9, max_classes=2, max_nodes=2, random_state=1,
        )  # fmt: skip
    assert list(found) == ["one", "two"]
    assert found["one"].n_units == 3
    alone = types_or_continuum(
        frame[themes["one"]], n_boot=9, max_classes=2, max_nodes=2, random_state=1
    )
    pd.testing.assert_frame_equal(found["one"].tests, alone.tests)


STORED = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "types_or_continuum.json"


@pytest.fixture(scope="module")
def study() -> dict:
    return json.loads(STORED.read_text())


def bound(n: int) -> float:
    return 0.05 + 3 * float(np.sqrt(0.05 * 0.95 / n))


# The level is not held here, and the function's own page says so.
EXCEEDS = "uniform trait, strong, n=152, 10 items"


def test_stored_error_rates(study: dict) -> None:
    seen = set()
    for name, found in study["warp_speed"].items():
        if name == EXCEEDS:
            continue
        verdict, n = found["verdict"], found["data_sets"]
        truth = name.split(",")[0]
        seen.add(truth)
        if truth == "independence":
            wrong = verdict["types"] + verdict["continuum"]
        elif truth.endswith("types"):
            wrong = verdict["continuum"]
        else:
            wrong = verdict["types"]
        assert wrong <= bound(n), name
    assert {"independence", "continuum", "two types", "three types"} <= seen


def test_settings_that_stood_out_were_looked_at_more_closely(study: dict) -> None:
    """Types claimed under a weak continuum: at most 5% of 1,000 data sets."""
    from benchmarks.studies.types_or_continuum import CLOSER

    for setting in CLOSER:
        found = study["warp_speed"][setting.name]
        assert found["data_sets"] == 1000
        if setting.name != EXCEEDS:
            assert found["verdict"]["types"] <= 0.05


def test_the_page_tells_the_error_rates_that_are_stored(study: dict) -> None:
    stored = study["warp_speed"]
    told = " ".join(str(types_or_continuum.__doc__).split())
    one_line = [
        found["verdict"]["types"]
        for name, found in stored.items()
        if name.split(",")[0].endswith(("continuum", "trait")) and name != EXCEEDS
    ]
    assert f"in {100 * min(one_line):.1f} to {100 * max(one_line):.1f}% of data sets" in told
    assert f"{100 * stored[EXCEEDS]['verdict']['types']:.1f}% (standard error 0.8)" in told


@pytest.mark.slow
def test_part_of_the_study_again(study: dict) -> None:
    from benchmarks.studies.types_or_continuum import Setting, run_setting

    setting = Setting("continuum", 77, 5, "strong")
    again = run_setting(setting, 60)
    stored = study["warp_speed"][setting.name]["verdict"]
    assert again["verdict"]["types"] <= bound(60)
    assert abs(again["verdict"]["continuum"] - stored["continuum"]) < 0.25
