"""Waves with known types for the tests of the typology."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.lca.model import Indicator
from swvtypes.typology.profiles import ItemProfile, ThemeProfiles, TypesModel

THEMES = {f"t{t}": [f"t{t}_{j}" for j in range(1, 6)] for t in range(1, 5)}
YES, NO, COUPLING = 0.88, 0.18, 0.90


def sector_rows(prefix: str, n: int, share: float, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of one sector: exact numbers of each type, four themes of five items."""
    rng = np.random.default_rng(seed)
    kind = (np.arange(n) >= round(n * share)).astype(int)
    rng.shuffle(kind)
    columns = {}
    for names in THEMES.values():
        inside = np.where(rng.random(n) < COUPLING, kind, 1 - kind)
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside == 0, YES, NO)).astype(int)
    return pd.DataFrame(columns, index=[f"{prefix}{i:02d}" for i in range(n)]), kind


def two_sectors(seed: int = 3) -> tuple[pd.DataFrame, pd.Series]:
    """Both sectors in one frame, and the type of each organisation."""
    po, po_kind = sector_rows("PO", 77, 0.5, seed)
    vo, vo_kind = sector_rows("VO", 75, 2 / 3, seed + 1000)
    po.insert(0, "sector", "po")
    vo.insert(0, "sector", "vo")
    frame = pd.concat([po, vo])
    return frame, pd.Series(np.concatenate([po_kind, vo_kind]), index=frame.index)


def unrelated(n: int = 77, seed: int = 5) -> pd.DataFrame:
    """Strong classes in every theme that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    columns = {}
    for names in THEMES.values():
        inside = rng.integers(2, size=n)
        for name in names:
            columns[name] = (rng.random(n) < np.where(inside == 0, 0.92, 0.1)).astype(int)
    return pd.DataFrame(columns, index=[f"O{i:02d}" for i in range(n)])


def true_model(shares: tuple[float, ...] = (0.6, 0.4), n_themes: int = 4) -> TypesModel:
    """Make the model that the rows are drawn from."""
    items = np.array([[1 - YES, YES], [1 - NO, NO]])
    rho = np.array([[COUPLING, 1 - COUPLING], [1 - COUPLING, COUPLING]])
    made = tuple(
        ThemeProfiles(
            theme,
            tuple(ItemProfile(Indicator(i, "nominal", (0, 1), "true"), items) for i in names),
            rho,
        )
        for theme, names in list(THEMES.items())[:n_themes]
    )
    return TypesModel(("all",), ("1", "2"), np.array([shares]), made)
