"""How much each question told of the classes of an earlier typology."""

from __future__ import annotations

import math

import pandas as pd

from swvtypes.survey import ItemCrosswalk
from swvtypes.typology import Typology

from .typology_parts import parts_of


def relevance_of_questions(
    typology: Typology, crosswalk: ItemCrosswalk, wave: str
) -> pd.Series[float]:
    """Give the part of each question's answers that the classes of its theme explain.

    Parameters
    ----------
    typology : Typology
        The earlier one.
    crosswalk : ItemCrosswalk
    wave : str
        The typology's wave, as the crosswalk names it.

    Returns
    -------
    Series by concept
        R squared of the items that carry the types, the largest over sectors and items made of
        the question; 0 for questions that carry none.
    """
    parts = parts_of(typology)
    explained: dict[str, float] = {}
    for theme in typology.themes_.values():
        for row in theme.selection.to_dict("records"):
            name, value = str(row["indicator"]), float(row["r2"])
            if row["selected"] and not math.isnan(value):
                explained[name] = max(explained.get(name, 0.0), value)
    carries = {name for model in parts.models for name in model.items}
    by_variable: dict[str, float] = {}
    for item in (i for items in parts.items for i in items if i.name in carries):
        for variable in item.sources:
            told = explained.get(item.name, 0.0)
            by_variable[variable] = max(by_variable.get(variable, 0.0), told)
    found = {c: by_variable.get(e.variable, 0.0) for c, e in crosswalk.concepts(wave).items()}
    return pd.Series(found, name="relevance", dtype=float)
