"""Who was of which type, wave after wave: streams between stacked bars."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership

from .canvas import colour, number, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ABSENT = Label("zonder type", "without a type")
_TITLE = Label("Typen door de tijd", "Types over time")
_BAR, _GAP, _MOST = 0.07, 0.035, 4
_WIDTH, _POINTS = 20, 8
_GREY = "0.75"


def alluvial(
    waves: Sequence[Membership | pd.Series],
    names: Sequence[str] | None = None,
    *,
    partners: Sequence[dict[str, str]] = (),
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how organisations go from type to type, over two to four waves.

    Parameters
    ----------
    waves : sequence of Membership or Series by organisation
        Modal types; the same names of organisations throughout.
    names : sequence of str, optional
        Names of the waves.
    partners : sequence of dict, optional
        For each step, type before to type after: partners share a colour. Types of the same name
        do when left out.
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Heights are numbers of organisations. Those that lack a type at a wave but have one at
        another pass through the grey part. Hatching tells types apart without colour.

    Raises
    ------
    InputError
        For fewer than two or more than four waves, or names that are more or fewer.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    heads = _names(waves, names)
    labels = pd.concat(
        [_labels(w).rename(str(t)) for t, w in enumerate(waves)], axis=1, join="outer"
    ).astype(object)
    labels = labels[labels.notna().any(axis=1)]
    if not len(labels):
        raise InputError("alluvial", ["expected organisations with a type, found none"])
    absent = _ABSENT.text(language)
    labels = labels.where(labels.notna(), absent)
    orders = [_order(w, labels[str(t)], absent) for t, w in enumerate(waves)]
    hues = _hues(orders, partners, absent)
    axes = open_axes(ax, 2.6 + 2.4 * (len(waves) - 1), 4.6)
    gap = _GAP * len(labels)
    places = [_stack(labels[str(t)], order, gap) for t, order in enumerate(orders)]
    for t in range(len(waves) - 1):
        _streams(axes, labels, t, (orders, places, hues))
    for t, (order, place) in enumerate(zip(orders, places, strict=True)):
        _bars(axes, t, order, (place, hues[t]), (labels[str(t)], len(waves), language))
    axes.set_xlim(-0.55, len(waves) - 0.45)
    axes.set_xticks(range(len(waves)), heads)
    axes.set_yticks([])
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_title(f"{_TITLE.text(language)} (n = {len(labels)})")
    return axes


def _names(waves: Sequence[Membership | pd.Series], names: Sequence[str] | None) -> list[str]:
    if not 2 <= len(waves) <= _MOST:
        raise InputError("alluvial", [f"expected two to {_MOST} waves, got {len(waves)}"])
    if names is not None and len(names) != len(waves):
        raise InputError("names", [f"expected {len(waves)} names, got {len(names)}"])
    found = [str(getattr(w, "wave", "") or t + 1) for t, w in enumerate(waves)]
    return list(names) if names is not None else found


def _labels(source: Membership | pd.Series) -> pd.Series:
    return source.modal if isinstance(source, Membership) else source


def _order(source: Membership | pd.Series, labels: pd.Series, absent: str) -> list[str]:
    here = set(labels)
    known = source.types if isinstance(source, Membership) else sorted(here - {absent}, key=str)
    return [*(t for t in known if t in here), *([absent] if absent in here else [])]


def _hues(
    orders: Sequence[Sequence[str]], partners: Sequence[dict[str, str]], absent: str
) -> list[dict[str, int]]:
    """Give the number of each type's colour at each wave; -1 for those without a type."""
    found: list[dict[str, int]] = []
    used = 0
    for t, order in enumerate(orders):
        mine: dict[str, int] = {}
        earlier = found[-1] if found else {}
        match = {b: a for a, b in partners[t - 1].items()} if 0 < t <= len(partners) else None
        for name in order:
            source = name if match is None else match.get(name, "")
            if name == absent:
                mine[name] = -1
            elif source in earlier:
                mine[name] = earlier[source]
            else:
                mine[name] = used
                used += 1
        found.append(mine)
    return found


def _stack(labels: pd.Series, order: Sequence[str], gap: float) -> dict[str, tuple[float, float]]:
    counts = labels.value_counts()
    place, at = {}, 0.0
    for name in order:
        place[name] = (at, at + float(counts[name]))
        at += float(counts[name]) + gap
    return place


def _streams(
    axes: Axes,
    labels: pd.DataFrame,
    step: int,
    drawn: tuple[list[list[str]], list[dict[str, tuple[float, float]]], list[dict[str, int]]],
) -> None:
    orders, places, hues = drawn
    table = pd.crosstab(labels[str(step)], labels[str(step + 1)])
    left = {a: places[step][a][0] for a in orders[step]}
    right = {b: places[step + 1][b][0] for b in orders[step + 1]}
    ease = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, 60))
    x = np.linspace(step + _BAR, step + 1 - _BAR, 60)
    for a in orders[step]:
        for b in orders[step + 1]:
            size = float(table[b][a])
            if not size:
                continue
            top = left[a] + (right[b] - left[a]) * ease
            hue = hues[step][a]
            axes.fill_between(
                x, top, top + size, color=_GREY if hue < 0 else colour(hue), alpha=0.4, linewidth=0
            )
            left[a] += size
            right[b] += size


def _bars(
    axes: Axes,
    wave: int,
    order: Sequence[str],
    drawn: tuple[dict[str, tuple[float, float]], dict[str, int]],
    told: tuple[pd.Series, int, Language],
) -> None:
    place, hues = drawn
    labels, n_waves, language = told
    hatches = ("", "///", "...", "xx", "\\\\", "++", "oo", "**")
    last = wave == n_waves - 1
    for name in order:
        low, high = place[name]
        hue = hues[name]
        axes.fill_between(
            [wave - _BAR, wave + _BAR], low, high, facecolor=_GREY if hue < 0 else colour(hue),
            edgecolor="white", hatch="" if hue < 0 else hatches[hue % len(hatches)], linewidth=0,
        )  # fmt: skip
    texts, width = [], _characters(axes, n_waves)
    for name in order:
        low, high = place[name]
        share = number(100 * (high - low) / len(labels), 0, language)
        wide = textwrap.fill(str(name), width, break_long_words=False)
        texts.append(f"{wide}\n{high - low:.0f} ({share}%)")
    x, side = (wave + _BAR + 0.03, "left") if last else (wave - _BAR - 0.03, "right")
    middles = [sum(place[name]) / 2 for name in order]
    for y, text in zip(_apart(axes, middles, texts, len(labels)), texts, strict=True):
        axes.text(
            x, y, text, ha=side, va="center", fontsize=_POINTS,
            bbox={"facecolor": "white", "alpha": 0.65, "linewidth": 0, "pad": 0.6},
        )  # fmt: skip


def _characters(axes: Axes, n_waves: int) -> int:
    """Count the characters of a label that fit between two bars."""
    inches = axes.get_position().width * float(axes.get_figure().get_size_inches()[0])  # type: ignore[union-attr]
    free = (1.0 - 2.0 * _BAR - 0.06) * inches / (n_waves + 0.1)
    return int(np.clip(72.0 * free / (0.6 * _POINTS), 8, _WIDTH))


def _apart(axes: Axes, middles: Sequence[float], texts: Sequence[str], n: int) -> list[float]:
    """Move labels of thin bars apart so that none stands on another."""
    inches = axes.get_position().height * float(axes.get_figure().get_size_inches()[1])  # type: ignore[union-attr]
    line = n * (1.0 + _GAP * len(texts)) * 1.3 * _POINTS / 72.0 / inches
    half = [line * (text.count("\n") + 1) / 2 for text in texts]
    found = list(middles)
    for _ in range(50):
        moved = False
        for k in range(len(found) - 1):
            short = half[k] + half[k + 1] - (found[k + 1] - found[k])
            if short > 1e-6 * n:
                found[k] -= short / 2
                found[k + 1] += short / 2
                moved = True
        if not moved:
            break
    return found
