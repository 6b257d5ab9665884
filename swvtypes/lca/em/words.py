"""Long data of categories as a few words a row.

Every column of such a design holds zeros and ones, so that a dozen columns side by side take few
distinct forms: the word of a row. The logs of class share times density of a row are then sums of
a few rows of small tables, and expected sums are sums by word, both far less work than products
with the design itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from swvtypes.lca.design import Floats, Integers, Layout

LONG = 20_000
# Classes of all runs together from which products with the design are faster.
NARROW = 16
# Columns of a word, and rows that are worked on at once.
_LETTERS, _AT_ONCE = 12, 8192


@dataclass(frozen=True)
class Passage:
    """Some rows, written as words.

    Attributes
    ----------
    rows : slice
        Which.
    look_up : sparse array, shape (rows, F)
        Says which forms a row has: times a table of forms it gives sums of the forms' rows.
    add_up : sparse array, shape (F, rows)
        Its transpose: gives sums by form.
    """

    rows: slice
    look_up: Any
    add_up: Any


@dataclass(frozen=True)
class Words:
    """A design as words.

    Attributes
    ----------
    columns : tuple of slice
        Columns of each word.
    forms : tuple of ndarray, shapes (forms, columns)
        Distinct forms of each word.
    passages : tuple of Passage
        The rows, in order.
    """

    columns: tuple[slice, ...]
    forms: tuple[Floats, ...]
    passages: tuple[Passage, ...]

    def table(self, flat: Floats) -> Floats:
        """Give the part of each form in the logs, shape (F, C), flat (D, C)."""
        parts = zip(self.columns, self.forms, strict=True)
        return np.concatenate([forms @ flat[columns] for columns, forms in parts])

    def spell(self, sums: Floats) -> Floats:
        """Turn sums by form, shape (F, C), into sums of the columns, shape (D, C)."""
        T = np.empty((self.columns[-1].stop, sums.shape[1]))
        first = 0
        for columns, forms in zip(self.columns, self.forms, strict=True):
            np.matmul(forms.T, sums[first : first + len(forms)], out=T[columns])
            first += len(forms)
        return T


def write_words(layout: Layout, X: Floats) -> Words | None:
    """Write a design, shape (N, D), as words; None if columns hold other than zeros and ones."""
    if any(block.kind in ("count", "continuous") for block in layout.blocks):
        return None
    columns = _columns(layout)
    forms, number = [], np.empty((len(X), len(columns)), dtype=np.int32)
    first = 0
    for i, which in enumerate(columns):
        distinct, form = _word(X[:, which])
        np.add(form, first, out=number[:, i], casting="unsafe")
        forms.append(distinct)
        first += len(distinct)
    return Words(columns, tuple(forms), _passages(number, first))


def _columns(layout: Layout) -> tuple[slice, ...]:
    """Cut the columns into words: indicators first, then whole items where they fit."""
    bounds = [*range(0, layout.n_indicators, _LETTERS), layout.n_indicators]
    for block in layout.blocks:
        each = (block.stop - block.start) // len(block.items)
        letters = max(_LETTERS // max(each, 1), 1) * each if each <= _LETTERS else _LETTERS
        bounds += [*range(block.start, block.stop, max(letters, 1))[1:], block.stop]
    if layout.n_indicators == 1 and len(bounds) > 2:
        # A column of ones joins the first item's word.
        del bounds[1]
    edges = sorted(set(bounds))
    return tuple(slice(a, b) for a, b in pairwise(edges))


def _word(X: Floats) -> tuple[Floats, Integers]:
    letters = np.arange(X.shape[1])
    # Sums of powers of two are exact.
    code = (X @ 2.0**letters).astype(np.intp)
    taken = np.flatnonzero(np.bincount(code))
    number = np.zeros(taken[-1] + 1, dtype=np.intp)
    number[taken] = np.arange(len(taken))
    return ((taken[:, None] >> letters) & 1).astype(float), number[code]


def _passages(number: np.ndarray[Any, np.dtype[np.int32]], n_forms: int) -> tuple[Passage, ...]:
    from scipy.sparse import csr_array

    N, n_words = number.shape
    passages = []
    for low in range(0, N, _AT_ONCE):
        part = number[low : low + _AT_ONCE]
        starts = np.arange(0, part.size + 1, n_words, dtype=np.int32)
        matrix = csr_array((np.ones(part.size), part.ravel(), starts), (len(part), n_forms))
        passages.append(Passage(slice(low, low + len(part)), matrix, matrix.T))
    return tuple(passages)
