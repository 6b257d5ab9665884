"""Who moved, what changed, and what only the questionnaire changed."""

from .agreement import Agreement
from .alignment import Alignment, align_by_members, align_by_profiles, profile_distance
from .comparison import MembershipComparison, compare_memberships
from .detectability import Detectability, smallest_mover_rate
from .drift import DriftOptions, item_drift
from .latent_transition import LatentTransitionModel
from .positions import PositionChange, position_change, three_wave_reliability
from .symmetry import SymmetryTest
from .three_step import CorrectedTransitions, corrected_transitions

__all__ = [
    "Agreement",
    "Alignment",
    "CorrectedTransitions",
    "Detectability",
    "DriftOptions",
    "LatentTransitionModel",
    "MembershipComparison",
    "PositionChange",
    "SymmetryTest",
    "align_by_members",
    "align_by_profiles",
    "compare_memberships",
    "corrected_transitions",
    "item_drift",
    "position_change",
    "profile_distance",
    "smallest_mover_rate",
    "three_wave_reliability",
]
