"""Change split into moves, profiles and questions."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import swvtypes as sw
from swvtypes.errors import OptionError, TypologyError
from swvtypes.longitudinal import SplitOptions, split_change
from swvtypes.longitudinal.change_split import shapley
from swvtypes.survey import ItemCrosswalk, ItemEntry


def test_shapley_values_of_a_game_known_from_the_textbook() -> None:
    """Two left gloves and a right one: the right one is worth two thirds (Shapley 1953)."""
    values = {
        s: np.asarray(float(s[2] and (s[0] or s[1]))) for s in product((False, True), repeat=3)
    }
    mean, least, most = shapley(values)
    assert mean.tolist() == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    assert least.tolist() == [0, 0, 0]
    assert most.tolist() == [1, 1, 1]


def test_movers_are_moves_and_parts_add_up(toy: Any) -> None:
    (found,) = split_change((toy.old, toy.first), (toy.fresh, toy.second))
    table = found.table
    assert found.identified
    assert found.n == 112
    assert table.loc[["moves", "profiles", "questions"], "estimate"].sum() == pytest.approx(
        table.loc["total", "estimate"]
    )
    assert table.loc["moves", "estimate"] > 0.8 * table.loc["total", "estimate"]
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()
    naive = sw.compare_memberships(toy.old.membership_, toy.fresh.membership_, n_draws=9)
    assert table.loc["total", "estimate"] == pytest.approx(naive.moved.mean(), abs=0.03)
    assert "moved organisations" in repr(found)
    assert "verplaatste organisaties" in found.text("nl")


def test_nothing_changes_when_nothing_did(toy: Any, tmp_path: Path) -> None:
    """The same wave and typology once more, under another name."""
    toy.old.save(tmp_path / "t.json")
    text = (tmp_path / "t.json").read_text(encoding="utf-8")
    (tmp_path / "t.json").write_text(text.replace('"name": "first"', '"name": "again"'))
    again = sw.Wave.from_frame(toy.first.frame.reset_index(), toy.first.codebook, name="again")
    (found,) = split_change((toy.old, toy.first), (sw.Typology.load(tmp_path / "t.json"), again))
    assert found.identified
    assert found.table["estimate"].abs().max() == 0.0


def test_without_anchors_it_is_not_identified(toy: Any) -> None:
    early = [ItemEntry("first", v, v, comparability="new") for v in toy.first.variables]
    known = set(toy.first.variables)
    late = [
        ItemEntry("second", v, v, comparability="reworded")
        for v in toy.second.variables
        if v in known
    ]
    (found,) = split_change(
        (toy.old, toy.first), (toy.fresh, toy.second),
        crosswalk=ItemCrosswalk("x", (*early, *late)),
    )  # fmt: skip
    assert not found.identified
    assert not len(found.table)
    assert found.text("en").startswith("po: Not identified.")
    assert found.text("nl").startswith("po: Niet geïdentificeerd.")


def test_wrong_waves_and_options(toy: Any) -> None:
    with pytest.raises(TypologyError, match="before: expected the wave of the typology, 'second'"):
        split_change((toy.fresh, toy.first), (toy.fresh, toy.second))
    with pytest.raises(OptionError, match="n_boot"):
        SplitOptions(n_boot=0)
    with pytest.raises(OptionError, match="level"):
        SplitOptions(level=0.0)
