"""``swvtypes rebuild``: make the synthetic rows of any seed again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from .folders import check_output, output_folder


def rebuild(
    source: Annotated[
        str,
        typer.Option(
            help="monitor_2016, or a simulated wave: start_2014, scenario_2018, inspectie_2022; "
            "start_2014--monitor_2016 makes the crosswalks between those two."
        ),
    ] = "monitor_2016",
    seeds: Annotated[str, typer.Option(help="For example 7, or 1-20, or 1,3,5.")] = "1",
    out: Annotated[Path, typer.Option(help="Folder for rows and certificates.")] = Path("rebuilt"),
    jobs: Annotated[int, typer.Option(help="Worker processes; -1 uses every core.")] = 1,
) -> None:
    """Rebuild respondent-level rows from printed figures; a seed always gives the same bytes.

    Every row is synthetic. The certificate beside it says of each printed figure whether it is
    attained, impossible (with the proof), contradicted elsewhere in print, or assumed.

    Example: swvtypes rebuild --seeds 1-20 --out rebuilt --jobs 2
    """
    from swvtypes.errors import OptionError
    from swvtypes.reconstruction import read_project
    from swvtypes.reconstruction import rebuild as run
    from swvtypes.reconstruction.simulated import SIMULATED, rebuild_simulated
    from swvtypes.resources import data_path

    chosen = read_seeds(seeds)
    if jobs < 1 and jobs != -1:
        raise OptionError("jobs", "a whole number of at least 1, or -1 for every core", jobs)
    if source in SIMULATED:
        check_output(out)
        reports = rebuild_simulated(source, chosen, output_folder(out), n_jobs=jobs)
    else:
        data_path("reconstruction", source, "plan.toml")
        check_output(out)
        read_project(source)
        reports = run(source, chosen, output_folder(out), n_jobs=jobs)
    short = False
    for report in reports:
        counted = ", ".join(f"{count} {status}" for status, count in report.counts.items())
        typer.echo(f"seed {report.seed}: {report.wave} ({report.seconds:.1f} s): {counted}")
        for target in report.missed:
            short = True
            typer.echo(f"seed {report.seed}: missed: {target}")
    if short:
        raise typer.Exit(1)


def read_seeds(text: str) -> list[int]:
    """Read a list of seeds such as ``1-3,7``.

    Raises
    ------
    OptionError
        When it is not a list of positive whole numbers and ranges.

    Examples
    --------
    >>> read_seeds("1-3,7")
    [1, 2, 3, 7]
    """
    from swvtypes.errors import OptionError

    expected = "positive whole numbers and ranges such as 1-20 or 1,3,5"
    chosen: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,6})(?:-([0-9]{1,6}))?\s*", part)
        if match is None:
            raise OptionError("seeds", expected, text)
        first = int(match[1])
        last = int(match[2] or match[1])
        if first < 1 or last < first:
            raise OptionError("seeds", expected, text)
        chosen += range(first, last + 1)
    return list(dict.fromkeys(chosen))
