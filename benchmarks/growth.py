"""How the cost of every stage grows, and whether any grows faster than its mathematics.

Run from the checkout: ``python -m benchmarks.growth [--only NAME] [--seconds 10] [--store]``. Each
stage goes up a ladder of sizes until its next step would take longer than the seconds given, or its
data three times as long to make (that step is named, not taken). Times are processor seconds, the
median of three where a call is short; linear algebra gets one thread. A slope is that of log time
on log size over the upper part of the ladder, where fixed costs no longer count. The verdict is "no
faster than its mathematics" when it is at most .15 above the exponent that the stage's mathematics
has, which stands beside it.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

STORE = Path(__file__).resolve().parent / "results" / "growth.json"
MARGIN = 0.15
ROWS = (50, 152, 500, 1500, 5000, 15000, 50000, 150000, 400000, 1000000)
UPPER = 4.0
MAKING = 3.0
FEWEST, MOST_POINTS = 3, 4
LINEAR_ALGEBRA = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Stage:
    """One stage and what it is measured against.

    Attributes
    ----------
    name : str
    against : str
        rows, items, classes, starts, replicates or waves.
    make : str
        Function of :mod:`benchmarks.growth_stages`.
    sizes : tuple of int
    expected : float
        The exponent of its mathematics.
    because : str
    """

    name: str
    against: str
    make: str
    sizes: tuple[int, ...] = ROWS
    expected: float = 1.0
    because: str = "every row is visited a fixed number of times"


SORTED = "keys of rows are sorted: n log n"
STAGES = (
    Stage("reading a wave", "rows", "reading"),
    Stage("pattern compression", "rows", "patterns", because=SORTED),
    Stage("one fit", "rows", "one_fit", because="patterns times parameters, 30 iterations"),
    Stage("enumeration", "rows", "enumeration", because="four models, two starts each"),
    Stage("bootstrap likelihood ratio", "rows", "bootstrap", because="9 replicates, 2 starts"),
    Stage("standard errors", "rows", "errors", because="scores of rows times parameters squared"),
    Stage("indicator selection", "rows", "selecting", because="19 rearrangements of the rows"),
    Stage("route 1", "rows", "route_one", because="a fit, to convergence"),
    Stage("route 2", "rows", "route_two", because="fits, to convergence"),
    Stage("route 3", "rows", "route_three", because="a fit, to convergence"),
    Stage("scoring", "rows", "scoring"),
    Stage("scale scores", "rows", "scales"),
    Stage("judging scales", "rows", "judging"),
    Stage("tables", "rows", "tables"),
    Stage("steering continuum", "rows", "continuum", because="resamples of the rows"),
    Stage("validation", "rows", "validating", because="permutations of the rows"),
    Stage("comparing memberships", "rows", "memberships", because="deals of the rows"),
    Stage("drift of answers", "rows", "drifting", because="exchanges; loose rows are sorted"),
    Stage("latent transition", "rows", "transitions", because="30 iterations over units"),
    Stage("writing the report", "rows", "reporting", (50, 150, 500, 1500, 3000, 6000), 2.0,
          "every organisation is laid beside every other"),
    Stage("one fit", "items", "fit_of_items", (5, 10, 20, 40, 80, 160),
          because="answers times classes"),
    Stage("standard errors", "items", "errors_of_items", (5, 10, 20, 40, 80), 2.0,
          "products of scores: parameters squared"),
    Stage("indicator selection", "items", "selecting_of_items", (4, 8, 16, 32), 2.0,
          "a test an item, each of a fit to all items"),
    Stage("one fit", "classes", "fit_of_classes", (2, 4, 8, 16, 32),
          because="answers times classes"),
    Stage("one fit", "starts", "fit_of_starts", (10, 30, 100, 300, 1000, 3000),
          because="starts are alike"),
    Stage("bootstrap likelihood ratio", "replicates", "bootstrap_of_replicates",
          (9, 29, 99, 299, 999, 2999), because="replicates are alike"),
    Stage("latent transition", "waves", "transitions_of_waves", (2, 4, 8, 16, 32),
          because="one pass forward and one back"),
)  # fmt: skip


def slope(sizes: Sequence[float], seconds: Sequence[float], whole: bool = False) -> float | None:
    """Give the exponent over the upper part of a ladder; None where it is too short.

    The upper part are the points that take at least four times the shortest: the last four of
    them, or all three. Where there are fewer, fixed costs hide the slope: None, or that of the last
    three points where the `whole` ladder was gone up.

    Examples
    --------
    >>> round(slope([10, 100, 1000, 10000, 100000], [1, 1.1, 11, 101, 1001]), 1)
    1.0
    """
    from math import log

    if len(sizes) < FEWEST:
        return None
    upper = sum(s >= UPPER * min(seconds) for s in seconds)
    if upper < FEWEST and not whole:
        return None
    taken = min(max(FEWEST, upper), MOST_POINTS)
    x = [log(s) for s in sizes[-taken:]]
    y = [log(s) for s in seconds[-taken:]]
    mean_x, mean_y = statistics.fmean(x), statistics.fmean(y)
    across = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return across / sum((a - mean_x) ** 2 for a in x)


def processor(action: Callable[[], object], repeats: int) -> float:
    """Give processor seconds of an action: the median of some calls, one where it is long."""
    found = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        action()
        found.append(time.process_time() - start)
        if found[0] > 2.0:
            break
    return max(statistics.median(found), 1e-6)


def climb(stage: Stage, seconds: float, repeats: int = 3) -> dict[str, Any]:
    """Take a stage up its ladder until the next step would be too long."""
    from benchmarks import growth_stages

    make = partial(getattr(growth_stages, stage.make))
    sizes: list[int] = []
    times: list[float] = []
    stopped, making = None, 0.0
    make(stage.sizes[0])()  # imports, and what is kept after the first call
    for size in stage.sizes:
        up = size / sizes[-1] if sizes else 0.0
        expected = times[-1] * up**stage.expected if times else 0.0
        if expected > seconds or making * up > MAKING * seconds:
            stopped = size
            break
        start = time.process_time()
        action = make(size)
        making = time.process_time() - start
        times.append(processor(action, repeats))
        sizes.append(size)
    found = slope(sizes, times, whole=stopped is None)
    return {
        "stage": stage.name, "against": stage.against, "sizes": sizes,
        "processor_seconds": [float(f"{t:.4g}") for t in times],
        "stopped_before": stopped, "expected": stage.expected, "because": stage.because,
        "slope": None if found is None else round(found, 3),
        "no_faster_than_its_mathematics": None if found is None
        else bool(found <= stage.expected + MARGIN),
    }  # fmt: skip


def chosen(only: Sequence[str]) -> Iterator[Stage]:
    """Give the stages whose name, or make, has one of the texts."""
    for stage in STAGES:
        if not only or any(o in f"{stage.name}, {stage.against} {stage.make}" for o in only):
            yield stage


def measure(
    only: Sequence[str] = (), seconds: float = 10.0, tell: Callable[[str], None] = print
) -> dict[str, Any]:
    """Measure all stages, or some.

    Parameters
    ----------
    only : sequence of str
        Parts of names of stages; all when empty.
    seconds : float
        A step of a ladder that would take longer is not taken.
    tell : callable
        Is told a line a stage.

    Returns
    -------
    dict
        seconds (the limit), margin, machine, and `stages`: by name and what they are measured
        against, sizes, processor seconds, slope, expected exponent with its reason, verdict.
    """
    from benchmarks import about

    stages: dict[str, Any] = {}
    for stage in chosen(only):
        found = climb(stage, seconds)
        stages[f"{stage.name}, {stage.against}"] = found
        tell(
            f"{stage.name}, {stage.against} to {found['sizes'][-1]:,}: "
            f"{found['processor_seconds'][-1]:.3g} s, slope {found['slope']} "
            f"(expected {stage.expected:g})"
            + ("" if found["no_faster_than_its_mathematics"] is not False else " FASTER")
        )
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {
        "seconds": seconds, "margin": MARGIN, "load": load, "machine": about.machine(),
        "versions": about.versions(), "stages": stages,
    }  # fmt: skip


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="part of a stage's name")
    parser.add_argument("--seconds", type=float, default=10.0, help="longest step")
    parser.add_argument("--store", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    found = measure(asked.only, asked.seconds)
    if asked.store:
        from benchmarks.storing import read_json, write_json

        kept = (read_json(STORE) or {}).get("stages", {}) if asked.only else {}
        write_json(STORE, found | {"stages": kept | found["stages"]})


if __name__ == "__main__":
    for name in LINEAR_ALGEBRA:  # read when the library is loaded, which is later
        os.environ.setdefault(name, "1")
    main()
