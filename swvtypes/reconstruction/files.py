"""Write rebuilt rows as wave files: one a seed, with ids that no real partnership has."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from swvtypes.resources import atomic_write

from .builder import Rows
from .project import Project
from .quantities import BLANK


def organisation_ids(project: Project) -> list[str]:
    """Name the rows, sector by sector (``SYN-PO-001`` ...)."""
    return [
        f"{project.prefixes[sector]}{number:03d}"
        for sector, size in project.sizes.items()
        for number in range(1, size + 1)
    ]


def wave_text(project: Project, rows: Rows) -> str:
    """Give the wave file: the marks of a synthetic row, then all but the register figures."""
    names = [v for v, spec in project.variables.items() if spec.file == "wave"]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["organisation", "sector", "synthetic", "seed", *names])
    for row, (identity, sector) in enumerate(
        zip(organisation_ids(project), rows.sectors, strict=True)
    ):
        cells = [_cell(project, name, rows.columns[name][row]) for name in names]
        writer.writerow([identity, sector, "true", rows.seed, *cells])
    return stream.getvalue()


def register_text(project: Project, rows: Rows) -> str:
    """Give the register file: one row an organisation, the year, the figures."""
    names = [v for v, spec in project.variables.items() if spec.file == "register"]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["organisation", "year", *names])
    for row, identity in enumerate(organisation_ids(project)):
        cells = [_cell(project, name, rows.columns[name][row]) for name in names]
        writer.writerow([identity, project.plan["year"], *cells])
    return stream.getvalue()


def _cell(project: Project, name: str, value: int) -> str:
    decimals = project.variables[name].decimals
    if value <= BLANK:
        return ""
    if not decimals:
        return str(value)
    whole, part = divmod(abs(value), 10**decimals)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{decimals}d}"


def write_rows(project: Project, rows: Rows, folder: str | Path) -> tuple[Path, Path | None]:
    """Write the files of one seed; the register only where the project has register figures.

    Returns
    -------
    tuple of Path
        The wave file, and the register file or None.
    """
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    wave = where / f"seed_{rows.seed:02d}.csv"
    with atomic_write(wave) as stream:
        stream.write(wave_text(project, rows))
    if not any(spec.file == "register" for spec in project.variables.values()):
        return wave, None
    register = where / f"register_{rows.seed:02d}.csv"
    with atomic_write(register) as stream:
        stream.write(register_text(project, rows))
    return wave, register
