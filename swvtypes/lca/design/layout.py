"""Which statistic of which item stands in which column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .items import Floats, Integers, Item, Kind, Pair

_KIND_ORDER: tuple[Kind, ...] = ("nominal", "ordinal", "count", "continuous", "joint", "direct")


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
class Rows:
    """Distinct patterns of answers.

    Attributes
    ----------
    patterns : ndarray, shape (N, J)
        Answers, NaN where missing.
    groups : ndarray of int, shape (N,)
        Known group of each.
    weight : ndarray, shape (N,)
        Weight of each.
    """

    patterns: Floats
    groups: Integers
    weight: Floats


@dataclass(frozen=True)
class _Unit:
    kind: Kind
    items: tuple[int, ...]
    group: int
    size: int
    shape: tuple[int, int] = (0, 0)


@dataclass
class Columns:
    """Columns under construction: answered indicators first, statistics after."""

    indicators: list[Floats] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)

    def indicator(self, mask: NDArray[np.bool_]) -> int:
        """Give the column of an indicator; equal ones share one."""
        key = np.packbits(mask).tobytes()
        if key not in self.known:
            self.known[key] = len(self.indicators)
            self.indicators.append(mask.astype(float))
        return self.known[key]


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


def lay_out(
    rows: Rows, items: tuple[Item, ...], pairs: tuple[Pair, ...], n_groups: int, draft: Columns
) -> Layout:
    """Give every unit its columns; answered indicators are added to the draft.

    Parameters
    ----------
    rows : Rows
        The distinct patterns.
    items, pairs : tuple
        What was asked.
    n_groups : int
        Known groups, whose indicators the draft has already.
    draft : Columns
        Columns under construction.

    Returns
    -------
    Layout
        Continuous items are not standardised yet: location 0, scale 1.
    """
    runs = _runs(_units(items, pairs, n_groups))
    found = [[_indicator_and_reference(unit, rows, draft) for unit in run] for run in runs]
    blocks: list[Block] = []
    column = len(draft.indicators)
    for run, pairs_found in zip(runs, found, strict=True):
        indicator, reference = (np.array(v, np.intp) for v in zip(*pairs_found, strict=True))
        blocks.append(_block(run, column, indicator, reference, items))
        column = blocks[-1].stop
    n_indicators = len(draft.indicators)
    center, scale = np.zeros(len(items)), np.ones(len(items))
    return Layout(items, pairs, n_groups, n_indicators, column, tuple(blocks), center, scale)


def _runs(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """Units of one kind and size that stand side by side; a pair stands alone."""
    runs: list[list[_Unit]] = []
    for unit in units:
        last = runs[-1][-1] if runs else None
        same = last is not None and (last.kind, last.size) == (unit.kind, unit.size)
        if same and unit.kind not in ("joint", "direct"):
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs


def _indicator_and_reference(unit: _Unit, rows: Rows, draft: Columns) -> tuple[int, int]:
    """Column that says whether a unit was answered, and its most frequent category."""
    if len(unit.items) == 2:
        return 0, 0
    answers = rows.patterns[:, unit.items[0]]
    mask = ~np.isnan(answers)
    if unit.group >= 0:
        mask = mask & (rows.groups == unit.group)
    indicator = draft.indicator(mask)
    if not unit.size:
        return indicator, 0
    seen = slice(None) if mask.all() else mask
    counts = np.bincount(
        answers[seen].astype(np.intp), weights=rows.weight[seen], minlength=unit.size
    )
    return indicator, int(np.argmax(counts))


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
