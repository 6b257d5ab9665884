"""How well the way of 2014 finds what is in the simulated waves of 2014, at several difficulties.

The way of 2014 (route 1): per theme a latent class analysis, one class or two by BIC; the
indicators that differ between its classes (likelihood-ratio p below .05); one latent class analysis
on those of all themes together, with two classes. Beside it: what the number of types by BIC would
have been, and the adjusted Rand that the true parameters themselves attain. The claims on the
typology are then held against the runs. Run from the checkout:
``python -m benchmarks.studies.typology_2014_recovery``. Writes
``benchmarks/results/typology_2014_recovery.json`` after each dial, and leaves dials that stand
there alone; delete the file to start anew.
"""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.reconstruction.simulated import Difficulty, SimulatedWave, simulate_start
from swvtypes.reconstruction.simulated.plan import read_start_plan
from swvtypes.reproduction.typology_2014 import judge_typology_2014
from swvtypes.reproduction.typology_2014_runs import TypologyRun, summarise_run

RESULTS = Path(__file__).resolve().parents[1] / "results" / "typology_2014_recovery.json"
SEEDS = tuple(range(1, 21))
STARTS = 4
DIALS = {
    "standard": Difficulty(),
    "standard, chance left in": Difficulty(residual="sampled"),
    "other themes .60": Difficulty(coupling_unnamed=0.60),
    "coupling .80": Difficulty(coupling=0.80),
    "items .75/.30": Difficulty(high=0.75, low=0.30),
    "coupling .80, items .75/.30": Difficulty(coupling=0.80, high=0.75, low=0.30),
    "unrelated themes": Difficulty(coupling=0.5, coupling_unnamed=0.5),
}
THEMES = {theme.id: tuple(item.id for item in theme.items) for theme in read_start_plan().themes}


def best_by_bic(frame: pd.DataFrame, most: int, seed: int) -> tuple[int, LatentClassModel]:
    """Fit one class and more, and give the number with the lowest BIC and its model."""
    fits = {
        k: LatentClassModel(n_classes=k, n_init=STARTS, random_state=seed).fit(frame)
        for k in range(1, most + 1)
    }
    best = min(fits, key=lambda k: fits[k].criteria_["bic"])
    return best, fits[best]


def differing(frame: pd.DataFrame, model: LatentClassModel, k: int) -> list[str]:
    """Give the indicators whose answers go with the classes, by likelihood ratio."""
    if k == 1:
        return []
    weights = np.asarray(model.predict_proba(frame))
    chosen = []
    for name in frame:
        values = frame[name].to_numpy(dtype=float, na_value=np.nan)
        codes = np.unique(values[~np.isnan(values)])
        table = np.array([weights[values == code].sum(axis=0) for code in codes])
        table = table[:, table.sum(axis=0) > 0]
        if min(table.shape) < 2:
            continue
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        ratio = 2 * np.sum(table * np.log(np.where(table > 0, table / expected, 1.0)))
        if stats.chi2.sf(ratio, (table.shape[0] - 1) * (table.shape[1] - 1)) < 0.05:
            chosen.append(str(name))
    return chosen


def true_types(frame: pd.DataFrame, truth: pd.DataFrame) -> np.ndarray:
    """Give the most probable type under the shares and probabilities that the rows have."""
    types = truth["supercluster"].to_numpy()
    log = np.log(np.array([np.mean(types == s) for s in (1, 2)]))[None, :].repeat(len(frame), 0)
    for theme, items in THEMES.items():
        classes = truth[theme].to_numpy()
        given = np.zeros((len(frame), 2))
        for name in items:
            values = frame[name].to_numpy(dtype=float, na_value=np.nan)
            for c in (1, 2):
                asked = (classes == c) & ~np.isnan(values)
                for code in np.unique(values[~np.isnan(values)]):
                    p = np.mean(values[asked] == code) if asked.any() else 0.5
                    given[values == code, c - 1] += np.log(max(p, 1e-6))
        for s in (1, 2):
            share = np.array([np.mean(classes[types == s] == c) for c in (1, 2)])
            log[:, s - 1] += np.log(np.exp(given) @ share + 1e-300)
    return log.argmax(axis=1) + 1


def one_sector(made: SimulatedWave, sector: str) -> tuple[TypologyRun, dict[str, float]]:
    """Run the way of 2014 on one sector, and set it beside the truth."""
    wave = made.wave().sector(sector)
    frame = wave.frame
    lines, used = [], []
    for theme, items in THEMES.items():
        k, model = best_by_bic(frame[list(items)], 2, made.seed)
        chosen = differing(frame[list(items)], model, k)
        used += chosen
        lines += [(theme, name, name in chosen) for name in items]
    if used:
        number, _ = best_by_bic(frame[used], 3, made.seed)
        model = LatentClassModel(n_classes=2, n_init=STARTS, random_state=made.seed)
        found_types = np.asarray(model.fit(frame[used]).predict_proba(frame[used]))
    else:  # no theme has classes: nothing to type on
        number, found_types = 1, np.ones((len(frame), 1))
    names = [f"{sector} {k + 1}" for k in range(found_types.shape[1])]
    probabilities = pd.DataFrame(found_types, index=frame.index, columns=names)
    selection = pd.DataFrame(lines, columns=["theme", "indicator", "selected"])
    run = summarise_run(wave, probabilities, selection, used, exist=number > 1)
    assert made.truth is not None
    truth = made.truth.set_index("organisation").loc[frame.index]
    wanted = float(np.mean(truth["supercluster"] == 1))
    found = float(run.shares[run.extended]) if run.extended else float("nan")
    return run, {
        "share": found,
        "share_error": abs(found - wanted),
        "rand": adjusted_rand_score(truth["supercluster"], run.modal),
        "rand_of_truth": adjusted_rand_score(truth["supercluster"], true_types(frame, truth)),
        "types_by_bic": float(number),
        "indicators": float(len(used)),
    }


def study(dial: Difficulty, seeds: tuple[int, ...] = SEEDS) -> dict[str, object]:
    """Run one dial on every seed, and hold the claims against the runs."""
    began = time.perf_counter()
    runs: list[TypologyRun] = []
    lines = []
    for seed in seeds:
        made = simulate_start(seed, dial)
        for sector in ("po", "vo"):
            run, line = one_sector(made, sector)
            runs.append(run)
            lines.append({"seed": seed, "sector": sector} | line)
    table = pd.DataFrame(lines)
    claims = judge_typology_2014(runs, fewest_waves=len(seeds)).claims
    judged = claims[claims["kind"].isin(["recoverable", "method"])]
    means = table.groupby("sector").mean(numeric_only=True).drop(columns="seed")
    return {
        "dial": dial.named(),
        "starts": STARTS,
        "sectors": means.round(4).to_dict("index"),
        "runs": table.round(6).to_dict("records"),
        "verdicts": claims["verdict"].value_counts().to_dict(),
        "held": judged.set_index("id")["held"].round(3).to_dict(),
        "seconds": round(time.perf_counter() - began, 1),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore", SwvtypesWarning)
    done = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    for name, dial in DIALS.items():
        if name in done:
            continue
        done[name] = study(dial)
        print(name, done[name]["sectors"], done[name]["verdicts"])
        RESULTS.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
