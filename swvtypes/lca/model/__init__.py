"""What a model is asked to be: options, and how each column is read."""

from .encoding import encode, read_pairs
from .indicators import Column, Indicator, columns_of, raise_faults
from .option_checks import VarianceOption, check_choice, check_level, check_real, check_whole
from .reading import MOST_CATEGORIES, read_indicators, warn_about

__all__ = [
    "MOST_CATEGORIES",
    "Column",
    "Indicator",
    "VarianceOption",
    "check_choice",
    "check_level",
    "check_real",
    "check_whole",
    "columns_of",
    "encode",
    "raise_faults",
    "read_indicators",
    "read_pairs",
    "warn_about",
]
