"""Which indicators are significant, by three routes, and where the routes agree."""

from .searching import VariableSelection, select_variables
from .table import selection_table
from .testing import indicator_tests

__all__ = ["VariableSelection", "indicator_tests", "select_variables", "selection_table"]
