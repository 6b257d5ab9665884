"""The parts of a typology that comparisons over time rest on, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from swvtypes.language import Label
from swvtypes.typology import Typology
from swvtypes.typology.findings import check_fitted
from swvtypes.typology.item_columns import recoded
from swvtypes.typology.item_information import DRAWS, SEED
from swvtypes.typology.material import read_columns
from swvtypes.typology.profiles import ItemProfile, ThemeProfiles, TypesModel, posterior
from swvtypes.typology.scoring import joined, score_types
from swvtypes.typology.themes import ThemeItem

__all__ = [
    "DRAWS",
    "SEED",
    "ItemProfile",
    "ThemeItem",
    "ThemeProfiles",
    "TypesModel",
    "TypologyParts",
    "joined",
    "parts_of",
    "posterior",
    "read_columns",
    "recoded",
    "score_types",
]


@dataclass(frozen=True, eq=False)
class TypologyParts:
    """What a typology knows of its types and of the questions that they were made of.

    Attributes
    ----------
    models : tuple of TypesModel
        One a set of sectors.
    wave : mapping
        Name and year of its wave.
    items : tuple of tuple of ThemeItem
        By model, how items are made of columns.
    labels : mapping of str to Label
        Of columns, and of categories (``column=code``).
    """

    models: tuple[TypesModel, ...]
    wave: Mapping[str, Any]
    items: tuple[tuple[ThemeItem, ...], ...]
    labels: Mapping[str, Label]


def parts_of(typology: Typology) -> TypologyParts:
    """Give the parts of a fitted typology, without its tables.

    Raises
    ------
    TypologyError
        When it was neither fitted nor loaded.
    """
    check_fitted(typology, "comparison")
    items = tuple(
        tuple({i.name: i for i in of_model}.values()) for of_model in typology._items.values()
    )
    return TypologyParts(tuple(typology.models_), typology._wave, items, typology._labels)
