"""Profiles of classes as rows of a figure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Floats

from .canvas import wrapped


@dataclass(frozen=True)
class ProfileRow:
    """One row: what stands beside it, its values, and where they lie between 0 and 1.

    Attributes
    ----------
    label : str
        Indicator, with the category where it says which probability this is.
    values : ndarray, shape (K,)
        Probabilities, mean categories, means or rates.
    heights : ndarray, shape (K,)
        The probabilities themselves; mean categories from 0 (lowest) to 1 (highest); for means
        and rates the normal probability of their distance
        from the overall mean in standard deviations of the data.
    categorical : bool
        Whether the indicator has categories.
    """

    label: str
    values: Floats
    heights: Floats
    categorical: bool


def profile_rows(
    model: LatentClassModel, labels: Mapping[Hashable, str] | None, every_category: bool
) -> list[ProfileRow]:
    """Give the rows of a figure of profiles.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model.
    labels : mapping, optional
        Labels of columns.
    every_category : bool
        With more than two categories: a row each. Otherwise one row with the mean category where
        categories are numbers.
    """
    rows = []
    profiles = model.profiles_
    several = len(profiles["group"].unique()) > 1
    kept = profiles[profiles["parameter"].isin(["probability", "mean", "rate"])]
    for (group, indicator), part in kept.groupby(["group", "indicator"], sort=False):
        name = wrapped(indicator, labels)
        if several and group != "all":
            name = f"{name} [{group}]"
        if part["parameter"].iloc[0] == "probability":
            rows += _probabilities(name, part, every_category)
        else:
            rows.append(_standing(name, part, model, indicator))
    return rows


def _probabilities(name: str, part: pd.DataFrame, every_category: bool) -> list[ProfileRow]:
    wide = part.pivot_table(
        index="category", columns="class", values="estimate", sort=False, observed=True
    )
    table, categories = wide.to_numpy(float), list(wide.index)
    if len(categories) == 1:
        return []
    if len(categories) == 2:
        return [ProfileRow(f"{name} = {_short(categories[1])}", table[1], table[1], True)]
    numeric = all(isinstance(c, (int, float, np.number)) for c in categories)
    if every_category or not numeric:
        return [
            ProfileRow(f"{name} = {_short(category)}", row, row, True)
            for category, row in zip(categories, table, strict=True)
        ]
    scores = np.array(categories, dtype=float)
    mean = scores @ table
    label = f"{name} ({_short(scores.min())}-{_short(scores.max())})"
    return [ProfileRow(label, mean, (mean - scores.min()) / np.ptp(scores), True)]


def _standing(name: str, part: pd.DataFrame, model: LatentClassModel, indicator: Any) -> ProfileRow:
    values = part.sort_values("class")["estimate"].to_numpy(float)
    position = list(model.indicator_types_.index).index(indicator)
    design = model.design_
    column, weight = design.values[:, position], design.weight  # noqa: PD011
    seen = ~np.isnan(column) & (weight > 0)
    center = np.average(column[seen], weights=weight[seen])
    spread = float(np.sqrt(np.average((column[seen] - center) ** 2, weights=weight[seen])))
    return ProfileRow(name, values, ndtr((values - center) / max(spread, 1e-300)), False)


def _short(category: Any) -> str:
    if isinstance(category, (float, np.floating)) and float(category).is_integer():
        return str(int(category))
    return str(category)
