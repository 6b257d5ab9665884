"""How long a whole typology takes: the simulated 2014 wave, both sectors, all themes, all routes.

Run from the checkout: ``python -m benchmarks.typology_run [seed] [quick|full|both]``. Writes
``benchmarks/results/typology_run.json``: wall seconds on this machine, processor seconds of all
processes, and how busy the machine was (load average of the last minute; above its cores the wall
seconds say little).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from joblib.externals.loky import get_reusable_executor

import swvtypes as sw

RESULTS = Path(__file__).resolve().parent / "results" / "typology_run.json"


def processor_seconds() -> float:
    """Of this process and of those it started that have ended."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def timed(seed: int, quick: bool) -> dict[str, Any]:
    wave = sw.load_wave("start_2014", seed=seed)
    wall, busy = time.perf_counter(), processor_seconds()
    found = sw.Typology(random_state=1, n_jobs=2, quick=quick).fit(wave)
    seconds = time.perf_counter() - wall
    get_reusable_executor().shutdown(wait=True)  # only processes that ended are counted
    return {
        "wall_seconds": round(seconds, 1),
        "processor_seconds": round(processor_seconds() - busy, 1),
        "load_average": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
        "n_boot": found.options.n_boot,
        "n_init": found.options.n_init,
        "max_classes": found.options.max_classes,
        "classes": {name: theme.n_classes for name, theme in found.themes_.items()},
        "types": {key: part.model.n_types for key, part in found.superclusters_.items()},
        "verdicts": {k: part.verdict.get("verdict") for k, part in found.superclusters_.items()},
        "shares": {k: round(float(v), 3) for k, v in found.membership_.shares.items()},
    }


def main(seed: int = 1, which: str = "both") -> None:
    stored = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    for name, quick in (("quick", True), ("full", False)):
        if which in (name, "both"):
            stored[name] = {"seed": seed, **timed(seed, quick)}
            print(name, stored[name])
            RESULTS.write_text(json.dumps(stored, indent=1) + "\n")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else 1, arguments[1] if len(arguments) > 1 else "both")
