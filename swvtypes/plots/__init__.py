"""Figures of results; nothing is fitted again."""

from .class_profiles import profile_heatmap, profile_lines
from .enumeration_criteria import criteria_by_classes
from .memberships import posterior_strip, posterior_triangle
from .pair_residuals import bivariate_residual_map
from .start_ledger import starts_by_rank
from .typology_membership import membership_strip
from .typology_types import type_contrasts, type_theme_map

__all__ = [
    "bivariate_residual_map",
    "criteria_by_classes",
    "membership_strip",
    "posterior_strip",
    "posterior_triangle",
    "profile_heatmap",
    "profile_lines",
    "starts_by_rank",
    "type_contrasts",
    "type_theme_map",
]
