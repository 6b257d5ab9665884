"""Uniform numbers of many starts at once, each from a child of the seed of its own.

The numbers are those of ``numpy.random.SeedSequence(entropy, spawn_key=(start,))``, whose hash
(O'Neill 2015, after Jenkins) is written out for all starts together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from swvtypes.lca.design import Floats

_POOL = 4
_WORD = 2**32
_FIRST_A, _STEP_A = 0x43B0D7E5, 0x931E8875
_FIRST_B, _STEP_B = 0x8B51F9DD, 0x58F38DED
_LEFT, _RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
_SHIFT = np.uint32(16)


def uniform(entropy: int, starts: Sequence[int] | range, n: int) -> Floats:
    """Draw uniform numbers.

    Parameters
    ----------
    entropy : int
        The seed.
    starts : sequence of int, length S
        Which children of the seed, from 0 to 2**32 - 1.
    n : int
        Numbers a start.

    Returns
    -------
    ndarray, shape (S, n)
        Between 0 and 1; more numbers a start, or more starts, keep the earlier ones.
    """
    pool = np.random.SeedSequence(entropy).pool
    words = max(_POOL, -(-int(entropy).bit_length() // 32))
    constant = _FIRST_A * pow(_STEP_A, _POOL * words, _WORD) % _WORD
    key = np.array(starts, dtype=np.uint32)
    mixed = []
    for word in pool:
        hashed, constant = _hash(key, constant, _STEP_A)
        value = _LEFT * np.full_like(key, word) - _RIGHT * hashed
        mixed.append(value ^ (value >> _SHIFT))
    state = np.empty((len(key), 2 * n), dtype=np.uint32)
    constant = _FIRST_B
    for i in range(2 * n):
        state[:, i], constant = _hash(mixed[i % _POOL], constant, _STEP_B)
    low, high = state[:, ::2].astype(np.uint64), state[:, 1::2].astype(np.uint64)
    return np.asarray(((high << np.uint64(32) | low) >> np.uint64(11)) * 2.0**-53)


def _hash(
    value: np.ndarray[tuple[int, ...], np.dtype[np.uint32]], constant: int, step: int
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint32]], int]:
    following = constant * step % _WORD
    hashed = (value ^ np.uint32(constant)) * np.uint32(following)
    return hashed ^ (hashed >> _SHIFT), following
