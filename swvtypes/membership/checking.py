"""What probabilities of types must satisfy, and the frame that does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swvtypes.errors import MembershipError

TOLERANCE = 1e-6
MOST_SHOWN = 8


def type_blocks(types: Sequence[str], sectors: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the types of each sector, or all of them under ``""`` where sectors share them.

    A type is of the longest sector that it begins with: ``"po north 1"`` of ``"po north"``, not
    of ``"po"``.

    Examples
    --------
    >>> type_blocks(["po 1", "po 2", "vo 1"], ["po", "vo"])
    {'po': ('po 1', 'po 2'), 'vo': ('vo 1',)}
    >>> type_blocks(["1", "2"], ["po", "vo"])
    {'': ('1', '2')}
    """
    heads = [max((s for s in sectors if t.startswith(f"{s} ")), key=len, default="") for t in types]
    blocks = {s: tuple(t for t, h in zip(types, heads, strict=True) if h == s) for s in sectors}
    blocks = {sector: mine for sector, mine in blocks.items() if mine}
    return blocks or {"": tuple(types)}


def checked_frame(probabilities: pd.DataFrame, sector: pd.Series[str]) -> pd.DataFrame:
    """Check probabilities, and give them for every organisation of `sector`, NaN where unknown.

    Raises
    ------
    MembershipError
        Lists every fault.
    """
    _check_kind(probabilities, pd.DataFrame, "a DataFrame of probabilities by organisation")
    frame = probabilities.rename(columns=str)
    faults = [*_index_faults(frame.index, sector), *_column_faults(frame, sector)]
    if faults:
        raise MembershipError("membership", faults)
    try:
        frame = frame.astype("Float64").astype(float).reindex(sector.index)
    except (TypeError, ValueError) as error:
        raise MembershipError("membership", [f"expected numbers: {error}"]) from None
    faults = _value_faults(frame, sector)
    if faults:
        raise MembershipError("membership", faults)
    frame.index.name = "organisation"
    frame.columns.name = None
    return frame


def checked_weights(weights: pd.Series[float], organisations: pd.Index) -> pd.Series[float]:
    """Check survey weights, and give them for every organisation.

    Raises
    ------
    MembershipError
        Lists every fault.
    """
    _check_kind(weights, pd.Series, "a Series by organisation", "weights")
    if not weights.index.is_unique:
        raise MembershipError("weights", ["an organisation stands in them twice"])
    try:
        found = weights.reindex(organisations).astype("Float64").astype(float)
    except (TypeError, ValueError) as error:
        raise MembershipError("weights", [f"expected numbers: {error}"]) from None
    values = found.to_numpy()
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        raise MembershipError(
            "weights",
            [
                f"{name!r}: expected a number of at least 0, got {value}"
                for name, value in zip(organisations[bad], values[bad], strict=True)
            ],
        )
    if not values.sum() > 0:
        raise MembershipError("weights", ["expected at least one above 0"])
    return found.rename("survey_weight")


def modal_frame(modal: pd.Series, sector: pd.Series[str], apart: bool) -> pd.DataFrame:
    """Turn a hard grouping into probabilities of zero and one.

    Raises
    ------
    MembershipError
        Lists every fault of the organisations.
    """
    _check_kind(modal, pd.Series, "a Series of types by organisation")
    faults = _index_faults(modal.index, sector)
    if faults:
        raise MembershipError("membership", faults)
    categorical = isinstance(modal.dtype, pd.CategoricalDtype)
    given = modal.dropna()
    levels = (
        [x for x in modal.cat.categories if (given == x).any()]
        if categorical
        else sorted(given.unique(), key=lambda x: (str(type(x)), x))
    )
    labels = given.astype(object).map(label_of)
    names = list(dict.fromkeys(label_of(level) for level in levels))
    if apart:
        mine = sector.reindex(given.index)
        known = mine.notna()
        labels = labels.where(~known, mine.astype(object) + " " + labels)
        names = [f"{s} {n}" for s in dict.fromkeys(sector) for n in names]
        names = [name for name in names if (labels == name).any()]
    frame = pd.DataFrame({n: (labels == n).astype(float) for n in names}, index=given.index)
    for block, types in type_blocks(names, list(dict.fromkeys(sector))).items():
        if block:
            frame.loc[sector.reindex(frame.index) != block, list(types)] = np.nan
    return frame.reindex(modal.index)


def label_of(value: object) -> str:
    """Give a type, or an organisation, as text: whole numbers without decimals.

    Examples
    --------
    >>> label_of(2.0), label_of(2), label_of("2")
    ('2', '2', '2')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _check_kind(given: object, kind: type, expected: str, subject: str = "membership") -> None:
    if not isinstance(given, kind):
        raise MembershipError(subject, [f"expected {expected}, got {type(given).__name__}"])


def _index_faults(index: pd.Index, sector: pd.Series[str]) -> list[str]:
    faults = []
    if not sector.index.is_unique:
        faults.append("sector: an organisation stands in it twice")
    if sector.isna().any() or not len(sector):
        faults.append("sector: expected one for each organisation, and at least one organisation")
    if not index.is_unique:
        twice = sorted({str(x) for x in index[index.duplicated()]})
        faults.append(f"index: organisations stand in it twice: {_few(twice)}")
    strange = list(index[~index.isin(sector.index)].unique())
    if strange:
        faults.append(f"index: organisations that the wave does not have: {_few(strange)}")
    return faults


def _column_faults(frame: pd.DataFrame, sector: pd.Series[str]) -> list[str]:
    names = list(frame.columns)
    faults = []
    if not names:
        faults.append("columns: expected at least one type, got none")
    if len(set(names)) < len(names):
        faults.append(f"columns: expected different names, got {_few(names)}")
    blocks = type_blocks(names, list(dict.fromkeys(sector.dropna())))
    loose = [name for name in names if all(name not in types for types in blocks.values())]
    if loose:
        faults.append(
            "columns: expected all or none to begin with a sector and a space; these do not: "
            + _few(loose)
        )
    return faults


def _value_faults(frame: pd.DataFrame, sector: pd.Series[str]) -> list[str]:
    faults: list[str] = []
    blocks = type_blocks(list(frame.columns), list(dict.fromkeys(sector)))
    values = frame.to_numpy()
    outside = ((values < 0) | (values > 1) | np.isinf(values)).any(axis=1)
    faults += [
        f"{name!r}: expected probabilities from 0 to 1, got {_row(frame.loc[name])}"
        for name in frame.index[outside][:MOST_SHOWN]
    ]
    for block, types in blocks.items():
        mine = (sector == block).to_numpy() if block else np.ones(len(frame), dtype=bool)
        part = frame[list(types)].to_numpy()
        given = ~np.isnan(part)
        some = mine & given.any(axis=1) & ~given.all(axis=1)
        faults += [
            f"{name!r}: expected a probability of each type or none, got {_row(frame.loc[name])}"
            for name in frame.index[some][:MOST_SHOWN]
        ]
        strange = ~mine & given.any(axis=1)
        faults += [
            f"{name!r}: has probabilities of the types of {block!r} but is of {sector[name]!r}"
            for name in frame.index[strange][:MOST_SHOWN]
        ]
        sums = part.sum(axis=1)
        wrong = mine & given.all(axis=1) & (np.abs(sums - 1) > TOLERANCE)
        faults += [
            f"{name!r}: expected probabilities that add up to 1, got {total:.8g}"
            for name, total in list(zip(frame.index[wrong], sums[wrong], strict=True))[:MOST_SHOWN]
        ]
    if not (~np.isnan(values)).any():
        faults.append("expected at least one organisation with a membership, got none")
    return faults


def _row(row: pd.Series[float]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in row.items())


def _few(names: Sequence[object]) -> str:
    text = ", ".join(map(repr, names[:MOST_SHOWN]))
    return text + (f", ... ({len(names)} in all)" if len(names) > MOST_SHOWN else "")
