"""Ends of the scale of positions, as the codebooks of two waves have them."""

from __future__ import annotations

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.survey import ItemCrosswalk, Wave

Ends = tuple[float, float]

#: Of a count without ends in the codebook.
USUAL: Ends = (1.0, 10.0)


def scale_ends(waves: tuple[Wave, Wave], crosswalk: ItemCrosswalk, concept: str) -> Ends:
    """Give the ends of the scale of positions, in the codes of the concept.

    Parameters
    ----------
    waves : tuple of Wave
        The earlier and the later one.
    crosswalk : ItemCrosswalk
    concept : str
        Asked in both waves.

    Returns
    -------
    tuple of float
        First and last code of the answer list, or minimum and maximum of a number; 1 and 10 for
        a number without both, while no answer lies outside.

    Raises
    ------
    InputError
        When the ends differ between the waves, or are unknown and answers lie outside 1 to 10.
    """
    ends = [_ends(wave, crosswalk, concept) for wave in waves]
    known = [pair for pair in ends if pair is not None]
    if len(set(known)) > 1:
        told = " and ".join(_shown(pair) for pair in known)
        raise InputError("positions", [f"expected one scale in both waves, got {told}"])
    if known:
        return known[0]
    answers = pd.concat([crosswalk.apply(wave)[concept] for wave in waves])
    found = float(answers.min()), float(answers.max())
    if found[0] < USUAL[0] or found[1] > USUAL[1]:
        fault = f"expected a minimum and a maximum in the codebook, or answers of {_shown(USUAL)}"
        raise InputError("positions", [f"{fault}; got answers of {_shown(found)}"])
    return USUAL


def _ends(wave: Wave, crosswalk: ItemCrosswalk, concept: str) -> Ends | None:
    item = crosswalk.concepts(wave.name)[concept]
    entry = wave.codebook.variable(item.variable)
    codes = [float(c.code) for c in wave.codebook.categories(item.variable)]
    if not codes and entry.minimum is not None and entry.maximum is not None:
        codes = [float(entry.minimum), float(entry.maximum)]
    mapped = [item.codes.get(code, code) for code in codes]
    return (min(mapped), max(mapped)) if mapped else None


def _shown(ends: Ends) -> str:
    return f"{ends[0]:g} to {ends[1]:g}"
