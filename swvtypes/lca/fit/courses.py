"""Taking a batch of starts to where they converge, in chunks, slow ones pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from swvtypes.lca.em import (
    LONG,
    Batch,
    Mapper,
    Problem,
    Settings,
    advance,
    finish,
    pool,
    take_first_steps,
)

_CHUNK = 100
_CHUNK_CELLS = 2**17
# Iterations after which runs are pooled; after the last they are extrapolated as well. Sooner,
# one in a thousand would end at a lower solution than plain EM comes to from the same start.
_PHASES = (30, 60, 150, 300)
# Plain steps of runs that come from single precision with next to nothing left to gain.
_LAST_STEPS = 4
_WORTH_THREADS = 1e7


def chunk_size(problem: Problem, n_classes: int) -> int:
    """Give the number of starts that take their steps together."""
    cells = problem.X.shape[1] * n_classes
    return int(np.clip(_CHUNK_CELLS // cells, 1, _CHUNK))


def worth_threads(problem: Problem, n_classes: int) -> bool:
    """Whether a step of a chunk is long enough that threads do not wait for each other."""
    _, N, D = problem.X.shape
    return bool(chunk_size(problem, n_classes) * n_classes * N * D > _WORTH_THREADS)


def set_out(problem: Problem, batch: Batch, settings: Settings, mapper: Mapper) -> Batch:
    """Take a batch through its first steps; what has not converged is returned."""
    if problem.X.shape[1] <= LONG and batch.T.shape[2] > 1:
        batch = take_first_steps(problem, batch, settings)
    steps = _LAST_STEPS if batch.ahead.any() else _PHASES[0]
    return advance(problem, batch, settings, steps, mapper)


def finish_runs(
    problem: Problem, left: Sequence[Batch], settings: Settings, mapper: Mapper, chunk: int
) -> None:
    """Bring the slow runs home: pooled, so that few share the cost of a step."""
    for until in (*_PHASES[1:], settings.max_iter):
        rest = pool(left)
        slow = rest.iteration + rest.ahead >= _PHASES[-1]
        _spread(partial(finish, problem, settings=settings), rest.take(slow), mapper, chunk)
        if slow.all():
            return
        go_on = partial(advance, problem, settings=settings, until=until)
        left = _spread(go_on, rest.take(~slow), mapper, chunk)


def _spread(
    function: Callable[..., Batch], batch: Batch, mapper: Mapper, chunk: int
) -> list[Batch]:
    """Apply a function to a batch, to pieces of it side by side where it is long."""
    pieces = [batch.take(slice(i, i + chunk)) for i in range(0, len(batch), chunk)]
    if len(pieces) > 1:
        return list(mapper(function, pieces))
    return [function(piece, mapper=mapper) for piece in pieces]
