"""How a value that came is shown in a fault, and names that it may have been meant for."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable

import numpy as np

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 4
_SHORT.maxlevel = 2


def shown(value: object) -> str:
    """Give a value in at most some 60 characters; whole floats without the decimals."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _SHORT.repr(value)


def meant(name: object, known: Iterable[str]) -> str:
    """Give ``"; did you mean 'x'?"`` when a known name is close, else an empty text."""
    close = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.8)
    return f"; did you mean {close[0]!r}?" if close else ""


def listed(values: Iterable[object], most: int = 12) -> str:
    """Give values with commas between them, cut off after `most`."""
    texts = [shown(value) for value in values]
    return ", ".join(texts[:most]) + (f", ... ({len(texts)} in all)" if len(texts) > most else "")
