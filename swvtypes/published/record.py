"""Read the printed record of a report.

A record is a set of CSV files in ``data/published``. Values stand as printed, wrong prints
included; nothing here corrects them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from swvtypes.errors import RecordError, ResourceError
from swvtypes.resources import data_path

FLOATS = frozenset({"value"})
INTEGERS = frozenset({"row_no"})
COUNTS = frozenset({"decimals", "n"})
DEGREES = frozenset({"df1", "df2"})  # broken ones are printed of tests without equal variances
STATISTICS = (
    "r", "F", "t", "chi2", "chi-square", "x2", "p", "mean", "sd", "median", "min", "max", "alpha",
    "effect_size", "percent", "count", "ns",
)  # fmt: skip
MARKS = (
    "heading", "reference", "reversed", "scale_label", "ranking", "base", "stray", "missing_rule",
    "reversed_absent",
)  # fmt: skip
_KINDS = {"text": STATISTICS, "marks": MARKS}
_PRINTED_P = re.compile(r"[<>=]?\s*-?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
_LARGEST = 10**9

COLUMNS: dict[str, tuple[str, ...]] = {
    "tables": (
        "locator",
        "row_no",
        "row_label",
        "sector",
        "measure",
        "value",
        "decimals",
        "unit",
        "note",
    ),
    "text": (
        "id",
        "locator",
        "sector",
        "kind",
        "var1",
        "var2",
        "value",
        "decimals",
        "df1",
        "df2",
        "p",
        "n",
        "qualifier",
        "note",
    ),
    "marks": ("locator", "kind", "subject", "printed", "note"),
}


def available() -> tuple[str, ...]:
    """List the names of the record files that :func:`load` can read.

    Examples
    --------
    >>> "monitor_2016_tables" in available()
    True
    """
    try:
        folder = data_path("published")
    except ResourceError:
        return ()
    return tuple(sorted(path.stem for path in folder.glob("*.csv")))


def load(name: str) -> pd.DataFrame:
    """Load one file of the printed record.

    Parameters
    ----------
    name : str
        File name without ending, for example ``"monitor_2016_tables"``.

    Returns
    -------
    pandas.DataFrame
        The file's columns in order, one row a printed number. ``value`` is float (NaN where print
        gives words only), ``row_no`` int, every other column str ("" where empty); so
        ``decimals``, ``df1``, ``df2``, ``p`` and ``n`` keep the digits as printed.

    Raises
    ------
    RecordError
        When the file is absent or malformed; lists all faults with their line.

    Examples
    --------
    >>> record = load("monitor_2016_tables")
    >>> float(record.loc[0, "value"]), record.loc[0, "locator"]
    (42.0, 'Tabel 2.1')
    """
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]+", name):
        raise RecordError(
            "printed record",
            [
                f"expected the name of a record without a folder, for example one of "
                f"{', '.join(available()) or 'none'}; found {name!r}"
            ],
        )
    try:
        path = data_path("published", f"{name}.csv")
    except ResourceError as absent:
        known = ", ".join(available()) or "none"
        raise RecordError(
            f"printed record {name!r}", [f"expected a file {name}.csv; records found: {known}"]
        ) from absent
    return parse(path, name)


def parse(path: Path, name: str) -> pd.DataFrame:
    """Read and check one record file; see :func:`load`."""
    subject = f"printed record {name!r}"
    try:
        with path.open(encoding="utf-8-sig") as stream:
            header = stream.readline()
        if "," not in header and header.count(";") > 1:
            raise RecordError(
                subject, ["expected commas between cells and a point in decimals, found semicolons"]
            )
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as fault:
        raise RecordError(subject, [f"expected a CSV file in UTF-8: {fault}"]) from fault
    if not isinstance(frame.index, pd.RangeIndex):
        raise RecordError(subject, ["expected as many cells on a line as in the header, got more"])
    faults = _column_faults(frame, name)
    for column in frame.columns:
        if column in FLOATS | INTEGERS | COUNTS | DEGREES:
            faults += _number_faults(frame, column)
    part = name.rpartition("_")[2]
    faults += _kind_faults(frame, _KINDS.get(part, ()))
    if not faults and name.endswith("_tables"):
        faults += _cell_faults(frame)
    elif not faults and part in ("tables", "text"):
        faults += _digit_faults(frame, part)
    if faults:
        raise RecordError(subject, faults)
    for column in frame.columns:
        if column in FLOATS:
            frame[column] = pd.to_numeric(frame[column])
        elif column in INTEGERS:
            frame[column] = pd.to_numeric(frame[column]).astype("int64")
    return frame


def _column_faults(frame: pd.DataFrame, name: str) -> list[str]:
    expected = COLUMNS.get(name.rpartition("_")[2])
    if expected is None:
        return []
    faults = [f"column {c}: expected, absent" for c in expected if c not in frame.columns]
    faults += [f"column {c}: unknown" for c in frame.columns if c not in expected]
    return faults


def _cell_faults(frame: pd.DataFrame) -> list[str]:
    """Check that a table's cells have a value with as many digits as they say, and stand once."""
    faults = []
    keys = ["locator", "row_no", "sector", "measure"]
    seen: dict[tuple[str, ...], int] = {}
    for at, row in enumerate(frame.to_dict("records")):
        line = f"line {at + 2}"
        value, decimals = row["value"], row["decimals"]
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            faults.append(f"{line}, column value: expected digits as printed, got {value!r}")
        elif not re.fullmatch(r"[0-6]", decimals):
            faults.append(f"{line}, column decimals: expected 0 to 6, got {decimals!r}")
        elif len(value.partition(".")[2]) != int(decimals):
            faults.append(f"{line}: {value} has not the {decimals} decimals that it says")
        if not re.fullmatch(r"[0-9]{1,6}", row["row_no"]):
            faults.append(f"{line}, column row_no: expected 0 or more, got {row['row_no']!r}")
        for column in ("locator", "sector", "measure"):
            if not row[column]:
                faults.append(f"{line}, column {column}: expected a name, it is empty")
        key = tuple(str(row[column]) for column in keys)
        if key in seen:
            faults.append(f"{line}: the cell of line {seen[key]} again ({', '.join(key)})")
        seen.setdefault(key, at + 2)
    if frame.empty:
        faults.append("expected cells, found none")
    return faults


def _kind_faults(frame: pd.DataFrame, known: tuple[str, ...]) -> list[str]:
    """Note kinds that no check knows, and p-values that are no number: nobody would miss them."""
    if not known or "kind" not in frame.columns:
        return []
    faults = [
        f"line {at + 2}, column kind: expected one of {', '.join(known)}; got {kind!r}"
        for at, kind in enumerate(frame["kind"])
        if kind not in known
    ]
    return faults + [
        f"line {at + 2}, column p: expected a number, with < or > before it where printed so; "
        f"got {p!r}"
        for at, p in enumerate(frame["p"] if "p" in frame.columns else ())
        if p and not _PRINTED_P.fullmatch(p.strip())
    ]


def _digit_faults(frame: pd.DataFrame, part: str) -> list[str]:
    """Check values typed in by a reader: a spreadsheet may have eaten zeros, but no digit."""
    faults = []
    for at, row in enumerate(frame.to_dict("records")):
        line, value, decimals = f"line {at + 2}", row["value"], row["decimals"]
        if not value:
            if part == "tables":
                faults.append(f"{line}, column value: expected a number, found none")
        elif not re.fullmatch(r"[0-6]", decimals):
            faults.append(f"{line}, column decimals: expected 0 to 6, got {decimals!r}")
        elif len(value.rstrip().partition(".")[2].rstrip("0")) > int(decimals):
            faults.append(f"{line}: {value} has more than the {decimals} decimals that it says")
    return faults


def _number_faults(frame: pd.DataFrame, column: str) -> list[str]:
    texts = frame[column]
    filled = texts if column in INTEGERS else texts[texts != ""]
    numbers = pd.to_numeric(filled, errors="coerce")
    bad = numbers.isna() | numbers.isin([float("inf"), float("-inf")])
    kind = "a number"
    if column not in FLOATS | DEGREES:
        bad |= numbers.mod(1).ne(0) | numbers.abs().gt(_LARGEST)
        kind = "a whole number"
    if column == "n":
        bad |= numbers.lt(0)
        kind = "a whole number from 0"
    return [
        f"line {index + 2}, column {column}: expected {kind}, got {filled[index]!r}"
        for index in filled.index[bad]
    ]
