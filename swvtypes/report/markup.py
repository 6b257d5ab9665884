"""Markup of which every text is data: escaped, bounded, and kept from turning its neighbours."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape

from swvtypes.language import Label, Language
from swvtypes.rounding import half_up

LONGEST, LONGEST_TEXT = 300, 4000
SMALLEST_SHOWN = 0.001
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
DASH = "\N{EN DASH}"


def plain(value: object, longest: int = LONGEST) -> str:
    """Give a text from outside without control characters, cut off where it is very long.

    Examples
    --------
    >>> plain("a" * 12, longest=10)
    'aaaaaaaaa…'
    """
    text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", str(value).replace("\n", " "))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def data(value: object) -> str:
    """Give a text from outside as markup; right-to-left marks in it end with it.

    Examples
    --------
    >>> data("<script>")
    '<bdi>&lt;script&gt;</bdi>'
    """
    return f"<bdi>{escape(plain(value))}</bdi>"


def data_long(value: object) -> str:
    """Give a long text from outside as markup."""
    return f"<bdi>{escape(plain(value, LONGEST_TEXT))}</bdi>"


def number(value: float, decimals: int, language: Language) -> str:
    """Write a number rounded half up, a dash where there is none.

    Examples
    --------
    >>> number(0.25, 1, "nl")
    '0,3'
    """
    if not math.isfinite(value):
        return DASH
    text = str(half_up(value, decimals) + 0)
    return text.replace(".", ",") if language == "nl" else text


def chance(p: float, language: Language) -> str:
    """Write a p value as markup, never as zero.

    Examples
    --------
    >>> chance(0.0001, "nl"), chance(0.0449, "en")
    ('&lt;&nbsp;0,001', '0.045')
    """
    if math.isfinite(p) and p < SMALLEST_SHOWN:
        return f"&lt;&nbsp;{number(SMALLEST_SHOWN, 3, language)}"
    return number(p, 3, language)


def percent(share: float, language: Language) -> str:
    """Write a share as a whole percentage."""
    return DASH if not math.isfinite(share) else f"{number(100 * share, 0, language)}%"


def paragraph(text: str, kind: str = "") -> str:
    """Give a paragraph of plain text."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{escape(plain(text, LONGEST_TEXT))}</p>"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Lay a table out.

    Parameters
    ----------
    caption : str
        Plain text.
    heads : sequence of str
        Plain texts; the first is that of the rows' names.
    rows : iterable of sequences of str
        Markup; the first cell of each is its name.
    kind : str
        Class of the table.
    """
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{c}</td>" for c in row[1:])}</tr>'
        for row in rows
    )
    attribute = f' class="{kind}"' if kind else ""
    name = escape(plain(caption))
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{name}"><table{attribute}>'
        f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        "</div>"
    )


def section(key: str, title: str, body: str) -> str:
    """Give a section with its heading."""
    return (
        f'<section id="{key}" aria-labelledby="{key}-title"><h2 id="{key}-title">'
        f"{escape(title)}</h2>{body}</section>\n"
    )


def gap(label: Label, language: Language) -> str:
    """Say that something was not done."""
    word = Label("Ontbreekt", "Missing").text(language)
    return f'<p class="gap"><strong>{word}:</strong> {escape(label.text(language))}</p>'
