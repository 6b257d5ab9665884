"""Bias and coverage of covariate effects and class means at N = 500.

Three classes, six binary items (after Vermunt 2010); one covariate with values 1 to 5 and log
odds against class 1 of 0.5 and -0.5 a step; a continuous outcome with class means 0, 0.5 and 1
(variance 1) and a binary one with probabilities 0.3, 0.5 and 0.7. Run from the checkout:
``python -m benchmarks.studies.inference_three_step``. Writes
``benchmarks/results/inference_three_step.json``.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.studies.inference_designs import ITEMS, generator, population
from swvtypes.lca import LatentClassModel
from swvtypes.lca.families import Parameters
from swvtypes.lca.inference_alignment import align_classes
from swvtypes.lca.simulate import simulate_values
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.lca.structural_distal import OutcomeSpec, relate_outcome

SEED = 20261122
SLOPES = np.array([0.5, -0.5])
MEANS, CHANCES = np.array([0.0, 0.5, 1.0]), np.array([0.3, 0.5, 0.7])
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_three_step.json"
COVARIATE = (("naive", "modal"), ("ml", "modal"), ("ml", "proportional"), ("bch", "modal"),
             ("bch", "proportional"), ("two_step", "modal"), ("one_step", "modal"))  # fmt: skip
DISTAL = (("naive", "modal"), ("ml", "modal"), ("bch", "modal"), ("two_step", "modal"))


def draw(n: int, separation: str, rng: np.random.Generator) -> tuple:
    """Answers, covariate, outcomes, and the population."""
    truth = population(separation, (1 / 3, 1 / 3, 1 / 3))
    z = rng.integers(1, 6, n)
    eta = np.column_stack([np.zeros(n), np.outer(z - 3.0, SLOPES)])
    shares = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    c = (rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1)
    values = np.empty((n, 6))
    for k in range(3):
        mine = np.flatnonzero(c == k)
        alone = Parameters(
            np.zeros((1, 1)),
            tuple(replace(t, values=t.values[k : k + 1]) for t in truth.tables),  # noqa: PD011
        )
        group = np.zeros(len(mine), dtype=np.intp)
        values[mine] = simulate_values(ITEMS, alone, group, rng)[0]
    y = rng.normal(MEANS[c], 1.0)
    b = (rng.random(n) < CHANCES[c]).astype(int)
    return values.astype(int), z, y, b, truth


def one(n: int, separation: str, r: int) -> dict[str, list]:
    """Estimates and standard errors of every method on one data set."""
    rng = generator(SEED, n, len(separation), r)
    values, z, y, b, truth = draw(n, separation, rng)
    X, Z = pd.DataFrame(values), pd.DataFrame({"z": z})
    model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
    order = align_classes(truth, model.fit_.parameters)
    out: dict[str, list] = {}
    for method, assignment in COVARIATE:
        spec = CovariateSpec(method, assignment)
        found = relate_covariates(model, X, Z, spec)
        mine = order
        if method == "one_step":
            tables = found.fit.chart.tables(found.fit.chart.theta)
            mine = align_classes(truth, Parameters(truth.log_shares, tables))
        L = np.zeros((2, 4))
        for i, k in enumerate((1, 2)):
            for c, sign in ((mine[k], 1.0), (mine[0], -1.0)):
                if c > 0:
                    L[i, 2 + c - 1] += sign
        g = found.gamma[:, 1:].ravel()
        V = L @ found.covariance.matrix @ L.T
        given = L @ found.covariance.given_step_one @ L.T
        out[f"slope {method} {assignment}"] = [L @ g, np.sqrt(np.diag(V)), np.sqrt(np.diag(given))]
    for name, outcome, family in (("mean", y, "continuous"), ("chance", b, "binary")):
        for method, assignment in DISTAL:
            spec = OutcomeSpec(method, assignment, family=family)
            found = relate_outcome(model, X, pd.Series(outcome), spec)
            frame = found.profiles
            mine = frame[frame["category"].isin([1])] if name == "chance" else frame
            e, se = mine["estimate"].to_numpy()[order], mine["se"].to_numpy()[order]
            out[f"{name} {method} {assignment}"] = [e, se, se]
    return out


def summarise(runs: list[dict[str, list]]) -> dict[str, object]:
    """Bias and coverage by method."""
    target = {"slope": SLOPES, "mean": MEANS, "chance": CHANCES}
    out: dict[str, object] = {"data_sets": len(runs)}
    for key in runs[0]:
        truth = target[key.split()[0]]
        found = np.array([r[key] for r in runs])
        estimate, se, given = found[:, 0], found[:, 1], found[:, 2]
        spread = truth - truth.mean() if key[0] in "mc" else truth
        centred = estimate - estimate.mean(axis=1, keepdims=True) if key[0] in "mc" else estimate
        slope = (centred * spread).sum(axis=1) / (spread**2).sum()
        out[key] = {
            "relative_bias_percent": float(100.0 * (np.mean(slope) - 1.0)),
            "relative_bias_percent_median": float(100.0 * (np.median(slope) - 1.0)),
            "coverage": float((np.abs(estimate - truth) <= 1.959964 * se).mean()),
            "coverage_step_one_known": float((np.abs(estimate - truth) <= 1.959964 * given).mean()),
            "monte_carlo_error_percent": float(100.0 * np.std(slope) / np.sqrt(len(slope))),
            "sd": estimate.std(axis=0).tolist(),
            "mean_se": np.nanmean(se, axis=0).tolist(),
        }
    return out


def main(n_data_sets: int = 120) -> None:
    """Run all separations side by side; results are written every ten data sets."""
    warnings.simplefilter("ignore")
    results: dict[str, object] = {"seed": SEED, "N": 500}
    runs: dict[str, list] = {"high": [], "medium": [], "low": []}
    for r in range(n_data_sets):
        for separation, found in runs.items():
            found.append(one(500, separation, r))
        if (r + 1) % 10 == 0:
            results |= {separation: summarise(found) for separation, found in runs.items()}
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
