"""Figures of the continuum say what the results say, without labels on top of each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from swvtypes.errors import OptionError
from swvtypes.steering import position_profile, summarise, three_dimensions
from swvtypes.survey import Wave

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")

from swvtypes.plots import steering_figures as figures  # noqa: E402

CASES = [
    (figures.steering_distribution, summarise),
    (figures.steering_budget, position_profile),
    (figures.joint_dimensions, three_dimensions),
]
NAMES = [draw.__name__ for draw, _ in CASES]


@pytest.fixture(autouse=True)
def closed() -> Any:
    yield
    plt.close("all")


def boxes(axes: Any) -> list[tuple[str, Any]]:
    """Texts that are drawn, with their boxes."""
    figure = axes.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    legend = axes.get_legend()
    said = [axes.xaxis.label, axes.yaxis.label, *axes.texts, *axes.get_xticklabels()]
    said += [tick for tick in axes.get_yticklabels() if tick.get_position()[1] >= 0]
    said += list(legend.get_texts()) if legend is not None else []
    low, high = axes.get_ylim()
    said = [
        t for t in said if t not in axes.get_yticklabels() or low <= t.get_position()[1] <= high
    ]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in said if t.get_text().strip()]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(("draw", "make"), CASES, ids=NAMES)
def test_no_text_hides_another_or_is_cut_off(
    draw: Any, make: Any, language: str, first: Wave, tmp_path: Path
) -> None:
    axes = draw(make(first), language=language)
    found = boxes(axes)
    assert len(found) > 8
    hidden = [
        (one, other)
        for i, (one, a) in enumerate(found)
        for other, b in found[i + 1 :]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    assert hidden == []
    whole = axes.figure.bbox
    out = [
        t for t, b in found if b.x0 < -1 or b.y0 < -1 or b.x1 > whole.x1 + 1 or b.y1 > whole.y1 + 1
    ]
    assert out == []
    axes.figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 5000
    word = {"en": "synthetic rows", "nl": "synthetische rijen"}[language]
    assert any(word in text for text, _ in found)


@pytest.mark.parametrize(("draw", "make"), CASES, ids=NAMES)
def test_figures_draw_where_told_and_refuse_other_languages(
    draw: Any, make: Any, small: Wave
) -> None:
    _, ax = plt.subplots()
    result = make(small)
    assert draw(result, ax=ax) is ax
    assert not any("synthetic" in text for text, _ in boxes(ax))
    with pytest.raises(OptionError, match="language"):
        draw(result, language="de")


def test_bars_are_the_shares(first: Wave) -> None:
    summary = summarise(first)
    axes = figures.steering_distribution(summary, language="nl")
    heights = [patch.get_height() for patch in axes.patches]
    assert heights == pytest.approx((100 * summary.distribution["share"]).tolist())
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == [
        "po (n = 65, gemiddelde 5,1)",
        "vo (n = 58, gemiddelde 5,2)",
    ]


def test_budget_points_are_the_means(first: Wave) -> None:
    profile = position_profile(first)
    axes = figures.steering_budget(profile)
    means = profile.means[(profile.means["aspect"] == "budget_special") & (profile.means["n"] > 0)]
    drawn = np.asarray(axes.collections[0].get_offsets())
    assert drawn[:, 1] == pytest.approx(means["mean"].to_numpy())
    texts = " ".join(text.get_text() for text in axes.texts)
    for label in profile.labels.values():
        assert label.en.split()[-1] in texts


def test_every_organisation_is_drawn_and_none_hides_another(first: Wave) -> None:
    view = three_dimensions(first)
    axes = figures.joint_dimensions(view)
    points = np.concatenate([np.asarray(c.get_offsets()) for c in axes.collections])
    assert len(points) == 123
    assert len(np.unique(points.round(3), axis=0)) == 123
    counts = view.patterns[view.patterns["scope"] == "(pooled)"].set_index("pattern")["n"]
    texts = " ".join(" ".join(text.get_text().split()) for text in axes.texts)
    assert f"services bought back: {counts['bought_back']} (" in texts
