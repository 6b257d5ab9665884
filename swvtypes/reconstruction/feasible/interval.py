"""The smallest and largest value found that is compatible with everything printed."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isnan

from swvtypes.errors import ReconstructionError
from swvtypes.language import Label
from swvtypes.parallel import progress, run_parallel
from swvtypes.reconstruction.builder import Rows
from swvtypes.reconstruction.certifier import certify
from swvtypes.reconstruction.ensemble import read_proofs
from swvtypes.reconstruction.files import write_rows
from swvtypes.reconstruction.project import Project, read_project
from swvtypes.reconstruction.proofs import losers
from swvtypes.resources import data_path

from .climbing import Terrain, climb
from .moving import moving_step
from .outer import agreed_bounds, outer_bounds
from .relation import Relation, SearchEffort, check_relation
from .written_rows import read_rows


@dataclass(frozen=True)
class FeasibleInterval:
    """What print identifies of one statistic.

    Attributes
    ----------
    relation : Relation
        The statistic.
    low_found, high_found : float
        Smallest and largest value found over seeds and directions; the true range is at least
        this wide. Shares are fractions.
    low_bound, high_bound : float
        Proven outer bounds, infinite where nothing is proven; the true range is at most this wide
        (given the counts of the answers and the spread of register figures).
    bound_reason : Label
        The argument behind the bounds.
    low_seed, high_seed : int
        Seeds that the extreme rows came from.
    start_low, start_high : float
        Smallest and largest value in the seeds' own rows: a builder's scatter.
    seeds : tuple of int
        Where the search started.
    n_moves : int
        Moves proposed in all.
    constraints : int
        Statistics of print that the moved columns are held to, besides their counts.
    certified : bool
        Whether the certifier, which shares no code with the search, ends every line of both
        extreme sets of rows as it does for the seed's own. False when it was not asked.
    low_rows, high_rows : Rows
        The extreme rows.
    """

    relation: Relation
    low_found: float
    high_found: float
    low_bound: float
    high_bound: float
    bound_reason: Label
    low_seed: int
    high_seed: int
    start_low: float
    start_high: float
    seeds: tuple[int, ...]
    n_moves: int
    constraints: int
    certified: bool
    low_rows: Rows
    high_rows: Rows

    @property
    def width(self) -> float:
        """Distance from the smallest to the largest value found."""
        return self.high_found - self.low_found


@dataclass(frozen=True)
class _Task:
    name: str
    record: str
    folder: str
    relation: Relation
    effort: SearchEffort
    seed: int


@dataclass(frozen=True)
class _Found:
    start: float
    low: float
    high: float
    low_rows: Rows
    high_rows: Rows
    proposals: int
    constraints: int


def feasible_interval(
    relation: Relation,
    seeds: Iterable[int] = (1, 2, 3),
    *,
    name: str = "monitor_2016",
    effort: SearchEffort | None = None,
    certify_rows: bool = True,
    n_jobs: int = 1,
    show_progress: bool = False,
) -> FeasibleInterval:
    """Search both ways from several seeds with the builder's own moves.

    Parameters
    ----------
    relation : Relation
        The statistic. Rows without an answer to either side do not count, as in the report;
        rows carry no weights.
    seeds : iterable of int
        Shipped versions of the rows to start from.
    name : str
        Report whose rows and targets are used.
    effort : SearchEffort, optional
        How hard to search.
    certify_rows : bool
        Hand both extreme sets of rows to the certifier.
    n_jobs : int
        Worker processes; the answer does not depend on it.
    show_progress : bool
        Draw a progress bar on a terminal.

    Returns
    -------
    FeasibleInterval
        Every value found is attained by rows in which all printed counts are exact and every
        printed statistic that concerns the moved columns lies in its rounding window. Other
        columns stay as in the seed, so the range is found from within.

    Raises
    ------
    InputError
        When the relation does not fit the project; lists every fault.
    ReconstructionError
        When there are no seeds, or the statistic has no value in a seed's rows.

    Examples
    --------
    >>> from swvtypes.reconstruction import Relation, SearchEffort, feasible_interval
    >>> short = SearchEffort(proposals=200, rounds=1, last_step=0.02)
    >>> relation = Relation("correlation", "grade_trust", "risk_analysis", "po")
    >>> found = feasible_interval(relation, [1], effort=short, certify_rows=False)
    >>> found.low_bound <= found.low_found < found.high_found <= found.high_bound
    True
    """
    record, folder = str(data_path("published")), str(data_path("waves", name))
    given = read_project(name, record)
    project = relation.project(given)
    check_relation(relation, project)
    chosen = tuple(dict.fromkeys(seeds))
    if not chosen:
        raise ReconstructionError("seeds: expected at least one, got none")
    asked = effort or SearchEffort()
    tasks = [_Task(name, record, folder, relation, asked, seed) for seed in chosen]
    found: list[_Found] = []
    width = max(1, len(tasks) if n_jobs < 1 else n_jobs)
    with progress(show_progress) as display:
        bar = display.add_task(f"{relation.first} {relation.second}", total=len(tasks))
        for start in range(0, len(tasks), width):
            found += run_parallel(_one, tasks[start : start + width], n_jobs)
            display.update(bar, completed=len(found))
    return _assemble(relation, project, chosen, found, certify_rows)


def _assemble(
    relation: Relation,
    project: Project,
    seeds: tuple[int, ...],
    found: list[_Found],
    certify_rows: bool,
) -> FeasibleInterval:
    low = min(range(len(found)), key=lambda at: found[at].low)
    high = max(range(len(found)), key=lambda at: found[at].high)
    skip = frozenset(losers(project, read_proofs(data_path("reconstruction", project.name))))
    every = [
        outer_bounds(relation, project, rows.columns, skip)
        for one in found
        for rows in (one.low_rows, one.high_rows)
    ]
    bounds = agreed_bounds(relation, every)
    ends = ((found[low].low_rows, seeds[low]), (found[high].high_rows, seeds[high]))
    return FeasibleInterval(
        relation=relation,
        low_found=found[low].low,
        high_found=found[high].high,
        low_bound=bounds.low,
        high_bound=bounds.high,
        bound_reason=bounds.reason,
        low_seed=seeds[low],
        high_seed=seeds[high],
        start_low=min(one.start for one in found),
        start_high=max(one.start for one in found),
        seeds=seeds,
        n_moves=sum(one.proposals for one in found),
        constraints=found[low].constraints,
        certified=certify_rows and all(_still_certified(project, *end) for end in ends),
        low_rows=found[low].low_rows,
        high_rows=found[high].high_rows,
    )


def _one(task: _Task) -> _Found:
    given = read_project(task.name, task.record)
    project = task.relation.project(given)
    rows = read_rows(given, task.seed, task.folder)
    skip = frozenset(losers(given, read_proofs(data_path("reconstruction", task.name))))
    step = moving_step(task.relation, project)
    terrain = Terrain(task.relation, project, rows.columns, skip, step)
    start = terrain.goal.value()
    if isnan(start):
        raise ReconstructionError(f"seed {task.seed}: the statistic has no value in its rows")
    bounds = outer_bounds(task.relation, project, rows.columns, skip)
    ends = []
    for branch, (sign, limit) in enumerate(((-1, bounds.low), (1, bounds.high))):
        bound = None if limit in (inf, -inf) else limit
        ends.append(climb(terrain, sign, bound, task.effort, (task.seed, branch)))
    low, high = (Rows(task.seed, rows.sectors, {**rows.columns, **end.columns}, ()) for end in ends)
    copies = [Rows(r.seed, r.sectors, {k: list(v) for k, v in r.columns.items()}, ())
              for r in (low, high)]  # fmt: skip
    return _Found(
        start, ends[0].value, ends[1].value, copies[0], copies[1],
        sum(end.proposals for end in ends), terrain.constraints,
    )  # fmt: skip


def _still_certified(project: Project, rows: Rows, seed: int) -> bool:
    """Say whether the certifier ends every line as it does for the seed's own rows."""
    folder = data_path("waves", project.name)
    with (folder / f"certificate_{seed:02d}.csv").open(encoding="utf-8", newline="") as stream:
        own = [(line["target"], line["status"]) for line in csv.DictReader(stream)]
    with tempfile.TemporaryDirectory() as place:
        wave, register = write_rows(project, rows, place)
        lines = certify(
            str(data_path("reconstruction", project.name)),
            str(data_path("published")),
            str(wave),
            None if register is None else str(register),
        )
    return own == list(zip(lines["target"], lines["status"], strict=True))
