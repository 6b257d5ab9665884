"""Which prior on the types serves waves of this size, on designs that are not the wave of 2014.

Two types over four themes of five yes-or-no items, at the sizes of the sectors and of both
together (77, half of the first type; 75, two thirds; 152, half), with strong items (.88 and .18)
and weak ones (.75 and .30), and three couplings of theme class and type: .90 in every theme; .98,
.90, .80 and .70; .90 in three themes and none in the fourth. Numbers of classes and types are
known; the one-step model is fitted by maximum likelihood (prior 0) and to its posterior mode. The
prior is a number of pseudo-cases in each theme, spread evenly over types and classes, which answer
as the average row does: 2 is half a case in each cell of a table of two types by two classes (what
Jeffreys's prior adds to a mean), 4 a whole one (what Laplace's rule adds).

Stored by design and prior: the adjusted Rand index to the truth, that of the true parameters on
the same data, their ratio, its standard error (over data sets, of the difference of the two
divided by the mean of the second), and the mean absolute error of the share of the first type.

Run from the checkout: ``python -m benchmarks.typology_prior``. Writes
``benchmarks/results/typology_prior.json`` design by design; what is stored is not run again.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from swvtypes.errors import SwvtypesWarning
from swvtypes.typology import ClassesOfClasses

RESULTS = Path(__file__).resolve().parent / "results" / "typology_prior.json"
SEED, SETS, STARTS = 20142016, 60, 6
PRIORS = (0.0, 1.0, 2.0, 4.0, 8.0)
THEMES, ITEMS = 4, 5
SIZES = {"77, half": (77, 1 / 2), "75, two thirds": (75, 2 / 3), "152, half": (152, 1 / 2)}
STRENGTHS = {"strong": (0.88, 0.18), "weak": (0.75, 0.30)}
COUPLINGS = {
    "even": (0.9, 0.9, 0.9, 0.9),
    "unequal": (0.98, 0.9, 0.8, 0.7),
    "a noise theme": (0.9, 0.9, 0.9, 0.5),
}
NAMES = {f"t{t}": [f"t{t}_{i}" for i in range(ITEMS)] for t in range(THEMES)}


@dataclass(frozen=True)
class Design:
    """A population and a number of organisations."""

    size: str
    strength: str
    coupling: str

    @property
    def name(self) -> str:
        """Name under which it is stored."""
        return f"{self.size}; {self.strength} items; coupling {self.coupling}"


DESIGNS = [Design(n, s, c) for s in STRENGTHS for n in SIZES for c in COUPLINGS]


def drawn(design: Design, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers (n, themes, items) of one data set, and the types (0 the first)."""
    n, share = SIZES[design.size]
    key = (DESIGNS.index(design), number)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    kind = (np.arange(n) >= round(n * share)).astype(int)
    rng.shuffle(kind)
    same = rng.random((n, THEMES)) < np.array(COUPLINGS[design.coupling])
    classes = np.where(same, kind[:, None], 1 - kind[:, None])
    yes = np.array(STRENGTHS[design.strength])[classes]
    return (rng.random((n, THEMES, ITEMS)) < yes[..., None]).astype(float), kind


def by_truth(design: Design, answers: np.ndarray) -> np.ndarray:
    """Type of each organisation by the true parameters."""
    share = SIZES[design.size][1]
    logs = np.tile(np.log([share, 1.0 - share]), (len(answers), 1))
    for t, c in enumerate(COUPLINGS[design.coupling]):
        given = [
            np.where(answers[:, t] == 1, p, 1.0 - p).prod(axis=1)
            for p in STRENGTHS[design.strength]
        ]
        logs += np.log(np.stack(given, axis=1) @ np.array([[c, 1 - c], [1 - c, c]]))
    return logs.argmax(axis=1)


def one(design: Design, number: int, priors: tuple[float, ...] = PRIORS) -> list[dict[str, float]]:
    """Give the adjusted Rand to the truth and the error of the share, by prior."""
    answers, kind = drawn(design, number)
    columns = [name for names in NAMES.values() for name in names]
    frame = pd.DataFrame(answers.reshape(len(answers), -1), columns=columns)
    best = float(adjusted_rand_score(kind, by_truth(design, answers)))
    found = []
    for prior in priors:
        model = ClassesOfClasses(2, 2, n_init=STARTS, prior=prior, random_state=number)
        labels = model.fit(frame, themes=NAMES).predict(frame) - 1
        first = int(np.bincount(labels[kind == 0], minlength=2).argmax())
        share = float(model.outcome_.model.shares[first])
        found.append({
            "prior": prior,
            "rand": float(adjusted_rand_score(kind, labels)),
            "rand_of_truth": best,
            "share_error": abs(share - float((kind == 0).mean())),
        })  # fmt: skip
    return found


def summary(design: Design, sets: int) -> dict[str, object]:
    """All data sets of one design."""
    rows = pd.DataFrame([line for number in range(sets) for line in one(design, number)])
    by_prior = {}
    for prior, mine in rows.groupby("prior"):
        best = float(mine["rand_of_truth"].mean())
        gap = mine["rand"] - mine["rand_of_truth"]
        by_prior[f"{prior:g}"] = {
            "rand": round(float(mine["rand"].mean()), 4),
            "ratio": round(float(mine["rand"].mean()) / best, 4),
            "ratio_error": round(float(gap.std(ddof=1)) / best / sets**0.5, 4),
            "share_error": round(float(mine["share_error"].mean()), 4),
        }
    first = rows["rand"][rows["prior"] == PRIORS[0]].head(3)
    return {
        "rand_of_truth": round(best, 4),
        "by_prior": by_prior,
        "first_three_at_prior_0": first.round(6).tolist(),
    }


def overall(designs: dict[str, dict]) -> dict[str, dict[str, float]]:
    """Mean and worst over the designs, by prior."""
    found = {}
    for prior in PRIORS:
        cells = pd.DataFrame([d["by_prior"][f"{prior:g}"] for d in designs.values()])
        found[f"{prior:g}"] = {
            "mean_ratio": round(float(cells["ratio"].mean()), 4),
            "least_ratio": round(float(cells["ratio"].min()), 4),
            "designs_below_0.90": int((cells["ratio"] < 0.90).sum()),
            "mean_share_error": round(float(cells["share_error"].mean()), 4),
            "largest_share_error": round(float(cells["share_error"].max()), 4),
        }
    return found


def main(sets: int = SETS) -> None:
    """Run what is not stored yet."""
    stored: dict = {"seed": SEED, "data_sets": sets, "starts": STARTS, "designs": {}}
    if RESULTS.is_file():
        before = json.loads(RESULTS.read_text())
        if before["data_sets"] == sets:
            stored = before
    for design in DESIGNS:
        if design.name in stored["designs"]:
            continue
        stored["designs"][design.name] = summary(design, sets)
        if len(stored["designs"]) == len(DESIGNS):
            stored["overall"] = overall(stored["designs"])
        RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
        print(design.name, stored["designs"][design.name]["by_prior"], flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore", SwvtypesWarning)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SETS)
