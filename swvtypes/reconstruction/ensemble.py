"""Many seeds of one reconstruction: build, write, certify; with progress, in parallel."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from swvtypes.errors import ReconstructionError
from swvtypes.parallel import progress, run_parallel
from swvtypes.resources import atomic_write, data_path

from .builder import StepReport, build_rows
from .certifier import certify
from .facts import Proof
from .files import write_rows
from .project import Project, read_project
from .proofs import losers

STATUSES = ("attained", "assumed", "contradicted", "impossible", "missed")


@dataclass(frozen=True)
class SeedReport:
    """What came of one seed: its files, lines of the certificate by status, and the time taken.

    ``seconds`` is processor time of building alone. ``missed`` names the targets that neither
    hold nor are explained.
    """

    seed: int
    wave: Path
    register: Path | None
    certificate: Path
    counts: dict[str, int]
    missed: tuple[str, ...]
    steps: tuple[StepReport, ...]
    seconds: float


@dataclass(frozen=True)
class _Task:
    project: str
    record: str
    out: str
    seed: int


def rebuild(
    name: str | Path,
    seeds: Iterable[int],
    out: str | Path,
    *,
    record: str | Path | None = None,
    n_jobs: int = 1,
    show_progress: bool = True,
) -> tuple[SeedReport, ...]:
    """Build, write and certify seeds of a reconstruction.

    Parameters
    ----------
    name : str or Path
        A project in ``data/reconstruction``, or a folder.
    seeds : iterable of int
        Positive whole numbers. The same seed gives the same files on every machine, alone or
        among others, whatever `n_jobs`.
    out : str or Path
        Folder for ``seed_XX.csv``, ``register_XX.csv`` and ``certificate_XX.csv``.
    record : str or Path, optional
        Folder of the printed record; ``data/published`` unless given.
    n_jobs : int
        Worker processes.
    show_progress : bool
        Draw a progress bar on a terminal.

    Returns
    -------
    tuple of SeedReport
        In the order of `seeds`.

    Raises
    ------
    ReconstructionError
        When a seed is not a positive whole number, or a printed distribution has no counts.
    RecordError
        When the record lacks a number that a target names.
    """
    tasks = _tasks(name, list(seeds), out, record)
    reports: list[SeedReport] = []
    width = max(1, len(tasks) if n_jobs < 1 else n_jobs)
    with progress(show_progress) as display:
        bar = display.add_task(f"rebuild {Path(name).name}", total=len(tasks))
        for start in range(0, len(tasks), width):
            reports += run_parallel(_one, tasks[start : start + width], n_jobs)
            display.update(bar, completed=len(reports))
    return tuple(reports)


def _tasks(
    name: str | Path, seeds: list[int], out: str | Path, record: str | Path | None
) -> list[_Task]:
    wrong = [seed for seed in seeds if not isinstance(seed, int) or seed < 1]
    if wrong:
        raise ReconstructionError(f"seeds: expected positive whole numbers, got {wrong}")
    folder = Path(name) if Path(name).is_dir() else data_path("reconstruction", str(name))
    printed = Path(record) if record is not None else data_path("published")
    Path(out).mkdir(parents=True, exist_ok=True)
    return [_Task(str(folder), str(printed), str(out), seed) for seed in seeds]


def read_proofs(folder: str | Path) -> tuple[Proof, ...]:
    """Read ``proofs.csv`` of a project, as :func:`swvtypes.reconstruction.prove` wrote it."""
    path = Path(folder) / "proofs.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(Proof(**row) for row in csv.DictReader(stream))


def _one(task: _Task) -> SeedReport:
    began = time.process_time()
    project: Project = read_project(task.project, task.record)
    rows = build_rows(project, task.seed, losers(project, read_proofs(task.project)))
    seconds = time.process_time() - began
    wave, register = write_rows(project, rows, task.out)
    lines = certify(
        task.project, task.record, str(wave), None if register is None else str(register)
    )
    certificate = Path(task.out) / f"certificate_{task.seed:02d}.csv"
    with atomic_write(certificate) as stream:
        stream.write(lines.to_csv(index=False, lineterminator="\n"))
    found = lines["status"].value_counts()
    return SeedReport(
        seed=task.seed,
        wave=wave,
        register=register,
        certificate=certificate,
        counts={status: int(found.get(status, 0)) for status in STATUSES},
        missed=tuple(lines.loc[lines["status"] == "missed", "target"]),
        steps=rows.steps,
        seconds=seconds,
    )
