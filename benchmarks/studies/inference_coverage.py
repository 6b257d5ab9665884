"""Coverage of 95% intervals of item probabilities at N = 65, 152 and 500.

Run from the checkout: ``python -m benchmarks.studies.inference_coverage``. Writes
``benchmarks/results/inference_coverage.json``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.studies.inference_designs import ITEMS, fitted, generator, population
from swvtypes.lca.design import Design
from swvtypes.lca.families import Parameters
from swvtypes.lca.fit import Fit
from swvtypes.lca.inference import Inference
from swvtypes.lca.inference_bootstrap import bootstrap_estimates
from swvtypes.lca.inference_intervals import ProfileEstimates
from swvtypes.lca.inference_replicates import Effort
from swvtypes.lca.simulate import simulate_values

SEED = 20261121
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_coverage.json"


def covered(estimates: ProfileEstimates, truth: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Whether each yes-probability is inside its interval, and whether it is on the boundary."""
    inside, width = [], []
    for table in truth.tables:
        found = estimates.units[table.items, table.group]
        p = table.values[:, 1]
        inside.append((found.lower[:, 1] <= p) & (p <= found.upper[:, 1]))
        width.append(found.upper[:, 1] - found.lower[:, 1])
    return np.array(inside), np.array(width)


def relabelled(fit: Fit, parameters: Parameters) -> Fit:
    """Give the fit its classes in the order of the population."""
    return replace(fit, parameters=parameters)


def one(n: int, separation: str, r: int, bootstrap: int) -> dict[str, list]:
    """All intervals on one data set."""
    truth = population(separation)
    rng = generator(SEED, n, int(10 * len(separation)), r)
    values = simulate_values(ITEMS, truth, np.zeros(n, dtype=np.intp), rng)[0]
    fit, design, ordered = fitted(values, truth, r)
    edge = np.array([(np.abs(t.values[:, 1] - 0.5) > 0.5 - 1e-6) for t in ordered.tables])
    out: dict[str, list] = {"boundary": [edge]}
    mine = relabelled(fit, ordered)
    for method in ("observed", "outer_product", "sandwich"):
        out[method] = list(covered(Inference(mine, design, method).estimates, truth))
    shrunk, design, ordered = fitted(values, truth, r, prior=1.0)
    out["prior_1"] = list(covered(Inference(relabelled(shrunk, ordered), design).estimates, truth))
    if bootstrap:
        out |= _bootstrapped(mine, design, truth, r, bootstrap)
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
        if method == "boundary":
            continue
        inside = np.array([r[method][0] for r in runs])
        width = np.array([r[method][1] for r in runs])
        out[method] = {
            "coverage": float(inside.mean()),
            "coverage_inside_the_range": float(inside[~edge].mean()),
            "coverage_on_the_boundary": float(inside[edge].mean()) if edge.any() else None,
            "lowest_parameter": float(inside.mean(axis=0).min()),
            "median_width": float(np.nanmedian(width)),
        }
    return out


def main(
    n_delta: int = 500, n_bootstrapped: int = 40, n_boot: int = 99, sizes: tuple = (500, 152, 65)
) -> None:
    """Run the cells that the file of results does not hold yet."""
    results: dict[str, object] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results |= {"seed": SEED, "n_boot": n_boot, "level": 0.95}
    for label, boot, count in (("", 0, n_delta), (" bootstrap", n_boot, n_bootstrapped)):
        for n in sizes:
            for separation in ("medium", "high"):
                key = f"{separation} N={n}{label}"
                if key in results:
                    continue
                results[key] = summarise([one(n, separation, r, boot) for r in range(count)])
                RESULTS.parent.mkdir(exist_ok=True)
                RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
