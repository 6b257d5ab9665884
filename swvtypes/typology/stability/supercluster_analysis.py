"""The analysis of superclusters under one set of choices."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, get_args

import pandas as pd

from swvtypes.errors import InputError, SwvtypesWarning
from swvtypes.typology.hierarchy import ClassesOfClasses

from .multiverse_driver import Universe
from .theme_analysis import no_answer_as_category

MissingOverThemes = Literal["at random", "complete rows", "category"]
_SMALL = 0.05


@dataclass(frozen=True, eq=False)
class SuperclusterAnalysis:
    """Fit superclusters, as :func:`multiverse` asks it with a :func:`supercluster_grid`.

    Parameters
    ----------
    frame : DataFrame
        Columns of all themes, indexed by organisation; NaN where missing.
    themes : mapping of str to sequence of columns
        The columns of each theme.
    indicators : mapping, optional
        Families, as :class:`~swvtypes.typology.ClassesOfClasses` takes them.
    n_init : int
        Starts of each fit.
    prior : float
        Pseudo-cases at which is decided whether there is more than one supercluster, whatever the
        choices; of the types, where the choices name none. 0 is maximum likelihood.

    Notes
    -----
    An organisation without any answer in the themes that take part has no type. Missing answers are
    missing at random, an answer of their own, or a reason to leave the organisation out: as the
    choices say. Where "no answer" is a category, gaps in counts and measurements stay missing at
    random, and BIC is that of the answers so made.

    Conclusions are ``"more than one supercluster"`` (BIC below that of one, both fitted at
    `prior`: a prior of the choices moves the estimates off the maximum at which BIC is defined)
    and ``"a supercluster below 5%"``. BIC alone is no test of whether superclusters exist; see
    :func:`~swvtypes.typology.decide_superclusters`. Weights are not taken.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from swvtypes.typology import multiverse
    >>> from swvtypes.typology.stability import SuperclusterAnalysis, supercluster_grid
    >>> rng = np.random.default_rng(1)
    >>> kind = rng.integers(2, size=(120, 1))
    >>> chance = np.where(kind, 0.9, 0.15)
    >>> answers = (rng.random((120, 9)) < chance).astype(int)
    >>> answers = pd.DataFrame(answers, columns=list("abcdefghi"))
    >>> themes = {"x": list("abc"), "y": list("def"), "z": list("ghi")}
    >>> grid = supercluster_grid(2, {"x": 2, "y": 2, "z": 2}, n_seeds=2)
    >>> found = multiverse(SuperclusterAnalysis(answers, themes, n_init=5), grid[:2])
    >>> found.runs["n_superclusters"].tolist()
    [2, 3]
    """

    frame: pd.DataFrame
    themes: Mapping[str, Sequence[Hashable]]
    indicators: Mapping[Hashable, str] = field(default_factory=dict)
    n_init: int = 20
    prior: float = 0.0

    def __call__(
        self,
        n_superclusters: int,
        n_theme_classes: Mapping[str, int],
        left_out: str | None = None,
        seed: int = 0,
        prior: float | None = None,
        missing: MissingOverThemes = "at random",
    ) -> Universe:
        """Fit the superclusters under one set of choices."""
        used = self.prior if prior is None else prior
        faults = []
        if left_out is not None and left_out not in self.themes:
            faults.append(f"left_out: no theme {left_out!r}")
        if missing not in get_args(MissingOverThemes):
            expected = " or ".join(map(repr, get_args(MissingOverThemes)))
            faults.append(f"missing: expected {expected}, got {missing!r}")
        unknown = [theme for theme in n_theme_classes if theme not in self.themes]
        faults += [f"n_theme_classes: no theme {theme!r}" for theme in unknown]
        if faults:
            raise InputError("superclusters", faults)
        kept = {t: list(c) for t, c in self.themes.items() if t != left_out}
        columns = [c for own in kept.values() for c in own]
        answers, families = self._answers(columns, missing)
        numbers = (n_superclusters, n_theme_classes)
        fit = partial(self._fit, answers, families, kept)
        model = fit(numbers, seed, used)
        many = model if used == self.prior else fit(numbers, seed, self.prior)
        one = fit((1, n_theme_classes), seed, self.prior) if n_superclusters > 1 else many
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            types = pd.Series(model.predict(answers), index=answers.index, dtype="Int64")
        types = types.reindex(self.frame.index)
        types[self.frame[columns].isna().all(axis=1)] = pd.NA
        return Universe(
            types,
            {
                "more than one supercluster": bool(
                    many.criteria_["bic"] < one.criteria_["bic"] - 1e-9
                ),
                "a supercluster below 5%": bool(model.shares_["estimate"].min() < _SMALL),
            },
        )

    def _answers(
        self, columns: list[Hashable], missing: MissingOverThemes
    ) -> tuple[pd.DataFrame, dict[Hashable, str]]:
        """Give the answers as the rule for missing ones makes them, and their families."""
        answers = self.frame[columns]
        families = {c: f for c, f in self.indicators.items() if c in columns}
        if missing == "category":
            return no_answer_as_category(answers, families)
        if missing == "complete rows":
            answers = answers.dropna()
            if not len(answers):
                raise InputError("superclusters", ["no organisation answered every item"])
        return answers, families

    def _fit(
        self,
        answers: pd.DataFrame,
        families: Mapping[Hashable, str],
        themes: Mapping[str, Sequence[Hashable]],
        numbers: tuple[int, Mapping[str, int]],
        seed: int,
        prior: float,
    ) -> ClassesOfClasses:
        n_superclusters, n_theme_classes = numbers
        model = ClassesOfClasses(
            n_superclusters, {t: k for t, k in n_theme_classes.items() if t in themes},
            dict(families), n_init=self.n_init, prior=prior, random_state=seed,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            return model.fit(answers, themes=themes)
