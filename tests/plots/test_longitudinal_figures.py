"""Figures over time: what they show, in both languages, and what they refuse."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError
from swvtypes.longitudinal import compare_memberships
from swvtypes.plots import alluvial, position_arrows, profile_changes, transition_map


def texts(axes: object) -> list[str]:
    return [t.get_text() for t in axes.texts]  # type: ignore[attr-defined]


@pytest.fixture
def labels() -> list[pd.Series]:
    rng = np.random.default_rng(1)
    index = [f"o{i}" for i in range(40)]
    first = pd.Series(np.where(rng.random(40) < 0.5, "A", "B"), index=index)
    second = first.replace({"A": "1", "B": "2"})
    second.iloc[:5] = "2"
    return [first, second, second.iloc[8:], first.iloc[:30]]


@pytest.mark.parametrize("n", [2, 3, 4])
def test_alluvial_counts_every_organisation_at_every_wave(labels: list[pd.Series], n: int) -> None:
    axes = alluvial(labels[:n], [f"w{i}" for i in range(n)], partners=[{"A": "1", "B": "2"}])
    axes.figure.canvas.draw()
    shown = [t.split("\n") for t in texts(axes)]
    counts = [int(tail.split()[0]) for _, tail in shown]
    assert sum(counts) == 40 * n
    assert [t.get_text() for t in axes.get_xticklabels()] == [f"w{i}" for i in range(n)]
    assert any(head == "without a type" for head, _ in shown) == (n > 2)


def test_partners_share_a_colour_and_others_do_not(labels: list[pd.Series]) -> None:
    def bars(**more: object) -> list[tuple[float, ...]]:
        axes = alluvial(labels[:2], **more)  # type: ignore[arg-type]
        return [tuple(c.get_facecolor()[0]) for c in axes.collections if c.get_alpha() is None]

    assert bars(partners=[{"A": "1", "B": "2"}])[:2] == bars(partners=[{"A": "1", "B": "2"}])[2:]
    assert len(set(bars())) == 4


def test_alluvial_refuses(labels: list[pd.Series]) -> None:
    with pytest.raises(InputError, match="two to 4 waves, got 1"):
        alluvial(labels[:1])
    with pytest.raises(InputError, match="two to 4 waves, got 5"):
        alluvial([*labels, labels[0]])
    with pytest.raises(InputError, match="expected 2 names, got 1"):
        alluvial(labels[:2], ["a"])
    with pytest.raises(InputError, match="organisations with a type"):
        alluvial([labels[0].where(labels[0] == "x")] * 2)
    with pytest.raises(OptionError, match="language"):
        alluvial(labels[:2], language="de")  # type: ignore[arg-type]


def test_transition_map_writes_rates_and_intervals(labels: list[pd.Series]) -> None:
    rates = compare_memberships(labels[0], labels[1], n_draws=9).rates
    axes = transition_map(rates, language="nl")
    row = rates.iloc[0]
    told = f"{100 * row['rate']:.0f}%\n({100 * row['low']:.0f}\u2013{100 * row['high']:.0f})"
    assert texts(axes)[0] == told
    assert axes.get_xlabel() == "type later"
    assert f"A (n = {row['of']})" in [t.get_text() for t in axes.get_yticklabels()]


def test_transition_map_refuses_and_leaves_gaps_open() -> None:
    table = pd.DataFrame({"from_class": ["A"], "to_class": ["B"], "estimate": [np.nan],
                          "low": [0.1], "high": [0.2]})  # fmt: skip
    assert texts(transition_map(table)) == ["-"]
    with pytest.raises(InputError, match="no column 'high'"):
        transition_map(table.drop(columns="high"))
    with pytest.raises(InputError, match="cells that stand twice"):
        transition_map(pd.concat([table, table]))


def test_arrows_count_directions_and_leave_out_gaps() -> None:
    before = pd.Series([1.0, 5.0, 7.0, np.nan, 3.0], index=list("abcde"))
    after = pd.Series([4.0, 5.0, 2.0, 6.0, 9.0], index=list("abcdX"))
    axes = position_arrows(before, after, organisations={"e": "X"}, language="nl")
    axes.figure.canvas.draw()
    told = [t.get_text() for t in axes.get_legend().get_texts()]
    assert told == ["hoger (2)", "lager (1)", "gelijk (1)"]
    assert "(n = 4)" in axes.get_title()
    with pytest.raises(InputError, match="organisations with both positions"):
        position_arrows(before, pd.Series([1.0], index=["z"]))


def test_profile_changes_show_the_largest_first() -> None:
    rows = [("A", "1", item, c, p, q)
            for item, p, q in (("x", 0.2, 0.3), ("y", 0.5, 0.9))
            for c, p, q in ((0.0, 1 - p, 1 - q), (1.0, p, q))]  # fmt: skip
    table = pd.DataFrame(rows, columns=["type", "partner", "indicator", "category", "before",
                                        "after"])  # fmt: skip
    axes = profile_changes(table, most=2, labels={"y": "the question", "y=1": "yes"})
    axes.figure.canvas.draw()
    assert [t.get_text() for t in axes.get_yticklabels()] == ["the question: yes", "x: 1"]
    assert texts(axes) == ["A \u2192 1"]
    assert len(profile_changes(table, most=1, language="nl").get_yticks()) == 1
    with pytest.raises(OptionError, match="most"):
        profile_changes(table, most=0)
    with pytest.raises(InputError, match="at least one answer"):
        profile_changes(table.iloc[:0])


def apart(texts: list[Any], figure: Any) -> bool:
    """Whether no text stands on another, in pixels."""
    figure.canvas.draw()
    boxes = [t.get_window_extent() for t in texts if t.get_text() and t.get_visible()]
    return not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[k + 1 :])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [None, (6.3, 4.2)])
def test_labels_stand_apart_on_screen_and_in_print(
    language: Any, size: tuple[float, float] | None
) -> None:
    """Thin bars, long names of types and labels of three lines."""
    long = {f"i{j}": "De ondersteuningsplanraad adviseert over de begroting " * 2 for j in range(4)}
    long["i1"] = "kort"
    names = ["decentraal netwerk", "bovenbestuurlijk", "mengvorm", "voorzieningen"]
    first = pd.Series(np.repeat(names, [43, 26, 1, 5]))
    second = first.copy()
    second[40:44] = names[3]
    profiles = pd.DataFrame(
        [(t, t, i, float(c), 0.4, 0.6) for t in names[:2] for i in long for c in (0, 1)],
        columns=["type", "partner", "indicator", "category", "before", "after"],
    )
    for draw in (
        lambda ax: alluvial([first, second, first], list("abc"), language=language, ax=ax),
        lambda ax: profile_changes(profiles, labels=long, language=language, ax=ax),
    ):
        ax = None if size is None else plt.subplots(figsize=size, layout="constrained")[1]
        drawn = draw(ax)
        marks = drawn.get_yticklabels() if len(drawn.get_yticks()) else []
        assert apart([*drawn.texts, *marks, *drawn.get_xticklabels()], drawn.figure)
        plt.close(drawn.figure)
