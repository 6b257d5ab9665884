"""Outcomes: what a continuum, groups or types are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .findings import Floats

Kind = Literal["number", "binary", "category", "whole"]


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes
    ----------
    name : str
    label : Label
    kind : {"number", "binary", "category", "whole"}
        ``"whole"``: several numbers at once (a composition in isometric coordinates).
    numbers : ndarray, shape (n, c)
        NaN where unknown; one column unless whole. Codes from 0 for categories.
    form : str
        ``"share"``, ``"log_ratio"`` or empty.
    categories : tuple of str
        Names of the codes.
    drawn_from : frozenset of str
        Variables that it was made of.
    """

    name: str
    label: Label
    kind: Kind
    numbers: Floats
    form: str = ""
    categories: tuple[str, ...] = ()
    drawn_from: frozenset[str] = frozenset()


def variable_outcomes(wave: Wave, names: Sequence[str]) -> list[Outcome]:
    """Read variables of a wave as outcomes.

    Ordinal variables, counts and numbers are numbers; binary ones answers of 0 and 1 (of another
    coding, the higher code is 1); nominal ones categories.

    Raises
    ------
    InputError
        Lists every variable that the wave lacks or that stands there twice.
    """
    names = [names] if isinstance(names, str) else list(names)
    missing = [name for name in names if name not in wave.variables]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if missing or twice or not names:
        hint = "; join a register first" if _register(wave, missing) else ""
        faults = [f"the wave {wave.name!r} has no variable {name!r}{hint}" for name in missing]
        faults += [f"{name!r} stands there twice" for name in twice]
        raise InputError("outcomes", faults or ["expected at least one variable, got none"])
    return [_outcome(wave, name) for name in names]


def as_numbers(column: pd.Series) -> Floats:
    """Give a column as floats, NaN for NA."""
    return np.asarray(column.astype("Float64").to_numpy(dtype=float, na_value=np.nan))


def _register(wave: Wave, names: Sequence[str]) -> bool:
    known = wave.codebook.variables
    return any(name in known and known[name].origin == "register" for name in names)


def _outcome(wave: Wave, name: str) -> Outcome:
    entry = wave.codebook.variable(name)
    label = Label(entry.label.nl, entry.label.en)
    values = as_numbers(wave.column(name))
    mine = frozenset({name})
    if entry.type == "binary":
        top = max(category.code for category in wave.codebook.categories(name))
        values = np.where(np.isnan(values), np.nan, (values == top).astype(float))
        return Outcome(name, label, "binary", values[:, None], drawn_from=mine)
    if entry.type == "nominal":
        codes = [c.code for c in wave.codebook.categories(name)]
        texts = tuple(c.label.en for c in wave.codebook.categories(name))
        places = {float(code): float(at) for at, code in enumerate(codes)}
        values = np.array([places.get(v, np.nan) for v in values])
        return Outcome(name, label, "category", values[:, None], "", texts, mine)
    return Outcome(name, label, "number", values[:, None], drawn_from=mine)
