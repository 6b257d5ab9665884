"""Rows of the data collapsed into distinct patterns, the same whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .items import Floats, Integers, Item


def take_rows(values: Floats, rows: Integers) -> Floats:
    """Give some rows, columns contiguous."""
    taken = np.empty((values.shape[1], len(rows)))
    for column, out in zip(values.T, taken, strict=True):
        np.take(column, rows, out=out, mode="clip")
    return taken.T


def distinct_patterns(
    values: Floats, items: Sequence[Item], group: Integers
) -> tuple[Integers, Integers]:
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


def total_weights(weight: Floats, inverse: Integers, n_patterns: int) -> Floats:
    """Sum weights by pattern in an order that does not depend on the order of the rows."""
    if not np.array_equal(weight, np.rint(weight)):
        order = np.lexsort((weight, inverse))
        weight, inverse = weight[order], inverse[order]
    return np.bincount(inverse, weights=weight, minlength=n_patterns).astype(float)


def standardisation(
    patterns: Floats, items: Sequence[Item], weight: Floats
) -> tuple[Floats, Floats]:
    """Location and scale of continuous items, 0 and 1 of others; shapes (J,)."""
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
