"""Who moved, what changed, and what only the questionnaire changed."""

from .agreement import Agreement
from .alignment import Alignment, align_by_members, align_by_profiles, profile_distance
from .change_split import ChangeSplit, SplitOptions, split_change
from .comparability_of_waves import Comparability, comparability
from .comparison import MembershipComparison, compare_memberships
from .detectability import Detectability, smallest_mover_rate
from .drift import DriftOptions, item_drift
from .earlier_types import carry_membership
from .invariance import Invariance, InvarianceOptions, invariance_test
from .latent_transition import LatentTransitionModel
from .old_typology import OldTypology, score_old_typology
from .positions import PositionChange, position_change, three_wave_reliability
from .profile_change import align_profiles, change_of_profiles, common_profiles
from .symmetry import SymmetryTest
from .three_step import CorrectedTransitions, corrected_transitions
from .wave_comparison import CompareOptions, WaveComparison, WaveSide, compare_waves

__all__ = [
    "Agreement",
    "Alignment",
    "ChangeSplit",
    "Comparability",
    "CompareOptions",
    "CorrectedTransitions",
    "Detectability",
    "DriftOptions",
    "Invariance",
    "InvarianceOptions",
    "LatentTransitionModel",
    "MembershipComparison",
    "OldTypology",
    "PositionChange",
    "SplitOptions",
    "SymmetryTest",
    "WaveComparison",
    "WaveSide",
    "align_by_members",
    "align_by_profiles",
    "align_profiles",
    "carry_membership",
    "change_of_profiles",
    "common_profiles",
    "comparability",
    "compare_memberships",
    "compare_waves",
    "corrected_transitions",
    "invariance_test",
    "item_drift",
    "position_change",
    "profile_distance",
    "score_old_typology",
    "smallest_mover_rate",
    "split_change",
    "three_wave_reliability",
]
