"""How the answers of one theme measure its classes."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import EmptyRowWarning, InputError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Design, Floats
from swvtypes.lca.families import Parameters, Table, Variances, log_joint


@dataclass(frozen=True)
class ThemeMeasurement:
    """A theme's classes as measured by a latent class model of that theme alone.

    Parameters
    ----------
    name : str
        The theme.
    columns : tuple
        Its indicators.
    model : LatentClassModel
        A fitted model of these columns, without known groups.
    """

    name: str
    columns: tuple[Hashable, ...]
    model: LatentClassModel

    @property
    def n_classes(self) -> int:
        """Classes of the theme."""
        return int(self.model.n_classes)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Profiles of the classes."""
        return self.model.fit_.parameters.tables

    @property
    def variances(self) -> Variances:
        """How Gaussian variances are held."""
        return self.model.fit_.problem.variances

    @property
    def n_parameters(self) -> int:
        """Free parameters of the profiles, class shares aside."""
        return int(self.model.n_parameters_) - (self.n_classes - 1)

    def rows(self, frame: pd.DataFrame, weight: Floats) -> Design:
        """Give the answers as the engine knows them, a row of the design a row of the data.

        Raises
        ------
        InputError
            For columns that are absent, and a model with known groups.
        UnseenCategoryError
            For a category that the model was not fitted on.
        """
        subject = f"theme {self.name!r}"
        absent = [f"no column {c!r}" for c in self.columns if c not in frame.columns]
        if self.model.group is not None:
            absent.append("expected a model without known groups")
        if absent:
            raise InputError(subject, absent)
        with warnings.catch_warnings():
            # Rows without answers in one theme are no news: the other themes speak for them.
            warnings.simplefilter("ignore", EmptyRowWarning)
            made = self.model._score_design(frame[list(self.columns)])
        at = made.inverse
        return Design(
            made.layout, made.X[at], weight, made.base[at], made.group[at], made.values[at],
            np.arange(len(at)),
        )  # fmt: skip

    def log_density(self, frame: pd.DataFrame) -> Floats:
        """Log-density of each row's answers given each class, shape (n, C).

        A row without any answer of the theme has 0 in every class.
        """
        design = self.rows(frame, np.ones(len(frame)))
        flat = Parameters(np.zeros((1, self.n_classes)), self.tables)
        return log_joint(design, flat) + design.base[:, None]

    def __repr__(self) -> str:
        """Say the theme, its classes and its columns."""
        columns = ", ".join(map(str, self.columns))
        return f"ThemeMeasurement({self.name!r}, {self.n_classes} classes: {columns})"
