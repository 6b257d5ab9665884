"""Tables that a run wrote, read again: bounded, and nothing but texts and numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swvtypes.errors import InputError

LARGEST = 100_000_000
LeftOut = tuple[tuple[str, str], ...]


def read_table(
    path: Path, words: tuple[str, ...] = (), numbers: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Read a table of a run.

    Parameters
    ----------
    path : Path
        A CSV file that a run wrote.
    words : tuple of str
        Columns of texts, empty where the cell is.
    numbers : tuple of str
        Columns of numbers, NaN where the cell is empty.

    Raises
    ------
    InputError
        When the file is no such table, lacks one of these columns or is larger than 100 MB.
    """
    if path.stat().st_size > LARGEST:
        raise InputError(path.name, [f"expected at most {LARGEST} bytes"])
    try:
        frame = pd.read_csv(
            path, dtype=dict.fromkeys(words, "str"), keep_default_na=False, na_values=[""],
            encoding="utf-8",
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise InputError(path.name, [f"cannot be read as a table: {error}"]) from None
    faults = [f"no column {name!r}" for name in (*words, *numbers) if name not in frame]
    faults += [
        f"column {name!r}: expected numbers"
        for name in numbers
        if name in frame and not pd.api.types.is_numeric_dtype(frame[name])
    ]
    if faults:
        raise InputError(path.name, faults)
    for name in words:
        frame[name] = frame[name].fillna("")
    return frame


def read_notes(path: Path) -> LeftOut:
    """Read what a step left out: subject and reason of each."""
    frame = read_table(path, ("subject", "reason"))
    return tuple(zip(frame["subject"], frame["reason"], strict=True))
