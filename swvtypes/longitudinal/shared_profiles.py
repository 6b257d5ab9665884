"""Profiles of two typologies over the questions that both waves have."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from swvtypes.typology import Typology

from .common_items import CommonTypes, common_types
from .comparability_of_waves import Comparability
from .profile_change import common_profiles


@dataclass(frozen=True, eq=False)
class CommonProfiles:
    """Common questions of both typologies, each in its own types."""

    first: tuple[CommonTypes, ...]
    second: tuple[CommonTypes, ...]
    profile: Callable[[CommonTypes, int], pd.DataFrame]

    def tables(self, sector: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Profiles before and after of one sector, or of all; None without common questions."""
        pair = []
        for side, sets in enumerate((self.first, self.second)):
            mine = [c for c in sets if not sector or sector in c.full.sectors]
            if len(mine) != 1:
                return None
            table = self.profile(mine[0], side)
            if not len(table):
                return None
            pair.append(table)
        return pair[0], pair[1]


def common_profiles_of(
    typologies: tuple[Typology, Typology],
    questions: tuple[Collection[str] | None, Collection[str] | None],
    told: Comparability,
) -> CommonProfiles:
    """Give the common questions of two typologies.

    Parameters
    ----------
    typologies : tuple of Typology
    questions : tuple of collection of str or None
        Variables of each wave; None where unknown.
    told : Comparability
    """
    crosswalk, waves = told.crosswalk, (told.before, told.after)
    return CommonProfiles(
        common_types(typologies[0], crosswalk, waves, present=questions[1]),
        common_types(typologies[1], crosswalk, waves[::-1], present=questions[0]),
        lambda common, side: common_profiles(common, crosswalk, waves[side]),
    )
