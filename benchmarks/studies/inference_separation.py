"""What keeps coefficients finite where a covariate separates the classes.

Data sets of 65 cases from the population of the inference studies at high separation; a yes-or-no
covariate with log odds of 2.5 of class 2 against class 1 (and 0 of class 3). Of the data sets in
which the covariate separates the classes (for which by default Firth's penalty is used), the slope
of three steps by maximum likelihood under Firth's penalty and under one pseudo-case that is spread
evenly over the classes. Run from the checkout: ``python -m
benchmarks.studies.inference_separation``. Writes ``benchmarks/results/inference_separation.json``.
"""

from __future__ import annotations

import json
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.studies.inference_designs import ITEMS, generator, population
from swvtypes.errors import SeparationWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.families import Parameters
from swvtypes.lca.inference_alignment import align_classes
from swvtypes.lca.simulate import simulate_values
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.parallel import run_parallel

SEED = 20261130
N, SLOPE, DATA_SETS = 65, 2.5, 300
CONSTANTS = np.array([0.0, -2.5, 0.0])
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_separation.json"


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Parameters]:
    """Answers, the covariate, and the population."""
    truth = population("high", (1 / 3, 1 / 3, 1 / 3))
    b = rng.integers(0, 2, N)
    eta = CONSTANTS + np.outer(b, [0.0, SLOPE, 0.0])
    shares = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    c = (rng.random(N)[:, None] > shares.cumsum(axis=1)).sum(axis=1)
    values = np.empty((N, 6))
    for k in range(3):
        mine = np.flatnonzero(c == k)
        log_shares = np.where(np.arange(3) == k, 0.0, -np.inf)[None]
        group = np.zeros(len(mine), dtype=np.intp)
        only = Parameters(log_shares, truth.tables)
        values[mine] = simulate_values(ITEMS, only, group, rng)[0]
    return values.astype(int), b, truth


def one(r: int) -> dict[str, float]:
    """Slopes of one data set by what kept them finite; empty where nothing had to."""
    values, b, truth = draw(generator(SEED, r))
    X, Z = pd.DataFrame(values), pd.DataFrame({"b": b})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
        order = align_classes(truth, model.fit_.parameters)
        reference = int(order[0]) + 1

        def slope(prior: float | str) -> float:
            spec = CovariateSpec("ml", errors="apparent", reference=reference, prior=prior)
            return float(relate_covariates(model, X, Z, spec).gamma[1, order[1]])

        slope("auto")
        if not any(issubclass(w.category, SeparationWarning) for w in caught):
            return {}
        return {"firth": slope("firth"), "one_case": slope(1.0)}


def main(data_sets: int = DATA_SETS, n_jobs: int = 2) -> None:
    """Run the study and write the results."""
    start = time.perf_counter()
    found = [run for run in run_parallel(partial(one), range(data_sets), n_jobs) if run]
    results: dict[str, object] = {
        "seed": SEED, "n": N, "truth": SLOPE, "data_sets": data_sets, "separated": len(found),
    }  # fmt: skip
    for how in ("firth", "one_case"):
        slopes = np.array([run[how] for run in found])
        results[how] = {
            "median": float(np.median(slopes)),
            "mean": float(slopes.mean()),
            "monte_carlo_error": float(slopes.std(ddof=1) / np.sqrt(len(slopes))),
            "root_mean_squared_error": float(np.sqrt(((slopes - SLOPE) ** 2).mean())),
            "largest": float(np.abs(slopes).max()),
        }
    results["seconds"] = round(time.perf_counter() - start)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
