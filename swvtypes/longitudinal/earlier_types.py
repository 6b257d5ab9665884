"""Memberships under the names that organisations have at another wave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.membership import Membership
from swvtypes.membership.checking import label_of
from swvtypes.survey import OrganisationCrosswalk
from swvtypes.survey.crosswalk_organisations import MergedRule, SplitRule


def carry_membership(
    membership: Membership,
    organisations: OrganisationCrosswalk,
    merged: MergedRule = "agreement",
    split: SplitRule = "inherit",
    sizes: pd.Series[float] | None = None,
) -> Membership:
    """Give an earlier membership by the names of the later wave.

    Parameters
    ----------
    membership : Membership
    organisations : OrganisationCrosswalk
        How merged and split organisations are treated: see its notes.
    merged : {"agreement", "larger", "unknown"}
    split : {"inherit", "unknown"}
    sizes : Series by earlier organisation, optional
        For ``"larger"``.

    Returns
    -------
    Membership
        Organisations without a later identity are left out. A merged organisation has the survey
        weight of its parts added up; parts of one that split have its weight each.

    Raises
    ------
    OptionError, CrosswalkError, MembershipError
    """
    probabilities, sector = membership.probabilities, membership.sector_of
    weight = membership.survey_weight
    for part in (probabilities, sector, weight):
        if part is not None:  # a crosswalk names organisations in text
            part.index = part.index.map(label_of)
    carried = organisations.carry(probabilities, merged, split, sizes)
    places = [[p for p in organisations.parts(str(o)) if p in sector.index] for o in carried.index]
    sectors = pd.Series([sector[p[0]] for p in places], index=carried.index, dtype="str")
    weights = (
        None
        if weight is None
        else pd.Series([float(np.sum(weight[p])) for p in places], index=carried.index)
    )
    made = Membership.from_probabilities(carried, sectors, membership.origin, weights)
    # Errors of assignment are of the types, whatever their organisations are called.
    return made.with_optimism(membership.optimism)
