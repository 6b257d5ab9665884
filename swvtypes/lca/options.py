"""Options of a latent class model, as functions that fit several of them pass them on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from swvtypes.errors import OptionError

from .model import VarianceOption


class ModelOptions(TypedDict, total=False):
    """Options of :class:`LatentClassModel` other than classes, starts, seed and threads."""

    indicators: Mapping[Hashable, str] | None
    max_iter: int
    tol: float
    prior: float
    scores: Mapping[Hashable, Sequence[float]] | None
    variances: VarianceOption
    variance_floor: float | None
    group: Hashable | None
    profiles: str | Sequence[Hashable]
    local_dependence: Sequence[Sequence[Any]] | None


def seed_of(random_state: int | np.random.RandomState | None) -> int:
    """Turn a `random_state` into one integer, drawn afresh when it is None.

    Raises
    ------
    OptionError
        For anything but a non-negative integer, a RandomState or None.
    """
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    whole = isinstance(random_state, (int, np.integer)) and not isinstance(random_state, bool)
    if whole and random_state >= 0:
        return int(random_state)
    raise OptionError("random_state", "a non-negative integer, a RandomState or None", random_state)


def listed(given: Any) -> list[Any]:
    """One value, or several, as a list."""
    one = isinstance(given, str) or not isinstance(given, Iterable)
    return [given] if one else list(given)
