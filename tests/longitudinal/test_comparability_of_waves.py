"""Which comparisons are legitimate, and how much of the old types' information is left."""

from __future__ import annotations

from typing import Any

import pytest

import swvtypes as sw
from swvtypes.errors import CrosswalkError, OptionError
from swvtypes.longitudinal.common_items import common_types
from swvtypes.longitudinal.surviving_information import survival
from swvtypes.longitudinal.typology_parts import parts_of
from swvtypes.resources import data_path
from swvtypes.survey import ItemCrosswalk, ItemEntry
from swvtypes.typology.item_information import information


def crosswalk_of(toy: Any, changed: dict[str, ItemEntry]) -> ItemCrosswalk:
    """Questions of the same name, with some rows of the later wave replaced."""
    early = [ItemEntry("first", v, v, comparability="new") for v in toy.first.variables]
    known = set(toy.first.variables)
    late = [
        ItemEntry("second", v, v, comparability="same" if v in known else "new")
        for v in toy.second.variables
        if v not in changed
    ]
    return ItemCrosswalk("made", (*early, *late, *changed.values()))


def test_a_question_that_is_gone_costs_what_the_typology_says_it_costs(toy: Any) -> None:
    found = sw.comparability(toy.first, toy.second, typology=toy.old)
    row = found.information.iloc[0]
    assert (row["items"], row["same"], row["gone"]) == (10, 9, 1)
    model = toy.old.models_[0]
    expected = information(model, [i for i in model.items if i != "care_1"])
    assert row["share"] == pytest.approx(expected.share, abs=1e-12)
    assert row["agreement"] == expected.agreement
    assert row["accuracy_all"] == expected.accuracy_all
    assert found.table["possible"].all()
    assert found.n_pairs == 112
    assert "9 of the 10 items compare" in found.text("en")
    assert "9 van de 10 items" in found.text("nl")
    assert repr(found).startswith("<Comparability of first and second>")
    assert "care_1" not in found.anchors


def test_putting_answers_together_keeps_part_of_the_information(toy: Any) -> None:
    """Both codes to one: the item says nothing; as it stands it says all."""
    whole = crosswalk_of(toy, {})
    lost = ItemCrosswalk(
        "made",
        tuple(
            ItemEntry(e.wave, e.variable, e.concept, {0.0: 1.0, 1.0: 1.0}, {}, "recoded")
            if e.variable == "care_2" else e for e in whole.entries
        ),
    )  # fmt: skip
    waves = ("first", "second")
    kept = survival(common_types(toy.old, whole, waves)[0])
    grouped = common_types(toy.old, lost, waves)[0]
    item = grouped.kept["care_2"]
    assert item.groups == {0.0: 1.0, 1.0: 1.0}
    assert item.comparability == "recoded"
    without = information(
        parts_of(toy.old).models[0],
        [i for i in toy.old.models_[0].items if i not in ("care_1", "care_2")],
    )
    assert survival(grouped).share == pytest.approx(without.share, abs=1e-12)
    assert survival(grouped).share < kept.share


def test_reworded_questions_are_no_anchors(toy: Any) -> None:
    names = [v for v in toy.second.variables if v[:4] in ("care", "rule") and v[-1] != "6"]
    changed = {v: ItemEntry("second", v, v, comparability="reworded") for v in names}
    found = sw.comparability(
        toy.first, toy.second, crosswalk=crosswalk_of(toy, changed), typology=toy.old
    )
    row = found.information.iloc[0]
    assert row["share"] == row["share_same"] == 0.0
    assert row["share_reworded"] > 0.9
    assert not found.verdict("old_types").possible
    assert not found.verdict("profiles", "po").possible
    assert "Not identified" in found.verdict("split").reason.en
    assert "Niet geïdentificeerd" in found.verdict("split").reason.nl
    assert found.verdict("positions").possible
    told = sw.comparability(
        toy.first, toy.second, crosswalk=crosswalk_of(toy, changed), typology=toy.old,
        accept=("same", "recoded", "reworded"),
    )  # fmt: skip
    assert told.verdict("old_types").possible
    assert not told.verdict("split").possible


def test_same_names_with_other_categories_are_other_questions() -> None:
    first, second = sw.load_wave("monitor_2016"), sw.load_wave("scenario_2018")
    found = sw.comparability(first, second)
    assert found.items.loc["reserves", "comparability"] == "gone"
    assert found.items.loc["reserves (scenario_2018)", "comparability"] == "new"
    assert not len(found.information)


def test_the_shipped_waves_of_2014_and_2016_hardly_compare() -> None:
    found = sw.comparability(
        sw.load_wave("start_2014"), sw.load_wave("monitor_2016"),
        crosswalk=data_path("crosswalks", "items.csv"),
        organisations=data_path(
            "crosswalks", "organisations", "start_2014--monitor_2016", "link_0.3", "seed_01.csv"
        ),
    )  # fmt: skip
    assert found.n_pairs == 65 + 46
    assert found.anchors == ("equalisation",)
    assert not found.verdict("joint_model").possible
    assert not found.verdict("positions").possible
    assert "was asked later only" in found.verdict("positions").reason.en
    assert found.verdict("drift").possible
    assert found.verdict("moved").possible


def test_few_organisations_and_typologies_alone(toy: Any) -> None:
    few = sw.Wave.from_frame(
        toy.second.frame.reset_index().iloc[:5], toy.second.codebook, name="second"
    )
    found = sw.comparability(toy.first, few, typology=toy.old)
    for name in ("moved", "split", "joint_model", "positions"):
        assert not found.verdict(name).possible, name
    assert "5 organisations are in both waves; 10 are needed" in found.text("en")
    files = sw.comparability(toy.old, toy.fresh)
    assert files.n_pairs is None
    assert files.verdict("old_types", "po").possible
    assert files.verdict("moved").possible


def test_options_are_checked(toy: Any) -> None:
    with pytest.raises(OptionError, match="least_information"):
        sw.comparability(toy.first, toy.second, least_information=0.0)
    with pytest.raises(OptionError, match="accept"):
        sw.comparability(toy.first, toy.second, accept=("alike",))
    found = sw.comparability(toy.first, toy.second)
    with pytest.raises(OptionError, match="expected one of 'moved'"):
        found.verdict("colours")
    wrong = ItemCrosswalk("made", (*crosswalk_of(toy, {}).entries,
                                   ItemEntry("second", "none", "x", line=9)))  # fmt: skip
    with pytest.raises(CrosswalkError, match="line 9: second 'none'"):
        sw.comparability(toy.first, toy.second, crosswalk=wrong)
