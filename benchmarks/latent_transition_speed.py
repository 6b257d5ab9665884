"""The latent transition model against hmmlearn's categorical model, run start by start.

Both get 20 starts of 3 classes with the same transition probabilities at every step, one thread,
and the same tolerance on the gain in log-likelihood of an iteration. hmmlearn knows no weights and
is given every unit. Of the large panel only hmmlearn's first five starts are timed, and rates are
per start.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measuring import OURS, Benchmark, Goal, Plan, Task
from benchmarks.peers import hmmlearn

N_CLASSES, N_STARTS, TOLERANCE, MOST = 3, 20, 1e-3, 5000
MANY, FEW_STARTS = 1000, 5


def ours(long: pd.DataFrame, n_units: int, n_starts: int, repeat: int = 0) -> float:
    """Log-likelihood of the best start, exchanges and last digits included."""
    from swvtypes.longitudinal import LatentTransitionModel

    model = LatentTransitionModel(
        N_CLASSES, transitions="homogeneous", n_init=n_starts, max_iter=MOST,
        tol=TOLERANCE / n_units, random_state=1, n_jobs=1,
    )  # fmt: skip
    return float(model.fit(long, unit="id", wave="wave", indicators=["y"]).log_likelihood_)


def simulated(n: int = 1718) -> np.ndarray:
    """Answers at seven waves; classes overlap, a tenth moves at each step."""
    rng = np.random.default_rng(20261122)
    p = np.array(
        [[0.45, 0.3, 0.15, 0.07, 0.03], [0.1, 0.2, 0.4, 0.2, 0.1], [0.03, 0.07, 0.15, 0.3, 0.45]]
    )
    moves = np.array([[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.02, 0.08, 0.9]])
    c = (rng.random(n)[:, None] > np.array([0.3, 0.4, 0.3]).cumsum()).sum(axis=1)
    out = np.empty((n, 7), dtype=int)
    for t in range(7):
        out[:, t] = (rng.random(n)[:, None] > p[c].cumsum(axis=1)[:, :-1]).sum(axis=1)
        c = (rng.random(n)[:, None] > moves[c].cumsum(axis=1)[:, :-1]).sum(axis=1)
    return out


def panels(data: Path | None) -> Iterator[tuple[str, np.ndarray]]:
    """Panels by name, units by waves, codes from 0."""
    drug = None if data is None else data / "data" / "lmest_data_drug.csv"
    if drug is not None and drug.is_file():
        wide = pd.read_csv(drug)
        codes = wide[[f"V{t}" for t in range(1, 6)]].to_numpy() - 1
        yield "237 x 5, marijuana use", np.repeat(codes, wide["V6"].to_numpy(int), axis=0)
    yield "1,718 x 7, simulated", simulated()


def long_form(answers: np.ndarray) -> pd.DataFrame:
    """One row a unit and wave."""
    n, waves = answers.shape
    return pd.DataFrame(
        {"id": np.repeat(np.arange(n), waves), "wave": np.tile(np.arange(waves), n),
         "y": answers.ravel()}
    )  # fmt: skip


def tasks(plan: Plan) -> Iterator[Task]:
    """Give a task a panel."""
    for name, panel in panels(plan.data):
        answers = panel[:40] if plan.quick else panel
        starts = FEW_STARTS if plan.quick else N_STARTS
        few = 1 if plan.quick else (starts if len(answers) < MANY else FEW_STARTS)
        actions: dict[str, Any] = {OURS: partial(ours, long_form(answers), len(answers), starts)}
        if hmmlearn.there():
            actions[hmmlearn.NAME] = partial(_theirs, answers, few)
        yield Task(
            f"latent transitions, {name}, {starts} starts", actions,
            {OURS: starts, hmmlearn.NAME: few}, "starts",
            [Goal(f"ratio/{hmmlearn.NAME}/processor/median", least=20.0)], _shown,
            lambda: ours(long_form(simulated(50)), 50, 2),
            group="latent transitions", label=f"{len(answers):,} x {answers.shape[1]}",
        )  # fmt: skip


def _theirs(answers: np.ndarray, n_starts: int, repeat: int) -> float:
    return hmmlearn.fit(answers, N_CLASSES, n_starts, TOLERANCE, MOST)


def _shown(found: dict[str, list[float]]) -> dict[str, Any]:
    return {"log_likelihood": {engine: max(values) for engine, values in found.items()}}


BENCHMARK = Benchmark(
    "latent_transition_speed", "Latent transitions", lambda plan: list(tasks(plan)), 12.0,
    "ours from seed 1, hmmlearn's starts from seeds 0, 1, ...; simulated panel 20261122",
)  # fmt: skip
