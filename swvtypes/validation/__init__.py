"""Validation: budget lines, services, circumstances and a rival typology against types."""

from .allocation import AllocationModels, AllocationRule, against_allocation, allocation_models
from .bias_adjusted import TypeMeans, type_means
from .budget import against_budget
from .circumstances import against_context, against_variables
from .composition import isometric_basis, log_ratios, replace_zeros
from .logistic import LogisticFit, fit_logistic, is_separated
from .multiplicity import benjamini_hochberg
from .options import ValidationOptions, ZeroReplacement
from .result import Validation
from .services import against_services

__all__ = [
    "AllocationModels",
    "AllocationRule",
    "LogisticFit",
    "TypeMeans",
    "Validation",
    "ValidationOptions",
    "ZeroReplacement",
    "against_allocation",
    "against_budget",
    "against_context",
    "against_services",
    "against_variables",
    "allocation_models",
    "benjamini_hochberg",
    "fit_logistic",
    "is_separated",
    "isometric_basis",
    "log_ratios",
    "replace_zeros",
    "type_means",
]
