"""How often 2,000 starts come to the best known optima of overfitted models.

Run ``python benchmarks/lca_optima.py [--seeds 20] [--data FOLDER] [--store]``. On `sim152` with
4, 5 and 6 classes the best solution is one that poLCAParallel met once in 1,000 starts. Every seed
is a fit of its own with 2,000 starts; StepMix is timed once a number of classes with 100 starts.
With ``--store`` the figures go into ``benchmarks/results/lca_optima.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lca_speed import DATA, clock, machine, ours, stepmix

STORE = Path(__file__).resolve().parent / "results" / "lca_optima.json"
N_INIT, WITHIN = 2000, 0.5


def study(frame: pd.DataFrame, n_classes: int, known: float, seeds: range) -> dict[str, Any]:
    """Fit one model from many seeds; figures by seed."""
    wall, work, above, found = [], [], [], []
    for seed in seeds:
        seconds, processor, model = clock(lambda s=seed: ours(frame, n_classes, N_INIT, s))
        wall.append(round(seconds, 3))
        work.append(round(processor, 3))
        above.append(round(model.log_likelihood_ - known, 4))
        found.append(int(model.fit_.times_found))
    difference = np.array(above)
    theirs = clock(lambda: stepmix(frame - frame.min(), n_classes, 100))
    peer = float(theirs[2].score(frame - frame.min()) * len(frame)) - known
    return {
        "best_known": known,
        "starts": N_INIT,
        "seeds": len(seeds),
        "seeds_within_half_a_point_or_above": int((difference > -WITHIN).sum()),
        "seeds_above_by_more_than_0.001": int((difference > 1e-3).sum()),
        "highest": float(difference.max()),
        "median": float(np.median(difference)),
        "lowest": float(difference.min()),
        "difference_by_seed": above,
        "times_found_by_seed": found,
        "median_seconds": {"wall": statistics.median(wall), "processor": statistics.median(work)},
        "stepmix_of_100_starts": {
            "wall": round(theirs[0], 2),
            "processor": round(theirs[1], 2),
            "difference": round(peer, 4),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--store", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    frame = pd.read_csv(asked.data / "data" / "sim152.csv")
    best = json.loads((asked.data / "best_known.json").read_text())["best_known"]["sim152"]
    result: dict[str, Any] = {"data": "sim152", "tolerance": 1e-10, "classes": {}}
    for K in (4, 5, 6):
        figures = study(frame, K, best[f"K{K}"]["best_loglik"], range(1, asked.seeds + 1))
        result["classes"][str(K)] = figures
        shown = {k: v for k, v in figures.items() if not k.endswith("by_seed")}
        print(K, json.dumps(shown), flush=True)
    if asked.store:
        STORE.write_text(json.dumps(result | {"machine": machine()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
