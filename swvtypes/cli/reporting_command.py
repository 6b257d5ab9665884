"""``swvtypes report``: a finished run as one page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from swvtypes.errors import FaultsError, InputError
from swvtypes.language import Label

from .folders import check_output

if TYPE_CHECKING:
    from swvtypes.report.run_folder import RunSources
    from swvtypes.survey import OrganisationCrosswalk
    from swvtypes.tables import TableSet
    from swvtypes.workflow import RunFile

_NO_DATA = Label(
    "De gegevens van de run staan niet waar zij stonden: zonder antwoorden zijn er geen profielen "
    "en is er geen verkenner.",
    "The data of the run do not stand where they stood: without answers there are no profiles and "
    "no explorer.",
)
_OTHER_LANGUAGE = Label(
    "De run is gedaan in het Engels; teksten uit tabellen van de run zijn in die taal.",
    "The run was done in Dutch; texts from tables of the run are in that language.",
)
_SAID = {
    "report": Label("rapport in", "report in"),
    "synthetic": Label("de rijen zijn synthetisch", "the rows are synthetic"),
}


def report(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Results of a run.")],
    language: Annotated[
        str | None, typer.Option(help="nl or en; that of the run when left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="HTML file; report_nl.html beside the results if left out.")
    ] = None,
    organisations: Annotated[
        str, typer.Option(help="named, pseudonyms, or none (the only one fit to publish).")
    ] = "named",
    smallest_cell: Annotated[
        int, typer.Option(help="With none: smaller counts are suppressed.")
    ] = 5,
) -> None:
    """Write a finished run as one HTML page that needs no network.

    RUN_DIR is the folder of the results, or that of the run file when the results stand in it as
    "results". Print the page from a browser for a PDF.

    Example: swvtypes report monitor_2026/results --language en
    """
    from swvtypes.language import check_language
    from swvtypes.report import ReportOptions, write_report
    from swvtypes.report.run_folder import inputs_of_run
    from swvtypes.workflow import require_complete

    spoken = None if language is None else check_language(language)
    options = ReportOptions(organisations=organisations, smallest_cell=smallest_cell)  # type: ignore[arg-type]
    folder = _results(run_dir)
    manifest = require_complete(folder)
    own = check_language(manifest.get("settings", {}).get("language", "nl"))
    spoken = spoken or own
    path = out or folder.resolve().parent / f"report_{spoken}.html"
    _check_place(path, folder)
    remarks = () if spoken == own else (_OTHER_LANGUAGE,)
    inputs = inputs_of_run(_sources(folder, manifest, remarks))
    write_report(inputs, path, spoken, options)
    if inputs.wave is None:
        typer.echo(_NO_DATA.text(spoken))
    if inputs.synthetic:
        typer.echo(_SAID["synthetic"].text(spoken))
    typer.echo(f"{_SAID['report'].text(spoken)} {path}")


def _results(path: Path) -> Path:
    inside = path / "results"
    there = (path / "manifest.json").is_file()
    return inside if not there and (inside / "manifest.json").is_file() else path


def _check_place(path: Path, folder: Path) -> None:
    """Keep the page out of the results, which hold what their manifest lists and nothing else."""
    if path.is_dir():
        raise InputError(str(path), ["expected the name of a file, found a folder"])
    if path.resolve().is_relative_to(folder.resolve()):
        raise InputError(str(path), [f"expected a file outside the results {folder}"])
    if not path.parent.is_dir():
        raise InputError(str(path), ["its folder is not there"])
    check_output(path.parent, (path.name,))


def _sources(folder: Path, manifest: Mapping[str, Any], remarks: tuple[Label, ...]) -> RunSources:
    """Find what the report needs besides the results; results that were moved have none of it.

    Raises
    ------
    InputError
        For files that changed since the run, and crosswalks of organisations that went.
    """
    from swvtypes.report.run_folder import RunSources
    from swvtypes.workflow.source_files import find_sources, home_of, run_file_of

    file = run_file_of(folder, manifest)
    home = home_of(folder, file)
    if home is None:
        return RunSources(folder, manifest, remarks=(*remarks, _NO_DATA))
    found = find_sources(folder, manifest, ("answers", "organisations"))
    wave = found.wave()
    return RunSources(
        folder, manifest, wave, _identities(home, file),
        {name: home / name for name in file.earlier_runs}, _tables(home, file),
        remarks if wave is not None else (*remarks, _NO_DATA),
    )  # fmt: skip


def _identities(home: Path, file: RunFile) -> dict[str, OrganisationCrosswalk]:
    """Read which organisations of earlier waves are which; an absent file is a fault."""
    from swvtypes.survey import OrganisationCrosswalk

    found = [OrganisationCrosswalk.read(home / name) for name in file.organisations]
    return {who.before_wave: who for who in found}


def _tables(home: Path, file: RunFile) -> TableSet | None:
    """Read what the tables are called; that it is gone costs no report."""
    from swvtypes.tables import load_tables

    try:
        return load_tables(home / file.tables if file.tables.endswith(".toml") else file.tables)
    except (FaultsError, OSError):
        return None
