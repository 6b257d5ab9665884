"""A data file as it came: names of columns and raw cells, before any check."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_LARGEST = 1e100
_TRUTH = {"true": True, "waar": True, "false": False, "onwaar": False}


@dataclass(frozen=True)
class RawTable:
    """Columns and cells of one file.

    Attributes
    ----------
    source : str
        What to call it in an error.
    columns : tuple of str
        Names as they came; there may be duplicates.
    cells : tuple of list
        One list of cells a column, all of the same length. A cell is text, a number, a boolean,
        None, or whatever else a file can hold.
    lines : tuple of int
        Where each row stands in the file.
    unit : str
        What `lines` counts: ``"line"`` or ``"row"``.
    faults : tuple of str
        What was found wrong while reading.
    """

    source: str
    columns: tuple[str, ...]
    cells: tuple[list[object], ...]
    lines: tuple[int, ...]
    unit: str = "row"
    faults: tuple[str, ...] = ()

    def column(self, name: str) -> list[object] | None:
        """Give the cells of the first column with this name, None when there is none."""
        return self.cells[self.columns.index(name)] if name in self.columns else None

    def at(self, row: int) -> str:
        """Say where a row stands."""
        return f"{self.unit} {self.lines[row]}"


class Problem(Enum):
    """Why a cell is no number."""

    TEXT = "a number"
    INFINITE = "a finite number"
    LARGE = "a number below 1e100 in size"


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Attributes
    ----------
    array : ndarray of float, shape (n_rows,)
        NaN where the cell is empty or no number.
    given : ndarray of bool, shape (n_rows,)
        Whether the cell holds anything.
    problems : dict of int to Problem
        Rows whose cell is no number.
    """

    array: FloatArray
    given: BoolArray
    problems: dict[int, Problem]


def is_empty(cell: object) -> bool:
    """Whether a cell holds nothing: None, NaN, NA, NaT or blank text."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    if isinstance(cell, str):
        return not cell.strip()
    return isinstance(cell, float | np.floating) and math.isnan(cell)


def is_number(value: object) -> bool:
    """Whether a value is a number of Python or numpy; booleans are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def as_text(cell: object) -> str:
    """Give a cell that should be an id as text; whole numbers without decimals, empty as ``""``."""
    if is_empty(cell):
        return ""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def as_truth(cell: object) -> bool | None:
    """Read true or false (in Dutch spreadsheets: waar, onwaar); None for anything else.

    The numbers 1 and 0 count when the file has numbers, as ``.sav`` has no booleans.
    """
    if isinstance(cell, str):
        return _TRUTH.get(cell.strip().lower())
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, int | float | np.number) and cell in (0, 1):
        return bool(cell)
    return None


def as_number(cell: object) -> float | Problem | None:
    """Read one cell as a number; None when it is empty. The decimal sign is a point or a comma."""
    if isinstance(cell, str):
        return _from_text(cell.strip())
    if is_empty(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return Problem.TEXT
    if isinstance(cell, int | float | np.number):
        return _finite(cell)
    if type(cell).__name__ == "Decimal":
        return _finite(cell)
    return Problem.TEXT


def _from_text(text: str) -> float | Problem | None:
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return _finite(text.replace(",", "."))
    return Problem.INFINITE if _INFINITE.fullmatch(text) else Problem.TEXT


def _finite(value: object) -> float | Problem:
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        return Problem.INFINITE
    except (TypeError, ValueError):
        return Problem.TEXT
    if not math.isfinite(number):
        return Problem.INFINITE
    return number if abs(number) < _LARGEST else Problem.LARGE  # so that no sum overflows


def numbers(cells: list[object], memo: dict[str, float | Problem | None]) -> Numbers:
    """Read a column as numbers.

    Parameters
    ----------
    cells : list
        Raw cells.
    memo : dict
        Texts read before; answers repeat, so one dictionary serves a whole file.
    """
    if pd.api.types.infer_dtype(cells, skipna=False) == "string":
        return _of_texts(cells, memo)
    values = np.full(len(cells), np.nan)
    given = np.zeros(len(cells), dtype=bool)
    problems: dict[int, Problem] = {}
    for row, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell not in memo:
                memo[cell] = as_number(cell)
            number = memo[cell]
        else:
            number = as_number(cell)
        if number is None:
            continue
        given[row] = True
        if isinstance(number, Problem):
            problems[row] = number
        else:
            values[row] = number
    return Numbers(values, given, problems)


def _of_texts(cells: list[object], memo: dict[str, float | Problem | None]) -> Numbers:
    """Read a column of texts, each distinct one once."""
    codes, texts = pd.factorize(np.array(cells, dtype=object))
    for text in texts:
        if text not in memo:
            memo[text] = as_number(text)
    found = [memo[text] for text in texts]
    value = np.array([f if isinstance(f, float) else np.nan for f in found], dtype=float)
    given = np.array([f is not None for f in found], dtype=bool)
    wrong = np.array([isinstance(f, Problem) for f in found], dtype=bool)
    problems = {
        row: problem
        for row in np.flatnonzero(wrong[codes]).tolist()
        if isinstance(problem := found[codes[row]], Problem)
    }
    return Numbers(value[codes], given[codes], problems)


def from_frame(frame: pd.DataFrame, source: str) -> RawTable:
    """Take the columns of a frame, and its index when that is named ``organisation``."""
    if "organisation" not in frame.columns and "organisation" in frame.index.names:
        frame = frame.reset_index(level="organisation")
    columns = tuple(str(name) for name in frame.columns)
    cells = tuple(frame.iloc[:, at].astype(object).tolist() for at in range(len(columns)))
    return RawTable(source, columns, cells, tuple(range(1, len(frame) + 1)))
