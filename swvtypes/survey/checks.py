"""Every check of a data file against its codebook; all faults end in one error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from swvtypes.errors import WaveError

from .answers import Answers, Place, check_place, check_sets, decimal_signs, read_answers
from .closure import Change, close_compositions
from .codebook import Codebook
from .raw import FloatArray, Problem, RawTable
from .rows import MARKS, NEEDED, Report, Rows, check_columns, read_rows

ReasonArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Checked:
    """A file that fits its codebook.

    Attributes
    ----------
    rows : Rows
        Who the rows are.
    answers : dict of str to ndarray of float, shape (n_rows,)
        Substantive answers by variable, NaN where there is none; codebook order.
    reasons : dict of str to ndarray of object, shape (n_rows,)
        Id of the missing reason, ``""`` where answered.
    changes : tuple of Change
        Compositions rescaled or tolerated.
    """

    rows: Rows
    answers: dict[str, FloatArray]
    reasons: dict[str, ReasonArray]
    changes: tuple[Change, ...]


def check_table(table: RawTable, codebook: Codebook) -> Checked:
    """Check a data file against its codebook.

    Parameters
    ----------
    table : RawTable
        The file as it came.
    codebook : Codebook
        What it may hold.

    Raises
    ------
    WaveError
        Lists every fault, with the organisation or line, the column, what was expected and what
        came.
    """
    report = Report(table, list(table.faults))
    variables = codebook.variables
    needed = [v.id for v in variables.values() if not v.optional and v.origin != "register"]
    check_columns(report, (*NEEDED, *MARKS, *variables), (*NEEDED, *needed))
    rows = read_rows(report, codebook)
    present = set(table.columns)
    names = [name for name in variables if name in present]
    found, places = read_columns(report, codebook, names, rows.sectors)
    check_sets(report, codebook, found)
    changes = close_compositions(report, codebook, found, places)
    if report.faults:
        raise WaveError(table.source, report.faults)
    figures = {name: found[name].answer for name in names}
    reasons = {name: give_reasons(codebook, name, found[name], places[name]) for name in names}
    return Checked(rows, figures, reasons, tuple(changes))


def read_columns(
    report: Report, codebook: Codebook, names: list[str], sectors: list[str]
) -> tuple[dict[str, Answers], dict[str, Place]]:
    """Read and check the columns of some variables, each by itself and against its gate."""
    memo: dict[str, float | Problem | None] = {}
    variables = [codebook.variables[name] for name in names]
    continuous = [report.table.column(v.id) or [] for v in variables if v.type == "continuous"]
    signs = decimal_signs(continuous)
    found = {v.id: read_answers(report, codebook, v, memo, signs) for v in variables}
    places = {v.id: check_place(report, codebook, v, found, sectors) for v in variables}
    return found, places


def give_reasons(codebook: Codebook, name: str, answers: Answers, place: Place) -> ReasonArray:
    """Say of each cell without an answer why it has none."""
    reasons = np.full(len(answers.answer), "", dtype=object)
    if not np.isnan(answers.answer).any():
        return reasons
    empty = ~answers.given
    reasons[empty] = "blank"
    reasons[empty & ~place.let_in] = "routed_past"
    reasons[empty & ~place.asked] = "not_asked"
    for code, reason in codebook.reason_codes(name).items():
        reasons[answers.coded == code] = reason.id
    return reasons
