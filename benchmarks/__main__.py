"""Time everything beside its peers in one process, and keep the figures.

Run from the checkout: ``python -m benchmarks``. Results go into ``benchmarks/results/speed.json``
after every task: an interrupt (Ctrl-C) loses the task at hand and nothing else, and tasks that were
not run keep the figures of the run before, with the machine and versions of that run.
``python -m benchmarks --quick`` tries everything at toy sizes in under two minutes and writes to
``build/benchmarks_quick.json``, where it does no harm.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import about
from benchmarks.measuring import OURS, Benchmark, Plan, Task, run_task
from benchmarks.registry import benchmarks
from benchmarks.storing import read_json, write_json

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
QUICK = ROOT / "build" / "benchmarks_quick.json"
DATA = ROOT.parent / "shared" / "reference"
INTERPRETER = "SWVTYPES_PHENOCLUSTER_PYTHON"
INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Describe the command."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = made.add_argument
    add(
        "--only", action="append", default=[], metavar="NAME", help="a benchmark, or part of a task"
    )
    add("--quick", action="store_true", help="toy sizes, one repeat")
    add("--list", action="store_true", help="say what there is, and end")
    add("--repeats", type=int, help="repeats of each task (3; quick: 1)")
    add("--data", type=Path, default=DATA, help="reference data; tasks without them are skipped")
    add("--out", type=Path, help="file of results")
    add(
        "--phenocluster", default=os.environ.get(INTERPRETER, ""), metavar="PYTHON",
        help=f"interpreter that has phenocluster (or the variable {INTERPRETER})",
    )  # fmt: skip
    return made


def chosen(all_of: dict[str, Benchmark], plan: Plan, only: list[str]) -> list[tuple[str, Task]]:
    """Give the tasks asked for, each with the name of its benchmark."""
    tasks = [(name, task) for name, one in all_of.items() for task in one.tasks(plan)]
    if not only:
        return tasks
    return [
        (name, task)
        for name, task in tasks
        if any(asked == name or asked in task.name for asked in only)
    ]


class Book:
    """The file of results; what is no longer referred to leaves it."""

    def __init__(self, path: Path, run: dict[str, Any], all_of: dict[str, Benchmark]) -> None:
        self.path = path
        self.started = run["started"]
        self.content = read_json(path) or {"schema_version": 1, "runs": {}, "benchmarks": {}}
        self.content["runs"][self.started] = run
        self.benchmarks = all_of

    def keep(self, benchmark: str, task: Task, record: dict[str, Any]) -> None:
        """Put a record in the file."""
        one = self.benchmarks[benchmark]
        entry = self.content["benchmarks"].setdefault(benchmark, {"tasks": {}})
        entry |= {"title": one.title, "seed": one.seed, "settings": dict(one.settings)}
        entry["tasks"][task.name] = {"run": self.started, **record}
        self._write()

    def fail(self, task: Task, fault: Exception) -> None:
        """Note a task that broke off; the record of an earlier run stays."""
        failed = self.content["runs"][self.started].setdefault("failed", {})
        failed[task.name] = type(fault).__name__
        self._write()

    def end(self, all_tasks: list[tuple[str, Task]], seconds: float, complete: bool) -> None:
        """Say how the run ended; after a full one, tasks that are no more leave the file."""
        run = self.content["runs"][self.started]
        run |= {"seconds": round(seconds), "complete": complete}
        if complete:
            known = {(name, task.name) for name, task in all_tasks}
            for name, entry in list(self.content["benchmarks"].items()):
                entry["tasks"] = {k: v for k, v in entry["tasks"].items() if (name, k) in known}
                if not entry["tasks"]:
                    del self.content["benchmarks"][name]
        self._write(running="failed" in run)

    def _write(self, running: bool = True) -> None:
        used = {
            record["run"]
            for entry in self.content["benchmarks"].values()
            for record in entry["tasks"].values()
        }
        runs = self.content["runs"]
        used |= {self.started} if running else set()  # one that timed nothing leaves no trace
        self.content["runs"] = {at: runs[at] for at in runs if at in used}
        write_json(self.path, self.content)


def line(task: Task, record: dict[str, Any]) -> str:
    """Sum up one record."""
    if "skipped" in record:
        return f"{task.name}: skipped, {record['skipped']}"
    seconds = record["seconds"]
    parts = [f"{OURS} {seconds[OURS]['wall']['median']:g} s"]
    for peer, ratio in record.get("ratio", {}).items():
        wall, work = ratio["wall"], ratio["processor"]
        parts.append(
            f"{peer} {seconds[peer]['wall']['median']:g} s: {wall['median']:g} times "
            f"({wall['least']:g} to {wall['most']:g}; in processor time {work['median']:g})"
        )
    missed = [goal for goal in record["goals"] if not goal["met"]]
    ends = "; ".join(f"{goal['figure']} {goal['found']} misses the goal" for goal in missed)
    return f"{task.name}: {', '.join(parts)}{'; ' + ends if ends else ''}"


def header(plan: Plan, repeats: int, only: list[str]) -> dict[str, Any]:
    """Describe the run."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": about.machine(),
        "versions": about.versions(),
        "peers": about.peers(plan.interpreters),
        "threads": about.processes(),
        "repeats": repeats,
        "quick": plan.quick,
        "only": only,
    }


def run(book: Book, tasks: list[tuple[str, Task]], repeats: int, quick: bool) -> str:
    """Time all tasks; give "ended", "interrupted" or "failed"; one that fails stops no other."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(),
    )  # fmt: skip
    ended = "ended"
    with bar as progress:
        shown = progress.add_task("", total=len(tasks))

        def told(engine: str, task: Task) -> None:
            progress.update(shown, description=f"{task.name}: {engine}")

        for name, task in tasks:
            try:
                record = _timed(task, repeats, partial(told, task=task))
            except KeyboardInterrupt:
                return "interrupted"
            except Exception as fault:  # a peer may do anything
                ended = "failed"
                book.fail(task, fault)
                text = f"{task.name}: failed, {fault!r}"
            else:
                if quick:  # goals are not for toys
                    record["goals"] = []
                book.keep(name, task, record)
                text = line(task, record)
            progress.console.print(text, markup=False, highlight=False)
            progress.advance(shown)
        progress.update(shown, description="done")
    return ended


def _timed(task: Task, repeats: int, told: Callable[[str], None]) -> dict[str, Any]:
    if task.skipped:
        return {"group": task.group, "label": task.label, "skipped": task.skipped}
    return run_task(task, repeats, told)


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    asked = parser().parse_args(arguments)
    plan = Plan(asked.quick, asked.data if asked.data.is_dir() else None,
                {"phenocluster": asked.phenocluster})  # fmt: skip
    all_of = benchmarks()
    every = chosen(all_of, plan, [])
    tasks = chosen(all_of, plan, asked.only)
    if asked.list or not tasks:
        for name, one in all_of.items():
            print(f"{name}: {one.title} (about {one.minutes:g} minutes)")
            print("".join(f"    {task.name}\n" for of, task in every if of == name), end="")
        return 0 if asked.list else 2
    warnings.simplefilter("ignore")
    logging.getLogger("hmmlearn").setLevel(logging.ERROR)
    repeats = asked.repeats or (1 if asked.quick else 3)
    path = asked.out or (QUICK if asked.quick else RESULTS)
    book = Book(path, header(plan, repeats, asked.only), all_of)
    start = time.perf_counter()
    ended = run(book, tasks, repeats, asked.quick)
    book.end(every, time.perf_counter() - start, ended == "ended" and not asked.only)
    print(f"{ended.capitalize()}; results in {path.name}")
    return {"ended": 0, "failed": 1, "interrupted": INTERRUPTED}[ended]


if __name__ == "__main__":
    sys.exit(main())
