"""Make the files of simulated waves again: simulate, write, certify."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.parallel import progress, run_parallel
from swvtypes.reconstruction.certifier import certify
from swvtypes.reconstruction.ensemble import STATUSES, SeedReport
from swvtypes.resources import atomic_write, data_path

from .inspection import simulate_inspection
from .link_certifier import certify_link
from .links import write_links
from .outcome import SimulatedWave
from .scenario import simulate_scenario
from .start import simulate_start
from .wave_files import write_simulated
from .words_certifier import certify_words

_SIMULATORS: dict[str, Callable[[int], SimulatedWave]] = {
    "start_2014": simulate_start,
    "scenario_2018": simulate_scenario,
    "inspectie_2022": simulate_inspection,
}
LINKED = "start_2014--monitor_2016"
SIMULATED = (*_SIMULATORS, LINKED)


@dataclass(frozen=True)
class _Task:
    name: str
    out: str
    seed: int


def rebuild_simulated(
    name: str,
    seeds: Iterable[int],
    out: str | Path,
    *,
    n_jobs: int = 1,
    show_progress: bool = True,
) -> tuple[SeedReport, ...]:
    """Simulate, write and certify seeds of a wave that rests on printed marginals.

    Parameters
    ----------
    name : str
        One of :data:`SIMULATED`: a wave, or ``"start_2014--monitor_2016"`` for the crosswalks
        that say who of 2014 is who in 2016 (one a link and seed).
    seeds : iterable of int
        Positive whole numbers; the same seed gives the same files everywhere.
    out : str or Path
        Folder for the files of each seed and ``certificate_XX.csv``.
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
    OptionError
        When there is no such wave, or a seed is no positive whole number.
    """
    if name not in SIMULATED:
        raise OptionError("name", "one of " + ", ".join(map(repr, SIMULATED)), name)
    seeds = list(seeds)
    wrong = [
        seed for seed in seeds if isinstance(seed, bool) or not isinstance(seed, int) or seed < 1
    ]
    if wrong:
        raise OptionError("seeds", "positive whole numbers", wrong)
    tasks = [_Task(name, str(out), seed) for seed in seeds]
    Path(out).mkdir(parents=True, exist_ok=True)
    with progress(show_progress) as display:
        bar = display.add_task(f"rebuild {name}", total=len(tasks))
        reports = run_parallel(_one, tasks, n_jobs)
        display.update(bar, completed=len(tasks))
    return tuple(reports)


def _one(task: _Task) -> SeedReport:
    began = time.process_time()
    if task.name == LINKED:
        crosswalks = write_links(task.seed, task.out)
        seconds = time.process_time() - began
        files = {"wave": next(iter(crosswalks.values()))}
        lines = link_certificate(task.seed, crosswalks)
    else:
        made = _SIMULATORS[task.name](task.seed)
        seconds = time.process_time() - began
        files = write_simulated(made, task.out)
        lines = certificate(task.name, files)
    path = Path(task.out) / f"certificate_{task.seed:02d}.csv"
    with atomic_write(path) as stream:
        stream.write(lines.to_csv(index=False, lineterminator="\n"))
    found = lines["status"].value_counts()
    return SeedReport(
        seed=task.seed,
        wave=files["wave"],
        register=files.get("register"),
        certificate=path,
        counts={status: int(found.get(status, 0)) for status in STATUSES},
        missed=tuple(lines.loc[lines["status"] == "missed", "target"]),
        steps=(),
        seconds=seconds,
    )


def certificate(name: str, files: dict[str, Path]) -> pd.DataFrame:
    """Certify written files of a simulated wave: printed figures, rules of the files, phrases."""
    project = str(data_path("reconstruction", name))
    record = str(data_path("published"))
    register = files.get("register")
    lines = certify(
        project, record, str(files["wave"]), None if register is None else str(register)
    )
    if not (Path(project) / "words.csv").is_file():
        return lines
    texts = {kind: str(path) for kind, path in files.items()}
    return pd.concat([lines, certify_words(project, record, texts)], ignore_index=True)


def link_certificate(seed: int, crosswalks: dict[float, Path]) -> pd.DataFrame:
    """Certify the crosswalks of one seed against the shipped rows of both waves."""
    truth = data_path("waves", "start_2014", f"truth_{seed:02d}.csv")
    wave = data_path("waves", "monitor_2016", f"seed_{seed:02d}.csv")
    parts = [
        certify_link(str(path), str(truth), str(wave), f"{link:.1f}")
        for link, path in crosswalks.items()
    ]
    return pd.concat(parts, ignore_index=True)
