"""Data sets drawn from a typology: what its re-runs are done on.

Items that went on to the types are drawn from the typology: type, theme class, answer. All other
items are drawn theme by theme, whole rows of answers at a time, so that what they have among
themselves stays and what they have with other themes does not. Missing answers come along with
rows of the data drawn at random. No organisation stands in a replica twice, so that the number of
classes is not inflated by copies, as it is in resamples of the rows (Steck and Jaakkola 2003).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .material import Material, Specs
from .profiles import ItemProfile, TypesModel


def drawn(material: Material, model: TypesModel, entropy: int) -> pd.DataFrame:
    """Draw answers for the organisations of a wave, one row each, same columns and index."""
    generator = np.random.default_rng(np.random.SeedSequence(entropy))
    parts = []
    for g, sector in enumerate(model.sectors):
        rows = material.rows([sector])
        specs = material.themes(model.sectors)
        parts.append(_drawn(rows, model.with_shares(model.shares[[g]]), specs, generator))
    return pd.concat(parts).reindex(material.frame.index)


def _drawn(
    rows: pd.DataFrame,
    model: TypesModel,
    specs: Specs,
    generator: np.random.Generator,
) -> pd.DataFrame:
    n = len(rows)
    columns: dict[str, object] = {}
    answers, _ = model.simulate(n, generator)
    gaps = generator.integers(n, size=n)
    for theme in model.themes:
        for item in theme.items:
            values = _decoded(item, answers[item.name])
            missing = rows[item.name].isna().to_numpy(dtype=bool)[gaps]
            columns[item.name] = values.mask(missing).set_axis(rows.index)
    for spec in specs.values():
        rest = [name for name in spec.columns if name not in columns]
        if rest:
            copied = rows[rest].iloc[generator.integers(n, size=n)].set_axis(rows.index)
            columns |= {name: copied[name] for name in rest}
    return pd.DataFrame({name: columns[name] for name in rows.columns}, index=rows.index)


def _decoded(
    item: ItemProfile, codes: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> pd.Series:
    if not item.indicator.categorical:
        return pd.Series(codes)
    labels = np.array(item.indicator.categories, dtype=object)[codes.astype(np.intp)]
    return pd.Series(labels).infer_objects()
