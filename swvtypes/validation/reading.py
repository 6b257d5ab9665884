"""What outcomes are held against: a continuum, hard groups, or types with error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, MembershipError
from swvtypes.language import Label
from swvtypes.membership import Assignment, ErrorTable, Membership
from swvtypes.survey import Wave

from .findings import Floats, Integers

By = str | pd.Series | Membership


@dataclass(frozen=True)
class Continuum:
    """Numbers by organisation; shape (n,), NaN where unknown."""

    name: str
    label: Label
    numbers: Floats


@dataclass(frozen=True)
class Groups:
    """Hard groups; codes of shape (n,) into `levels`, -1 where unknown."""

    name: str
    label: Label
    codes: Integers
    levels: tuple[str, ...]


@dataclass(frozen=True)
class TypeBlock:
    """BCH weights of the types of one sector (``""``: of all), shape (n, K); NaN where unknown."""

    sector: str
    types: tuple[str, ...]
    weights: Floats | None


@dataclass(frozen=True)
class Types:
    """Types with classification error, in blocks that go together."""

    name: str
    label: Label
    blocks: tuple[TypeBlock, ...]
    indicators: frozenset[str]


Grounds = Continuum | Groups | Types


def read_by(
    wave: Wave, by: By, assignment: Assignment = "modal", errors: ErrorTable = "auto"
) -> Grounds:
    """Read what outcomes are held against.

    Parameters
    ----------
    wave : Wave
    by : str, Series or Membership
        A variable of the wave (ordinal, counts and numbers are a continuum; binary and nominal
        are groups); a Series by organisation (numbers are a continuum; texts, booleans and
        categories are groups); or a membership. Organisations that it lacks, and those that the
        wave lacks, are left out.
    assignment : {"modal", "proportional"}
        For memberships.
    errors : {"auto", "apparent", "corrected"}
        For memberships: see :class:`~swvtypes.validation.options.ValidationOptions`.

    Raises
    ------
    InputError
        Where it cannot be read, or has fewer than two values.
    """
    if isinstance(by, Membership):
        return _types(wave, by, assignment, errors)
    if isinstance(by, str):
        return _variable(wave, by)
    _check_kind(by)
    name = str(by.name) if by.name is not None else "by"
    _check_index(wave, by.index)
    numeric = pd.api.types.is_numeric_dtype(by) and not pd.api.types.is_bool_dtype(by)
    values = by.reindex(wave.frame.index)
    label = Label(name, name)
    if numeric:
        return _continuum(name, label, values)
    return _groups(name, label, values, by)


def _variable(wave: Wave, name: str) -> Grounds:
    if name not in wave.variables:
        near = [v for v in wave.variables if name.lower() in v or v in name.lower()][:5]
        hint = f"; did you mean {', '.join(map(repr, near))}?" if near else ""
        raise InputError("by", [f"the wave {wave.name!r} has no variable {name!r}{hint}"])
    entry = wave.codebook.variable(name)
    label = Label(entry.label.nl, entry.label.en)
    column = wave.column(name)
    if entry.type in ("binary", "nominal"):
        names = {c.code: f"{c.code} {c.label.en}" for c in wave.codebook.categories(name)}
        codes = column.astype("Int64")
        texts = pd.Series(
            pd.Categorical(codes.map(names).astype(object), categories=list(names.values())),
            index=column.index,
        )
        return _groups(name, label, texts, texts)
    return _continuum(name, label, column)


def _continuum(name: str, label: Label, values: pd.Series) -> Continuum:
    numbers = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    if np.isinf(known).any():
        raise InputError("by", [f"{name!r}: expected finite numbers"])
    if len(np.unique(known)) < 2:
        raise InputError("by", [f"{name!r}: expected at least two values, got {len(set(known))}"])
    return Continuum(name, label, np.asarray(numbers, dtype=np.float64))


def _groups(name: str, label: Label, values: pd.Series, source: pd.Series) -> Groups:
    texts = values.astype(object).map(str, na_action="ignore")
    if isinstance(source.dtype, pd.CategoricalDtype):
        order = [str(level) for level in source.cat.categories]
    else:
        order = sorted({str(x) for x in source.dropna()})
    present = set(texts.dropna())
    levels = tuple(level for level in order if level in present)
    if len(levels) < 2:
        raise InputError("by", [f"{name!r}: expected at least two groups, got {len(levels)}"])
    places = {level: at for at, level in enumerate(levels)}
    codes = np.array([places.get(x, -1) if isinstance(x, str) else -1 for x in texts])
    return Groups(name, label, codes.astype(np.int64), levels)


def _types(wave: Wave, membership: Membership, assignment: Assignment, table: ErrorTable) -> Types:
    _check_index(wave, membership.probabilities.index)
    errors = membership.classification_error(assignment, table)
    blocks = []
    for block in membership.blocks:
        try:
            mine = membership.sector(block.name) if block.name else membership
            found = errors if not block.name else mine.classification_error(assignment, table)
            rows = found.bch_weights.reindex(wave.frame.index)[list(block.types)]
            weights: Floats | None = rows.to_numpy(dtype=float)
        except MembershipError:
            weights = None
        blocks.append(TypeBlock(block.name, block.types, weights))
    theme = membership.theme
    label = Label(f"typen ({theme})", f"types ({theme})")
    return Types(theme, label, tuple(blocks), frozenset(membership.origin.indicators))


def _check_kind(by: object) -> None:
    if not isinstance(by, pd.Series):
        expected = "a variable's name, a Series by organisation or a Membership"
        raise InputError("by", [f"expected {expected}, got {type(by).__name__}"])


def _check_index(wave: Wave, index: pd.Index) -> None:
    faults = []
    if not index.is_unique:
        faults.append("an organisation stands in it twice")
    strange = index.difference(wave.frame.index)
    if len(strange) == len(index):
        shown = ", ".join(map(repr, list(index[:3])))
        faults.append(f"none of its organisations ({shown} ...) is in the wave {wave.name!r}")
    if faults:
        raise InputError("by", faults)
