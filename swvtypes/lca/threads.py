"""Threads over chunks of work, each with linear algebra on one thread."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from .em import Mapper


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def worker_count(n_jobs: int | None) -> int:
    """Threads to use: all cores when left out or -1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) if n_jobs in (None, -1) else int(n_jobs or 1)


@contextlib.contextmanager
def workers(n_jobs: int | None = None) -> Iterator[Mapper]:
    """Give a mapper over threads while the block runs.

    Parameters
    ----------
    n_jobs : int, optional
        Threads; all cores when left out or -1. Results do not depend on it.

    Yields
    ------
    callable
        Applies a function to items and returns its results in order.
    """
    n = worker_count(n_jobs)
    with _controller().limit(limits=1, user_api="blas"):
        if n == 1:
            yield map
            return
        with ThreadPoolExecutor(n) as pool:
            yield pool.map
