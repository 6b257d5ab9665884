"""What another batch size changes: every chunk of the engine halved, and a quarter of it.

    python benchmarks/batch_sizes.py [--n 152] [--n-boot 99] [--out FILE]

No option of the package sets how many starts, rows or replicates are computed at once: the sizes
follow from the problem alone, so that no user can change them. Here they are changed by hand. The
first steps of a start are in single precision, whose rounding depends on what is computed
together; what is reported comes from steps in double precision until the stopping rule. Greatest
differences are stored: of log-likelihoods (absolute), probabilities and p-values.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

RESULT = Path(__file__).parent / "results" / "batch_sizes.json"
SIZES = {"half": 2, "quarter": 4}


@contextlib.contextmanager
def divided(by: int) -> Iterator[None]:
    """Divide every size of what is computed at once."""
    from swvtypes.lca import bootstrap_likelihood_ratio, replicates
    from swvtypes.lca.em import rows
    from swvtypes.lca.fit import courses

    places: list[tuple[Any, str]] = [
        (courses, "_CHUNK"), (courses, "_CHUNK_CELLS"), (rows, "_CELLS"), (rows, "_ROWS"),
        (replicates, "_MOST_CELLS"),
    ]  # fmt: skip
    places += [
        (module, "BLOCK") for module in (replicates, bootstrap_likelihood_ratio)
        if hasattr(module, "BLOCK")
    ]  # fmt: skip
    before = [getattr(module, name) for module, name in places]
    for (module, name), size in zip(places, before, strict=True):
        setattr(module, name, max(1, size // by))
    try:
        yield
    finally:
        for (module, name), size in zip(places, before, strict=True):
            setattr(module, name, size)


def answers(n: int) -> pd.DataFrame:
    """Draw three classes over ten yes-or-no items, one in twenty unanswered."""
    rng = np.random.default_rng(20)
    kind = rng.integers(3, size=n)
    p = rng.uniform(0.1, 0.9, size=(3, 10))[kind]
    values = (rng.random((n, 10)) < p).astype(float)
    values[rng.random((n, 10)) < 0.05] = np.nan
    return pd.DataFrame(values, columns=[f"item_{j}" for j in range(10)])


def results(frame: pd.DataFrame, n_boot: int) -> dict[str, np.ndarray]:
    """Give everything that is compared."""
    from swvtypes.lca import LatentClassModel, bootstrap_lrt, enumerate_classes
    from swvtypes.typology import Typology

    warnings.simplefilter("ignore")
    model = LatentClassModel(3, n_init=100, random_state=1).fit(frame)
    steps = enumerate_classes(frame, 4, n_init=50, random_state=1)
    test = bootstrap_lrt(frame, 2, n_boot, n_init=20, random_state=1, n_jobs=1)
    themes = {"a": list(frame.columns[:5]), "b": list(frame.columns[5:])}
    typology = Typology(random_state=1, n_init=20, n_boot=n_boot, max_classes=3, max_types=2)
    typology.fit(frame, themes=themes)
    return {
        "fit: log-likelihood": np.array([model.log_likelihood_]),
        "fit: class shares": np.sort(np.asarray(model.class_shares_, dtype=float).ravel()),
        "enumeration: log-likelihoods": steps.table["log_likelihood"].to_numpy(dtype=float),
        "bootstrap: observed ratio": np.array([test.statistic]),
        "bootstrap: replicates": np.asarray(test.replicates, dtype=float),
        "bootstrap: p": np.array([test.p_value]),
        "typology: probabilities": typology.membership_.probabilities.to_numpy(dtype=float),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=152)
    parser.add_argument("--n-boot", type=int, default=99)
    parser.add_argument("--out", type=Path, default=RESULT)
    asked = parser.parse_args()
    frame, began = answers(asked.n), time.monotonic()
    plain = results(frame, asked.n_boot)
    greatest: dict[str, dict[str, float]] = {}
    for name, by in SIZES.items():
        with divided(by):
            other = results(frame, asked.n_boot)
        for what, values in plain.items():
            gap = float(np.max(np.abs(values - other[what]), initial=0.0))
            greatest.setdefault(what, {})[name] = gap
    found = {"n": asked.n, "n_boot": asked.n_boot, "greatest_difference": greatest,
             "largest": max(max(row.values()) for row in greatest.values()),
             "minutes": round((time.monotonic() - began) / 60, 1)}  # fmt: skip
    asked.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
