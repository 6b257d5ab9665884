"""Tables beside the answers: rows of another order are refused before anything is related."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError
from swvtypes.lca.row_order import order_faults, same_order

X = pd.DataFrame({"a": [0, 1, 1]}, index=["p", "q", "r"])


@pytest.mark.parametrize("other", [X.iloc[::-1], X["a"].iloc[[1, 0, 2]]])
def test_rows_in_another_order_are_refused(other: pd.DataFrame | pd.Series) -> None:
    with pytest.raises(InputError) as caught:
        same_order(X, other, "size")
    assert caught.value.faults == ("expected rows in the order of X, got them in another",)
    assert str(caught.value).startswith("size: ")


@pytest.mark.parametrize(
    "other",
    [
        X,
        X.iloc[:2],
        X.set_axis(["s", "t", "u"]),
        np.array([[1], [0], [1]]),
    ],
)
def test_rows_in_this_order_or_of_no_known_order_are_taken(other: object) -> None:
    same_order(X, other, "size")
    same_order(X.to_numpy(), other, "size")


def test_rows_that_share_a_name_have_an_order_too() -> None:
    alike = X.set_axis(["p", "p", "q"])
    same_order(alike, alike.copy(), "size")
    with pytest.raises(InputError, match="expected rows in the order of X"):
        same_order(alike, alike.iloc[::-1], "size")


def test_rows_of_which_some_are_others_are_refused_and_the_first_is_named() -> None:
    partly = X.set_axis(["q", "r", "s"])
    with pytest.raises(InputError, match="expected the rows of X, got 1 of 3 others, among them"):
        same_order(X, partly, "size")
    assert order_faults(X, partly)[0].endswith("'s'")


def test_numbers_of_rows_say_nothing_of_which_rows_they_are() -> None:
    numbered = X.set_axis([1, 2, 7])
    assert order_faults(numbered, X.reset_index(drop=True)) == []
    assert order_faults(X.reset_index(drop=True), numbered) == []
    assert order_faults(numbered, X.set_axis([1, 2, 8]))
