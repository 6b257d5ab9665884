"""The reproduction as one page: print beside computed, for a screen, a phone and paper."""

from __future__ import annotations

from html import escape
from pathlib import Path

from swvtypes.language import Label, Language, check_language
from swvtypes.reproduction import Reproduction
from swvtypes.resources import atomic_write

from .claims_section import claim_item, claims_sheet, claims_summary
from .fragments import (
    ROLE_LABELS,
    VERDICT_LABELS,
    both,
    figure,
    select,
    spread,
    sums_table,
    texts,
    verdict_name,
)
from .sheets import anchor, sheet
from .style import SCRIPT, STYLE

_OTHER = Label("Zonder tabelbeschrijving", "Without a table specification")
_HOW_TO_READ = Label(
    "In elke cel staat eerst, vet, het gedrukte getal en dan wat de rijen geven, met een decimaal "
    "meer; lopen de versies uiteen, dan het laagste en het hoogste. Een cel is gereproduceerd als "
    "elke versie na afronding (half naar boven) het gedrukte getal geeft. Afwijkende cellen zijn "
    "gekleurd en hebben een teken en een nummer; bij dat nummer staat onder de tabel de reden. Een "
    "letter zegt niets over een reden: waar rollen gemengd zijn staat d voor doel, a voor afgeleid "
    "en v voor vrij.",
    "Each cell shows first, in bold, the printed number, then what the rows give, to one decimal "
    "more; "
    "where versions differ, the lowest and the highest. A cell is reproduced when every version, "
    "rounded half up, gives the printed number. Cells that are not are coloured and have a sign "
    "and a number; the reason stands at that number below the table. A letter says nothing about a "
    "reason: where roles are mixed, t stands for target, d for derived and f for free.",
)


def write_reproduction_page(
    result: Reproduction, path: str | Path, language: Language = "nl"
) -> None:
    """Write the page to one file that needs no network.

    Parameters
    ----------
    result : Reproduction
        What to show.
    path : str or Path
        The file, for example ``reproduction.html``; its folder must exist. It is written in one
        piece or not at all.
    language : {"nl", "en"}
        Language that the page opens in, its title included; a switch on the page changes both.

    Raises
    ------
    OptionError
        When `language` is neither.
    """
    page = render_reproduction_page(result, language)
    with atomic_write(path) as stream:
        stream.write(page)


def render_reproduction_page(result: Reproduction, language: Language = "nl") -> str:
    """Give the page as HTML; see :func:`write_reproduction_page`."""
    title = Label("Het drukwerk naast de rijen", "The print beside the rows")
    head = Label(f"{title.nl}: {result.title.nl}", f"{title.en}: {result.title.en}")
    names = {**result.all_chapters, "": _OTHER}
    return (
        f'<!DOCTYPE html>\n<html lang="{check_language(language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title {texts(head)}>{escape(head.text(language))}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header>{_top(result, title, language)}</header>\n<main>\n"
        f"{_summary(result, names)}\n{claims_summary(result)}\n{_off_list(result)}\n"
        f"{_filters(result, names)}\n"
        f"{_chapters(result, names)}\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _top(result: Reproduction, title: Label, language: Language) -> str:
    count = len(result.seeds)
    seeds = ", ".join(map(str, result.seeds))
    versions = Label(
        f"{count} versies van de rijen: {seeds}", f"{count} versions of the rows: {seeds}"
    )
    buttons = " ".join(
        f'<button type="button" data-language="{code}" '
        f'aria-pressed="{str(code == language).lower()}">{name}</button>'
        for code, name in (("nl", "Nederlands"), ("en", "English"))
    )
    switch = f'<div class="language" hidden>{buttons}</div>'
    notices = "".join(f'<p class="notice">{both(notice)}</p>' for notice in result.notices)
    return (
        f'<div class="top"><span class="kicker">{both(result.title)}</span>{switch}</div>'
        f"<h1>{both(title)}</h1>"
        f'<p class="small">{both(versions)}</p>{notices}'
    )


def _summary(result: Reproduction, names: dict[str, Label]) -> str:
    counts = result.cells["verdict"].value_counts()
    tiles = "".join(
        f'<li class="{name}"><b>{int(counts.get(name, 0))}</b>{both(label)}</li>'
        for name, label in VERDICT_LABELS.items()
    )
    total = len(result.cells)
    cells = Label(f"{total} gedrukte cellen", f"{total} printed cells")
    roles = sums_table(result.by_role(), Label("rol", "role"), ROLE_LABELS)
    chapters = sums_table(result.by_chapter(), Label("hoofdstuk", "chapter"), names)
    return f'<h2>{both(cells)}</h2><ul class="tiles">{tiles}</ul>{roles}{chapters}'


def _off_list(result: Reproduction) -> str:
    """List every cell that is not reproduced, with its reason."""
    off = result.unsettled.to_dict("records")
    claims = result.unsettled_claims
    claims = claims[claims["role"] != "free"] if len(claims) else claims
    title = Label("Wat niet is gereproduceerd", "What is not reproduced")
    if not off and claims.empty:
        nothing = Label("Niets: elke cel klopt.", "Nothing: every cell agrees.")
        return f"<h2>{both(title)}</h2><p>{both(nothing)}</p>"
    items = []
    for line in off:
        decimals = line["decimals"]
        label = Label(line["row_label"], line["row_label_en"] or line["row_label"])
        column = Label(line["column_label"], line["column_label_en"])
        given = spread(line["lowest"], line["highest"], decimals)
        pair = Label(
            f"gedrukt {figure(line['printed'], decimals).nl}, rijen {given.nl}",
            f"printed {figure(line['printed'], decimals).en}, rows {given.en}",
        )
        place = f"{escape(line['sector'])}, {both(column)}"
        items.append(
            f'<li class="{line["verdict"]}"><a href="#{anchor(line["locator"])}">'
            f"{escape(line['locator'])}</a>, {both(label)} ({place}): "
            f'<span class="pair">{both(pair)}</span>. {verdict_name(line["verdict"])}, '
            f"{both(ROLE_LABELS[line['role']])}."
            f'<div class="small">{both(Label(line["reason_nl"], line["reason"]))}</div></li>'
        )
    items += [claim_item(line) for line in claims.to_dict("records")]
    return f'<h2>{both(title)}</h2><ul class="off-list">{"".join(items)}</ul>'


def _filters(result: Reproduction, names: dict[str, Label]) -> str:
    every = Label("alle", "all")
    none = both(Label("Geen cel voldoet aan deze keuze.", "No cell meets this choice."))
    present = {name: set(result.cells[name]) for name in ("chapter", "verdict", "role")}
    if len(result.claims):
        present = {name: found | set(result.claims[name]) for name, found in present.items()}
    chapters = {name: label for name, label in names.items() if name}
    filters = "".join(
        select(name, label, every, options, present[name])
        for name, label, options in (
            ("chapter", Label("Hoofdstuk", "Chapter"), chapters),
            ("verdict", Label("Oordeel", "Verdict"), VERDICT_LABELS),
            ("role", Label("Rol", "Role"), ROLE_LABELS),
        )
    )
    shown = both(Label("cellen getoond", "cells shown"))
    title = both(Label("Alle tabellen en uitspraken", "All tables and statements"))
    return (
        f'<h2>{title}</h2><p class="small">{both(_HOW_TO_READ)}</p>'
        f'<div class="filters" hidden>{filters}'
        f'<output><span id="shown">{len(result.cells) + len(result.claims)}</span> {shown}'
        "</output></div>"
        f'<p id="none" role="status" hidden>{none}</p>'
    )


def _chapters(result: Reproduction, names: dict[str, Label]) -> str:
    parts = []
    for name, label in names.items():
        cells = result.cells[result.cells["chapter"] == name]
        claims = result.claims
        claims = claims[claims["chapter"] == name] if len(claims) else claims
        if cells.empty and claims.empty:
            continue
        sheets = "".join(
            sheet(table, result.titles.get(str(locator), Label("", "")))
            for locator, table in cells.groupby("locator", sort=False)
        )
        said = claims_sheet(claims, name)
        parts.append(f'<section class="chapter"><h2>{both(label)}</h2>{sheets}{said}</section>')
    return "\n".join(parts)
