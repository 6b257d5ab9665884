"""The pages of the reproduction and the audit, from the package's own functions.

Reproducing takes some fifteen seconds of processor time, so that its pages are made again only when
the data or the package's code have changed since.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from swvtypes.auditing import audit
from swvtypes.report import render_reproduction_page
from swvtypes.reproduction import Reproduction, reproduce

from .markdown import cell, table
from .places import GENERATED, ROOT, write

SOURCE = "monitor_2016"
FULL_PAGE = "extra/reproduction_monitor_2016.html"
_STAMP = GENERATED / "report_pages.stamp"
_MADE_OF = (
    "swvtypes/auditing", "swvtypes/published", "swvtypes/quantity_words.py", "swvtypes/report",
    "swvtypes/reproduction", "swvtypes/rounding.py", "swvtypes/scales", "swvtypes/steering",
    "swvtypes/survey", "swvtypes/tables", "data/audit", "data/claims", "data/codebooks",
    "data/published", "data/reconstruction", "data/tables", "data/waves/monitor_2016",
    "docs/generate/report_pages.py", "docs/generate/markdown.py",
)  # fmt: skip


_PLACES = (
    "Places have the names of the Dutch report: *Tabel* is a table, *Bijlage* an appendix, *H* a "
    "chapter, *vn* (voetnoot) a footnote, *Samenvatting* the summary, *Voorwoord* the preface; a "
    "number alone is a section. Sectors are primary (po) and secondary education (vo).\n"
)


def build() -> None:
    """Write the pages, unless nothing that they are made of has changed."""
    pages = ("results/reproduction.md", "results/audit.md", FULL_PAGE)
    digest = made_of()
    there = all((GENERATED / page).is_file() for page in pages)
    if there and _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == digest:
        return
    found = reproduce(SOURCE)
    write("results/reproduction.md", reproduction_page(found))
    write(FULL_PAGE, render_reproduction_page(found, "en"))
    records = {name: audit(name) for name in (SOURCE, "inspectie_2022")}
    write("results/audit.md", audit_page(records))
    write(_STAMP.name, digest)


def made_of() -> str:
    """Give a digest of the code and data that the pages are made of."""
    digest = hashlib.sha256()
    for name in _MADE_OF:
        start = ROOT / name
        files = [start] if start.is_file() else sorted(p for p in start.rglob("*") if p.is_file())
        for path in files:
            if "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def reproduction_page(found: Reproduction) -> str:
    """Give the page of a reproduction."""
    parts = [
        "# The 2016 monitor, reproduced\n",
        "Every printed cell of the 2016 monitor beside what the shipped rows give, and every "
        "statistic of its running text. This page is made anew from the package; "
        "`swvtypes reproduce` gives the same on your machine.\n",
        '<a href="../../_static/extra/reproduction_monitor_2016.html">All cells, with print and '
        "computed side by side</a>.\n",
        *(f"```{{admonition}} Note\n{cell(notice.en)}\n```\n" for notice in found.notices),
        f"Versions of the rows (seeds) compared: {len(found.seeds)}. Cells: {len(found.cells)}. "
        f"Statements of the text: {len(found.claims)}.\n",
        _PLACES,
        "## Cells by chapter\n",
        _counts(found.by_chapter(), {c: label.en for c, label in found.all_chapters.items()}),
        "## Cells by role\n",
        "A *target* is a cell that the rows were fitted to; a *derived* cell follows from targets "
        "by arithmetic; a *free* one carries no information about them.\n",
        _counts(found.by_role(), {}),
        "## Cells that are not reproduced\n",
        _reasons(found.unsettled),
        "## Statements by chapter\n",
        _counts(
            found.claims_by_chapter().rename(columns={"cells": "statements"}),
            {c: v.en for c, v in found.all_chapters.items()},
        ),
        "## Statements that are not reproduced\n",
        "*Undetermined* means that the print does not settle it: rows that meet all other figures "
        "can go either way. What is printed is named by its kind (*ns*: called not significant; a "
        "kind without a number was said in words).\n",
        _claims(found.unsettled_claims),
    ]
    return "\n".join(parts)


def _counts(frame: pd.DataFrame, names: dict[str, str]) -> str:
    header = ["", *map(str, frame.columns)]
    rows = [[names.get(str(key), str(key)), *row] for key, row in zip(
        frame.index, frame.to_numpy().tolist(), strict=True)]  # fmt: skip
    return table(header, rows)


def _reasons(frame: pd.DataFrame) -> str:
    rows = [
        (
            f"{row['locator']}, row {row['row_no']}, {row['sector']}, {row['measure']}",
            f"{row['printed']:g}",
            row["computed_rounded"],
            row["verdict"],
            row["reason"],
        )
        for row in frame.to_dict("records")
    ]
    return table(("cell", "printed", "computed", "verdict", "why"), rows)


def _claims(frame: pd.DataFrame) -> str:
    rows = [
        (
            f"{row['locator']} ({row['sector']})",
            " and ".join(part for part in (row["var1"], row["var2"]) if part) or row["kind"],
            f"{row['kind']} {row['printed']:g}"
            if row["printed"] == row["printed"]
            else row["kind"],
            row["verdict"],
            row["reason"],
        )
        for row in frame.to_dict("records")
    ]
    return table(("place", "about", "printed", "verdict", "why"), rows)


def _printed(row: dict[Any, Any]) -> str:
    number = "" if pd.isna(row["printed"]) else f" {row['printed']:g}"
    return f"{row['kind']}{number}"


def audit_page(records: dict[str, pd.DataFrame]) -> str:
    """Give the page of the audit."""
    titles = {SOURCE: "The 2016 monitor", "inspectie_2022": "The inspectorate's survey of 2022"}
    parts = [
        "# The print against itself\n",
        "`sw.audit` holds a report's printed figures against each other. Its checks know no "
        "report; what is printed, and what it means, stand in data files. *Certain*: the print "
        "cannot be right by the report's own figures. *Likely*: not unless something unprinted "
        "explains it. *Possible*: a known and harmless cause explains it.\n",
        "How to audit a paper of your own: [](../../audit_template.md). What the checks find in "
        "made-up reports: [](../../methods/audit.md). What each check asks: "
        "[the list of checks](../../audit_template.md#what-comes-out).\n",
        _PLACES,
    ]
    for name, frame in records.items():
        counted = frame["confidence"].value_counts()
        counts = ", ".join(
            f"{counted.get(kind, 0)} {kind}" for kind in ("certain", "likely", "possible")
        )
        parts += [f"## {titles[name]}\n", f"{len(frame)} findings: {counts}.\n", _findings(frame)]
    return "\n".join(parts)


def _findings(frame: pd.DataFrame) -> str:
    rows = [
        (
            row["locator"] + (f", row {row['row_no']}" if row["row_no"] else ""),
            row["sector"],
            row["check"],
            row["printed"],
            row["expected"],
            row["reason"],
            row["confidence"],
        )
        for row in frame.to_dict("records")
    ]
    header = ("place", "sector", "check", "printed", "expected", "why", "confidence")
    return table(header, rows)
