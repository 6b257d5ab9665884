"""Latent class engine against StepMix 3.0, paired in one process.

Run ``python benchmarks/lca_speed.py [--repeats 3] [--data FOLDER] [task ...]``. Every repeat times
both engines on the same task, one after the other, and medians of the ratios are printed. Both
get the same number of starts and the same tolerance on the average log-likelihood of a case
(1e-10), and both may use all cores.
"""

from __future__ import annotations

import argparse
import json
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
DATA = Path(__file__).resolve().parents[2] / "shared" / "reference"
Task = tuple[str, Callable[[], object], Callable[[], object] | None, float]


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


def clock(action: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def run(task: Task, repeats: int) -> None:
    name, one, other, goal = task
    ratios, times, peers, shown = [], [], [], ""
    for _ in range(repeats):
        mine, result = clock(one)
        times.append(mine)
        if other is not None:
            theirs, peer = clock(other)
            peers.append(theirs)
            ratios.append(theirs / mine)
            if isinstance(result, float):
                shown = f"; log-likelihood {result:.4f} against {peer:.4f}"
    ratio = statistics.median(ratios)
    print(
        f"{name}: {statistics.median(times):.3f} s, StepMix {statistics.median(peers):.2f} s, "
        f"{ratio:.0f} times (goal {goal}){shown}",
        flush=True,
    )


def memory() -> None:
    """Peak memory of a million rows, in this process."""
    frame = simulate(1_000_000, 20, 4, 5, 5).astype(np.int8)
    seconds, _ = clock(lambda: ours(frame, 5, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"1,000,000 x 20 x 4, K=5, one start: {seconds:.1f} s, peak memory {peak:.2f} GB (goal 2.5)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the names of the tasks to run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if "memory" in options.only:
        memory()
        sys.exit()
    warm = simulate(100, 5, 2, 2, 0)
    ours(warm, 2, 2)
    stepmix(warm, 2, 2)
    for task in tasks(options.data):
        if not options.only or any(part in task[0] for part in options.only):
            run(task, options.repeats)


if __name__ == "__main__":
    main()
