"""Latent class analysis: exact, honest at small numbers of cases, and fast."""

from .bootstrap_likelihood_ratio import BootstrapTest, bootstrap_lrt
from .bootstrap_model_fit import FitTest, bootstrap_fit
from .enumeration import ClassEnumeration, enumerate_classes
from .estimator import LatentClassModel
from .power import PowerCurve, simulate_power
from .power_population import PlannedItems
from .recommendation import Limits, Recommendation

__all__ = [
    "BootstrapTest",
    "ClassEnumeration",
    "FitTest",
    "LatentClassModel",
    "Limits",
    "PlannedItems",
    "PowerCurve",
    "Recommendation",
    "bootstrap_fit",
    "bootstrap_lrt",
    "enumerate_classes",
    "simulate_power",
]
