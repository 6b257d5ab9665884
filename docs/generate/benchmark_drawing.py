"""What figures are drawn with: SVG that stays readable on a telephone, a column wide.

Figures are `WIDTH` units wide with letters of 11 units or more, so that on a screen of 390 pixels
they come out at about their own size; on wide pages the page holds them to a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

WIDTH = 400
OURS, PEER, THIRD, INK, FAINT = "#1f5c86", "#c2571a", "#6b7b3a", "#22313d", "#d5dde3"
Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """A scale from a value to a place between left and right."""

    low: float
    top: float
    left: float
    right: float
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value stands; one outside the range stands at its end."""
        low, top, x = (log10(v) if self.log else v for v in (self.low, self.top, self._in(value)))
        return self.left + (self.right - self.left) * (x - low) / (top - low)

    def _in(self, value: float) -> float:
        return min(max(value, self.low), self.top)


def svg(height: float, title: str, parts: Sequence[str], width: float = WIDTH) -> str:
    """Give a whole figure."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>'
    )
    paper = f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>"]) + "\n"


def legend(entries: Sequence[tuple[str, str]], left: float = 8, y: float = 14) -> list[str]:
    """Dots with their names, over as many lines as they need; a line is 18 units high."""
    parts, x = [], left
    for label, colour in entries:
        wide = 26 + 6.6 * len(label)
        if x > left and x + wide > WIDTH:
            x, y = left, y + 18
        parts += [dot((x + 5, y), colour, label), text((x + 14, y + 4), label, "start")]
        x += wide
    return parts


def line(start: Point, end: Point, colour: str, thick: float = 1, dashes: str = "none") -> str:
    """Draw a line."""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{thick:g}" stroke-dasharray="{dashes}"/>'
    )


def dot(at: Point, colour: str, said: str, hollow: bool = False) -> str:
    """Draw a dot that says what it stands for."""
    fill = "#ffffff" if hollow else colour
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="4" fill="{fill}" stroke="{colour}" '
        f'stroke-width="1.5"><title>{escape(said)}</title></circle>'
    )


def text(at: Point, said: str, anchor: str = "start", bold: bool = False) -> str:
    """Write a line of text, with a rim of paper where it crosses a line."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" fill="{INK}"{weight}'
        ' paint-order="stroke" stroke="#ffffff" stroke-width="3">'
        f"{escape(said)}</text>"
    )


def grid(axis: Axis, ticks: Sequence[tuple[float, str]], top: float, bottom: float) -> list[str]:
    """Draw upright lines with their values below."""
    parts = []
    for value, label in ticks:
        x = axis.place(value)
        parts += [
            line((x, top), (x, bottom), FAINT),
            text((x, bottom + 15), label, "middle"),
        ]
    return parts
