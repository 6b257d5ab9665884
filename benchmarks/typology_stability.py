"""Time of 500 resamples of a five-item theme at 152 organisations, beside phenocluster.

phenocluster refits four fifths of the rows without replacement, twice: for the consensus of pairs
and for each class. Ours refits bootstrap samples once, and sets coefficients beside their level by
chance. Both get one worker and the same number of starts, which are also timed with phenocluster's
default of 100 starts. Few of its resamples are timed; rates are per resample.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import OURS, Benchmark, Goal, Plan, Task
from benchmarks.peers import phenocluster

SEED = 152
N, ITEMS, RESAMPLES = 152, 5, 500
FEW = {10: 20, 100: 5}


def theme(n_types: int, n_categories: int) -> pd.DataFrame:
    """Answers of as many types, one answer in fourteen missing."""
    rng = np.random.default_rng([SEED, n_types, n_categories])
    types = rng.integers(n_types, size=N)
    chances = rng.dirichlet(np.ones(n_categories), (n_types, ITEMS)).cumsum(axis=2)
    u = rng.random((N, ITEMS))
    answers = (u[..., None] > chances[types][..., :-1]).sum(axis=2).astype(float)
    return pd.DataFrame(answers).mask(rng.random((N, ITEMS)) < 1 / 14)


@cache
def fitted(n_types: int, n_categories: int) -> Any:
    """Give the model of a theme."""
    from swvtypes.lca import LatentClassModel

    model = LatentClassModel(n_classes=n_types, n_init=100, prior=0.0, random_state=1)
    return model.fit(theme(n_types, n_categories))


def stability(
    design: tuple[int, int], resamples: int, n_init: int, workers: int, repeat: int
) -> Any:
    """Resample a fitted theme."""
    from swvtypes.typology import bootstrap_stability

    return bootstrap_stability(
        fitted(*design), resamples, n_init=n_init, random_state=repeat + 1, n_jobs=workers
    )


def tasks(plan: Plan) -> Iterator[Task]:
    """Give themes of two and three types, one worker with the peer and two without."""
    interpreter = plan.interpreters.get("phenocluster", "")
    there = bool(phenocluster.version(interpreter))
    resamples = 20 if plan.quick else RESAMPLES
    for types, categories in ((2, 2), (2, 4), (3, 2), (3, 4)):
        design = (types, categories)
        name = f"{resamples} resamples, {types} types, {categories} categories"
        for n_init in (10,) if plan.quick else (10, 100):
            if n_init == 100 and design != (3, 4):
                continue
            few = 2 if plan.quick else FEW[n_init]
            actions: dict[str, Any] = {OURS: partial(stability, design, resamples, n_init, 1)}
            if there:
                actions[phenocluster.NAME] = partial(_theirs, design, few, n_init, interpreter)
            yield Task(
                f"{name}, {n_init} starts", actions,
                {OURS: resamples, phenocluster.NAME: few}, "resamples",
                [Goal(f"seconds/{OURS}/wall/median", most=5.0)] if n_init == 10 else [],
                partial(_shown, design), partial(_warm, design),
                group=f"{resamples} resamples of a theme",
                label=f"{types} types x {categories}, {n_init}",
            )  # fmt: skip
        yield Task(
            f"{name}, 10 starts, two workers",
            {OURS: partial(stability, design, resamples, 10, 2)},
            goals=[Goal(f"seconds/{OURS}/wall/median", most=5.0)],
            shows=partial(_shown, design), warm=partial(_warm, design, 2),
        )  # fmt: skip


def _warm(design: tuple[int, int], workers: int = 1) -> None:
    stability(design, 40, 10, workers, 0)


def _theirs(
    design: tuple[int, int], resamples: int, n_init: int, interpreter: str, repeat: int
) -> Any:
    types, _ = design
    return phenocluster.stability(theme(*design), types, resamples, n_init, interpreter)


def _shown(design: tuple[int, int], found: dict[str, list[Any]]) -> dict[str, Any]:
    mine = found[OURS][0]
    shown = {
        "types": design[0],
        "categories": design[1],
        "organisations": N,
        "items": ITEMS,
        "starts": int(mine.n_init),
        "jaccard": mine.classes["jaccard"].round(3).tolist(),
        "chance": mine.classes["chance"].round(3).tolist(),
    }
    if phenocluster.NAME in found:
        shown["phenocluster"] = found[phenocluster.NAME][0]
    return shown


BENCHMARK = Benchmark(
    "typology_stability", "Stability under resampling", lambda plan: list(tasks(plan)), 5.5,
    "themes from seed 152, resamples from the number of the repeat",
)  # fmt: skip
