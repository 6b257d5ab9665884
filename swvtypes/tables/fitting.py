"""Whether table specifications fit a wave: every fault at once."""

from __future__ import annotations

from collections.abc import Iterable

from swvtypes.errors import InputError

from .cells import Cell
from .schema import Base
from .specification import TableSpec
from .tally import Tally
from .values import UNWEIGHTED_ONLY

_NEEDS_NUMBERS = frozenset({"mean", "median", "sd", "min", "max"})


def fit_faults(specs: Iterable[TableSpec], cells: Iterable[Cell], tally: Tally) -> list[str]:
    """List everything that a wave lacks for these tables.

    Parameters
    ----------
    specs : iterable of TableSpec
        What is asked.
    cells : iterable of Cell
        The same, unrolled.
    tally : Tally
        The wave.

    Returns
    -------
    list of str
        One sentence a fault, each once; empty when every cell can be computed.
    """
    faults: dict[str, None] = {}
    codebook = tally.codebook
    for spec in specs:
        for sector in {*spec.sectors, *(s for row in spec.rows for s in row.sectors)}:
            if sector not in codebook.sectors:
                known = ", ".join(map(repr, codebook.sectors))
                faults[f"{spec.locator}: no sector {sector!r}; known: {known}"] = None
        if spec.composition is not None and spec.composition not in codebook.compositions:
            fault = f"{spec.locator}: no composition {spec.composition!r} in {codebook.id!r}"
            faults[fault] = None
    for cell in cells:
        for fault in _cell_faults(cell, tally):
            faults[f"{cell.locator}, row {cell.row_no}: {fault}"] = None
    return list(faults)


def _cell_faults(cell: Cell, tally: Tally) -> list[str]:
    if tally.weights is not None and cell.statistic in UNWEIGHTED_ONLY:
        return [f"{cell.statistic}: not defined here for a wave with survey weights"]
    if cell.scale is not None:
        return _scale_faults(cell.scale, cell.sector, tally)
    faults = [
        fault
        for variable in dict.fromkeys((*cell.members, *filter(None, [cell.variable])))
        for fault in _variable_faults(variable, cell, tally)
    ]
    if not faults and cell.variable is not None:
        faults = _category_faults(cell.variable, cell, tally)
    return faults


def _scale_faults(scale: str, sector: str, tally: Tally) -> list[str]:
    codebook = tally.codebook
    if scale not in codebook.scales:
        return [f"no scale {scale!r} in codebook {codebook.id!r}"]
    items = codebook.items(scale)
    faults = [f"the wave lacks item {item!r}" for item in items if item not in tally.variables]
    faults += [
        f"item {item!r} is not asked in sector {sector!r}"
        for item in items
        if not codebook.asked(item, sector)
    ]
    if not faults:
        try:
            tally.scales(scale)
        except InputError as error:
            faults += error.faults
    return faults


def _variable_faults(variable: str, cell: Cell, tally: Tally) -> list[str]:
    codebook = tally.codebook
    if variable not in codebook.variables:
        return [f"no variable {variable!r} in codebook {codebook.id!r}"]
    if variable not in tally.variables:
        return [f"the wave lacks variable {variable!r}"]
    if not codebook.asked(variable, cell.sector):
        return [f"{variable!r} is not asked in sector {cell.sector!r}"]
    kind = codebook.variable(variable).type
    if cell.statistic in _NEEDS_NUMBERS and kind in {"nominal", "binary"}:
        return [f"{cell.statistic} of {variable!r}: expected numbers, the variable is {kind}"]
    return _base_faults(variable, cell.base, tally)


def _base_faults(variable: str, base: Base, tally: Tally) -> list[str]:
    reasons = {reason.id for reason in tally.codebook.reasons(variable)}
    codes = {category.code for category in tally.codebook.categories(variable)}
    faults = [
        f"base: {variable!r} has no missing reason {reason!r}; known: {', '.join(sorted(reasons))}"
        for reason in base.reasons
        if reason not in reasons
    ]
    return faults + [
        f"base: {variable!r} has no category {code}; known: {_listed(codes)}"
        for code in base.codes
        if code not in codes
    ]


def _category_faults(variable: str, cell: Cell, tally: Tally) -> list[str]:
    codes = {category.code for category in tally.codebook.categories(variable)}
    reasons = {reason.id for reason in tally.codebook.reasons(variable)}
    counts_numbers = tally.codebook.variable(variable).type == "count"
    faults = [
        f"{variable!r} has no category {code}; known: {_listed(codes)}"
        for code in sorted(cell.codes)
        if code not in codes and not counts_numbers
    ]
    faults += [
        f"{variable!r} has no missing reason {reason!r}; known: {', '.join(sorted(reasons))}"
        for reason in sorted(cell.reasons)
        if reason not in reasons
    ]
    if cell.arithmetic == "rounded_percentages":
        if not codes:
            faults.append(f"{variable!r}: rounded percentages need a variable with categories")
        faults += _base_faults(variable, cell.rounded_base, tally)
    return faults


def _listed(codes: set[int]) -> str:
    return ", ".join(map(str, sorted(codes))) or "none"
