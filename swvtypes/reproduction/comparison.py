"""Lay the print beside what the rows give."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Codebook, Wave
from swvtypes.tables import Cell
from swvtypes.tables.computing import fitting_cells
from swvtypes.tables.labels import column_label, row_label
from swvtypes.tables.tally import Tally
from swvtypes.tables.values import Value, evaluate

from .cases import Case, Cases, Key
from .claim_fits import read_fitted
from .claim_rows import ClaimRows
from .claims import compare_claims
from .elsewhere import remarks_of
from .findings import Finding, Role
from .inputs import Inputs, gather
from .result import COLUMNS, Reproduction
from .roles import read_targets, role_of
from .verdicts import Evidence, judge

_NO_SPECIFICATION = Finding(
    "undetermined",
    Label(
        "Geen tabelbeschrijving zegt wat deze cel telt.",
        "No table specification says what this cell counts.",
    ),
)


def reproduce(
    source: str = "monitor_2016",
    seeds: Iterable[int] | None = None,
    *,
    inputs: Inputs | None = None,
    show_progress: bool = False,
) -> Reproduction:
    """Recompute every printed cell and statement of a report and set it beside the print.

    Parameters
    ----------
    source : str
        Name of the report.
    seeds : iterable of int, optional
        Versions of the rows; all that ship with the package unless given.
    inputs : Inputs, optional
        Compare these instead of what ships (`source` and `seeds` are then not used).
    show_progress : bool
        Draw a progress bar on a terminal.

    Returns
    -------
    Reproduction
        One verdict a cell of a table and a statement of running text: ``"reproduced"`` (every
        seed's value, rounded half up, equals the print), ``"impossible"`` (with the proof),
        ``"contradicted"`` (the same fact is printed elsewhere with another value, which the rows
        give), ``"undetermined"`` (the rows carry no information on it), ``"missed"``. No verdict
        comes from a list of known errors.

    Raises
    ------
    RecordError, TableError, ResourceError
        When the record, the specifications or the rows are absent or malformed.
    InputError
        When there are no waves, or their codebooks differ.

    Notes
    -----
    Missing answers are treated as each table's base rule says. Waves with survey weights give
    weighted percentages and means; medians, SDs and alphas of such waves raise TableError.
    """
    given = gather(source, seeds, show_progress) if inputs is None else inputs
    return _compare(given, _tallies(given.waves))


def _compare(given: Inputs, tallies: Mapping[int, Tally]) -> Reproduction:
    first = next(iter(tallies.values()))
    cells = fitting_cells(given.tables.tables, first)
    values = {seed: _evaluate(cells, tally) for seed, tally in tallies.items()}
    cases = Cases(
        _cases(given.record, cells, values), first.codebook, _respondents(tallies.values())
    )
    targets = read_targets(given.targets, f"{given.source}_tables")
    evidence = Evidence(
        cases, tuple(tallies), tuple(tallies.values()), remarks_of(given.text), targets
    )
    judged: dict[Key, tuple[Case, Role, Finding]] = {}
    for case in cases.all:
        role = role_of(case.cell, targets, first.codebook)
        judged[case.cell.key] = case, role, judge(case, role, evidence)
    return Reproduction(
        source=given.source,
        title=given.tables.title,
        seeds=tuple(tallies),
        synthetic=any(bool(wave.provenance.get("synthetic")) for wave in given.waves.values()),
        chapters=given.tables.chapters,
        titles={table.locator: table.title for table in given.tables},
        cells=_frame(given.record, judged, first.codebook, tuple(tallies)),
        claims=compare_claims(
            given.text,
            given.claims,
            {s: ClaimRows(given.waves[s], tally, cells) for s, tally in tallies.items()},
            read_fitted(given.targets, given.certificate),
        ),
    )


def _tallies(waves: Mapping[int, Wave]) -> dict[int, Tally]:
    faults = []
    if not waves:
        faults.append("waves: expected at least one, got none")
    tallies = {seed: Tally(wave) for seed, wave in waves.items()}
    books = {tally.codebook.id for tally in tallies.values()}
    if len(books) > 1:
        faults.append(f"waves: expected one codebook, got {', '.join(sorted(books))}")
    if faults:
        raise InputError("reproduction", faults)
    return tallies


def _respondents(tallies: Iterable[Tally]) -> dict[str, int]:
    most: dict[str, int] = {}
    for tally in tallies:
        for sector in tally.sectors:
            count = int(np.count_nonzero(tally.respondents(sector)))
            most[sector] = max(most.get(sector, 0), count)
    return most


def _evaluate(cells: tuple[Cell, ...], tally: Tally) -> dict[Key, Value]:
    return {cell.key: evaluate(cell, tally) for cell in cells}


def _cases(
    record: pd.DataFrame, cells: Iterable[Cell], values: Mapping[int, Mapping[Key, Value]]
) -> list[Case]:
    known = {cell.key: cell for cell in cells}
    cases = []
    for line in record.to_dict("records"):
        key = _key(line)
        if key in known:
            decimals = int(line["decimals"])
            printed = f"{line['value']:.{decimals}f}"
            given = tuple(by_key[key] for by_key in values.values())
            cases.append(Case(known[key], printed, decimals, given))
    return cases


def _key(line: Mapping[Hashable, Any]) -> Key:
    return line["locator"], int(line["row_no"]), line["sector"], line["measure"]


def _frame(
    record: pd.DataFrame,
    judged: Mapping[Key, tuple[Case, Role, Finding]],
    codebook: Codebook,
    seeds: tuple[int, ...],
) -> pd.DataFrame:
    rows = []
    for line in record.to_dict("records"):
        key = _key(line)
        shared = {
            **dict(zip(("locator", "row_no", "sector", "measure"), key, strict=True)),
            "printed": line["value"],
            "row_label": line["row_label"],
            "unit": line["unit"],
            "decimals": int(line["decimals"]),
        }
        rows.append({**shared, **_judged_columns(judged.get(key), codebook, seeds)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judged_columns(
    entry: tuple[Case, Role, Finding] | None, codebook: Codebook, seeds: tuple[int, ...]
) -> dict[str, object]:
    nothing = float("nan")
    if entry is None:
        return {
            "computed": nothing,
            "verdict": _NO_SPECIFICATION.verdict,
            "role": "free",
            "reason": _NO_SPECIFICATION.reason.en,
            "reason_nl": _NO_SPECIFICATION.reason.nl,
            "row_label_en": "",
            "column_label": "",
            "column_label_en": "",
            "chapter": "",
            "computed_rounded": "-",
            "base_n": 0,
            "lowest": nothing,
            "highest": nothing,
            "seeds_agreeing": 0,
            "disagreeing": ", ".join(map(str, seeds)),
        }
    case, role, finding = entry
    first = case.computed[0]
    given = [float(value.exact) for value in case.computed if value.known]
    wrong = [seed for seed, agrees in zip(seeds, case.agreeing, strict=True) if not agrees]
    return {
        "computed": float(first.exact),
        "verdict": finding.verdict,
        "role": role,
        "reason": finding.reason.en,
        "reason_nl": finding.reason.nl,
        "row_label_en": row_label(case.cell, codebook).en,
        "column_label": column_label(case.cell, codebook).nl,
        "column_label_en": column_label(case.cell, codebook).en,
        "chapter": case.cell.chapter,
        "computed_rounded": case.rounded(first.exact) if first.known else "-",
        "base_n": first.base_n,
        "lowest": min(given, default=nothing),
        "highest": max(given, default=nothing),
        "seeds_agreeing": len(seeds) - len(wrong),
        "disagreeing": ", ".join(map(str, wrong)),
    }
