"""Whether the typology finds types where items are weak, on designs of many kinds.

Whole waves go through ``Typology(random_state=wave, ...).fit(frame, themes=...)`` with nothing of
the truth known to it: which items are noise, how many classes a theme has, how many types there
are. The yardstick is what the true parameters attain on the same rows. Data of the populations
named *first* were looked at throughout when the rule for the items, the hearing of themes and the
prior of the types were chosen. Of those named *second* waves 0 to 2 were looked at as well (of the
one with three classes 0 to 5): all later waves are unseen, and are summed up apart.

By design: mean adjusted Rand index to the truth of the most probable types, that of the true
parameters, their ratio and its standard error (over waves, of the difference), mean absolute error
of the shares (over types, in waves with the right number), how often the number of types is right,
themes that took part of those that have classes, and noise items and noise themes that were taken
along. Beside it (*given*) what one-step estimation with the same prior makes of the same rows when
it is told which items are real, how many classes they have and how many types there are: what it
falls short of the true parameters is error of estimation; what the whole falls short of it, the
choices before it cost.

Run from the checkout: ``python -m benchmarks.typology_weak_items [waves] [quick|full] [words]``;
`words` keep to designs whose name holds them. Writes
``benchmarks/results/typology_weak_items.json`` wave by wave; what is stored is not run again.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import asdict, dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from benchmarks.storing import read_json, write_json
from swvtypes.errors import SwvtypesWarning
from swvtypes.typology import ClassesOfClasses, Typology
from swvtypes.typology.hearing_of_themes import LEVEL
from swvtypes.typology.specification import SHARE_PRIOR, TypologyOptions

RESULTS = Path(__file__).resolve().parent / "results" / "typology_weak_items.json"
SEED, WAVES, STARTS = 20141130, 20, 20
SEEN, SEEN_OF_THREE = 3, 6
QUICK, FULL = {"quick": True}, {"n_boot": 99}


@dataclass(frozen=True)
class Design:
    """A population of one sector, and its questionnaire of yes-or-no items.

    With two theme classes one says yes to every item with chance `yes`, the other with `no`; with
    three the second says yes to the first half of the items only. `spread` moves every chance of
    every wave by up to so much. Noise items stand in each theme, noise themes beside them.
    """

    n: int
    shares: tuple[float, ...]
    themes: int
    items: int
    yes: float
    no: float
    coupling: float
    classes: int = 2
    missing: float = 0.0
    spread: float = 0.0
    noise_items: int = 0
    noise_themes: int = 0


HALF, THIRDS, QUARTERS = (0.5, 0.5), (2 / 3, 1 / 3), (0.75, 0.25)
DESIGNS = {
    "first: 77, four themes of five": Design(77, HALF, 4, 5, 0.75, 0.30, 0.90),
    "first: 65, four themes of five, .70 and .30": Design(65, HALF, 4, 5, 0.70, 0.30, 0.90),
    "first: 58, five themes of six, 5% missing": Design(
        58, THIRDS, 5, 6, 0.75, 0.30, 0.85, missing=0.05
    ),
    "second: 65, three themes of eight, .70 and .30": Design(
        65, (0.6, 0.4), 3, 8, 0.70, 0.30, 0.95
    ),
    "second: 58, six themes of four, 10% missing": Design(
        58, HALF, 6, 4, 0.75, 0.30, 0.90, missing=0.10
    ),
    "second: 77, three quarters": Design(77, QUARTERS, 5, 5, 0.75, 0.30, 0.95),
    "second: 75, unlike items": Design(
        75, THIRDS, 4, 6, 0.75, 0.30, 0.90, missing=0.05, spread=0.15
    ),
    "second: 77, noise": Design(77, HALF, 4, 5, 0.80, 0.25, 0.90, noise_items=1, noise_themes=1),
    "second: 77, three classes and types": Design(
        77, (0.4, 0.35, 0.25), 5, 6, 0.85, 0.15, 0.90, classes=3
    ),
}


def given_type(design: Design) -> np.ndarray:
    """Chances of the theme classes in each type."""
    P, C = len(design.shares), design.classes
    found = np.full((P, C), (1.0 - design.coupling) / (C - 1))
    found[np.arange(P), np.arange(P) % C] = design.coupling
    return found


def drawn(design: Design, number: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Rows of one wave, their types, and their types by the true parameters."""
    at = list(DESIGNS.values()).index(design)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(at, number)))
    n, J = design.n, design.items
    cuts = np.round(np.cumsum(design.shares) * n)[:-1].astype(int)
    kind = np.searchsorted(cuts, np.arange(n), side="right")
    rng.shuffle(kind)
    rho = given_type(design)
    logs = np.tile(np.log(design.shares), (n, 1))
    columns: dict[str, np.ndarray] = {}
    for t in range(design.themes + design.noise_themes):
        rank = np.arange(J) * design.classes // J
        p = np.where(np.arange(design.classes)[:, None] <= rank, design.yes, design.no)
        if design.classes == 2:
            p = np.array([[design.yes], [design.no]]) * np.ones(J)
        if t >= design.themes:
            p = np.full_like(p, 0.5)
        p = np.clip(p + rng.uniform(-design.spread, design.spread, p.shape), 0.03, 0.97)
        inside = (rng.random((n, 1)) > rho[kind].cumsum(axis=1)[:, :-1]).sum(axis=1)
        answers = (rng.random((n, J)) < p[inside]).astype(float)
        answers[rng.random((n, J)) < design.missing] = np.nan
        each = np.where(answers[:, None] == 1, p, 1.0 - p)
        each = np.where(np.isnan(answers)[:, None], 1.0, each).prod(axis=2)
        logs += np.log(each @ rho.T) if t < design.themes else 0.0
        noise = (rng.random((n, design.noise_items)) < 0.5).astype(float)
        for j, own in enumerate(np.hstack([answers, noise]).T):
            columns[f"t{t}_{j}" if j < J else f"t{t}_noise{j - J}"] = own
    return pd.DataFrame(columns), kind, logs.argmax(axis=1)


def themes_of(design: Design) -> dict[str, list[str]]:
    """Items of each theme."""
    J, extra = design.items, design.noise_items
    names = [f"_{j}" for j in range(J)] + [f"_noise{j}" for j in range(extra)]
    count = design.themes + design.noise_themes
    return {f"t{t}": [f"t{t}{name}" for name in names] for t in range(count)}


def error_of_shares(
    codes: np.ndarray, kind: np.ndarray, known: np.ndarray, shares: np.ndarray
) -> float:
    """Mean absolute error of the shares, types numbered as they agree best with the truth."""
    P = len(shares)
    table = np.array([[((codes == a) & (kind[known] == b)).sum() for b in range(P)]
                      for a in range(P)])  # fmt: skip
    to = max(permutations(range(P)), key=lambda q: sum(table[q[b], b] for b in range(P)))
    return float(np.abs(shares[list(to)] - np.bincount(kind, minlength=P) / len(kind)).mean())


def given(design: Design, number: int) -> dict[str, float]:
    """Give what one-step estimation comes to when the real items, classes and types are told."""
    frame, kind, _ = drawn(design, number)
    themes = {
        f"t{t}": [f"t{t}_{j}" for j in range(design.items)] for t in range(design.themes)
    }  # fmt: skip
    frame = frame[[item for items in themes.values() for item in items]]
    model = ClassesOfClasses(
        len(design.shares), design.classes, n_init=STARTS, random_state=number,
        prior=TypologyOptions().type_prior, share_prior=SHARE_PRIOR,
    ).fit(frame, themes=themes)  # fmt: skip
    codes = np.asarray(model.predict(frame)) - 1
    known = frame.notna().any(axis=1).to_numpy()
    shares = model.shares_["estimate"].to_numpy(dtype=float)
    return {
        "rand_given": float(adjusted_rand_score(kind[known], codes[known])),
        "share_error_given": error_of_shares(codes[known], kind, known, shares),
    }


def one(design: Design, number: int, how: dict[str, Any]) -> dict[str, float]:
    """Give what came of one wave."""
    frame, kind, best = drawn(design, number)
    found = Typology(random_state=number, n_init=STARTS, **how).fit(frame, themes=themes_of(design))
    modal = found.membership_.modal.reindex(frame.index)
    known = modal.notna().to_numpy()
    labels = modal[known].astype("category").cat.codes.to_numpy()
    shares, types = found.models_[0].shares[0], found.models_[0].n_types
    error = float("nan")
    if types == len(design.shares):
        names = list(found.models_[0].types)
        error = error_of_shares(
            np.array([names.index(t) for t in modal[known]]), kind, known, shares
        )
    by = {name: theme.by_sector["all"] for name, theme in found.themes_.items()}
    part = [n for n, t in by.items() if t.n_classes > 1 and t.taken]
    real = [f"t{t}" for t in range(design.themes)]
    taken = [i for n in part for i in by[n].taken]
    return {
        "wave": number,
        "rand": float(adjusted_rand_score(kind[known], labels)),
        "rand_of_truth": float(adjusted_rand_score(kind[known], best[known])),
        "types": types,
        "share_error": error,
        "themes": sum(n in part for n in real),
        "noise_themes": len(part) - sum(n in part for n in real),
        "items": sum("noise" not in i for i in taken if i.split("_")[0] in real),
        "noise_items": sum("noise" in i for i in taken),
        **given(design, number),
    }  # fmt: skip


def recovery(t: pd.DataFrame, types: int) -> dict[str, float]:
    """Sum up one row a wave, as any study of whole waves does; `types` is their true number."""
    best = float(t["rand_of_truth"].mean())
    gap = t["rand"] - t["rand_of_truth"]
    return {
        "waves": len(t),
        "rand": round(float(t["rand"].mean()), 4),
        "rand_of_truth": round(best, 4),
        "ratio": round(float(t["rand"].mean()) / best, 4),
        "ratio_error": round(float(gap.std(ddof=1)) / best / len(t) ** 0.5, 4),
        "share_error": round(float(t["share_error"].mean()), 4),
        "ratio_given": round(float(t["rand_given"].mean()) / best, 4),
        "share_error_given": round(float(t["share_error_given"].mean()), 4),
        "right_number": round(float((t["types"] == types).mean()), 3),
    }


def summary(design: Design, rows: list[dict[str, float]]) -> dict[str, float]:
    """All waves of one design."""
    t = pd.DataFrame(rows)
    best, lost = float(t["rand_of_truth"].mean()), t["rand"] - t["rand_given"]
    return {
        **recovery(t, len(design.shares)),
        "rand_given": round(float(t["rand_given"].mean()), 4),
        "cost_of_choices": round(-float(lost.mean()) / best, 4),
        "cost_error": round(float(lost.std(ddof=1)) / best / len(t) ** 0.5, 4),
        "themes": round(float(t["themes"].mean()) / design.themes, 3),
        "items": round(float(t["items"].mean()) / design.themes / design.items, 3),
        "noise_themes": round(float(t["noise_themes"].mean()), 3),
        "noise_items": round(float(t["noise_items"].mean()), 3),
    }


def main(waves: int = WAVES, which: str = "quick", words: str = "") -> None:
    """Run what is not stored yet."""
    stored: dict[str, Any] = read_json(RESULTS) or {}
    stored |= {"seed": SEED, "starts": STARTS}
    how = QUICK if which == "quick" else FULL
    part = stored.setdefault(which, {"options": how, "designs": {}})
    used = TypologyOptions()
    part |= {"type_prior": used.type_prior, "support": used.support, "hearing": LEVEL}
    mine = {name: design for name, design in DESIGNS.items() if words in name}
    for number in range(waves):
        for name, design in mine.items():
            entry = part["designs"].setdefault(name, {"design": asdict(design), "rows": []})
            kept = next((row for row in entry["rows"] if row["wave"] == number), None)
            if kept is not None and "rand_given" in kept:
                continue
            if kept is None:
                entry["rows"].append(one(design, number, how))
            else:
                kept |= given(design, number)
            conclude(name, entry)
            write_json(RESULTS, stored)
    for name, entry in part["designs"].items():
        print(name, entry.get("summary"), flush=True)


def conclude(name: str, entry: dict[str, Any]) -> None:
    """Sum up all waves of a design, and those that were not looked at before."""
    rows = entry["rows"]
    if len(rows) > 1 and all("rand_given" in row for row in rows):
        entry["summary"] = summary(DESIGNS[name], rows)
        late = SEEN_OF_THREE if DESIGNS[name].classes == 3 else SEEN
        unseen = [row for row in rows if row["wave"] >= late]
        if name.startswith("second") and len(unseen) > 1:
            entry["unseen"] = summary(DESIGNS[name], unseen)


if __name__ == "__main__":
    warnings.simplefilter("ignore", SwvtypesWarning)
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else WAVES, *arguments[1:3])
