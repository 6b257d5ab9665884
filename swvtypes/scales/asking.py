"""Checks of the numbers that options ask for: faults as text, never an error of comparison."""

from __future__ import annotations

import numpy as np


def is_number(value: object) -> bool:
    """Whether a value is a real number; booleans are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def share_faults(**values: float) -> list[str]:
    """Say which values are no numbers between 0 and 1, both ends left out."""
    return [
        f"{name}: expected a number between 0 and 1, got {value!r}"
        for name, value in values.items()
        if not (is_number(value) and 0 < value < 1)
    ]


def range_faults(low: float, high: float, **values: float) -> list[str]:
    """Say which values are no numbers from `low` to `high`."""
    return [
        f"{name}: expected a number from {low:g} to {high:g}, got {value!r}"
        for name, value in values.items()
        if not (is_number(value) and low <= value <= high)
    ]


def count_faults(least: int = 1, **values: int) -> list[str]:
    """Say which values are no whole numbers of at least `least`."""
    faults = []
    for name, value in values.items():
        if not isinstance(value, int | np.integer) or isinstance(value, bool):
            faults.append(f"{name}: expected a whole number, got {value!r}")
        elif value < least:
            faults.append(f"{name}: expected at least {least}, got {value!r}")
    return faults
