"""Small pieces of HTML: every text escaped, every label in both languages."""

from __future__ import annotations

import math
from collections.abc import Container
from html import escape

import pandas as pd

from swvtypes.language import Label
from swvtypes.rounding import half_up

VERDICT_LABELS = {
    "reproduced": Label("gereproduceerd", "reproduced"),
    "impossible": Label("onmogelijk", "impossible"),
    "contradicted": Label("tegengesproken", "contradicted"),
    "undetermined": Label("onbepaald", "undetermined"),
    "missed": Label("gemist", "missed"),
}
ROLE_LABELS = {
    "target": Label("doel", "target"),
    "derived": Label("afgeleid", "derived"),
    "free": Label("vrij", "free"),
}
DASH = "\N{EN DASH}"
SIGNS = {"impossible": "✕", "contradicted": "≠", "undetermined": "?", "missed": "!"}


def both(label: Label, markup: bool = False) -> str:
    """Give a label in both languages, one of which the page hides.

    Parameters
    ----------
    label : Label
        The texts.
    markup : bool
        The texts are HTML already and are not escaped.

    Examples
    --------
    >>> both(Label("ja & nee", "yes & no"))
    '<span lang="nl">ja &amp; nee</span><span lang="en">yes &amp; no</span>'
    >>> both(Label("po", "po"))
    'po'
    """
    nl, en = (label.nl, label.en) if markup else (escape(label.nl), escape(label.en))
    if nl == en:
        return nl
    return f'<span lang="nl">{nl}</span><span lang="en">{en}</span>'


def figure(value: float, decimals: int) -> Label:
    """Write a number rounded half up: a decimal comma in Dutch, a point in English.

    Examples
    --------
    >>> figure(7.6923, 1)
    Label(nl='7,7', en='7.7')
    """
    if math.isnan(value):
        return Label(DASH, DASH)
    text = str(half_up(value, decimals) + 0)  # + 0 makes -0.0 plain 0.0
    return Label(text.replace(".", ","), text)


def spread(lowest: float, highest: float, decimals: int) -> Label:
    """Write the computed value, or lowest and highest over seeds where they differ."""
    low, high = figure(lowest, decimals), figure(highest, decimals)
    if low == high:
        return low
    if lowest < 0:
        return Label(f"{low.nl} tot {high.nl}", f"{low.en} to {high.en}")
    return Label(f"{low.nl}{DASH}{high.nl}", f"{low.en}{DASH}{high.en}")


def verdict_name(verdict: str) -> str:
    """Give a verdict as a coloured word."""
    return f'<span class="verdict {escape(verdict)}">{both(VERDICT_LABELS[verdict])}</span>'


def sums_table(table: pd.DataFrame, first: Label, names: dict[str, Label]) -> str:
    """Lay counts out as a table.

    Parameters
    ----------
    table : DataFrame, shape (rows, 1 + verdicts)
        As given by ``Reproduction.by_role`` or ``by_chapter``.
    first : Label
        Heading of the first column.
    names : dict of str to Label
        Labels of the rows.
    """
    heads = [Label("cellen", "cells"), *(VERDICT_LABELS[name] for name in table.columns[1:])]
    head = "".join(
        f'<th scope="col" class="number"><span>{both(text)}</span></th>' for text in heads
    )
    lines = [f'<thead><tr><th scope="col">{both(first)}</th>{head}</tr></thead><tbody>']
    for name, counts in table.iterrows():
        label = both(names.get(str(name), Label(str(name), str(name))))
        cells = "".join(f"<td>{int(count)}</td>" for count in counts)
        lines.append(f'<tr><th scope="row">{label}</th>{cells}</tr>')
    body = "".join(lines)
    return f'<div class="scroll"><table class="sums upright">{body}</tbody></table></div>'


def select(
    name: str, label: Label, every: Label, options: dict[str, Label], present: Container[str]
) -> str:
    """Give a filter: a labelled list of options, the first of which is everything.

    Options that are not in `present` have no cells; they can be read but not chosen.
    """
    items = [f'<option value="" {texts(every)}>{escape(every.nl)}</option>']
    for value, text in options.items():
        closed = "" if value in present else " disabled"
        items.append(
            f'<option value="{escape(value)}" {texts(text)}{closed}>{escape(text.nl)}</option>'
        )
    listed = "".join(items)
    return f'<label>{both(label)}<select id="filter-{name}">{listed}</select></label>'


def texts(label: Label) -> str:
    """Give both texts as attributes, from which the switch of languages takes its pick."""
    return f'data-nl="{escape(label.nl)}" data-en="{escape(label.en)}"'
