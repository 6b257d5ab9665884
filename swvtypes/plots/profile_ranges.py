"""Profiles of the classes with the intervals of their probabilities."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.lca import LatentClassModel

from .canvas import MARKERS, bare, class_names, colour, decimal_ticks, open_axes, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X = Label("kans op het antwoord, met 95%-interval", "probability of the answer, 95% interval")
_TITLE = Label("Profielen van de klassen", "Profiles of the classes")
# Inches of a class within a row, of a line of a label, and between rows.
_CLASS, _LINE, _GAP = 0.11, 0.15, 0.12


def profile_intervals(
    model: LatentClassModel,
    *,
    language: Language = "en",
    labels: Mapping[Hashable, str] | None = None,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the probability of every answer in every class, with 95% intervals.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model; nothing is fitted again.
    language : {"en", "nl"}
        Of titles and numbers.
    labels : mapping, optional
        Texts of items, by name, and of answers, by ``"item=category"``.
    names : sequence of str, optional
        Names of the classes.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Of an item with two categories the last one is drawn only. A marker is open where the
        estimate lies on the boundary; where there is no interval, none is drawn. Means and rates
        of other items are left out: they have another scale.

    Raises
    ------
    InputError
        When no item has categories, or there are more or fewer names than classes.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    heads = class_names(list(model.class_shares_), names, language)
    answers = _answers(model.profiles_)
    if not answers:
        raise InputError("model", ["expected an item with categories"])
    said = [_said(key, labels) for key, _ in answers]
    high = [max(_CLASS * len(heads), _LINE * (text.count("\n") + 1)) + _GAP for text in said]
    axes = open_axes(ax, 7.6, 1.3 + sum(high))
    ends = np.cumsum(high)
    middles = ends - np.array(high) / 2
    for middle, (_, part) in zip(middles, answers, strict=True):
        for k, row in enumerate(part.sort_values("class").to_dict("records")):
            y = middle + (k - (len(heads) - 1) / 2) * _CLASS
            _one(axes, y, {str(name): value for name, value in row.items()}, k)
    for end in ends[:-1]:
        axes.axhline(end, color="0.92", linewidth=0.8)
    for k, head in enumerate(heads):
        axes.plot([], [], MARKERS[k % len(MARKERS)], color=colour(k), label=head)
    axes.set_yticks(middles, said, fontsize=8)
    axes.set_ylim(float(ends[-1]), 0.0)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(_X.text(language))
    axes.set_title(_TITLE.text(language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    axes.tick_params(axis="y", length=0)
    decimal_ticks(axes.xaxis, language)
    bare(axes)
    return axes


def _answers(profiles: pd.DataFrame) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Give the rows of each answer that is drawn, by group, item and category."""
    kept = profiles[profiles["parameter"] == "probability"]
    several = len(profiles["group"].unique()) > 1
    found = []
    for (group, item), part in kept.groupby(["group", "indicator"], sort=False):
        categories = list(dict.fromkeys(part["category"]))
        shown = categories[-1:] if len(categories) == 2 else categories
        found += [
            ((group if several and group != "all" else "", item, category),
             part[part["category"] == category])
            for category in shown
        ]  # fmt: skip
    return found


def _one(axes: Axes, y: float, row: Mapping[str, Any], k: int) -> None:
    lower, upper = float(row["lower"]), float(row["upper"])
    if np.isfinite(lower) and np.isfinite(upper):
        axes.plot([lower, upper], [y, y], color=colour(k), linewidth=1.8, alpha=0.7)
    axes.plot(
        float(row["estimate"]), y, MARKERS[k % len(MARKERS)], color=colour(k), markersize=5,
        markerfacecolor="white" if row["boundary"] else colour(k),
    )  # fmt: skip


def _said(key: tuple[Any, ...], labels: Mapping[Hashable, str] | None) -> str:
    group, item, category = key
    known = labels or {}
    number = isinstance(category, (float, np.floating)) and float(category).is_integer()
    shown = str(int(category)) if number else str(category)
    answer = known.get(f"{item}={shown}")
    name = str(known.get(item, item))
    text = f"{name}: {answer}" if answer else f"{name} = {shown}"
    return wrapped(f"{text} [{group}]" if group else text, None)
