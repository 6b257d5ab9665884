"""Drift: changes of the answers to an item, or of its gaps, between two waves.

Organisations that answered at both waves are pairs: chance exchanges their two answers. Those of
one wave only are exchangeable with each other: chance deals the waves out over them. One
permutation test covers both, for any number of categories and empty cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError, OptionError
from swvtypes.lca.design import Floats
from swvtypes.multiplicity import Adjustment, adjust

from .pairs import index_faults

_DRAWS_AN_ITEM = 40
_CELLS = 2**22


@dataclass(frozen=True)
class DriftOptions:
    """How drift is tested.

    Parameters
    ----------
    n_draws : int
        Random exchanges, at least: with many items there are 40 for each of them, or no
        adjusted p-value could fall below .05 (the smallest is their number / (draws + 1)).
    adjust : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Adjustment of p-values over the items, for distributions and gaps apart.
    random_state : int
        Seed.
    """

    n_draws: int = 1999
    adjust: Adjustment = "holm"
    random_state: int = 0

    def __post_init__(self) -> None:
        """Check the options."""
        if self.n_draws < 1:
            raise OptionError("n_draws", "at least 1", self.n_draws)
        if self.adjust not in get_args(Adjustment):
            raise OptionError("adjust", " or ".join(map(repr, get_args(Adjustment))), self.adjust)


def item_drift(
    before: pd.DataFrame,
    after: pd.DataFrame,
    items: Sequence[str] | Mapping[str, str] | None = None,
    *,
    organisations: Mapping[Any, Any] | None = None,
    relevance: pd.Series[float] | None = None,
    options: DriftOptions | None = None,
) -> pd.DataFrame:
    """Test every item for a change of its answers and of its gaps.

    Parameters
    ----------
    before, after : DataFrame by organisation
        Answers; NaN or NA where missing.
    items : name, sequence, or mapping of names before to names after, optional
        Items to compare; those of the same name in both when left out.
    organisations : mapping, optional
        Identity of earlier organisations at the later occasion, where it changed.
    relevance : Series by item, optional
        How much an item tells of the types, for example ``indicators_["r2"]``; gives the column
        `matters`, drift times relevance.
    options : DriftOptions, optional

    Returns
    -------
    DataFrame by item
        n_before, n_after, n_pairs (answers at both), distance (half the sum of absolute
        differences between the shares of the answers, 0 to 1), p_value, p_adjusted,
        missing_before, missing_after (shares), missing_p_value, missing_p_adjusted; with
        `relevance` also relevance and matters. Sorted as the items are.

    Raises
    ------
    InputError
        Lists every fault: items that a wave lacks or that two earlier ones become, organisations
        that stand twice, a wave without any, names or answers that are numbers at one wave and
        text at the other.
    OptionError

    Notes
    -----
    Numbers with more than ten values are cut at the deciles of both waves together. No weights
    are taken.
    """
    options = options or DriftOptions()
    names = _names(before, after, items)
    first = before.copy()
    first.index = pd.Index([(organisations or {}).get(o, o) for o in first.index])
    _check_rows(first, after, names)
    children = np.random.SeedSequence(options.random_state).spawn(len(names))
    n_draws = max(options.n_draws, _DRAWS_AN_ITEM * len(names))
    rows = {}
    for (old, new), child in zip(names.items(), children, strict=True):
        generator = np.random.default_rng(child)
        rows[new] = _one(first[old], after[new], n_draws, generator)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("item")
    for column in ("p_value", "missing_p_value"):
        place = int(table.columns.get_indexer(pd.Index([column]))[0]) + 1
        adjusted = adjust(table[column].to_numpy(dtype=float), options.adjust)
        table.insert(place, column.replace("p_value", "p_adjusted"), adjusted)
    if relevance is not None:
        table["relevance"] = relevance.reindex(table.index)
        table["matters"] = table["distance"] * table["relevance"]
    return table


def _names(
    before: pd.DataFrame, after: pd.DataFrame, items: Sequence[str] | Mapping[str, str] | None
) -> dict[str, str]:
    if items is None:
        names = {c: c for c in before.columns if c in after.columns}
    elif isinstance(items, Mapping):
        names = dict(items)
    else:
        names = {name: name for name in ([items] if isinstance(items, str) else items)}
    faults = [f"before: no column {old!r}" for old in names if old not in before.columns]
    faults += [f"after: no column {new!r}" for new in names.values() if new not in after.columns]
    later = list(names.values())
    faults += [f"items: more than one item before is {new!r} after"
               for new in dict.fromkeys(later) if later.count(new) > 1]  # fmt: skip
    if not names:
        faults.append("expected at least one item that both waves have")
    if faults:
        raise InputError("drift", faults)
    return names


def _check_rows(before: pd.DataFrame, after: pd.DataFrame, names: Mapping[str, str]) -> None:
    faults = index_faults(("before", "after"), (before.index, after.index))
    faults += [
        f"{name}: expected at least one organisation, got none"
        for name, frame in (("before", before), ("after", after))
        if not len(frame)
    ]
    for old, new in names.items():
        kinds = [_kinds(before[old]), _kinds(after[new])]
        if all(kinds) and not kinds[0] & kinds[1]:
            told = " after and ".join(" and ".join(sorted(k)) for k in kinds[::-1])
            faults.append(f"{new!r}: expected answers of one kind, got {told} before")
    if faults:
        raise InputError("drift", faults)


def _kinds(answers: pd.Series[Any]) -> set[str]:
    """Say whether answers are text, numbers or both."""
    if pd.api.types.is_numeric_dtype(answers):
        return {"numbers"} if answers.notna().any() else set()
    return {"text" if isinstance(x, str) else "numbers" for x in answers.dropna().unique()}


def _one(
    before: pd.Series[Any], after: pd.Series[Any], n_draws: int, generator: np.random.Generator
) -> dict[str, float]:
    units = before.index.union(after.index)
    x, y, size = _coded(before.reindex(units), after.reindex(units))
    asked_x, asked_y = units.isin(before.index), units.isin(after.index)
    answered = _test(x, y, size, n_draws, generator)
    gap_x = np.where(asked_x, (x < 0).astype(int), -1)
    gap_y = np.where(asked_y, (y < 0).astype(int), -1)
    gaps = _test(gap_x, gap_y, 2, n_draws, generator)
    return {
        "n_before": int((x >= 0).sum()), "n_after": int((y >= 0).sum()),
        "n_pairs": int(((x >= 0) & (y >= 0)).sum()),
        "distance": answered[0], "p_value": answered[1],
        "missing_before": float((gap_x[asked_x] == 1).mean()),
        "missing_after": float((gap_y[asked_y] == 1).mean()), "missing_p_value": gaps[1],
    }  # fmt: skip


def _coded(
    before: pd.Series[Any], after: pd.Series[Any]
) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
    """Categories from 0, -1 where missing."""
    both = pd.concat([before, after], ignore_index=True)
    known = both.dropna()
    if pd.api.types.is_numeric_dtype(both) and known.nunique() > 10:
        cuts = np.unique(np.quantile(known.to_numpy(dtype=float), np.linspace(0.1, 0.9, 9)))
        code = np.searchsorted(cuts, both.to_numpy(dtype=float, na_value=np.nan), side="right")
        codes = np.where(both.isna(), -1, code).astype(np.intp)
    else:
        codes = pd.factorize(both.astype(object).where(both.notna()), sort=False)[0].astype(np.intp)
    n = len(before)
    return codes[:n], codes[n:], int(codes.max(initial=0)) + 1


def _test(
    x: NDArray[np.intp],
    y: NDArray[np.intp],
    size: int,
    n_draws: int,
    generator: np.random.Generator,
) -> tuple[float, float]:
    """Distance between the distributions, and its p-value; NaN where a wave has no answers."""
    pairs = (x >= 0) & (y >= 0)
    loose_x, loose_y = x[(x >= 0) & ~pairs], y[(y >= 0) & ~pairs]
    n1, n2 = int((x >= 0).sum()), int((y >= 0).sum())
    if not n1 or not n2:
        return float("nan"), float("nan")
    eye = np.eye(size)
    first, second = eye[x[pairs]], eye[y[pairs]]
    loose = eye[np.concatenate([loose_x, loose_y])]
    total = np.concatenate([first, second, loose]).sum(axis=0)
    used = total > 0

    def statistic(a: Floats, b: Floats) -> Floats:
        gap = a / n1 - b / n2
        return np.asarray((gap[..., used] ** 2 / total[used]).sum(axis=-1))

    observed_a = first.sum(axis=0) + eye[loose_x].sum(axis=0)
    observed_b = second.sum(axis=0) + eye[loose_y].sum(axis=0)
    value = float(statistic(observed_a, observed_b))
    distance = 0.5 * float(np.abs(observed_a / n1 - observed_b / n2).sum())
    a = np.tile(first.sum(axis=0), (n_draws, 1))
    for rows in _portions(n_draws, len(first)):
        swap = generator.random((rows.stop - rows.start, len(first))) < 0.5
        a[rows] += swap @ (second - first)
    for rows in _portions(n_draws, len(loose)):
        rank = generator.random((rows.stop - rows.start, len(loose))).argsort(axis=1)
        a[rows] += (rank < len(loose_x)) @ loose
    drawn = statistic(a, total - a)
    return distance, float(((drawn >= value * (1.0 - 1e-12)).sum() + 1) / (n_draws + 1))


def _portions(n_draws: int, n: int) -> list[slice]:
    """Part the draws so that each part has no more cells than fit in memory with ease."""
    size = max(1, _CELLS // max(n, 1))
    return [slice(at, min(at + size, n_draws)) for at in range(0, n_draws, size)]
