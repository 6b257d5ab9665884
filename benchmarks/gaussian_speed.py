"""Continuous indicators: profiles with variances free by class, beside StepMix and scikit-learn.

All fit the same model (class-specific means and variances, independent within classes) from as many
random starts and stop at the same gain in the average log-likelihood. Floors differ: ours holds
variances above a hundredth of a column's, the others add a constant. Full covariances, which
scikit-learn and StepMix fit, are not offered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import OURS, Benchmark, Plan, Task
from benchmarks.peers import sklearn, stepmix

TOLERANCE, SEED, N_CLASSES = 1e-8, 20261122, 3


def profiles(n: int, n_items: int = 5) -> pd.DataFrame:
    """Three classes, two standard deviations apart on each indicator, spreads unequal."""
    rng = np.random.default_rng(SEED)
    c = rng.integers(N_CLASSES, size=n)
    means = 2.0 * rng.permuted(np.tile(np.arange(N_CLASSES), (n_items, 1)), axis=1)
    spread = np.array([0.7, 1.0, 1.4])
    y = rng.normal(means[:, c].T, spread[c][:, None])
    return pd.DataFrame(y, columns=[f"y{j}" for j in range(n_items)])


def ours(frame: pd.DataFrame, n_init: int, repeat: int = 0) -> float:
    """Log-likelihood by the engine."""
    from swvtypes.lca import LatentClassModel

    model = LatentClassModel(
        N_CLASSES, indicators=dict.fromkeys(frame, "continuous"), variances="free",
        variance_floor=0.01, n_init=n_init, tol=TOLERANCE, random_state=1,
    )  # fmt: skip
    return float(model.fit(frame).log_likelihood_)


def _stepmix(frame: pd.DataFrame, n_init: int, repeat: int = 0) -> float:
    found = stepmix.fit(frame, N_CLASSES, n_init, TOLERANCE, "continuous")
    return float(found.score(frame) * len(frame))


def _sklearn(frame: pd.DataFrame, n_init: int, repeat: int = 0) -> float:
    found = sklearn.fit(frame, N_CLASSES, n_init, TOLERANCE, "diag")
    return float(found.score(frame) * len(frame))


def tasks(plan: Plan) -> Iterator[Task]:
    """Give a small and a long set."""
    for n, n_init in ((152, 5), (2_000, 1)) if plan.quick else ((152, 100), (100_000, 1)):
        frame = profiles(n)
        actions: dict[str, Any] = {OURS: partial(ours, frame, n_init)}
        if stepmix.there():
            actions[stepmix.NAME] = partial(_stepmix, frame, n_init)
        actions[sklearn.NAME] = partial(_sklearn, frame, n_init)
        few = profiles(60)
        starts = "one start" if n_init == 1 else f"{n_init} starts"
        yield Task(
            f"{n:,} x 5 continuous, K=3, {starts}", actions, shows=_shown,
            group=f"{n:,} x 5 continuous", label="K=3",
            warm=lambda few=few: (ours(few, 2), _sklearn(few, 2)),  # type: ignore[misc]
        )  # fmt: skip


def _shown(found: dict[str, list[float]]) -> dict[str, Any]:
    return {"log_likelihood": {engine: max(values) for engine, values in found.items()}}


BENCHMARK = Benchmark(
    "gaussian_speed", "Continuous indicators", lambda plan: list(tasks(plan)), 0.8,
    "data from 20261122, starts from 1",
)  # fmt: skip
