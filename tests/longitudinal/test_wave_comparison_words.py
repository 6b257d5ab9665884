"""What a comparison of two waves says in Dutch and English, where nothing can be said too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InputError
from swvtypes.longitudinal import (
    CompareOptions,
    WaveComparison,
    WaveSide,
    compare_waves,
    corrected_transitions,
    position_change,
    wave_comparison,
)
from swvtypes.longitudinal.wave_comparison_labels import MEASURES, faults_label
from swvtypes.workflow.comparison_tables import tables_of

FEW = CompareOptions(n_draws=49)


@pytest.fixture(scope="module")
def one_type(toy: Any) -> WaveComparison:
    sides = []
    for wave in (toy.first, toy.second):
        made = sw.Typology(random_state=1, quick=True, n_init=3, max_classes=2, max_types=1)
        sides.append(WaveSide(made.fit(wave), made.membership_, wave))
    return compare_waves(sides[0], sides[1], FEW)


def test_types_of_all_sectors_together_are_named_so(one_type: WaveComparison) -> None:
    dutch, english = one_type.text("nl"), one_type.text("en")
    assert "- profielen alle: geen gemeenschappelijke vragen onderscheiden de typen" in dutch
    assert "- gecorrigeerde overgangen alle: een van de golven heeft één type" in dutch
    assert "- profiles all: no common questions tell the types apart" in english
    assert "- corrected transitions all: one of the waves has one type" in english


def test_a_split_that_is_not_identified_says_so_in_the_language(one_type: WaveComparison) -> None:
    assert not one_type.split[0].identified
    assert tables_of(one_type, "nl")["split"]["part"].tolist() == ["niet te bepalen"]
    assert tables_of(one_type, "en")["split"]["part"].tolist() == ["not identified"]


def test_measures_of_agreement_have_names_in_both_languages(toy: Any) -> None:
    sides = [WaveSide(t, t.membership_) for t in (toy.old, toy.fresh)]
    found = compare_waves(sides[0], sides[1], FEW)
    assert set(found.types[0].members.measures.index) > set(MEASURES)
    for name, label in MEASURES.items():
        assert f"\n{label.nl} 0," in found.text("nl")
        assert f"\n{name} 0." in found.text("en")
    assert "adjusted" not in found.text("nl")


def test_faults_of_a_correction_are_in_the_language(
    toy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = [WaveSide(t, t.membership_) for t in (toy.old, toy.fresh)]
    faults = ["wave: survey weights are not taken"]

    def refused(*_: object, **__: object) -> None:
        raise InputError("memberships", faults)

    monkeypatch.setattr(wave_comparison, "corrected_transitions", refused)
    told = compare_waves(sides[0], sides[1], FEW)
    assert "gecorrigeerde overgangen alle: wave: met steekproefgewichten kan" in told.text("nl")
    faults.append("something else")
    told = compare_waves(sides[0], sides[1], FEW)
    whole = "wave: survey weights are not taken; something else"
    assert f"gecorrigeerde overgangen alle: (melding in het Engels) {whole}" in told.text("nl")
    assert f"corrected transitions all: {whole}" in told.text("en")


def faults_of(call: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.faults


def test_faults_that_a_comparison_can_meet_have_a_dutch_text(toy: Any) -> None:
    place = pd.Series(np.arange(20) % 5, index=range(20), dtype=float)
    flat = pd.Series(3.0, index=range(20))
    members = toy.old.membership_
    heavy = [
        sw.Membership.from_probabilities(
            m.probabilities, m.sector_of, weights=pd.Series(1.0, index=m.modal.index)
        )
        for m in (members, toy.fresh.membership_)
    ]
    other = toy.fresh.membership_.probabilities
    other.index = [f"B{i}" for i in range(len(other))]
    strangers = sw.Membership.from_probabilities(other, pd.Series("po", index=other.index))
    cases = {
        "in de eerste golf is elke positie gelijk": lambda: position_change(flat, place),
        "in de tweede golf is elke positie gelijk": lambda: position_change(place, flat),
        "posities nodig, er zijn er 2": lambda: position_change(place, place.iloc[:2]),
        "met steekproefgewichten kan dit niet": lambda: corrected_transitions(heavy),
        "te weinig organisaties hebben in beide golven een type": lambda: compare_waves(
            WaveSide(toy.old, members), WaveSide(toy.fresh, strangers), FEW
        ),
    }
    for dutch, call in cases.items():
        assert faults_label(faults_of(call)).nl.endswith(dutch)


def test_faults_without_a_dutch_text_say_that_they_are_in_english() -> None:
    told = faults_label(["no such column"], "panel")
    assert told.nl == "(melding in het Engels) panel: no such column"
    assert told.en == "panel: no such column"
