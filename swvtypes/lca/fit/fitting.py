"""Fitting one model to one data set or to many of one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.lca.design import Design, Floats, Integers
from swvtypes.lca.em import Batch, Mapper, Problem, Runs, Settings, begin, empty_runs, stack
from swvtypes.lca.families import Variances

from .choosing import conclude
from .courses import chunk_size, finish_runs, set_out, worth_threads
from .records import Fit, Starts
from .rounds import all_rounds
from .starting import Frame


def fit_classes(
    design: Design,
    n_classes: int,
    starts: Starts | None = None,
    settings: Settings | None = None,
    prior: float = 0.0,
    variances: Variances | None = None,
    mapper: Mapper = map,
) -> Fit:
    """Fit a latent class model from many starts.

    Parameters
    ----------
    design : Design
        The data.
    n_classes : int
        Classes, K.
    starts : Starts, optional
        How many, and their seed.
    settings : Settings, optional
        When a start stops.
    prior : float
        Pseudo-cases against boundary estimates; 0 is maximum likelihood.
    variances : Variances, optional
        How Gaussian variances are held.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    Fit
        The best solution, polished beyond the tolerance of the starts.
    """
    if n_classes < 1:
        raise OptionError("n_classes", "an integer of at least 1", n_classes)
    starts, settings = starts or Starts(), settings or Settings()
    problem = stack([design], prior, variances)
    if not worth_threads(problem, n_classes):
        mapper = map
    n_init = starts.n_init if n_classes > 1 else 1
    runs, origin = all_rounds(problem, n_classes, replace(starts, n_init=n_init), settings, mapper)
    return conclude(design, problem, runs, origin, starts.n_init, mapper)


def fit_replicates(
    problem: Problem,
    n_classes: int,
    starts: Sequence[Starts],
    settings: Settings | None = None,
    mapper: Mapper = map,
) -> Runs:
    """Fit one model to many data sets of one shape, all starts of all of them in batches.

    Parameters
    ----------
    problem : Problem
        R data sets, from :func:`swvtypes.lca.em.stack`.
    n_classes : int
        Classes, K.
    starts : sequence of Starts, length R
        Seed of each data set; all of the same number of starts S.
    settings : Settings, optional
        When a start stops.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    Runs
        Shapes (R * S,), starts of a data set side by side; S is 1 with one class.
    """
    settings = settings or Settings()
    S = starts[0].n_init if n_classes > 1 else 1
    R = len(problem.X)
    out = empty_runs(R * S, problem.layout.width, n_classes)
    frame = Frame(problem)
    per_chunk = max(1, chunk_size(problem, n_classes) * 4 // S)

    def first(low: int) -> Batch:
        high = min(low + per_chunk, R)
        T = np.concatenate(
            [
                frame.random_starts(starts[r].entropy, range(S), n_classes, r)
                for r in range(low, high)
            ],
            axis=1,
        )
        index = np.arange(low * S, high * S)
        batch = begin(problem, T, np.repeat(np.arange(low, high), S), out, index)
        return set_out(problem, batch, settings, map)

    left = list(mapper(first, range(0, R, per_chunk)))
    finish_runs(problem, left, settings, mapper, per_chunk * S)
    return out


def best_of_replicates(runs: Runs, n_starts: int) -> tuple[Floats, Integers]:
    """Highest objective of each data set and which run reached it, shapes (R,)."""
    table = np.where(np.isnan(runs.objective), -np.inf, runs.objective).reshape(-1, n_starts)
    best = table.argmax(axis=1)
    rows = np.arange(len(table))
    return table[rows, best], rows * n_starts + best
