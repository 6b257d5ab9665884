"""Answers to the items of one scale as numbers, checked, with their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError
from swvtypes.survey import Codebook, Wave

from .asking import is_number
from .building import Scales
from .moments import FloatArray
from .reversal import end_points, turn_round

Missing = Literal["listwise", "pairwise"]
Source = pd.DataFrame | Wave | Scales
_SMALLEST = 3


@dataclass(frozen=True, eq=False)
class Responses:
    """Answers to the items of one scale, reversed items turned round.

    Attributes
    ----------
    names : tuple of str
        Items.
    matrix : ndarray, shape (n_rows, n_items)
        Rows that are used; NaN where an answer is missing (pairwise only).
    weights : ndarray, shape (n_rows,)
        Ones, frequencies, or survey weights normalised to sum to the number of rows used.
    kind : {"none", "frequency", "survey"}
        What the weights are.
    missing : {"listwise", "pairwise"}
    n_given : int
        Rows that came in.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    weights: FloatArray
    kind: Literal["none", "frequency", "survey"]
    missing: Missing
    n_given: int

    @property
    def n(self) -> float:
        """Rows used (sum of frequencies)."""
        return float(self.weights.sum())


@dataclass(frozen=True, eq=False)
class WeightChoice:
    """Weights as a caller gives them: frequencies, or survey weights (True: those carried)."""

    frequency: ArrayLike | None = None
    survey: ArrayLike | bool | None = None


def read_responses(
    source: Source,
    scale: str | Sequence[str] | None = None,
    codebook: Codebook | None = None,
    reversed_items: Mapping[str, tuple[float, float]] | None = None,
    missing: Missing = "listwise",
    weights: WeightChoice | None = None,
) -> Responses:
    """Give the answers that an analysis uses.

    Parameters
    ----------
    source : DataFrame, Wave or Scales
        One column an item, one row a respondent.
    scale : str or sequence of str, optional
        A scale of the codebook (or of the scales built), or items by name. Left out: every
        column of a frame.
    codebook : Codebook, optional
        Says which items of a frame are reversed and between which end points. A wave has its
        own; the answers in scales have been turned round already.
    reversed_items : mapping of str to (lowest, highest), optional
        Items to turn round, with the end points of their answer list.
    missing : {"listwise", "pairwise"}
        Rows with an answer to every item, or rows with any answer and each pair of items over
        the rows that answered both.
    weights : WeightChoice, optional

    Raises
    ------
    InputError
        Lists every fault.
    """
    asked, wrong = _asked_turns(reversed_items)
    frame, names, turned, faults = _choose(source, scale, codebook, asked)
    faults += wrong
    if missing not in get_args(Missing):
        faults.append(f"missing: expected 'listwise' or 'pairwise', got {missing!r}")
    faults += _column_faults(frame, names)
    choice = weights or WeightChoice()
    weight, kind, weight_faults = _weights(source, frame, choice)
    faults += weight_faults
    if faults:
        raise InputError("answers to the items", faults)
    values = frame[list(names)].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    faults = _outside(values, names, turned)
    if faults:
        raise InputError("answers to the items", faults)
    for at, name in enumerate(names):
        if name in turned:
            values[:, at] = turn_round(values[:, at], *turned[name])
    found = Responses(tuple(names), values, weight, kind, missing, len(values))
    return _used(found)


def _choose(
    source: Source,
    scale: str | Sequence[str] | None,
    codebook: Codebook | None,
    turned: dict[str, tuple[float, float]],
) -> tuple[pd.DataFrame, list[str], dict[str, tuple[float, float]], list[str]]:
    """Give the frame, the items, which to turn round between what, and faults."""
    members: Mapping[str, tuple[str, ...]] = {}
    book: Codebook | None = None
    if isinstance(source, Scales):
        frame, members = source.items, source.members
    elif isinstance(source, Wave):
        frame, book = source.frame, source.codebook
    else:
        frame, book = source.rename(columns=str), codebook
    if book is not None:
        members = {name: book.items(name) for name in book.scales}
    faults: list[str] = []
    if scale is None:
        names = [str(name) for name in frame.columns if name != "sector" or book is None]
        if isinstance(source, Wave):
            faults.append(f"scale: a wave needs one; its scales are {_listed(members)}")
            names = []
    elif isinstance(scale, str):
        if scale not in members:
            faults.append(f"scale: expected one of {_listed(members)}, got {scale!r}")
        names = list(members.get(scale, ()))
    else:
        names = list(scale)
    if book is not None:
        turned = {**_marked(book, names), **turned}
        faults += [
            f"item {x!r}: expected answers with an order, the codebook says nominal"
            for x in names
            if x in book.variables and book.variable(x).type == "nominal"
        ]
    faults += [f"reversed_items: {x!r} is none of the items" for x in turned if x not in names]
    faults += [
        f"reversed_items: expected a lowest below a highest for {x!r}, got {ends!r}"
        for x, ends in turned.items()
        if not ends[0] < ends[1]
    ]
    return frame, names, turned, faults


def _asked_turns(
    given: object,
) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Give the items that a caller wants turned round between two numbers, and faults."""
    if given is None:
        return {}, []
    if not isinstance(given, Mapping):
        wanted = "a mapping of items to (lowest, highest)"
        return {}, [f"reversed_items: expected {wanted}, got {given!r}"]
    asked: dict[str, tuple[float, float]] = {}
    faults = []
    for name, ends in given.items():
        pair = tuple(ends) if isinstance(ends, Sequence | np.ndarray) else ()
        if len(pair) == 2 and all(map(is_number, pair)):
            asked[name] = (pair[0], pair[1])
        else:
            faults.append(f"reversed_items: expected (lowest, highest) for {name!r}, got {ends!r}")
    return asked, faults


def _outside(
    values: FloatArray, names: Sequence[str], turned: Mapping[str, tuple[float, float]]
) -> list[str]:
    """Say which items have answers beyond the end points that they would be turned between."""
    faults = []
    for at, name in enumerate(names):
        if name in turned:
            low, high = turned[name]
            beyond = values[(values[:, at] < low) | (values[:, at] > high), at]
            if len(beyond):
                faults.append(
                    f"item {name!r}: expected answers from {low:g} to {high:g} to turn it round, "
                    f"got {beyond[0]:g} (in {len(beyond)} of {len(values)} rows)"
                )
    return faults


def _marked(book: Codebook, names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Items that the codebook marks as reversed, with their end points."""
    found: dict[str, tuple[float, float]] = {}
    for name in names:
        if name in book.variables and book.variable(name).reversed:
            ends = end_points(book, name)
            if ends is not None:
                found[name] = (float(ends[0]), float(ends[1]))
    return found


def _column_faults(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    faults = []
    if len(names) < 2:
        faults.append(f"items: expected at least two, got {len(names)}")
    for name in dict.fromkeys(names):
        columns = int((frame.columns == name).sum())
        if columns == 0:
            faults.append(f"item {name!r}: the frame has no such column")
        elif columns > 1 or names.count(name) > 1:
            faults.append(f"item {name!r}: expected it once, found it more often")
        else:
            faults += _one_column(name, frame[name])
    return faults


def _one_column(name: str, column: pd.Series) -> list[str]:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return [f"item {name!r}: expected numbers, the column holds {column.dtype}"]
    values = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        return [f"item {name!r}: expected finite answers, found an infinite one"]
    return [f"item {name!r}: nobody answered it"] if np.isnan(values).all() else []


def _weights(
    source: Source, frame: pd.DataFrame, choice: WeightChoice
) -> tuple[FloatArray, Literal["none", "frequency", "survey"], list[str]]:
    """Give weights by row, what they are, and faults."""
    ones = np.ones(len(frame))
    survey = None if choice.survey is False else choice.survey
    if choice.frequency is not None and survey is not None:
        return ones, "none", ["weights: expected frequencies or survey weights, got both"]
    if choice.frequency is not None:
        values, faults = _one_weight("sample_weight", choice.frequency, frame)
        if not faults and (values != np.round(values)).any():
            faults = ["sample_weight: expected whole numbers (how often a row counts)"]
        return values, "frequency", faults
    if survey is None:
        return ones, "none", []
    if survey is True:
        carried = None if isinstance(source, pd.DataFrame) else source.survey_weight
        if carried is None:
            return ones, "none", ["survey_weight: True asks for those carried, and there are none"]
        survey = carried
    values, faults = _one_weight("survey_weight", survey, frame)
    return values, "survey", faults


def _one_weight(name: str, given: ArrayLike, frame: pd.DataFrame) -> tuple[FloatArray, list[str]]:
    if isinstance(given, pd.Series):
        if not given.index.equals(frame.index):
            return np.ones(len(frame)), [f"{name}: expected the index of the answers"]
        given = given.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return np.ones(len(frame)), [f"{name}: expected numbers"]
    if values.shape != (len(frame),):
        return values, [f"{name}: expected {len(frame)} numbers, got the shape {values.shape}"]
    if not np.isfinite(values).all() or (values < 0).any():
        return values, [f"{name}: expected finite numbers of at least 0"]
    return values, []


def _used(found: Responses) -> Responses:
    """Keep the rows that are used; InputError when too little is left."""
    given = ~np.isnan(found.matrix)
    keep = given.all(axis=1) if found.missing == "listwise" else given.any(axis=1)
    keep &= found.weights > 0
    values, weights = found.matrix[keep], found.weights[keep]
    rows = float(weights.sum()) if found.kind == "frequency" else float(len(weights))
    rule = "an answer to every item" if found.missing == "listwise" else "any answer"
    faults = []
    if rows < _SMALLEST:
        faults.append(f"rows: expected at least {_SMALLEST} with {rule}, found {rows:g}")
    elif found.missing == "pairwise":
        faults = _pair_faults(found.names, values, weights)
    if faults:
        raise InputError("answers to the items", faults)
    if found.kind == "survey":
        weights = weights * (len(weights) / weights.sum())
    return replace(found, matrix=values, weights=weights)


def _pair_faults(names: Sequence[str], values: FloatArray, weights: FloatArray) -> list[str]:
    mask = (~np.isnan(values)).astype(float)
    rows = mask.T @ mask
    return [
        f"items {names[i]!r} and {names[j]!r}: expected at least {_SMALLEST} rows that answered "
        f"both, found {int(rows[i, j])}"
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if rows[i, j] < _SMALLEST
    ]


def _listed(members: Mapping[str, object]) -> str:
    return ", ".join(map(repr, members)) or "none (there are no scales)"
