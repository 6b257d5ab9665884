"""Data sets of a study, kept as it goes on, so that a run that was broken off can be taken up."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from swvtypes.parallel import run_parallel

CHUNK = 20


def kept_runs(name: str, study: Callable[[int], Any], count: int, n_jobs: int) -> list[Any]:
    """Run a study on data sets 0, 1, .. `count`, or read those that an earlier run came to.

    Parameters
    ----------
    name : str
        Of the study, its seed and cell; names the file in the folder for temporary files.
    study : callable
        Of the number of a data set; gives what JSON can hold.
    count : int
    n_jobs : int
    """
    folder = Path(tempfile.gettempdir()) / "swvtypes_studies"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    runs = json.loads(path.read_text()) if path.is_file() else []
    while len(runs) < count:
        numbers = range(len(runs), min(len(runs) + CHUNK, count))
        runs += run_parallel(study, numbers, n_jobs)
        path.write_text(json.dumps(runs))
    return list(runs[:count])
