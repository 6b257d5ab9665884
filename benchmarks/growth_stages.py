"""What each stage of an analysis is given and does, for measuring how its cost grows.

A stage is made at a size (which is not timed) and gives an action (which is). Made-up answers have
many distinct patterns, so that no stage is spared work by repetition; fits end after a fixed number
of iterations wherever the stage lets them, so that a ladder does not measure how hard the data are.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Action = Callable[[], object]
ITERATIONS, NEVER = 30, 1e-300
ITEMS, CATEGORIES, CLASSES = 14, 4, 3


def answers(n: int, n_items: int = ITEMS, n_classes: int = CLASSES, seed: int = 1) -> pd.DataFrame:
    """Make up nominal answers from classes that overlap; codes from 0."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(CATEGORIES, 1.0), (n_classes, n_items)).cumsum(axis=2)
    c = rng.integers(n_classes, size=n)
    columns = {}
    for j in range(n_items):
        codes = (rng.random(n)[:, None] > p[c, j]).sum(axis=1)
        columns[f"i{j}"] = np.minimum(codes, CATEGORIES - 1).astype(np.int64)
    return pd.DataFrame(columns)


def quiet(action: Action) -> Action:
    """Leave out warnings of fits that were stopped on purpose."""

    def run() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return action()

    return run


def model(n_classes: int = CLASSES, n_init: int = 1, max_iter: int = ITERATIONS) -> Any:
    """Give an unfitted model of one thread that ends after a fixed number of iterations."""
    from swvtypes.lca import LatentClassModel

    return LatentClassModel(
        n_classes, n_init=n_init, max_iter=max_iter, tol=NEVER, random_state=1, n_jobs=1
    )


@cache
def _survey() -> tuple[pd.DataFrame, Any]:
    """Give the made-up wave of 2016 as a data file, and its codebook with room for any number."""
    from swvtypes import load_wave
    from swvtypes.resources import data_path
    from swvtypes.survey import Codebook
    from swvtypes.survey.writer import data_frame

    text = data_path("codebooks", "monitor_2016.toml").read_text(encoding="utf-8")
    book = Codebook.parse(re.sub(r"population = \d+", "population = 9000000", text))
    return data_frame(load_wave("monitor_2016")), book


def survey_frame(n: int) -> pd.DataFrame:
    """Give the rows of the wave of 2016 again and again, each with an id of its own."""
    frame, _ = _survey()
    rows = np.resize(np.random.default_rng(1).permutation(len(frame)), n)
    made = frame.iloc[rows].reset_index(drop=True)
    made["organisation"] = [f"SIM-{at:07d}" for at in range(n)]
    return made


def wave(n: int) -> Any:
    """Give a wave of so many rows."""
    from swvtypes.survey import Wave

    return Wave.from_frame(survey_frame(n), _survey()[1], name="made_up")


def reading(n: int) -> Action:
    from swvtypes.survey import read_wave

    path = Path(tempfile.mkdtemp()) / "wave.csv"
    survey_frame(n).to_csv(path, index=False)
    return lambda: read_wave(path, _survey()[1])


def patterns(n: int) -> Action:
    from swvtypes.lca.design import build_design
    from swvtypes.lca.model import encode, read_indicators

    frame = answers(n)
    indicators = read_indicators(frame, None, None)
    items = tuple(i.item(False) for i in indicators)
    values = encode(frame, indicators)
    return lambda: build_design(values, items)


def one_fit(n: int) -> Action:
    frame = answers(n)
    return quiet(lambda: model().fit(frame))


def fit_of_items(n_items: int) -> Action:
    frame = answers(5000, n_items)
    return quiet(lambda: model().fit(frame))


def fit_of_classes(n_classes: int) -> Action:
    frame = answers(5000)
    return quiet(lambda: model(n_classes).fit(frame))


def fit_of_starts(n_init: int) -> Action:
    frame = answers(152)
    return quiet(lambda: model(n_init=n_init).fit(frame))


def enumeration(n: int) -> Action:
    from swvtypes.lca import enumerate_classes

    frame = answers(n)
    options: dict[str, Any] = {"max_iter": ITERATIONS, "tol": NEVER}
    return quiet(
        lambda: enumerate_classes(frame, range(1, 5), n_init=2, random_state=1, n_jobs=1, **options)
    )


def ratio_test(n: int, n_boot: int) -> Action:
    from swvtypes.lca import bootstrap_lrt

    frame = answers(n, n_items=6)
    options: dict[str, Any] = {"max_iter": ITERATIONS, "tol": NEVER}
    return quiet(
        lambda: bootstrap_lrt(frame, 2, n_boot, n_init=2, random_state=1, n_jobs=1, **options)
    )


def bootstrap(n: int) -> Action:
    return ratio_test(n, 9)


def bootstrap_of_replicates(n_boot: int) -> Action:
    return ratio_test(152, n_boot)


def errors(n: int, n_items: int = ITEMS) -> Action:
    from swvtypes.lca import infer

    fitted: Any = quiet(lambda: model(max_iter=200).fit(answers(n, n_items)))()
    return quiet(lambda: infer(fitted).estimates)


def errors_of_items(n_items: int) -> Action:
    return errors(2000, n_items)


def selecting(n: int, n_items: int = 6) -> Action:
    from swvtypes.typology.selection import indicator_tests

    fitted: Any = quiet(lambda: model(2, max_iter=200).fit(answers(n, n_items, 2)))()
    return quiet(lambda: indicator_tests(fitted, 19, random_state=1))


def selecting_of_items(n_items: int) -> Action:
    return selecting(152, n_items)


def types_task(n: int) -> Any:
    """Give three themes of four items whose classes hang together."""
    from swvtypes.typology.routes import TypesTask

    rng = np.random.default_rng(1)
    kind = rng.integers(2, size=n)
    columns, themes = {}, {}
    for t in range(3):
        inside = np.where(rng.random(n) < 0.85, kind, 1 - kind)
        names = tuple(f"t{t}_{j}" for j in range(4))
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside, 0.8, 0.25)).astype(np.int64)
        themes[f"t{t}"] = (2, names)
    frame = pd.DataFrame(columns)
    return TypesTask(("po",), frame, pd.Series("po", index=frame.index), themes, {}, "", 1)


def route_one(n: int) -> Action:
    from swvtypes.typology.routes import one_class_analysis

    task = types_task(n)
    return quiet(lambda: one_class_analysis(task, 2, 2, 1.0))


def route_two(n: int) -> Action:
    from swvtypes.typology.routes import measure, two_step

    task = types_task(n)
    return quiet(lambda: two_step(task, measure(task, 2, 1.0), 2, 2, 1.0))


def route_three(n: int) -> Action:
    from swvtypes.typology.routes import one_step

    task = types_task(n)
    return quiet(lambda: one_step(task, 2, 2, 1.0))


def scoring(n: int) -> Action:
    frame = answers(n)
    fitted: Any = quiet(lambda: model().fit(frame.head(5000)))()
    return lambda: fitted.predict_proba(frame)


def scales(n: int) -> Action:
    from swvtypes.scales import build_scales

    given = wave(n)
    return lambda: build_scales(given).scores


def judging(n: int) -> Action:
    from swvtypes.scales import judge_all

    given = wave(n)
    return quiet(lambda: judge_all(given))


def tables(n: int) -> Action:
    from swvtypes.tables import compute_tables, load_tables

    given, specs = wave(n), load_tables("monitor_2016")
    return lambda: compute_tables(given, specs, "en")


def continuum(n: int) -> Action:
    from swvtypes.steering import summarise

    given = wave(n)
    return quiet(lambda: summarise(given, "steering"))


def validating(n: int) -> Action:
    from swvtypes.validation import against_services

    given = wave(n)
    name = next(iter(given.codebook.sets))
    return quiet(lambda: against_services(given, "steering", services=name))


def memberships(n: int) -> Action:
    from swvtypes.longitudinal import compare_memberships

    rng = np.random.default_rng(1)
    first = rng.integers(3, size=n)
    second = np.where(rng.random(n) < 0.8, first, rng.integers(3, size=n))
    names = np.array(["a", "b", "c"], dtype=object)
    pair = pd.Series(names[first]), pd.Series(names[second])
    return lambda: compare_memberships(*pair, n_draws=99).measures


def drifting(n: int) -> Action:
    from swvtypes.longitudinal import DriftOptions, item_drift

    pair = answers(n, 3, seed=1), answers(n, 3, seed=2)
    return lambda: item_drift(*pair, options=DriftOptions(199))


def transitions(n: int, n_waves: int = 3) -> Action:
    from swvtypes.longitudinal import LatentTransitionModel

    parts = [answers(n, 4, seed=t).assign(id=np.arange(n), wave=t) for t in range(n_waves)]
    long = pd.concat(parts, ignore_index=True)
    names = [c for c in long if c.startswith("i") and c != "id"]
    made = LatentTransitionModel(
        2, transitions="homogeneous", n_init=1, max_iter=ITERATIONS, tol=NEVER, random_state=1,
        n_jobs=1,
    )  # fmt: skip
    return quiet(lambda: made.fit(long, unit="id", wave="wave", indicators=names))


def transitions_of_waves(n_waves: int) -> Action:
    return transitions(500, n_waves)


def reporting(n: int) -> Action:
    from benchmarks.studies.kill_and_resume import small_wave
    from swvtypes.report import ReportOptions, write_report
    from swvtypes.report.run_folder import RunSources, inputs_of_run
    from swvtypes.workflow import RunOptions, require_complete, run_wave
    from swvtypes.workflow.inputs import read_inputs

    folder = Path(tempfile.mkdtemp())
    run_file = small_wave(folder, n)
    book = folder / "codebook.toml"
    book.write_text(book.read_text().replace("population = 77", f"population = {max(n, 77)}"))
    quiet(lambda: run_wave(run_file, RunOptions(quick=True, jobs=1)))()
    results, given = folder / "results", read_inputs(run_file)
    manifest = require_complete(results)

    def write() -> object:
        sources = RunSources(results, manifest, given.wave, {}, {}, None, ())
        return write_report(inputs_of_run(sources), folder / "report.html", "nl", ReportOptions())

    return quiet(write)
