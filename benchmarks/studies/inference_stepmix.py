"""Slopes of a covariate at low separation, ours and StepMix's on the same data sets.

How far one, two and three steps fall short where classes are hard to tell apart is known of the
methods (Vermunt 2010; Bakk, Tekle and Vermunt 2013; Bakk and Kuha 2018). StepMix, which shares no
code with this package, is put to the design of Bakk and Kuha (2018, section 3) beside it: if both
fall short alike on the same data sets, that is of the methods and not of one program. Needs
StepMix. Run from the checkout: ``python -m benchmarks.studies.inference_stepmix``. Writes
``benchmarks/results/inference_stepmix.json``.
"""

from __future__ import annotations

import json
import time
import warnings
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.studies.inference_designs import generator
from benchmarks.studies.inference_three_step import SEED, SLOPES, draw
from swvtypes.lca import LatentClassModel
from swvtypes.lca.families import Parameters
from swvtypes.lca.inference_alignment import align_classes
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.parallel import run_parallel

N_INIT = 5
METHODS = {"ml": (3, "ML"), "bch": (3, "BCH"), "two_step": (2, None), "one_step": (1, None)}
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_stepmix.json"


def yes(parameters: Parameters) -> np.ndarray:
    """Probabilities of yes, (classes, items)."""
    return np.stack([t.values[:, 1] for t in parameters.tables], axis=1)  # noqa: PD011


def stepmix_slopes(
    X: pd.DataFrame, Z: pd.DataFrame, method: str, truth: Parameters, seed: int
) -> np.ndarray:
    """Slopes of classes 2 and 3 against class 1 of the population."""
    from scipy.optimize import linear_sum_assignment
    from stepmix.stepmix import StepMix

    steps, correction = METHODS[method]
    structural = {
        "method": "newton-raphson",
        "intercept": True,
        "max_iter": 1 if steps == 1 else 300,
    }
    model = StepMix(
        n_components=3, n_steps=steps, measurement="binary", structural="covariate",
        structural_params=structural, assignment="modal", correction=correction, n_init=N_INIT,
        abs_tol=1e-9, rel_tol=0, max_iter=5000, random_state=seed, progress_bar=0, verbose=0,
    ).fit(X, Z)  # fmt: skip
    found = model.get_parameters()
    pis = found["measurement"]["pis"]
    distance = ((yes(truth)[:, None] - pis[None]) ** 2).sum(axis=-1)
    beta = found["structural"]["beta"][linear_sum_assignment(distance)[1]]
    return (beta - beta[0])[1:, 1]


def one(n: int, separation: str, r: int) -> dict[str, np.ndarray]:
    """Slopes by both programs and every method on one data set."""
    values, z, _, _, truth = draw(n, separation, generator(SEED, n, len(separation), r))
    X, Z = pd.DataFrame(values), pd.DataFrame({"z": z})
    out: dict[str, np.ndarray] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
        order = align_classes(truth, model.fit_.parameters)
        for method in METHODS:
            found = relate_covariates(model, X, Z, CovariateSpec(method, errors="apparent"))
            place = order
            if method == "one_step":
                place = align_classes(truth, found.fit.chart.parameters(found.fit.chart.theta))
            slopes = found.gamma[1, place]
            out[f"ours {method}"] = (slopes - slopes[0])[1:]
            out[f"stepmix {method}"] = stepmix_slopes(X, Z, method, truth, r)
    return out


def _of(slopes: np.ndarray) -> dict[str, float]:
    """Relative size of the effects less one, in percent: its mean and Monte Carlo error."""
    size = 100.0 * ((slopes * SLOPES).sum(axis=1) / (SLOPES**2).sum() - 1.0)
    return {
        "relative_bias_percent": float(size.mean()),
        "monte_carlo_error_percent": float(size.std(ddof=1) / np.sqrt(len(size))),
        "relative_bias_percent_median": float(np.median(size)),
    }


def summarise(runs: list[dict[str, np.ndarray]]) -> dict[str, object]:
    """Bias of each program, and of the difference on the same data sets."""
    out: dict[str, object] = {"data_sets": len(runs)}
    for method in METHODS:
        mine, theirs = (
            np.array([r[f"{who} {method}"] for r in runs]) for who in ("ours", "stepmix")
        )
        same = np.abs(mine - theirs).max(axis=1) < 0.02
        gap = 100.0 * ((mine - theirs) * SLOPES).sum(axis=1) / (SLOPES**2).sum()
        out[method] = {
            "ours": _of(mine),
            "stepmix": _of(theirs),
            "mean_difference_percent": float(gap.mean()),
            "monte_carlo_error_of_difference_percent": float(gap.std(ddof=1) / np.sqrt(len(gap))),
            "same_slopes": int(same.sum()),
        }
    return out


def main(n: int = 500, separation: str = "low", n_data_sets: int = 100, n_jobs: int = 2) -> None:
    """Run the study and write the results."""
    start = time.perf_counter()
    found = summarise(run_parallel(partial(one, n, separation), range(n_data_sets), n_jobs))
    results = {
        "seed": SEED, "stepmix": version("stepmix"), "n_init": N_INIT,
        f"{separation} N={n}": {**found, "seconds": round(time.perf_counter() - start)},
    }  # fmt: skip
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
