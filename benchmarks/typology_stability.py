"""Time of 500 resamples of a five-item theme at 152 organisations.

Run from the checkout: ``python -m benchmarks.typology_stability``. Writes
``benchmarks/results/typology_stability.json``. A pipeline of the same kind (phenocluster 0.4 with
stepmix 3.0, its defaults, one five-item theme) took 346 seconds on two cores.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.lca import LatentClassModel
from swvtypes.typology import bootstrap_stability

RESULTS = Path(__file__).resolve().parent / "results" / "typology_stability.json"
SEED = 152
N, ITEMS, RESAMPLES = 152, 5, 500


def theme(n_types: int, n_categories: int) -> pd.DataFrame:
    """Answers of as many types, one answer in fourteen missing."""
    rng = np.random.default_rng([SEED, n_types, n_categories])
    types = rng.integers(n_types, size=N)
    chances = rng.dirichlet(np.ones(n_categories), (n_types, ITEMS)).cumsum(axis=2)
    u = rng.random((N, ITEMS))
    answers = (u[..., None] > chances[types][..., :-1]).sum(axis=2).astype(float)
    return pd.DataFrame(answers).mask(rng.random((N, ITEMS)) < 1 / 14)


def main() -> None:
    found = []
    bootstrap_stability(
        theme(2, 2), 40, n_classes=2, random_state=1, n_jobs=2
    )  # loads what is imported late
    for n_types in (2, 3):
        for n_categories in (2, 4):
            model = LatentClassModel(n_classes=n_types, n_init=100, prior=0.0, random_state=1)
            model.fit(theme(n_types, n_categories))
            for n_jobs in (1, 2):
                wall, cpu = time.perf_counter(), time.process_time()
                result = bootstrap_stability(model, RESAMPLES, random_state=1, n_jobs=n_jobs)
                found.append(
                    {
                        "types": n_types,
                        "categories": n_categories,
                        "workers": n_jobs,
                        "seconds": round(time.perf_counter() - wall, 2),
                        "cpu_seconds_here": round(time.process_time() - cpu, 2),
                        "load": round(os.getloadavg()[0], 1),
                        "starts": result.n_init,
                        "jaccard": result.classes["jaccard"].round(3).tolist(),
                        "chance": result.classes["chance"].round(3).tolist(),
                    }
                )
    RESULTS.parent.mkdir(exist_ok=True)
    head = {"organisations": N, "items": ITEMS, "resamples": RESAMPLES, "cores": os.cpu_count()}
    RESULTS.write_text(json.dumps({**head, "runs": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
