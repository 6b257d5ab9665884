"""Figures of the stored results of benchmarks and studies, by file and place."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from .places import RESULTS


class StoredFigureError(LookupError):
    """A figure that is asked for and does not stand in the stored results."""


@cache
def results(name: str) -> Any:
    """Give the content of one file of stored results, for example ``speed``."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in Path(RESULTS).glob("*.json")))
        raise StoredFigureError(f"{name}: expected one of the stored results ({known})")
    return json.loads(path.read_text(encoding="utf-8"))


def figure(name: str, *keys: str) -> Any:
    """Give what stands under the keys, one after another; places in lists are whole numbers."""
    found = results(name)
    for depth, key in enumerate(keys):
        try:
            found = found[int(key)] if isinstance(found, list) else found[key]
        except (KeyError, IndexError, ValueError, TypeError):
            here = " / ".join(keys[:depth]) or "the top"
            known = ", ".join(map(str, found)) if isinstance(found, dict) else str(type(found))
            raise StoredFigureError(
                f"{name}: nothing under {key!r} at {here}; there is {known[:400]}"
            ) from None
    return found


def shown(reference: str) -> str:
    """Give a figure as text, asked for as ``file / key / key | format``.

    The format is that of :func:`format`; ``%`` in it multiplies by 100 as usual, and a format of
    ``+1`` after it (``.0f`` is the default for none) is not known: keep to Python's own. Keys are
    parted by a slash with a space on either side.

    Examples
    --------
    >>> shown("inference_coverage / n_boot | d")
    '99'
    """
    place, _, form = reference.partition(" | ")
    name, *keys = (part.strip() for part in place.split(" / "))
    value = figure(name, *keys)
    if isinstance(value, (dict, list)):
        raise StoredFigureError(f"{reference}: expected one figure, found {type(value).__name__}")
    text = format(value, form.strip())
    return text.replace("-", "\N{MINUS SIGN}") if isinstance(value, (int, float)) else text
