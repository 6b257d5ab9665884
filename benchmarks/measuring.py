"""Paired timing: engines in turn on the same task, medians and ranges of times and of ratios.

Every repeat times all engines of a task one after the other, in an order that turns with each
repeat, so that what else the machine does hits all of them. A ratio is a peer's time over ours in
the same repeat, each first divided by the work it did, where that differs (few replicates of a
slow peer stand for many). Above 1 ours is faster.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

OURS = "swvtypes"
CLOCKS = ("wall", "processor")
Action = Callable[[int], Any]


@dataclass(frozen=True)
class Goal:
    """What a figure of a record should be: at least or at most so much."""

    figure: str
    least: float | None = None
    most: float | None = None

    def judge(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Look the figure up (keys parted by a slash) and hold it against the limits."""
        found: Any = record
        for key in self.figure.split("/"):
            found = found.get(key) if isinstance(found, Mapping) else None
        limits = {k: v for k, v in (("least", self.least), ("most", self.most)) if v is not None}
        met = found is not None and all(
            found >= limit if side == "least" else found <= limit for side, limit in limits.items()
        )
        return {"figure": self.figure, **limits, "found": found, "met": met}


@dataclass(frozen=True)
class Task:
    """One thing to time.

    Parameters
    ----------
    name : str
        Unique within its benchmark.
    actions : mapping of str to callable
        By engine, ours (`OURS`) among them; each is called with the number of the repeat from 0,
        of which it makes its seed where it needs one.
    work : mapping, optional
        Units of work an engine does in one call, where these differ; `unit` says of what.
    goals : sequence of Goal
        Judged on the record.
    shows : callable, optional
        Makes the figures that stand beside the times, from results by engine, one a repeat.
    warm : callable, optional
        Called once before the clock starts, for what is imported late.
    repeats, peer_repeats : int, optional
        Instead of those asked for; the ratio of a repeat that has no peer of its own takes the
        peer's last time.
    skipped : str
        Why the task cannot be run here; empty when it can.
    group, label : str
        For figures: what tasks that stand together share, and what is this one's own.
    """

    name: str
    actions: Mapping[str, Action] = field(default_factory=dict)
    work: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    goals: Sequence[Goal] = ()
    shows: Callable[[dict[str, list[Any]]], dict[str, Any]] | None = None
    warm: Callable[[], Any] | None = None
    repeats: int | None = None
    peer_repeats: int | None = None
    skipped: str = ""
    group: str = ""
    label: str = ""


@dataclass(frozen=True)
class Plan:
    """How a run is done: toy sizes or real ones, where reference data are, other interpreters."""

    quick: bool = False
    data: Path | None = None
    interpreters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """A set of tasks: a module of this folder joins by having one under the name `BENCHMARK`.

    Parameters
    ----------
    name, title : str
        For ``--only`` and for readers.
    tasks : callable
        Gives the tasks of a plan; making them must be cheap, their actions do the work.
    minutes : float
        What a full run with three repeats takes on two cores, about.
    seed : str
        How its randomness is fixed, in words.
    settings : mapping, optional
        What all its tasks share, kept with the results.
    """

    name: str
    title: str
    tasks: Callable[[Plan], Sequence[Task]]
    minutes: float
    seed: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """A result that was timed where it was made, in another process."""

    wall: float
    processor: float
    result: Any


def clock(action: Action, repeat: int) -> Measured:
    """Time one call, unless it timed itself."""
    start, work = time.perf_counter(), time.process_time()
    result = action(repeat)
    if isinstance(result, Measured):
        return result
    return Measured(time.perf_counter() - start, time.process_time() - work, result)


def in_fresh_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of a module in a new process, for a peak of memory that is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def summary(figures: Sequence[float]) -> dict[str, float]:
    """Median and range, four digits."""
    functions = {"median": statistics.median, "least": min, "most": max}
    return {name: four_digits(function(figures)) for name, function in functions.items()}


def four_digits(figure: float) -> float:
    """Give four significant digits."""
    return float(f"{figure:.4g}")


def run_task(
    task: Task, repeats: int, advance: Callable[[str], None] = lambda engine: None
) -> dict[str, Any]:
    """Time one task; `advance` is told of every engine before it is called."""
    repeats = task.repeats or repeats
    if task.warm is not None:
        task.warm()
    engines = list(task.actions)
    times: dict[str, list[Measured]] = {engine: [] for engine in engines}
    for repeat in range(repeats):
        for engine in engines if repeat % 2 == 0 else engines[::-1]:
            if engine != OURS and task.peer_repeats and repeat >= task.peer_repeats:
                continue
            advance(engine)
            found = clock(task.actions[engine], repeat)
            # What is kept takes memory that the next call would have used again.
            times[engine].append(found if task.shows else replace(found, result=None))
    return _record(task, times)


def _record(task: Task, times: dict[str, list[Measured]]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "group": task.group or task.name,
        "label": task.label,
        "repeats": len(times[OURS]),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "seconds": {
            engine: {which: summary([getattr(m, which) for m in found]) for which in CLOCKS}
            for engine, found in times.items()
        },
        "every": {
            engine: {which: [four_digits(getattr(m, which)) for m in found] for which in CLOCKS}
            for engine, found in times.items()
        },
    }
    if task.work:
        record |= {"work": dict(task.work), "unit": task.unit}
    peers = [engine for engine in times if engine != OURS]
    if peers:
        record["ratio"] = {peer: _ratios(task, times, peer) for peer in peers}
    if task.peer_repeats:
        record["peer_repeats"] = min(task.peer_repeats, len(times[OURS]))
    if task.shows is not None:
        results = {engine: [m.result for m in found] for engine, found in times.items()}
        record["shown"] = task.shows(results)
    record["goals"] = [goal.judge(record) for goal in task.goals]
    return record


def _ratios(task: Task, times: dict[str, list[Measured]], peer: str) -> dict[str, Any]:
    ours, theirs = times[OURS], times[peer]
    scale = task.work.get(OURS, 1.0) / task.work.get(peer, 1.0)
    return {
        which: summary(
            [
                scale * getattr(theirs[min(at, len(theirs) - 1)], which) / getattr(mine, which)
                for at, mine in enumerate(ours)
            ]
        )
        for which in CLOCKS
    }
