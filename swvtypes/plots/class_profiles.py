"""Profiles of the classes: heat map and lines."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from swvtypes.language import Label, Language, check_language
from swvtypes.lca import LatentClassModel

from .canvas import MARKERS, bare, class_names, colour, decimal_ticks, number, open_axes
from .profile_values import profile_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STANDING = Label(
    "kans, of gemiddelde: plaats in de verdeling", "probability, or mean: place in the distribution"
)
_HEIGHT = Label("kans, of gemiddelde van 0 tot 1", "probability, or mean from 0 to 1")
# Characters that fit above a column.
_HEAD_WIDTH = 15
_TITLE = Label("Profielen van de klassen", "Profiles of the classes")


def profile_heatmap(
    model: LatentClassModel,
    *,
    language: Language = "en",
    labels: Mapping[Hashable, str] | None = None,
    names: Sequence[str] | None = None,
    every_category: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw the profile of every class as a column of a heat map.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model; nothing is fitted again.
    language : {"en", "nl"}
        Of titles and numbers.
    labels : mapping, optional
        Labels of columns of the data.
    names : sequence of str, optional
        Names of the classes.
    every_category : bool
        A row for every category, also where the mean of numbered categories would do.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Items with two categories show the probability of the second, numbered categories their
        mean (coloured from lowest to highest), other categories a row each. Means and rates are
        coloured by where they stand in the distribution of all answers.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    heads = class_names(list(model.class_shares_), names, language)
    rows = profile_rows(model, labels, every_category)
    lines = [row.label.count("\n") + 1 for row in rows]
    axes = open_axes(ax, 4.2 + 1.15 * len(heads), 1.4 + 0.25 * sum(lines))
    heights = np.array([row.heights for row in rows])
    image = axes.imshow(heights, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for i, row in enumerate(rows):
        for k, value in enumerate(row.values):
            dark = heights[i, k] > 0.6
            axes.text(
                k, i, number(value, 2, language), ha="center", va="center", fontsize=8,
                color="white" if dark else "black",
            )  # fmt: skip
    axes.set_yticks(range(len(rows)), [row.label for row in rows], fontsize=8)
    axes.set_xticks(range(len(heads)), [_stacked(head) for head in heads], fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_title(_TITLE.text(language))
    plain = all(row.categorical for row in rows)
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02)
    bar.set_label((_HEIGHT if plain else _STANDING).text(language))
    decimal_ticks(bar.ax.yaxis, language)
    return axes


def profile_lines(
    model: LatentClassModel,
    *,
    language: Language = "en",
    labels: Mapping[Hashable, str] | None = None,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the profile of every class as a line over the items.

    Parameters
    ----------
    model, language, labels, names, ax
        As :func:`profile_heatmap`.

    Returns
    -------
    Axes
        Items with two categories show the probability of the second, numbered categories their
        mean from 0 (lowest) to 1 (highest), other categories a point each.
    """
    check_language(language)
    heads = class_names(list(model.class_shares_), names, language)
    rows = profile_rows(model, labels, every_category=False)
    axes = open_axes(ax, 2.5 + 0.38 * max(len(rows), 8), 4.8)
    for k, head in enumerate(heads):
        axes.plot(
            [row.heights[k] for row in rows], color=colour(k), marker=MARKERS[k % len(MARKERS)],
            markersize=5, linewidth=1.5, label=head,
        )  # fmt: skip
    axes.set_xticks(range(len(rows)), [row.label for row in rows], rotation=90, fontsize=8)
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel(_HEIGHT.text(language))
    axes.set_title(_TITLE.text(language))
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    decimal_ticks(axes.yaxis, language)
    bare(axes)
    return axes


def _stacked(head: str) -> str:
    """Break a class name over lines, and before its share."""
    name, _, share = head.rpartition(" (")
    return f"{textwrap.fill(name, _HEAD_WIDTH)}\n({share}"
