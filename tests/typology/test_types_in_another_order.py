"""Types put in another order, types told in words, and the second step's own table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from typology_samples import true_model

from swvtypes.errors import OptionError
from swvtypes.language import Label
from swvtypes.lca import LatentClassModel
from swvtypes.typology import ThemeMeasurement, fit_two_step
from swvtypes.typology.description import TypeDescription, category_text


def test_another_order_moves_shares_and_themes_together_and_leaves_names() -> None:
    model = true_model((0.7, 0.3), n_themes=2)
    turned = model.reorder([1, 0])
    assert turned.types == model.types
    assert turned.shares.tolist() == [[0.3, 0.7]]
    rng = np.random.default_rng(2)
    answers, _ = model.simulate(20, rng)
    before, after = model.log_given_type(answers, 20), turned.log_given_type(answers, 20)
    np.testing.assert_allclose(after[:, ::-1], before)
    assert not np.allclose(after, before)


def _described(alone: bool = False, name: str = "extended") -> TypeDescription:
    return TypeDescription(
        "po 1", name, 0.514, pd.DataFrame(columns=["item"]), alone, ("A1", "B2"),
        tuple(f"C{at}" for at in range(3)), {"a": Label("een", "one")},
    )  # fmt: skip


def test_a_type_without_contrasts_is_told_as_such_with_its_organisations() -> None:
    assert _described().text("en") == (
        "po 1 (extended): 51% of the organisations. "
        "On no item does it differ from the others beyond doubt. "
        "Typical: A1, B2. Borderline (3): C0, C1, C2."
    )
    dutch = _described(name="").text("nl")
    assert dutch.startswith("po 1: 51% van de organisaties. Op geen enkele vraag")
    assert dutch.endswith("Grensgevallen (3): C0, C1, C2.")


def test_a_type_alone_is_compared_with_nothing() -> None:
    assert _described(alone=True).text() == (
        "po 1 (extended): 51% of the organisations. There is no other type to compare it with."
    )
    with pytest.raises(OptionError):
        _described().text("fr")  # type: ignore[arg-type]


def test_an_answer_is_called_by_its_label_else_yes_else_by_its_code() -> None:
    labels = {"a=1": Label("vaak", "often")}
    assert category_text("a", 1.0, labels) == Label("vaak", "often")
    assert category_text("b", 1, labels) == Label("ja", "yes")
    assert category_text("b", 3.0, labels) == Label("3", "3")
    assert category_text("b", "other", labels) == Label("other", "other")


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_the_second_step_gives_each_theme_its_classes_by_supercluster() -> None:
    rng = np.random.default_rng(3)
    top = rng.integers(2, size=200)
    columns = {}
    for theme in ("first", "second", "third"):
        inside = np.where(rng.random(200) < 0.9, top, 1 - top)
        for item in range(4):
            yes = rng.random(200) < np.where(inside == 1, 0.9, 0.15)
            columns[f"{theme}_{item}"] = yes.astype(int)
    frame = pd.DataFrame(columns)
    measured = {}
    for theme in ("first", "second", "third"):
        items = [name for name in columns if name.startswith(theme)]
        model = LatentClassModel(2, n_init=10, random_state=1).fit(frame[items])
        measured[theme] = ThemeMeasurement(theme, tuple(items), model)
    found = fit_two_step(frame, measured, 2, random_state=1)
    assert list(found.conditional) == ["first", "second", "third"]
    for theme, table in found.conditional.items():
        assert table.shape == (2, 2)
        np.testing.assert_allclose(table.sum(axis=1), 1.0)
        # Ninety in a hundred were put in; classes are numbered by size in each theme.
        assert table.max() > 0.75, theme
        assert set(table.argmax(axis=1)) == {0, 1}, theme
