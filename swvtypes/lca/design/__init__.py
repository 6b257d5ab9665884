"""Data as arrays turned into matrices of sufficient statistics.

Every family used here is an exponential family: the log-density of an answer is linear in a few
statistics of it (a category's indicator, the count, the value and its square). A data set thus
becomes one matrix, a row a distinct pattern of answers and a column a statistic, and a class
becomes one vector of natural parameters, so that the E step and the M step of all classes of all
starts are two matrix products. A missing answer is a block of zeros: it adds nothing to the
log-density and nothing to the statistics.
"""

from .items import FAMILIES, Family, Floats, Integers, Item, Kind, Pair, check_pairs
from .layout import Block, Layout
from .matrix import Design, build_design, redesign

__all__ = [
    "FAMILIES",
    "Block",
    "Design",
    "Family",
    "Floats",
    "Integers",
    "Item",
    "Kind",
    "Layout",
    "Pair",
    "build_design",
    "check_pairs",
    "redesign",
]
