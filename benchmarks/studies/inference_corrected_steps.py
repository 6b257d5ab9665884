"""Later steps as stated and corrected for the optimism of step one: ML, BCH and two steps.

The population of the study `inference_three_step` with a seed of its own. Corrected are: for ML
and BCH the errors of assignment (slopes by BCH weights also by a penalty that takes out the bias
of small numbers), for two steps the densities. Run from the checkout: ``python -m
benchmarks.studies.inference_corrected_steps``. Writes
``benchmarks/results/inference_corrected_steps.json``; cells that are stored are not run again, and
data sets of a cell that was broken off are kept in the folder for temporary files.
"""

from __future__ import annotations

import contextlib
import json
import time
import warnings
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from benchmarks.studies.inference_designs import generator
from benchmarks.studies.inference_keeping import kept_runs
from benchmarks.studies.inference_three_step import draw, summarise
from swvtypes.lca import LatentClassModel, structural_optimism
from swvtypes.lca.inference_alignment import align_classes
from swvtypes.lca.structural_covariates import CovariateSpec, relate_covariates
from swvtypes.lca.structural_distal import OutcomeSpec, relate_outcome

SEED = 20261201
N_BOOT = 100
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_corrected_steps.json"
CELLS = (("medium", 500, 200), ("high", 500, 200), ("medium", 1000, 200), ("high", 1000, 200),
         ("medium", 152, 150), ("low", 500, 100))  # fmt: skip
SLOPES_BY, MEANS_BY = ("ml", "bch", "two_step"), ("bch", "two_step")


@contextlib.contextmanager
def drawn_once() -> Iterator[None]:
    """Let all estimators of one data set share its replicates: the seed is the same for each."""
    known: list[tuple[np.ndarray, ...]] = []
    drawing = structural_optimism._replicates

    def replicates(measurement: object, model: object, how: object) -> Iterator[tuple]:
        if not known:
            whole = structural_optimism.Replication(N_BOOT, how.random_state, how.settings)
            known.extend(drawing(measurement, model, whole))
        return islice(known, how.n_boot)

    with mock.patch.object(structural_optimism, "_replicates", replicates):
        yield


def one(n: int, separation: str, r: int) -> dict[str, list]:
    """Estimates and standard errors, as stated and corrected, on one data set."""
    values, z, y, _, truth = draw(n, separation, generator(SEED, n, len(separation), r))
    X, Z, outcome = pd.DataFrame(values), pd.DataFrame({"z": z}), pd.Series(y)
    out: dict[str, list] = {}
    with warnings.catch_warnings(), drawn_once():
        warnings.simplefilter("ignore")
        model = LatentClassModel(3, n_init=10, random_state=r, n_jobs=1).fit(X)
        order = align_classes(truth, model.fit_.parameters)
        for errors in ("apparent", "corrected"):
            how = {"errors": errors, "n_boot": N_BOOT, "random_state": r}
            for method in SLOPES_BY:
                spec = CovariateSpec(method, reference=int(order[0]) + 1, **how)
                found = relate_covariates(model, X, Z, spec)
                frame = found.coefficients.query("covariate == 'z'").set_index("class")
                frame["known"] = np.sqrt(np.diag(found.covariance.given_step_one))[-2:]
                mine = frame.loc[order[1:] + 1]
                out[f"slope {method} {errors}"] = [
                    mine[column].tolist() for column in ("estimate", "se", "known")
                ]
            for method in MEANS_BY:
                spec = OutcomeSpec(method, family="continuous", **how)
                frame = relate_outcome(model, X, outcome, spec).profiles
                columns = [frame[c].to_numpy()[order].tolist() for c in ("estimate", "se", "se")]
                out[f"mean {method} {errors}"] = columns
    return out


def main(cells: tuple = CELLS, n_jobs: int = 2) -> None:
    """Run the cells that are not stored with as many data sets, and write after each."""
    results: dict[str, object] = {"seed": SEED, "n_boot": N_BOOT}
    if RESULTS.is_file():
        results = json.loads(RESULTS.read_text())
    for separation, n, n_data_sets in cells:
        stored = results.get(f"{separation} N={n}", {"data_sets": 0})
        if stored["data_sets"] >= n_data_sets:
            continue
        start = time.perf_counter()
        name = f"inference_corrected_steps_{SEED}_{separation}_{n}"
        cell = summarise(kept_runs(name, partial(one, n, separation), n_data_sets, n_jobs))
        cell["seconds"] = round(time.perf_counter() - start)
        results[f"{separation} N={n}"] = cell
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
