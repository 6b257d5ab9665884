"""Themes: candidate indicators, latent classes, and which indicators tell them apart."""

from .analysis import analyse_theme
from .candidates import theme_frame, theme_specs
from .options import ThemeOptions
from .result import Choice, ThemeResult
from .specification import LeftOut, ThemeItem, ThemeSpec

__all__ = [
    "Choice",
    "LeftOut",
    "ThemeItem",
    "ThemeOptions",
    "ThemeResult",
    "ThemeSpec",
    "analyse_theme",
    "theme_frame",
    "theme_specs",
]
