"""joblib and progress: the only door to both."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


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
    """
    todo: Sequence[Item] = list(items)
    if n_jobs == 1 or len(todo) <= 1:
        return [function(item) for item in todo]
    from joblib import Parallel, delayed

    results: list[Outcome] = Parallel(n_jobs=n_jobs)(delayed(function)(item) for item in todo)
    return results


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
    """
    todo: Sequence[Item] = list(items)
    if n_jobs == -1:
        from joblib import cpu_count

        n_jobs = cpu_count()
    if n_jobs <= 1 or len(todo) <= 1:
        return [function(item) for item in todo]
    pool = _pool(n_jobs - 1)
    futures = [pool.submit(function, item) for item in reversed(todo)][::-1]
    results: list[Outcome] = []
    try:
        for item, future in zip(todo, futures, strict=True):
            results.append(function(item) if future.cancel() else future.result())
    except BrokenExecutor:
        _pool.cache_clear()
        raise
    finally:
        for future in futures:
            future.cancel()
    return results


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
    """
    todo: Sequence[Item] = list(items)
    if n_jobs == 1 or len(todo) <= 1:
        for at, item in enumerate(todo):
            yield at, function(item)
        return
    from joblib import Parallel, delayed

    work = (delayed(_numbered)(function, at, item) for at, item in enumerate(todo))
    run = Parallel(n_jobs=n_jobs, return_as="generator_unordered", pre_dispatch="n_jobs")
    yield from run(work)


def _numbered(function: Callable[[Item], Outcome], at: int, item: Item) -> tuple[int, Outcome]:
    return at, function(item)
