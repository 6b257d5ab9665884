"""How far types hold: under resampling, and under other choices of the analyst."""

from .grids import supercluster_grid, theme_grid
from .multiverse_driver import Multiverse, Universe, multiverse
from .overlap import expected_jaccard
from .resampling import Stability, bootstrap_stability
from .supercluster_analysis import SuperclusterAnalysis
from .theme_analysis import ThemeAnalysis

__all__ = [
    "Multiverse",
    "Stability",
    "SuperclusterAnalysis",
    "ThemeAnalysis",
    "Universe",
    "bootstrap_stability",
    "expected_jaccard",
    "multiverse",
    "supercluster_grid",
    "theme_grid",
]
