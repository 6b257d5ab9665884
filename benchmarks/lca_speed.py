"""Latent class engine against StepMix: many starts at small N, one start on long data.

Both get the same number of starts and the same tolerance on the average log-likelihood of a case,
and both may use all cores.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import OURS, Benchmark, Goal, Measured, Plan, Task, in_fresh_process
from benchmarks.peers import stepmix

TOLERANCE = 1e-10


def ours(frame: pd.DataFrame, n_classes: int, n_init: int, seed: int = 1) -> Any:
    """Fit with the engine."""
    from swvtypes.lca import LatentClassModel

    model = LatentClassModel(n_classes=n_classes, n_init=n_init, tol=TOLERANCE, random_state=seed)
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
    """Three sets of 152 cases and 20 items."""
    binary, five = simulate(152, 20, 2, 3, 1), simulate(152, 20, 5, 3, 2)
    hole = np.random.default_rng(3).random(binary.shape) < 0.1
    return {"20 binary": binary, "20 five-level": five, "20 binary, 10% missing": binary.mask(hole)}


@cache
def long_set(n: int) -> pd.DataFrame:
    """Rows of twenty items with four levels."""
    return simulate(n, 20, 4, 5, 4)


def sim152(data: Path) -> pd.DataFrame:
    """Read 152 simulated cases with twelve binary and eight five-level items, codes from 0."""
    return pd.read_csv(data / "data" / "sim152.csv") - 1


def warm() -> None:
    """Load what either engine imports late."""
    few = simulate(100, 5, 2, 2, 0)
    ours(few, 2, 2)
    if stepmix.there():
        stepmix.fit(few, 2, 2, TOLERANCE)


def pair(
    name: str, frame: pd.DataFrame, classes: range, n_init: int, goal: float, group: str
) -> Task:
    """Fit the same numbers of classes from the same number of starts by both engines."""
    actions = {OURS: lambda repeat: [ours(frame, K, n_init) for K in classes]}
    if stepmix.there():
        actions[stepmix.NAME] = lambda repeat: [
            stepmix.fit(frame, K, n_init, TOLERANCE) for K in classes
        ]
    goals = [Goal(f"ratio/{stepmix.NAME}/wall/median", least=goal)]
    label = next(part for part in name.split(", ") if part.startswith("K="))
    return Task(name, actions, goals=goals, warm=warm, group=group, label=label)


def memory(n: int) -> Measured:
    """Peak memory of a process that makes the data and fits them; seconds of the fit."""
    frame = simulate(n, 20, 4, 5, 5).astype(np.int8)
    start, work = time.perf_counter(), time.process_time()
    ours(frame, 5, 1)
    wall, processor = time.perf_counter() - start, time.process_time() - work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return Measured(wall, processor, round(peak, 3))


def tasks(plan: Plan) -> Iterator[Task]:
    """Give the tasks, the short ones first."""
    n_init, most, n = (5, 3, 5_000) if plan.quick else (100, 6, 100_000)
    name = f"sim152, K=1..{most}, {n_init} starts each"
    if plan.data is None:
        yield Task(name, skipped="the reference data are not there")
    else:
        yield pair(
            name, sim152(plan.data), range(1, most + 1), n_init, 150, f"sim152, {n_init} starts"
        )
    for kind, frame in small_sets().items():
        for K in range(2, most + 1):
            name = f"152 x {kind}, K={K}, {n_init} starts"
            yield pair(name, frame, range(K, K + 1), n_init, 50, f"152 x {kind}, {n_init} starts")
    yield pair(
        f"{n:,} x 20 x 4, K=5, one start", long_set(n), range(5, 6), 1, 12, f"{n:,} x 20 x 4"
    )
    yield Task(
        f"{10 * n:,} x 20 x 4, K=5, one start: memory",
        {OURS: lambda repeat: in_fresh_process(memory, 10 * n)},
        goals=[Goal("shown/peak_memory_gigabytes", most=2.5)],
        shows=partial(_peak),
    )


def _peak(found: dict[str, list[Any]]) -> dict[str, float]:
    return {"peak_memory_gigabytes": max(found[OURS])}


BENCHMARK = Benchmark(
    "lca_speed", "Latent classes, many starts", lambda plan: list(tasks(plan)), 6.0,
    "data sets from seeds 1 to 5, starts from seed 1", {"tolerance": TOLERANCE},
)  # fmt: skip
