"""Random whole numbers that are the same on every machine and for every numpy."""

from __future__ import annotations

import numpy as np

_BLOCK = 4096


class Stream:
    """Whole numbers drawn from a PCG64 bit stream.

    Only the raw 64-bit output of the bit generator is used, which numpy keeps stable between
    versions; ranges are cut in integer arithmetic.

    Parameters
    ----------
    seed : int
        The seed of the data set.
    *branch : int
        Names an independent branch of it (step, attempt ...).
    """

    def __init__(self, seed: int, *branch: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=branch))
        self._buffer: list[int] = []

    def below(self, bound: int) -> int:
        """Draw a whole number from 0 to `bound` - 1."""
        if not self._buffer:
            self._buffer = self._bits.random_raw(_BLOCK).tolist()
        return (self._buffer.pop() * bound) >> 64

    def shuffle(self, items: list[int]) -> None:
        """Put a list in random order, in place."""
        for index in range(len(items) - 1, 0, -1):
            other = self.below(index + 1)
            items[index], items[other] = items[other], items[index]
