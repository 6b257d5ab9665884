"""What a comparison of two waves takes in, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk, Wave
from swvtypes.survey.crosswalk_organisations import MergedRule
from swvtypes.typology import Typology

from .alignment import Alignment
from .change_split import ChangeSplit
from .comparability_of_waves import Comparability
from .comparison import MembershipComparison
from .old_typology import OldTypology
from .positions import PositionChange
from .three_step import CorrectedTransitions

_MERGED = ("agreement", "unknown")


@dataclass(frozen=True, eq=False)
class WaveSide:
    """One wave as it was typed.

    Attributes
    ----------
    typology : Typology
    membership : Membership
    wave : Wave, optional
        Answers; without them drift, positions, old types and the split are left out.
    """

    typology: Typology
    membership: Membership
    wave: Wave | None = None


@dataclass(frozen=True)
class CompareOptions:
    """How waves are compared.

    Parameters
    ----------
    crosswalk : ItemCrosswalk, optional
    organisations : OrganisationCrosswalk, optional
    merged : {"agreement", "unknown"}
        What merged organisations were; see :class:`OrganisationCrosswalk`.
    position : str
        Concept of the self-rated position.
    n_draws : int
        Random deals, resamples and exchanges.
    random_state : int
    """

    crosswalk: ItemCrosswalk | None = None
    organisations: OrganisationCrosswalk | None = None
    merged: MergedRule = "agreement"
    position: str = "steering"
    n_draws: int = 999
    random_state: int = 0

    def __post_init__(self) -> None:
        """Check the options."""
        if self.merged not in _MERGED:
            raise OptionError("merged", " or ".join(map(repr, _MERGED)), self.merged)
        if self.n_draws < 1:
            raise OptionError("n_draws", "at least 1", self.n_draws)


@dataclass(frozen=True, eq=False)
class TypesComparison:
    """Types of one sector, or of all, at two waves.

    Attributes
    ----------
    sector : str
        Empty where types are shared.
    members : MembershipComparison
    corrected : CorrectedTransitions or None
        None where errors of assignment cannot be taken out; see the left-out list.
    movers : DataFrame by method
        Share that changed type, rows ``naive`` and, where there are any, ``corrected``: estimate,
        low, high, organisations.
    intervals : DataFrame
        Corrected transition probabilities with profile-likelihood intervals; may be empty.
    by_profiles : Alignment or None
        Types matched on profiles over common questions.
    distance : DataFrame
        Distances of profiles, types before by types after; may be empty.
    profiles : DataFrame
        Of :func:`~swvtypes.longitudinal.profile_change.change_of_profiles`; may be empty.
    """

    sector: str
    members: MembershipComparison
    corrected: CorrectedTransitions | None
    movers: pd.DataFrame
    intervals: pd.DataFrame
    by_profiles: Alignment | None
    distance: pd.DataFrame
    profiles: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class WaveComparison:
    """Everything that two waves allow to be compared.

    Attributes
    ----------
    comparability : Comparability
    types : tuple of TypesComparison
    drift : DataFrame or None
        By concept, what matters for the old types (``relevance``, ``matters``) beside it; with
        waves.
    positions : dict of str to PositionChange
        By sector; with waves.
    old : OldTypology or None
    split : tuple of ChangeSplit
    left_out : tuple of Label
        What was not compared, and why.
    """

    comparability: Comparability
    types: tuple[TypesComparison, ...]
    drift: pd.DataFrame | None
    positions: dict[str, PositionChange]
    old: OldTypology | None
    split: tuple[ChangeSplit, ...]
    left_out: tuple[Label, ...]

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English what was compared and what not."""
        from .wave_comparison_text import told

        return told(self, check_language(language))

    def __repr__(self) -> str:
        return self.text("en")
