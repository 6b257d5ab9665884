"""What sets each type apart: its expected answers against those of the other types."""

# ruff: noqa: PD011  (values are arrays, no pandas object is meant)
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .profiles import Floats, ItemProfile, TypesModel
from .refitting import (
    PRIOR,
    bootstrap_weights,
    expected_answers,
    refit,
    theme_statistics,
)

COLUMNS = (
    "type", "theme", "item", "parameter", "category", "estimate", "others", "difference", "lower",
    "upper", "scaled",
)  # fmt: skip
N_BOOT = 200
_TAIL = 0.025


@dataclass(frozen=True)
class _Side:
    """Values of one parameter of an item by type, first estimated, then drawn again (1 + B, P)."""

    parameter: str
    category: object
    values: Floats
    spread: float


def contrasts(
    model: TypesModel,
    answers: Mapping[str, Floats],
    seed: int,
    n_boot: int = N_BOOT,
    prior: float = PRIOR,
) -> pd.DataFrame:
    """Contrast each type with the average of the others.

    Parameters
    ----------
    model : TypesModel
        Of one sector, or of sectors together (the shares of the first then weigh the others).
    answers : mapping of str to ndarray, shape (n,)
        The answers that it was fitted to, as codes.
    seed : int
    n_boot : int
        Resamples of the organisations for the intervals, with the numbers of classes and types and
        the items held as they are.
    prior : float
        Pseudo-cases of each refit, and of the estimates of this table. They are few: the types are
        made with more, which assigns organisations better and draws their differences inwards.

    Returns
    -------
    DataFrame
        One row a type, item and category (the second of two; all of three or more nominal ones),
        or its mean (ordinal items, by category number; counts and measurements): type, theme,
        item, parameter, category, estimate, others, difference, lower, upper (percentile
        bootstrap, 95%), scaled (the difference in units of the item's spread). Empty with one
        type.
    """
    if model.n_types == 1:
        return pd.DataFrame(columns=list(COLUMNS))
    n = len(next(iter(answers.values())))
    statistics = [theme_statistics(theme, answers) for theme in model.themes]
    drawn = bootstrap_weights(n, n_boot, np.random.default_rng(seed))
    found = refit(model, statistics, np.concatenate([np.ones((1, n)), drawn]), prior=prior)
    shares = found.shares
    rows = []
    for t, theme in enumerate(model.themes):
        expected = expected_answers(theme, found.natural[t], found.conditional[t])
        for item, (_, values) in zip(theme.items, expected, strict=True):
            for side in _sides(item, values, answers[item.name]):
                rows += _rows(model, theme.name, item, side, shares)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sides(item: ItemProfile, values: Floats, codes: Floats) -> list[_Side]:
    """Parameters of an item that are contrasted; values (1 + B, P, m)."""
    indicator = item.indicator
    if indicator.family == "ordinal" and len(indicator.categories) > 2:
        number = np.arange(1.0, values.shape[2] + 1.0)
        mean = values @ number
        spread = float(np.nanstd(codes))
        return [_Side("mean", None, mean, spread)]
    if indicator.categorical:
        which = range(1, 2) if values.shape[2] == 2 else range(values.shape[2])
        return [
            _Side("probability", indicator.categories[k], values[..., k], _binary_spread(codes, k))
            for k in which
        ]
    return [_Side("mean", None, values[..., 0], float(np.nanstd(codes)))]


def _binary_spread(codes: Floats, category: int) -> float:
    share = float((codes[~np.isnan(codes)] == category).mean())
    return float(np.sqrt(share * (1.0 - share)))


def _rows(
    model: TypesModel, theme: str, item: ItemProfile, side: _Side, shares: Floats
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for k, name in enumerate(model.types):
        rest = [j for j in range(model.n_types) if j != k]
        weights = shares[:, rest] / shares[:, rest].sum(axis=1, keepdims=True)
        others = (side.values[:, rest] * weights).sum(axis=1)
        difference = side.values[:, k] - others
        low, high = np.quantile(difference[1:], [_TAIL, 1.0 - _TAIL])
        rows.append((
            name, theme, item.name, side.parameter, side.category, float(side.values[0, k]),
            float(others[0]), float(difference[0]), float(low), float(high),
            float(difference[0] / side.spread) if side.spread > 0 else 0.0,
        ))  # fmt: skip
    return rows
