"""Bias and coverage of corrected transitions, and levels of the tests of symmetry.

Two types (60% and 40%), two waves, items that the first type answers with probability .85 and the
second with .20, and at each wave true moves of 10% from either type. Nothing is known but the
answers: the three-step estimates come from a latent class model of each wave, fitted to that wave
alone, and its modal assignments; the joint model is fitted to both waves, with the same profiles
at both (``joint``) or profiles of their own (``joint free``). The naive rate compares modal types.
Each set gives the estimate of P(first to second), P(second to first) and the share that moved,
with an interval of every method. Cells on the boundary have no Wald interval; they count as not
covered, and ``defined`` says how often there was one.

The tests of symmetry get cross-tables of 50 organisations over three types, 10% changes, balanced,
so that the null hypothesis holds and many cells are empty.

The fall in log-likelihood that profile intervals allow was settled after a look at the cells of
``intervals``; those of ``new seeds`` were run after that, on data sets that nobody had seen.

Run from the checkout: ``python -m benchmarks.studies.latent_transition [part ...] [--partial
FOLDER]``, parts ``intervals``, ``new seeds``, ``three-step`` (that estimate alone, at numbers of
organisations between those), ``bootstrap``, ``symmetry``. Data sets that are done are kept in the
folder, and a run that was cut off goes on from there. Writes
``benchmarks/results/latent_transition.json``.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.lca import LatentClassModel
from swvtypes.longitudinal import LatentTransitionModel, corrected_transitions
from swvtypes.longitudinal.chain.fit import ChainFit
from swvtypes.longitudinal.intervals import mover_row, transition_table
from swvtypes.longitudinal.symmetry import bowker, stuart_maxwell
from swvtypes.membership import Membership
from swvtypes.parallel import run_parallel

SEED, NEW_SEED = 20261122, 714025
SHARE, MOVE, HIGH, LOW = 0.6, 0.1, 0.85, 0.20
RESULTS = Path(__file__).resolve().parents[1] / "results" / "latent_transition.json"
CELLS = ((60, 5, 400), (50, 5, 250), (75, 5, 250), (500, 5, 400))
NEW_CELLS = ((50, 5, 1000), (75, 5, 1000), (500, 5, 300))
BOOTSTRAP_CELLS = ((60, 5, 40),)
THREE_STEP_CELLS = ((100, 5, 1000), (150, 5, 1000), (200, 5, 1000), (300, 5, 1000))
METHODS = ("profile", "wald")
MODELS = ("three-step", "joint", "joint free")
BLOCK = 50
QUANTITIES = ("first to second", "second to first", "moved")
TRUTH = np.array([MOVE, MOVE, MOVE])
Values = dict[str, np.ndarray]


def draw(n: int, n_items: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Answers at both waves."""
    classes = (rng.random(n) > SHARE).astype(int)
    out = []
    for t in range(2):
        if t:
            classes = np.where(rng.random(n) < MOVE, 1 - classes, classes)
        p = np.where(classes == 0, HIGH, LOW)[:, None]
        answers = (rng.random((n, n_items)) < p).astype(int)
        out.append(pd.DataFrame(answers, columns=[f"i{j}" for j in range(n_items)]))
    return out


def membership(answers: pd.DataFrame, seed: int) -> Membership:
    """Types of one wave, from that wave alone; "A" is the one with more yes."""
    model = LatentClassModel(2, n_init=5, random_state=seed, n_jobs=1).fit(answers)
    p = np.asarray(model.predict_proba(answers))
    yes = p.T @ answers.mean(axis=1).to_numpy() / p.sum(axis=0)
    frame = pd.DataFrame(p[:, np.argsort(-yes)], columns=["A", "B"])
    frame.index = [f"o{i}" for i in range(len(p))]
    return Membership.from_probabilities(frame, pd.Series("po", index=frame.index))


def joint(waves: list[pd.DataFrame], profiles: str, seed: int) -> tuple[ChainFit, np.ndarray]:
    """Joint model, and the order of its classes, most yes first, at each wave."""
    long = pd.concat([w.assign(id=np.arange(len(w)), wave=t) for t, w in enumerate(waves)])
    model = LatentTransitionModel(2, profiles=profiles, n_init=6, random_state=seed, n_jobs=1)  # type: ignore[arg-type]
    model.fit(long, "id", "wave", list(waves[0].columns))
    table = model.profiles_.query("category == 1").pivot_table("estimate", "group", "class")
    return model._fit, np.argsort(-table.to_numpy(), axis=1)


def values(fit: ChainFit, order: np.ndarray, method: str, n_boot: int = 100) -> Values:
    """Estimate, low, high and boundary of the three quantities."""
    before, after = order[0], order[-1]
    table = transition_table(fit, method, bootstrap=(n_boot, 1)).set_index(  # type: ignore[arg-type]
        ["from_class", "to_class"]
    )
    moved = np.ones((2, 2), dtype=bool)
    moved[before, after] = False
    rate = mover_row(fit, 0, moved, method, (0.95, (n_boot, 1)))  # type: ignore[arg-type]
    cells = [table.loc[(before[k] + 1, after[1 - k] + 1)] for k in range(2)]
    rows = [[c["estimate"], c["low"], c["high"], c["boundary"]] for c in cells]
    rows.append([rate["estimate"], rate["low"], rate["high"], rate["estimate"] < 1e-6])
    return {method: np.array(rows, dtype=float)}


def one(
    n: int,
    n_items: int,
    methods: tuple[str, ...],
    r: int,
    seed: int = SEED,
    models: tuple[str, ...] = MODELS,
) -> dict[str, Values]:
    """Every model and method on one data set."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(n, n_items, r)))
    waves = draw(n, n_items, rng)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        types = [membership(w, r) for w in waves]
        fits = {"three-step": (corrected_transitions(types).fit, np.array([[0, 1]]))}
        if "joint" in models:
            fits["joint"] = joint(waves, "equal", r)
        if "joint free" in models:
            fits["joint free"] = joint(waves, "free", r)
        out = {
            name: {k: v for m in methods for k, v in values(fit, order, m).items()}
            for name, (fit, order) in fits.items()
        }
    modal = [t.probabilities.to_numpy().argmax(axis=1) for t in types]
    rates = [(modal[1] != modal[0])[modal[0] == k].mean() if (modal[0] == k).any() else np.nan
             for k in range(2)]  # fmt: skip
    rates.append((modal[1] != modal[0]).mean())
    nothing = np.full(3, np.nan)
    out["naive"] = {"none": np.column_stack([rates, nothing, nothing, np.zeros(3)])}
    return out


def summarise(runs: list[dict[str, Values]]) -> dict[str, object]:
    """Bias in points, coverage and boundary estimates by model and method."""
    out: dict[str, object] = {"data_sets": len(runs)}
    for name, methods in runs[0].items():
        for place, quantity in enumerate(QUANTITIES):
            entry: dict[str, object] = {}
            for method in methods:
                found = np.array([r[name][method][place] for r in runs])
                estimate, low, high, edge = found.T
                entry |= {
                    "mean": float(np.nanmean(estimate)),
                    "bias_points": float(100 * (np.nanmean(estimate) - MOVE)),
                    "bias_monte_carlo_error": float(
                        100 * np.nanstd(estimate) / np.sqrt(len(estimate))
                    ),
                    "median": float(np.nanmedian(estimate)),
                    "on_the_boundary": float(edge.mean()),
                }
                if name == "naive":
                    continue
                entry[method] = {
                    "coverage": float(((low <= MOVE) & (high >= MOVE)).mean()),
                    "defined": float((~np.isnan(low)).mean()),
                    "below": float((high < MOVE).mean()),
                    "above": float((low > MOVE).mean()),
                    "median_width": float(np.nanmedian(high - low)),
                }
            out[f"{name}, {quantity}"] = entry
    return out


def symmetry(n: int = 50, n_sets: int = 1000, share: float = MOVE) -> dict[str, object]:
    """Level at 5% of the exact tests and of their chi-square approximations."""
    p = np.full((3, 3), share / 6)
    p[np.diag_indices(3)] = (1 - share) * np.array([0.6, 0.3, 0.1])
    rejected = {"Bowker": [0, 0], "Stuart-Maxwell": [0, 0]}
    empty = 0
    for r in range(n_sets):
        rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(3, r)))
        counts = rng.multinomial(n, p.ravel()).reshape(3, 3)
        empty += int((counts == 0).any())
        for test in (bowker(counts, 2000, rng), stuart_maxwell(counts, 2000, rng)):
            rejected[test.name][0] += test.p_value <= 0.05
            rejected[test.name][1] += test.p_asymptotic <= 0.05
    return {
        "organisations": n, "data_sets": n_sets, "with_empty_cells": empty / n_sets,
        "rejected_at_5_percent": {k: v[0] / n_sets for k, v in rejected.items()},
        "rejected_by_the_approximation": {k: v[1] / n_sets for k, v in rejected.items()},
    }  # fmt: skip


def keep(part: str, name: str, found: dict[str, object]) -> None:
    """Put one result into the file, the others stay."""
    stored = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"seed": SEED}
    stored.setdefault(part, {})[name] = found
    RESULTS.write_text(json.dumps(stored, indent=1) + "\n")


def data_sets(
    cell: tuple[int, int, int],
    methods: tuple[str, ...],
    seed: int,
    folder: Path | None,
    models: tuple[str, ...] = MODELS,
) -> tuple[list[dict[str, Values]], float]:
    """Results of all data sets of a cell and seconds of the processor; blocks are kept as done."""
    n, n_items, n_sets = cell
    runs: list[dict[str, Values]] = []
    seconds = 0.0
    for first in range(0, n_sets, BLOCK):
        tag = "_".join((*methods, *(models if models != MODELS else ())))
        kept = None if folder is None else folder / f"{seed}_{n}_{n_items}_{tag}_{first}.pickle"
        if kept is not None and kept.is_file():
            block, spent = pickle.loads(kept.read_bytes())
        else:
            start = time.process_time()
            numbers = range(first, min(first + BLOCK, n_sets))
            block = run_parallel(
                partial(one, n, n_items, methods, seed=seed, models=models), numbers, 1
            )
            spent = time.process_time() - start
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(pickle.dumps((block, spent)))
        runs += block
        seconds += spent
    return runs, seconds


def main() -> None:
    """Run parts and write each result when it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    everything = ("intervals", "new seeds", "three-step", "bootstrap", "symmetry")
    parser.add_argument("parts", nargs="*", default=list(everything))
    parser.add_argument("--partial", type=Path, help="folder for data sets that are done")
    asked = parser.parse_args()
    asked.parts = asked.parts or everything
    if unknown := set(asked.parts) - set(everything):
        parser.error(f"parts: expected some of {everything}, got {sorted(unknown)}")
    if "symmetry" in asked.parts:
        keep("symmetry", "10% changes", symmetry())
        keep("symmetry", "40% changes", symmetry(share=0.4))
    for part, cells, methods, seed, models in (
        ("intervals", CELLS, METHODS, SEED, MODELS),
        ("new seeds", NEW_CELLS, METHODS, NEW_SEED, MODELS),
        ("three-step", THREE_STEP_CELLS, METHODS, NEW_SEED, MODELS[:1]),
        ("bootstrap", BOOTSTRAP_CELLS, ("bootstrap",), NEW_SEED, MODELS),
    ):
        for cell in cells if part in asked.parts else ():
            runs, seconds = data_sets(cell, methods, seed, asked.partial, models)
            found = summarise(runs) | {"seed": seed, "processor_seconds": round(seconds)}
            keep(part, f"N={cell[0]}, {cell[1]} items", found)


if __name__ == "__main__":
    main()
