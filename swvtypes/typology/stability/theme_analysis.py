"""The analysis of one theme under one set of choices."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from swvtypes.errors import (
    ConstantItemWarning,
    EmptyRowWarning,
    InputError,
    OptionError,
    SingleAnswerWarning,
)
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Floats
from swvtypes.lca.enumeration import FIT_WARNINGS

from .multiverse_driver import Universe

MissingRule = Literal["at random", "category"]
_QUIET = (*FIT_WARNINGS, ConstantItemWarning, EmptyRowWarning, SingleAnswerWarning)
_NO_ANSWER = "no answer"


@dataclass(frozen=True, eq=False)
class ThemeAnalysis:
    """Fit one theme, as :func:`multiverse` asks it.

    Parameters
    ----------
    frame : DataFrame
        The theme's columns, indexed by organisation; NaN where missing.
    indicators : mapping, optional
        Families, as :class:`swvtypes.lca.LatentClassModel` takes them.
    n_init : int
        Starts of each fit.

    Notes
    -----
    Where no answer counts as a category of its own, columns with gaps are read as nominal; counts
    and measurements stay missing at random. An organisation without any answer has no type.
    Conclusions are ``"more than one class"`` (BIC below that of one class), ``"strongest item"``
    (largest share of its concentration explained by the classes, Goodman and Kruskal's tau) and
    ``"a class below 5%"``. Weights are not taken.
    """

    frame: pd.DataFrame
    indicators: Mapping[Hashable, str] = field(default_factory=dict)
    n_init: int = 20

    def __call__(
        self,
        n_classes: int,
        prior: float = 0.0,
        seed: int = 0,
        left_out: Hashable | None = None,
        missing: MissingRule = "at random",
    ) -> Universe:
        """Fit the theme under one set of choices."""
        answers, families = self._answers(left_out, missing)
        model = self._fit(answers, families, n_classes, prior, seed)
        one = model if n_classes == 1 else self._fit(answers, families, 1, prior, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EmptyRowWarning)
            p = model.predict_proba(answers)
        types = pd.Series(p.argmax(axis=1) + 1, index=answers.index, dtype="Int64")
        types[self.frame[answers.columns].isna().all(axis=1)] = pd.NA
        return Universe(
            types,
            {
                "more than one class": bool(model.criteria_["bic"] < one.criteria_["bic"] - 1e-9),
                "strongest item": _strongest(answers, p),
                "a class below 5%": bool(model.class_shares_.min() < 0.05),
            },
        )

    def _answers(
        self, left_out: Hashable | None, missing: MissingRule
    ) -> tuple[pd.DataFrame, dict[Hashable, str]]:
        if missing not in get_args(MissingRule):
            expected = " or ".join(map(repr, get_args(MissingRule)))
            raise OptionError("missing", expected, missing)
        if left_out is not None and left_out not in self.frame.columns:
            raise InputError("left_out", [f"no column {left_out!r}"])
        answers = self.frame.drop(columns=[] if left_out is None else [left_out])
        families = {c: f for c, f in self.indicators.items() if c in answers.columns}
        if missing == "category":
            return no_answer_as_category(answers, families)
        return answers, families

    def _fit(
        self,
        answers: pd.DataFrame,
        families: Mapping[Hashable, str],
        n_classes: int,
        prior: float,
        seed: int,
    ) -> LatentClassModel:
        model = LatentClassModel(
            n_classes=n_classes, indicators=families, n_init=self.n_init, prior=prior,
            random_state=seed, n_jobs=1,
        )  # fmt: skip
        with warnings.catch_warnings():
            for kind in _QUIET:
                warnings.simplefilter("ignore", kind)
            return model.fit(answers)


def no_answer_as_category(
    answers: pd.DataFrame, families: Mapping[Hashable, str]
) -> tuple[pd.DataFrame, dict[Hashable, str]]:
    """Make no answer an answer of its own; counts and measurements stay missing.

    Returns
    -------
    (DataFrame, dict)
        Answers, and their families: columns with gaps are nominal.
    """
    made, kinds = answers.copy(), dict(families)
    for name in made.columns:
        column = made[name]
        if column.isna().any() and kinds.get(name) not in ("count", "continuous"):
            told = column.map(str, na_action="ignore").astype(object)
            made[name] = told.where(column.notna(), _NO_ANSWER)
            kinds[name] = "nominal"
    return made, kinds


def _strongest(answers: pd.DataFrame, p: Floats) -> Hashable:
    """Item whose answers the classes concentrate most; none with one class."""
    if p.shape[1] == 1:
        return None
    strength = {name: _explained(column, p) for name, column in answers.items()}
    return max(strength, key=lambda name: strength[name])


def _explained(column: pd.Series[Any], p: Floats) -> float:
    """Share of the Gini concentration explained; of the variance, for many values."""
    seen = column.notna().to_numpy()
    weight = p[seen]
    codes, values = pd.factorize(column[seen])
    if len(values) > 10 and pd.api.types.is_numeric_dtype(column):
        y = column[seen].to_numpy(float)[:, None]
    else:
        y = np.eye(len(values))[codes]
    n = np.maximum(weight.sum(axis=0), 1e-12)
    means = weight.T @ y / n[:, None]
    overall = y.mean(axis=0)
    total = float(((y - overall) ** 2).sum())
    between = float((n[:, None] * (means - overall) ** 2).sum())
    return between / total if total > 0 else 0.0
