"""Profiles of two typologies in common questions: how far types are apart, and what changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.survey import ItemCrosswalk

from .alignment import Alignment, align_by_profiles, profile_distance
from .common_items import CommonTypes
from .typology_parts import ItemProfile, ThemeProfiles

_COLUMNS = ["indicator", "category", "class", "estimate"]


def common_profiles(common: CommonTypes, crosswalk: ItemCrosswalk, wave: str) -> pd.DataFrame:
    """Tabulate what types answer to common questions, in the codes of the concepts.

    Parameters
    ----------
    common : CommonTypes
    crosswalk : ItemCrosswalk
    wave : str
        The typology's own.

    Returns
    -------
    DataFrame
        indicator (concept, or the item where it is made of several), category, class, estimate:
        probabilities. Counts and measurements are left out.
    """
    concepts = crosswalk.concepts(wave)
    kept = common.kept
    rows = []
    for theme in common.model.themes:
        for item in theme.items:
            if not item.indicator.categorical:
                continue
            found = kept[item.name]
            single = len(found.concepts) == 1
            name = found.concepts[0] if single else item.name
            codes = dict(concepts[name].codes) if single and found.groups is None else {}
            rows += _rows(theme, item, name, (codes, common.model.types))
    return pd.DataFrame(rows, columns=_COLUMNS)


def change_of_profiles(
    before: pd.DataFrame, after: pd.DataFrame, partner: dict[str, str]
) -> pd.DataFrame:
    """Lay the profiles of aligned types side by side.

    Parameters
    ----------
    before, after : DataFrame
        Of :func:`common_profiles`.
    partner : dict
        Type before to type after.

    Returns
    -------
    DataFrame
        type, partner, indicator, category, before, after, difference: estimates of two typologies,
        each with its error, so that a difference is no test.
    """
    first = before[before["class"].isin(list(partner))].copy()
    first["partner"] = first["class"].map(partner)
    keys = ["indicator", "category"]
    merged = first.merge(
        after, left_on=[*keys, "partner"], right_on=[*keys, "class"], suffixes=("", "_after")
    )
    out = merged.rename(columns={"class": "type", "estimate": "before", "estimate_after": "after"})
    out["difference"] = out["after"] - out["before"]
    return out[["type", "partner", *keys, "before", "after", "difference"]]


def align_profiles(
    before: pd.DataFrame, after: pd.DataFrame, types: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[Alignment, pd.DataFrame]:
    """Match types on the distance of their profiles; the distances beside it.

    Raises
    ------
    InputError
        When no question with the same categories is in both.
    """
    distance = profile_distance(before, after).loc[list(types[0]), list(types[1])]
    return align_by_profiles(distance.to_numpy(), *types), distance


def _rows(
    theme: ThemeProfiles,
    item: ItemProfile,
    name: str,
    told: tuple[dict[float, float], tuple[str, ...]],
) -> list[tuple[str, object, str, float]]:
    codes, types = told
    values = np.asarray(theme.conditional @ item.values)  # noqa: PD011
    return [
        (name, codes.get(c, c) if codes else c, types[k], float(values[k, j]))
        for j, c in enumerate(item.indicator.categories)
        for k in range(len(types))
    ]
