"""How often the bootstrap likelihood-ratio test rejects a true number of classes at 5%.

Run `python benchmarks/studies/bootstrap_level.py [--design NAME] [--data-sets 1000]`; the result
is written to `benchmarks/results/bootstrap_level.json` as it comes, with the p-value of every
data set, so that a part can be run again and compared. With 99 replicates p = (b + 1) / 100
is at most 0.05 in exactly 5% of data sets if the null distribution is right.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
import warnings
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import scipy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from swvtypes._version import __version__
from swvtypes.lca import bootstrap_lrt
from swvtypes.parallel import run_parallel

RESULT = Path(__file__).resolve().parents[1] / "results" / "bootstrap_level.json"
LEVEL = 0.05
SEED = 2016
PORTION = 50


@dataclass(frozen=True)
class Design:
    """A population of binary items with a known number of classes.

    Parameters
    ----------
    n_classes : int
        The true number, which the test should keep.
    n : int
        Cases.
    shares : tuple of float
        Of the classes.
    probabilities : tuple of tuple of float
        A row a class: of a yes on each item.
    missing : float
        Share of answers missing completely at random.
    n_boot, n_init : int
        Replicates of a test; starts of a data set.
    """

    n_classes: int
    n: int
    shares: tuple[float, ...]
    probabilities: tuple[tuple[float, ...], ...]
    missing: float = 0.0
    n_boot: int = 99
    n_init: int = 10


DESIGNS = {
    "one class, 8 items": Design(1, 152, (1.0,), ((0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8),)),
    "two classes, 10 items": Design(
        2, 152, (0.6, 0.4), ((0.8, 0.8, 0.7, 0.8, 0.6, 0.8, 0.8, 0.7, 0.8, 0.6),
                             (0.2, 0.3, 0.2, 0.2, 0.2, 0.3, 0.2, 0.2, 0.4, 0.2)),
    ),
    "two classes, 10 items, 10% missing": Design(
        2, 152, (0.6, 0.4), ((0.8, 0.8, 0.7, 0.8, 0.6, 0.8, 0.8, 0.7, 0.8, 0.6),
                             (0.2, 0.3, 0.2, 0.2, 0.2, 0.3, 0.2, 0.2, 0.4, 0.2)), missing=0.1,
    ),
}  # fmt: skip


def simulate(design: Design, number: int) -> NDArray[np.float64]:
    """Draw data set `number` of a design, shape (n, J), NaN where missing."""
    position = list(DESIGNS.values()).index(design)
    generator = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(position, number)))
    probabilities = np.array(design.probabilities)
    classes = generator.choice(len(probabilities), size=design.n, p=design.shares)
    X = (generator.random((design.n, probabilities.shape[1])) < probabilities[classes]).astype(
        float
    )
    X[generator.random(X.shape) < design.missing] = np.nan
    return X


def p_value(design: Design, number: int) -> float:
    """Test the true number of classes on one data set."""
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        return bootstrap_lrt(
            simulate(design, number), design.n_classes, design.n_boot, n_init=design.n_init,
            random_state=number, n_jobs=1,
        ).p_value  # fmt: skip


def run(name: str, data_sets: int, n_jobs: int, out: Path) -> None:
    """Run one design and write it down, fifty data sets at a time; go on where it was left."""
    design = DESIGNS[name]
    result = json.loads(out.read_text()) if out.exists() else {"designs": {}}
    found = result["designs"].get(name, {})
    same = found.get("design") == json.loads(json.dumps(asdict(design)))
    p = found["p_values"][:data_sets] if same else []
    seconds = found["seconds"] if same else 0.0
    while len(p) < data_sets:
        start = time.perf_counter()
        numbers = range(len(p), min(len(p) + PORTION, data_sets))
        p += run_parallel(partial(p_value, design), numbers, n_jobs)
        seconds = round(seconds + time.perf_counter() - start, 1)
        rejected = sum(value <= LEVEL for value in p)
        result |= {
            "study": "level of the bootstrap likelihood-ratio test", "level": LEVEL, "seed": SEED,
            "versions": {
                "swvtypes": __version__, "python": platform.python_version(),
                "numpy": np.__version__, "scipy": scipy.__version__,
            },
        }  # fmt: skip
        result["designs"][name] = {
            "design": asdict(design), "data_sets": len(p), "rejected": rejected,
            "rejection_rate": rejected / len(p), "seconds": seconds, "p_values": p,
        }  # fmt: skip
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--design", choices=sorted(DESIGNS), action="append")
    parser.add_argument("--data-sets", type=int, default=1000)
    parser.add_argument("--n-jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT)
    asked = parser.parse_args()
    for name in asked.design or DESIGNS:
        run(name, asked.data_sets, asked.n_jobs, asked.out)


if __name__ == "__main__":
    main()
