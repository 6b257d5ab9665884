"""What types answered before and after: the largest changes of their profiles."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label, Language, check_language

from .canvas import bare, colour, open_axes, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Label("Verandering van profielen", "Change of profiles")
_X = Label("kans op het antwoord (%)", "probability of the answer (%)")
_BEFORE = Label("eerder", "before")
_AFTER = Label("later", "after")
# Inches of a row, and the part of it that a line of a label takes.
_ROW, _LINE = 0.3, 0.52


def profile_changes(
    table: pd.DataFrame,
    *,
    most: int = 12,
    labels: Mapping[Hashable, str] | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the answers whose probability differs most between aligned types of two waves.

    Parameters
    ----------
    table : DataFrame
        type, partner, indicator, category, before, after, as
        :func:`~swvtypes.longitudinal.profile_change.change_of_profiles` gives it.
    most : int
        Answers drawn for each type, largest differences first. Of an item with two categories the
        last one is drawn only.
    labels : mapping, optional
        Texts of indicators, by name, and of answers, by ``"item=category"``.
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        An open marker before, a filled one after. Differences are of two estimates, without test.

    Raises
    ------
    InputError
        For an empty table.
    OptionError
        For `most` below 1.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    if most < 1:
        raise OptionError("most", "at least 1", most)
    if not len(table):
        raise InputError("profiles", ["expected at least one answer that both waves have"])
    rows = _largest(table, most)
    said = [_said(row, labels) for row in rows.to_dict("records")]
    high = [max(1.0, _LINE * (text.count("\n") + 1)) for text in said]
    total = sum(high) + rows["type"].nunique()
    axes = open_axes(ax, 7.6, 1.6 + _ROW * total)
    size = _font_size(axes, total)
    ticks, y, at = [], 0.0, 0
    for k, (name, part) in enumerate(rows.groupby("type", sort=False)):
        partner = part["partner"].iloc[0]
        head = str(name) if partner == name else f"{name} \u2192 {partner}"
        axes.text(0.01, y - 0.05, head, fontweight="bold", va="center", ha="left",
                  transform=axes.get_yaxis_transform())  # fmt: skip
        y += 1.0
        for row in part.to_dict("records"):
            y += (high[at] - 1.0) / 2
            a, b = 100 * row["before"], 100 * row["after"]
            axes.plot([a, b], [y, y], color=colour(k), linewidth=2, alpha=0.6)
            axes.plot(a, y, "o", color=colour(k), markerfacecolor="white")
            axes.plot(b, y, "o", color=colour(k))
            ticks.append(y)
            y += (high[at] + 1.0) / 2
            at += 1
    for marker, when in (("white", _BEFORE), ("0.3", _AFTER)):
        axes.plot([], [], "o", color="0.3", markerfacecolor=marker, label=when.text(language))
    axes.set_yticks(ticks, said, fontsize=size)
    axes.set_ylim(y - 0.4, -0.7)
    axes.set_xlim(-3, 103)
    axes.set_xlabel(_X.text(language))
    axes.set_title(_TITLE.text(language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    bare(axes)
    return axes


def _font_size(axes: Axes, total: float) -> float:
    """Give a size at which labels fit beside each other, also on axes that were given."""
    inches = axes.get_position().height * float(axes.get_figure().get_size_inches()[1])  # type: ignore[union-attr]
    return float(np.clip(72.0 * inches / total * _LINE / 1.25, 4.0, 8.0))


def _largest(table: pd.DataFrame, most: int) -> pd.DataFrame:
    rows = table.copy()
    sizes = rows.groupby(["type", "indicator"])["category"].transform("nunique")
    last = ~rows.duplicated(["type", "indicator"], keep="last")
    rows = rows[(sizes > 2) | last]
    rows["size"] = (rows["after"] - rows["before"]).abs()
    order = rows.sort_values("size", ascending=False, kind="stable")
    kept = order.groupby("type", sort=False).head(most)
    place = {name: at for at, name in enumerate(dict.fromkeys(table["type"]))}
    return kept.assign(place=kept["type"].map(place)).sort_values(
        ["place", "size"], ascending=[True, False], kind="stable"
    )


def _said(row: Mapping[Any, Any], labels: Mapping[Hashable, str] | None) -> str:
    known = labels or {}
    category = row["category"]
    shown = f"{category:g}" if isinstance(category, float) else str(category)
    key = f"{row['indicator']}={shown}"
    name = wrapped(str(row["indicator"]), known)
    return f"{name}: {known.get(key, shown)}"
