"""Positions of the same organisations at two waves: arrows on the continuum."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language

from .canvas import bare, colour, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Label("Posities op het continuüm", "Positions on the continuum")
_X = Label("positie", "position")
_Y = Label("organisaties, naar eerdere positie", "organisations, by position before")
_UP = Label("hoger", "higher")
_DOWN = Label("lager", "lower")
_SAME = Label("gelijk", "the same")


def position_arrows(
    before: pd.Series[float],
    after: pd.Series[float],
    *,
    organisations: Mapping[Hashable, Hashable] | None = None,
    scale: tuple[float, float] = (1.0, 10.0),
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw an arrow from the earlier to the later position of every organisation.

    Parameters
    ----------
    before, after : Series of float by organisation
        Organisations without one of them are left out.
    organisations : mapping, optional
        Identity of earlier organisations at the later wave, where it changed.
    scale : tuple of float
        Ends of the scale.
    title : str, optional
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        A dotted line marks the middle of the scale; dots are organisations that stayed.

    Raises
    ------
    InputError
        When no organisation has both positions.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    first = before.copy()
    first.index = pd.Index([(organisations or {}).get(o, o) for o in first.index])
    both = pd.concat([first.rename("x"), after.rename("y")], axis=1, join="inner").dropna()
    if not len(both):
        raise InputError("positions", ["expected organisations with both positions, found none"])
    both = both.astype(float).sort_values(["x", "y"])
    axes = open_axes(ax, 6.4, min(1.8 + 0.085 * len(both), 9.0))
    axes.axvline(sum(scale) / 2, color="0.6", linestyle=":", linewidth=1)
    x, y = both["x"].to_numpy(), both["y"].to_numpy()
    rows = np.arange(len(both))
    styles = ((y > x, 0, _UP), (y < x, 1, _DOWN))
    for mine, hue, name in styles:
        for row, a, b in zip(rows[mine], x[mine], y[mine], strict=True):
            axes.annotate(
                "", (b, row), (a, row),
                arrowprops={"arrowstyle": "-|>", "color": colour(hue), "linewidth": 1.1,
                            "mutation_scale": 7, "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
        marker = ">" if hue == 0 else "<"
        axes.plot([], [], marker=marker, color=colour(hue), linewidth=1.1,
                  label=f"{name.text(language)} ({int(mine.sum())})")  # fmt: skip
    still = x == y
    axes.plot(x[still], rows[still], "o", color="0.35", markersize=3,
              label=f"{_SAME.text(language)} ({int(still.sum())})")  # fmt: skip
    axes.set_xlim(scale[0] - 0.5, scale[1] + 0.5)
    axes.set_xticks(np.arange(scale[0], scale[1] + 1.0))
    axes.set_ylim(-1.5, len(both) + 0.5)
    axes.set_yticks([])
    axes.set_xlabel(_X.text(language))
    axes.set_ylabel(_Y.text(language))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, fontsize=8)
    axes.set_title(f"{title or _TITLE.text(language)} (n = {len(both)})", pad=26)
    bare(axes)
    return axes
