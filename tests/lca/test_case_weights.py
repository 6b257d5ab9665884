"""Weights of rows: numbers, one a row; every fault of both kinds is told at once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swvtypes.errors import WeightError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.case_weights import row_weights


def faults(n: int, sample: Any, survey: Any = None) -> tuple[str, ...]:
    with pytest.raises(WeightError) as caught:
        row_weights(n, sample, survey)
    return caught.value.faults


@pytest.mark.parametrize(
    "weights",
    [
        [2, 1, 0], (2.0, 1.0, 0.0), np.array([2, 1, 0], dtype=np.uint8),
        pd.Series([2, 1, 0], index=[5, 6, 7], dtype="Int64"),
        [Decimal(2), Fraction(1), np.False_],
    ],
)  # fmt: skip
def test_numbers_of_every_kind(weights: Any) -> None:
    frequency, survey = row_weights(3, weights, None)
    assert frequency.tolist() == [2.0, 1.0, 0.0]
    assert survey.tolist() == [1.0, 1.0, 1.0]


def test_one_number_holds_for_every_row() -> None:
    assert row_weights(3, 2, 5.0)[0].tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (["a", "1", 2], "sample_weight: expected numbers, got 'a' (row 0), '1' (row 1)"),
        ("many", "sample_weight: expected numbers, got 'many' (row 0), 'many' (row 1), "
                 "'many' (row 2)"),
        ([1 + 2j, 1, 1], "sample_weight: expected numbers, got (1+2j) (row 0)"),
        ([pd.NA, None, 1], "sample_weight: 2 missing or infinite weights"),
        ([[1], [2, 3]], "sample_weight: expected one number a row, got rows of different lengths"),
        ([[1], [2], [3]], "sample_weight: expected 3 weights, got an array of shape (3, 1)"),
        ([0, 0, 0], "sample_weight: all weights are zero"),
    ],
)  # fmt: skip
def test_what_is_no_weight(weights: Any, expected: str) -> None:
    assert faults(3, weights) == (expected,)


def test_dates_are_no_weights() -> None:
    (fault,) = faults(3, pd.date_range("2020", periods=3))
    assert fault.startswith("sample_weight: expected numbers, got Timestamp(")


def test_every_fault_of_both_is_told() -> None:
    assert faults(5, ["x", -1, None, 2, 3], [-1.0, -2.0, np.inf, 1.0, 1.0]) == (
        "sample_weight: expected numbers, got 'x' (row 0)",
        "sample_weight: 1 missing or infinite weights",
        "sample_weight: 1 negative weights",
        "survey_weight: 1 missing or infinite weights",
        "survey_weight: 2 negative weights",
    )


def test_a_long_list_is_cut() -> None:
    (fault,) = faults(12, list("abcdefghijkl"))
    assert fault.endswith("'j' (row 9) and 2 more")


def test_weights_that_cancel_out() -> None:
    assert faults(2, [1, 0], [0.0, 1.0]) == ("no row has a positive weight",)


def test_the_model_refuses_text() -> None:
    X = np.random.default_rng(1).integers(0, 2, (20, 3))
    for name in ("sample_weight", "survey_weight"):
        with pytest.raises(WeightError, match=f"{name}: expected numbers, got 'a'"):
            LatentClassModel(1).fit(X, **{name: ["a"] * 20})


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=30))
def test_survey_weights_add_up_to_the_frequencies(weights: list[float]) -> None:
    frequency, survey = row_weights(len(weights), 2, weights)
    assert (frequency * survey).sum() == pytest.approx(2 * len(weights))
    assert survey / survey[0] == pytest.approx(np.array(weights) / weights[0])
