from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def sector() -> pd.Series:
    names = [f"P{k}" for k in range(5)] + [f"V{k}" for k in range(4)]
    return pd.Series(["po"] * 5 + ["vo"] * 4, index=names)


@pytest.fixture
def probabilities(sector: pd.Series) -> pd.DataFrame:
    nan = np.nan
    rows = [
        [0.9, 0.1, nan, nan],
        [0.6, 0.4, nan, nan],
        [0.2, 0.8, nan, nan],
        [0.5, 0.5, nan, nan],
        [nan, nan, nan, nan],
        [nan, nan, 0.99, 0.01],
        [nan, nan, 0.3, 0.7],
        [nan, nan, 0.1, 0.9],
        [nan, nan, 1.0, 0.0],
    ]
    return pd.DataFrame(rows, index=sector.index, columns=["po 1", "po 2", "vo 1", "vo 2"])
