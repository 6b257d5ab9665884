"""Register figures: which of them belong to which organisation of a wave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import WaveError

from .checks import ReasonArray, give_reasons, read_columns
from .codebook import Codebook
from .raw import FloatArray, RawTable, as_text, numbers
from .rows import Report, check_columns, read_organisations, read_synthetic
from .wording import listed

_MARKS = ("sector", "year", "synthetic", "seed")


@dataclass(frozen=True)
class Register:
    """Figures for the organisations of a wave.

    Attributes
    ----------
    figures : dict of str to ndarray of float, shape (n_organisations,)
        NaN where the register has no figure.
    reasons : dict of str to ndarray of object, shape (n_organisations,)
        Why there is none, ``""`` where there is one.
    """

    figures: dict[str, FloatArray]
    reasons: dict[str, ReasonArray]


def check_register(
    table: RawTable,
    codebook: Codebook,
    sectors: pd.Series[str],
    year: int,
    present: Collection[str] = (),
) -> Register:
    """Check a register and give its figures of one year, in the order of a wave.

    Parameters
    ----------
    table : RawTable
        The register as it came.
    codebook : Codebook
        Its variables with ``origin = "register"`` may be in the register.
    sectors : Series of str by organisation
        The wave's organisations.
    year : int
        Which rows to take.
    present : collection of str
        Variables that the wave already has.

    Raises
    ------
    WaveError
        Lists every fault.
    """
    report = Report(table, list(table.faults))
    variables = codebook.variables
    known = [name for name, v in variables.items() if v.origin == "register"]
    _check_origin(report, codebook)
    answers = [name for name in table.columns if name in variables and name not in known]
    check_columns(report, ("organisation", *_MARKS, *known, *answers), ("organisation",))
    table = _of_year(report, year)
    report = Report(table, report.faults)
    organisations = read_organisations(report)
    read_synthetic(report)
    found_sectors = _sectors(report, organisations, sectors)
    names = [name for name in known if name in table.columns]
    for name in names:
        if name in present:
            report.add(f"column {name!r}: the wave already has it")
    if not names:
        report.add(f"expected a column of register figures ({listed(known)}), found none")
    found, places = read_columns(report, codebook, names, found_sectors)
    if organisations and not set(organisations) & set(sectors.index):
        report.add("expected organisations of the wave, found none of them")
    if report.faults:
        raise WaveError(table.source, report.faults)
    given = {
        name: (found[name].answer, give_reasons(codebook, name, found[name], places[name]))
        for name in names
    }
    return _aligned(codebook, given, organisations, sectors)


def _aligned(
    codebook: Codebook,
    given: dict[str, tuple[FloatArray, ReasonArray]],
    organisations: list[str],
    sectors: pd.Series[str],
) -> Register:
    """Put figures in the order of the wave; organisations that the register lacks have none."""
    where = pd.Index(organisations).get_indexer(pd.Index(sectors.index))
    figures: dict[str, FloatArray] = {}
    reasons: dict[str, ReasonArray] = {}
    for name, (answer, reason) in given.items():
        every = codebook.variables[name].sectors or codebook.sectors
        absent = np.where(sectors.isin(every).to_numpy(dtype=bool), "blank", "not_asked")
        figures[name] = np.where(where >= 0, answer[where], np.nan)
        reasons[name] = np.where(where >= 0, reason[where], absent.astype(object))
    return Register(figures, reasons)


def _check_origin(report: Report, codebook: Codebook) -> None:
    for name in dict.fromkeys(report.table.columns):
        if name in codebook.variables and codebook.variables[name].origin != "register":
            report.add(f"column {name!r}: an answer to the survey, not a register figure")


def _of_year(report: Report, year: int) -> RawTable:
    """Keep the rows of one year; a register without a column ``year`` is all of that year."""
    table = report.table
    cells = table.column("year")
    if not table.lines:
        report.add("expected at least one row, found none")
    if cells is None or not table.lines:
        return table
    found = numbers(cells, {}).array
    for at, cell in enumerate(cells):
        if not (np.isfinite(found[at]) and found[at].is_integer()):
            report.cell(at, "year", "a year", cell)
    keep = np.flatnonzero(found == year).tolist()
    if not keep:
        years = sorted({int(value) for value in found[np.isfinite(found)]})
        report.add(f"column 'year': expected rows of {year}, got {listed(years) or 'none'}")
    return RawTable(
        table.source,
        table.columns,
        tuple([column[at] for at in keep] for column in table.cells),
        tuple(table.lines[at] for at in keep),
        table.unit,
    )


def _sectors(report: Report, organisations: list[str], sectors: pd.Series[str]) -> list[str]:
    """Give each row's sector as the wave has it, ``""`` when the wave lacks the organisation."""
    own = dict(zip(sectors.index.tolist(), sectors.tolist(), strict=True))
    found = [own.get(name, "") for name in organisations]
    cells = report.table.column("sector")
    for at, cell in enumerate(cells or []):
        if found[at] and as_text(cell) != found[at]:
            report.cell(at, "sector", f"{found[at]!r} as in the wave", cell)
    return found
