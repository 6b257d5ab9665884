"""The glossary, Dutch and English, from ``glossary.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from .places import DOCS, write


@dataclass(frozen=True)
class Word:
    """A word of the field in both languages, with what it means in both."""

    nl: str
    en: str
    meaning_nl: str
    meaning_en: str
    group: str


def words() -> tuple[Word, ...]:
    """Read the glossary."""
    text = (DOCS / "glossary.toml").read_text(encoding="utf-8")
    return tuple(Word(**entry) for entry in tomllib.loads(text)["words"])


def build() -> None:
    """Write the page."""
    write("glossary.md", page())


def page() -> str:
    """Give the page: a definition list a group, words in alphabetical order."""
    parts = [
        "# Glossary\n",
        "Words of the field and of its statistics, Dutch first, with the English used in this "
        "package. Definitions are our own and no legal text.\n",
    ]
    known = words()
    for group in dict.fromkeys(word.group for word in known):
        parts.append(f"## {group}\n")
        for word in sorted((w for w in known if w.group == group), key=lambda w: w.nl.lower()):
            parts.append(f"**{word.nl}** · *{word.en}*\n: {word.meaning_nl}\n: {word.meaning_en}\n")
    return "\n".join(parts)
