"""Figures of results; nothing is fitted again."""

from .class_profiles import profile_heatmap, profile_lines
from .enumeration_criteria import criteria_by_classes
from .longitudinal_alluvial import alluvial
from .longitudinal_positions import position_arrows
from .longitudinal_profiles import profile_changes
from .longitudinal_transitions import transition_map
from .memberships import posterior_strip, posterior_triangle
from .pair_residuals import bivariate_residual_map
from .profile_ranges import profile_intervals
from .start_ledger import starts_by_rank
from .steering_figures import joint_dimensions, steering_budget, steering_distribution
from .typology_membership import membership_strip
from .typology_types import type_contrasts, type_theme_map

__all__ = [
    "alluvial",
    "bivariate_residual_map",
    "criteria_by_classes",
    "joint_dimensions",
    "membership_strip",
    "position_arrows",
    "posterior_strip",
    "posterior_triangle",
    "profile_changes",
    "profile_heatmap",
    "profile_intervals",
    "profile_lines",
    "starts_by_rank",
    "steering_budget",
    "steering_distribution",
    "transition_map",
    "type_contrasts",
    "type_theme_map",
]
