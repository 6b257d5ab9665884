"""The print beside the computed, a verdict a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    claims : DataFrame, one row a statement of running text in the order of the record
        ``id, locator, sector, kind, var1, var2``; ``printed`` (NaN where words stand alone) and
        ``computed`` (by the first seed; ``computed_is`` says whether it is the value or the p
        that decides a significance); ``verdict``, ``role``, ``reason`` and ``reason_nl``;
        ``chapter``; ``qualifier`` and ``p`` as printed; ``decimals``; ``analysis`` that answers
        it; ``base_n``; ``lowest``, ``highest``, ``seeds_agreeing`` and ``disagreeing`` as for
        cells. Empty when no text record or no specification of it ships.
    """

    source: str
    title: Label
    seeds: tuple[int, ...]
    synthetic: bool
    chapters: Mapping[str, Label]
    titles: Mapping[str, Label]
    cells: pd.DataFrame
    claims: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        """Name the source and count cells and claims by verdict, on one line."""
        parts = [f"{len(self.cells)} cells{_counted(self.cells)}"]
        if len(self.claims):
            parts.append(f"{len(self.claims)} claims{_counted(self.claims)}")
        return f"<Reproduction of {self.source}: {', '.join(parts)}, {len(self.seeds)} seeds>"

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
        return _crossed(self.cells, "chapter", tuple(self.chapters))

    def by_role(self) -> pd.DataFrame:
        """Count cells, shape (roles, 1 + verdicts): ``cells``, then each verdict."""
        return _crossed(self.cells, "role", ROLES)

    def claims_by_chapter(self) -> pd.DataFrame:
        """Count statements as :meth:`by_chapter` counts cells, in the order of the record."""
        order = tuple(dict.fromkeys(self.claims["chapter"])) if len(self.claims) else ()
        return _crossed(self.claims, "chapter", order)

    def claims_by_role(self) -> pd.DataFrame:
        """Count statements as :meth:`by_role` counts cells."""
        return _crossed(self.claims, "role", ROLES)

    @property
    def all_chapters(self) -> dict[str, Label]:
        """Chapters of tables and running text, by id, in printed order."""
        named = dict(self.chapters)
        if len(self.claims):
            extra = [c for c in dict.fromkeys(self.claims["chapter"]) if c not in named]
            before = [c for c in extra if not c.isdigit() or int(c) < 2]
            after = [c for c in extra if c not in before]
            tail = [c for c in named if not c.isdigit()]
            head = [c for c in named if c.isdigit()]
            return {c: named.get(c, _named(c)) for c in (*before, *head, *after, *tail)}
        return named

    @property
    def missed(self) -> int:
        """Number of cells and statements that are missed."""
        frames = [self.cells, self.claims] if len(self.claims) else [self.cells]
        return sum(int((frame["verdict"] == "missed").sum()) for frame in frames)

    @property
    def unsettled_claims(self) -> pd.DataFrame:
        """Statements that are not reproduced."""
        if not len(self.claims):
            return self.claims
        return self.claims[self.claims["verdict"] != "reproduced"].reset_index(drop=True)

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

    def write_claims_csv(self, path: str | Path) -> None:
        """Write :attr:`claims` to a CSV file (UTF-8), in one piece or not at all."""
        with atomic_write(path) as stream:
            self.claims.to_csv(stream, index=False, lineterminator="\n")


def _counted(frame: pd.DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    verdicts = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if name in counts)
    return f" ({verdicts})" if verdicts else ""


def _named(chapter: str) -> Label:
    if chapter == "Samenvatting":
        return Label("Samenvatting", "Summary")
    return Label(f"Hoofdstuk {chapter}", f"Chapter {chapter}")


def _crossed(frame: pd.DataFrame, by: str, order: tuple[str, ...]) -> pd.DataFrame:
    if frame.empty:
        return pd.DataFrame(columns=["cells", *VERDICTS])
    table = pd.crosstab(frame[by], frame["verdict"])
    table = table.reindex(columns=list(VERDICTS), fill_value=0)
    known = [name for name in order if by == "role" or name in table.index]
    table = table.reindex(index=known, fill_value=0)
    table.insert(0, "cells", table.sum(axis=1))
    table.columns.name = None
    return table
