"""Read the rows of a seed back from its files, in the whole numbers that the search works on."""

from __future__ import annotations

import csv
from pathlib import Path

from swvtypes.errors import ReconstructionError
from swvtypes.reconstruction.builder import Rows
from swvtypes.reconstruction.project import Project
from swvtypes.reconstruction.quantities import BLANK, NOT_ASKED, ROUTED


def read_rows(project: Project, seed: int, folder: str | Path) -> Rows:
    """Read ``seed_XX.csv`` and, where the project has register figures, ``register_XX.csv``.

    Raises
    ------
    ReconstructionError
        When the files do not hold the project's rows in its order.
    """
    where = Path(folder)
    wave = _lines(where / f"seed_{seed:02d}.csv")
    sectors = [line["sector"] for line in wave]
    if sectors != project.rows():
        raise ReconstructionError(
            f"seed {seed}: expected {len(project.rows())} rows, sector by sector, got {len(wave)}"
        )
    if any(spec.file == "register" for spec in project.variables.values()):
        figures = {x["organisation"]: x for x in _lines(where / f"register_{seed:02d}.csv")}
        wave = [{**line, **figures[line["organisation"]]} for line in wave]
    columns: dict[str, list[int]] = {}
    for name, spec in project.variables.items():
        unit = 10**spec.decimals
        columns[name] = [
            round(float(line[name]) * unit) if line[name] else _mark(project, name, line)
            for line in wave
        ]
    return Rows(seed, tuple(sectors), columns, ())


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise ReconstructionError(f"expected the file {path.name}, found nothing")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _mark(project: Project, name: str, line: dict[str, str]) -> int:
    """Say why a cell is empty."""
    spec = project.variables[name]
    if line["sector"] not in spec.sectors:
        return NOT_ASKED
    if spec.gate and int(line[spec.gate] or BLANK) not in spec.gate_codes:
        return ROUTED
    return BLANK
