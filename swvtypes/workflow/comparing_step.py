"""The step that lays the run beside earlier runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swvtypes.language import Label
from swvtypes.longitudinal.wave_comparison import (
    CompareOptions,
    WaveComparison,
    WaveSide,
    compare_waves,
)

from .comparison_tables import tables_of
from .earlier_runs import side_of
from .figure_step import Drawn, drawn_files
from .plan import Files, Work, tables_as_files

NO_EARLIER = Label("het runbestand noemt geen eerdere runs", "the run file names no earlier runs")


def comparison(work: Work) -> Files:
    """Compare this wave with those of earlier runs: types, answers, positions, old types."""
    earlier = work.inputs.earlier()
    made: dict[str, list[pd.DataFrame]] = {}
    texts: list[str] = []
    files: Files = {}
    if not earlier:
        work.notes.add("comparison", NO_EARLIER)
    for name, folder in earlier.items():
        work.notes.tried(name, lambda n=name, f=folder: _compared(work, n, f, made, texts, files))  # type: ignore[misc]
    if work.inputs.crosswalk is not None:
        waves = work.inputs.crosswalk.waves
        for before in waves[: waves.index(work.wave.name)]:
            table = work.inputs.crosswalk.common(before, work.wave.name).reset_index()
            _add(made, "questions", before, table)
    if texts:
        files["comparison.txt"] = ("\n\n".join(texts) + "\n").encode()
    return tables_as_files({key: pd.concat(parts) for key, parts in made.items()}) | files


def _compared(
    work: Work,
    name: str,
    folder: Path,
    made: dict[str, list[pd.DataFrame]],
    texts: list[str],
    files: Files,
) -> None:
    before = side_of(folder)
    after = WaveSide(work.typology(), work.membership(), work.wave)
    options = CompareOptions(
        work.inputs.crosswalk,
        work.inputs.identities(before.membership.wave),
        position=_position(work, before.membership.wave),
        random_state=work.inputs.file.seed,
    )
    found = compare_waves(before, after, options)
    for note in found.left_out:
        work.notes.add(name, note)
    for key, table in tables_of(found, work.language).items():
        _add(made, key, name, table)
    texts.append(f"{name}\n{found.text(work.language)}")
    number = list(work.inputs.earlier()).index(name) + 1
    files |= drawn_files(work, lambda: _flows(found, (before, after), number, work))


def _position(work: Work, before: str) -> str:
    """Give the crosswalk's name of the position; that of the codebook without one.

    Where it has several, one that the earlier wave has too goes first, then one as it was asked.
    """
    variable, crosswalk = work.inputs.file.steering.variable, work.inputs.crosswalk
    if crosswalk is None:
        return variable
    known = crosswalk.concepts(work.wave.name)
    shared = crosswalk.concepts(before) if before in crosswalk.waves else {}
    named = [concept for concept, entry in known.items() if entry.variable == variable]
    named.sort(key=lambda concept: (concept not in shared, bool(known[concept].codes)))
    return named[0] if named else variable


def _flows(
    found: WaveComparison, sides: tuple[WaveSide, WaveSide], number: int, work: Work
) -> Drawn:
    """Give the figures of who went from which type to which, where there is more than one."""
    from swvtypes import plots
    from swvtypes.longitudinal.earlier_types import carry_membership

    first, who = sides[0].membership, work.inputs.identities(sides[0].membership.wave)
    if who is not None:
        first = carry_membership(first, who, "agreement")
    heads = (found.comparability.before, found.comparability.after)
    out: Drawn = {}
    for one in found.types:
        pair = [m.sector(one.sector) if one.sector else m for m in (first, sides[1].membership)]
        if max(len(m.types) for m in pair) < 2:
            continue
        partners = [dict(one.members.alignment.partner)]
        out[f"flows_{number}_{one.sector or 'all'}"] = lambda p=pair, q=partners: plots.alluvial(  # type: ignore[misc]
            p, heads, partners=q, language=work.language
        )
    return out


def _add(made: dict[str, list[pd.DataFrame]], key: str, name: str, table: pd.DataFrame) -> None:
    labelled = table.copy()
    labelled.insert(0, "earlier_run", name)
    made.setdefault(key, []).append(labelled)
