"""Level and power of the test whether profiles are equal over waves.

Two types (60% and 40%), two waves, five items, 10% true moves, as in
:mod:`benchmarks.studies.latent_transition`, and 60 organisations. Under ``equal`` both waves have
the same profiles; under ``one item changed`` the last item tells the types apart at the first wave
only. The settings are the cheapest at which a test at 5% exists: 19 simulated panels and two starts
a fit, so that the test rejects when the ratio of the data is above all 19.

Run from the checkout: ``python -m benchmarks.studies.latent_transition_invariance [--partial
FOLDER]``. Writes ``benchmarks/results/latent_transition_invariance.json``.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.studies.latent_transition import draw
from swvtypes.longitudinal import InvarianceOptions, invariance_test

SEED = 60125
N, N_ITEMS, N_BOOT, N_INIT = 60, 5, 19, 2
CELLS = {"equal": 400, "one item changed": 60}
RESULTS = Path(__file__).resolve().parents[1] / "results" / "latent_transition_invariance.json"
BLOCK = 20


def panel(changed: bool, r: int) -> pd.DataFrame:
    """Answers of one data set, long."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(int(changed), r)))
    first, second = draw(N, N_ITEMS, rng)
    if changed:
        second[f"i{N_ITEMS - 1}"] = (rng.random(N) < 0.5).astype(int)
    return pd.concat([w.assign(id=np.arange(N), wave=t) for t, w in enumerate((first, second))])


def one(changed: bool, r: int) -> tuple[float, bool]:
    """Bootstrap p-value of one data set, and whether BIC prefers free profiles."""
    options = InvarianceOptions(n_boot=N_BOOT, n_init=N_INIT, random_state=r, n_jobs=1)
    items = [f"i{j}" for j in range(N_ITEMS)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = invariance_test(
            panel(changed, r), "id", "wave", items, n_classes=2, options=options
        )
    return found.p_value, found.bic_prefers == "free"


def summarise(runs: list[tuple[float, bool]]) -> dict[str, object]:
    """How often the test rejects at 5%, the mean p-value, and how often BIC frees the profiles."""
    p = np.array([value for value, _ in runs])
    return {
        "data_sets": len(runs),
        "rejected_at_5_percent": float((p <= 0.05 + 1e-12).mean()),
        "rejected_at_25_percent": float((p <= 0.25 + 1e-12).mean()),
        "mean_p_value": float(p.mean()),
        "bic_prefers_free": float(np.mean([free for _, free in runs])),
    }


def main() -> None:
    """Run both cells; blocks that are done are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partial", type=Path, help="folder for data sets that are done")
    folder = parser.parse_args().partial
    found: dict[str, object] = {
        "seed": SEED, "organisations": N, "items": N_ITEMS, "replicates": N_BOOT, "starts": N_INIT,
    }  # fmt: skip
    for name, n_sets in CELLS.items():
        runs: list[tuple[float, bool]] = []
        seconds = 0.0
        for first in range(0, n_sets, BLOCK):
            kept = None if folder is None else folder / f"{SEED}_{name.replace(' ', '_')}_{first}"
            if kept is not None and kept.is_file():
                block, spent = json.loads(kept.read_text())
            else:
                start = time.process_time()
                block = [one(name != "equal", r) for r in range(first, min(first + BLOCK, n_sets))]
                spent = time.process_time() - start
                if kept is not None:
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_text(json.dumps([block, spent]))
            runs += [(float(p), bool(free)) for p, free in block]
            seconds += spent
        found[name] = summarise(runs) | {"processor_seconds": round(seconds)}
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
