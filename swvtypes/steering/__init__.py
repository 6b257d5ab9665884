"""The self-rated continuum from decentralised to centralised, its groups, and what goes with it."""

from .agreement import Concordance, cohen_kappa, concordance
from .aspects import Aspect, standard_aspects
from .correlations import Correlation, correlate, rank_correlate
from .cutting import Cuts, make_cuts
from .detectability import (
    detectable_correlation,
    detectable_difference,
    detectable_f,
    power_of_correlation,
    provable_correlation,
    provable_difference,
)
from .effects import Difference, mean_difference
from .equivalence import equivalent_correlation, equivalent_difference, equivalent_means
from .grouping import SteeringGroups, groups
from .joint_view import JointSpec, JointView, three_dimensions
from .options import SteeringOptions
from .permutations import exact_sum_test
from .position_means import PositionProfile, position_profile
from .relating import Relations, relations
from .summarising import SteeringSummary, summarise
from .variance_tests import FTest, f_test, rank_test, welch_test

__all__ = [
    "Aspect",
    "Concordance",
    "Correlation",
    "Cuts",
    "Difference",
    "FTest",
    "JointSpec",
    "JointView",
    "PositionProfile",
    "Relations",
    "SteeringGroups",
    "SteeringOptions",
    "SteeringSummary",
    "cohen_kappa",
    "concordance",
    "correlate",
    "detectable_correlation",
    "detectable_difference",
    "detectable_f",
    "equivalent_correlation",
    "equivalent_difference",
    "equivalent_means",
    "exact_sum_test",
    "f_test",
    "groups",
    "make_cuts",
    "mean_difference",
    "position_profile",
    "power_of_correlation",
    "provable_correlation",
    "provable_difference",
    "rank_correlate",
    "rank_test",
    "relations",
    "standard_aspects",
    "summarise",
    "three_dimensions",
    "welch_test",
]
