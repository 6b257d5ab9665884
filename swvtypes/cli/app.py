"""The commands, and what a user sees of a fault: one line each, no traceback, exit status 2."""

from __future__ import annotations

import sys

import typer

from swvtypes._version import __version__
from swvtypes.errors import FaultsError, SwvtypesError

from .auditing_command import audit
from .checking_command import check
from .rebuilding_command import rebuild
from .reproduction_command import reproduce

app = typer.Typer(
    name="swvtypes",
    help="Type organisations from survey waves, and check such typologies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(name="reproduce")(reproduce)
app.command(name="rebuild")(rebuild)
app.command(name="audit")(audit)
app.command(name="check")(check)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Show the version.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Type organisations from survey waves, and check such typologies."""


def main() -> None:
    """Run the command line.

    Exit status: 0 done; 1 the result falls short (a cell is missed); 2 the input is at fault,
    with one line a fault on standard error and nothing written; 130 interrupted.
    """
    try:
        app()
    except FaultsError as error:
        for fault in error.faults:
            typer.echo(f"{error.subject}: {fault}", err=True)
        sys.exit(2)
    except SwvtypesError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("interrupted; no half-written file was left behind", err=True)
        sys.exit(130)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"{place}{error.strerror or error}", err=True)
        sys.exit(2)
