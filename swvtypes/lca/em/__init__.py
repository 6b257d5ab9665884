"""Expectation maximisation for many runs at once."""

from .batch import (
    Batch,
    Mapper,
    Problem,
    Runs,
    Scratch,
    Settings,
    advance,
    begin,
    empty_runs,
    expectation,
    one_class,
    pool,
    stack,
)
from .polishing import polish

__all__ = [
    "Batch",
    "Mapper",
    "Problem",
    "Runs",
    "Scratch",
    "Settings",
    "advance",
    "begin",
    "empty_runs",
    "expectation",
    "one_class",
    "polish",
    "pool",
    "stack",
]
