"""What :class:`swvtypes.Typology` finds in the simulated waves of 2014, and the claims on them.

A quick look (numbers of classes and types by BIC, items by Wald) of every shipped seed, both
sectors, beside the truth that stands apart from the waves; then, whatever BIC said, the bootstrap
test of one type against two in the one-step model. Then each claim on the typology of 2014 gets
its verdict. The rows are simulated: recovery shows that the method finds what is in them, not what
2014 was. Run from the checkout: ``python -m benchmarks.typology_waves [last seed]``. Writes
``benchmarks/results/typology_waves.json`` after each seed, and leaves seeds that stand there alone.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

import swvtypes as sw
from benchmarks.studies.typology_2014_recovery import true_types
from swvtypes.reconstruction.simulated import load_truth
from swvtypes.reproduction.typology_2014 import judge_typology_2014
from swvtypes.reproduction.typology_2014_recovery import runs_of
from swvtypes.reproduction.typology_2014_runs import TypologyRun
from swvtypes.typology.association import association_test

RESULTS = Path(__file__).resolve().parent / "results" / "typology_waves.json"
STARTS, N_BOOT, LEVEL = 20, 39, 0.05
ROUTES = ("one_class_analysis", "two_step", "one_step")


def one_seed(seed: int) -> tuple[list[dict[str, Any]], list[TypologyRun]]:
    """Type one wave; a line and a run a sector."""
    wave = sw.load_wave("start_2014", seed=seed)
    truth = load_truth("start_2014", seed)
    began = time.process_time()
    typology = sw.Typology(random_state=seed, quick=True, n_init=STARTS).fit(wave)
    seconds = time.process_time() - began
    lines, exist = [], {}
    for sector in wave.sectors:
        frame = wave.frame[wave.frame["sector"] == sector]
        kinds = truth.loc[frame.index]
        true = kinds["supercluster"].to_numpy()
        test = association_test(typology, sector, N_BOOT)
        exist[sector] = test is not None and test.p_value <= LEVEL
        found = typology.superclusters_[sector]
        modal = typology.membership_.modal[frame.index]
        share = None
        if found.model.n_types == 2:
            first = modal[true == 1].value_counts().idxmax()
            share = float(found.model.shares[0][found.model.types.index(first)])
        wanted = float((true == 1).mean())
        lines.append({
            "seed": seed, "sector": sector, "organisations": len(frame),
            "n_types": found.model.n_types, "share": share,
            "share_error": None if share is None else abs(share - wanted),
            "rand": float(adjusted_rand_score(true, modal)),
            "rand_of_truth": float(adjusted_rand_score(true, true_types(frame, kinds))),
            "rand_by_route": {
                r: float(adjusted_rand_score(true, found.assigned[r])) for r in ROUTES
            },
            "statistic": None if test is None else test.statistic,
            "p_value": None if test is None else test.p_value,
            "classes": {n: t.n_classes[sector] for n, t in typology.themes_.items()},
            "items": sum(len(t.by_sector[sector].taken) for t in typology.themes_.values()),
            "cpu_seconds_both_sectors": seconds,
        })  # fmt: skip
    return lines, list(runs_of(wave, typology, lambda _, sector: exist[sector]))


def summary(lines: list[dict[str, Any]], sector: str) -> dict[str, float]:
    mine = pd.DataFrame([line for line in lines if line["sector"] == sector])
    ratio = float(mine["rand"].mean() / mine["rand_of_truth"].mean())
    return {
        "waves": len(mine),
        "two_types_by_bic": float((mine["n_types"] == 2).mean()),
        "association_rejected": float((mine["p_value"].fillna(1.0) <= LEVEL).mean()),
        "mean_absolute_error_of_share": float(mine["share_error"].dropna().astype(float).mean()),
        "largest_error_of_share": float(mine["share_error"].dropna().astype(float).max()),
        "rand": float(mine["rand"].mean()),
        "rand_of_true_parameters": float(mine["rand_of_truth"].mean()),
        "ratio": ratio,
        **{f"rand_{r}": float(np.mean([x[r] for x in mine["rand_by_route"]])) for r in ROUTES},
    }


def main(last: int = 20) -> None:
    stored = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {"lines": []}
    lines = stored["lines"]
    kept = RESULTS.with_suffix(".runs")
    runs: dict[int, list[TypologyRun]] = pickle.loads(kept.read_bytes()) if kept.is_file() else {}
    for seed in range(1, last + 1):
        if seed in runs:
            continue
        made, runs[seed] = one_seed(seed)
        lines = [line for line in lines if line["seed"] != seed] + made
        stored = {"starts": STARTS, "n_boot": N_BOOT, "lines": lines}
        RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
        kept.write_bytes(pickle.dumps(runs))
        print(seed, [(x["sector"], x["share_error"], x["rand"], x["p_value"]) for x in made])
    stored["sectors"] = {s: summary(lines, s) for s in ("po", "vo")}
    claims = judge_typology_2014([r for some in runs.values() for r in some]).claims
    stored["verdicts"] = {k: int(v) for k, v in claims["verdict"].value_counts().items()}
    judged = claims[claims["kind"].isin(["recoverable", "method"])].set_index("id")
    stored["held"] = judged["held"].round(3).to_dict()
    stored["computed"] = judged["computed"].round(3).dropna().to_dict()
    RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
    kept.unlink()
    print(stored["sectors"], stored["verdicts"])


if __name__ == "__main__":
    warnings.simplefilter("ignore", sw.errors.SwvtypesWarning)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
