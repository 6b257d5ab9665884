"""Types, a continuum, or neither: three models of one data set, and a calibrated verdict."""

from .deciding import types_or_continuum
from .line_model import Line
from .over_themes import types_or_continuum_by_theme, types_or_continuum_over_themes
from .verdict import Verdict

__all__ = [
    "Line",
    "Verdict",
    "types_or_continuum",
    "types_or_continuum_by_theme",
    "types_or_continuum_over_themes",
]
