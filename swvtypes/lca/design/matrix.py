"""The matrix of sufficient statistics of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .items import Floats, Integers, Item, Pair, check_pairs
from .layout import Block, Columns, Layout, Rows, lay_out
from .patterns import distinct_patterns, standardisation, take_rows, total_weights


@dataclass(frozen=True)
class Design:
    """A data set as a matrix of sufficient statistics.

    Attributes
    ----------
    layout : Layout
        What stands in which column.
    X : ndarray, shape (N, D)
        One row a distinct pattern of answers, in canonical order, so that the order of the rows
        of the data does not matter.
    weight : ndarray, shape (N,)
        Weight of each pattern; patterns without any answer weigh nothing.
    base : ndarray, shape (N,)
        The part of the log-density that no parameter touches.
    group : ndarray of int, shape (N,)
        Group of each pattern.
    values : ndarray, shape (N, J)
        The answers of each pattern, NaN where missing.
    inverse : ndarray of int, shape (n_rows,)
        Pattern of each row of the data.
    """

    layout: Layout
    X: Floats
    weight: Floats
    base: Floats
    group: Integers
    values: Floats
    inverse: Integers

    @property
    def n(self) -> float:
        """Sum of the weights of the rows that have an answer."""
        return float(self.weight.sum())

    @property
    def constant(self) -> float:
        """The part of the log-likelihood that no parameter touches."""
        return float(self.weight @ self.base)


def build_design(
    values: Floats,
    items: Sequence[Item],
    weight: Floats | None = None,
    group: Integers | None = None,
    pairs: Sequence[Pair] = (),
) -> Design:
    """Turn coded answers into a design.

    Parameters
    ----------
    values : ndarray, shape (n_rows, J)
        Category codes from 0, counts or measurements; NaN where missing.
    items : sequence of Item, length J
        What the columns are.
    weight : ndarray, shape (n_rows,), optional
        Weight of each row, not negative; 1 when left out.
    group : ndarray of int, shape (n_rows,), optional
        Known group of each row, from 0.
    pairs : sequence of Pair
        Items that stay associated within classes; an item stands in one pair at most.

    Returns
    -------
    Design
    """
    check_pairs(items, pairs)
    n_rows = len(values)
    weight = np.ones(n_rows) if weight is None else np.asarray(weight, dtype=float)
    group = np.zeros(n_rows, dtype=np.intp) if group is None else np.asarray(group, dtype=np.intp)
    first, inverse = distinct_patterns(values, items, group)
    patterns, groups = take_rows(values, first), group[first]
    totals = total_weights(weight, inverse, len(first))
    totals[np.isnan(patterns).all(axis=1)] = 0.0
    center, scale = standardisation(patterns, items, totals)
    n_groups = int(group.max(initial=0)) + 1
    draft = Columns()
    for g in range(n_groups):
        draft.indicator(groups == g)
    n_groups = max(n_groups, 1)
    layout = lay_out(Rows(patterns, groups, totals), tuple(items), tuple(pairs), n_groups, draft)
    layout = replace(layout, center=center, scale=scale)
    X = _fill(layout, patterns, groups, draft)
    return Design(
        layout, X, totals, _untouched_density(layout, patterns), groups, patterns, inverse
    )


def redesign(design: Design, values: Floats) -> Design:
    """Give a design other answers in the same cells, for example simulated ones.

    Parameters
    ----------
    design : Design
        Its layout, weights, groups and missing cells are kept.
    values : ndarray, shape (N, J)
        Answers of each pattern, missing where the design's are missing.

    Returns
    -------
    Design
        Patterns are not collapsed again, so that replicates stack.
    """
    layout = design.layout
    draft = Columns([design.X[:, i] for i in range(layout.n_indicators)])
    X = _fill(layout, values, design.group, draft)
    return Design(
        layout,
        X,
        design.weight,
        _untouched_density(layout, values),
        design.group,
        values,
        design.inverse,
    )


def _fill(layout: Layout, patterns: Floats, groups: Integers, draft: Columns) -> Floats:
    # Columns contiguous: they are written one by one, and both products read either order.
    X = np.zeros((layout.width, len(patterns))).T
    for i, mask in enumerate(draft.indicators):
        X[:, i] = mask
    for block in layout.blocks:
        column = block.start
        for members, g, reference in zip(block.items, block.groups, block.reference, strict=True):
            inside = (groups == g) if g >= 0 else np.ones(len(patterns), dtype=bool)
            if len(members) == 2:
                _fill_pair(X, block, patterns[:, list(members)], inside)
                continue
            x = patterns[:, members[0]]
            if block.kind in ("nominal", "ordinal"):
                for k in range(block.size):
                    if k != reference:
                        X[:, column] = (x == k) if g < 0 else (x == k) & inside
                        column += 1
                continue
            x = np.where(inside, x, np.nan)
            if block.kind == "continuous":
                x = (x - layout.center[members[0]]) / layout.scale[members[0]]
                X[:, column + 1] = np.nan_to_num(x**2)
            X[:, column] = np.nan_to_num(x)
            column += 2 if block.kind == "continuous" else 1
    return X


def _fill_pair(X: Floats, block: Block, x: Floats, inside: NDArray[np.bool_]) -> None:
    """Mark combinations where both were answered, then answers where one item only was."""
    m1, m2 = block.shape
    seen = ~np.isnan(x) & inside[:, None]
    both = np.flatnonzero(seen.all(axis=1))
    X[both, block.start + (x[both, 0] * m2 + x[both, 1]).astype(np.intp)] = 1.0
    for side, start in ((0, block.start + m1 * m2), (1, block.start + m1 * m2 + m1)):
        alone = np.flatnonzero(seen[:, side] & ~seen[:, 1 - side])
        X[alone, start + x[alone, side].astype(np.intp)] = 1.0


def _untouched_density(layout: Layout, patterns: Floats) -> Floats:
    base = np.zeros(len(patterns))
    for j, item in enumerate(layout.items):
        x = patterns[:, j]
        if item.family == "count":
            base -= np.where(np.isnan(x), 0.0, gammaln(np.nan_to_num(x) + 1.0))
        elif item.family == "continuous":
            base -= np.where(np.isnan(x), 0.0, np.log(layout.scale[j]))
    return base
