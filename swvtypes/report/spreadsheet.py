"""Cells that no spreadsheet takes for a formula, and the membership as such a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Language, check_language
from swvtypes.membership import Membership
from swvtypes.resources import atomic_write

from .markup import plain
from .pseudonym_names import pseudonyms

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutral(value: object) -> str:
    r"""Give a text that a spreadsheet shows and does not work out.

    Examples
    --------
    >>> neutral('=HYPERLINK("x")')
    '\'=HYPERLINK("x")'
    >>> neutral("po 1")
    'po 1'
    """
    text = str(value)
    risky = text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
    return f"'{plain(text)}" if risky else plain(text)


def neutral_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame whose texts, column names included, no spreadsheet takes for formulas."""
    out = frame.copy()
    for at, kind in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)):
            column = frame.iloc[:, at]
            cells = np.array([None if pd.isna(v) else neutral(v) for v in column], dtype=object)
            out.isetitem(at, cells)
    out.columns = pd.Index([neutral(name) for name in frame.columns])
    return out


def export_membership(
    membership: Membership,
    path: str | Path,
    *,
    under_pseudonyms: bool = True,
    language: Language = "nl",
    seed: int | None = None,
) -> None:
    """Write who is of which type to a comma-separated file that spreadsheets can open.

    Parameters
    ----------
    membership : Membership
    path : str or Path
        Ends in ``.csv``; its folder must exist.
    under_pseudonyms : bool
        Whether names drawn at random stand for the organisations, in random order.
    language : {"nl", "en"}
        Of the pseudonyms.
    seed : int, optional
        Of the pseudonyms; see :func:`~swvtypes.report.pseudonym_names.pseudonyms`.

    Raises
    ------
    InputError
        When the path does not end in ``.csv``.
    """
    if Path(path).suffix.lower() != ".csv":
        raise InputError("export_membership", [f"path: expected one ending in .csv, got {path}"])
    frame = membership.summary().join(membership.probabilities)
    if under_pseudonyms:
        names = pseudonyms(frame.index, check_language(language), seed)
        frame = frame.loc[list(names)]
        frame.index = pd.Index(list(names.values()))
    out = neutral_frame(frame.rename_axis("organisation").reset_index())
    with atomic_write(path) as stream:
        stream.write(out.to_csv(index=False, lineterminator="\n"))
