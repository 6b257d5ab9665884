"""Quantity words read as ranges of percentages, in Dutch and English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from swvtypes.resources import data_path

Verdict = Literal["fits", "doubtful", "wrong_side", "far"]

# Below "nearly", above "just over": the next of these, which a writer would rather have named.
_LANDMARKS = tuple(100 * f for f in (0, 1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0))
_BARE_FITS, _BARE_FAR = 3.0, 6.5
_ABOUT_FITS, _ABOUT_FAR = 5.0, 7.5
_BELOW_FITS, _BELOW_FAR = 8.0, 12.0
_FAR_MORE = 5.0
_OF = re.compile(r"(?P<a>\w+)\s+(?:van de|op de|of the|in)\s+(?P<b>\w+)")


@dataclass(frozen=True)
class Phrase:
    """A phrase read: the fraction it names (in per cent, or None), its modifier, its ranges.

    A value in `fits` is what the words say; outside `far` they cannot mean it.
    """

    text: str
    centre: float | None
    modifier: str
    fits: tuple[float, float]
    far: tuple[float, float]

    def judge(self, low: float, high: float) -> Verdict:
        """Say whether a value somewhere in low..high is what the words say.

        "wrong_side" means that they exclude it by their own meaning ("just over a sixth" for
        less than a sixth), however near it is.
        """
        if high >= self.fits[0] - 1e-9 and low <= self.fits[1] + 1e-9:
            return "fits"
        if self.centre is not None:
            if self.modifier in {"above", "more", "least"} and high < self.centre:
                return "wrong_side"
            if self.modifier in {"below", "less", "most"} and low > self.centre:
                return "wrong_side"
        if high < self.far[0] or low > self.far[1]:
            return "far"
        return "doubtful"


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(data_path("audit", "quantity_words.toml").read_text(encoding="utf-8"))


def _longest(text: str, names: list[str]) -> str:
    """Find the longest of some names that stands in a text as whole words."""
    held = [n for n in names if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)]
    return max(held, key=len, default="")


def read_phrase(text: str) -> Phrase | None:
    """Read the quantity words of a phrase; None where it holds none that stand for a share.

    Examples
    --------
    >>> read_phrase("ruim een kwart").judge(75.5, 76.5)
    'far'
    >>> read_phrase("ruim een zesde").judge(14.5, 15.5)
    'wrong_side'
    >>> read_phrase("bijna driekwart").judge(72.5, 73.5)
    'fits'
    """
    shown = text.strip().lower()
    words = _vocabulary()
    centre = _fraction(shown, words)
    modifier = _modifier(shown, words)
    quantifier = _longest(shown, list(words["quantifiers"]))
    if centre is not None:
        return _around(text, centre, modifier)
    if quantifier:
        fits_low, fits_high, far_low, far_high = words["quantifiers"][quantifier]
        return Phrase(text, None, "", (fits_low, fits_high), (far_low, far_high))
    return None


def _fraction(shown: str, words: dict[str, Any]) -> float | None:
    found = _OF.search(shown)
    if found:
        numbers = [
            words["numerals"].get(part, int(part) if part.isdigit() else None)
            for part in (found["a"], found["b"])
        ]
        if None not in numbers and numbers[1]:
            return float(100 * Fraction(numbers[0], numbers[1]))
    name = _longest(shown, list(words["fractions"]))
    if not name:
        return None
    over, under = words["fractions"][name]
    return float(100 * Fraction(over, under))


def _modifier(shown: str, words: dict[str, Any]) -> str:
    kinds = {name: kind for kind, names in words["modifiers"].items() for name in names}
    name = _longest(shown, list(kinds))
    return str(kinds.get(name, ""))


def modifier_of(text: str) -> str:
    """Give the kind of a modifier that stands alone before a printed number ("ruim 80%")."""
    return _modifier(text.strip().lower(), _vocabulary())


def approximate_number(text: str, modifier: str) -> Phrase:
    """Read a printed percentage with a modifier alone, such as "ruim 75%".

    Examples
    --------
    >>> approximate_number("80", "above").judge(80.9, 80.9)
    'fits'
    """
    centre = float(Fraction(text))
    return _around(f"{modifier} {text}", centre, modifier)


def _around(text: str, centre: float, modifier: str) -> Phrase:
    scale = min(1.0, centre / 25)
    following = next((mark for mark in _LANDMARKS if mark > centre + 1e-6), 100.0)
    if centre < 25:
        following = max(following, centre + 5)
    ranges: dict[str, tuple[float, float, float, float]] = {
        "above": (centre, following, centre, following + _FAR_MORE),
        "more": (centre, 100, centre, 100),
        "least": (centre, 100, centre, 100),
        "below": (centre - _BELOW_FITS * scale, centre, centre - _BELOW_FAR * scale, centre),
        "less": (0, centre, 0, centre),
        "most": (0, centre, 0, centre),
        "about": (
            centre - _ABOUT_FITS * scale,
            centre + _ABOUT_FITS * scale,
            centre - _ABOUT_FAR * scale,
            centre + _ABOUT_FAR * scale,
        ),
    }
    bare = (
        centre - _BARE_FITS,
        centre + _BARE_FITS,
        centre - _BARE_FAR,
        centre + _BARE_FAR,
    )
    low, high, far_low, far_high = ranges.get(modifier, bare)
    return Phrase(text, centre, modifier, (low, high), (far_low, far_high))
