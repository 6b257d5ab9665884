"""Type I error and coverage of both engines where truth is known.

Tests: a covariate or an outcome that has nothing to do with three classes (items of Bakk and Kuha
2018, probability .8), by the Wald test of every method of ours; StepMix gives no standard errors
and no such test. A third class where there are two, by the bootstrap likelihood-ratio test of both
on the same data sets, 19 replicates, so that a sound test rejects 5%: ours with ten starts, StepMix
with one (its default) and, on fewer sets, with five. Coverage: 95% intervals of class means of an
outcome on the design of the paper at probability .9, ours by the standard errors that step one is
part of, StepMix's by the standard deviation over 50 bootstrap samples. Needs StepMix. Run from the
checkout: ``python -m benchmarks.studies.stepmix_levels [--sets 0.1]``. Writes
``benchmarks/results/stepmix_levels.json``; parts that are stored with as many data sets are not
run again.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers import stepmix as peer
from benchmarks.storing import read_json, write_json
from benchmarks.studies.inference_designs import generator
from benchmarks.studies.stepmix_engines import (
    METHODS,
    N_INIT,
    fit_ours,
    order_of,
    ours,
    stepmix,
    theirs,
    truth_of,
)

RESULTS = Path(__file__).resolve().parents[1] / "results" / "stepmix_levels.json"
SEED, DESIGN_SEED = 20261124, 12345
N_BOOT, PEER_BOOT, LEVEL, TOLERANCE = 19, 50, 0.05, 1e-7


def items(n: int, yes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Answers of classes of equal size on average, (n, items)."""
    classes = rng.integers(len(yes), size=n)
    return np.asarray(rng.random((n, yes.shape[1])) < yes[classes]).astype(int)


def wald_set(n: int, r: int) -> dict[str, float]:
    """P values of the Wald test of what has nothing to do with the classes, by method."""
    from swvtypes.lca import CovariateSpec, OutcomeSpec, relate_covariates, relate_outcome

    rng = generator(SEED, 1, n, r)
    X = pd.DataFrame(items(n, truth_of(0.8), rng), columns=[f"y{j}" for j in range(6)])
    model = fit_ours(X.to_numpy(), r)
    Z = pd.DataFrame({"z": rng.integers(1, 6, n)})
    y = pd.Series(rng.normal(size=n), name="outcome")
    out = {}
    for method in METHODS:
        how: dict[str, Any] = {"errors": "apparent", "n_starts": 0}
        tests = relate_covariates(model, X, Z, CovariateSpec(method, **how)).tests
        out[f"slope {method}"] = float(tests.loc["z", "p_value"])
        spec = OutcomeSpec(method, family="continuous", **how)
        out[f"mean {method}"] = float(relate_outcome(model, X, y, spec).omnibus["p_value"])
    return out


def bootstrap_set(n: int, peer_init: int, r: int) -> dict[str, float]:
    """P values of a third class where there are two; both count the data among the replicates."""
    from swvtypes.lca import bootstrap_lrt

    rng = generator(SEED, 2, n, r)
    yes = np.array([[0.8] * 6, [0.2] * 6])
    frame = pd.DataFrame(items(n, yes, rng), columns=[f"y{j}" for j in range(6)])
    how = {"n_init": N_INIT, "tol": TOLERANCE, "random_state": r, "n_jobs": 1}
    test = bootstrap_lrt(frame, 2, N_BOOT, **how)
    found = peer.bootstrap_test(frame, 2, N_BOOT, peer_init, TOLERANCE)
    return {"ours": float(test.p_value), "StepMix": (N_BOOT * found + 1) / (N_BOOT + 1)}


def coverage_set(n: int, separation: float, r: int) -> dict[str, list[float]]:
    """How often intervals of three class means hold the truth, and half their lengths."""
    from stepmix.datasets import data_bakk_response

    X, Y, _ = data_bakk_response(n, separation, random_state=DESIGN_SEED * r)
    X, truth = np.asarray(X).astype(int), truth_of(separation)
    target = np.array([-1.0, 1.0, 0.0])
    mine = ours(fit_ours(X, r), X, Y, "outcome", truth)
    out = {}
    for method in ("two_step", "ml"):
        found = stepmix(X, Y, "outcome", method, DESIGN_SEED * r)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            spread = found.bootstrap_stats(X, Y, PEER_BOOT, progress_bar=False)["sm_std"]
        order = order_of(truth, np.asarray(found.get_parameters()["measurement"]["pis"]))
        errors = {"ours": mine[method].errors, "StepMix": spread.to_numpy()[0][order]}
        values = {"ours": mine[method].found, "StepMix": theirs(found, "outcome", truth).found}
        for name, se in errors.items():
            inside = np.abs(values[name] - target) <= 1.959964 * se
            out[f"{method} {name}"] = [float(inside.mean()), float(np.mean(se))]
    return out


def rejected(runs: list[dict[str, float]]) -> dict[str, Any]:
    """Share rejected at 5%, by test."""
    out: dict[str, Any] = {"data_sets": len(runs)}
    for key in runs[0]:
        share = float(np.mean([run[key] <= LEVEL + 1e-12 for run in runs]))
        error = float(np.sqrt(share * (1.0 - share) / len(runs)))
        out[key] = {"rejected": share, "monte_carlo_error": error}
    return out


def covered(runs: list[dict[str, list[float]]]) -> dict[str, Any]:
    """Share of intervals that hold the truth, by method and engine."""
    out: dict[str, Any] = {"data_sets": len(runs)}
    for key in runs[0]:
        inside, se = np.array([run[key] for run in runs]).T
        out[key] = {
            "coverage": float(inside.mean()),
            "monte_carlo_error": float(inside.std(ddof=1) / np.sqrt(len(inside))),
            "mean_se": float(se.mean()),
        }
    return out


PARTS: dict[str, tuple[int, Callable[..., Any], Callable[..., dict[str, Any]]]] = {
    "wald N=500": (400, partial(wald_set, 500), rejected),
    "wald N=152": (400, partial(wald_set, 152), rejected),
    "bootstrap N=200, StepMix one start": (120, partial(bootstrap_set, 200, 1), rejected),
    "coverage N=500": (100, partial(coverage_set, 500, 0.9), covered),
    "bootstrap N=200, StepMix five starts": (60, partial(bootstrap_set, 200, 5), rejected),
}


def main() -> None:
    """Run the parts that are not stored yet, and write the results after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=float, default=1.0, help="part of the data sets")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    about = {"seed": SEED, "design_seed": DESIGN_SEED, "stepmix": version("stepmix"),
             "n_init": N_INIT, "n_boot": N_BOOT, "tolerance": TOLERANCE,
             "stepmix_n_boot": PEER_BOOT}  # fmt: skip
    results = read_json(asked.out) or {"about": about, "parts": {}}
    for name, (full, one, summary) in PARTS.items():
        sets = max(2, round(full * asked.sets))
        if results["parts"].get(name, {}).get("data_sets", 0) >= sets:
            continue
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = summary([one(r) for r in range(sets)])
        seconds = round(time.process_time() - start)
        results["parts"][name] = {**found, "seconds": seconds}
        write_json(asked.out, results)
        print(f"{name}: {seconds} s", flush=True)


if __name__ == "__main__":
    main()
