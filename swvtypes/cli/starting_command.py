"""``swvtypes init``: a commented starter for a wave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the starter.")],
    wave: Annotated[
        Path | None, typer.Option(help="Data file to draft from: .sav .csv .xlsx .parquet.")
    ] = None,
    last: Annotated[
        str, typer.Option(help="Last wave: a run's results, a codebook, or a packaged name.")
    ] = "monitor_2016",
) -> None:
    """Write a codebook, a run file and a crosswalk to start from; overwrites nothing.

    With a data file, the codebook is drafted from the file's own labels, value labels and
    user-missing codes; what the file does not say is taken from the last wave. Every guess is
    marked GUESS: for you to confirm.

    Example: swvtypes init new --wave wave.sav --last monitor_2022/results
    """
    from swvtypes.workflow.starting import FILES, make_starter, write_starter

    from .folders import check_output

    check_output(folder, FILES)
    starter = make_starter(folder, wave, last)
    write_starter(folder, starter)
    typer.echo(f"{folder}: {', '.join(starter.texts)}")
    own = starter.guesses - starter.taken_over
    typer.echo(
        f"{starter.guesses} guesses, marked GUESS: in the files; {starter.taken_over} say what the "
        f"last wave had, look first at the other {own}"
    )
    if starter.unnamed_themes:
        typer.echo(f"{starter.unnamed_themes} themes wait for a name: search for NAME ME")
    if wave is None:
        typer.echo("next: fill in codebook.toml and run.toml, or use --wave")
        return
    for fault in starter.faults:
        typer.echo(f"still to be mended: {fault}")
    typer.echo(f"next: swvtypes check {folder / 'run.toml'}")
