"""Bootstrap likelihood-ratio test against StepMix, 2 against 3 classes on `sim152`.

Ours with 499 replicates of 20 starts, StepMix with few replicates of as many starts and the same
tolerance on the average log-likelihood of a case. Rates are per fit of both models and start; both
also fit the data themselves, which makes one data set more than there are replicates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.lca_speed import sim152, warm
from benchmarks.measuring import OURS, Benchmark, Goal, Plan, Task
from benchmarks.peers import stepmix

TOLERANCE = 1e-9


def tasks(plan: Plan) -> Iterator[Task]:
    """Give the one task."""
    n_boot, n_init, few = (19, 5, 1) if plan.quick else (499, 20, 5)
    name = f"bootstrap test on sim152, K=2 against 3, {n_boot} x {n_init} starts"
    if plan.data is None:
        yield Task(name, skipped="the reference data are not there")
        return
    frame = sim152(plan.data)

    def ours(repeat: int) -> Any:
        from swvtypes.lca import bootstrap_lrt

        return bootstrap_lrt(
            frame, 2, n_boot, n_init=n_init, tol=TOLERANCE, random_state=repeat + 1, n_jobs=-1
        )

    actions = {OURS: ours}
    if stepmix.there():
        actions[stepmix.NAME] = lambda repeat: stepmix.bootstrap_test(
            frame, 2, few, n_init, TOLERANCE
        )
    yield Task(
        name, actions, {OURS: (n_boot + 1) * n_init, stepmix.NAME: (few + 1) * n_init},
        "data sets times starts",
        [Goal(f"seconds/{OURS}/wall/median", most=7.0),
         Goal(f"ratio/{stepmix.NAME}/wall/median", least=250.0)],
        _shown, warm, group="bootstrap test", label="K=2 or 3",
    )  # fmt: skip


def _shown(found: dict[str, list[Any]]) -> dict[str, Any]:
    return {"p_values": [float(test.p_value) for test in found[OURS]]}


BENCHMARK = Benchmark(
    "lca_bootstrap", "Bootstrap likelihood-ratio test", lambda plan: list(tasks(plan)), 0.6,
    "ours from the number of the repeat, StepMix from 1",
)  # fmt: skip
