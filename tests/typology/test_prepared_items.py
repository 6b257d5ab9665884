"""The answers of one sector with all items made: each once, by the cut points of the run."""

from __future__ import annotations

import pandas as pd
import pytest

from swvtypes.typology.item_columns import prepared_material
from swvtypes.typology.material import Material
from swvtypes.typology.theme_step import ThemeAcrossSectors, ThemeTyping
from swvtypes.typology.themes import ThemeItem, ThemeSpec


def _typing(sector: str, theme: str, *items: ThemeItem) -> ThemeTyping:
    none = pd.DataFrame()
    spec = ThemeSpec(theme, items)
    return ThemeTyping((sector,), theme, 1, none, (), (), none, spec)


@pytest.fixture
def material() -> Material:
    index = [f"o{at}" for at in range(1, 7)]
    frame = pd.DataFrame(
        {"a": [0, 1, 1, 0, 1, 0], "share": [5.0, 30.0, 60.0, 90.0, 10.0, 20.0], "b": [1] * 6},
        index=index,
    )
    sector = pd.Series(["po", "po", "po", "po", "vo", "vo"], index=index)
    weight = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], index=index)
    return Material(frame, sector, weight=weight, name="made_up")


def test_items_are_made_once_for_the_rows_of_their_sector(material: Material) -> None:
    coarse = ThemeItem("share_coarse", "ordinal", "active", "coarse", ("share",), (25.0, 50.0))
    plain = ThemeItem("a", "binary", "active", "none", ("a",))
    aside = ThemeItem("b", "binary", "passive", "none", ("b",))
    themes = {
        "money": ThemeAcrossSectors("money", {"po": _typing("po", "money", coarse, aside)}),
        "plans": ThemeAcrossSectors(
            "plans", {"po": _typing("po", "plans", plain), "vo": _typing("vo", "plans", plain)}
        ),
    }
    made = prepared_material(material, themes, "po")
    assert made.frame.index.tolist() == ["o1", "o2", "o3", "o4"]
    assert made.frame.columns.tolist() == ["share_coarse", "a"]
    levels = made.frame["share_coarse"].astype(float)
    assert levels.tolist() == sorted(levels)
    assert levels["o1"] < levels["o2"] < levels["o3"] == levels["o4"]
    assert made.sectors == ("po",)
    assert made.weight is not None
    assert made.weight.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert made.name == "made_up"
    specs = made.themes(("po",))
    assert {name: [item.name for item in spec.items] for name, spec in specs.items()} == {
        "money": ["share_coarse"], "plans": ["a"]
    }  # fmt: skip
    # What is made already must not be recoded again.
    assert {item.recode for spec in specs.values() for item in spec.items} == {"none"}


def test_a_theme_without_items_that_shape_types_gives_no_column(material: Material) -> None:
    aside = ThemeItem("b", "binary", "passive", "none", ("b",))
    themes = {"money": ThemeAcrossSectors("money", {"vo": _typing("vo", "money", aside)})}
    made = prepared_material(material, themes, "vo")
    assert made.frame.shape == (2, 0)
    assert dict(made.themes(("vo",))) == {}
