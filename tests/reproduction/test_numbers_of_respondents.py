"""How many organisations there are, how many answered, and what share that is, by sector."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from swvtypes.reproduction.claim_counts import population, respondents, response
from swvtypes.reproduction.claim_rows import DESIGN, ClaimRows
from swvtypes.survey import load_wave
from swvtypes.tables.tally import Tally


@pytest.fixture(scope="module")
def rows() -> ClaimRows:
    wave = load_wave("monitor_2016", seed=1)
    return ClaimRows(wave, Tally(wave))


@pytest.mark.parametrize(
    ("sector", "exist", "answered"), [("po", 77, 65), ("vo", 75, 58), ("both", 152, 123)]
)
def test_the_counts_of_the_survey(rows: ClaimRows, sector: str, exist: int, answered: int) -> None:
    there, found = population(rows, sector, {}, "count"), respondents(rows, sector, {}, "count")
    assert (there.value, there.n) == (Fraction(exist), exist)
    assert (found.value, found.n) == (Fraction(answered), answered)
    share = response(rows, sector, {}, "percent")
    assert share.value == Fraction(100 * answered, exist)
    assert share.n == answered
    # They rest on who was asked, not on what anybody answered.
    assert there.facts == found.facts == share.facts == DESIGN


def test_every_row_is_in_one_sector(rows: ClaimRows) -> None:
    masks = np.array([rows.rows(sector) for sector in ("po", "vo")])
    assert (masks.sum(axis=0) == 1).all()
