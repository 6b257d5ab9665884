"""Whether the typology finds types that are there, and the information measure tells the truth.

Waves at the sizes of the sectors (77 and 75 organisations): exact numbers of organisations of each
type (half and two thirds of the first), four themes of five yes-or-no items, theme class as the
type in nine cases of ten, items said yes to with probability 0.88 or 0.18. Each wave goes through
the whole of the method without the bootstrap tests (numbers of classes and types by BIC, items by
Wald tests). What the true parameters attain on the same rows is the yardstick. Then a third of the
items is dropped at random, the rest is scored with kept shares, and the agreement with the full
score is set beside what the information measure expected of it.

Run from the checkout: ``python -m benchmarks.studies.typology_recovery [waves]``. Writes
``benchmarks/results/typology_recovery.json``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from swvtypes.lca.model import Indicator
from swvtypes.parallel import run_parallel
from swvtypes.typology import Typology
from swvtypes.typology.profiles import ItemProfile, ThemeProfiles, TypesModel, posterior

SEED = 20140915
RESULTS = Path(__file__).resolve().parents[1] / "results" / "typology_recovery.json"
SECTORS = {"po": (77, 1 / 2), "vo": (75, 2 / 3)}
THEMES, ITEMS, COUPLING, YES, NO = 4, 5, 0.90, 0.88, 0.18
DROPS = 6


def themes() -> dict[str, list[str]]:
    return {f"t{t}": [f"t{t}_{j}" for j in range(ITEMS)] for t in range(THEMES)}


def wave(sector: str, number: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of one wave of one sector, and their types (0 the first)."""
    n, share = SECTORS[sector]
    key = (list(SECTORS).index(sector), number)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    kind = (np.arange(n) >= round(n * share)).astype(int)
    rng.shuffle(kind)
    columns = {}
    for names in themes().values():
        inside = np.where(rng.random(n) < COUPLING, kind, 1 - kind)
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside == 0, YES, NO)).astype(int)
    return pd.DataFrame(columns, index=[f"{sector}{i:02d}" for i in range(n)]), kind


def true_model(share: float) -> TypesModel:
    items = np.array([[1 - YES, YES], [1 - NO, NO]])
    rho = np.array([[COUPLING, 1 - COUPLING], [1 - COUPLING, COUPLING]])
    made = tuple(
        ThemeProfiles(
            theme,
            tuple(ItemProfile(Indicator(i, "nominal", (0, 1), "true"), items) for i in names),
            rho,
        )
        for theme, names in themes().items()
    )
    return TypesModel(("all",), ("1", "2"), np.array([[share, 1 - share]]), made)


def one(task: tuple[str, int]) -> dict[str, object]:
    """One wave through the method, and with a third of the items dropped."""
    sector, number = task
    frame, kind = wave(sector, number)
    n, share = SECTORS[sector]
    truth = true_model(share)
    p = posterior(truth.log_given_type(truth.encode(frame), n), truth.shares[0])[0]
    best = adjusted_rand_score(kind, p.argmax(axis=1))
    started = time.process_time()
    found = Typology(random_state=number, quick=True, n_init=20).fit(frame, themes=themes())
    seconds = time.process_time() - started
    modal = found.membership_.modal
    shares = found.models_[0].shares[0]
    error = None
    if len(shares) == 2:
        first = modal[kind == 0].value_counts().idxmax()
        error = float(abs(shares[found.models_[0].types.index(first)] - (kind == 0).mean()))
    return {
        "sector": sector, "wave": number, "types": len(shares), "share_error": error,
        "rand": float(adjusted_rand_score(kind, modal)), "rand_true": float(best),
        "cpu_seconds": seconds, "dropped": dropped(found, frame, number),
    }  # fmt: skip


def dropped(found: Typology, frame: pd.DataFrame, number: int) -> list[dict[str, float]]:
    """Score with a third of the items away: what was expected, what came."""
    if found.models_[0].n_types == 1:
        return []
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(9, number)))
    items = list(found.models_[0].items)
    full = found.membership_.modal
    out = []
    for _ in range(DROPS):
        away = rng.choice(items, size=len(items) // 3, replace=False)
        scored = found.score(frame.drop(columns=list(away)), shares="keep", least_information=0.0)
        row = scored.information.iloc[0]
        out.append({
            "information": float(row["share"]), "expected": float(row["agreement"]),
            "observed": float((scored.modal == full).mean()),
        })  # fmt: skip
    return out


def summary(rows: list[dict], sector: str) -> dict[str, float]:
    mine = [r for r in rows if r["sector"] == sector]
    errors = [r["share_error"] for r in mine if r["share_error"] is not None]
    rand, true = np.array([r["rand"] for r in mine]), np.array([r["rand_true"] for r in mine])
    drops = [d for r in mine for d in r["dropped"]]
    expected = np.array([d["expected"] for d in drops])
    observed = np.array([d["observed"] for d in drops])
    return {
        "waves": len(mine),
        "two_types": float(np.mean([r["types"] == 2 for r in mine])),
        "mean_absolute_error_of_share": float(np.mean(errors)),
        "rand": float(rand.mean()),
        "rand_of_true_parameters": float(true.mean()),
        "ratio": float(rand.mean() / true.mean()),
        "agreement_expected": float(expected.mean()),
        "agreement_observed": float(observed.mean()),
        "agreement_mean_absolute_gap": float(np.abs(expected - observed).mean()),
        "information": float(np.mean([d["information"] for d in drops])),
        "cpu_seconds_a_wave": float(np.mean([r["cpu_seconds"] for r in mine])),
    }


def main(waves: int = 50) -> None:
    tasks = [(sector, number) for sector in SECTORS for number in range(waves)]
    rows = run_parallel(one, tasks, n_jobs=1)
    stored = {"seed": SEED, "waves": waves, **{s: summary(rows, s) for s in SECTORS}, "rows": rows}
    RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
    for sector in SECTORS:
        print(sector, stored[sector])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
