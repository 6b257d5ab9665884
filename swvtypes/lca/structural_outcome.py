"""An outcome: what is asked of it, and how its column is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.multiplicity import Adjustment

from .design import Floats
from .model import (
    Indicator,
    check_choice,
    check_level,
    check_real,
    check_whole,
    encode,
    read_indicators,
)
from .structural import Method
from .structural_errors import Assignment
from .structural_optimism import ErrorSpec, ErrorTable, Replication

OutcomeFamily = Literal["binary", "nominal", "ordinal", "continuous", "count"]
Penalty = Literal["none", "prior", "firth", "reduction"]


@dataclass(frozen=True)
class OutcomeSpec:
    """What is asked of an outcome.

    Parameters
    ----------
    method : {"bch", "ml", "two_step", "one_step", "naive"}
        BCH weights (Vermunt 2010; Bakk, Tekle and Vermunt 2013), which assume nothing of the
        distribution within classes; three steps by maximum likelihood; two steps (Bakk and Kuha
        2018); one step, the outcome as one more indicator; or assignments taken as classes.
    assignment : {"modal", "proportional"}
        For three steps and naive.
    family : str, optional
        ``"binary"``, ``"nominal"``, ``"ordinal"``, ``"continuous"`` or ``"count"``; read from the
        column when left out, as indicators are.
    variances : {"equal", "free"}
        Of a continuous outcome, for the methods that need them.
    shares : {"step_one", "free"}
        Class shares kept as step one found them, or estimated again with the outcome (for "ml",
        "two_step" and "naive"; both are consistent).
    prior : float, "firth" or "auto"
        Pseudo-cases that answer as the average row does, 0 for none; or Firth's penalty, which
        is half an answer in each category (half an event) a class, for binary, nominal and count
        outcomes and all methods but one step. "auto": neither, unless an estimate ends on the
        boundary of its range; then one pseudo-case, with a warning.
    level : float
        Coverage of intervals.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Of the pairwise tests for their number.
    errors : {"auto", "apparent", "corrected"}
        For "ml" and "bch": errors of assignment as step one states them, or corrected, and for
        "two_step" densities likewise; see :mod:`~swvtypes.lca.structural_optimism`. "auto":
        corrected, unless frequencies are not whole.
    n_boot : int
        Data sets drawn for that.
    n_starts : int
        For one step: random starts besides the solution of step one.
    random_state : int
        Seed of both.
    """

    method: Method = "bch"
    assignment: Assignment = "modal"
    family: OutcomeFamily | None = None
    variances: Literal["equal", "free"] = "equal"
    shares: Literal["step_one", "free"] = "step_one"
    prior: float | Literal["auto", "firth"] = "auto"
    level: float = 0.95
    adjustment: Adjustment = "holm"
    errors: ErrorTable = "auto"
    n_boot: int = 100
    n_starts: int = 20
    random_state: int = 0

    def error_spec(self) -> ErrorSpec:
        """Which table of assignment errors is used."""
        drawn = Replication(self.n_boot, self.random_state)
        return ErrorSpec(self.method, self.assignment, self.errors, drawn)


@dataclass(frozen=True)
class Outcome:
    """An outcome as numbers.

    Attributes
    ----------
    indicator : Indicator
        How its column is read.
    y : ndarray, shape (n,)
        Category codes from 0, counts or measurements; NaN where missing.
    spec : OutcomeSpec
        What is asked of it.
    """

    indicator: Indicator
    y: Floats
    spec: OutcomeSpec

    @property
    def seen(self) -> Floats:
        """One where the outcome is there, zero where it is missing, shape (n,)."""
        return (~np.isnan(self.y)).astype(float)

    @property
    def categorical(self) -> bool:
        """Whether it has categories."""
        return self.indicator.categorical

    @property
    def scores(self) -> Floats | None:
        """Positions of ordered categories where a model gives each class one effect on them."""
        if self.indicator.family != "ordinal" or self.spec.method == "bch":
            return None
        return np.arange(len(self.indicator.categories), dtype=float)

    def columns(self) -> Floats:
        """Give what is averaged: 0/1 variables of the categories, or the value, shape (n, c)."""
        if not self.categorical:
            return np.nan_to_num(self.y)[:, None]
        codes = np.arange(len(self.indicator.categories))
        return np.asarray(self.y[:, None] == codes, dtype=float)


def check_outcome_spec(spec: OutcomeSpec) -> None:
    """Raise an OptionError for an option outside its range."""
    if not isinstance(spec, OutcomeSpec):
        raise OptionError("spec", "an OutcomeSpec", spec)
    check_choice("method", spec.method, Method)
    check_choice("assignment", spec.assignment, Assignment)
    check_choice("adjustment", spec.adjustment, Adjustment)
    check_choice("errors", spec.errors, ErrorTable)
    check_whole("n_boot", spec.n_boot, 1)
    check_whole("n_starts", spec.n_starts, 0)
    check_whole("random_state", spec.random_state, 0)
    check_choice("variances", spec.variances, Literal["equal", "free"])
    check_choice("shares", spec.shares, Literal["step_one", "free"])
    if spec.family is not None:
        check_choice("family", spec.family, OutcomeFamily)
    if isinstance(spec.prior, str):
        check_choice("prior", spec.prior, Literal["auto", "firth"])
        if spec.method == "one_step" and spec.prior == "firth":
            raise OptionError("prior", "pseudo-cases or 'auto' in one step", spec.prior)
    else:
        check_real("prior", spec.prior, 0.0)
    check_level(spec.level)


def outcome_column(outcome: Any) -> pd.Series[Any]:
    """Take one value a row as a named column.

    Parameters
    ----------
    outcome : Series, DataFrame of one column, or array-like of one dimension

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(outcome, pd.DataFrame):
        if outcome.shape[1] != 1:
            raise InputError("outcome", [f"expected one column, got {outcome.shape[1]}"])
        outcome = outcome.iloc[:, 0]
    if not isinstance(outcome, pd.Series):
        shape = np.shape(outcome)
        if len(shape) != 1:
            got = f"an array of shape {shape}" if shape else type(outcome).__name__
            raise InputError("outcome", [f"expected a column or one value a row, got {got}"])
        outcome = pd.Series(outcome)
    column: pd.Series[Any] = outcome.rename("outcome") if outcome.name is None else outcome
    return column


def read_outcome(outcome: Any, weight: Floats, spec: OutcomeSpec) -> Outcome:
    """Read the column of an outcome among the rows that count.

    Raises
    ------
    InputError
        For the wrong number of values, values that cannot be read, and a constant.
    """
    outcome = outcome_column(outcome)
    if len(outcome) != len(weight):
        raise InputError("outcome", [f"expected {len(weight)} values, got {len(outcome)}"])
    name = outcome.name
    frame = pd.DataFrame({name: outcome.reset_index(drop=True)})
    counted = frame[weight > 0]
    stated = {name: str(spec.family)} if spec.family is not None else None
    try:
        indicator = read_indicators(counted, stated)[0]
    except InputError as error:
        raise type(error)("outcome", error.faults) from None
    if indicator.constant:
        raise InputError("outcome", [f"{name!r}: one value only"])
    if spec.prior == "firth" and indicator.family not in ("binary", "nominal", "count"):
        expected = f"pseudo-cases or 'auto' for an outcome that is {indicator.family}"
        raise OptionError("prior", expected, spec.prior)
    y = np.full(len(weight), np.nan)
    y[weight > 0] = encode(counted, (indicator,))[:, 0]
    return Outcome(indicator, y, spec)


def outcome_range(found: Outcome) -> tuple[float, float]:
    """Lowest and highest value that a probability, rate or mean can have."""
    if found.categorical:
        return 0.0, 1.0
    return (0.0 if found.indicator.family == "count" else -np.inf), np.inf
