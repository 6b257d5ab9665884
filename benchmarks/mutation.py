"""Mutation testing: small faults are put into the code, and the tests should notice.

``python benchmarks/mutation.py run AREA --seed 1 --size 300`` draws a sample of the mutants of an
area (those of earlier samples left out), tries each, and stores the outcome; started again it goes
on where it stopped. ``again`` tries the survivors once more, after tests were written;
``write`` makes ``benchmarks/results/mutation.json`` of what is stored. Outcomes are kept in the
folder of ``--folder``. Why a survivor is no hole in the tests stands in ``mutation_examined.toml``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutation_operators import Mutant, mutants_of, mutated
from mutation_reach import chosen, map_reach
from mutation_server import (
    CHECKOUT,
    SURVIVED,
    TIMED_OUT,
    Loaded,
    Reach,
    Suite,
    enter,
    in_child,
    lay_out,
    try_cold,
    with_tests,
)

RESULTS = CHECKOUT / "benchmarks" / "results" / "mutation.json"
EXAMINED = CHECKOUT / "benchmarks" / "mutation_examined.toml"
UNREACHED = "no test reaches it"


@dataclass(frozen=True)
class Area:
    """Code that is judged, and the tests that judge it."""

    roots: tuple[str, ...]
    suite: Suite


AREAS = {
    "engine": Area(
        tuple(f"swvtypes/lca/{room}/" for room in ("em", "fit", "families", "design")),
        Suite(
            tuple(
                f"tests/lca/test_{name}.py"
                for name in (
                    "case_weights",
                    "course_of_starts",
                    "engine_bundles",
                    "engine_paths",
                    "enumeration",
                    "estimator",
                    "families",
                    "inference_estimator",
                    "messages",
                    "properties",
                    "reference",
                    "replicates_core",
                    "second_engine",
                    "shortcut_endings",
                    "steps_by_definition",
                )
            ),
            most_seconds=1.0,
            budget=12.0,
        ),
    ),
    "certifier": Area(
        ("swvtypes/reconstruction/certifier.py",),
        Suite(tuple(f"tests/reconstruction/test_{n}.py" for n in ("certified_lines", "certifier"))),
    ),
    "audit": Area(
        ("swvtypes/auditing/",),
        Suite(("tests/auditing", "swvtypes/auditing"), most_seconds=4.0, budget=15.0),
    ),
}


def files_of(area: Area) -> list[str]:
    """List the modules of an area, below the current folder."""
    found: list[Path] = []
    for root in area.roots:
        found += [Path(root)] if root.endswith(".py") else sorted(Path(root).rglob("*.py"))
    return [path.as_posix() for path in found]


def all_mutants(area: Area) -> list[Mutant]:
    """List every mutant of an area."""
    return [m for f in files_of(area) for m in mutants_of(Path(f).read_text("utf-8"), f)]


class Store:
    """Outcomes on disk, a line each; the last line of a mutant counts."""

    def __init__(self, folder: Path, area: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log, self.reach = folder / f"{area}.jsonl", folder / f"{area}_reach.json"

    def rows(self) -> list[dict[str, Any]]:
        """Give all outcomes, the oldest first."""
        if not self.log.is_file():
            return []
        rows = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [row for row in rows if row["before"] != row["after"]]

    def add(self, row: dict[str, Any]) -> None:
        """Store one outcome."""
        with self.log.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def load_reach(self, marks: dict[str, str]) -> Reach:
        """Give what is known of tests whose file and area are as they were."""
        if not self.reach.is_file():
            return {}
        held = json.loads(self.reach.read_text("utf-8"))
        return {
            name: entry
            for name, entry in held.items()
            if entry.get("mark") == marks.get(name.partition("::")[0])
        }

    def save_reach(self, reach: Reach, marks: dict[str, str]) -> None:
        """Store what tests reach, with the marks of their files."""
        for name, entry in reach.items():
            entry["mark"] = marks.get(name.partition("::")[0])
        self.reach.write_text(json.dumps(reach), encoding="utf-8")


def marks_of(area: Area) -> dict[str, str]:
    """Give a mark of every file of tests that changes with it, its fixtures, or the area."""
    common = hashlib.sha256()
    common.update(b"2")
    for name in files_of(area):
        common.update(Path(name).read_bytes())
    marks = {}
    for path in [*Path("tests").rglob("*.py"), *Path("swvtypes").rglob("*.py")]:
        mark = common.copy()
        mark.update(path.read_bytes())
        near = path.parent / "conftest.py"
        mark.update(near.read_bytes() if near.is_file() else b"")
        marks[path.as_posix()] = mark.hexdigest()
    return marks


def draw(mutants: list[Mutant], taken: set[str], seed: int, size: int) -> list[Mutant]:
    """Draw a sample of mutants that are in no earlier sample."""
    left = [m for m in mutants if m.key not in taken]
    order = np.random.default_rng(seed).permutation(len(left))[:size]
    return [left[i] for i in order]


def run(store: Store, area: Area, mutants: list[Mutant], seed: int) -> None:
    """Try mutants one after another, those of loaded code first."""
    marks = marks_of(area)
    cold: list[tuple[Mutant, list[str]]] = []

    def note(mutant: Mutant, outcome: Any, began: float, n_tests: int) -> None:
        row = asdict(mutant) | {"seed": seed, "outcome": outcome, "tests": n_tests}
        store.add(row | {"seconds": round(time.perf_counter() - began, 2)})

    def warm(session: pytest.Session) -> None:
        reach = map_reach(session, area.roots, store.load_reach(marks), area.suite.most_seconds)
        store.save_reach(reach, marks)
        loaded = Loaded(session, reach)
        loaded.index()
        for mutant in mutants:
            began = time.perf_counter()
            if not mutant.function:
                near = chosen(reach, area.suite, mutant.file, None)
                # What dataclasses make of a class has no lines: any test may be the one.
                every = chosen(reach, area.suite, "", None)
                cold.append((mutant, list(dict.fromkeys((*near, *every)))))
                continue
            tests = chosen(reach, area.suite, mutant.file, mutant.reached)
            if not tests:
                note(mutant, UNREACHED, began, 0)
                continue
            tree = mutated(Path(mutant.file).read_text("utf-8"), mutant)
            outcome = loaded.try_out(mutant.file, tree, tests)
            if outcome is None:
                cold.append((mutant, tests))
            else:
                note(mutant, outcome, began, len(tests))

    def warm_in_child() -> list[Any]:
        with_tests(area.suite, warm)
        return [[mutant.key, tests] for mutant, tests in cold]

    held = {m.key: m for m in mutants}
    left = in_child(warm_in_child, seconds=0)
    if not isinstance(left, list):
        raise RuntimeError(f"the run of loaded tests ended with {left}")
    reach = store.load_reach(marks)
    for key, tests in left:
        began, mutant = time.perf_counter(), held[key]
        tree = mutated(Path(mutant.file).read_text("utf-8"), mutant)
        outcome = try_cold(area.suite, mutant.file, tree, tests, reach) if tests else UNREACHED
        note(mutant, outcome, began, len(tests))


def wilson(hits: int, n: int, z: float = 1.959964) -> list[float]:
    """Give the 95% interval of a share (Wilson, 1927)."""
    if n == 0:
        return [0.0, 1.0]
    p, spread = hits / n, z * z / n
    middle = (p + spread / 2) / (1 + spread)
    half = z * ((p * (1 - p) / n + spread / (4 * n)) ** 0.5) / (1 + spread)
    return [round(middle - half, 4), round(middle + half, 4)]


def is_survivor(row: dict[str, Any]) -> bool:
    """Say whether no test noticed."""
    return row["outcome"] in {SURVIVED, UNREACHED}


def summary(rows: list[dict[str, Any]], reasons: dict[str, str]) -> dict[str, Any]:
    """Count the outcomes of one sample."""
    first: dict[str, dict[str, Any]] = {}
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["key"], row)
        last[row["key"]] = row
    survivors = [row for row in last.values() if is_survivor(row)]
    equivalent = [row for row in survivors if row["key"] in reasons]
    n, killed = len(last), len(last) - len(survivors)
    at_first = sum(not is_survivor(row) for row in first.values())
    told = ("file", "line", "function", "operator", "before", "after", "outcome")
    return {
        "sampled": n,
        "killed": killed,
        "of which timed out": sum(row["outcome"] == TIMED_OUT for row in last.values()),
        "survived": len(survivors),
        "of which no test reaches": sum(row["outcome"] == UNREACHED for row in survivors),
        "of which equivalent": len(equivalent),
        "share killed": round(killed / n, 4),
        "interval": wilson(killed, n),
        "share killed of those not equivalent": round(killed / (n - len(equivalent)), 4),
        "interval of those not equivalent": wilson(killed, n - len(equivalent)),
        "share killed before tests were added": round(at_first / n, 4),
        "interval before tests were added": wilson(at_first, n),
        "survivors": [
            {name: row[name] for name in told} | {"examined": reasons.get(row["key"], "")}
            for row in sorted(survivors, key=lambda row: (row["file"], row["line"]))
        ],
    }


def write(folder: Path) -> None:
    """Make the stored result of all outcomes, beside what other parts of the file hold."""
    held = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    reasons: dict[str, str] = {}
    if EXAMINED.is_file():
        for entry in tomllib.loads(EXAMINED.read_text("utf-8")).get("mutant", []):
            reasons[entry["key"]] = entry["reason"]
    areas = held.get("areas", {})
    for name, area in AREAS.items():
        rows = Store(folder, name).rows()
        if not rows:
            continue
        samples: dict[str, Any] = {}
        for row in rows:
            samples.setdefault(str(row["seed"]), []).append(row)
        areas[name] = {
            "mutants possible": len(all_mutants(area)),
            "samples": {seed: summary(part, reasons) for seed, part in samples.items()},
        }
    tried = sum(s["sampled"] for area in areas.values() for s in area["samples"].values())
    held |= {"python": platform.python_version(), "tried": tried, "areas": areas}
    RESULTS.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _arguments() -> Iterator[argparse.Namespace]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("run", "again", "write"))
    parser.add_argument("area", nargs="?", choices=tuple(AREAS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--budget", type=float, help="seconds of tests for each mutant")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "mutation")
    yield parser.parse_args()


def main() -> None:
    """Do what is asked."""
    asked = next(_arguments())
    folder: Path = asked.folder.resolve()
    if asked.what == "write":
        os.chdir(CHECKOUT)
        write(folder)
        return
    enter(lay_out(folder))
    area, store = AREAS[asked.area], Store(folder, asked.area)
    if asked.budget:
        area = replace(area, suite=replace(area.suite, budget=asked.budget))
    mutants, rows = all_mutants(area), store.rows()
    last = {row["key"]: row for row in rows if row["seed"] == asked.seed}
    if asked.what == "run":
        others = {row["key"] for row in rows if row["seed"] != asked.seed}
        sample = [m for m in draw(mutants, others, asked.seed, asked.size) if m.key not in last]
    else:
        again = {key for key, row in last.items() if is_survivor(row)}
        sample = [m for m in mutants if m.key in again]
    run(store, area, sample, asked.seed)
    print(
        json.dumps(
            {
                k: v
                for k, v in summary(
                    [r for r in store.rows() if r["seed"] == asked.seed], {}
                ).items()
                if k != "survivors"
            }
        )
    )


if __name__ == "__main__":
    main()
