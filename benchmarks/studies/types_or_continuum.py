"""Error rates and power of ``swvtypes.typology.types_or_continuum`` at the numbers of the waves.

Data sets of 65, 77 and 152 organisations answer five or ten items under independence, under one
continuum (a trait that is normal; uniform, skewed or long-tailed as a check), and under two or
three types. Strong and weak items: a slope of 2 or 1 a standard deviation of the trait;
probabilities of .85 or .70 against .15 or .30 in the types. The three types are no line: each
item is high in one of them or in two.

Settings under independence and one continuum bound the errors and have 250 to 500 data sets; the
three in which types were claimed in more than 5.9% of 250 (two of a weak continuum, 7.2% and 6.4%,
and the uniform trait, 6.8%) have 1,000, so that chance and error rate can be told apart (two
standard errors are 1.4 points). Of the three the weak ones then hold 5% and the uniform trait does
not (7.2%): in a third of those data sets another shape fits better, and replicates are drawn from
that one. Settings with types show power, and have 100; those at 65 organisations are not run, for
they would add nothing to those at 77.

Every data set is decided with one replicate under each hypothesis, drawn from its own fit; the
replicates of all data sets of a setting together give the p-values (the warp-speed bootstrap of
Giacomini, Politis and White 2013, Econometric Theory 29). ``direct`` runs the function itself, with
99 replicates for each of 20 data sets, as a check that the two ways agree. Run from the checkout:
``python -m benchmarks.studies.types_or_continuum``. Writes
``benchmarks/results/types_or_continuum.json``; what is stored is not run again.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from swvtypes.lca.design import Design, Item, build_design, redesign
from swvtypes.lca.fit import Starts
from swvtypes.lca.replicates import (
    Population,
    Work,
    distinct_rows,
    draw_replicate,
    one_row_a_case,
    replicate_starts,
    rows_of,
    stack_designs,
)
from swvtypes.lca.threads import workers
from swvtypes.typology.continuum.candidates import fit_candidates
from swvtypes.typology.continuum.deciding import Plan, decide_on
from swvtypes.typology.continuum.replication import HYPOTHESES, hypothesis_seed, parameters_under
from swvtypes.typology.continuum.verdict import decide

SEED = 20140331
RESULTS = Path(__file__).resolve().parents[1] / "results" / "types_or_continuum.json"
LEVEL = 0.05
PLAN = Plan(4, 2, 99, 10, 4, LEVEL, SEED, Work(1))
PORTION = 50


@dataclass(frozen=True)
class Setting:
    """One population and one number of organisations."""

    truth: str
    n: int
    n_items: int
    strength: str = ""
    n_categories: int = 2

    @property
    def name(self) -> str:
        """Name under which it is stored."""
        parts = [self.truth, self.strength, f"n={self.n}", f"{self.n_items} items"]
        if self.n_categories > 2:
            parts.append(f"{self.n_categories} categories")
        return ", ".join(part for part in parts if part)

    @property
    def items(self) -> list[Item]:
        """Items as the engine knows them."""
        return [Item(f"i{j}", "nominal", self.n_categories) for j in range(self.n_items)]


def settings() -> list[Setting]:
    """Give all settings, those that bound the errors first."""
    sizes = [(n, j) for n in (77, 152, 65) for j in (5, 10)]
    found = [Setting("independence", n, j) for n, j in sizes]
    for strength in ("strong", "weak"):
        found += [Setting("continuum", n, j, strength) for n, j in sizes]
    for truth in ("two types", "three types"):
        found += [Setting(truth, n, j, "strong") for n, j in sizes]
    found += [Setting(f"{kind} trait", 152, 10, "strong")
              for kind in ("uniform", "skewed", "long-tailed")]  # fmt: skip
    found += [Setting("independence", 77, 5, "", 4), Setting("continuum", 77, 5, "strong", 4)]
    found += [Setting("two types", 77, 5, "strong", 4), Setting("three types", 77, 5, "strong", 4)]
    for truth in ("two types", "three types"):
        found += [Setting(truth, n, j, "weak") for n, j in sizes]
    return found


def wanted() -> list[Setting]:
    """Give the settings that are run; seeds hang on the places in :func:`settings`, which stay."""
    return [s for s in settings() if not (s.n == 65 and "types" in s.truth)]


def generator(setting: Setting, data: int, stream: int = 0) -> np.random.Generator:
    key = (settings().index(setting), data, stream)
    return np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))


def draw(setting: Setting, data: int) -> np.ndarray:
    """Answers of one data set, shape (n, items)."""
    rng = generator(setting, data)
    logits = _logits(setting, rng)
    p = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = (p / p.sum(axis=2, keepdims=True)).cumsum(axis=2)
    u = rng.random(logits.shape[:2])
    return (u[..., None] > p[..., :-1]).sum(axis=2).astype(float)


def _logits(setting: Setting, rng: np.random.Generator) -> np.ndarray:
    n, J, m = setting.n, setting.n_items, setting.n_categories
    score = np.arange(m) - (m - 1) / 2
    place = np.linspace(-1.0, 1.0, J)[(np.arange(J) * 3) % J if J % 3 else np.arange(J)]
    base = place[:, None] * score - 0.25 * (m > 2) * score**2
    strong = setting.strength != "weak"
    if setting.truth == "independence":
        return np.broadcast_to(base, (n, J, m)).copy()
    scale = 2.0 / m
    if setting.truth in ("two types", "three types"):
        high = 1.7346 if strong else 0.8473
        if setting.truth == "two types":
            types = (rng.random(n) < 0.5).astype(int)
            sign = np.array([[-1.0] * J, [1.0] * J])
        else:
            types = np.searchsorted([0.4, 0.7], rng.random(n))
            j = np.arange(J)
            sign = np.where(np.stack([j % 3 == 0, j % 3 == 1, j % 2 == 0]), 1.0, -1.0)
        return 2.0 * high * scale * sign[types][:, :, None] * score
    slope = 2.0 if strong else 1.0
    z = _trait(setting.truth, n, rng)
    return base + slope * scale * z[:, None, None] * score


def _trait(truth: str, n: int, rng: np.random.Generator) -> np.ndarray:
    if truth == "uniform trait":
        return rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), n)
    if truth == "skewed trait":
        return (rng.chisquare(4, n) - 4) / np.sqrt(8.0)
    if truth == "long-tailed trait":
        return rng.standard_t(5, n) / np.sqrt(5.0 / 3.0)
    return rng.standard_normal(n)


def base_design(setting: Setting) -> Design:
    """One row an organisation, on which the columns of every data set rest."""
    rows = np.arange(setting.n)[:, None] % setting.n_categories
    values = np.broadcast_to(rows, (setting.n, setting.n_items)).astype(float)
    return one_row_a_case(build_design(values.copy(), setting.items))


def design_of(cases: Design, values: np.ndarray) -> Design:
    first, weight = distinct_rows(values, cases.group)
    return redesign(rows_of(cases, first, weight), values[first])


def run_setting(setting: Setting, n_data: int) -> dict:
    """Decide on many data sets with one replicate a hypothesis for each."""
    start = time.process_time()
    cases = base_design(setting)
    found = np.empty((n_data, 2))
    drawn = np.empty((n_data, 3, 2))
    kept = {"n_types": [], "shape": []}
    with workers(1):
        for low in range(0, n_data, PORTION):
            which = range(low, min(low + PORTION, n_data))
            seeds = [replicate_starts(SEED, 7919 * settings().index(setting) + r, PLAN.n_init)
                     for r in which]  # fmt: skip
            designs = [design_of(cases, draw(setting, r)) for r in which]
            fits = _fit(designs, seeds)
            found[list(which)] = fits.statistics
            kept["n_types"] += fits.n_types.tolist()
            kept["shape"] += fits.shape.tolist()
            for h, name in enumerate(HYPOTHESES):
                replicates = [
                    draw_replicate(
                        Population(
                            cases,
                            parameters_under(name, designs[0].layout, fits, i),
                            hypothesis_seed(seeds[i].entropy, name),
                        ),
                        r,
                    )
                    for i, r in enumerate(which)
                ]
                drawn[list(which), h] = _fit(replicates, seeds).statistics
    p = {
        "independence": p_values(found[:, 0], drawn[:, 0, 0]),
        "continuum": p_values(found[:, 1], drawn[:, 1, 1]),
        "types": p_values(-found[:, 1], -drawn[:, 2, 1]),
    }
    return summary(p, kept) | {"cpu_seconds": round(time.process_time() - start)}


def _fit(designs: list[Design], seeds: list[Starts]):
    return fit_candidates(stack_designs(designs, PLAN.models.rule), PLAN.models, seeds)


def p_values(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """P-value of each data set against the replicates of all."""
    drawn = np.sort(drawn)
    reach = len(drawn) - np.searchsorted(drawn, found - 1e-4, side="left")
    return (reach + 1) / (len(drawn) + 1)


def summary(p: dict[str, np.ndarray], kept: dict[str, list[int]]) -> dict:
    n = len(p["independence"])
    verdicts = [decide({name: float(p[name][r]) for name in p}, LEVEL) for r in range(n)]
    return {
        "data_sets": n,
        "verdict": {name: round(verdicts.count(name) / n, 4)
                    for name in ("independent", "continuum", "types", "undecided")},
        "rejected": {name: round(float((p[name] <= LEVEL).mean()), 4) for name in p},
        "n_types": {str(k): round(float(np.mean(np.array(kept["n_types"]) == k)), 3)
                    for k in range(2, PLAN.max_classes + 1)},
        "shape": [round(float(np.mean(np.array(kept["shape"]) == s)), 3) for s in range(3)],
    }  # fmt: skip


def run_direct(setting: Setting, n_data: int) -> dict:
    """Decide with the function itself, 99 replicates a hypothesis."""
    start = time.process_time()
    cases = base_design(setting)
    verdicts = [decide_on(design_of(cases, draw(setting, r)), PLAN) for r in range(n_data)]
    p = {name: np.array([v.p_values[name] for v in verdicts]) for name in HYPOTHESES}
    kept = {"n_types": [v.n_types for v in verdicts], "shape": [0] * n_data}
    found = summary(p, kept)
    del found["shape"]
    return found | {"cpu_seconds": round(time.process_time() - start)}


CLOSER = (
    Setting("continuum", 77, 10, "weak"),
    Setting("continuum", 65, 5, "weak"),
    Setting("uniform trait", 152, 10, "strong"),
)


def number_of_data_sets(setting: Setting) -> int:
    if setting in CLOSER:
        return 1000
    if setting.truth == "independence":
        return 500
    return 100 if "types" in setting.truth else 250


DIRECT = (Setting("continuum", 77, 5, "strong"), Setting("three types", 152, 5, "strong"))
N_DIRECT = 20


def main(only: str = "") -> None:
    """Run what is not stored yet."""
    head = {"seed": SEED, "level": LEVEL, "max_classes": PLAN.max_classes,
            "n_init": PLAN.n_init, "line_init": PLAN.line_init}  # fmt: skip
    results: dict = dict(head) | {"warp_speed": {}, "direct": {}}
    if RESULTS.is_file():
        stored = json.loads(RESULTS.read_text())
        results = stored if head.items() <= stored.items() else results
    parts = [("warp_speed", s) for s in wanted()] + [("direct", s) for s in DIRECT]
    # Settings that say most come first; seeds do not depend on the order.
    parts.sort(key=lambda part: (part[1] not in CLOSER, part[0] == "direct"))
    for kind, setting in parts:
        n_data = N_DIRECT if kind == "direct" else number_of_data_sets(setting)
        known = results[kind].get(setting.name, {"data_sets": 0})
        if known["data_sets"] >= n_data or only not in f"{kind} {setting.name}":
            continue
        run = run_direct if kind == "direct" else run_setting
        results[kind][setting.name] = run(setting, n_data)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
