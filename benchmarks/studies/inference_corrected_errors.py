"""Three steps with assignment errors as stated and corrected for their optimism, on the same sets.

The data sets are those of the study `inference_three_step` (same design, seed and draws). Slopes
by BCH weights take more than the table; the study `inference_corrected_steps` has them. Run from
the checkout: ``python -m benchmarks.studies.inference_corrected_errors``. Writes
``benchmarks/results/inference_corrected_errors.json``; cells that are stored are not run again.
"""

from __future__ import annotations

import contextlib
import json
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from benchmarks.studies.inference_designs import generator
from benchmarks.studies.inference_three_step import SEED, draw, summarise
from swvtypes.lca import LatentClassModel, structural_optimism
from swvtypes.lca.inference_alignment import align_classes
from swvtypes.lca.structural import Measurement
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.lca.structural_distal import OutcomeSpec, relate_outcome
from swvtypes.lca.structural_optimism import correct_errors
from swvtypes.parallel import run_parallel

N_BOOT = 100
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_corrected_errors.json"
CELLS = (("medium", 500, 250), ("high", 500, 250), ("low", 500, 100), ("medium", 1000, 150),
         ("high", 152, 200), ("medium", 152, 150))  # fmt: skip


@contextlib.contextmanager
def corrected_once() -> Iterator[None]:
    """Let all estimators of one data set share its replicates: the seed is the same for each."""
    known: list[np.ndarray] = []

    def correct(measurement: Measurement, *asked: object) -> Measurement:
        if not known:
            known.append(correct_errors(measurement, *asked).optimism)
        return replace(measurement, optimism=known[0])

    with mock.patch.object(structural_optimism, "correct_errors", correct):
        yield


def one(n: int, separation: str, r: int) -> dict[str, list]:
    """Estimates and standard errors with both tables on one data set."""
    values, z, y, b, truth = draw(n, separation, generator(SEED, n, len(separation), r))
    X, Z = pd.DataFrame(values), pd.DataFrame({"z": z})
    out: dict[str, list] = {}
    with warnings.catch_warnings(), corrected_once():
        warnings.simplefilter("ignore")
        model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
        order = align_classes(truth, model.fit_.parameters)
        for errors in ("apparent", "corrected"):
            how = {"errors": errors, "n_boot": N_BOOT, "random_state": r}
            for method in ("ml", "bch"):
                if (method, errors) == ("bch", "corrected"):
                    out |= _means(model, X, (y, b), method, how, order)
                    continue
                covariates = CovariateSpec(method, reference=int(order[0]) + 1, **how)
                found = relate_covariates(model, X, Z, covariates)
                frame = found.coefficients.query("covariate == 'z'").set_index("class")
                frame["known"] = np.sqrt(np.diag(found.covariance.given_step_one))[-2:]
                mine = frame.loc[order[1:] + 1]
                out[f"slope {method} {errors}"] = [
                    mine[column].to_numpy() for column in ("estimate", "se", "known")
                ]
                out |= _means(model, X, (y, b), method, how, order)
    return out


def _means(
    model: LatentClassModel, X: pd.DataFrame, outcomes: tuple, method: str, how: dict,
    order: np.ndarray,
) -> dict[str, list]:  # fmt: skip
    out = {}
    for name, outcome, family in zip(
        ("mean", "chance"), outcomes, ("continuous", "binary"), strict=True
    ):
        spec = OutcomeSpec(method, family=family, **how)
        frame = relate_outcome(model, X, pd.Series(outcome), spec).profiles
        mine = frame[frame["category"].isin([1])] if name == "chance" else frame
        columns = [mine[c].to_numpy()[order] for c in ("estimate", "se", "se")]
        out[f"{name} {method} {how['errors']}"] = columns
    return out


def main(cells: tuple = CELLS, n_jobs: int = 2) -> None:
    """Run the cells that are not stored yet, and write the results after each."""
    results: dict[str, object] = {"seed": SEED, "n_boot": N_BOOT}
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
