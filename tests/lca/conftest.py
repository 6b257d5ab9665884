"""Data for the tests of the latent class engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

Loader = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="session")
def reference_data(reference_dir: Path) -> Loader:
    return lambda name: pd.read_csv(reference_dir / "data" / f"{name}.csv")


@pytest.fixture(scope="session")
def reference_result(reference_dir: Path) -> Callable[[str], Any]:
    return lambda name: json.loads((reference_dir / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def mixed() -> pd.DataFrame:
    """Two classes, 300 rows, every family, one answer in ten missing."""
    rng = np.random.default_rng(20)
    n = 300
    c = rng.random(n) < 0.4
    frame = pd.DataFrame(
        {
            "yes": (rng.random(n) < np.where(c, 0.85, 0.2)).astype(float),
            "colour": np.where(c, rng.choice(3, n, p=[0.6, 0.3, 0.1]), rng.choice(3, n)).astype(
                float
            ),
            "agree": np.clip(np.rint(rng.normal(np.where(c, 3, 1), 1)), 0, 4),
            "visits": rng.poisson(np.where(c, 5.0, 2.0)).astype(float),
            "size": rng.normal(np.where(c, 1.5, 0.0), 1.0),
        }
    )
    return frame.mask(pd.DataFrame(rng.random(frame.shape) < 0.1, columns=frame.columns))


FAMILIES = {
    "yes": "binary",
    "colour": "nominal",
    "agree": "ordinal",
    "visits": "count",
    "size": "continuous",
}


@pytest.fixture(scope="session")
def families() -> dict[str, str]:
    return dict(FAMILIES)
