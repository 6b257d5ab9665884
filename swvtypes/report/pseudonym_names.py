"""Names that stand for organisations and say nothing of them."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable

import numpy as np

from swvtypes.language import Label, Language

_WORD = Label("Organisatie", "Organisation")


def pseudonyms(
    organisations: Iterable[Hashable], language: Language = "nl", seed: int | None = None
) -> dict[Hashable, str]:
    """Give each organisation a name drawn at random.

    Parameters
    ----------
    organisations : iterable of hashable
    language : {"nl", "en"}
    seed : int, optional
        Gives the same names to the same list again; fresh randomness of the system otherwise.

    Returns
    -------
    dict of hashable to str
        In random order, so that the order tells nothing either.

    Examples
    --------
    >>> pseudonyms(["A", "B"], "en", seed=1)
    {'A': 'Organisation 1', 'B': 'Organisation 2'}
    """
    names = sorted(dict.fromkeys(organisations), key=str)
    entropy = secrets.randbits(128) if seed is None else seed
    order = np.random.default_rng(entropy).permutation(len(names))
    width = len(str(len(names)))
    word = _WORD.text(language)
    return {names[at]: f"{word} {turn:0{width}d}" for turn, at in enumerate(order, start=1)}
