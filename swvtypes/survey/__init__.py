"""The survey model: codebooks, waves, and reading them with every check."""

from .codebook import Codebook
from .load import available_seeds, file_faults, load_wave, read_wave
from .wave import Wave
from .writer import write_wave

__all__ = [
    "Codebook",
    "Wave",
    "available_seeds",
    "file_faults",
    "load_wave",
    "read_wave",
    "write_wave",
]
