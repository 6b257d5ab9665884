"""How many worker processes a run uses."""

from __future__ import annotations

import os

from swvtypes.errors import OptionError


def n_workers(jobs: int) -> int:
    """Give the number of worker processes: `jobs`, or one for every core when it is -1.

    Raises
    ------
    OptionError
        When `jobs` is neither -1 nor at least 1.

    Examples
    --------
    >>> n_workers(3)
    3
    """
    if jobs < 1 and jobs != -1:
        raise OptionError("jobs", "a whole number of at least 1, or -1 for every core", jobs)
    if jobs != -1:
        return jobs
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1
