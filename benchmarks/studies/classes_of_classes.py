"""Superclusters: agreement with the truth by route, and how often they are claimed falsely.

Run from the checkout: ``python -m benchmarks.studies.classes_of_classes``. Writes
``benchmarks/results/classes_of_classes.json``, part by part: what is stored is not run again.

The rule under study is that of ``decide_superclusters``: superclusters are claimed as types if
independence of the themes is rejected by the bootstrap and by BIC, and one dimension of classes
and one dimension of items are both rejected by the bootstrap. Each data set gets one replicate of
each null; its p-value comes from the replicates of all data sets together (the warp-speed method
of Giacomini, Politis and White 2013), which gives the rejection rates of full bootstraps at a
fraction of their cost.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Item
from swvtypes.lca.em import Settings
from swvtypes.typology.hierarchy import ClassesOfClasses, ThemeMeasurement, fit_two_step
from swvtypes.typology.hierarchy.coupling import Coupled, couple, one_row_a_case, with_answers
from swvtypes.typology.hierarchy.decision import allowance
from swvtypes.typology.hierarchy.fitting import Rule
from swvtypes.typology.hierarchy.item_line import (
    all_items,
    draw_from_line,
    line_gains,
    line_parameters,
)
from swvtypes.typology.hierarchy.messages import State
from swvtypes.typology.hierarchy.parameters import read_state
from swvtypes.typology.hierarchy.replicates import Contest, contest, draw
from swvtypes.typology.hierarchy.structure import Structure, one_dimension

SEED = 20141207
RESULTS = Path(__file__).resolve().parents[1] / "results" / "classes_of_classes.json"
THEMES, ITEMS = 4, 5
NAMES = [[f"t{t}_{i}" for i in range(ITEMS)] for t in range(THEMES)]
STRONG, WEAK = (0.88, 0.18), (0.75, 0.30)
DIFFICULTY = np.linspace(-0.7, 0.7, ITEMS)
LEVEL = 0.05
RULE = Rule(10, 5, Settings(5000, 1e-7), screen=True)


def generator(*key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))


# Data -------------------------------------------------------------------------------------------


def independent(items: tuple[float, float], n: int, rng: np.random.Generator) -> np.ndarray:
    """Themes with two classes each that have nothing to do with each other, (n, themes, items)."""
    classes = rng.integers(2, size=(n, THEMES))
    return answered(classes, items, rng)


def continuum(slope: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """One normally distributed dimension behind all items, without classes of any kind."""
    theta = rng.standard_normal(n)
    p = 1.0 / (1.0 + np.exp(-slope * (theta[:, None, None] - DIFFICULTY)))
    return (rng.random((n, THEMES, ITEMS)) < p).astype(float)


def coupled_classes(
    items: tuple[float, float], coupling: np.ndarray, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Two superclusters of equal size; probability of the own class by theme."""
    top = rng.integers(2, size=n)
    same = rng.random((n, THEMES)) < coupling
    return answered(np.where(same, top[:, None], 1 - top[:, None]), items, rng), top


def answered(
    classes: np.ndarray, items: tuple[float, float], rng: np.random.Generator
) -> np.ndarray:
    p = np.where(classes, items[0], items[1])[:, :, None]
    return (rng.random((*classes.shape, ITEMS)) < p).astype(float)


def template(n: int) -> Coupled:
    """Rows of one shape, one a case, to be given answers."""
    values = np.tile(np.arange(n)[:, None] % 2.0, (1, ITEMS))
    made = couple([values] * THEMES, [[Item(c, "nominal", 2) for c in theme] for theme in NAMES])
    return one_row_a_case(made)


# False superclusters ----------------------------------------------------------------------------

NULLS = {
    "unrelated strong themes": lambda n, rng: independent(STRONG, n, rng),
    "unrelated weak themes": lambda n, rng: independent(WEAK, n, rng),
    "one continuum, slope 1.7": lambda n, rng: continuum(1.7, n, rng),
    "one continuum, slope 3": lambda n, rng: continuum(3.0, n, rng),
}
TYPES = {
    "two types, coupling .90, strong items": lambda n, rng: coupled_classes(
        STRONG, np.full(THEMES, 0.9), n, rng
    )[0],
    "two types, coupling .90, weak items": lambda n, rng: coupled_classes(
        WEAK, np.full(THEMES, 0.9), n, rng
    )[0],
}
SIZES = (2,) * THEMES


def asked(null: Structure, alternative: Structure) -> Contest:
    return Contest(null, alternative, "one_step", RULE)


ONE, TWO, LINE = Structure(1, SIZES), Structure(2, SIZES), one_dimension(SIZES)


def verdicts(make, key: int, n: int, n_data: int) -> dict:
    """Apply the rule to many data sets."""
    frame = template(n)
    data = []
    for at in range(n_data):
        answers = make(n, generator(1, key, n, at))
        data.append(with_answers(frame, list(answers.transpose(1, 0, 2))))
    ratio, drawn = in_blocks(data, asked(ONE, TWO))
    p, by_bic = pooled(ratio, drawn), ratio > (1 + THEMES) * np.log(n)
    associated = (ratio > (1 + THEMES) * np.log(n) - allowance(1)) & (p <= LEVEL)
    made = {
        "data_sets": n_data,
        "n": n,
        "independence rejected by the bootstrap": share(p <= LEVEL),
        "independence rejected by bic": share(by_bic),
        "associated": share(associated),
        "one dimension of items rejected": 0.0,
        "one dimension of classes rejected": 0.0,
        "claimed as types": 0.0,
    }
    if associated.mean() <= LEVEL:
        # Whatever the rest of the rule says, no more than these can be claimed.
        made["claimed as types"] = f"at most {share(associated)}"
        return made
    gain, gain_drawn = item_lines(data)
    items = associated & (pooled(gain, gain_drawn) <= LEVEL)
    gain, gain_drawn = in_blocks(data, asked(LINE, TWO))
    classes = associated & (pooled(gain, gain_drawn) <= LEVEL)
    made["one dimension of items rejected"] = share(items)
    made["one dimension of classes rejected"] = share(classes)
    made["claimed as types"] = share(items & classes)
    return made


def pooled(statistic: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """p-value of each data set from the replicates of all, one each."""
    return (1 + (drawn >= statistic[:, None] - 1e-4).sum(axis=1)) / (len(drawn) + 1)


def in_blocks(data: list[Coupled], what: Contest, size: int = 50) -> tuple:
    """Likelihood ratios of data sets, and of one replicate of the null of each."""
    found, drawn = [], []
    for low in range(0, len(data), size):
        part = data[low : low + size]
        seeds = [SEED + low + i for i in range(len(part))]
        pairing = contest(part, what, seeds)
        found.append(pairing.ratio)
        layouts = [d.layout for d in part[0].designs]
        models = [
            read_state(layouts, pick_set(pairing.found[0].state, r), None, one.weight)
            for r, one in enumerate(part)
        ]
        again = [draw(one, m, s, 0) for one, m, s in zip(part, models, seeds, strict=True)]
        drawn.append(contest(again, what, seeds).ratio)
    return np.concatenate(found), np.concatenate(drawn)


def item_lines(data: list[Coupled], size: int = 50) -> tuple:
    """Gain of two superclusters over one dimension of items, and that of replicates of it."""
    found, drawn = [], []
    what, design = asked(TWO, TWO), all_items(data[0])
    for low in range(0, len(data), size):
        part = data[low : low + size]
        seeds = [SEED + low + i for i in range(len(part))]
        classes, line, lines = line_gains(part, design, what, seeds)
        found.append(2.0 * (classes - line))
        again = [
            draw_from_line(one, design, line_parameters(design, lines, r), seeds[r], 0)
            for r, one in enumerate(part)
        ]
        classes, line, _ = line_gains(again, design, what, seeds)
        drawn.append(2.0 * (classes - line))
    return np.concatenate(found), np.concatenate(drawn)


def pick_set(state: State, r: int) -> State:
    """Give the run of one data set, one run a data set."""
    return State(
        state.shares[:, r : r + 1], tuple(c[:, :, r : r + 1] for c in state.conditional),
        tuple(a[:, r : r + 1] for a in state.natural),
    )  # fmt: skip


def share(mask: np.ndarray) -> float:
    return round(float(np.mean(mask)), 4)


# Agreement with the truth -----------------------------------------------------------------------

EVEN, UNEQUAL, NOISE = (0.9,) * 4, (0.98, 0.9, 0.8, 0.7), (0.9, 0.9, 0.9, 0.5)
CASES = {
    "strong items": (STRONG, EVEN, 0.0, False),
    "weak items": (WEAK, EVEN, 0.0, False),
    "strong items, unequal coupling": (STRONG, UNEQUAL, 0.0, False),
    "weak items, unequal coupling": (WEAK, UNEQUAL, 0.0, False),
    "strong items, a noise theme": (STRONG, NOISE, 0.0, False),
    "weak items, a noise theme": (WEAK, NOISE, 0.0, False),
    "strong items, 15% missing": (STRONG, EVEN, 0.15, False),
    "weak items, 15% missing": (WEAK, EVEN, 0.15, False),
    "strong items, classes of themes chosen by BIC": (STRONG, EVEN, 0.0, True),
    "weak items, classes of themes chosen by BIC": (WEAK, EVEN, 0.0, True),
}


def adjusted_rand(a: np.ndarray, b: np.ndarray) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def oracle(values: np.ndarray, items: tuple[float, float], coupling: tuple) -> np.ndarray:
    """Classify by the true parameters."""
    logs = np.zeros((len(values), 2))
    for t in range(THEMES):
        f = []
        for p in items[::-1]:
            cell = np.where(values[:, t] == 1, p, 1 - p)
            f.append(np.where(np.isnan(values[:, t]), 1.0, cell).prod(axis=1))
        own, c = np.stack(f, axis=1), coupling[t]
        logs += np.log(own @ np.array([[c, 1 - c], [1 - c, c]]))
    return logs.argmax(axis=1)


def one_case(name: str, at: int, n: int = 152, n_init: int = 20) -> dict:
    """Routes on one simulated data set: adjusted Rand to the truth, and error of the shares."""
    items, coupling, missing, unknown = CASES[name]
    rng = generator(2, list(CASES).index(name), at)
    answers, top = coupled_classes(items, np.array(coupling), n, rng)
    values = np.where(rng.random(answers.shape) < missing, np.nan, answers)
    columns = [c for theme in NAMES for c in theme]
    frame = pd.DataFrame(values.reshape(n, -1), columns=columns)
    themes = {f"t{t}": NAMES[t] for t in range(THEMES)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        measured = {}
        for theme, members in themes.items():
            fits = [
                LatentClassModel(k, n_init=n_init, random_state=1).fit(frame[members])
                for k in ((1, 2, 3) if unknown else (2,))
            ]
            best = min(fits, key=lambda m: m.criteria_["bic"])
            measured[theme] = ThemeMeasurement(theme, tuple(members), best)
        sizes = {theme: m.n_classes for theme, m in measured.items()}
        one = ClassesOfClasses(2, sizes, n_init=n_init, random_state=1).fit(frame, themes=themes)
        two = fit_two_step(frame, measured, 2, n_init=n_init, random_state=1)
        modal = pd.DataFrame({t: m.model.predict(frame[list(m.columns)])
                              for t, m in measured.items() if m.n_classes > 1})  # fmt: skip
        found = {"one step": one.predict(frame), "two step": two.predict(frame)}
        if modal.shape[1]:
            found["two step, modal classes"] = (
                LatentClassModel(2, n_init=n_init, random_state=1).fit(modal).predict(modal)
            )
        whole = LatentClassModel(2, n_init=n_init, random_state=1).fit(frame)
        found["all items"] = whole.predict(frame)
        by_bic = min(
            (LatentClassModel(k, n_init=n_init, random_state=1).fit(frame) for k in (1, 3, 4)),
            key=lambda m: m.criteria_["bic"],
        )
    made = {route: adjusted_rand(top, labels) for route, labels in found.items()}
    made["true parameters"] = adjusted_rand(top, oracle(values, items, coupling))
    made["share error, one step"] = abs(float(one.shares_["estimate"].iloc[0]) - 0.5)
    made["share error, two step"] = abs(float(two.shares[0]) - 0.5)
    made["all items: BIC chooses two classes"] = float(
        whole.criteria_["bic"] < by_bic.criteria_["bic"]
    )
    made["themes left with two classes"] = sum(k == 2 for k in sizes.values()) / THEMES
    return made


def agreement(name: str, n_data: int) -> dict:
    rows = pd.DataFrame([one_case(name, at) for at in range(n_data)])
    return {"data_sets": n_data, **{k: round(float(v), 4) for k, v in rows.mean().items()}}


# ------------------------------------------------------------------------------------------------


def main(n_data: int = 1000, n_agreement: int = 50) -> None:
    """Run what is not stored yet."""
    results = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    results |= {"seed": SEED, "level": LEVEL}
    parts = {}
    for key, (name, make) in enumerate(NULLS.items()):
        parts[f"{name}, N=77"] = lambda make=make, key=key: verdicts(make, key, 77, n_data)
    for key, (name, make) in enumerate(TYPES.items()):
        parts[f"{name}, N=152"] = lambda make=make, key=key: verdicts(
            make, 10 + key, 152, n_data // 5
        )
    for name in CASES:
        parts[f"agreement: {name}"] = lambda name=name: agreement(name, n_agreement)
    only = sys.argv[1:]
    for name, part in parts.items():
        if name in results or (only and not any(word in name for word in only)):
            continue
        started = time.process_time()
        made = part()
        results = json.loads(RESULTS.read_text()) if RESULTS.is_file() else results
        results[name] = made | {"seconds": round(time.process_time() - started, 1)}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
