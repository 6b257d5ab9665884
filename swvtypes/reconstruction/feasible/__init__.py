"""How far a statistic of the rebuilt rows can go while everything printed still holds."""

from .interval import FeasibleInterval, feasible_interval
from .outer import Bounds, outer_bounds
from .relation import Relation, SearchEffort, read_relations

__all__ = [
    "Bounds",
    "FeasibleInterval",
    "Relation",
    "SearchEffort",
    "feasible_interval",
    "outer_bounds",
    "read_relations",
]
