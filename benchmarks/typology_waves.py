"""What :class:`swvtypes.Typology` finds in the simulated waves of 2014, and the claims on them.

A quick look (numbers of classes and types by BIC, items by Wald) of every shipped seed, both
sectors, beside the truth that stands apart from the waves; then, whatever BIC said, the bootstrap
test of one type against two in the one-step model, with 19 replicates: the fewest that can reject
at .05. On the same items the one-step types are also estimated by maximum likelihood, to show what
the prior on the types does. Then each claim on the typology of 2014 gets its verdict. The rows are
simulated: recovery shows that the method finds what is in them, not what 2014 was.

Run from the checkout: ``python -m benchmarks.typology_waves [last seed]``. Writes
``benchmarks/results/typology_waves.json`` once all waves are done. What an interrupted run had done
is kept in the folder for temporary files, not in the checkout, and is taken up again.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
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
from swvtypes.typology import ClassesOfClasses
from swvtypes.typology.association import association_test

RESULTS = Path(__file__).resolve().parent / "results" / "typology_waves.json"
STARTS, N_BOOT, LEVEL = 10, 19, 0.05
ROUTES = ("one_class_analysis", "two_step", "one_step")
SCRATCH = Path(tempfile.gettempdir()) / f"swvtypes_typology_waves_{STARTS}_{N_BOOT}.pickle"


def by_maximum_likelihood(typology: sw.Typology, sector: str, seed: int) -> pd.Series:
    """One-step types on the same items and classes, as many, without a prior on the types."""
    themes = {n: t.by_sector[sector] for n, t in typology.themes_.items()}
    part = {n: t for n, t in themes.items() if t.n_classes > 1 and t.taken}
    frame = typology._prepared(typology._needed("this study"))[
        list(typology.superclusters_).index(sector)
    ]
    kinds = {i.name: i.kind for i in typology._items[sector] if i.name in frame}
    model = ClassesOfClasses(
        typology.superclusters_[sector].model.n_types, {n: t.n_classes for n, t in part.items()},
        kinds, STARTS, random_state=seed,
    )  # fmt: skip
    model.fit(frame, themes={n: list(t.taken) for n, t in part.items()})
    return pd.Series(model.predict(frame), index=frame.index)


def one_seed(seed: int) -> tuple[list[dict[str, Any]], list[TypologyRun]]:
    """Type one wave; a line and a run a sector."""
    wave = sw.load_wave("start_2014", seed=seed)
    truth = load_truth("start_2014", seed)
    began = time.process_time()
    typology = sw.Typology(random_state=seed, quick=True, n_init=STARTS, items="significant").fit(
        wave
    )
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
        plain = by_maximum_likelihood(typology, sector, seed)
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
            "rand_by_maximum_likelihood": float(adjusted_rand_score(true, plain[frame.index])),
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
        "ratio_by_maximum_likelihood": float(
            mine["rand_by_maximum_likelihood"].mean() / mine["rand_of_truth"].mean()
        ),
        **{f"rand_{r}": float(np.mean([x[r] for x in mine["rand_by_route"]])) for r in ROUTES},
    }


def main(last: int = 20) -> None:
    done: dict[int, tuple[list[dict[str, Any]], list[TypologyRun]]] = {}
    if SCRATCH.is_file():
        done = pickle.loads(SCRATCH.read_bytes())
    for seed in range(1, last + 1):
        if seed not in done:
            done[seed] = one_seed(seed)
            SCRATCH.write_bytes(pickle.dumps(done))
            print(seed, [(x["sector"], x["share_error"], x["rand"], x["p_value"])
                         for x in done[seed][0]], flush=True)  # fmt: skip
    store(done)
    SCRATCH.unlink()


def store(done: dict[int, tuple[list[dict[str, Any]], list[TypologyRun]]]) -> None:
    """Write every wave, what they come to, and the verdicts."""
    lines = [line for made, _ in done.values() for line in made]
    claims = judge_typology_2014([r for _, runs in done.values() for r in runs]).claims
    judged = claims[claims["kind"].isin(["recoverable", "method"])].set_index("id")
    stored = {
        "starts": STARTS,
        "n_boot": N_BOOT,
        "sectors": {s: summary(lines, s) for s in ("po", "vo")},
        "verdicts": {k: int(v) for k, v in claims["verdict"].value_counts().items()},
        "verdict": judged["verdict"].to_dict(),
        "held": judged["held"].round(3).to_dict(),
        "computed": judged["computed"].round(3).dropna().to_dict(),
        "lines": lines,
    }
    RESULTS.write_text(json.dumps(stored, indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore", sw.errors.SwvtypesWarning)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
