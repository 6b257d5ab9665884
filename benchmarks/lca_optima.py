"""How often 2,000 starts come to the best known optima of overfitted models.

On `sim152` with 4, 5 and 6 classes the best solution is one that poLCAParallel met once in 1,000
starts; its log-likelihood is read from the stored results of that R package. Every seed is a fit of
its own with 2,000 starts; StepMix is timed beside the first ones with 100 starts.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from benchmarks.lca_speed import TOLERANCE, ours, sim152, warm
from benchmarks.measuring import OURS, Benchmark, Goal, Plan, Task
from benchmarks.peers import stepmix

N_INIT, SEEDS, WITHIN = 2000, 20, 0.5


def tasks(plan: Plan) -> Iterator[Task]:
    """Give a task a number of classes."""
    n_init, peer_init, seeds = (50, 5, 2) if plan.quick else (N_INIT, 100, SEEDS)
    for K in (4, 5, 6):
        name = f"optima of sim152, K={K}, {n_init:,} starts against {peer_init}"
        if plan.data is None:
            yield Task(name, skipped="the reference data are not there")
            continue
        frame = sim152(plan.data)
        stored = json.loads((plan.data / "best_known.json").read_text(encoding="utf-8"))
        known = float(stored["best_known"]["sim152"][f"K{K}"]["best_loglik"])
        actions: dict[str, Any] = {OURS: partial(_ours, frame, K, n_init)}
        if stepmix.there():
            actions[stepmix.NAME] = partial(_theirs, frame, K, peer_init)
        yield Task(
            name, actions, group="optima of sim152", label=f"K={K}", repeats=seeds,
            peer_repeats=1 if plan.quick else 3, warm=warm,
            shows=partial(_shown, known),
            goals=[Goal("shown/seeds_within_half_a_point_or_above", least=seeds),
                   Goal(f"ratio/{stepmix.NAME}/wall/median", least=1.0)],
        )  # fmt: skip


def _ours(frame: pd.DataFrame, n_classes: int, n_init: int, repeat: int) -> tuple[float, int]:
    model = ours(frame, n_classes, n_init, repeat + 1)
    return model.log_likelihood_, int(model.fit_.times_found)


def _theirs(frame: pd.DataFrame, n_classes: int, n_init: int, repeat: int) -> float:
    found = stepmix.fit(frame, n_classes, n_init, TOLERANCE)
    return float(found.score(frame) * len(frame))


def _shown(known: float, found: dict[str, list[Any]]) -> dict[str, Any]:
    above = [round(value - known, 4) for value, _ in found[OURS]]
    shown: dict[str, Any] = {
        "best_known": known,
        "seeds": len(above),
        "seeds_within_half_a_point_or_above": sum(gap > -WITHIN for gap in above),
        "seeds_above_by_more_than_0.001": sum(gap > 1e-3 for gap in above),
        "highest": max(above),
        "median": statistics.median(above),
        "lowest": min(above),
        "difference_by_seed": above,
        "times_found_by_seed": [times for _, times in found[OURS]],
    }
    if stepmix.NAME in found:
        shown["stepmix_difference"] = round(max(found[stepmix.NAME]) - known, 4)
    return shown


BENCHMARK = Benchmark(
    "lca_optima", "Best solutions of overfitted models", lambda plan: list(tasks(plan)), 2.5,
    "seeds 1 to 20, one a repeat; StepMix from 1",
)  # fmt: skip
