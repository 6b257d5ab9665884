"""Tables in the layout of the printed report, the previous wave's figures beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from swvtypes.language import Label, Language
from swvtypes.rounding import half_up
from swvtypes.survey import Codebook
from swvtypes.tables import TableSet, TableSpec, cells_of, is_weighted
from swvtypes.tables.labels import column_label

KEY = ["locator", "row_no", "sector", "measure"]
_DECIMALS = {"percent": 0, "count": 0, "base": 0, "min": 0, "max": 0, "mean": 2, "median": 2}
_PREVIOUS = Label("vorige", "previous")
_N = Label("aantal", "n")
_WEIGHTED = Label(
    "percentages en gemiddelden gewogen, aantallen niet",
    "percentages and means weighted, counts not",
)


@dataclass(frozen=True)
class Placed:
    """Where a computed cell stands: its column's heading and what is printed in it."""

    heading: str
    shown: str
    previous: str


def printed(table: pd.DataFrame, decimals: Mapping[tuple[Any, ...], int]) -> list[str]:
    """Give the values as they would be printed: half up, from exact counts where there are any.

    Parameters
    ----------
    table : DataFrame
        Of ``swvtypes.tables.compute_tables``.
    decimals : mapping of cell key to int
        Decimals of the printed record; two for means and none for the rest where it has none.
    """
    out = []
    for row in table.to_dict("records"):
        places = decimals.get(tuple(row[k] for k in KEY), _DECIMALS.get(row["statistic"], 2))
        exact = _exact(row)
        out.append("" if exact is None else str(half_up(exact, places)))
    return out


def _exact(row: Mapping[Any, Any]) -> Fraction | float | None:
    value, top, bottom = row["value"], row["numerator"], row["denominator"]
    if pd.isna(value):
        return None
    if row["statistic"] == "percent" and not (pd.isna(top) or pd.isna(bottom)) and bottom:
        return Fraction(100 * int(top), int(bottom))
    if row["statistic"] == "mean" and not (pd.isna(top) or pd.isna(bottom)) and bottom:
        exact = Fraction(int(top), int(bottom))
        return exact if abs(float(exact) - value) < 1e-9 else float(value)
    return float(value)


def sheets(
    specs: TableSet, table: pd.DataFrame, codebook: Codebook, language: Language
) -> dict[str, list[Sequence[Any]]]:
    """Lay out computed tables, one sheet a chapter, in printed order.

    Parameters
    ----------
    specs : TableSet
    table : DataFrame
        Computed cells with columns ``shown`` and ``previous``.
    codebook : Codebook
    language : {"nl", "en"}

    Returns
    -------
    dict of str to list of rows
        A title, a head of sectors and headings, and a line a row for each table; under each
        sector first the wave's figures, then the previous wave's. Last the bases, and whether
        percentages are weighted.
    """
    by_table = dict(iter(table.groupby("locator", sort=False)))
    out: dict[str, list[Sequence[Any]]] = {}
    for spec in specs:
        part = by_table.get(spec.locator)
        if part is None:
            continue
        rows = out.setdefault(_sheet_name(specs, spec, language), [])
        rows += _table_rows(spec, part, codebook, language)
        rows.append([])
    return out


def _sheet_name(specs: TableSet, spec: TableSpec, language: Language) -> str:
    name = specs.chapters[spec.chapter].text(language)
    return "".join(sign if sign not in "[]:*?/\\" else " " for sign in name)[:31].strip()


def _table_rows(
    spec: TableSpec, part: pd.DataFrame, codebook: Codebook, language: Language
) -> list[Sequence[Any]]:
    headings = {
        (cell.sector, cell.measure): column_label(cell, codebook).text(language)
        for cell in cells_of(spec, codebook.sectors)
    }
    columns = list(dict.fromkeys(zip(part["sector"], part["measure"], strict=True)))
    sectors = dict.fromkeys(sector for sector, _ in columns)
    columns = [column for sector in sectors for column in columns if column[0] == sector]
    has_previous = bool((part["previous"] != "").any())
    waves = ("shown", "previous") if has_previous else ("shown",)
    keys = [(*column, which) for column in columns for which in waves]
    head = [
        codebook.file.sectors[codebook.sectors.index(s)].label.text(language) for s, _, _ in keys
    ]
    names = [
        headings[s, m] + (f" ({_PREVIOUS.text(language)})" if which == "previous" else "")
        for s, m, which in keys
    ]
    found: dict[int, dict[tuple[str, str, str], Any]] = {}
    labels: dict[int, str] = {}
    for row in part.to_dict("records"):
        labels.setdefault(row["row_no"], row["row_label"])
        line = found.setdefault(row["row_no"], {})
        for which in waves:
            line[row["sector"], row["measure"], which] = _number(row[which])
    body = [[labels[number], *(found[number].get(key) for key in keys)] for number in sorted(found)]
    title = f"{spec.locator}: {spec.title.text(language)}"
    return [[title], ["", *head], ["", *names], *body, _bases(part, language)]


def _bases(part: pd.DataFrame, language: Language) -> list[str]:
    ranges = []
    for sector, rows in part.groupby("sector", sort=False):
        low, high = rows["base_n"].min(), rows["base_n"].max()
        ranges.append(f"{sector} {_N.text(language)} {low}" + (f"-{high}" if high > low else ""))
    if is_weighted(part):
        ranges.append(_WEIGHTED.text(language))
    return ["; ".join(ranges)]


def _number(text: str) -> Any:
    if text == "":
        return None
    return float(text) if "." in text else int(text)
