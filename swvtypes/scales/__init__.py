"""From items to scales: scores, reliability, one-factor analysis, and the judgement over them."""

from .adequacy import Adequacy, sampling_adequacy
from .alpha_equality import AlphaEquality, detectable_alphas, equal_alphas
from .building import Scales, build_scales
from .candidates import Candidate, suggested_sets
from .coefficients import alpha_if_dropped, cronbach_alpha, item_rest_correlations, omega_total
from .comparability import (
    Comparison,
    ComparisonOptions,
    compare_measurement,
    tucker_congruence,
)
from .describing import Description, DescriptionOptions, describe
from .differences import item_differences
from .factoring import FactorSolution, factor_analysis
from .horn import ParallelAnalysis, ParallelOptions, parallel_analysis
from .internal_consistency import Reliability, ReliabilityOptions, reliability
from .intervals import feldt_interval
from .judgement import Judgement, Judgements
from .judging import judge, judge_all
from .rules import Reason, ScaleRules

__all__ = [
    "Adequacy",
    "AlphaEquality",
    "Candidate",
    "Comparison",
    "ComparisonOptions",
    "Description",
    "DescriptionOptions",
    "FactorSolution",
    "Judgement",
    "Judgements",
    "ParallelAnalysis",
    "ParallelOptions",
    "Reason",
    "Reliability",
    "ReliabilityOptions",
    "ScaleRules",
    "Scales",
    "alpha_if_dropped",
    "build_scales",
    "compare_measurement",
    "cronbach_alpha",
    "describe",
    "detectable_alphas",
    "equal_alphas",
    "factor_analysis",
    "feldt_interval",
    "item_differences",
    "item_rest_correlations",
    "judge",
    "judge_all",
    "omega_total",
    "parallel_analysis",
    "reliability",
    "sampling_adequacy",
    "suggested_sets",
    "tucker_congruence",
]
