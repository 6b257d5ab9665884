"""Latent class engine against StepMix 3.0, paired in one process.

Run ``python benchmarks/lca_speed.py [--repeats 3] [--data FOLDER] [--store] [task ...]``. Every
repeat times both engines on the same task, one after the other, by the clock on the wall and in
time of the processor, and medians of the ratios are printed. Both get the same number of starts
and the same tolerance on the average log-likelihood of a case (1e-10), and both may use all
cores. With ``--store`` medians and ranges go into ``benchmarks/results/lca_speed.json``, tasks
that were not run keep their figures there.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

TOLERANCE = 1e-10
STORE = Path(__file__).resolve().parent / "results" / "lca_speed.json"
DATA = Path(__file__).resolve().parents[2] / "shared" / "reference"
Task = tuple[str, Callable[[], object], Callable[[], object], float]


def ours(frame: pd.DataFrame, n_classes: int, n_init: int, seed: int = 1) -> Any:
    from swvtypes.lca import LatentClassModel

    model = LatentClassModel(n_classes=n_classes, n_init=n_init, tol=TOLERANCE, random_state=seed)
    return model.fit(frame)


def stepmix(frame: pd.DataFrame, n_classes: int, n_init: int, missing: bool = False) -> Any:
    from stepmix import StepMix

    model = StepMix(
        n_components=n_classes,
        measurement="categorical_nan" if missing else "categorical",
        n_init=n_init,
        random_state=1,
        abs_tol=TOLERANCE,
        rel_tol=0.0,
        max_iter=5000,
        progress_bar=0,
    )
    return model.fit(frame)


def simulate(n: int, n_items: int, n_categories: int, n_classes: int, seed: int) -> pd.DataFrame:
    """Items whose categories differ well between classes, codes from 0."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(n_categories, 0.7), (n_classes, n_items))
    c = rng.integers(n_classes, size=n)
    u = rng.random((n, n_items))
    codes = np.empty((n, n_items), dtype=np.int64)
    for j in range(n_items):
        codes[:, j] = (u[:, j, None] > p[c, j].cumsum(axis=1)).sum(axis=1)
    codes = np.minimum(codes, n_categories - 1)
    return pd.DataFrame(codes, columns=[f"i{j}" for j in range(n_items)])


def small_sets() -> dict[str, pd.DataFrame]:
    binary, five = simulate(152, 20, 2, 3, 1), simulate(152, 20, 5, 3, 2)
    hole = np.random.default_rng(3).random(binary.shape) < 0.1
    return {"20 binary": binary, "20 five-level": five, "20 binary, 10% missing": binary.mask(hole)}


def tasks(data: Path) -> Iterator[Task]:
    sim152 = pd.read_csv(data / "data" / "sim152.csv") - 1
    sixes = range(1, 7)
    yield (
        "sim152, K=1..6, 100 starts each",
        lambda: [ours(sim152, K, 100) for K in sixes],
        lambda: [stepmix(sim152, K, 100) for K in sixes],
        150,
    )
    for name, frame in small_sets().items():
        missing = bool(frame.isna().any(axis=None))
        for K in range(2, 7):
            yield (
                f"152 x {name}, K={K}, 100 starts",
                lambda frame=frame, K=K: ours(frame, K, 100),
                lambda frame=frame, K=K, missing=missing: stepmix(frame, K, 100, missing),
                50,
            )
    large = simulate(100_000, 20, 4, 5, 4)
    yield (
        "100,000 x 20 x 4, K=5, one start",
        lambda: ours(large, 5, 1),
        lambda: stepmix(large, 5, 1),
        12,
    )
    best = json.loads((data / "best_known.json").read_text())["best_known"]["sim152"]
    for K in (4, 5, 6):
        known = best[f"K{K}"]["best_loglik"]
        yield (
            f"optima: sim152, K={K}, 2,000 starts against StepMix's 100 (best known {known:.2f})",
            lambda K=K: ours(sim152, K, 2000).log_likelihood_,
            lambda K=K: stepmix(sim152, K, 100).score(sim152) * 152,
            1,
        )


def clock(action: Callable[[], object]) -> tuple[float, float, object]:
    """Seconds on the wall, seconds of the processor, result."""
    start, work = time.perf_counter(), time.process_time()
    result = action()
    return time.perf_counter() - start, time.process_time() - work, result


def summary(figures: list[float]) -> dict[str, float]:
    """Median and range, four digits."""
    names = {"median": statistics.median, "least": min, "most": max}
    return {name: float(f"{function(figures):.4g}") for name, function in names.items()}


def run(task: Task, repeats: int) -> dict[str, Any]:
    """Time one task; both engines in turn, so that what else the machine does hits both."""
    name, one, other, goal = task
    kinds = ("wall", "processor")
    seconds: dict[str, list[float]] = {
        f"{who} {k}": [] for who in ("ours", "StepMix") for k in kinds
    }
    ratios: dict[str, list[float]] = {k: [] for k in kinds}
    shown: dict[str, Any] = {}
    for _ in range(repeats):
        *mine, result = clock(one)
        *theirs, peer = clock(other)
        for kind, a, b in zip(kinds, mine, theirs, strict=True):
            seconds[f"ours {kind}"].append(a)
            seconds[f"StepMix {kind}"].append(b)
            ratios[kind].append(b / a)
        if isinstance(result, float):
            shown = {"log_likelihood": {"ours": result, "StepMix": peer}}
    found = {"goal": goal, "repeats": repeats, **shown}
    found["seconds"] = {key: summary(values) for key, values in seconds.items()}
    found["ratio"] = {key: summary(values) for key, values in ratios.items()}
    wall, work = (found["ratio"][kind]["median"] for kind in kinds)
    ours_, peers = (found["seconds"][f"{who} wall"]["median"] for who in ("ours", "StepMix"))
    print(
        f"{name}: {ours_:.3f} s, StepMix {peers:.2f} s, {wall:.0f} times on the wall, "
        f"{work:.0f} times in processor time (goal {goal}) {shown or ''}",
        flush=True,
    )
    return found


def memory() -> dict[str, Any]:
    """Peak memory of a million rows, in this process."""
    frame = simulate(1_000_000, 20, 4, 5, 5).astype(np.int8)
    seconds, _, _ = clock(lambda: ours(frame, 5, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"1,000,000 x 20 x 4, K=5, one start: {seconds:.1f} s, peak memory {peak:.2f} GB (goal 2.5)"
    )
    return {"goal": 2.5, "seconds": round(seconds, 2), "peak_memory_gigabytes": round(peak, 3)}


def machine() -> dict[str, Any]:
    packages = ("numpy", "scipy", "pandas", "stepmix")
    return {
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
        "load_average_of_the_last_minute": round(os.getloadavg()[0], 2),
    }


def store(found: dict[str, Any]) -> None:
    kept = json.loads(STORE.read_text())["tasks"] if STORE.exists() else {}
    tasks_ = kept | {name: {**figures, "machine": machine()} for name, figures in found.items()}
    STORE.write_text(json.dumps({"tolerance": TOLERANCE, "tasks": tasks_}, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the names of the tasks to run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--store", action="store_true", help="keep the figures")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if "memory" in options.only:
        found = {"1,000,000 x 20 x 4, K=5, one start: memory": memory()}
        if options.store:
            store(found)
        sys.exit()
    warm = simulate(100, 5, 2, 2, 0)
    ours(warm, 2, 2)
    stepmix(warm, 2, 2)
    for task in tasks(options.data):
        if not options.only or any(part in task[0] for part in options.only):
            figures = run(task, options.repeats)
            if options.store:
                store({task[0]: figures})


if __name__ == "__main__":
    main()
