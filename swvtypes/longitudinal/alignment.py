"""Which type of one typology is which of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from swvtypes.errors import InputError
from swvtypes.lca.design import Floats, Integers

_WORTHLESS = 0.0


@dataclass(frozen=True, eq=False)
class Alignment:
    """Types of two typologies, matched one to one.

    Attributes
    ----------
    partner : dict
        Type before to type after.
    table : DataFrame
        Columns before, after, criterion, value: the pairs, and how alike they are.
    without_before, without_after : tuple of str
        Types without a partner.
    """

    partner: dict[str, str]
    table: pd.DataFrame
    without_before: tuple[str, ...]
    without_after: tuple[str, ...]


def align_by_members(counts: Integers, before: Sequence[str], after: Sequence[str]) -> Alignment:
    """Match types so that as many organisations as possible keep theirs (Kuhn 1955).

    Parameters
    ----------
    counts : ndarray of int, shape (K_before, K_after)
        Organisations by both types.
    before, after : sequence of str
        Names of the types. Numbered types of a sector (``"po 1"``) match within it only.

    Returns
    -------
    Alignment
        A pair without a common organisation is no pair. `value` is the pair's Jaccard index.
    """
    worth, jaccard = _worth(counts)
    return _match(worth, jaccard, ("members", before, after))


def pairs_by_members(
    counts: Integers, before: Sequence[str], after: Sequence[str]
) -> list[Integers]:
    """Match types as :func:`align_by_members` does, in many cross-tables.

    Parameters
    ----------
    counts : ndarray of int, shape (B, K_before, K_after)
    before, after : sequence of str

    Returns
    -------
    list of ndarray, shape (P, 2)
        Rows and columns of the pairs of each table.
    """
    allowed = _allowed(before, after)
    return [_pairs(gain) for gain in np.where(allowed, _worth(counts)[0], -1.0)]


def align_by_profiles(
    distance: Floats, before: Sequence[str], after: Sequence[str], limit: float = np.inf
) -> Alignment:
    """Match types so that the distances between their profiles are smallest in total.

    Parameters
    ----------
    distance : ndarray, shape (K_before, K_after)
        For example of :func:`profile_distance`.
    before, after : sequence of str
        Names of the types. Numbered types of a sector (``"po 1"``) match within it only.
    limit : float
        Types farther apart are no pair.

    Returns
    -------
    Alignment
        `value` is the distance.
    """
    top = float(np.max(distance, initial=0.0)) + 1.0
    worth = np.where(distance <= limit, top - distance, _WORTHLESS)
    return _match(worth, np.asarray(distance, dtype=float), ("profiles", before, after))


def align_as_stated(
    partner: Mapping[str, str], before: Sequence[str], after: Sequence[str]
) -> Alignment:
    """Take a matching that the user states.

    Raises
    ------
    InputError
        For types that do not exist or stand twice.
    """
    faults = [f"{a!r} is no type before; there are {', '.join(map(repr, before))}"
              for a in partner if a not in before]  # fmt: skip
    faults += [f"{b!r} is no type after; there are {', '.join(map(repr, after))}"
               for b in partner.values() if b not in after]  # fmt: skip
    targets = list(partner.values())
    faults += [f"{b!r} is the partner of more than one type"
               for b in sorted({b for b in targets if targets.count(b) > 1})]  # fmt: skip
    if faults:
        raise InputError("alignment", faults)
    rows = [(a, b, "stated", np.nan) for a, b in partner.items()]
    return _alignment(rows, before, after)


def profile_distance(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Distances between the profiles of two typologies over the items that both have.

    The distance of two types is the average over common items of half the sum of absolute
    differences between the probabilities of the categories (total variation, 0 alike to 1 apart).

    Parameters
    ----------
    before, after : DataFrame
        Columns indicator, category, class, estimate: probabilities, as in
        ``LatentClassModel.profiles_``. Rows of other parameters are left out.

    Returns
    -------
    DataFrame
        Types before (rows) by types after (columns).

    Raises
    ------
    InputError
        When no item with the same categories is in both.
    """
    first, second = _by_item(before), _by_item(after)
    common = [
        name
        for name in first
        if name in second and set(first[name].index) == set(second[name].index)
    ]
    if not common:
        raise InputError(
            "profiles", ["expected at least one item with the same categories in both typologies"]
        )
    total: Floats | float = 0.0
    for name in common:
        a = first[name].to_numpy().T[:, None]
        b = second[name].loc[first[name].index].to_numpy().T[None]
        total = total + 0.5 * np.abs(a - b).sum(axis=2)
    values = np.asarray(total) / len(common)
    return pd.DataFrame(values, index=first[common[0]].columns, columns=second[common[0]].columns)


def _by_item(profiles: pd.DataFrame) -> dict[object, pd.DataFrame]:
    rows = profiles
    if "parameter" in rows:
        rows = rows[rows["parameter"] == "probability"]
    return {name: _wide(part) for name, part in rows.groupby("indicator", sort=False)}


def _wide(part: pd.DataFrame) -> pd.DataFrame:
    """Give one item's probabilities, categories by classes, both in order."""
    row, categories = pd.factorize(part["category"], sort=True)
    column, classes = pd.factorize(part["class"], sort=True)
    values = np.full((len(categories), len(classes)), np.nan)
    values[row, column] = part["estimate"]
    if values.size != len(part) or np.isnan(values).any():
        return part.pivot_table("estimate", "category", "class", sort=True)
    return pd.DataFrame(
        values,
        index=pd.Index(categories, name="category"),
        columns=pd.Index(classes, name="class"),
    )


def _worth(counts: Integers) -> tuple[Floats, Floats]:
    """Give what each pair of types is worth, organisations before likeness, and its likeness."""
    size = counts.sum(axis=-1)[..., :, None] + counts.sum(axis=-2)[..., None, :] - counts
    jaccard = np.divide(counts, size, out=np.zeros(counts.shape), where=size > 0)
    return counts + 1e-3 * jaccard, jaccard


def _allowed(before: Sequence[str], after: Sequence[str]) -> NDArray[np.bool_]:
    """Give which types may be a pair: those of one sector, where types name their sectors."""
    sectors = {_sector(a) for a in before}
    apart = len(sectors) > 1 and sectors == {_sector(b) for b in after}
    return np.array([[not apart or _sector(a) == _sector(b) for b in after] for a in before])


def _pairs(gain: Floats) -> Integers:
    """Give the pairs that gain most together: rows and columns, shape (P, 2)."""
    rows, columns = linear_sum_assignment(gain, maximize=True)
    kept = gain[rows, columns] > _WORTHLESS
    return np.stack([rows[kept], columns[kept]], axis=1)


def _match(
    worth: Floats, value: Floats, names: tuple[str, Sequence[str], Sequence[str]]
) -> Alignment:
    criterion, before, after = names
    pairs = _pairs(np.where(_allowed(before, after), worth, -1.0))
    found = [(before[i], after[j], criterion, float(value[i, j])) for i, j in pairs.tolist()]
    return _alignment(found, before, after)


def _sector(name: str) -> str:
    """Give the sector in the name of a numbered type ("po 1"); names of other forms have none."""
    head, _, tail = str(name).rpartition(" ")
    return head if tail.isdecimal() else ""


def _alignment(
    rows: Sequence[tuple[str, str, str, float]], before: Sequence[str], after: Sequence[str]
) -> Alignment:
    table = pd.DataFrame(rows, columns=["before", "after", "criterion", "value"])
    partner = dict(zip(table["before"], table["after"], strict=True))
    return Alignment(
        partner,
        table,
        tuple(a for a in before if a not in partner),
        tuple(b for b in after if b not in partner.values()),
    )
