"""Rounds of starts of one data set; later rounds recombine what earlier ones found."""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import (
    LONG,
    Batch,
    Mapper,
    Problem,
    Runs,
    Settings,
    begin,
    empty_runs,
    expectation,
)

from .courses import chunk_size, finish_runs, set_out
from .records import Starts
from .starting import Frame, starts_of_long_data

ROUND = 200
_PARENTS = 20


def all_rounds(
    problem: Problem, n_classes: int, starts: Starts, settings: Settings, mapper: Mapper
) -> tuple[Runs, Integers]:
    """Run every start.

    Returns
    -------
    runs : Runs
        Shapes (S,).
    origin : ndarray of int, shape (S,)
        Position in :data:`ORIGINS`.
    """
    S = starts.n_init
    frame = Frame(problem)
    out = empty_runs(S, problem.layout.width, n_classes)
    origin = np.zeros(S, dtype=np.intp)
    for low in range(0, S, ROUND):
        high = min(low + ROUND, S)
        middle = high if low == 0 else min(low + ROUND // 2, high)
        which = range(low, middle)
        if len(problem.weight[0]) > LONG:
            pieces = [starts_of_long_data(problem, n_classes, starts.entropy, which, mapper)]
        else:
            pieces = [frame.random_starts(starts.entropy, which, n_classes)]
        if middle < high:
            parents = _parents(problem, out, low)
            made, kinds = frame.recombined(starts.entropy, range(middle, high), parents, n_classes)
            pieces.append(made)
            origin[middle:high] = kinds
        T = np.concatenate(pieces, axis=1)
        _run_round(problem, T, np.arange(low, high), out, settings, mapper)
    return out, origin


def _run_round(
    problem: Problem,
    T: Floats,
    index: Integers,
    out: Runs,
    settings: Settings,
    mapper: Mapper,
) -> None:
    """Take new starts to where they converge and write them down in `out` at `index`."""
    chunk = chunk_size(problem, T.shape[2])
    pieces = [slice(i, i + chunk) for i in range(0, len(index), chunk)]
    inner = mapper if len(pieces) == 1 else map

    def first(piece: slice) -> Batch:
        part = np.ascontiguousarray(T[:, piece])
        where = np.zeros(part.shape[1], dtype=np.intp)
        batch = begin(problem, part, where, out, index[piece])
        return set_out(problem, batch, settings, inner)

    outer = map if len(pieces) == 1 else mapper
    left = list(outer(first, pieces))
    finish_runs(problem, left, settings, mapper, chunk)


def _parents(problem: Problem, out: Runs, found: int) -> Floats:
    """Give expected sums of the best distinct solutions among the first `found` starts."""
    objective = out.objective[:found]
    order = np.argsort(-objective, kind="stable")
    keep: list[int] = []
    for i in order:
        if not keep or objective[keep[-1]] - objective[i] > 1e-3:
            keep.append(int(i))
        if len(keep) == _PARENTS:
            break
    A = np.ascontiguousarray(out.A[:, keep])
    return expectation(problem, A, np.zeros(len(keep), dtype=np.intp))[1]
