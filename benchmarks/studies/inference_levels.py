"""Level of the bootstrap tests at small numbers.

Equal against free profiles over two groups of 65 and 58 cases (two classes, six binary items,
probabilities 0.8 and 0.2), and the likelihood-ratio test of an indicator that has nothing to do
with the classes at N = 65. Run from the checkout:
``python -m benchmarks.studies.inference_levels``. Writes
``benchmarks/results/inference_levels.json``.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.studies.inference_designs import generator
from swvtypes.lca.design import Item, build_design
from swvtypes.lca.em import Settings
from swvtypes.lca.fit import Starts, fit_classes
from swvtypes.lca.groups_tests import GroupSpec, compare_group_models, fit_group_model
from swvtypes.lca.inference_indicator_lr import indicator_ratio_test
from swvtypes.lca.inference_replicates import Effort, one_row_a_case
from swvtypes.parallel import run_parallel

SEED = 20261123
SETTINGS = Settings(5000, 1e-7)
RESULTS = Path(__file__).resolve().parents[1] / "results" / "inference_levels.json"


def two_classes(group: np.ndarray, rng: np.random.Generator, n_items: int = 6) -> np.ndarray:
    """Answers of two classes with equal profiles and other shares in each group."""
    c = rng.random(len(group)) < np.array([0.6, 0.4])[group]
    p = np.where(c[:, None], 0.8, 0.2)
    return (rng.random((len(group), n_items)) < p).astype(float)


def group_p_value(n_boot: int, r: int) -> tuple[float, float]:
    """Bootstrap and chi-square p of equal profiles where they are equal."""
    from scipy.stats import chi2

    group = np.repeat([0, 1], [65, 58])
    values = two_classes(group, generator(SEED, 1, r))
    items = tuple(Item(f"y{j}", "binary", 2) for j in range(6))
    cases = one_row_a_case(build_design(values, items, None, group))
    effort = Effort(n_boot, 10, r, SETTINGS)
    spec = GroupSpec(2, n_init=10)
    equal = fit_group_model(cases, (), spec, None, effort)
    free = fit_group_model(cases, range(6), spec, equal, effort)
    test = compare_group_models(equal, free, effort)
    return test.p_value, float(chi2.sf(test.statistic, test.df))


def indicator_p_value(n_boot: int, r: int, n: int = 65) -> tuple[float, float]:
    """Bootstrap and chi-square p of an indicator that is noise."""
    from scipy.stats import chi2

    rng = generator(SEED, 2, r)
    values = two_classes(np.zeros(n, dtype=int), rng, 5)
    values = np.column_stack([values, rng.random(n) < 0.3])
    items = tuple(Item(f"y{j}", "binary", 2) for j in range(6))
    design = build_design(values, items)
    fit = fit_classes(design, 2, Starts(10, r))
    test = indicator_ratio_test(fit, design, 5, Effort(n_boot, 10, r, SETTINGS), n_init=10)
    return test.p_value, float(chi2.sf(test.statistic, test.df))


def main(n_data_sets: int = 1000, n_boot: int = 39, n_jobs: int = 2) -> None:
    """Run both studies and write the results after each."""
    results: dict[str, object] = {"seed": SEED, "n_boot": n_boot, "tol": SETTINGS.tol}
    for name, study in (("groups 65+58", group_p_value), ("indicator N=65", indicator_p_value)):
        p = np.array(run_parallel(partial(study, n_boot), range(n_data_sets), n_jobs))
        rejected = float((p[:, 0] <= 0.05).mean())
        results[name] = {
            "data_sets": len(p),
            "rejected_at_5_percent": rejected,
            "monte_carlo_error": float(np.sqrt(rejected * (1.0 - rejected) / len(p))),
            "rejected_at_5_percent_chi_square": float((p[:, 1] <= 0.05).mean()),
            "rejected_at_10_percent": float((p[:, 0] <= 0.10).mean()),
        }
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
