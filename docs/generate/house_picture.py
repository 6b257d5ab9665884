"""The house in one picture: the rooms in the order in which they may know each other.

Drawn from the layers that the import linter checks (``pyproject.toml``), so that the picture cannot
say something else than the law.
"""

from __future__ import annotations

import tomllib
from html import escape

from .places import ROOT, write

_SAYS = {
    "cli": "commands",
    "workflow": "runs, manifests, resuming",
    "report": "pages for readers",
    "plots": "figures; nothing is fitted",
    "reproduction": "print beside computed",
    "reconstruction": "rows from print",
    "auditing": "print against itself",
    "validation": "against other facts",
    "longitudinal": "waves compared",
    "steering": "the 1-10 continuum",
    "tables": "printed tables as data",
    "typology": "themes, items, types",
    "membership": "who is of which type",
    "lca": "the engine",
    "scales": "scores, reliability",
    "survey": "codebook and wave",
    "published": "the printed record",
    "quantity_words": "words for numbers",
    "rounding": "printed decimals",
    "resources": "finding data",
    "language": "nl and en",
    "parallel": "workers",
    "multiplicity": "adjusted p values",
    "clusters": "a Dask cluster",
    "errors": "exceptions, warnings",
}
_WIDTH, _HIGH, _GAP, _MARGIN = 880, 44, 14, 16


def layers() -> list[list[str]]:
    """Give the rooms, layer by layer, top first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract["containers"] == ["swvtypes"]:
            return [
                [room.strip().strip("()") for room in layer.split("|")]
                for layer in contract["layers"]
            ]
    raise LookupError("pyproject.toml: expected a contract of layers over the whole package")


def picture() -> str:
    """Give the picture as SVG, which takes its colours from the page."""
    rows = layers()
    height = 2 * _MARGIN + len(rows) * _HIGH + (len(rows) - 1) * _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-labelledby="house-title" font-family="system-ui, sans-serif">',
        '<title id="house-title">The rooms of swvtypes; each may import those below it</title>',
    ]
    for at, rooms in enumerate(rows):
        y = _MARGIN + at * (_HIGH + _GAP)
        parts += _layer(rooms, y)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _layer(rooms: list[str], y: int) -> list[str]:
    space = _WIDTH - 2 * _MARGIN - (len(rooms) - 1) * _GAP
    wide = min(space / len(rooms), 330)
    left = (_WIDTH - len(rooms) * wide - (len(rooms) - 1) * _GAP) / 2
    lines = []
    for place, room in enumerate(rooms):
        x = left + place * (wide + _GAP)
        middle = x + wide / 2
        lines += [
            f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_HIGH}" rx="6" '
            'fill="#eef3f7" stroke="#3b6788"/>',
            f'<text x="{middle:.1f}" y="{y + 18}" text-anchor="middle" font-size="14" '
            f'font-weight="600" fill="#16324a">{escape(room)}</text>',
            f'<text x="{middle:.1f}" y="{y + 34}" text-anchor="middle" font-size="11" '
            f'fill="#33485a">{escape(_SAYS[room])}</text>',
        ]
    return lines


def build() -> None:
    """Write the picture."""
    write("house.svg", picture())
