from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scale_samples import CARE, LOOSE, small_frame, small_wave

from swvtypes.errors import InputError, OptionError
from swvtypes.scales import build_scales
from swvtypes.scales.reversal import turn_round
from swvtypes.survey import Wave

ANSWER = st.sampled_from([1, 2, 3, 4, 5, 99, None])


def care_wave(rows: list[list[int | None]]) -> Wave:
    frame = small_frame(n=len(rows))
    for at, name in enumerate(CARE):
        frame[name] = pd.array([row[at] for row in rows], dtype="Int64")
    return small_wave(frame)


@given(st.lists(st.lists(ANSWER, min_size=4, max_size=4), min_size=2, max_size=6))
def test_score_is_the_mean_of_the_items_answered(rows: list[list[int | None]]) -> None:
    found = build_scales(care_wave(rows), minimum_items=2)
    for at, row in enumerate(rows):
        given_answers = [
            6 - x if name == "care_c" else x
            for name, x in zip(CARE, row, strict=True)
            if x is not None and x != 99
        ]
        assert found.n_items_answered["care"].iloc[at] == len(given_answers)
        score = found.scores["care"].iloc[at]
        if len(given_answers) < 2:
            assert score is pd.NA
        else:
            assert score == pytest.approx(sum(given_answers) / len(given_answers), abs=1e-15)


def test_reversed_items_are_turned_between_the_end_points(wave: Wave) -> None:
    found = build_scales(wave)
    assert found.reversed_items == ("care_c",)
    pd.testing.assert_series_equal(
        found.items["care_c"], 6 - wave.frame["care_c"].astype("Float64")
    )
    pd.testing.assert_series_equal(found.items["care_a"], wave.frame["care_a"].astype("Float64"))


def test_exact_scores_are_the_scores(wave: Wave) -> None:
    found = build_scales(wave)
    for sector in (None, "po", "vo"):
        here = found.scores["care"]
        here = here if sector is None else here[found.sector == sector]
        exact = found.exact("care", sector)
        assert all(isinstance(value, Fraction) for value in exact)
        assert [float(value) for value in exact] == here.dropna().tolist()
    assert build_scales(care_wave([[1, 1, 5, 2], [None] * 4])).exact("care") == [Fraction(5, 4)]


def test_a_set_of_ones_own_and_extra_reversal(wave: Wave) -> None:
    found = build_scales(wave, {"mine": LOOSE}, reversed_items=["loose_b"])
    expected = wave.frame[list(LOOSE)].astype(float)
    expected["loose_b"] = 6 - expected["loose_b"]
    np.testing.assert_allclose(found.scores["mine"].to_numpy(float), expected.mean(axis=1))
    assert found.answers("mine", "po").shape == (60, 4)
    assert repr(found) == "<Scales mine: 120 organisations>"
    assert len(found) == 120


def test_weights_and_sectors_are_carried() -> None:
    frame = small_frame().assign(survey_weight=np.linspace(0.5, 2, 120))
    found = build_scales(small_wave(frame))
    plain = build_scales(small_wave())
    assert found.survey_weight is not None
    np.testing.assert_allclose(found.survey_weight, np.linspace(0.5, 2, 120))
    pd.testing.assert_frame_equal(found.scores, plain.scores)
    assert plain.survey_weight is None
    assert found.sectors == ("po", "vo")


def test_it_is_frozen_and_gives_copies(wave: Wave) -> None:
    found = build_scales(wave)
    for name in ("scores", "items", "n_items_answered", "sector"):
        before = getattr(found, name)
        changed = getattr(found, name)
        if isinstance(changed, pd.DataFrame):
            changed[changed.columns[0]] = changed[changed.columns[0]] * 2
        else:
            changed.iloc[0] = "so"
        assert not changed.equals(before)
        assert getattr(found, name).equals(before)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.minimum_items = 3  # type: ignore[misc]


def test_turning_twice_gives_the_answer_back() -> None:
    answers = np.array([1.0, 2.0, np.nan, 4.0])
    np.testing.assert_array_equal(turn_round(turn_round(answers, 1, 4), 1, 4), answers)


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        ({"scales": "cair"}, ["scales: 'cair' is no scale of the codebook, which has 'care'"]),
        ({"scales": []}, ["scales: expected at least one scale, got none"]),
        ({"scales": {}}, ["scales: expected at least one set of items, got none"]),
        ({"scales": {"x": []}}, ["scale 'x': expected at least one item, found none"]),
        (
            {"scales": {"x": ["care_a", "care_a"]}},
            ["scale 'x': the item 'care_a' stands in it twice"],
        ),
        (
            {"scales": {"x": ["care_a", "nope", "boards"]}},
            [
                "scale 'x', item 'nope': the codebook has no such variable",
                "scale 'x', item 'boards': expected ordered answers (binary or ordinal), the "
                "codebook says count",
            ],
        ),
        (
            {"scales": {"x": ["care_a", "wide"]}},
            ["scale 'x': expected items with the same end points, got care_a 1-5, wide 1-6"],
        ),
        ({"minimum_items": 0}, ["minimum_items: expected a whole number of at least 1, got 0"]),
        (
            {"minimum_items": True},
            ["minimum_items: expected a whole number of at least 1, got True"],
        ),
        ({"minimum_items": 5}, ["minimum_items: 5 asked, but the scale 'care' has 4 items"]),
        (
            {"reversed_items": ["loose_a"]},
            ["reversed_items: 'loose_a' is an item of no scale asked"],
        ),
        (
            {"reversed_items": "loose_a", "minimum_items": 1.5},
            [
                "minimum_items: expected a whole number of at least 1, got 1.5",
                "reversed_items: 'loose_a' is an item of no scale asked",
            ],
        ),
    ],
)
def test_faults(wave: Wave, arguments: dict, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        build_scales(wave, **arguments)
    assert list(caught.value.faults) == faults


def test_a_codebook_without_scales_and_a_wave_without_the_column(wave: Wave) -> None:
    book = wave.codebook.file
    bare = tuple(v.model_copy(update={"scale": None, "reversed": False}) for v in book.variables)
    none = type(wave.codebook)(book.model_copy(update={"scales": (), "variables": bare}))
    with pytest.raises(InputError, match="the codebook has none"):
        build_scales(Wave.from_frame(small_frame(), none))
    loose = tuple(v.model_copy(update={"optional": True}) for v in book.variables)
    optional = type(wave.codebook)(book.model_copy(update={"variables": loose}))
    lacking = Wave.from_frame(small_frame().drop(columns="care_b"), optional, name="less")
    with pytest.raises(InputError, match="item 'care_b': the wave 'less' lacks the column"):
        build_scales(lacking)


def test_unknown_scale_or_sector(wave: Wave) -> None:
    found = build_scales(wave)
    with pytest.raises(OptionError, match="scale: expected one of 'care', got 'trust'"):
        found.answers("trust")
    with pytest.raises(OptionError, match="sector: expected one of 'po', 'vo', got 'so'"):
        found.exact("care", "so")
