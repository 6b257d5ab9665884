"""The survey model: codebooks, waves, and reading them with every check."""

from .codebook import Codebook
from .crosswalk_items import ItemCrosswalk, ItemEntry, Questions
from .crosswalk_organisations import OrganisationCrosswalk
from .load import available_seeds, file_faults, load_wave, read_wave
from .raking import Raking, RakingOptions, population_margins, rake_weights
from .response import (
    RepresentativenessOptions,
    margin_of_error,
    population_interval,
    representativeness,
    response_rates,
)
from .wave import Wave
from .writer import write_wave

__all__ = [
    "Codebook",
    "ItemCrosswalk",
    "ItemEntry",
    "OrganisationCrosswalk",
    "Questions",
    "Raking",
    "RakingOptions",
    "RepresentativenessOptions",
    "Wave",
    "available_seeds",
    "file_faults",
    "load_wave",
    "margin_of_error",
    "population_interval",
    "population_margins",
    "rake_weights",
    "read_wave",
    "representativeness",
    "response_rates",
    "write_wave",
]
