"""Small HTML tables of results in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def key_values_html(heading: str, rows: Mapping[str, str]) -> str:
    """Give a heading and a table with one row a key."""
    cells = "".join(
        f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in rows.items()
    )
    return f"<div><p><b>{escape(heading)}</b></p><table>{cells}</table></div>"


def frame_html(heading: str, frame: pd.DataFrame, note: str = "") -> str:
    """Give a heading, a DataFrame with short numbers, and a note below it."""
    table = frame.to_html(float_format=lambda value: f"{value:.4g}", border=0, na_rep="")
    below = f"<p>{escape(note)}</p>" if note else ""
    return f"<div><p><b>{escape(heading)}</b></p>{table}{below}</div>"
