"""Whether rows were fitted to a cell, follow from what they were fitted to, or are silent on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from swvtypes.errors import RecordError
from swvtypes.survey import Codebook
from swvtypes.tables import Cell

from .cases import Key
from .findings import Role

COLUMNS = ("source", "locator", "row_no", "sector", "measure", "kind", "var1", "role")
_DISTRIBUTION = frozenset({"percent", "count"})
_FOLLOWS = frozenset({"percent", "count", "base"})
_OF_ONE_VARIABLE = frozenset({"mean", "median", "sd", "min", "max"})


@dataclass(frozen=True)
class Targets:
    """What the rows were fitted to.

    Attributes
    ----------
    cells : frozenset of (locator, row_no, sector, measure)
        Cells that were fitted to.
    settling : frozenset of (locator, row_no, sector, measure)
        Cells that only settled which of several admissible bases holds.
    distributed : frozenset of (sector, variable)
        Variables whose distribution was fitted to.
    """

    cells: frozenset[Key]
    settling: frozenset[Key]
    distributed: frozenset[tuple[str, str]]


def read_targets(frame: pd.DataFrame, record: str) -> Targets:
    """Read a list of targets.

    Parameters
    ----------
    frame : DataFrame
        One row a target: ``source`` (record file), ``locator``, ``row_no``, ``sector``,
        ``measure``, ``kind``, ``var1``, ``role`` (``"target"`` or ``"settle"``); all text.
    record : str
        Name of the tables record, for example ``"monitor_2016_tables"``; targets from other
        records settle no role of a cell.

    Returns
    -------
    Targets

    Raises
    ------
    RecordError
        When columns are absent or row numbers are no numbers; lists every fault.
    """
    faults = [f"column {name}: expected, absent" for name in COLUMNS if name not in frame]
    if faults:
        raise RecordError("targets of the rows", faults)
    here = frame[frame["source"] == record]
    numbers = pd.to_numeric(here["row_no"], errors="coerce")
    faults = [
        f"line {index + 2}: expected a row number, got {here['row_no'][index]!r}"
        for index in here.index[numbers.isna()]
    ]
    if faults:
        raise RecordError("targets of the rows", faults)
    keys: dict[str, set[Key]] = {"target": set(), "settle": set()}
    distributed = set()
    for line, number in zip(here.itertuples(index=False), numbers, strict=True):
        role, sector = str(line.role), str(line.sector)
        if role in keys:
            keys[role].add((str(line.locator), int(number), sector, str(line.measure)))
        if role == "target" and line.kind in _DISTRIBUTION:
            distributed.add((sector, str(line.var1)))
    return Targets(frozenset(keys["target"]), frozenset(keys["settle"]), frozenset(distributed))


def role_of(cell: Cell, targets: Targets, codebook: Codebook) -> Role:
    """Give the role of one cell.

    ``"target"``: fitted to. ``"derived"``: it follows from distributions that were fitted to.
    ``"free"``: the rows carry no information on it.
    """
    if cell.key in targets.cells:
        return "target"
    if cell.scale is not None:
        follows = cell.statistic == "mean"
        return _derived(follows, codebook.items(cell.scale), cell.sector, targets)
    single = cell.variable is not None or len(cell.members) == 1
    follows = cell.statistic in _FOLLOWS or (single and cell.statistic in _OF_ONE_VARIABLE)
    names = cell.members if cell.variable is None else (cell.variable,)
    return _derived(follows, names, cell.sector, targets)


def _derived(follows: bool, names: Iterable[str], sector: str, targets: Targets) -> Role:
    known = all((sector, name) in targets.distributed for name in names)
    return "derived" if follows and known else "free"
