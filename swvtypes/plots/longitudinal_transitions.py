"""Transition rates as a heat map, each with its interval."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language

from .canvas import number, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Label("Overgangen tussen typen", "Transitions between types")
_FROM = Label("type eerder", "type before")
_TO = Label("type later", "type after")
_WIDTH = 13
_COLUMNS = {"from_class": "before", "to_class": "after", "rate": "estimate"}


def transition_map(
    table: pd.DataFrame,
    *,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw transition rates with their intervals.

    Parameters
    ----------
    table : DataFrame
        One row a cell: before and after (or from_class and to_class), estimate (or rate), low,
        high; as ``MembershipComparison.rates`` or ``CorrectedTransitions.table()`` of one step
        give it.
    title : str, optional
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Types before as rows, types after as columns; rows add up to 100%.

    Raises
    ------
    InputError
        When columns lack or a cell stands twice.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    cells = table.rename(columns=_COLUMNS)
    lack = [c for c in ("before", "after", "estimate", "low", "high") if c not in cells]
    if lack:
        raise InputError("transitions", [f"no column {name!r}" for name in lack])
    if cells.duplicated(["before", "after"]).any():
        raise InputError("transitions", ["expected one step, found cells that stand twice"])
    rows, columns = (list(dict.fromkeys(cells[c])) for c in ("before", "after"))
    wide = cells.pivot_table(
        "estimate", "before", "after", sort=False, dropna=False, observed=False
    ).reindex(index=rows, columns=columns)
    axes = open_axes(ax, 2.2 + 1.5 * len(columns), 1.6 + 0.75 * len(rows))
    values = wide.to_numpy(dtype=float)
    axes.imshow(values, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for cell in cells.to_dict("records"):
        y, x = rows.index(cell["before"]), columns.index(cell["after"])
        axes.text(
            x, y, _said(cell, language), ha="center", va="center", fontsize=9,
            color="white" if cell["estimate"] > 0.6 else "black",
        )  # fmt: skip
    sizes = cells.groupby("before", sort=False)["of"].first() if "of" in cells else None
    heads = [
        _wrapped(str(r) if sizes is None else f"{r} (n\u00a0=\u00a0{sizes[r]})", 2 * _WIDTH)
        for r in rows
    ]
    axes.set_yticks(range(len(rows)), heads)
    axes.set_xticks(range(len(columns)), [_wrapped(str(c), _WIDTH) for c in columns])
    axes.set_ylabel(_FROM.text(language))
    axes.set_xlabel(_TO.text(language))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title or _TITLE.text(language))
    return axes


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False).replace("\u00a0", " ")


def _said(cell: Mapping[Any, Any], language: Language) -> str:
    if pd.isna(cell["estimate"]):
        return "-"
    said = f"{number(100 * cell['estimate'], 0, language)}%"
    if pd.isna(cell["low"]) or pd.isna(cell["high"]):
        return said
    low, high = (number(100 * cell[k], 0, language) for k in ("low", "high"))
    return f"{said}\n({low}\u2013{high})"
