"""Specifications and a wave in, computed tables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from swvtypes.errors import TableError
from swvtypes.language import Language, check_language

from .cells import Cell, cells_of
from .fitting import fit_faults
from .labels import row_label
from .specification import TableSpec
from .tally import Tally
from .values import Value, evaluate

if TYPE_CHECKING:
    from swvtypes.survey import Wave

COLUMNS = (
    "locator",
    "row_no",
    "row_label",
    "sector",
    "measure",
    "statistic",
    "value",
    "numerator",
    "denominator",
    "base_n",
    "hits",
)


def compute(spec: TableSpec, wave: Wave, language: Language = "nl") -> pd.DataFrame:
    """Compute one printed table from a wave.

    Parameters
    ----------
    spec : TableSpec
        Which table; see :func:`swvtypes.tables.load_tables`.
    wave : Wave
        Any wave whose codebook has the variables. A wave of one sector gives that sector's
        columns.
    language : {"nl", "en"}
        Language of the row labels.

    Returns
    -------
    DataFrame, one row a cell
        ``locator, row_no, row_label, sector, measure, statistic``; ``value`` (float, not
        rounded; NaN where nobody is in the base); ``numerator`` and ``denominator`` (Int64: the
        counts of a percentage, the total and number of a mean, NA elsewhere), so that rounding
        half up can be exact; ``base_n`` (respondents in the base) and ``hits`` (Int64: those
        among them that a percentage or count is of, NA for other statistics), never weighted.

    Raises
    ------
    TableError
        When the wave lacks what the table needs; lists every fault. Also for medians, SDs and
        alphas of a wave with survey weights, which are not defined here.

    Notes
    -----
    With survey weights, percentages and means are weighted (and have no numerator); counts,
    bases and extremes are of respondents.
    """
    return compute_tables(wave, (spec,), language)


def compute_tables(
    wave: Wave, specs: Iterable[TableSpec], language: Language = "nl"
) -> pd.DataFrame:
    """Compute several tables from a wave, reading it once; see :func:`compute`.

    Parameters
    ----------
    wave : Wave
        The rows.
    specs : iterable of TableSpec, for example a TableSet
        Which tables.
    language : {"nl", "en"}
        Language of the row labels.

    Returns
    -------
    DataFrame
        Tables below each other, in the order of `specs`.
    """
    check_language(language)
    asked = tuple(specs)
    tally = Tally(wave)
    cells = fitting_cells(asked, tally)
    values = [evaluate(cell, tally) for cell in cells]
    labels = [row_label(cell, tally.codebook).text(language) for cell in cells]
    return _frame(cells, values, labels)


def fitting_cells(specs: Sequence[TableSpec], tally: Tally) -> tuple[Cell, ...]:
    """Unroll specifications into the cells that a wave is asked for, and check that it can.

    Raises
    ------
    TableError
        When the wave lacks what a table needs; lists every fault.
    """
    unrolled = cells_of(specs, tally.codebook.sectors)
    cells = tuple(cell for cell in unrolled if cell.sector in tally.sectors)
    faults = fit_faults(specs, cells, tally)
    if faults:
        raise TableError(f"tables on codebook {tally.codebook.id!r}", faults)
    return cells


def is_weighted(table: pd.DataFrame) -> bool:
    """Whether computed percentages are shares of weights: they have no counts to be made of."""
    shares = table[(table["statistic"] == "percent") & table["value"].notna()]
    return bool(shares["numerator"].isna().any())


def _frame(cells: Sequence[Cell], values: Sequence[Value], labels: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "locator": [cell.locator for cell in cells],
            "row_no": [cell.row_no for cell in cells],
            "row_label": labels,
            "sector": [cell.sector for cell in cells],
            "measure": [cell.measure for cell in cells],
            "statistic": [cell.statistic for cell in cells],
            "value": [float(value.exact) for value in values],
            "numerator": pd.array([value.numerator for value in values], dtype="Int64"),
            "denominator": pd.array([value.denominator for value in values], dtype="Int64"),
            "base_n": [value.base_n for value in values],
            "hits": pd.array([value.hits for value in values], dtype="Int64"),
        },
        columns=list(COLUMNS),
    )
    return frame.astype({"row_no": "int64", "value": "float64", "base_n": "int64"})
