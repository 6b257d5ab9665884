"""``swvtypes reproduce``: the print beside the computed, a verdict a cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swvtypes.language import Label, Language, check_language

from .folders import check_output, output_folder

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from swvtypes.reproduction import Reproduction

HEADS = {
    "chapter": Label("Hoofdstuk", "Chapter"),
    "cells": Label("Cellen", "Cells"),
    "reproduced": Label("gereproduceerd", "reproduced"),
    "impossible": Label("onmogelijk", "impossible"),
    "contradicted": Label("tegengesproken", "contradicted"),
    "undetermined": Label("onbepaald", "undetermined"),
    "missed": Label("gemist", "missed"),
    "target": Label("doel", "target"),
    "derived": Label("afgeleid", "derived"),
    "free": Label("vrij", "free"),
    "role": Label("Rol van de cel", "Role of the cell"),
    "total": Label("Totaal", "Total"),
    "open": Label("Cellen die niet zijn gereproduceerd", "Cells that are not reproduced"),
    "claims": Label("uitspraken in de tekst", "statements in the text"),
    "claims_head": Label("Uitspraken", "Statements"),
    "open_claims": Label("Uitspraken die niet kloppen", "Statements that do not hold"),
    "unanswered": Label(
        "uitspraken kunnen de rijen niet beantwoorden; de reden staat op de pagina.",
        "statements the rows cannot answer; the page gives the reason of each.",
    ),
    "written": Label("Geschreven", "Written"),
    "seeds": Label("synthetische versies vergeleken", "synthetic versions compared"),
}


FILES = ("reproduction.html", "reproduction.csv", "reproduction_claims.csv")
ALWAYS = ("cells", "reproduced", "missed")


def reproduce(
    source: Annotated[str, typer.Option(help="Report whose record is set beside the rows.")] = (
        "monitor_2016"
    ),
    out: Annotated[Path, typer.Option(help="Folder for the page and the two tables.")] = Path(
        "reproduction"
    ),
    language: Annotated[str, typer.Option(help="Language of what is shown: nl or en.")] = "en",
) -> None:
    """Recompute every printed table and statement from the rows, each with a verdict.

    Example: swvtypes reproduce --source monitor_2016 --out reproduction
    """
    spoken = check_language(language)
    check_output(out, FILES)
    from rich.console import Console

    from swvtypes.reproduction import reproduce as run

    result = run(source, show_progress=True)
    folder = output_folder(out)
    from swvtypes.report import write_reproduction_page

    page, table, said = (folder / name for name in FILES)
    result.write_csv(table)
    result.write_claims_csv(said)
    write_reproduction_page(result, page, spoken)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=100)
    show(result, console, spoken)
    console.print(f"{HEADS['written'].text(spoken)}: {page}, {table}, {said}")
    if result.missed:
        raise typer.Exit(1)


def show(result: Reproduction, console: Console, language: Language) -> None:
    """Print tables by chapter and role, for cells and statements, and each that differs."""
    console.print(result.title.text(language), style="bold")
    console.print(f"{len(result.seeds)} {HEADS['seeds'].text(language)}")
    console.print(_crossed(result, "chapter", language))
    console.print(_crossed(result, "role", language))
    if len(result.claims):
        console.print(f"{len(result.claims)} {HEADS['claims'].text(language)}", style="bold")
        console.print(_crossed(result, "claims_chapter", language))
        console.print(_crossed(result, "claims_role", language))
    for notice in result.notices:
        console.print(notice.text(language), style="italic")
    unsettled = result.unsettled
    if len(unsettled):
        console.print(f"{HEADS['open'].text(language)} ({len(unsettled)}):", style="bold")
    reason = "reason_nl" if language == "nl" else "reason"
    for row in unsettled.to_dict("records"):
        place = f"{row['locator']}, {row['row_no']}, {row['sector']}, {row['measure']}"
        verdict = HEADS[str(row["verdict"])].text(language)
        printed = f"{row['printed']:.{int(row['decimals'])}f}"
        console.print(
            f"- {place}: {printed} | {row['computed_rounded']} | {verdict}. {row[reason]}",
            markup=False,
        )
    _show_claims(result, console, language)


def _show_claims(result: Reproduction, console: Console, language: Language) -> None:
    """Print each statement that differs; those that the rows cannot answer are counted."""
    open_claims = result.unsettled_claims
    if not len(open_claims):
        return
    free = open_claims["role"] == "free"
    reason = "reason_nl" if language == "nl" else "reason"
    console.print(f"{HEADS['open_claims'].text(language)} ({int((~free).sum())}):", style="bold")
    for row in open_claims[~free].to_dict("records"):
        what = " x ".join(str(row[name]) for name in ("var1", "var2") if row[name])
        verdict = HEADS[str(row["verdict"])].text(language)
        console.print(
            f"- {row['locator']} ({row['id']}), {row['sector']}, {row['kind']} {what} | "
            f"{verdict}. {row[reason]}",
            markup=False,
        )
    console.print(f"{int(free.sum())} {HEADS['unanswered'].text(language)}")


def _crossed(result: Reproduction, by: str, language: Language) -> Table:
    from rich.table import Table

    counts = {
        "chapter": result.by_chapter,
        "role": result.by_role,
        "claims_chapter": result.claims_by_chapter,
        "claims_role": result.claims_by_role,
    }[by]()
    claims, by = by.startswith("claims_"), by.removeprefix("claims_")
    shown = [name for name in counts.columns if name in ALWAYS or counts[name].any()]
    counts = counts[shown]
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column(HEADS[by].text(language))
    for name in counts.columns:
        head = "claims_head" if claims and name == "cells" else str(name)
        table.add_column(HEADS[head].text(language), justify="right")
    for key, row in counts.iterrows():
        named = result.all_chapters.get(str(key)) or HEADS.get(str(key))
        label = named.text(language) if named else str(key)
        table.add_row(label, *(f"{int(value)}" for value in row))
    totals = counts.sum()
    table.add_section()
    table.add_row(HEADS["total"].text(language), *(f"{int(value)}" for value in totals))
    return table
