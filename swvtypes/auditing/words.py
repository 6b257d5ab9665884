"""Statements of a record read as ranges of percentages, and percentages put into words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from swvtypes.language import Label, Language
from swvtypes.quantity_words import (
    Phrase,
    Verdict,
    approximate_number,
    modifier_of,
    read_phrase,
)

from .printed import Printed
from .record import Statement

__all__ = [
    "Phrase",
    "Quantity",
    "Verdict",
    "approximate",
    "describe",
    "language_of",
    "modifier_of",
    "read_phrase",
    "read_quantity",
]

_ENGLISH = re.compile(
    r"\b(a|an|half|thirds?|quarters?|fifths?|tenths?|nearly|almost|about|around|over|most"
    r"|all|none|many|few|majority|minority|the|than)\b"
)


@dataclass(frozen=True)
class Quantity:
    """A statement's number, or the range of its words, in per cent."""

    low: float
    high: float
    text: str

    def meets(self, other: Quantity) -> bool:
        """Say whether both can be one value."""
        return self.low <= other.high and other.low <= self.high

    def gap(self, other: Quantity) -> float:
        """How far they lie apart."""
        return max(self.low - other.high, other.low - self.high, 0.0)


def approximate(printed: Printed, modifier: str) -> Phrase:
    """Read a printed percentage with a modifier alone, such as "ruim 75%"."""
    return approximate_number(printed.text, modifier)


def read_quantity(statement: Statement) -> Quantity | None:
    """Read a statement as a range of percentages, from its number or else its words."""
    if statement.printed is not None and statement.kind == "percent":
        modifier = modifier_of(statement.qualifier)
        phrase = read_phrase(statement.qualifier)
        text = f"{statement.printed.text}%"
        if modifier and phrase is None:
            near = approximate(statement.printed, modifier)
            return Quantity(*near.fits, f"{statement.qualifier} {text}")
        return Quantity(float(statement.printed.low), float(statement.printed.high), text)
    phrase = read_phrase(statement.qualifier)
    if phrase is None:
        return None
    return Quantity(*phrase.fits, statement.qualifier)


_NAMES = (
    (1 / 10, Label("een tiende", "a tenth")),
    (1 / 8, Label("een achtste", "an eighth")),
    (1 / 6, Label("een zesde", "a sixth")),
    (1 / 5, Label("een vijfde", "a fifth")),
    (1 / 4, Label("een kwart", "a quarter")),
    (1 / 3, Label("een derde", "a third")),
    (2 / 5, Label("twee vijfde", "two fifths")),
    (1 / 2, Label("de helft", "half")),
    (3 / 5, Label("drie vijfde", "three fifths")),
    (2 / 3, Label("twee derde", "two thirds")),
    (3 / 4, Label("driekwart", "three quarters")),
    (4 / 5, Label("vier vijfde", "four fifths")),
    (9 / 10, Label("negen tiende", "nine tenths")),
    (1.0, Label("alle", "all")),
)


def language_of(text: str) -> Language:
    """Tell whether quantity words are English or Dutch, the language of the record."""
    return "en" if _ENGLISH.search(text.lower()) else "nl"


def describe(percent: float) -> Label:
    """Give words that fit a percentage.

    Examples
    --------
    >>> describe(76).nl, describe(15).en
    ('ruim driekwart', 'nearly a sixth')
    """
    share, name = min(_NAMES, key=lambda pair: abs(100 * pair[0] - percent))
    gap = percent - 100 * share
    if abs(gap) < 0.5:
        return name
    if abs(gap) > 4:
        return Label(f"ongeveer {name.nl}", f"about {name.en}")
    if gap > 0:
        return Label(f"ruim {name.nl}", f"just over {name.en}")
    return Label(f"bijna {name.nl}", f"nearly {name.en}")
