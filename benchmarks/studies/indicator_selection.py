"""Level and power of the test of an indicator, with the choice of the number of classes repeated.

Themes of yes-or-no items at 77 and 152 cases. "Beside classes": five items with two classes of
equal size (answers .88 and .18, or .75 and .30) and a sixth that has nothing to do with them.
"No classes": five independent items. Shares called significant at level .05: each noise item by
itself (raw), and at least one noise item of the theme after Holm's adjustment over the theme's
items. The adjusted rate beside strong classes shows what a user meets, since the real items take
the first steps of Holm's procedure. "Wald" is the test within the model that BIC chooses, among
those with two classes or more, for comparison: it takes the chosen number of classes as given.
Run from the checkout: ``python -m benchmarks.studies.indicator_selection``. Writes
``benchmarks/results/indicator_selection.json``.
"""

from __future__ import annotations

import json
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.outcomes import adjust
from swvtypes.lca.replicates import one_row_a_case
from swvtypes.typology.selection.rearranging import Search
from swvtypes.typology.selection.testing import Draws, item_test

SEED = 20260177
LEVEL = 0.05
RESULTS = Path(__file__).resolve().parents[1] / "results" / "indicator_selection.json"
STRENGTHS = {"strong": (0.88, 0.18), "weak": (0.75, 0.30)}
# 199 arrangements with a stop at 10 decide at level .05 exactly as 199 without a stop.
DRAWS, STOP = 199, 10


def beside_classes(n: int, strength: str, data: int) -> np.ndarray:
    """Five items that two classes answer differently, and one that they answer alike."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(1, n, len(strength), data)))
    classes = rng.random(n) < 0.5
    high, low = STRENGTHS[strength]
    X = (rng.random((n, 6)) < np.where(classes, high, low)[:, None]).astype(int)
    X[:, 5] = rng.random(n) < 0.4
    return X


def no_classes(n: int, data: int) -> np.ndarray:
    """Five independent items."""
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(2, n, data)))
    return (rng.random((n, 5)) < np.array([0.2, 0.35, 0.5, 0.65, 0.8])).astype(int)


def fitted(X: np.ndarray, n_classes: int, n_init: int = 1) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return LatentClassModel(n_classes, n_init=n_init, random_state=1, n_jobs=1).fit(X)


def p_values(X: np.ndarray, items: list[int], seed: int, n_draws: int = DRAWS) -> np.ndarray:
    """P values of some items, NaN for the others."""
    cases = one_row_a_case(fitted(X, 1).design_)
    search, draws = Search((2, 3, 4, 5)), Draws(n_draws, STOP if n_draws == DRAWS else None, seed)
    out = np.full(X.shape[1], np.nan)
    for item in items:
        out[item] = item_test(cases, item, search, draws)[2]
    return out


def wald_p_values(X: np.ndarray) -> np.ndarray:
    """Wald tests within the model that BIC chooses among two classes and more."""
    models = [fitted(X, k, 20) for k in (2, 3, 4)]
    chosen = min(models, key=lambda m: m.criteria_["bic"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return chosen.indicators_["p_value"].to_numpy(dtype=float)


def rate(hits: np.ndarray) -> dict[str, float]:
    return {"called": round(float(hits.mean()), 4), "of": len(hits)}


def beside(n: int, strength: str, n_data: int, n_full: int) -> dict[str, object]:
    noise, adjusted, power, wald = [], [], [], []
    for data in range(n_data):
        X = beside_classes(n, strength, data)
        full = data < n_full
        p = p_values(X, list(range(6)) if full else [5], data)
        noise.append(p[5] <= LEVEL)
        if full:
            holm = adjust(p, "holm")
            adjusted.append(holm[5] <= LEVEL)
            power.append((holm[:5] <= LEVEL).mean())
            wald.append(wald_p_values(X)[5] <= LEVEL)
    return {
        "noise item, raw": rate(np.array(noise)),
        "noise item, adjusted": rate(np.array(adjusted)),
        "real items, adjusted": rate(np.array(power)),
        "noise item, Wald": rate(np.array(wald)),
    }


def without(n: int, n_data: int, n_wald: int) -> dict[str, object]:
    raw, family, wald, wald_family = [], [], [], []
    for data in range(n_data):
        X = no_classes(n, data)
        p = p_values(X, list(range(5)), data)
        raw.append(p <= LEVEL)
        family.append((adjust(p, "holm") <= LEVEL).any())
        if data < n_wald:
            naive = wald_p_values(X)
            wald.append(naive <= LEVEL)
            wald_family.append((adjust(naive, "holm") <= LEVEL).any())
    return {
        "item, raw": rate(np.concatenate(raw)),
        "each item, raw": [rate(column)["called"] for column in np.array(raw).T],
        "any item, adjusted": rate(np.array(family)),
        "item, Wald": rate(np.concatenate(wald)),
        "any item, Wald adjusted": rate(np.array(wald_family)),
    }


def main(n_data: int = 1000, n_full: int = 200) -> None:
    """Run what is not stored yet."""
    start = time.time()
    head = {
        "seed": SEED, "level": LEVEL, "permutations": DRAWS,
        "monte_carlo_error": round(float(np.sqrt(LEVEL * (1 - LEVEL) / n_data)), 4),
    }  # fmt: skip
    results: dict[str, object] = dict(head)
    if RESULTS.is_file():
        stored = json.loads(RESULTS.read_text())
        results = stored if head.items() <= stored.items() else results
    before = int(str(results.get("seconds", 0)))
    parts = {}
    for n in (77, 152):
        parts[f"no classes, n={n}"] = partial(without, n, n_data, n_full)
        parts[f"beside strong classes, n={n}"] = partial(beside, n, "strong", n_data, n_full)
    for n in (77, 152):
        parts[f"beside weak classes, n={n}"] = partial(beside, n, "weak", n_data, n_full)
    for name, part in parts.items():
        if name not in results:
            results[name] = part()
            results["seconds"] = before + round(time.time() - start)
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
