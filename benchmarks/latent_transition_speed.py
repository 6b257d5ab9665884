"""The latent transition model against hmmlearn's categorical model, run start by start.

Run ``python benchmarks/latent_transition_speed.py [--repeats 3] [--data FOLDER] [--store]``. It
needs hmmlearn (``pip install 'swvtypes[benchmark]'``) and says so where it is absent; nothing else
of the project uses it. Both get 20 starts of 3 classes with the same transition probabilities at
every step, one thread, and the same tolerance on the gain in log-likelihood of an iteration.
hmmlearn knows no weights and is given every unit. The panel of 237 units at five waves is read
where the reference data stand; that of 1,718 units at seven waves, one item of five categories, is
simulated. There hmmlearn's starts take minutes together, so that the first five are timed and the
time of twenty is four times theirs, unless ``--peer-starts 20`` asks for all; how many were timed
stands with the figures.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

N_CLASSES, N_STARTS, TOLERANCE, MOST = 3, 20, 1e-3, 5000
MANY, FEW_STARTS = 1000, 5
STORE = Path(__file__).resolve().parent / "results" / "latent_transition_speed.json"
DATA = Path(__file__).resolve().parents[2] / "shared" / "reference"


def ours(long: pd.DataFrame, n_units: int) -> float:
    """Log-likelihood of the best of 20 starts, exchanges and last digits included."""
    from swvtypes.longitudinal import LatentTransitionModel

    model = LatentTransitionModel(
        N_CLASSES, transitions="homogeneous", n_init=N_STARTS, max_iter=MOST,
        tol=TOLERANCE / n_units, random_state=1, n_jobs=1,
    )  # fmt: skip
    return model.fit(long, unit="id", wave="wave", indicators=["y"]).log_likelihood_


def peer(answers: np.ndarray, n_starts: int) -> float:
    """Log-likelihood of the best of some starts of hmmlearn."""
    from hmmlearn.hmm import CategoricalHMM

    lengths = [answers.shape[1]] * len(answers)
    column = answers.reshape(-1, 1)
    best = -np.inf
    for start in range(n_starts):
        model = CategoricalHMM(N_CLASSES, n_iter=MOST, tol=TOLERANCE, random_state=start)
        best = max(best, model.fit(column, lengths).score(column, lengths))
    return float(best)


def simulated() -> np.ndarray:
    """Answers of 1,718 units at seven waves; classes overlap, a tenth moves at each step."""
    rng = np.random.default_rng(20261122)
    p = np.array(
        [[0.45, 0.3, 0.15, 0.07, 0.03], [0.1, 0.2, 0.4, 0.2, 0.1], [0.03, 0.07, 0.15, 0.3, 0.45]]
    )
    moves = np.array([[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.02, 0.08, 0.9]])
    c = (rng.random(1718)[:, None] > np.array([0.3, 0.4, 0.3]).cumsum()).sum(axis=1)
    out = np.empty((1718, 7), dtype=int)
    for t in range(7):
        out[:, t] = (rng.random(1718)[:, None] > p[c].cumsum(axis=1)[:, :-1]).sum(axis=1)
        c = (rng.random(1718)[:, None] > moves[c].cumsum(axis=1)[:, :-1]).sum(axis=1)
    return out


def panels(data: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Panels by name, units by waves, codes from 0."""
    drug = data / "data" / "lmest_data_drug.csv"
    if drug.is_file():
        wide = pd.read_csv(drug)
        codes = wide[[f"V{t}" for t in range(1, 6)]].to_numpy() - 1
        yield "237 x 5, marijuana use", np.repeat(codes, wide["V6"].to_numpy(int), axis=0)
    yield "1,718 x 7, simulated", simulated()


def long_form(answers: np.ndarray) -> pd.DataFrame:
    n, waves = answers.shape
    return pd.DataFrame(
        {"id": np.repeat(np.arange(n), waves), "wave": np.tile(np.arange(waves), n),
         "y": answers.ravel()}
    )  # fmt: skip


def clock(action: Callable[[], float]) -> tuple[float, float]:
    """Seconds of the processor, log-likelihood."""
    start = time.process_time()
    return (action(), time.process_time() - start)[::-1]  # type: ignore[return-value]


def compare(answers: np.ndarray, repeats: int, peer_starts: int) -> dict[str, Any]:
    """Time both in turn; hmmlearn's time is brought to 20 starts."""
    long, n = long_form(answers), len(answers)
    mine, theirs = [], []
    for _ in range(repeats):
        seconds, found = clock(lambda: ours(long, n))
        mine.append(seconds)
        seconds, other = clock(lambda: peer(answers, peer_starts))
        theirs.append(seconds * N_STARTS / peer_starts)
    ratio = [b / a for a, b in zip(mine, theirs, strict=True)]
    return {
        "ours_seconds": round(statistics.median(mine), 4),
        "hmmlearn_seconds": round(statistics.median(theirs), 3),
        "times_as_fast": round(statistics.median(ratio), 1),
        "times_as_fast_range": [round(min(ratio), 1), round(max(ratio), 1)],
        "log_likelihood": {"ours": found, "hmmlearn": other},
        "hmmlearn_starts_timed": peer_starts, "repeats": repeats,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer-starts", type=int, help="hmmlearn's starts that are timed")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--store", action="store_true", help="keep the figures")
    options = parser.parse_args()
    if importlib.util.find_spec("hmmlearn") is None:
        print("skipped: hmmlearn is not installed (pip install 'swvtypes[benchmark]')")
        return
    warnings.simplefilter("ignore")
    import logging

    logging.getLogger("hmmlearn").setLevel(logging.ERROR)
    ours(long_form(simulated()[:50]), 50)
    found: dict[str, Any] = {}
    for name, answers in panels(options.data):
        starts = options.peer_starts or (N_STARTS if len(answers) < MANY else FEW_STARTS)
        found[name] = compare(answers, options.repeats, starts)
        print(name, json.dumps(found[name]), flush=True)
    if options.store:
        packages = ("numpy", "scipy", "pandas", "hmmlearn")
        about = {
            "tolerance": TOLERANCE, "classes": N_CLASSES, "starts": N_STARTS, "threads": 1,
            "seconds": "of the processor", "processor": platform.machine(),
            "python": platform.python_version(),
            "load_average": round(os.getloadavg()[0], 2),
            **{p: importlib.metadata.version(p) for p in packages},
        }  # fmt: skip
        STORE.write_text(json.dumps({"about": about, "panels": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
