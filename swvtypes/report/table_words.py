"""What tables, their columns and their rows are called in a report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from swvtypes.language import Label
from swvtypes.survey import Codebook
from swvtypes.tables import TableSet, cells_of
from swvtypes.tables.labels import STATISTIC_LABELS, column_label, row_label

NOTHING = Label("", "")


@dataclass(frozen=True)
class TableWords:
    """Texts of one table.

    Attributes
    ----------
    title, chapter : Label
        Empty where unknown.
    headings : mapping of (sector, measure) to Label
        Of columns; the measure's own name stands where one is absent.
    rows : mapping of int to Label
        By row number; the label in the table stands where one is absent.
    """

    title: Label = NOTHING
    chapter: Label = NOTHING
    headings: Mapping[tuple[str, str], Label] = field(default_factory=dict)
    rows: Mapping[int, Label] = field(default_factory=dict)

    def heading(self, sector: str, measure: str, statistic: str) -> Label:
        """Give the heading of a column."""
        plain = measure.replace("_", " ")
        known = STATISTIC_LABELS.get(statistic) if measure == statistic else None
        return self.headings.get((sector, measure)) or known or Label(plain, plain)


def words_of(
    tables: TableSet, codebook: Codebook, locators: Collection[str]
) -> dict[str, TableWords]:
    """Give the texts of tables that were computed.

    Parameters
    ----------
    tables : TableSet
        Their specifications.
    codebook : Codebook
        Of the wave that they were computed from.
    locators : collection of str
        Which were.
    """
    found = {}
    for spec in tables:
        if spec.locator not in locators:
            continue
        cells = cells_of(spec, codebook.sectors)
        found[spec.locator] = TableWords(
            spec.title,
            tables.chapters[spec.chapter],
            {(c.sector, c.measure): column_label(c, codebook) for c in cells},
            {c.row_no: row_label(c, codebook) for c in reversed(cells)},
        )
    return found
