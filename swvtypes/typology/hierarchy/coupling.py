"""Themes that share their rows: data sets of one shape, and the model asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers, Item, build_design, redesign
from swvtypes.lca.em import Problem, stack
from swvtypes.lca.families import Variances


@dataclass(frozen=True)
class Coupled:
    """Rows that several themes describe.

    Attributes
    ----------
    designs : tuple of Design
        One a theme, N rows each, a row the same case in all of them.
    weight : ndarray, shape (N,)
        Weight of each row; zero for a row without any answer.
    inverse : ndarray of int, shape (n_rows,)
        Row of each row of the data, which are collapsed where they are alike.
    covariates : ndarray, shape (N, Q), optional
        Columns of the multinomial logit of the superclusters, a constant first.
    """

    designs: tuple[Design, ...]
    weight: Floats
    inverse: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    covariates: Floats | None = None

    @property
    def n(self) -> float:
        """Sum of the weights."""
        return float(self.weight.sum())

    @cached_property
    def constant(self) -> float:
        """The part of the log-likelihood that no parameter touches."""
        return float(sum(self.weight @ d.base for d in self.designs))


def couple(
    values: Sequence[Floats],
    items: Sequence[Sequence[Item]],
    weight: Floats | None = None,
    covariates: Floats | None = None,
) -> Coupled:
    """Collapse rows that are alike in all themes.

    Parameters
    ----------
    values : sequence of ndarray, shape (n_rows, J)
        Coded answers of each theme, NaN where missing.
    items : sequence of sequence of Item
        What the columns are.
    weight : ndarray, shape (n_rows,), optional
        Weight of each row.
    covariates : ndarray, shape (n_rows, Q), optional
        Covariates of the superclusters; rows are then not collapsed.

    Returns
    -------
    Coupled
    """
    together = np.concatenate(list(values), axis=1)
    if covariates is None:
        joint = build_design(together, [i for theme in items for i in theme], weight)
        rows, total, inverse = joint.values, joint.weight, joint.inverse
    else:
        rows = together
        total = np.ones(len(rows)) if weight is None else np.asarray(weight, dtype=float).copy()
        total[np.isnan(rows).all(axis=1)] = 0.0
        inverse = np.arange(len(rows))
    stops = np.cumsum([len(theme) for theme in items])
    parts = np.split(rows, stops[:-1], axis=1)
    designs = [row_by_row(v, theme, total) for v, theme in zip(parts, items, strict=True)]
    return Coupled(tuple(designs), total, inverse, covariates)


def row_by_row(values: Floats, items: Sequence[Item], weight: Floats) -> Design:
    """Give a design of one theme without collapsing its rows."""
    made = build_design(np.asarray(values), tuple(items), weight)
    at = made.inverse
    return Design(
        made.layout, made.X[at], weight, made.base[at], made.group[at], made.values[at],
        np.arange(len(at)),
    )  # fmt: skip


def one_row_a_case(coupled: Coupled) -> Coupled:
    """Repeat each row as often as its weight, a whole number, says."""
    at = np.repeat(np.arange(len(coupled.weight)), np.rint(coupled.weight).astype(np.intp))
    ones = np.ones(len(at))
    designs = tuple(
        Design(d.layout, d.X[at], ones, d.base[at], d.group[at], d.values[at], np.arange(len(at)))
        for d in coupled.designs
    )
    return Coupled(designs, ones, np.arange(len(at)))


def with_answers(coupled: Coupled, values: Sequence[Floats]) -> Coupled:
    """Give the rows other answers in the same cells."""
    designs = tuple(redesign(d, v) for d, v in zip(coupled.designs, values, strict=True))
    return Coupled(designs, coupled.weight, coupled.inverse)


@dataclass(frozen=True)
class Question:
    """Data sets of one shape, and the measurement asked of them.

    Attributes
    ----------
    themes : tuple of Problem
        One a theme, each with the R data sets.
    weight : ndarray, shape (R, N)
        Weights of the rows.
    constant : ndarray, shape (R,)
        Part of each log-likelihood that no parameter touches.
    prior : float
        Pseudo-cases spread evenly over superclusters and theme classes.
    share_prior : float, optional
        Pseudo-cases of the superclusters' shares; as many as `prior` where it is left out.
    covariates : ndarray, shape (N, Q), optional
        Of the only data set.
    """

    themes: tuple[Problem, ...]
    weight: Floats
    constant: Floats
    prior: float = 0.0
    covariates: Floats | None = None
    share_prior: float | None = None
    total: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.weight.sum(axis=1))

    @property
    def of_shares(self) -> float:
        """Pseudo-cases of the superclusters' shares."""
        return self.prior if self.share_prior is None else self.share_prior

    @property
    def n_sets(self) -> int:
        """Data sets, R."""
        return len(self.weight)

    def take(self, which: slice | Integers) -> Question:
        """Give some of the data sets."""
        themes = tuple(
            Problem(p.layout, p.X[which], p.weight[which], p.constant[which], p.prior, p.variances)
            for p in self.themes
        )
        return Question(
            themes, self.weight[which], self.constant[which], self.prior, self.covariates,
            self.share_prior,
        )  # fmt: skip


def ask(
    data: Sequence[Coupled],
    prior: float = 0.0,
    variances: Variances | None = None,
    share_prior: float | None = None,
) -> Question:
    """Stack data sets of one shape into a question."""
    themes = tuple(
        stack([d.designs[t] for d in data], prior, variances) for t in range(len(data[0].designs))
    )
    weight = np.stack([d.weight for d in data])
    constant = np.array([d.constant for d in data])
    return Question(themes, weight, constant, prior, data[0].covariates, share_prior)
