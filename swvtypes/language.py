"""Dutch and English texts.

A :class:`Label` is one short text in both languages. Whatever a user sees is looked up here or in
the codebook and table files, which hold labels of the same form.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from .errors import OptionError

Language = Literal["nl", "en"]


class Label(NamedTuple):
    """One short text in Dutch and in English."""

    nl: str
    en: str

    def text(self, language: Language) -> str:
        """Give the text in one language."""
        return self.nl if check_language(language) == "nl" else self.en


def check_language(language: str) -> Language:
    """Validate a language option.

    Raises
    ------
    OptionError
        When it is neither ``"nl"`` nor ``"en"``.
    """
    if language == "nl":
        return "nl"
    if language == "en":
        return "en"
    raise OptionError("language", "one of " + ", ".join(map(repr, get_args(Language))), language)


def in_english_only(text: str) -> Label:
    """Make a label of a text that has no Dutch; the Dutch says so.

    Examples
    --------
    >>> in_english_only("no such column").nl
    '(melding in het Engels) no such column'
    """
    return Label(f"(melding in het Engels) {text}", text)
