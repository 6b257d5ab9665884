"""What all figures share: the drawing library, colours, numbers and labels."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from swvtypes.errors import InputError, MissingExtraError
from swvtypes.language import Label, Language, check_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart by the colour-blind, four of Tol's after them, and markers
# for print without colour.
COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442",
    "#882255", "#999999", "#999933", "#332288",
)  # fmt: skip
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
SHARE = Label("aandeel", "share")
CLASS = Label("klasse", "class")
_LABEL_WIDTH = 34


def open_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Give the axes to draw on, new ones of this size in inches when none came.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise MissingExtraError("a figure", "matplotlib", "report") from error
    _, made = plt.subplots(figsize=(width, height), layout="constrained")
    return made


def colour(position: int) -> str:
    """Give the colour of a class, counted from 0."""
    return COLOURS[position % len(COLOURS)]


def number(value: float, decimals: int, language: Language) -> str:
    """Write a number with a decimal comma in Dutch and a point in English."""
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if check_language(language) == "nl" else text


def wrapped(name: Hashable, labels: Mapping[Hashable, str] | None) -> str:
    """Give the label of a column, broken over lines where it is long."""
    return textwrap.fill(str((labels or {}).get(name, name)), _LABEL_WIDTH)


def class_names(
    shares: Sequence[float], names: Sequence[str] | None, language: Language
) -> list[str]:
    """Give the name of each class with its share.

    Raises
    ------
    InputError
        When there are more or fewer names than classes.
    """
    if names is not None and len(names) != len(shares):
        raise InputError("class_names", [f"expected {len(shares)} names, got {len(names)}"])
    given = names or [f"{CLASS.text(language)} {k + 1}" for k in range(len(shares))]
    return [
        f"{name} ({number(100 * share, 0, language)}%)"
        for name, share in zip(given, shares, strict=True)
    ]


def decimal_ticks(axis: Any, language: Language) -> None:
    """Write the tick labels of an axis in a language."""
    from matplotlib.ticker import FuncFormatter

    def write(value: float, _: int | None) -> str:
        text = f"{value:g}"
        return text.replace(".", ",") if language == "nl" else text

    axis.set_major_formatter(FuncFormatter(write))


def apart(values: Sequence[float], least: float, low: float = 0.0) -> list[float]:
    """Move places on an axis apart, order kept, so that neighbours are `least` from each other.

    The lowest stays half that far above `low`.
    """
    order = np.argsort(values, kind="stable")
    places = np.array(values, dtype=float)[order]
    for _ in range(200):
        close = np.flatnonzero(np.diff(places) < least - 1e-9)
        if not len(close):
            break
        for at in close:
            push = (least - (places[at + 1] - places[at])) / 2
            places[at] -= push
            places[at + 1] += push
        places += max(0.0, low + least / 2 - places[0])
    moved = np.empty(len(places))
    moved[order] = places
    return [float(place) for place in moved]


def bare(ax: Axes) -> None:
    """Leave out the frame's upper and right side."""
    ax.spines[["top", "right"]].set_visible(False)
