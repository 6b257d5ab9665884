"""joblib and progress: the only door to both.

Work goes to processes of this machine, or to the Dask cluster of :mod:`swvtypes.clusters`; results
are the same. A worker that is killed is replaced once and its work done again.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import clusters
from .errors import WorkerError

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
_TURN = threading.RLock()


def run_parallel(
    function: Callable[[Item], Outcome], items: Iterable[Item], n_jobs: int = 1
) -> list[Outcome]:
    """Apply a function to each item, in order, with `n_jobs` worker processes.

    Parameters
    ----------
    function : callable
        A picklable function of one argument.
    items : iterable
        The arguments.
    n_jobs : int
        Worker processes; 1 runs in this process, -1 uses every core.

    Returns
    -------
    list
        Results in the order of the items, whatever the number of workers.

    Raises
    ------
    WorkerError
        When workers are killed, and those in their place too.
    """
    todo: Sequence[Item] = list(items)
    if n_jobs == 1 or len(todo) <= 1:
        return [function(item) for item in todo]
    found = dict(_finished(function, dict(enumerate(todo)), n_jobs, "2 * n_jobs"))
    return [found[at] for at in range(len(todo))]


@contextlib.contextmanager
def progress(enabled: bool = True) -> Iterator[Progress]:
    """Show a rich progress display on standard error while the block runs.

    Parameters
    ----------
    enabled : bool
        Without it nothing is drawn. Nothing is drawn on a stream that is no terminal either.

    Yields
    ------
    rich.progress.Progress
        Add tasks to it and advance them.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (enabled and console.is_terminal),
    ) as display:
        yield display


def run_shared(
    function: Callable[[Item], Outcome], items: Iterable[Item], n_jobs: int = 1
) -> list[Outcome]:
    """Apply a function to each item, in order, this process being one of the workers.

    It works from the first item on while the others start up and work from the last one back, so
    that jobs of seconds gain from them too. Workers stay for the next call.

    Parameters
    ----------
    function : callable
        A picklable function of one argument, small enough to be sent along with each item.
    items : iterable
        The arguments.
    n_jobs : int
        Worker processes, this one included; 1 runs here alone, -1 uses every core.

    Returns
    -------
    list
        Results in the order of the items, whatever the number of workers.

    Raises
    ------
    WorkerError
        When workers are killed, and those in their place too.
    """
    todo: Sequence[Item] = list(items)
    if clusters.current() is not None:
        return run_parallel(function, todo, n_jobs)
    if n_jobs == -1:
        from joblib import cpu_count

        n_jobs = cpu_count()
    if n_jobs <= 1 or len(todo) <= 1:
        return [function(item) for item in todo]
    found: dict[int, Outcome] = {}
    for last in (False, True):
        try:
            for at, outcome in _beside(function, todo, found, n_jobs):
                found[at] = outcome
            break
        except BrokenExecutor as error:
            _pool.cache_clear()
            if last:
                raise _lost() from error
    return [found[at] for at in range(len(todo))]


def _beside(
    function: Callable[[Item], Outcome], todo: Sequence[Item], done: Mapping[int, Any], n_jobs: int
) -> Iterator[tuple[int, Outcome]]:
    """Do what is left, from the first on here and from the last back in other processes."""
    left = [at for at in range(len(todo)) if at not in done]
    pool = _pool(n_jobs - 1)
    futures = [pool.submit(function, todo[at]) for at in reversed(left)][::-1]
    try:
        for at, future in zip(left, futures, strict=True):
            yield at, (function(todo[at]) if future.cancel() else future.result())
    finally:
        for future in futures:
            future.cancel()


@cache
def _pool(n_workers: int) -> Any:
    """Worker processes of our own: those of joblib are not to be shared."""
    from joblib.externals.loky import ProcessPoolExecutor

    return ProcessPoolExecutor(max_workers=n_workers, timeout=300)


def run_as_finished(
    function: Callable[[Item], Outcome], items: Iterable[Item], n_jobs: int = 1
) -> Iterator[tuple[int, Outcome]]:
    """Apply a function to each item and give each outcome as soon as it is there.

    Parameters
    ----------
    function : callable
        A picklable function of one argument.
    items : iterable
        The arguments.
    n_jobs : int
        Worker processes; 1 runs in this process, -1 uses every core.

    Yields
    ------
    tuple of int and object
        The position of the item and its outcome, in the order in which they finish.

    Raises
    ------
    WorkerError
        When workers are killed, and those in their place too.
    """
    todo: Sequence[Item] = list(items)
    if n_jobs == 1 or len(todo) <= 1:
        for at, item in enumerate(todo):
            yield at, function(item)
        return
    yield from _finished(function, dict(enumerate(todo)), n_jobs, "n_jobs")


def _finished(
    function: Callable[[Item], Outcome], todo: Mapping[int, Item], n_jobs: int, ahead: str
) -> Iterator[tuple[int, Outcome]]:
    """Give outcomes as they come; where workers went, what is left is done again, once."""
    left = dict(todo)
    gone: tuple[type[BaseException], ...] = (BrokenExecutor, *clusters.failures())
    for last in (False, True):
        try:
            for at, outcome in _spread(function, list(left.items()), n_jobs, ahead):
                del left[at]
                yield at, outcome
            return
        except gone as error:
            if last:
                raise _lost() from error


def _spread(
    function: Callable[[Item], Outcome],
    todo: Sequence[tuple[int, Item]],
    n_jobs: int,
    ahead: str,
) -> Iterator[tuple[int, Outcome]]:
    from joblib import Parallel, delayed, parallel_config

    work = (delayed(_Task(function, at, item))() for at, item in todo)
    cluster = clusters.current()
    if cluster is None:
        run = Parallel(n_jobs=n_jobs, return_as="generator_unordered", pre_dispatch=ahead)
    else:
        with parallel_config(backend="dask", client=cluster.client):
            run = Parallel(n_jobs=-1, return_as="generator_unordered", pre_dispatch=ahead)
    yield from run(work)


class _Task(Generic[Item, Outcome]):
    """A function, its argument and its place.

    It can have no weak reference, so that a cluster gets it whole: data that joblib put on a
    worker ahead would go down with it.
    """

    __slots__ = ("at", "function", "item")

    def __init__(self, function: Callable[[Item], Outcome], at: int, item: Item) -> None:
        self.function, self.at, self.item = function, at, item

    def __call__(self) -> tuple[int, Outcome]:
        with _TURN:  # threads of a cluster's worker would share settings of linear algebra
            return self.at, self.function(self.item)


def _lost() -> WorkerError:
    return WorkerError(
        "workers: one was killed or ran out of memory, and so was the one in its place; finished "
        "steps are kept: start again with fewer workers"
    )
