"""How long a whole typology takes: the simulated 2014 wave, both sectors, all themes, all routes.

No peer does this in one run. Processor seconds count all processes that were started.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.measuring import OURS, Benchmark, Goal, Measured, Plan, Task

SEED, N_JOBS = 1, 2


def processor_seconds() -> float:
    """Of this process and of those it started that have ended."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def run(quick: bool, toy: bool, repeat: int = 0) -> Measured:
    """Fit the typology of the wave."""
    from joblib.externals.loky import get_reusable_executor

    import swvtypes as sw

    wave = sw.load_wave("start_2014", seed=SEED)
    small = {"n_init": 5, "max_classes": 2} if toy else {}
    wall, busy = time.perf_counter(), processor_seconds()
    found = sw.Typology(random_state=1, n_jobs=N_JOBS, quick=quick, **small).fit(wave)
    seconds = time.perf_counter() - wall
    get_reusable_executor().shutdown(wait=True)  # only processes that ended are counted
    return Measured(seconds, processor_seconds() - busy, found)


def tasks(plan: Plan) -> Iterator[Task]:
    """Give the quick look and the full run."""
    yield Task(
        "typology of a wave, quick look", {OURS: partial(run, True, plan.quick)},
        goals=[Goal(f"seconds/{OURS}/wall/median", most=30.0)], shows=_shown,
    )  # fmt: skip
    if not plan.quick:
        yield Task(
            "typology of a wave, full run", {OURS: partial(run, False, False)},
            goals=[Goal(f"seconds/{OURS}/wall/median", most=300.0)], shows=_shown, repeats=1,
        )  # fmt: skip


def _shown(results: dict[str, list[Any]]) -> dict[str, Any]:
    found = results[OURS][-1]
    return {
        "n_boot": found.options.n_boot,
        "n_init": found.options.n_init,
        "max_classes": found.options.max_classes,
        "workers": N_JOBS,
        "classes": {name: theme.n_classes for name, theme in found.themes_.items()},
        "types": {key: part.model.n_types for key, part in found.superclusters_.items()},
        "verdicts": {k: part.verdict.get("verdict") for k, part in found.superclusters_.items()},
        "shares": {k: round(float(v), 3) for k, v in found.membership_.shares.items()},
    }


BENCHMARK = Benchmark(
    "typology_run", "A whole typology", lambda plan: list(tasks(plan)), 3.0,
    "wave from seed 1, fits from seed 1",
)  # fmt: skip
