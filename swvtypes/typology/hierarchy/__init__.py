"""Superclusters: classes of organisations over the classes of the themes."""

from .decision import SuperclusterDecision, decide_superclusters
from .estimator import ClassesOfClasses
from .identification import HierarchyIdentification, identified_superclusters
from .likelihood_ratio import SuperclusterTest, bootstrap_superclusters
from .measurement import ThemeMeasurement
from .two_step import TwoStep, fit_two_step

__all__ = [
    "ClassesOfClasses",
    "HierarchyIdentification",
    "SuperclusterDecision",
    "SuperclusterTest",
    "ThemeMeasurement",
    "TwoStep",
    "bootstrap_superclusters",
    "decide_superclusters",
    "fit_two_step",
    "identified_superclusters",
]
