"""The commands, and what a user sees of a fault: one line each, no traceback, exit status 2."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from swvtypes._version import __version__
from swvtypes.errors import FaultsError, SwvtypesError

from .auditing_command import audit
from .checking_command import check
from .comparing_command import compare
from .fitting_command import fit, score
from .rebuilding_command import rebuild
from .reporting_command import report
from .reproduction_command import reproduce
from .running_command import run as run_wave
from .simulating_command import simulate
from .starting_command import init

_INTERRUPTED = 130


class _InterruptedError(Exception):
    """An interrupt on its way past Typer."""


class _Commands(TyperGroup):
    """Lets an interrupt out, which Typer would end without a sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise _InterruptedError from interrupt


app = typer.Typer(
    name="swvtypes",
    cls=_Commands,
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
app.command(name="fit")(fit)
app.command(name="score")(score)
app.command(name="init")(init)
app.command(name="run")(run_wave)
app.command(name="simulate")(simulate)
app.command(name="compare")(compare)
app.command(name="report")(report)


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


def run() -> None:
    """Run a command, and end with the exit status of :func:`swvtypes.cli.main`."""
    try:
        app()
    except _InterruptedError as interrupted:
        raise KeyboardInterrupt from interrupted
    except SystemExit as end:
        if end.code == _INTERRUPTED:  # before a command began, Typer ends without a sentence
            raise KeyboardInterrupt from end
        raise
    except FaultsError as error:
        for fault in error.faults:
            typer.echo(f"{error.subject}: {fault}", err=True)
        sys.exit(2)
    except SwvtypesError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"{place}{error.strerror or error}", err=True)
        sys.exit(2)
    except MemoryError:
        typer.echo("not enough memory; finished steps are kept", err=True)
        sys.exit(2)
