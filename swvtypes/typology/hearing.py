"""Hear whether a theme without classes of its own takes part in types over the themes.

Classes that are too weak to be shown within a theme may show beside other themes. Such a theme is
heard once types exist: do its answers differ between the types that the *other* themes make? Rows
of the theme, whole, are rearranged over the organisations. Neither the types nor the rearranging
know how the theme's rows belong, so that the level is exact at any number of organisations
(Pitman 1937; Phipson and Smyth 2010).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from swvtypes.lca.model import encode, read_indicators

from .profiles import Floats

BLOCK = 100


def hearing_test(
    answers: pd.DataFrame,
    kinds: Mapping[Hashable, str],
    types: Floats,
    n_permutations: int,
    seed: int,
) -> float:
    """Test that the answers to a theme have nothing to do with types made by other themes.

    Parameters
    ----------
    answers : DataFrame, shape (n, J)
        Items of the theme; missing answers stay with their row.
    kinds : mapping of column to str
        Families.
    types : ndarray, shape (n, P)
        Probabilities of types that were found without this theme.
    n_permutations : int
        Arrangements of the rows.
    seed : int

    Returns
    -------
    float
        ``(b + 1) / (B + 1)``.
    """
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    parts = [p for p in map(_contrasts, *_codes(answers, kinds)) if p[0].shape[1]]
    n = len(answers)
    as_given = _statistic(parts, types, np.arange(n)[None])[0]
    reached, left = 0, n_permutations
    while left > 0:
        order = np.tile(np.arange(n), (min(BLOCK, left), 1))
        generator.permuted(order, axis=1, out=order)
        reached += int((_statistic(parts, types, order) >= as_given - 1e-9).sum())
        left -= len(order)
    return (reached + 1) / (n_permutations + 1)


def _codes(answers: pd.DataFrame, kinds: Mapping[Hashable, str]) -> tuple[list[Floats], list[bool]]:
    indicators = read_indicators(answers, dict(kinds))
    values = encode(answers, indicators)
    return [values[:, j] for j in range(len(indicators))], [i.categorical for i in indicators]


def _contrasts(codes: Floats, categorical: bool) -> tuple[Floats, Floats]:
    """Standardised statistics of an item (n, m), zero where missing, and who answered (n,)."""
    answered = ~np.isnan(codes)
    raw = codes[:, None]
    if categorical:
        raw = (raw == np.unique(codes[answered])).astype(float)
    mean, spread = raw[answered].mean(axis=0), raw[answered].std(axis=0)
    varies = spread > 0
    # Categories weigh as in a chi-square test: by the inverse of how often they are given.
    scale = np.sqrt(mean) if categorical else spread
    made = (raw - mean)[:, varies] / scale[varies]
    return np.where(answered[:, None], made, 0.0), answered.astype(float)


def _statistic(parts: list[tuple[Floats, Floats]], types: Floats, order: np.ndarray) -> Floats:
    """Sum over the items of the spread between types, for each arrangement (B, n)."""
    total = np.zeros(len(order))
    given = types[order]  # (B, n, P): whose types each row of the theme gets
    for X, answered in parts:
        size = np.einsum("n,bnp->bp", answered, given)
        sums = np.einsum("nm,bnp->bmp", X, given)
        total += (sums**2 / np.maximum(size, 1e-12)[:, None]).sum(axis=(1, 2))
    return total
