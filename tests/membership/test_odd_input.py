"""Names, sectors and weights as a user's own tables have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import MembershipError
from swvtypes.membership import Membership

NAMES = [f"A{k}" for k in range(8)]
SECTOR = pd.Series(["po", "vo"] * 4, index=NAMES)
MODAL = pd.Series([1, 2, 2, 1, 1, 2, 2, 2], index=NAMES)


def test_a_sector_may_begin_with_the_name_of_another() -> None:
    sector = SECTOR.replace({"vo": "po noord"})
    found = Membership.from_modal(MODAL, sector, apart=True)
    assert found.types == ("po 1", "po 2", "po noord 1", "po noord 2")
    wanted = MODAL.eq(1).groupby(sector).mean()
    assert found.shares["po 1"] == wanted["po"]
    assert found.shares["po noord 1"] == wanted["po noord"]
    assert found.sector("po").types == ("po 1", "po 2")
    assert found.sector("po noord").types == ("po noord 1", "po noord 2")


def test_sectors_that_are_numbers_or_categories_are_text() -> None:
    found = Membership.from_modal(MODAL, SECTOR.map({"po": 1, "vo": 2}), apart=True)
    assert found.types == ("1 1", "1 2", "2 1", "2 2")
    assert Membership.from_modal(MODAL, SECTOR.astype("category")).sectors == ("po", "vo")


def test_names_stand_in_faults_as_they_are() -> None:
    numbers = pd.Series([1, 2] * 4, index=range(8))
    text = pd.Series("po", index=[str(k) for k in range(8)])
    for apart in (False, True):
        with pytest.raises(MembershipError, match="that the wave does not have: 0, 1, 2"):
            Membership.from_modal(numbers, text, apart=apart)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Membership.from_modal([1, 2], SECTOR),
            r"a Series of types by .*, got list",
        ),  # type: ignore[arg-type]
        (
            lambda: Membership.from_probabilities(np.ones((8, 1)), SECTOR),  # type: ignore[arg-type]
            "expected a DataFrame of probabilities by organisation, got ndarray",
        ),
        (
            lambda: Membership.from_modal(MODAL, SECTOR.to_frame()),  # type: ignore[arg-type]
            "expected a Wave, or a Series of sectors by organisation, got DataFrame",
        ),
        (
            lambda: Membership.from_modal(MODAL, SECTOR, weights=np.ones(8)),  # type: ignore[arg-type]
            "weights: 1 fault\n- expected a Series by organisation, got ndarray",
        ),
        (
            lambda: Membership.from_modal(MODAL, SECTOR, weights=pd.Series("a", index=NAMES)),  # type: ignore[arg-type]
            "expected numbers: ",
        ),
    ],
)
def test_what_came_in_place_of_a_table_is_named(call: Any, message: str) -> None:
    with pytest.raises(MembershipError, match=message):
        call()
