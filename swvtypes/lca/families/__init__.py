"""The distributions within a class."""

from .nominal import Counts, nominal_counts
from .plain import Parameters, Table, count_parameters, pack, unpack
from .steps import FLOOR, Variances, m_step

__all__ = [
    "FLOOR",
    "Counts",
    "Parameters",
    "Table",
    "Variances",
    "count_parameters",
    "m_step",
    "nominal_counts",
    "pack",
    "unpack",
]
