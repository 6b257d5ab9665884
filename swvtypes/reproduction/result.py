"""The print beside the computed, a verdict a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from swvtypes.language import Label
from swvtypes.resources import atomic_write

from .findings import ROLES, VERDICTS

COLUMNS = (
    "locator",
    "row_no",
    "sector",
    "measure",
    "printed",
    "computed",
    "verdict",
    "role",
    "reason",
    "reason_nl",
    "row_label",
    "row_label_en",
    "column_label",
    "column_label_en",
    "chapter",
    "unit",
    "decimals",
    "computed_rounded",
    "base_n",
    "lowest",
    "highest",
    "seeds_agreeing",
    "disagreeing",
)

CIRCULAR = Label(
    "Overeenstemming met een doelcel is een cirkelredenering: de rijen zijn op die cel gemaakt. "
    "Alleen afgeleide cellen toetsen iets, namelijk of het drukwerk met zichzelf klopt.",
    "Agreement with a target is circular: the rows were fitted to that cell. Only derived cells "
    "test anything, namely whether the print agrees with itself.",
)
SYNTHETIC = Label(
    "De rijen zijn synthetisch: nagemaakt uit gedrukte cijfers, geen antwoorden van bestaande "
    "samenwerkingsverbanden. Wat niet gedrukt is, is ruis.",
    "The rows are synthetic: rebuilt from printed figures, not answers of existing partnerships. "
    "What was not printed is noise.",
)


@dataclass(frozen=True)
class Reproduction:
    """The print beside the computed.

    Attributes
    ----------
    source : str
        Name of the report.
    title : Label
        Title of its tables.
    seeds : tuple of int
        Versions of the rows that were compared.
    synthetic : bool
        Whether any of the rows is synthetic.
    chapters : mapping of str to Label
        Chapters in printed order.
    titles : mapping of str to Label
        Titles of the tables by locator, in printed order.
    cells : DataFrame, one row a printed cell in the order of the record
        ``locator, row_no, sector, measure``; ``printed`` and ``computed`` (float; computed by
        the first seed, not rounded, NaN where nobody is in the base); ``verdict``, ``role``,
        ``reason`` and ``reason_nl``; ``row_label`` (of the record), ``row_label_en``,
        ``column_label`` and ``column_label_en``; ``chapter``; ``unit``; ``decimals`` (printed);
        ``computed_rounded`` (text, rounded half up to the printed decimals); ``base_n``;
        ``lowest`` and ``highest`` over seeds, not rounded; ``seeds_agreeing`` (how many) and
        ``disagreeing`` (which seeds do not, comma separated).
    """

    source: str
    title: Label
    seeds: tuple[int, ...]
    synthetic: bool
    chapters: Mapping[str, Label]
    titles: Mapping[str, Label]
    cells: pd.DataFrame

    def __repr__(self) -> str:
        """Name the source and count the cells by verdict, on one line."""
        counts = self.cells["verdict"].value_counts()
        verdicts = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if name in counts)
        return (
            f"<Reproduction of {self.source}: {len(self.cells)} cells"
            f"{f' ({verdicts})' if verdicts else ''}, {len(self.seeds)} seeds>"
        )

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Number of cells by chapter, role and verdict, only combinations that occur.

        Columns ``chapter, role, verdict, cells``; chapters in printed order. Reproduced cells
        with the role target agree by construction.
        """
        counted = self.cells.groupby(["chapter", "role", "verdict"], sort=False).size()
        frame = counted.rename("cells").reset_index()
        order = {name: at for at, name in enumerate((*self.chapters, *ROLES, *VERDICTS))}
        return frame.sort_values(
            ["chapter", "role", "verdict"], key=lambda column: column.map(order)
        ).reset_index(drop=True)

    def by_chapter(self) -> pd.DataFrame:
        """Count cells, shape (chapters that occur, 1 + verdicts): ``cells``, then each verdict."""
        return self._crossed("chapter", tuple(self.chapters))

    def by_role(self) -> pd.DataFrame:
        """Count cells, shape (roles, 1 + verdicts): ``cells``, then each verdict."""
        return self._crossed("role", ROLES)

    @property
    def unsettled(self) -> pd.DataFrame:
        """Cells that are not reproduced."""
        return self.cells[self.cells["verdict"] != "reproduced"].reset_index(drop=True)

    @property
    def notices(self) -> tuple[Label, ...]:
        """What must be said wherever the result is shown."""
        return (SYNTHETIC, CIRCULAR) if self.synthetic else (CIRCULAR,)

    def write_csv(self, path: str | Path) -> None:
        """Write :attr:`cells` to a CSV file (UTF-8), in one piece or not at all.

        Parameters
        ----------
        path : str or Path
            The file; its folder must exist.
        """
        with atomic_write(path) as stream:
            self.cells.to_csv(stream, index=False, lineterminator="\n")

    def _crossed(self, by: str, order: tuple[str, ...]) -> pd.DataFrame:
        table = pd.crosstab(self.cells[by], self.cells["verdict"])
        table = table.reindex(columns=list(VERDICTS), fill_value=0)
        known = [name for name in order if by == "role" or name in table.index]
        table = table.reindex(index=known, fill_value=0)
        table.insert(0, "cells", table.sum(axis=1))
        table.columns.name = None
        return table
