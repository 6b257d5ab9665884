"""Data files under the names of the codebook, as a run file lines them up."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from swvtypes.errors import RunError
from swvtypes.survey.raw import RawTable
from swvtypes.survey.readers import read_raw

from .run_file import RunFile


def read_table(path: Path, file: RunFile) -> RawTable:
    """Read a data file under the names of the codebook, without the columns left out.

    Raises
    ------
    WaveError
        When the file cannot be read.
    RunError
        For columns of the run file that the data file lacks.
    """
    table = read_raw(path)
    faults = [
        f"{key}: the data file has no column {name!r}"
        for key, names in (("columns", file.columns), ("leave_out", file.leave_out))
        for name in names
        if name not in table.columns
    ]
    if faults:
        raise RunError(path.name, faults)
    kept = [at for at, name in enumerate(table.columns) if name not in file.leave_out]
    names = tuple(file.columns.get(table.columns[at], table.columns[at]) for at in kept)
    return replace(table, columns=names, cells=tuple(table.cells[at] for at in kept))


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
