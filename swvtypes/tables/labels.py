"""What rows and columns of a computed table are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from swvtypes.language import Label

from .cells import Cell

if TYPE_CHECKING:
    from swvtypes.survey import Codebook

STATISTIC_LABELS = {
    "percent": Label("%", "%"),
    "count": Label("aantal", "number"),
    "base": Label("n", "n"),
    "mean": Label("gemiddelde", "mean"),
    "median": Label("mediaan", "median"),
    "sd": Label("sd", "SD"),
    "min": Label("laagste", "lowest"),
    "max": Label("hoogste", "highest"),
    "alpha": Label("alfa", "alpha"),
}


def row_label(cell: Cell, codebook: Codebook) -> Label:
    """Give the label of a cell's row: that of the specification, else that of the codebook.

    Parameters
    ----------
    cell : Cell
        A cell that fits the codebook.
    codebook : Codebook
        Where variables, categories and scales have their labels.
    """
    if cell.label is not None:
        return cell.label
    if cell.scale is not None:
        text = codebook.scales[cell.scale].label
        return Label(text.nl, text.en)
    if cell.variable is None:
        return Label(str(cell.row_no), str(cell.row_no))
    if cell.row_is_category:
        return _counted(cell, codebook)
    text = codebook.variable(cell.variable).label
    return Label(text.nl, text.en)


def column_label(cell: Cell, codebook: Codebook) -> Label:
    """Give the heading of a cell's column: that of the specification, else category or statistic.

    Columns of one table that count different variables are told apart by the variable's label.
    """
    if cell.heading is not None:
        return cell.heading
    statistic = STATISTIC_LABELS[cell.statistic]
    if cell.own_variable and cell.variable is not None:
        text = codebook.variable(cell.variable).label
        return Label(f"{text.nl}, {statistic.nl}", f"{text.en}, {statistic.en}")
    if cell.row_is_category or cell.statistic != "percent" or cell.whole:
        return statistic
    if cell.column_is_category and cell.variable is not None:
        return _counted(cell, codebook)
    return statistic


def _counted(cell: Cell, codebook: Codebook) -> Label:
    """Name the categories and missing reasons that a cell counts."""
    variable = str(cell.variable)
    texts = [c.label for c in codebook.categories(variable) if c.code in cell.codes]
    texts += [r.label for r in codebook.reasons(variable) if r.id in cell.reasons]
    return Label(_either((t.nl for t in texts), "of"), _either((t.en for t in texts), "or"))


def _either(texts: Iterable[str], conjunction: str) -> str:
    return f" {conjunction} ".join(texts)
