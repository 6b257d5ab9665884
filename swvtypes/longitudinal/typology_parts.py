"""The parts of a typology that comparisons over time rest on, in one place."""

from swvtypes.typology.findings import content_of
from swvtypes.typology.item_columns import item_of, recoded
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
    "content_of",
    "item_of",
    "joined",
    "posterior",
    "read_columns",
    "recoded",
    "score_types",
]
