"""Tables and texts in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(value: object) -> str:
    """Give the text of one cell, with what would end it made harmless."""
    text = " ".join(str(value).split())
    for mark in "\\|*_<`$":
        text = text.replace(mark, "\\" + mark)
    return text


def table(header: Sequence[str], rows: Iterable[Sequence[object]], raw: bool = False) -> str:
    """Give a table; with `raw` cells hold Markdown already."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    show = str if raw else cell
    lines += ["| " + " | ".join(show(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def signed(value: float, digits: int) -> str:
    """Give a number with its sign; what rounds to zero has a plus."""
    return f"{round(value, digits) + 0.0:+.{digits}f}"


def percent(share: float, digits: int = 1) -> str:
    """Give a share as a percentage."""
    return f"{100 * share:.{digits}f}%"
