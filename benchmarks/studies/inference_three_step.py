"""Bias and coverage of covariate effects and class means by one, two and three steps.

The population of Bakk and Kuha (2018, section 3), whose items and classes are those of Vermunt
(2010) and of Bakk, Tekle and Vermunt (2013): three classes of equal size and six binary items,
each answered as the class does with probability 0.7, 0.8 or 0.9; a covariate with values 1 to 5,
log odds against class 1 of -1 and 1 a step; an outcome with class means -1, 1 and 0 and variance
1. Added here: a binary outcome with probabilities 0.3, 0.5 and 0.7. Relative bias is that of the
regression of the estimates on their true values (of means: about their average), so that -10%
means that effects are a tenth too small. Errors of assignment are those that step one states; the
study `inference_corrected_errors` sets corrected ones beside them. Run from the checkout:
``python -m benchmarks.studies.inference_three_step``. Writes
``benchmarks/results/inference_three_step.json``.
"""

from __future__ import annotations

import json
import time
import warnings
from dataclasses import replace
from functools import partial
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
from swvtypes.parallel import run_parallel

SEED = 20261122
CONSTANTS, SLOPES = np.array([2.3445911086, -3.6553700529]), np.array([-1.0, 1.0])
MEANS, CHANCES = np.array([-1.0, 1.0, 0.0]), np.array([0.3, 0.5, 0.7])
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_three_step.json"
CELLS = (("high", 500, 500), ("medium", 500, 200), ("low", 500, 60), ("medium", 1000, 200))
COVARIATE = (("naive", "modal"), ("ml", "modal"), ("bch", "modal"), ("two_step", "modal"),
             ("one_step", "modal"))  # fmt: skip
DISTAL = (("naive", "modal"), ("ml", "modal"), ("bch", "modal"))


def draw(n: int, separation: str, rng: np.random.Generator) -> tuple:
    """Answers, covariate, outcomes, and the population."""
    truth = population(separation, (1 / 3, 1 / 3, 1 / 3))
    z = rng.integers(1, 6, n)
    eta = np.column_stack([np.zeros(n), CONSTANTS + np.outer(z, SLOPES)])
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
        order = align_classes(truth, model.fit_.parameters)
        return _slopes(model, X, Z, truth, order) | _outcomes(model, X, y, b, order)


def _slopes(
    model: LatentClassModel, X: pd.DataFrame, Z: pd.DataFrame, truth: Parameters, order: np.ndarray
) -> dict[str, list]:
    out: dict[str, list] = {}
    for method, assignment in COVARIATE:
        spec = CovariateSpec(method, assignment, reference=int(order[0]) + 1, errors="apparent")
        found = relate_covariates(model, X, Z, spec)
        frame = found.coefficients.query("covariate == 'z'").set_index("class")
        frame["known"] = np.sqrt(np.diag(found.covariance.given_step_one))[-2:]
        mine = frame.loc[order[1:] + 1]
        out[f"slope {method} {assignment}"] = [
            mine[column].to_numpy() for column in ("estimate", "se", "known")
        ]
    return out


def _outcomes(
    model: LatentClassModel, X: pd.DataFrame, y: np.ndarray, b: np.ndarray, order: np.ndarray
) -> dict[str, list]:
    out: dict[str, list] = {}
    for name, outcome, family in (("mean", y, "continuous"), ("chance", b, "binary")):
        for method, assignment in DISTAL:
            spec = OutcomeSpec(method, assignment, family=family, errors="apparent")
            frame = relate_outcome(model, X, pd.Series(outcome), spec).profiles
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
        spread = truth - truth.mean()
        centred = estimate - estimate.mean(axis=1, keepdims=True)
        if key.startswith("slope"):
            spread, centred = truth, estimate
        slope = (centred * spread).sum(axis=1) / (spread**2).sum()
        out[key] = {
            "relative_bias_percent": float(100.0 * (np.mean(slope) - 1.0)),
            "monte_carlo_error_percent": float(100.0 * np.std(slope) / np.sqrt(len(slope))),
            "relative_bias_percent_median": float(100.0 * (np.median(slope) - 1.0)),
            "coverage": float((np.abs(estimate - truth) <= 1.959964 * se).mean()),
            "coverage_step_one_known": float((np.abs(estimate - truth) <= 1.959964 * given).mean()),
            "mean_estimate": estimate.mean(axis=0).tolist(),
            "sd": estimate.std(axis=0).tolist(),
            "mean_se": np.nanmean(se, axis=0).tolist(),
        }
    return out


def main(cells: tuple = CELLS, n_jobs: int = 2) -> None:
    """Run the cells that are not stored yet, and write the results after each."""
    results: dict[str, object] = {"seed": SEED}
    if RESULTS.is_file():
        results = json.loads(RESULTS.read_text())
    for separation, n, n_data_sets in cells:
        if f"{separation} N={n}" in results:
            continue
        start = time.perf_counter()
        cell = summarise(run_parallel(partial(one, n, separation), range(n_data_sets), n_jobs))
        cell["seconds"] = round(time.perf_counter() - start)
        results[f"{separation} N={n}"] = cell
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
