"""The step that lays the run beside earlier runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swvtypes.longitudinal import compare_memberships
from swvtypes.membership import Membership
from swvtypes.typology import Typology

from .plan import Files, Work, tables_as_files


def comparison(work: Work) -> Files:
    """Compare the types with those of earlier runs, and score the wave by the earlier types."""
    earlier = work.inputs.earlier()
    made: dict[str, list[pd.DataFrame]] = {}
    if not earlier:
        work.notes.add("comparison", "the run file names no earlier runs")
    for name, folder in earlier.items():
        work.notes.tried(f"{name}: types", lambda n=name, f=folder: _types(work, n, f, made))  # type: ignore[misc]
        work.notes.tried(f"{name}: scored", lambda n=name, f=folder: _scored(work, n, f, made))  # type: ignore[misc]
    if work.inputs.crosswalk is not None:
        waves = work.inputs.crosswalk.waves
        for before in waves[: waves.index(work.wave.name)]:
            table = work.inputs.crosswalk.common(before, work.wave.name).reset_index()
            _add(made, "questions", before, table)
    return tables_as_files({key: pd.concat(parts) for key, parts in made.items()})


def _types(work: Work, name: str, folder: Path, made: dict[str, list[pd.DataFrame]]) -> None:
    before = Membership.load(folder / "membership" / "membership.json")
    found = compare_memberships(before, work.membership(), random_state=work.inputs.file.seed)
    _add(made, "transitions", name, found.rates)
    _add(made, "agreement", name, found.measures.rename_axis("measure").reset_index())
    moved = found.moved.rename_axis("organisation").reset_index()
    _add(made, "moved", name, moved)


def _scored(work: Work, name: str, folder: Path, made: dict[str, list[pd.DataFrame]]) -> None:
    """Score this wave by the earlier types, questions lined up by the crosswalk."""
    earlier = Typology.load(folder / "typology" / "typology.json")
    before = Membership.load(folder / "membership" / "membership.json")
    source = _in_earlier_words(work, before.wave)
    scored = earlier.score(work.wave if source is None else source)
    table = scored.summary().join(scored.probabilities).reset_index()
    _add(made, "scored", name, table)
    _add(made, "information", name, scored.information)


def _in_earlier_words(work: Work, before: str) -> pd.DataFrame | None:
    """Give the answers under the earlier wave's names; None where no crosswalk says so."""
    crosswalk = work.inputs.crosswalk
    if crosswalk is None or before not in crosswalk.waves:
        return None
    table = crosswalk.apply(work.wave)
    old = {concept: entry.variable for concept, entry in crosswalk.concepts(before).items()}
    return table[["sector", *[c for c in old if c in table]]].rename(columns=old)


def _add(made: dict[str, list[pd.DataFrame]], key: str, name: str, table: pd.DataFrame) -> None:
    labelled = table.copy()
    labelled.insert(0, "earlier_run", name)
    made.setdefault(key, []).append(labelled)
