"""Data as arrays turned into matrices of sufficient statistics.

Every family used here is an exponential family: the log-density of an answer is linear in a few
statistics of it (a category's indicator, the count, the value and its square). A data set thus
becomes one matrix, a row a distinct pattern of answers and a column a statistic, and a class
becomes one vector of natural parameters, so that the E step and the M step of all classes of all
starts are two matrix products. A missing answer is a block of zeros: it adds nothing to the
log-density and nothing to the statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from swvtypes.errors import InputError

Family = Literal["nominal", "binary", "ordinal", "count", "continuous"]
Kind = Literal["nominal", "ordinal", "count", "continuous", "joint", "direct"]
Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

FAMILIES: tuple[Family, ...] = ("nominal", "binary", "ordinal", "count", "continuous")
_KIND_ORDER: tuple[Kind, ...] = ("nominal", "ordinal", "count", "continuous", "joint", "direct")


@dataclass(frozen=True)
class Item:
    """One indicator.

    Parameters
    ----------
    name : str
        Its name, used in messages.
    family : {"nominal", "binary", "ordinal", "count", "continuous"}
        Its distribution within a class.
    n_categories : int
        Categories of a nominal, binary or ordinal item, coded 0 .. n_categories - 1.
    scores : tuple of float
        Category scores of an ordinal item; equidistant when empty.
    free : bool
        Whether its profile differs between known groups.
    """

    name: str
    family: Family
    n_categories: int = 0
    scores: tuple[float, ...] = ()
    free: bool = False

    @property
    def categorical(self) -> bool:
        """Whether answers are categories."""
        return self.family in ("nominal", "binary", "ordinal")


@dataclass(frozen=True)
class Pair:
    """Two nominal items that stay associated within classes.

    Parameters
    ----------
    first, second : int
        Positions of the two items.
    kind : {"joint", "direct"}
        ``"joint"``: one item with every combination as a category, free in each class.
        ``"direct"``: own margins in each class and one association shared by the classes.
    """

    first: int
    second: int
    kind: Literal["joint", "direct"] = "direct"


@dataclass(frozen=True)
class Block:
    """Items of one kind and size that stand side by side in the matrix.

    Attributes
    ----------
    kind : str
        Kind of the J units in the block.
    start, stop : int
        Columns of their statistics.
    size : int
        Categories of a unit (0 for count and continuous).
    items : tuple of tuple of int
        The item, or the two items of a pair, of each unit.
    groups : tuple of int
        The group to which a unit belongs, -1 where it holds in all groups.
    indicator : ndarray of int, shape (J,)
        Column that says whether a unit was answered; the normalising constant stands there.
    reference : ndarray of int, shape (J,)
        Category without a column.
    scores : ndarray, shape (J, size)
        Category scores (ordinal).
    shape : tuple of int
        Categories of the first and second item of a pair.
    """

    kind: Kind
    start: int
    stop: int
    size: int
    items: tuple[tuple[int, ...], ...]
    groups: tuple[int, ...]
    indicator: Integers
    reference: Integers
    scores: Floats
    shape: tuple[int, int] = (0, 0)

    @cached_property
    def plain(self) -> bool:
        """Whether all units have the first column as their indicator."""
        return not self.indicator.any()

    @cached_property
    def distinct(self) -> bool:
        """Whether every unit has an indicator of its own."""
        return len(np.unique(self.indicator)) == len(self.indicator)


@dataclass(frozen=True)
class Layout:
    """What stands in which column.

    Attributes
    ----------
    items, pairs : tuple
        What was asked.
    n_groups : int
        Known groups; the first `n_groups` columns are their indicators.
    n_indicators : int
        Group indicators and answered indicators together; statistics follow.
    width : int
        Columns, D.
    blocks : tuple of Block
        Statistics.
    center, scale : ndarray, shape (J,)
        Location and scale by which continuous items were standardised (0 and 1 elsewhere).
    """

    items: tuple[Item, ...]
    pairs: tuple[Pair, ...]
    n_groups: int
    n_indicators: int
    width: int
    blocks: tuple[Block, ...]
    center: Floats
    scale: Floats

    @cached_property
    def tables(self) -> tuple[Floats, Floats] | None:
        """Products that turn sums into counts of every category, and their logs into log odds.

        Rows of counts: the statistics, the reference category of each item, the class total. None
        unless all items are nominal, answered by everyone, without known groups.
        """
        if self.n_indicators > 1 or any(b.kind != "nominal" for b in self.blocks):
            return None
        D, J = self.width, sum(len(b.items) for b in self.blocks)
        item = np.repeat(np.arange(J), [b.size - 1 for b in self.blocks for _ in b.items])
        to_counts, to_odds = np.zeros((D + J, D)), np.zeros((D, D + J))
        columns = np.arange(1, D)
        to_counts[columns - 1, columns] = 1.0
        to_counts[D - 1 :, 0] = 1.0
        to_counts[D - 1 + item, columns] = -1.0
        to_odds[columns, columns - 1] = 1.0
        to_odds[columns, D - 1 + item] = -1.0
        to_odds[0, D - 1 : D - 1 + J] = 1.0
        to_odds[0, -1] = 1.0 - J
        return to_counts, to_odds


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


@dataclass(frozen=True)
class _Unit:
    kind: Kind
    items: tuple[int, ...]
    group: int
    size: int
    shape: tuple[int, int] = (0, 0)


@dataclass
class _Columns:
    """Columns under construction: answered indicators first, statistics after."""

    indicators: list[Floats] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)

    def indicator(self, mask: NDArray[np.bool_]) -> int:
        key = np.packbits(mask).tobytes()
        if key not in self.known:
            self.known[key] = len(self.indicators)
            self.indicators.append(mask.astype(float))
        return self.known[key]


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
    first, inverse = _patterns(values, items, group)
    patterns, groups = _take_rows(values, first), group[first]
    totals = _total_weights(weight, inverse, len(first))
    totals[np.isnan(patterns).all(axis=1)] = 0.0
    center, scale = _standardisation(patterns, items, totals)
    n_groups = int(group.max(initial=0)) + 1
    draft = _Columns()
    for g in range(n_groups):
        draft.indicator(groups == g)
    n_groups = max(n_groups, 1)
    layout = _lay_out(patterns, tuple(items), tuple(pairs), groups, n_groups, totals, draft)
    layout = replace(layout, center=center, scale=scale)
    X = _fill(layout, patterns, groups, draft)
    return Design(layout, X, totals, _base(layout, patterns), groups, patterns, inverse)


def check_pairs(items: Sequence[Item], pairs: Sequence[Pair]) -> None:
    """Raise an InputError for pairs that cannot be modelled."""
    faults = []
    seen: set[int] = set()
    for pair in pairs:
        names = [items[i].name for i in (pair.first, pair.second)]
        if pair.first == pair.second:
            faults.append(f"pair {names}: expected two different items")
        for i in {pair.first, pair.second}:
            if items[i].family not in ("nominal", "binary"):
                faults.append(
                    f"pair {names}: expected nominal or binary items, "
                    f"{items[i].name!r} is {items[i].family}"
                )
            if i in seen:
                faults.append(f"pair {names}: item {items[i].name!r} already stands in a pair")
        seen |= {pair.first, pair.second}
    if faults:
        raise InputError("local dependence", faults)


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
    draft = _Columns([design.X[:, i] for i in range(layout.n_indicators)])
    X = _fill(layout, values, design.group, draft)
    return Design(
        layout, X, design.weight, _base(layout, values), design.group, values, design.inverse
    )


def _take_rows(values: Floats, rows: Integers) -> Floats:
    """Give some rows, columns contiguous."""
    taken = np.empty((values.shape[1], len(rows)))
    for column, out in zip(values.T, taken, strict=True):
        np.take(column, rows, out=out, mode="clip")
    return taken.T


def _patterns(values: Floats, items: Sequence[Item], group: Integers) -> tuple[Integers, Integers]:
    """First row of each distinct pattern in canonical order, and the pattern of each row."""
    key = group.astype(np.int64)
    levels = int(group.max(initial=0)) + 1
    for j, item in enumerate(items):
        column = values[:, j]
        if item.categorical:
            code = np.where(np.isnan(column), item.n_categories, column).astype(np.int64)
            size = item.n_categories + 1
        else:
            distinct, code = np.unique(column, return_inverse=True)
            size = len(distinct)
        if levels * size >= 2**62:
            distinct_keys, key = np.unique(key, return_inverse=True)
            levels = len(distinct_keys)
        key = key * size + code
        levels *= size
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.intp), inverse.astype(np.intp)


def _total_weights(weight: Floats, inverse: Integers, n_patterns: int) -> Floats:
    """Sum weights by pattern in an order that does not depend on the order of the rows."""
    if not np.array_equal(weight, np.rint(weight)):
        order = np.lexsort((weight, inverse))
        weight, inverse = weight[order], inverse[order]
    return np.bincount(inverse, weights=weight, minlength=n_patterns).astype(float)


def _standardisation(
    patterns: Floats, items: Sequence[Item], weight: Floats
) -> tuple[Floats, Floats]:
    center, scale = np.zeros(len(items)), np.ones(len(items))
    for j, item in enumerate(items):
        if item.family == "continuous":
            seen = ~np.isnan(patterns[:, j]) & (weight > 0)
            if not seen.any():
                continue
            x, w = patterns[seen, j], weight[seen]
            center[j] = np.average(x, weights=w)
            deviation = float(np.sqrt(np.average((x - center[j]) ** 2, weights=w)))
            scale[j] = deviation if deviation > 1e-12 * max(1.0, abs(center[j])) else 1.0
    return center, scale


def _units(items: Sequence[Item], pairs: Sequence[Pair], n_groups: int) -> list[_Unit]:
    units: list[_Unit] = []
    paired = {i for pair in pairs for i in (pair.first, pair.second)}
    for j, item in enumerate(items):
        if j in paired:
            continue
        kind: Kind = item.family if item.family != "binary" else "nominal"
        if kind == "ordinal" and item.n_categories == 1:
            kind = "nominal"
        groups = range(n_groups) if item.free and n_groups > 1 else (-1,)
        units += [_Unit(kind, (j,), g, item.n_categories) for g in groups]
    for pair in pairs:
        a, b = items[pair.first], items[pair.second]
        groups = range(n_groups) if (a.free or b.free) and n_groups > 1 else (-1,)
        shape = (a.n_categories, b.n_categories)
        members = (pair.first, pair.second)
        units += [_Unit(pair.kind, members, g, shape[0] * shape[1], shape) for g in groups]
    return sorted(units, key=lambda u: (_KIND_ORDER.index(u.kind), u.size, u.shape))


def _lay_out(
    patterns: Floats,
    items: tuple[Item, ...],
    pairs: tuple[Pair, ...],
    groups: Integers,
    n_groups: int,
    weight: Floats,
    draft: _Columns,
) -> Layout:
    observed = ~np.isnan(patterns)
    runs: list[list[_Unit]] = []
    for unit in _units(items, pairs, n_groups):
        last = runs[-1][-1] if runs else None
        same = last is not None and (last.kind, last.size) == (unit.kind, unit.size)
        if same and unit.kind not in ("joint", "direct"):
            runs[-1].append(unit)
        else:
            runs.append([unit])
    drafts = []
    for run in runs:
        indicator, reference = [], []
        for unit in run:
            j = unit.items[0]
            mask = observed[:, j]
            if unit.group >= 0:
                mask = mask & (groups == unit.group)
            paired = len(unit.items) == 2
            indicator.append(0 if paired else draft.indicator(mask))
            most = 0
            if unit.size and not paired:
                seen = slice(None) if mask.all() else mask
                codes = patterns[seen, j].astype(np.intp)
                counts = np.bincount(codes, weights=weight[seen], minlength=unit.size)
                most = int(np.argmax(counts))
            reference.append(most)
        drafts.append((run, np.array(indicator, np.intp), np.array(reference, np.intp)))
    blocks: list[Block] = []
    column = len(draft.indicators)
    for run, columns, references in drafts:
        blocks.append(_block(run, column, columns, references, items))
        column = blocks[-1].stop
    empty = np.zeros(len(items))
    n_indicators = len(draft.indicators)
    return Layout(items, pairs, n_groups, n_indicators, column, tuple(blocks), empty, empty)


def _block(
    run: list[_Unit], start: int, indicator: Integers, reference: Integers, items: tuple[Item, ...]
) -> Block:
    unit = run[0]
    scores = np.empty((len(run), 0))
    if unit.kind == "ordinal":
        scores = np.array(
            [items[u.items[0]].scores or tuple(range(u.size)) for u in run], dtype=float
        )
    if unit.kind in ("joint", "direct"):
        width = unit.size + sum(unit.shape)
    else:
        each = {"nominal": unit.size - 1, "ordinal": unit.size - 1, "count": 1, "continuous": 2}
        width = each[unit.kind] * len(run)
    members, groups = tuple(u.items for u in run), tuple(u.group for u in run)
    return Block(
        unit.kind, start, start + width, unit.size, members, groups, indicator, reference, scores,
        unit.shape,
    )  # fmt: skip


def _fill(layout: Layout, patterns: Floats, groups: Integers, draft: _Columns) -> Floats:
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


def _base(layout: Layout, patterns: Floats) -> Floats:
    base = np.zeros(len(patterns))
    for j, item in enumerate(layout.items):
        x = patterns[:, j]
        if item.family == "count":
            base -= np.where(np.isnan(x), 0.0, gammaln(np.nan_to_num(x) + 1.0))
        elif item.family == "continuous":
            base -= np.where(np.isnan(x), 0.0, np.log(layout.scale[j]))
    return base
