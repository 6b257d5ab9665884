"""Latent class analysis: exact, honest at small numbers of cases, and fast."""

from .bootstrap_likelihood_ratio import BootstrapTest, bootstrap_lrt
from .bootstrap_model_fit import FitTest, bootstrap_fit
from .enumeration import ClassEnumeration, enumerate_classes
from .estimator import LatentClassModel
from .groups_tests import GroupComparison, group_tests
from .inference import Inference, infer, profile_table, share_table
from .inference_bootstrap import BootstrapInference, bootstrap_model
from .inference_indicator_lr import indicator_ratio_tests
from .outcomes import omnibus_test, pairwise_tests
from .power import PowerCurve, simulate_power
from .power_population import PlannedItems
from .recommendation import Limits, Recommendation
from .second_engine import CrossCheck, cross_check
from .structural_covariates import CovariateResult, CovariateSpec, relate_covariates
from .structural_distal import OutcomeResult, relate_outcome
from .structural_errors import ClassificationErrors, classification_errors
from .structural_outcome import OutcomeSpec

__all__ = [
    "BootstrapInference",
    "BootstrapTest",
    "ClassEnumeration",
    "ClassificationErrors",
    "CovariateResult",
    "CovariateSpec",
    "CrossCheck",
    "FitTest",
    "GroupComparison",
    "Inference",
    "LatentClassModel",
    "Limits",
    "OutcomeResult",
    "OutcomeSpec",
    "PlannedItems",
    "PowerCurve",
    "Recommendation",
    "bootstrap_fit",
    "bootstrap_lrt",
    "bootstrap_model",
    "classification_errors",
    "cross_check",
    "enumerate_classes",
    "group_tests",
    "indicator_ratio_tests",
    "infer",
    "omnibus_test",
    "pairwise_tests",
    "profile_table",
    "relate_covariates",
    "relate_outcome",
    "share_table",
    "simulate_power",
]
