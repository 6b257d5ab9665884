"""A typology in plain numbers: what each type is like, and how answers turn into probabilities.

One :class:`TypesModel` holds the types of one sector (or of all sectors together): the share of
each type, for each theme the classes given the type, and for each class the distribution of every
item. It is all that scoring needs, and it is what a typology file stores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from swvtypes.lca.model import Indicator, encode

Floats = NDArray[np.float64]

FLOOR = 1e-300
SHARE_TOLERANCE = 1e-13
SHARE_STEPS = 20_000


@dataclass(frozen=True, eq=False)
class ItemProfile:
    """Distribution of one item in each class of its theme.

    Attributes
    ----------
    indicator : Indicator
        Its column, family and categories.
    values : ndarray, shape (C, m), (C, 1) or (C, 2)
        Probabilities of the m categories, rates of a count, or means and variances, by class.
    """

    indicator: Indicator
    values: Floats

    @property
    def name(self) -> str:
        """Column of the item."""
        return str(self.indicator.name)

    def log_density(self, codes: Floats) -> Floats:
        """Log-density of answers in each class, shape (n, C); 0 where there is no answer.

        Parameters
        ----------
        codes : ndarray, shape (n,)
            Category codes from 0, counts or measurements; NaN where missing.
        """
        answered = ~np.isnan(codes)
        out = np.zeros((len(codes), len(self.values)))
        known = codes[answered]
        if self.indicator.categorical:
            logs = np.log(np.maximum(self.values, FLOOR))
            out[answered] = logs.T[known.astype(np.intp)]
        elif self.indicator.family == "count":
            rate = np.maximum(self.values[:, 0], FLOOR)
            out[answered] = known[:, None] * np.log(rate) - rate - gammaln(known[:, None] + 1.0)
        else:
            mean, variance = self.values[:, 0], self.values[:, 1]
            square = (known[:, None] - mean) ** 2 / variance
            out[answered] = -0.5 * (square + np.log(2.0 * np.pi * variance))
        return out

    def draw(self, classes: NDArray[np.intp], generator: np.random.Generator) -> Floats:
        """Draw one answer for each class of an array, as codes, counts or measurements."""
        mine = self.values[classes]
        if self.indicator.categorical:
            return pick(mine, generator).astype(float)
        if self.indicator.family == "count":
            return generator.poisson(mine[:, 0]).astype(float)
        return np.asarray(mine[:, 0] + np.sqrt(mine[:, 1]) * generator.standard_normal(len(mine)))


@dataclass(frozen=True, eq=False)
class ThemeProfiles:
    """The classes of one theme.

    Attributes
    ----------
    name : str
        The theme.
    items : tuple of ItemProfile
        Its items.
    conditional : ndarray, shape (P, C)
        Probability of each class given each type; rows add up to one.
    """

    name: str
    items: tuple[ItemProfile, ...]
    conditional: Floats

    @property
    def n_classes(self) -> int:
        """Classes, C."""
        return int(self.conditional.shape[1])

    def log_given_type(self, answers: Mapping[str, Floats]) -> Floats:
        """Log-density of a theme's answers in each type, shape (n, P), given codes by item."""
        return log_mixture(self.log_given_class(answers), self.conditional)

    def log_given_class(self, answers: Mapping[str, Floats]) -> Floats:
        """Log-density of a theme's answers in each class, shape (n, C)."""
        n = len(next(iter(answers.values())))
        total = np.zeros((n, self.n_classes))
        for item in self.items:
            if item.name in answers:
                total += item.log_density(answers[item.name])
        return total


@dataclass(frozen=True, eq=False)
class TypesModel:
    """The types of one sector, or of all sectors together.

    Attributes
    ----------
    sectors : tuple of str
        Sectors that it is about.
    types : tuple of str
        Names of its P types, largest first.
    shares : ndarray, shape (G, P)
        Shares of the types in each of the G sectors.
    themes : tuple of ThemeProfiles
        The themes; none where there is one type without any theme.
    """

    sectors: tuple[str, ...]
    types: tuple[str, ...]
    shares: Floats
    themes: tuple[ThemeProfiles, ...]

    @property
    def n_types(self) -> int:
        """Types, P."""
        return len(self.types)

    @property
    def items(self) -> tuple[str, ...]:
        """Columns of all items, theme by theme."""
        return tuple(item.name for theme in self.themes for item in theme.items)

    def encode(self, frame: pd.DataFrame) -> dict[str, Floats]:
        """Turn answers into codes by item, for the items that the frame has.

        Raises
        ------
        UnseenCategoryError
            Lists every category of every column that the typology does not know.
        """
        known = [i.indicator for t in self.themes for i in t.items if i.name in frame.columns]
        names = [str(indicator.name) for indicator in known]
        codes = encode(frame[names], known)
        return {name: codes[:, j] for j, name in enumerate(names)}

    def log_given_type(self, answers: Mapping[str, Floats], n: int) -> Floats:
        """Log-density of all answers in each type, shape (n, P)."""
        total = np.zeros((n, self.n_types))
        for theme in self.themes:
            mine = {i.name: answers[i.name] for i in theme.items if i.name in answers}
            if mine:
                total += theme.log_given_type(mine)
        return total

    def with_shares(self, shares: Floats) -> TypesModel:
        """Return the same types with other shares."""
        return replace(self, shares=shares)

    def reorder(self, order: Sequence[int]) -> TypesModel:
        """Return the same model with its types in another order; names stay where they are."""
        index = list(order)
        themes = tuple(replace(t, conditional=t.conditional[index]) for t in self.themes)
        return replace(self, shares=self.shares[:, index], themes=themes)

    def simulate(self, n: int, generator: np.random.Generator) -> tuple[dict[str, Floats], Floats]:
        """Draw types and complete answers of `n` organisations of the first sector."""
        kind = pick(np.broadcast_to(self.shares[0], (n, self.n_types)), generator)
        answers = {}
        for theme in self.themes:
            classes = pick(theme.conditional[kind], generator)
            for item in theme.items:
                answers[item.name] = item.draw(classes, generator)
        return answers, kind.astype(float)


def pick(probabilities: Floats, generator: np.random.Generator) -> NDArray[np.intp]:
    """Draw one category a row by inversion."""
    cumulative = probabilities.cumsum(axis=1)
    u = generator.random(len(probabilities)) * cumulative[:, -1]
    return np.asarray((u[:, None] >= cumulative[:, :-1]).sum(axis=1), dtype=np.intp)


def log_mixture(log_density: Floats, weights: Floats) -> Floats:
    """Log of the mixtures of C densities with weights (P, C), shape (n, P)."""
    top = log_density.max(axis=1, keepdims=True)
    mixed = np.exp(log_density - top) @ weights.T
    return np.asarray(np.log(np.maximum(mixed, FLOOR)) + top)


def posterior(log_given: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """Probabilities of the types (n, P) and the log-density (n,) of each organisation.

    Parameters
    ----------
    log_given : ndarray, shape (n, P)
        Log-density given each type.
    shares : ndarray, shape (P,) or (n, P)
        Shares of the types.
    """
    joint = log_given + np.log(np.maximum(shares, FLOOR))
    top = joint.max(axis=1, keepdims=True)
    raised = np.exp(joint - top)
    total = raised.sum(axis=1, keepdims=True)
    return raised / total, np.log(total[:, 0]) + top[:, 0]


def estimate_shares(log_given: Floats, start: Floats, weight: Floats | None = None) -> Floats:
    """Shares that maximise the likelihood while the types stay what they are (EM).

    The log-likelihood is concave in the shares, so that every start in the inside ends at its
    maximum.

    Parameters
    ----------
    log_given : ndarray, shape (n, P)
        Log-density given each type; rows without an answer should be left out.
    start : ndarray, shape (P,)
        Where to set out.
    weight : ndarray, shape (n,), optional
        Weights of the rows.
    """
    P = log_given.shape[1]
    weight = np.ones(len(log_given)) if weight is None else weight
    shares = 0.5 * start + 0.5 / P
    density = np.exp(log_given - log_given.max(axis=1, keepdims=True))
    for _ in range(SHARE_STEPS):
        joint = density * shares
        each = joint / joint.sum(axis=1, keepdims=True)
        new = weight @ each / weight.sum()
        if np.abs(new - shares).max() < SHARE_TOLERANCE:
            return np.asarray(new)
        shares = new
    return np.asarray(shares)
