"""The distributions within a class."""

from .densities import log_joint, narrow_runs
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
    "log_joint",
    "m_step",
    "narrow_runs",
    "nominal_counts",
    "pack",
    "unpack",
]
