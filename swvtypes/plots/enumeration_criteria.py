"""Criteria by number of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.lca import ClassEnumeration
from swvtypes.lca.recommendation import CRITERIA, NAMES

from .canvas import MARKERS, bare, colour, number, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X = Label("aantal klassen", "number of classes")
_Y = Label("waarde (lager is beter)", "value (lower is better)")
_TITLE = Label("Criteria naar aantal klassen", "Criteria by number of classes")
_BLRT = Label("p van de bootstraptoets tegen een klasse minder onder de aantallen",
              "below the numbers: bootstrap p against one class fewer")  # fmt: skip


def criteria_by_classes(
    enumeration: ClassEnumeration, *, language: Language = "en", ax: Axes | None = None
) -> Axes:
    """Draw the information criteria by number of classes, with the lowest of each marked.

    Parameters
    ----------
    enumeration : ClassEnumeration
        From :func:`swvtypes.lca.enumerate_classes`.
    language : {"en", "nl"}
        Of titles and numbers.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Where a bootstrap was asked its p-values stand below the numbers of classes.

    Raises
    ------
    InputError
        When no criterion is known (survey weights).
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    table = enumeration.table
    known = [name for name in CRITERIA if table[name].notna().any()]
    if not known:
        raise InputError("enumeration", ["no criteria: the models rest on survey weights"])
    classes = table.index.to_numpy()
    axes = open_axes(ax, max(7.2, 2.0 + 0.9 * len(classes)), 4.6)
    for c, name in enumerate(known):
        values = table[name].to_numpy(float)
        best = int(np.argmin(values))
        axes.plot(
            classes, values, color=colour(c), marker=MARKERS[c], markersize=4, linewidth=1.3,
            label=f"{NAMES[name]}: {classes[best]}",
        )  # fmt: skip
        axes.plot(
            classes[best], values[best], marker="o", markersize=12, markerfacecolor="none",
            markeredgecolor=colour(c), markeredgewidth=1.5, linestyle="none",
        )  # fmt: skip
    ticks = [str(k) for k in classes]
    title = _TITLE.text(language)
    if "blrt_p" in table:
        p = table["blrt_p"].to_numpy(float)
        ticks = [
            tick if np.isnan(one) else f"{tick}\np = {number(one, 3, language)}"
            for tick, one in zip(ticks, p, strict=True)
        ]
    axes.set_xticks(classes, ticks)
    axes.set_xlabel(
        _X.text(language) + (f"\n({_BLRT.text(language)})" if "blrt_p" in table else "")
    )
    axes.set_ylabel(_Y.text(language))
    axes.set_title(title)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    bare(axes)
    return axes
