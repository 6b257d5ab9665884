"""The statements of running text on the page: print beside what the rows give."""

from __future__ import annotations

import math
from collections.abc import Hashable
from html import escape
from typing import Any

import pandas as pd

from swvtypes.language import Label
from swvtypes.reproduction import Reproduction

from .fragments import (
    ROLE_LABELS,
    SIGNS,
    VERDICT_LABELS,
    both,
    figure,
    spread,
    sums_table,
    verdict_name,
)

Line = dict[Hashable, Any]
_HEADS = (
    Label("Plaats", "Place"),
    Label("Waarover", "About"),
    Label("Gedrukt en rijen", "Print and rows"),
    Label("Oordeel en reden", "Verdict and reason"),
)
_KINDS = {
    "r": Label("correlatie", "correlation"),
    "F": Label("F", "F"),
    "p": Label("p-waarde", "p value"),
    "mean": Label("gemiddelde", "mean"),
    "sd": Label("standaarddeviatie", "SD"),
    "median": Label("mediaan", "median"),
    "min": Label("laagste", "lowest"),
    "max": Label("hoogste", "highest"),
    "alpha": Label("alfa", "alpha"),
    "effect_size": Label("effectgrootte", "effect size"),
    "percent": Label("percentage", "percentage"),
    "count": Label("aantal", "count"),
    "ns": Label("geen verband", "no relation"),
}
_TEXT = Label("Lopende tekst, opschriften en voetnoten", "Running text, captions and footnotes")


def claims_summary(result: Reproduction) -> str:
    """Count the statements by verdict, role and chapter; nothing where there are none."""
    if result.claims.empty:
        return ""
    counts = result.claims["verdict"].value_counts()
    tiles = "".join(
        f'<li class="{name}"><b>{int(counts.get(name, 0))}</b>{both(label)}</li>'
        for name, label in VERDICT_LABELS.items()
    )
    total = len(result.claims)
    head = Label(f"{total} uitspraken in de tekst", f"{total} statements in the text")
    roles = sums_table(result.claims_by_role(), Label("rol", "role"), ROLE_LABELS)
    chapters = sums_table(
        result.claims_by_chapter(), Label("hoofdstuk", "chapter"), result.all_chapters
    )
    return f'<h2>{both(head)}</h2><ul class="tiles">{tiles}</ul>{roles}{chapters}'


def claims_sheet(claims: pd.DataFrame, chapter: str) -> str:
    """Lay out the statements of one chapter as a sheet; nothing where it has none."""
    if claims.empty:
        return ""
    lines: list[Line] = claims.to_dict("records")
    counts = claims["verdict"].value_counts()
    chips = ", ".join(f"{count} {verdict_name(str(name))}" for name, count in counts.items())
    head = "".join(f'<th scope="col">{both(text)}</th>' for text in _HEADS)
    body = "".join(_row(line) for line in lines)
    return (
        f'<section class="sheet" id="text-{escape(chapter.lower())}" '
        f'data-chapter="{escape(chapter)}"><div class="name"><h3>{both(_TEXT)}</h3>'
        f'<span class="chips">{chips}</span></div><div class="scroll">'
        f'<table class="grid text"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        "</div></section>"
    )


def claim_item(line: Line) -> str:
    """Give a statement that is not reproduced as an item of the list above the tables."""
    pair = Label(
        f"gedrukt {_printed(line).nl}, rijen {_computed(line).nl}",
        f"printed {_printed(line).en}, rows {_computed(line).en}",
    )
    chapter = escape(str(line["chapter"]).lower())
    return (
        f'<li class="{line["verdict"]}"><a href="#text-{chapter}">{escape(line["locator"])}</a>, '
        f'{_about(line)}: <span class="pair">{both(pair)}</span>. '
        f"{verdict_name(line['verdict'])}, {both(ROLE_LABELS[line['role']])}."
        f'<div class="small">{both(Label(line["reason_nl"], line["reason"]))}</div></li>'
    )


def _row(line: Line) -> str:
    verdict = line["verdict"]
    off = "" if verdict == "reproduced" else f"off {verdict}"
    mark = "" if verdict == "reproduced" else f"<sup>{SIGNS[verdict]}</sup>"
    reason = both(Label(line["reason_nl"], line["reason"]))
    return (
        f'<tr><th scope="row">{escape(line["locator"])}<div class="small">{escape(line["id"])}'
        f'</div></th><th scope="row">{_about(line)}</th>'
        f'<td class="{off}" data-verdict="{verdict}" data-role="{line["role"]}">'
        f"<b>{both(_printed(line))}{mark}</b><i>{both(_computed(line))}</i></td>"
        f'<th scope="row" class="small">{verdict_name(verdict)}, '
        f"{both(ROLE_LABELS[line['role']])}. {reason}</th></tr>"
    )


def _about(line: Line) -> str:
    names = " &times; ".join(escape(str(line[name])) for name in ("var1", "var2") if line[name])
    kind = _KINDS.get(line["kind"], Label(line["kind"], line["kind"]))
    return f"{both(kind)}: {names} ({escape(line['sector'])})"


def _printed(line: Line) -> Label:
    """Give the print: the number, else its words."""
    words = str(line["qualifier"])
    if math.isnan(float(line["printed"])):
        return Label(f"\u201c{words}\u201d", f"\u201c{words}\u201d") if words else Label("-", "-")
    shown = figure(line["printed"], int(line["decimals"]))
    unit = "%" if line["kind"] == "percent" else ""
    p = str(line["p"])
    tail = Label(f" (p = {p.replace('.', ',')})", f" (p = {p})") if p else Label("", "")
    return Label(f"{shown.nl}{unit}{tail.nl}", f"{shown.en}{unit}{tail.en}")


def _computed(line: Line) -> Label:
    if line["computed_is"] == "p":
        shown = spread(line["lowest"], line["highest"], 3)
        return Label(f"p = {shown.nl}", f"p = {shown.en}")
    decimals = int(line["decimals"])
    whole = line["kind"] == "count" or line["computed_is"] == ""
    return spread(line["lowest"], line["highest"], 0 if whole else decimals + 1)
