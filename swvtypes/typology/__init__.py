"""Typologies: themes, their significant indicators, superclusters, and how far they hold."""

from .continuum import Verdict, types_or_continuum
from .hierarchy import (
    ClassesOfClasses,
    SuperclusterDecision,
    SuperclusterTest,
    ThemeMeasurement,
    TwoStep,
    bootstrap_superclusters,
    decide_superclusters,
    fit_two_step,
    identified_superclusters,
)
from .stability import Multiverse, Stability, bootstrap_stability, multiverse
from .typology import Typology

__all__ = [
    "ClassesOfClasses",
    "Multiverse",
    "Stability",
    "SuperclusterDecision",
    "SuperclusterTest",
    "ThemeMeasurement",
    "TwoStep",
    "Typology",
    "Verdict",
    "bootstrap_stability",
    "bootstrap_superclusters",
    "decide_superclusters",
    "fit_two_step",
    "identified_superclusters",
    "multiverse",
    "types_or_continuum",
]
