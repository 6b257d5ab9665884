"""A wave: the answers of one survey, checked against its codebook, and frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.errors import CodebookError, OptionError, WaveError

from .checks import Checked, ReasonArray, check_table
from .codebook import Codebook
from .raw import FloatArray, RawTable, from_frame
from .readers import read_raw
from .references import CATEGORICAL
from .register import check_register
from .wording import shown

LOG_COLUMNS = ("organisation", "what", "before", "after")


@dataclass(frozen=True, eq=False, repr=False)
class Wave:
    """Answers of one survey, checked and frozen.

    Make one with :func:`read_wave`, :func:`load_wave` or :meth:`from_frame`. What its properties
    give are copies: changing them changes no wave.

    Attributes
    ----------
    name : str
        Name of the wave.
    year : int
        Year of the survey.
    codebook : Codebook
        What was asked and what the codes mean.
    sectors : tuple of str
        Sectors that the wave is about: all of the codebook, or the one of :meth:`sector`.

    Notes
    -----
    Survey weights are carried (:attr:`survey_weight`), never applied here.
    """

    name: str
    year: int
    codebook: Codebook
    sectors: tuple[str, ...]
    _frame: pd.DataFrame
    _reasons: pd.DataFrame
    _marks: pd.DataFrame
    _log: pd.DataFrame
    _provenance: dict[str, object]

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        codebook: Codebook,
        *,
        name: str = "frame",
        year: int | None = None,
    ) -> Wave:
        """Check a frame that has the columns of a data file.

        Parameters
        ----------
        frame : DataFrame, one row an organisation
            Columns (or index) ``organisation``, ``sector``, optionally ``synthetic``, ``seed``,
            ``survey_weight``, then one column a variable with its codes; None, NaN, NA or an
            empty text where there is no answer.
        codebook : Codebook
            What it may hold.
        name : str
            Name of the wave.
        year : int, optional
            Year of the survey; that of the codebook unless given.

        Raises
        ------
        WaveError
            When `frame` is no DataFrame or does not fit; lists every fault.
        CodebookError
            When `codebook` is no Codebook.
        """
        if not isinstance(frame, pd.DataFrame):
            raise WaveError(name, [f"expected a pandas DataFrame, got {shown(frame)}"])
        if not isinstance(codebook, Codebook):
            raise CodebookError("codebook", [f"expected a Codebook, got {shown(codebook)}"])
        return wave_from_table(from_frame(frame, name), codebook, name, year)

    def __repr__(self) -> str:
        size = f"{len(self._frame)} organisations, {self._frame.shape[1] - 1} variables"
        return f"<Wave {self.name!r} ({self.year}): {size}>"

    def __len__(self) -> int:
        return len(self._frame)

    @property
    def frame(self) -> pd.DataFrame:
        """Answers, shape (n_organisations, 1 + n_variables), a copy.

        Index ``organisation``; first column ``sector``; then the variables in the order of the
        codebook: Int64 for binary, nominal, ordinal and counts, Float64 for continuous. NA where
        there is no substantive answer; :attr:`reasons` says why.
        """
        return self._frame.copy()

    @property
    def reasons(self) -> pd.DataFrame:
        """Why an answer is absent, shape (n_organisations, n_variables), a copy.

        Id of the missing reason, ``""`` where there is an answer.
        """
        return self._reasons.copy()

    @property
    def log(self) -> pd.DataFrame:
        """Rows that were changed or tolerated, a copy: organisation, what, before, after (sums)."""
        return self._log.copy()

    @property
    def provenance(self) -> dict[str, object]:
        """Where the rows come from, a copy.

        ``source`` (file), ``synthetic`` (whether any row is), ``seed`` (None without one), and
        ``register`` once one is joined.
        """
        return dict(self._provenance)

    @property
    def variables(self) -> tuple[str, ...]:
        """Ids of the variables that the wave has."""
        return tuple(self._reasons.columns)

    @property
    def population(self) -> dict[str, int]:
        """Number of organisations that exist, by sector of the wave."""
        every = self.codebook.population
        return {sector: every[sector] for sector in self.sectors}

    @property
    def synthetic(self) -> pd.Series[bool] | None:
        """Whether each row is synthetic, by organisation; None when the file does not say."""
        return self._marks["synthetic"].copy() if "synthetic" in self._marks else None

    @property
    def survey_weight(self) -> pd.Series[float] | None:
        """Survey weights by organisation, None when the file has none."""
        return self._marks["survey_weight"].copy() if "survey_weight" in self._marks else None

    def respondents(self, sector: str | None = None) -> int:
        """Count the organisations that answered.

        Parameters
        ----------
        sector : str, optional
            Only of this sector.

        Raises
        ------
        OptionError
            When the wave has no such sector.
        """
        if sector is None:
            return len(self._frame)
        self._check_sector(sector)
        return int((self._frame["sector"] == sector).sum())

    def sector(self, sector: str) -> Wave:
        """Give the wave of one sector: the same columns, the rows of that sector.

        Raises
        ------
        OptionError
            When the wave has no such sector.
        """
        self._check_sector(sector)
        keep = (self._frame["sector"] == sector).to_numpy(dtype=bool)
        log = self._log[self._log["organisation"].isin(self._frame.index[keep])]
        return replace(
            self,
            sectors=(sector,),
            _frame=self._frame[keep].copy(),
            _reasons=self._reasons[keep].copy(),
            _marks=self._marks[keep].copy(),
            _log=log.reset_index(drop=True),
        )

    def column(self, variable: str) -> pd.Series:
        """Give the substantive answers to one variable, a copy (quicker than all of ``frame``)."""
        self._check_variable(variable)
        return self._frame[variable].copy()

    def reason(self, variable: str) -> pd.Series[str]:
        """Give why answers to one variable are absent, ``""`` where they are there; a copy."""
        self._check_variable(variable)
        return self._reasons[variable].copy()

    def coded(self, variable: str) -> pd.Series:
        """Give one variable with the codes of its declared missing reasons.

        Returns
        -------
        Series by organisation
            Int64 (Float64 for continuous variables): codes of categories (or counts) and of
            missing reasons that have one; NA for blank, routed past and not asked.
        """
        column = self.column(variable)
        reasons = self._reasons[variable].to_numpy()
        for code, reason in self.codebook.reason_codes(variable).items():
            column[reasons == reason.id] = code
        return column

    def join_register(self, source: pd.DataFrame | str | Path, year: int | None = None) -> Wave:
        """Join register figures by organisation and year.

        Parameters
        ----------
        source : DataFrame, str or Path
            A frame or data file with a column ``organisation``, a column ``year`` (left out: all
            rows are of `year`), and variables whose codebook entry has ``origin = "register"``.
            A column ``sector`` must agree with the wave; ``synthetic`` and ``seed`` are checked.
        year : int, optional
            Which year's figures to take; that of the wave unless given.

        Returns
        -------
        Wave
            With the register's variables in the order of the codebook. Organisations that the
            register lacks have no figure (reason ``blank``); those that the wave lacks are
            left out.

        Raises
        ------
        WaveError
            Lists every fault.
        """
        if isinstance(source, pd.DataFrame):
            table = from_frame(source, "register")
        else:
            table = read_raw(source)
        year = self.year if year is None else year
        joined = check_register(table, self.codebook, self._frame["sector"], year, self.variables)
        columns = _columns(self.codebook, joined.figures)
        frame = pd.concat([self._frame, _frame(columns, self._frame.index)], axis=1)
        reasons = pd.concat(
            [self._reasons, _reason_frame(joined.reasons, self._frame.index)], axis=1
        )
        order = [name for name in self.codebook.variables if name in reasons]
        provenance = {**self._provenance, "register": f"{table.source} ({year})"}
        return replace(
            self,
            _frame=frame[["sector", *order]],
            _reasons=reasons[order],
            _provenance=provenance,
        )

    def _check_sector(self, sector: str) -> None:
        if sector not in self.sectors:
            raise OptionError("sector", "one of " + ", ".join(map(repr, self.sectors)), sector)

    def _check_variable(self, variable: str) -> None:
        if variable not in self._reasons.columns:
            self.codebook.variable(variable)
            raise OptionError("variable", f"one that wave {self.name!r} has", variable)


def wave_from_table(
    table: RawTable, codebook: Codebook, name: str, year: int | None = None
) -> Wave:
    """Check a raw table and make a wave of it; raises WaveError with every fault."""
    checked = check_table(table, codebook)
    rows = checked.rows
    index = pd.Index(rows.organisations, name="organisation", dtype="str")
    sector = pd.Series(rows.sectors, index=index, dtype="str")
    frame = _frame({"sector": sector, **_columns(codebook, checked.answers)}, index)
    marks: dict[str, np.ndarray] = {}
    if rows.synthetic is not None:
        marks["synthetic"] = rows.synthetic
    if rows.survey_weight is not None:
        marks["survey_weight"] = rows.survey_weight
    provenance: dict[str, object] = {
        "source": table.source,
        "synthetic": rows.synthetic is not None and bool(rows.synthetic.any()),
        "seed": rows.seed,
    }
    return Wave(
        name,
        codebook.year if year is None else year,
        codebook,
        codebook.sectors,
        frame,
        _reason_frame(checked.reasons, index),
        pd.DataFrame(marks, index=index),
        _log(checked),
        provenance,
    )


def _columns(codebook: Codebook, values: dict[str, FloatArray]) -> dict[str, object]:
    """Give each variable the nullable type of its level of measurement."""
    columns: dict[str, object] = {}
    for name, numbers in values.items():
        absent = np.isnan(numbers)
        filled = np.where(absent, 0.0, numbers)
        kind = codebook.variables[name].type
        if kind in CATEGORICAL or kind == "count":
            columns[name] = pd.arrays.IntegerArray(filled.astype(np.int64), absent)
        else:
            columns[name] = pd.arrays.FloatingArray(filled, absent)
    return columns


def _frame(columns: dict[str, object], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(columns, index=index)


def _reason_frame(reasons: dict[str, ReasonArray], index: pd.Index) -> pd.DataFrame:
    block = np.empty((len(index), len(reasons)), dtype=object)
    for at, column in enumerate(reasons.values()):
        block[:, at] = column
    return pd.DataFrame(block, index=index, columns=list(reasons), dtype=object)


def _log(checked: Checked) -> pd.DataFrame:
    names = checked.rows.organisations
    lines = [(names[c.row], c.what, c.before, c.after) for c in checked.changes]
    log = pd.DataFrame(lines, columns=list(LOG_COLUMNS))
    return log.astype({"organisation": "str", "what": "str", "before": float, "after": float})
