"""Checks of options of which a fit or a test asks."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from swvtypes.errors import OptionError

VarianceOption = Literal["equal", "free"]


def check_choice(name: str, value: object, choices: object) -> None:
    """Raise an OptionError unless `value` is one of a Literal's values."""
    allowed = get_args(choices)
    if value not in allowed:
        raise OptionError(name, " or ".join(repr(a) for a in allowed), value)


def check_whole(name: str, value: object, least: int) -> None:
    """Raise an OptionError unless `value` is an integer of at least `least`."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least:  # type: ignore[operator]
        raise OptionError(name, f"an integer of at least {least}", value)


def check_real(name: str, value: object, least: float, open_: bool = False) -> None:
    """Raise an OptionError unless `value` is a finite number of at least (or above) `least`."""
    real = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not real or not np.isfinite(value) or value < least or (open_ and value == least):  # type: ignore[call-overload, operator]
        relation = "above" if open_ else "of at least"
        raise OptionError(name, f"a number {relation} {least:g}", value)


def check_level(level: object, name: str = "level") -> None:
    """Raise an OptionError unless a coverage or level is a number between 0 and 1."""
    real = isinstance(level, (int, float, np.integer, np.floating)) and not isinstance(level, bool)
    if not real or not 0.0 < level < 1.0:  # type: ignore[operator]
        raise OptionError(name, "a number between 0 and 1", level)
