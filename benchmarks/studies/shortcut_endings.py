"""Where starts end that take the engine's shortcuts, and where plain EM takes the same starts.

Run `python benchmarks/studies/shortcut_endings.py [--data FOLDER]`; the result is written to
`benchmarks/results/shortcut_endings.json`. The shortcuts are the first steps in single precision,
with momentum where a run gains little. Plain EM takes every step in double precision. Both stop
when a step raises the average log-likelihood of a case by less than 1e-12. Plain EM can stop at a
saddle, where rounding decides; a start that ends elsewhere nearly always passed one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.lca.design import Item, build_design
from swvtypes.lca.em import (
    Problem,
    Settings,
    advance,
    begin,
    empty_runs,
    stack,
    take_first_steps,
)
from swvtypes.lca.fit import Frame

DATA = Path(__file__).resolve().parents[3] / "shared" / "reference" / "data"
RESULT = Path(__file__).resolve().parents[1] / "results" / "shortcut_endings.json"
SETTINGS, STARTS, SEED, APART = Settings(20_000, 1e-12), 100, 7, 1e-4


def problem_of(frame: pd.DataFrame) -> Problem:
    values = frame.to_numpy(dtype=float)
    levels = np.nanmax(values, axis=0).astype(int) + 1
    items = [Item(str(j), "nominal", int(m)) for j, m in enumerate(levels)]
    return stack([build_design(values, items)])


def endings(problem: Problem, n_classes: int, shortcuts: bool) -> NDArray[np.float64]:
    """Give the log-likelihood that each start ends at, shape (STARTS,)."""
    out = empty_runs(STARTS, problem.layout.width, n_classes)
    T = Frame(problem).random_starts(SEED, range(STARTS), n_classes)
    batch = begin(problem, T, np.zeros(STARTS, dtype=np.intp), out)
    if shortcuts:
        batch = take_first_steps(problem, batch, SETTINGS)
    advance(problem, batch, SETTINGS, SETTINGS.max_iter)
    return out.objective


def compare(problem: Problem, n_classes: int) -> dict[str, float]:
    """Count starts that end lower and higher than plain EM."""
    plain, short = (endings(problem, n_classes, way) for way in (False, True))
    return {
        "starts": STARTS,
        "lower": int((short < plain - APART).sum()),
        "higher": int((short > plain + APART).sum()),
        "best_is_higher_by": round(float(short.max() - plain.max()), 6) + 0.0,
    }


def main() -> None:
    from benchmarks.lca_speed import small_sets

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    frames = {"sim152": pd.read_csv(asked.data / "sim152.csv") - 1, **small_sets()}
    found = {}
    for name, frame in frames.items():
        problem = problem_of(frame)
        for n_classes in (3, 4, 5, 6):
            found[f"{name}, K={n_classes}"] = compare(problem, n_classes)
    total = {
        key: sum(cell[key] for cell in found.values()) for key in ("starts", "lower", "higher")
    }
    RESULT.write_text(json.dumps({"total": total, "sets": found}, indent=1) + "\n")
    print(total)


if __name__ == "__main__":
    main()
