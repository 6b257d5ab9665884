"""Bias where classes are hardly told apart, beside the bias that is printed for the same design.

The design is that of Bakk and Kuha (2018, section 3), whose items and classes are those of Vermunt
(2010) and of Bakk, Tekle and Vermunt (2013). The printed figures are mean bias and root mean
squared error over 500 data sets, to two decimals, from the simulations of Morin et al. (2025) for
StepMix, tables 3 (outcome) and 5 (covariate), as their authors print them for R in
``Labo-Lacourse/stepmixr``, ``Examples/Simul_R_Result.tex`` (2024-05-05). Data sets come from the
same generator and seeds (``stepmix.datasets``, 12345 times the number of the data set); we take the
first of them, as many as the results say. What is estimated is theirs: the highest slope less the
middle one, and the highest class mean; data sets with a coefficient of 1,000 or more are left out,
as there, and those in which nobody is assigned to a class (BCH). Their step one has one random
start and at most 250 steps of EM; ours the best of ten, and, beside it, one start, until it
converges. They hold the variance of the outcome at its true value and we estimate it, so that of
the outcome only naive and BCH means must agree. Run from the checkout: ``python -m
benchmarks.studies.inference_published``. Writes ``benchmarks/results/inference_published.json``;
cells that are stored with as many data sets are not run again.
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

from benchmarks.studies.inference_keeping import kept_runs
from swvtypes.errors import InputError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.lca.structural_distal import OutcomeSpec, relate_outcome

RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_published.json"
METHODS = ("one_step", "two_step", "naive", "bch", "ml")
EXTREME = 1000.0
N_INIT, N_STARTS, DATA_SETS = 10, 0, 300
# (what, separation, N): mean bias and root mean squared error, in the order of METHODS.
PRINTED = {
    ("covariate", 0.7, 500): ((0.03, -0.27, -0.63, -0.29, -0.31), (0.27, 0.41, 0.65, 0.57, 0.45)),
    ("covariate", 0.7, 1000): ((0.01, -0.15, -0.61, -0.19, -0.18), (0.17, 0.29, 0.62, 0.42, 0.33)),
    ("outcome", 0.7, 500): ((0.01, -0.19, -0.64, -0.38, -0.14), (0.16, 0.33, 0.66, 0.48, 0.31)),
    ("outcome", 0.7, 1000): ((0.01, -0.07, -0.61, -0.23, -0.05), (0.11, 0.22, 0.63, 0.36, 0.22)),
}
SEPARATION = {0.7: "low"}


def draw(what: str, separation: float, n: int, r: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers, and the covariate or outcome."""
    from stepmix.datasets import data_bakk_covariate, data_bakk_response

    maker = data_bakk_covariate if what == "covariate" else data_bakk_response
    X, Y, _ = maker(n, separation, random_state=12345 * r)
    return pd.DataFrame(np.asarray(X).astype(int)), pd.DataFrame({"z": np.asarray(Y)[:, 0]})


def estimate(model: LatentClassModel, X: pd.DataFrame, Y: pd.DataFrame, method: str) -> np.ndarray:
    """Slopes of the classes, the middle one at zero."""
    spec = CovariateSpec(method, errors="apparent", n_starts=N_STARTS)
    slopes = np.sort(relate_covariates(model, X, Y, spec).gamma[1])
    return slopes - slopes[1]


def means(model: LatentClassModel, X: pd.DataFrame, Y: pd.DataFrame, method: str) -> np.ndarray:
    """Means of the classes."""
    spec = OutcomeSpec(method, family="continuous", errors="apparent", n_starts=N_STARTS)
    return np.sort(relate_outcome(model, X, Y["z"], spec).class_values.estimate[:, 0])


def one(what: str, separation: float, n: int, r: int) -> dict[str, float]:
    """Give the parameter that is printed, by every method; NaN where it is extreme."""
    X, Y = draw(what, separation, n, r)
    find = estimate if what == "covariate" else means
    out: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, n_init in (("best of ten", N_INIT), ("one start", 1)):
            model = LatentClassModel(3, n_init=n_init, random_state=r, n_jobs=1).fit(X)
            for method in METHODS:
                if method == "one_step" and n_init == 1:
                    continue
                try:
                    found = find(model, X, Y, method)
                except InputError:  # nobody is assigned to a class: no BCH weights
                    found = np.array([np.nan])
                fine = np.isfinite(found).all() and np.abs(found).max() < EXTREME
                out[f"{name} {method}"] = float(found[-1]) if fine else float("nan")
    return out


def summarise(
    runs: list[dict[str, float]], printed: tuple[tuple[float, ...], tuple[float, ...]]
) -> dict[str, object]:
    """Bias and error by method, beside those in print."""
    out: dict[str, object] = {"data_sets": len(runs)}
    for name in ("best of ten", "one start"):
        for method, bias, error in zip(METHODS, *printed, strict=True):
            if f"{name} {method}" not in runs[0]:
                continue
            gap = np.array([run[f"{name} {method}"] for run in runs]) - 1.0
            kept = gap[np.isfinite(gap)]
            out[f"{method} {name}"] = {
                "bias": float(kept.mean()),
                "monte_carlo_error": float(kept.std(ddof=1) / np.sqrt(len(kept))),
                "printed_bias": bias,
                "root_mean_squared_error": float(np.sqrt((kept**2).mean())),
                "printed_root_mean_squared_error": error,
                "left_out": int(len(gap) - len(kept)),
            }
    return out


def main(data_sets: int = DATA_SETS, n_jobs: int = 2) -> None:
    """Run the cells that are not stored yet, and write the results after each."""
    results: dict[str, object] = {"stepmix": version("stepmix"), "n_init": N_INIT}
    if RESULTS.is_file():
        results = json.loads(RESULTS.read_text())
    for (what, separation, n), printed in PRINTED.items():
        name = f"{what} {SEPARATION[separation]} N={n}"
        if name in results and results[name]["data_sets"] >= data_sets:
            continue
        start = time.perf_counter()
        study = partial(one, what, separation, n)
        kept = f"inference_published_{name.replace(' ', '_')}"
        cell = summarise(kept_runs(kept, study, data_sets, n_jobs), printed)
        cell["seconds"] = round(time.perf_counter() - start)
        results[name] = cell
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
