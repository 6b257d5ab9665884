"""``swvtypes audit``: a report's printed record held against itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from swvtypes.language import Label, check_language

SAID = {
    "found": Label("bevindingen", "findings"),
    "none": Label("geen bevindingen", "no findings"),
    "printed": Label("gedrukt", "printed"),
    "expected": Label("verwacht", "expected"),
    "certain": Label("zeker", "certain"),
    "likely": Label("waarschijnlijk", "likely"),
    "possible": Label("mogelijk", "possible"),
}


def audit(
    source: Annotated[
        str, typer.Argument(help="monitor_2016, inspectie_2022, or a folder with a record.")
    ] = "monitor_2016",
    out: Annotated[
        Path | None, typer.Option(help="Write the findings to this CSV file as well.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the reasons: nl or en.")] = "en",
) -> None:
    """Hold a report's printed figures against themselves, and list what cannot be right.

    Example: swvtypes audit monitor_2016 --out audit.csv
    """
    spoken = check_language(language)
    from swvtypes.auditing import audit as run

    from .folders import check_output, output_folder

    if out is not None:
        check_output(out.parent, (out.name or ".",))
    found = run(source, language=spoken)
    if not len(found):
        typer.echo(SAID["none"].text(spoken))
    for confidence in ("certain", "likely", "possible"):
        part = found[found["confidence"] == confidence]
        if len(part):
            typer.echo(
                f"{SAID[confidence].text(spoken)} ({len(part)} {SAID['found'].text(spoken)})"
            )
        for row in part.to_dict("records"):
            place = row["locator"] + (f", {row['row_no']}" if row["row_no"] else "")
            place += f", {row['sector']}" if row["sector"] else ""
            expected = (
                f" | {SAID['expected'].text(spoken)} {row['expected']}" if row["expected"] else ""
            )
            typer.echo(
                f"- {place}: {SAID['printed'].text(spoken)} {row['printed']}{expected} "
                f"({row['check']}). {row['reason']}"
            )
    if out is not None:
        from swvtypes.resources import atomic_write

        output_folder(out.parent)
        with atomic_write(out) as stream:
            found.to_csv(stream, index=False, lineterminator="\n")
