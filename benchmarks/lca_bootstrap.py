"""Bootstrap likelihood-ratio test against StepMix 3.0, paired in one process.

Run ``python benchmarks/lca_bootstrap.py [--repeats 3] [--data FOLDER] [--out FILE]``. Every repeat
times 2 against 3 classes on `sim152`: ours with 499 replicates of 20 starts, then StepMix with
few replicates of as many starts and the same tolerance on the average log-likelihood of a case.
Rates are per replicate and start; medians are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "reference" / "data"
TOLERANCE = 1e-9
N_BOOT, N_INIT = 499, 20


def ours(frame: pd.DataFrame, n_jobs: int) -> tuple[float, float]:
    """Give seconds and the p-value."""
    from swvtypes.lca import bootstrap_lrt

    start = time.perf_counter()
    test = bootstrap_lrt(
        frame, 2, N_BOOT, n_init=N_INIT, tol=TOLERANCE, random_state=1, n_jobs=n_jobs
    )
    return time.perf_counter() - start, test.p_value


def stepmix(frame: pd.DataFrame, n_boot: int) -> float:
    """Give seconds of a bootstrap with few replicates."""
    from stepmix import StepMix
    from stepmix.bootstrap import blrt

    def model(n_classes: int) -> Any:
        return StepMix(
            n_components=n_classes, measurement="categorical", n_init=N_INIT, random_state=1,
            abs_tol=TOLERANCE, rel_tol=0.0, max_iter=5000, progress_bar=0, verbose=0,
        )  # fmt: skip

    codes = frame - frame.min()
    start = time.perf_counter()
    blrt(model(2), model(3), codes, n_repetitions=n_boot, random_state=1)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--n-jobs", type=int, default=-1)
    parser.add_argument("--stepmix-replicates", type=int, default=5)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    frame = pd.read_csv(asked.data / "sim152.csv")
    warnings.simplefilter("ignore")
    seconds, theirs, p = [], [], []
    for _ in range(asked.repeats):
        one, value = ours(frame, asked.n_jobs)
        seconds.append(one)
        p.append(value)
        theirs.append(stepmix(frame, asked.stepmix_replicates))
    # Both also fit the data themselves: one data set more than there are replicates.
    mine = [s / ((N_BOOT + 1) * N_INIT) for s in seconds]
    other = [s / ((asked.stepmix_replicates + 1) * N_INIT) for s in theirs]
    ratios = [b / a for a, b in zip(mine, other, strict=True)]
    result = {
        "seconds": seconds,
        "median_seconds": statistics.median(seconds),
        "stepmix_seconds": theirs,
        "stepmix_replicates": asked.stepmix_replicates,
        "times_stepmix_rate": statistics.median(ratios),
        "p_values": p,
        "n_boot": N_BOOT,
        "n_init": N_INIT,
        "n_jobs": asked.n_jobs,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else np.nan,
    }
    text = json.dumps(result, indent=1)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
