"""Seeds from what users give as random_state."""

from __future__ import annotations

import numpy as np

from swvtypes.errors import OptionError


def entropy_of(random_state: int | np.random.RandomState | None) -> int:
    """Give a seed; a fresh one for None."""
    if random_state is None:
        return int(np.random.SeedSequence().entropy)  # type: ignore[arg-type]
    whole = isinstance(random_state, (int, np.integer)) and not isinstance(random_state, bool)
    if whole and random_state >= 0:  # type: ignore[operator]
        return int(random_state)  # type: ignore[arg-type]
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    raise OptionError("random_state", "a non-negative integer, a RandomState or None", random_state)
