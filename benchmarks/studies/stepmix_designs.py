"""Recovery, bias and coverage of both engines on the designs of StepMix's own paper.

The designs of Morin et al. (2025, the simulations of their computational examples), which are those
of Bakk and Kuha (2018): three classes, six yes-or-no items answered as the class does with
probability .7, .8 or .9, N = 500, 1,000 and 2,000; a covariate with log odds -1 and 1 a step, or an
outcome with class means -1, 1 and 0. Data come from StepMix's own generators with the seeds of its
scripts (12345 times the number of the data set), and both engines get the same data sets. Two more
designs: answers and outcome missing at random, with covariate and outcome at once (StepMix's
complete model; ours relates the outcome alone); the variance of the outcome held at its true
value, as in the paper, and estimated, as ours is; and classes with a Gaussian outcome of full
covariance, which StepMix fits and we do not. Needs StepMix. Run from the checkout:
``python -m benchmarks.studies.stepmix_designs [--sets 0.1]``. Writes
``benchmarks/results/stepmix_designs.json``; cells that are stored with as many data sets are
not run again.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.storing import read_json, write_json
from benchmarks.studies.stepmix_engines import (
    METHODS,
    N_INIT,
    N_STARTS,
    Estimates,
    fit_ours,
    order_of,
    ours,
    stepmix,
    theirs,
    truth_of,
    yes_of,
)

RESULTS = Path(__file__).resolve().parents[1] / "results" / "stepmix_designs.json"
SEED = 12345
TARGET = {"covariate": np.array([-1.0, 1.0]), "outcome": np.array([-1.0, 1.0, 0.0])}
SETS = {0.9: 100, 0.8: 100, 0.7: 40}
SIZES = (500, 1000, 2000)
MISSING, MISSING_SETS = (0.25, 0.5), 40
GAUSSIAN_SETS, VARIANCE_SETS = 50, 40
LIKELIHOOD = ("two_step", "ml")
EXTREME = 20.0
Run = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One design: its name, how many data sets, what makes one of them, what sums them up."""

    name: str
    sets: int
    one: Callable[[int], Run]
    summary: Callable[[list[Run]], dict[str, Any]]


def structural_set(what: str, n: int, separation: float, r: int) -> Run:
    """Both engines and every method on one data set, and what step one made of the items."""
    from stepmix import datasets

    make = getattr(datasets, f"data_bakk_{'covariate' if what == 'covariate' else 'response'}")
    X, Y, labels = make(n, separation, random_state=SEED * r)
    X, truth = np.asarray(X).astype(int), truth_of(separation)
    model = fit_ours(X, r)
    out: Run = {"ours": ours(model, X, Y, what, truth)}  # type: ignore[arg-type]
    fits = {method: stepmix(X, Y, what, method, SEED * r) for method in METHODS}
    out["StepMix"] = {method: theirs(found, what, truth) for method, found in fits.items()}
    peer = fits["ml"]
    posterior = (model.predict_proba(X), peer.predict_proba(X), true_posterior(X, truth))
    found = (yes_of(model.fit_.parameters), np.asarray(peer.get_parameters()["measurement"]["pis"]))
    for name, p, pis in zip(("ours", "StepMix", "truth"), posterior, (*found, truth), strict=True):
        order = order_of(truth, pis)
        out[f"items {name}"] = (pis[order] - truth).ravel()
        out[f"shares {name}"] = p.mean(axis=0)[order] - np.bincount(labels, minlength=3) / n
        out[f"rand {name}"] = rand(labels, p.argmax(axis=1))
    return out


def true_posterior(X: np.ndarray, yes: np.ndarray) -> np.ndarray:
    """Class probabilities by the true parameters, classes of equal size."""
    p = np.exp(X @ np.log(yes).T + (1 - X) @ np.log(1.0 - yes).T)
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def rand(labels: np.ndarray, found: np.ndarray) -> float:
    """Give the adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(labels, found))


def missing_set(n: int, share: float, r: int) -> Run:
    """Means of the outcome where answers and outcomes are missing."""
    from stepmix.datasets import data_bakk_complete

    X, Y, _ = data_bakk_complete(n, 0.8, nan_ratio=share, random_state=SEED * r)
    truth = truth_of(0.8)
    kept = ~np.isnan(X).all(axis=1)  # a row without an answer says nothing in step one
    X, Y = X[kept], Y[kept]
    mine = ours(fit_ours(X, r), X, Y, "outcome", truth)
    fits = {method: stepmix(X, Y, "both", method, SEED * r) for method in METHODS}
    return {"ours": mine, "StepMix": {m: theirs(found, "both", truth) for m, found in fits.items()}}


def variance_set(n: int, separation: float, r: int) -> Run:
    """Means of an outcome with its variance held at the true value and estimated."""
    from stepmix.datasets import data_bakk_response

    X, Y, _ = data_bakk_response(n, separation, random_state=SEED * r)
    X, truth = np.asarray(X).astype(int), truth_of(separation)
    out: Run = {"ours": ours(fit_ours(X, r), X, Y, "outcome", truth)}
    for name, what in (("StepMix, held", "outcome"), ("StepMix, estimated", "variance")):
        out[name] = {
            method: theirs(stepmix(X, Y, what, method, SEED * r), what, truth)
            for method in LIKELIHOOD
        }
    return out


def _variance(runs: list[Run]) -> dict[str, Any]:
    target = TARGET["outcome"]
    out: dict[str, Any] = {"data_sets": len(runs)}
    for method in LIKELIHOOD:
        out[method] = {}
        for name in runs[0]:
            found = np.array([run[name][method].found for run in runs]) - target
            size = 100.0 * (found @ target) / (target @ target)
            out[method][name] = {
                "bias_percent": float(size.mean()), "monte_carlo_error_percent": _error(size)
            }  # fmt: skip
    return out


def gaussian_set(n: int, separation: float, r: int) -> Run:
    """Classes found again where a two-dimensional outcome has full covariances."""
    import pandas as pd
    from stepmix.datasets import data_generation_gaussian
    from stepmix.stepmix import StepMix

    from swvtypes.lca import LatentClassModel

    X, Y, labels = data_generation_gaussian(n, separation, random_state=SEED * r)
    full = StepMix(
        4, measurement="bernoulli", structural="gaussian_full", n_init=N_INIT, max_iter=1000,
        random_state=SEED * r, progress_bar=0, verbose=0,
    ).fit(X, Y)  # fmt: skip
    frame = pd.DataFrame(np.asarray(X).astype(int), columns=[f"y{j}" for j in range(6)])
    frame[["z0", "z1"]] = Y
    kinds = {"z0": "continuous", "z1": "continuous"}
    diagonal = LatentClassModel(
        4, indicators=kinds, variances="free", variance_floor=0.01, n_init=N_INIT,
        random_state=r, n_jobs=1,
    ).fit(frame)  # fmt: skip
    return {
        "rand StepMix": rand(labels, full.predict(X, Y)),
        "rand ours": rand(labels, np.asarray(diagonal.predict(frame))),
    }


def summarise(what: str, runs: list[Run]) -> dict[str, Any]:
    """Bias, root mean squared error and coverage by method; data sets in common."""
    out: dict[str, Any] = {"data_sets": len(runs)}
    for method in METHODS:
        pairs = [(run["ours"][method], run["StepMix"][method]) for run in runs]
        out[method] = _method(pairs, TARGET[what])
    if "rand ours" in runs[0]:
        out["step_one"] = {name: _recovery(runs, name) for name in ("ours", "StepMix", "truth")}
    return out


def _method(pairs: list[tuple[Estimates, Estimates]], target: np.ndarray) -> dict[str, Any]:
    values = np.array([[mine.found, peer.found] for mine, peer in pairs])
    extreme = ~(np.abs(values) < EXTREME).all(axis=-1)
    kept = ~extreme.any(axis=1)
    errors = values[kept] - target
    size = 100.0 * (errors @ target) / (target @ target)
    out: dict[str, Any] = {"compared": int(kept.sum())}
    for at, name in enumerate(("ours", "StepMix")):
        out[name] = {
            "bias_percent": float(size[:, at].mean()),
            "monte_carlo_error_percent": _error(size[:, at]),
            "bias_percent_median": float(np.median(size[:, at])),
            "rmse": float(np.sqrt((errors[:, at] ** 2).mean())),
            "extreme": int(extreme[:, at].sum()),
        }
    stated = np.array([mine.errors for mine, _ in pairs], dtype=float)
    inside = np.abs(values[:, 0] - target) <= 1.959964 * stated
    out["ours"]["coverage"] = float(inside.mean())
    out["ours"]["coverage_monte_carlo_error"] = _error(inside.mean(axis=1))
    gap = size[:, 0] - size[:, 1]
    out["difference_percent"] = float(gap.mean())
    out["difference_monte_carlo_error_percent"] = _error(gap)
    out["same"] = int((np.abs(errors[:, 0] - errors[:, 1]).max(axis=1) < 0.02).sum())
    return out


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def _recovery(runs: list[Run], name: str) -> dict[str, float]:
    items, shares = (np.array([run[f"{part} {name}"] for run in runs]) for part in _PARTS)
    return {
        "item_bias": float(items.mean()),
        "item_rmse": float(np.sqrt((items**2).mean())),
        "share_rmse": float(np.sqrt((shares**2).mean())),
        "adjusted_rand": float(np.mean([run[f"rand {name}"] for run in runs])),
        "adjusted_rand_monte_carlo_error": _error(np.array([run[f"rand {name}"] for run in runs])),
    }


_PARTS = ("items", "shares")


def _gaussian(runs: list[Run]) -> dict[str, Any]:
    found = {name: np.array([run[f"rand {name}"] for run in runs]) for name in ("ours", "StepMix")}
    return {
        "data_sets": len(runs),
        **{
            name: {"adjusted_rand": float(v.mean()), "monte_carlo_error": _error(v)}
            for name, v in found.items()
        },
    }


def cells(part: float) -> Iterator[Cell]:
    """Every cell; those between the smallest and the largest N come last."""
    for size in (SIZES[0], SIZES[-1], *SIZES[1:-1]):
        for separation, sets in SETS.items():
            for what in TARGET:
                yield Cell(
                    f"{what} {separation} N={size}", _some(sets, part),
                    partial(structural_set, what, size, separation), partial(summarise, what),
                )  # fmt: skip
        if size == SIZES[0]:
            yield Cell(
                f"gaussian 0.9 N={size}", _some(GAUSSIAN_SETS, part),
                partial(gaussian_set, size, 0.9), _gaussian,
            )  # fmt: skip
            yield Cell(
                f"variance 0.7 N={size}", _some(VARIANCE_SETS, part),
                partial(variance_set, size, 0.7), _variance,
            )  # fmt: skip
            for share in MISSING:
                yield Cell(
                    f"missing {share} N={size}", _some(MISSING_SETS, part),
                    partial(missing_set, size, share), partial(summarise, "outcome"),
                )  # fmt: skip


def _some(sets: int, part: float) -> int:
    return max(2, round(sets * part))


def main() -> None:
    """Run the cells that are not stored yet, and write the results after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=float, default=1.0, help="part of the data sets")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    about = {
        "seed": SEED, "stepmix": version("stepmix"), "n_init": N_INIT, "n_starts": N_STARTS,
        "stepmix_n_init": 1, "extreme": EXTREME,
    }  # fmt: skip
    results = read_json(asked.out) or {"about": about, "cells": {}}
    for cell in cells(asked.sets):
        if results["cells"].get(cell.name, {}).get("data_sets", 0) >= cell.sets:
            continue
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = cell.summary([cell.one(r) for r in range(cell.sets)])
        seconds = round(time.process_time() - start)
        results["cells"][cell.name] = {**found, "seconds": seconds}
        write_json(asked.out, results)
        print(f"{cell.name}: {seconds} s", flush=True)


if __name__ == "__main__":
    main()
