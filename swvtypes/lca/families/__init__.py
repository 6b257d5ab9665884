"""The distributions within a class."""

from .plain import Parameters, Table, count_parameters, pack, unpack
from .steps import FLOOR, Variances, m_step

__all__ = [
    "FLOOR",
    "Parameters",
    "Table",
    "Variances",
    "count_parameters",
    "m_step",
    "pack",
    "unpack",
]
