"""Expectation maximisation for many runs at once."""

from .batch import Batch, advance, begin, empty_runs, one_class, pool
from .extrapolation import finish
from .polishing import Polished, polish
from .problem import Mapper, Problem, Runs, Settings, stack
from .rows import Scratch, expectation
from .singles import take_first_steps
from .streams import uniform
from .words import LONG

__all__ = [
    "LONG",
    "Batch",
    "Mapper",
    "Polished",
    "Problem",
    "Runs",
    "Scratch",
    "Settings",
    "advance",
    "begin",
    "empty_runs",
    "expectation",
    "finish",
    "one_class",
    "polish",
    "pool",
    "stack",
    "take_first_steps",
    "uniform",
]
