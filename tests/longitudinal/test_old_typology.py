"""The old typology on the new wave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InformationError, OptionError
from swvtypes.longitudinal import score_old_typology
from swvtypes.survey import ItemCrosswalk, ItemEntry


def test_without_a_crosswalk_it_is_the_score_of_the_typology(toy: Any) -> None:
    found = score_old_typology(toy.old, toy.second, fresh=toy.fresh.membership_)
    scored = toy.old.score(toy.second)
    pd.testing.assert_frame_equal(found.membership.probabilities, scored.probabilities)
    np.testing.assert_allclose(found.shares["after"], scored.type_shares.to_numpy(), atol=1e-12)
    assert found.fresh is not None
    assert float(found.fresh.kappa) > 0.9
    kept = score_old_typology(toy.old, toy.second, keep_shares=True)
    pd.testing.assert_frame_equal(
        kept.membership.probabilities, toy.old.score(toy.second, shares="keep").probabilities
    )
    assert kept.fresh is None
    assert "po: 9 of 10 items" in repr(found)
    assert "po: 9 van 10 items" in found.text("nl")


def test_answers_in_other_codes_score_the_same(toy: Any) -> None:
    """Codes turned round in the later wave, and turned back by the crosswalk."""
    early = [ItemEntry("first", v, v, comparability="new") for v in toy.first.variables]
    known = set(toy.first.variables)
    late = [
        ItemEntry("second", v, v, {0.0: 1.0, 1.0: 0.0} if v == "care_2" else {}, {},
                  "recoded" if v == "care_2" else "same")
        for v in toy.second.variables if v in known
    ]  # fmt: skip
    frame = toy.second.frame.reset_index()
    frame["care_2"] = 1 - frame["care_2"]
    turned = sw.Wave.from_frame(frame, toy.second.codebook, name="second")
    found = score_old_typology(toy.old, turned, crosswalk=ItemCrosswalk("x", (*early, *late)))
    pd.testing.assert_frame_equal(
        found.membership.probabilities, toy.old.score(toy.second).probabilities, atol=1e-12
    )


def test_too_little_information_is_refused_with_its_measure(toy: Any) -> None:
    early = [ItemEntry("first", v, v, comparability="new") for v in toy.first.variables]
    crosswalk = ItemCrosswalk("x", (*early, ItemEntry("second", "care_2", "care_2")))
    with pytest.raises(InformationError, match="po: the 1 of 10 items that compare carry"):
        score_old_typology(toy.old, toy.second, crosswalk=crosswalk)
    low = score_old_typology(toy.old, toy.second, crosswalk=crosswalk, least_information=0.05)
    assert low.information["kept"].tolist() == [1]
    with pytest.raises(OptionError, match="least_information"):
        score_old_typology(toy.old, toy.second, least_information=2.0)
