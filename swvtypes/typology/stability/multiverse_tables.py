"""Tables of what survives a multiverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from swvtypes.lca.design import Floats

from .overlap import jaccard_table, match, overlaps

if TYPE_CHECKING:
    from .multiverse_driver import Universe


@dataclass(frozen=True)
class Compared:
    """All runs beside the base.

    Attributes
    ----------
    labels : list
        Types of the base, K.
    types : Series
        Type of each organisation in the base, those without one left out.
    n_types, n : ndarray, shape (R,)
        Types and organisations with a type; NaN where the analysis could not be made.
    ari : ndarray, shape (R,)
        Adjusted Rand index with the base.
    jaccard : ndarray, shape (R, K)
        Of each type and the class paired with it; NaN unpaired or not made.
    paired : ndarray of bool, shape (R, K)
    same : ndarray, shape (R, n)
        1 where an organisation is in the class paired with its type, 0 where not, NaN where it
        has no type in the run.
    """

    labels: list[Any]
    types: pd.Series[Any]
    n_types: Floats
    n: Floats
    ari: Floats
    jaccard: Floats
    paired: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    same: Floats


def compare_runs(universes: Sequence[Universe | None], base: int) -> Compared:
    """Set every run beside the base."""
    from sklearn.metrics import adjusted_rand_score

    first = universes[base]
    assert first is not None
    types = first.types.dropna()
    labels = sorted(types.unique())
    R, K = len(universes), len(labels)
    n_types, n, ari = (np.full(R, np.nan) for _ in range(3))
    jaccard, same = np.full((R, K), np.nan), np.full((R, len(types)), np.nan)
    paired = np.zeros((R, K), dtype=bool)
    for r, universe in enumerate(universes):
        if universe is None:
            continue
        other = universe.types.dropna()
        n_types[r], n[r] = other.nunique(), len(other)
        both = types.index.intersection(other.index)
        if not len(both):
            continue
        a = pd.Categorical(types[both], categories=labels).codes.astype(np.intp)
        names = sorted(other[both].unique())
        b = pd.Categorical(other[both], categories=names).codes.astype(np.intp)
        ari[r] = adjusted_rand_score(a, b)
        table = overlaps(a, b[None], np.ones((1, len(b)), dtype=bool), len(names))
        table = np.pad(table, ((0, 0), (0, K - table.shape[1]), (0, 0)))
        pairs = match(table)[0]
        paired[r] = pairs >= 0
        found = jaccard_table(table)[0]
        jaccard[r, paired[r]] = found[paired[r], pairs[paired[r]]]
        same[r, types.index.get_indexer(both)] = pairs[a] == b
    return Compared(labels, types, n_types, n, ari, jaccard, paired, same)


def _others(compared: Compared, base: int) -> Any:
    """Give the runs that were made, the base left out."""
    made = ~np.isnan(compared.n_types)
    made[base] = False
    return made


def type_table(compared: Compared, base: int, survives: float) -> pd.DataFrame:
    """How often each type is found again."""
    made = _others(compared, base)
    size = compared.types.value_counts()
    rows = []
    for k, label in enumerate(compared.labels):
        found = np.nan_to_num(compared.jaccard[made, k], nan=0.0)
        known = len(found) > 0
        rows.append(
            {
                "size": int(size[label]),
                "survived": float((found >= survives).mean()) if known else np.nan,
                "jaccard": float(found.mean()) if known else np.nan,
                "lowest": float(found.min()) if known else np.nan,
                "unpaired": float((~compared.paired[made, k]).mean()) if known else np.nan,
            }
        )
    return pd.DataFrame(rows, index=pd.Index(compared.labels, name="type"))


def organisation_table(compared: Compared, base: int) -> pd.DataFrame:
    """How often each organisation keeps its type."""
    same = compared.same[_others(compared, base)]
    n_runs = (~np.isnan(same)).sum(axis=0)
    share = np.nansum(same, axis=0) / np.where(n_runs > 0, n_runs, np.nan)
    return pd.DataFrame(
        {"type": compared.types.to_numpy(), "same": share, "n_runs": n_runs},
        index=compared.types.index,
    )


def conclusion_table(runs: pd.DataFrame, names: Sequence[str], base: int) -> pd.DataFrame:
    """How often each conclusion is drawn again."""
    made = runs["fault"] == ""
    rows = []
    for name in names:
        outcome = runs.loc[made, name]
        first = runs[name].iloc[base]
        others = outcome.drop(runs.index[base])
        counts = outcome.map(str).value_counts()
        rows.append(
            {
                "base": first,
                "agrees": float((others == first).mean()) if len(others) else np.nan,
                "outcomes": "; ".join(f"{value}: {count}" for value, count in counts.items()),
            }
        )
    return pd.DataFrame(
        rows, index=pd.Index(names, name="conclusion"), columns=["base", "agrees", "outcomes"]
    )


def choice_table(
    cells: Sequence[Mapping[str, Any]],
    compared: Compared,
    runs: pd.DataFrame,
    names: Sequence[str],
    base: int,
) -> pd.DataFrame:
    """Show what each level of each choice does."""
    made = _others(compared, base)
    jaccard = np.nan_to_num(compared.jaccard, nan=0.0).mean(axis=1)
    agrees = np.full(len(runs), np.nan)
    if names:
        agrees = np.mean([[v == runs[name].iloc[base] for v in runs[name]] for name in names], 0)
    rows, keys = [], []
    for choice in cells[0]:
        levels = [repr(cell[choice]) for cell in cells]
        for level in dict.fromkeys(levels):
            here = made & np.array([one == level for one in levels])
            n = int(here.sum())
            keys.append((choice, level))
            rows.append(
                {
                    "runs": n,
                    "ari": float(np.nanmean(compared.ari[here])) if n else np.nan,
                    "jaccard": float(jaccard[here].mean()) if n else np.nan,
                    "agrees": float(agrees[here].mean()) if n else np.nan,
                }
            )
    index = pd.MultiIndex.from_tuples(keys, names=["choice", "level"])
    return pd.DataFrame(rows, index=index)
