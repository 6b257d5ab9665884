"""Checks of options."""

from __future__ import annotations

import numpy as np

from swvtypes.errors import OptionError


def check_level(level: object) -> None:
    """Raise an OptionError unless `level` lies between 0 and 1."""
    real = isinstance(level, (int, float, np.floating)) and not isinstance(level, bool)
    if not real or not 0.0 < level < 1.0:  # type: ignore[operator]
        raise OptionError("level", "a number between 0 and 1", level)
