"""Figures of a typology say what the typology says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.text import Text

from swvtypes import plots
from swvtypes.errors import OptionError
from swvtypes.membership import Membership
from swvtypes.plots.canvas import apart
from swvtypes.typology import Typology


@pytest.fixture(scope="module")
def typology() -> Typology:
    rng = np.random.default_rng(1)
    kind = rng.integers(2, size=120)
    columns = {}
    for theme in "ab":
        inside = np.where(rng.random(120) < 0.92, kind, 1 - kind)
        for j in range(4):
            columns[f"{theme}{j}"] = (rng.random(120) < np.where(inside, 0.9, 0.15)).astype(int)
    frame = pd.DataFrame(columns, index=[f"O{i:03d}" for i in range(120)])
    themes = {t: [f"{t}{j}" for j in range(4)] for t in "ab"}
    made = Typology(random_state=1, quick=True, n_init=10, max_classes=2, max_types=2)
    return made.fit(frame, themes=themes).rename({"1": "large"})


@pytest.fixture(autouse=True)
def _close() -> object:
    yield
    plt.close("all")


def texts(axes: plt.Axes) -> list[str]:
    return [t.get_text() for t in axes.figure.findobj(Text) if t.get_text()]


def test_map_shows_the_class_of_each_theme_by_type(typology: Typology) -> None:
    axes = plots.type_theme_map(typology, language="nl")
    shown = texts(axes)
    rho = typology.models_[0].themes[0].conditional
    assert f"{100 * rho[0, 0]:.0f}%" in shown
    assert "a: klasse 1" in shown
    assert any(text.startswith("1\nlarge (") for text in shown)
    with pytest.raises(OptionError, match="sector: expected one of 'all'"):
        plots.type_theme_map(typology, "po")


def test_contrasts_carry_their_intervals(typology: Typology) -> None:
    axes = plots.type_contrasts(typology, "1", most=5)
    assert len(axes.get_yticks()) == 5
    assert axes.get_title() == "1 (large)"
    own = typology.contrasts_[typology.contrasts_["type"] == "1"]
    strongest = own["scaled"].abs().max()
    drawn = [abs(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o"]
    assert max(drawn) == pytest.approx(strongest)
    with pytest.raises(OptionError, match="type: expected one of 1, 2"):
        plots.type_contrasts(typology, "3")


def test_strip_counts_and_names_the_borderline(typology: Typology) -> None:
    membership = typology.membership_
    axes = plots.membership_strip(membership, language="nl")
    border = membership.borderline(0.8)
    assert axes.get_title(loc="left") == f"grensgevallen: {int(border.sum())} / 120"
    if 0 < border.sum() <= 12:
        ticks = {t.get_text() for t in axes.get_xticklabels()}
        assert ticks == set(border.index[border])
    heights = sum(patch.get_height() for patch in axes.patches)
    assert heights == pytest.approx(120)
    colours = {tuple(c.get_facecolor()[0]) for c in axes.collections}
    assert len(colours) == 2


def test_names_of_borderline_organisations_do_not_touch() -> None:
    sure = np.r_[np.full(70, 0.99), np.linspace(0.75, 0.55, 6), np.full(70, 0.01)]
    sure = np.r_[sure, np.linspace(0.45, 0.3, 6)]
    names = [f"SYN-VO-{i:03d}" for i in range(len(sure))]
    probabilities = pd.DataFrame({"1": sure, "2": 1 - sure}, index=names)
    sectors = pd.Series("vo", index=names)
    axes = plots.membership_strip(Membership.from_probabilities(probabilities, sectors))
    axes.figure.canvas.draw()
    labels = axes.get_xticklabels()
    assert len(labels) == 12
    assert {t.get_text() for t in labels} == set(names[70:76] + names[146:])
    boxes = [t.get_window_extent() for t in labels]
    assert all(a.x1 <= b.x0 + 0.5 for a, b in pairwise(boxes))
    assert axes.figure.bbox.x1 >= boxes[-1].x1
    assert axes.xaxis.label.get_window_extent().y1 <= min(box.y0 for box in boxes) + 0.5


def test_places_are_moved_apart_in_order() -> None:
    moved = apart([5.0, 1.0, 5.1, 5.2], 1.0)
    assert moved[1] == 1.0
    assert np.diff([moved[0], moved[2], moved[3]]) == pytest.approx([1.0, 1.0])
    assert apart([0.0, 0.1], 2.0) == pytest.approx([1.0, 3.0])
