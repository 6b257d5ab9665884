"""Coverage of 95% intervals of item probabilities at N = 65, 152 and 500.

All intervals are made on the same data sets: those of maximum likelihood estimates by three
covariances (of the observed information with profile likelihood on the boundary, where the others
have none), the default (around the posterior mode under one pseudo-case a class), those of models
fitted with a prior of one, and, on the first data sets of each cell, bootstrap intervals. Run
from the checkout: ``python -m benchmarks.studies.inference_coverage``. Writes
``benchmarks/results/inference_coverage.json``.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.studies.inference_designs import ITEMS, fitted, generator, population
from swvtypes.lca.design import Design
from swvtypes.lca.families import Parameters
from swvtypes.lca.fit import Fit
from swvtypes.lca.inference import Inference
from swvtypes.lca.inference_bootstrap import bootstrap_estimates
from swvtypes.lca.inference_intervals import ProfileEstimates, profile_estimates
from swvtypes.lca.inference_replicates import Effort
from swvtypes.lca.simulate import simulate_values
from swvtypes.parallel import run_parallel

SEED = 20261121
DATA_SETS = {500: 500, 152: 300, 65: 300}
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_coverage.json"


def covered(estimates: ProfileEstimates, truth: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Whether each yes-probability is inside its interval, and how long that is; (items, K)."""
    inside, width = [], []
    for table in truth.tables:
        found = estimates.units[table.items, table.group]
        p = table.values[:, 1]
        inside.append((found.lower[:, 1] <= p) & (p <= found.upper[:, 1]))
        width.append(found.upper[:, 1] - found.lower[:, 1])
    return np.array(inside), np.array(width)


def one(n: int, separation: str, n_boot: int, bootstrapped: int, r: int) -> dict[str, list]:
    """All intervals on one data set; bootstrap intervals on the first `bootstrapped` ones."""
    truth = population(separation)
    rng = generator(SEED, n, int(10 * len(separation)), r)
    values = simulate_values(ITEMS, truth, np.zeros(n, dtype=np.intp), rng)[0]
    fit, design, ordered = fitted(values, truth, r)
    edge = np.array([(np.abs(t.values[:, 1] - 0.5) > 0.5 - 1e-6) for t in ordered.tables])
    out: dict[str, list] = {"boundary": [edge]}
    mine = replace(fit, parameters=ordered)
    wald = Inference(mine, design, interval="wald")
    out["wald_observed"] = list(covered(wald.estimates, truth))
    for method in ("outer_product", "sandwich"):
        cov = replace(wald, method=method).covariance
        plain = profile_estimates(wald.evidence, cov, 0.95, None)
        out[f"wald_{method}"] = list(covered(plain, truth))
    out["adjusted"] = list(covered(Inference(mine, design).estimates, truth))
    shrunk, design, ordered = fitted(values, truth, r, prior=1.0)
    inference = Inference(replace(shrunk, parameters=ordered), design)
    out["prior_1"] = list(covered(inference.estimates, truth))
    if r < bootstrapped:
        out |= _bootstrapped(mine, design, truth, r, n_boot)
    return out


def _bootstrapped(
    mine: Fit, design: Design, truth: Parameters, r: int, n_boot: int
) -> dict[str, list]:
    out = {}
    for kind in ("nonparametric", "parametric"):
        boot = bootstrap_estimates(mine, design, kind, Effort(n_boot, 0, r))
        out[f"{kind}_percentile"] = list(covered(boot.estimates, truth))
        normal = replace(boot, interval="normal")
        out[f"{kind}_normal"] = list(covered(normal.estimates, truth))
    return out


def summarise(runs: list[dict[str, list]]) -> dict[str, object]:
    """Coverage, boundary frequency and width over data sets."""
    edge = np.array([r["boundary"][0] for r in runs])
    out: dict[str, object] = {"data_sets": len(runs), "boundary_frequency": float(edge.mean())}
    for method in runs[0]:
        if method != "boundary":
            mine = [r for r in runs if method in r]
            out[method] = _coverage([r[method] for r in mine], edge[: len(mine)])
    return out


def _coverage(found: list[list[np.ndarray]], edge: np.ndarray) -> dict[str, object]:
    """Of one kind of interval; the Monte Carlo error counts data sets, not parameters."""
    inside = np.array([inside for inside, _ in found])
    width = np.array([width for _, width in found])
    by_set = inside.mean(axis=(1, 2))
    return {
        "data_sets": len(found),
        "coverage": float(inside.mean()),
        "monte_carlo_error": (
            float(by_set.std(ddof=1) / np.sqrt(len(by_set))) if len(by_set) > 1 else None
        ),
        "coverage_inside_the_range": float(inside[~edge].mean()),
        "coverage_on_the_boundary": float(inside[edge].mean()) if edge.any() else None,
        "lowest_parameter": float(inside.mean(axis=0).min()),
        "median_width": float(np.nanmedian(width)),
    }


def main(
    n_data_sets: dict[int, int] = DATA_SETS,
    n_bootstrapped: int = 20,
    n_boot: int = 99,
    n_jobs: int = 2,
) -> None:
    """Run every cell with one build and write the results after each."""
    results: dict[str, object] = {"seed": SEED, "n_boot": n_boot, "level": 0.95}
    for n, count in n_data_sets.items():
        for separation in ("medium", "high"):
            start = time.perf_counter()
            study = partial(one, n, separation, n_boot, n_bootstrapped)
            cell = summarise(run_parallel(study, range(count), n_jobs))
            cell["seconds"] = round(time.perf_counter() - start)
            results[f"{separation} N={n}"] = cell
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
