"""A comparison of two waves as tables, by the name of the file that they come in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from swvtypes.language import Language
from swvtypes.longitudinal.wave_comparison import TypesComparison, WaveComparison
from swvtypes.longitudinal.wave_comparison_labels import NOT_IDENTIFIED

_INDEX = {"table": "question", "summary": "wave"}


def tables_of(found: WaveComparison, language: Language) -> dict[str, pd.DataFrame]:
    """Give every table of a comparison; those without rows are left out.

    Parameters
    ----------
    found : WaveComparison
    language : {"nl", "en"}
        Of reasons, and of a split that is not identified.

    Returns
    -------
    dict of str to DataFrame
        comparability, transitions, movers, transitions_corrected, agreement, symmetry, profiles,
        moved; with the answers of both waves also drift, positions, positions_summary, scored
        (who is of which old type), information, old_types and split.
    """
    verdicts = found.comparability.table
    verdicts = verdicts.drop(columns=[c for c in ("nl", "en") if c != language])
    tables = {"comparability": verdicts.rename(columns={language: "reason"})}
    for name in ("transitions", "movers", "transitions_corrected", "agreement", "symmetry",
                 "profiles", "moved"):  # fmt: skip
        parts = []
        for one in found.types:
            part = _of_types(one)[name]
            part.insert(0, "sector", one.sector or "all")
            parts.append(part)
        tables[name] = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    if found.drift is not None:
        tables["drift"] = found.drift.reset_index()
    for attribute, row in _INDEX.items():
        if found.positions:
            parts_of = {s: getattr(change, attribute) for s, change in found.positions.items()}
            name = "positions" if attribute == "table" else f"positions_{attribute}"
            tables[name] = pd.concat(parts_of, names=["sector", row]).reset_index()
    if found.old is not None:
        members = found.old.membership
        tables["scored"] = members.summary().join(members.probabilities).reset_index()
        tables["information"] = found.old.information
        tables["old_types"] = found.old.shares.reset_index()
    if found.split:
        tables["split"] = _split(found, language)
    return {name: table for name, table in tables.items() if len(table)}


def _of_types(one: TypesComparison) -> dict[str, pd.DataFrame]:
    members = one.members
    tests = (("Bowker", members.bowker), ("Stuart-Maxwell", members.stuart_maxwell))
    symmetry = [(name, test.statistic, test.p_value) for name, test in tests]
    return {
        "transitions": members.rates.copy(),
        "movers": one.movers.reset_index(),
        "transitions_corrected": one.intervals.copy(),
        "agreement": members.measures.rename_axis("measure").reset_index(),
        "symmetry": pd.DataFrame(symmetry, columns=["test", "statistic", "p_value"]),
        "profiles": one.profiles.copy(),
        "moved": members.moved.rename_axis("organisation").reset_index(),
    }


def _split(found: WaveComparison, language: Language) -> pd.DataFrame:
    rows: list[dict[Any, Any]] = []
    for one in found.split:
        base: dict[Any, Any] = {"sectors": one.sectors, "identified": one.identified, "n": one.n}
        if not one.identified:
            part, reason = NOT_IDENTIFIED.text(language), one.reason.text(language)
            rows.append(base | {"part": part, "reason": reason})
        rows += [base | {"part": part} | row for part, row in one.table.to_dict("index").items()]
    order = ["sectors", "identified", "n", "part", "estimate", "low", "high", "least", "most",
             "reason"]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=order)
