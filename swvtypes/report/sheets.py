"""One printed table on the page: print above computed in each cell, reasons below."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import pandas as pd

from swvtypes.language import Label

from .fragments import DASH, ROLE_LABELS, SIGNS, both, figure, spread, verdict_name

WIDE = 4
Line = dict[Hashable, Any]
ColumnKey = tuple[str, str]


def sheet(cells: pd.DataFrame, title: Label) -> str:
    """Lay one table out.

    Parameters
    ----------
    cells : DataFrame
        Its rows of ``Reproduction.cells``, in printed order.
    title : Label
        Its title.
    """
    lines = cells.to_dict("records")
    locator = str(lines[0]["locator"])
    columns = _columns(lines)
    placed = _placed(lines, columns)
    notes = _notes(lines)
    wide = " upright" if len(columns) >= WIDE else ""
    return (
        f'<section class="sheet" id="{anchor(locator)}" '
        f'data-chapter="{escape(str(lines[0]["chapter"]))}">'
        f'<div class="name"><h3>{escape(locator)}</h3><span>{both(title)}</span>'
        f'<span class="chips">{_chips(cells)}</span></div>'
        f'<div class="scroll"><table class="grid{wide}">{_head(lines, columns)}<tbody>'
        f"{_body(lines, columns, placed, notes)}</tbody></table></div>"
        f"{_note_list(lines, notes)}{_agreements(lines)}</section>"
    )


def anchor(locator: str) -> str:
    """Turn a locator into the id of its place on the page.

    Examples
    --------
    >>> anchor("Bijlage 2 po Q7")
    'bijlage-2-po-q7'
    """
    return re.sub(r"[^a-z0-9]+", "-", locator.lower()).strip("-") or "table"


def _columns(lines: list[Line]) -> list[ColumnKey]:
    """List sectors and measures in printed order; bases in a caption get no column of their own."""
    body = [line for line in lines if line["row_no"] > 0] or lines
    sectors = list(dict.fromkeys(line["sector"] for line in body))
    found = dict.fromkeys((line["sector"], line["measure"]) for line in body)
    return sorted(found, key=lambda column: sectors.index(column[0]))


def _placed(lines: list[Line], columns: list[ColumnKey]) -> dict[tuple[int, ColumnKey], Line]:
    """Give each cell its place; caption bases fill the columns of their sector in turn."""
    placed: dict[tuple[int, ColumnKey], Line] = {}
    for line in lines:
        key = (line["sector"], line["measure"])
        if key in columns:
            placed[line["row_no"], key] = line
    for line in lines:
        if (line["sector"], line["measure"]) not in columns:
            free = (c for c in columns if c[0] == line["sector"] and (0, c) not in placed)
            place = next(free, None)
            if place is not None:
                placed[line["row_no"], place] = line
    return placed


def _head(lines: list[Line], columns: list[ColumnKey]) -> str:
    labels = {
        (line["sector"], line["measure"]): Label(line["column_label"], line["column_label_en"])
        for line in reversed(lines)
    }
    groups: dict[str, int] = {}
    for sector, _ in columns:
        groups[sector] = groups.get(sector, 0) + 1
    over = "".join(
        f'<th scope="colgroup" class="first" colspan="{count}">{escape(sector)}</th>'
        for sector, count in groups.items()
    )
    under = "".join(
        f'<th scope="col"{_first(columns, at)}><span>{both(labels[column])}</span></th>'
        for at, column in enumerate(columns)
    )
    return f"<thead><tr><th></th>{over}</tr><tr><th></th>{under}</tr></thead>"


def _first(columns: list[ColumnKey], at: int) -> str:
    """Mark the first column of a sector."""
    return ' class="first"' if at == 0 or columns[at - 1][0] != columns[at][0] else ""


def _body(
    lines: list[Line],
    columns: list[ColumnKey],
    placed: Mapping[tuple[int, ColumnKey], Line],
    notes: Mapping[str, int],
) -> str:
    rows = []
    mixed = len({line["role"] for line in lines}) > 1
    labels: dict[int, Label] = {}
    for line in lines:
        labels.setdefault(line["row_no"], Label(line["row_label"], line["row_label_en"]))
    for row_no, label in labels.items():
        cells = "".join(
            _cell(placed.get((row_no, column)), _first(columns, at), notes, mixed)
            for at, column in enumerate(columns)
        )
        shown = Label(label.nl, label.en or label.nl)
        rows.append(f'<tr><th scope="row">{both(shown)}</th>{cells}</tr>')
    return "".join(rows)


def _cell(line: Line | None, first: str, notes: Mapping[str, int], mixed: bool) -> str:
    if line is None:
        return f"<td{first}></td>"
    verdict, role, decimals = line["verdict"], line["role"], line["decimals"]
    classes = ["first"] if first else []
    mark = ""
    if verdict != "reproduced":
        classes += ["off", verdict]
        mark = f"<sup>{SIGNS[verdict]}&#8239;{notes[line['reason']]}</sup>"
    whole = line["unit"] == "count"
    shown = spread(line["lowest"], line["highest"], 0 if whole else decimals + 1)
    letter = f"<sup>{both(_initial(role))}</sup>" if mixed and verdict == "reproduced" else ""
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    return (
        f'<td{attributes} data-verdict="{verdict}" data-role="{role}">'
        f"<b>{both(figure(line['printed'], decimals))}{mark}{letter}</b><i>{both(shown)}</i></td>"
    )


def _initial(role: str) -> Label:
    label = ROLE_LABELS[role]
    return Label(label.nl[0], label.en[0])


def _chips(cells: pd.DataFrame) -> str:
    """Say how many cells have which verdict and which role, and over how many respondents."""
    verdicts, ranks = cells["verdict"].value_counts(), cells["role"].value_counts()
    parts = [f"{count} {verdict_name(str(name))}" for name, count in verdicts.items()]
    roles = [f"{count} {both(ROLE_LABELS[str(name)])}" for name, count in ranks.items()]
    low, high = int(cells["base_n"].min()), int(cells["base_n"].max())
    bases = str(low) if low == high else f"{low}{DASH}{high}"
    return " &middot; ".join([", ".join(parts), ", ".join(roles), f"n = {bases}"])


def _notes(lines: list[Line]) -> dict[str, int]:
    """Give each reason of a cell that is not reproduced a number; letters stand for roles."""
    reasons = dict.fromkeys(line["reason"] for line in lines if line["verdict"] != "reproduced")
    return {reason: at for at, reason in enumerate(reasons, start=1)}


def _note_list(lines: list[Line], notes: Mapping[str, int]) -> str:
    if not notes:
        return ""
    seen: dict[str, Line] = {}
    for line in lines:
        seen.setdefault(line["reason"], line)
    items = [
        f"<li><b>{at}</b> {verdict_name(seen[reason]['verdict'])}. "
        f"{both(Label(seen[reason]['reason_nl'], reason))}</li>"
        for reason, at in notes.items()
    ]
    return f'<ul class="notes">{"".join(items)}</ul>'


def _agreements(lines: list[Line]) -> str:
    """Give the reasons of reproduced cells, folded away: each once, with its number of cells."""
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        if line["verdict"] == "reproduced":
            key = (line["reason_nl"], line["reason"])
            counts[key] = counts.get(key, 0) + 1
    if not counts:
        return ""
    items = "".join(
        f"<li>{count} &times; {both(Label(nl, en))}</li>" for (nl, en), count in counts.items()
    )
    name = both(Label("Waarom de overige cellen kloppen", "Why the other cells agree"))
    if all(line["verdict"] == "reproduced" for line in lines):
        name = both(Label("Waarom de cellen kloppen", "Why the cells agree"))
    return f'<details><summary>{name}</summary><ul class="notes">{items}</ul></details>'
