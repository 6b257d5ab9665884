"""What ``swvtypes compare`` writes: tables, text and figures, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swvtypes.resources import abandon, begin

from .folders import check_output, output_folder

if TYPE_CHECKING:
    import pandas as pd

    from swvtypes.language import Language
    from swvtypes.longitudinal.wave_comparison import (
        CompareOptions,
        TypesComparison,
        WaveComparison,
        WaveSide,
    )


_ROWS = {"table": "question", "summary": "wave", "reliability": "reliability"}


def tables_of(found: WaveComparison) -> dict[str, pd.DataFrame]:
    """Give every table by the name of its file."""
    import pandas as pd

    tables = {
        "comparability.csv": found.comparability.table,
        "questions.csv": found.comparability.items.reset_index(),
        "information.csv": found.comparability.information,
    }
    by_sector: dict[str, list[pd.DataFrame]] = {}
    for one in found.types:
        for name, part in _types_tables(one).items():
            if len(part):
                shown = part.copy()
                shown.insert(0, "sector", one.sector or "all")
                by_sector.setdefault(name, []).append(shown)
    tables |= {name: pd.concat(parts, ignore_index=True) for name, parts in by_sector.items()}
    if found.drift is not None:
        tables["drift.csv"] = found.drift.reset_index()
    for name, attribute in (("positions.csv", "table"), ("positions_summary.csv", "summary"),
                            ("positions_reliability.csv", "reliability")):  # fmt: skip
        if found.positions:
            parts = {s: getattr(change, attribute) for s, change in found.positions.items()}
            tables[name] = pd.concat(parts, names=["sector", _ROWS[attribute]]).reset_index()
    if found.old is not None:
        tables["old_types.csv"] = found.old.shares.reset_index()
        tables["old_membership.csv"] = (
            found.old.membership.summary().join(found.old.membership.probabilities).reset_index()
        )
    if found.split:
        tables["split.csv"] = _split_table(found)
    return tables


def write_comparison(
    folder: Path, found: WaveComparison, drawn: dict[str, Callable[[], Any]], text: str
) -> tuple[str, ...]:
    """Write all files into a temporary folder, then put them in place.

    Parameters
    ----------
    folder : Path
    found : WaveComparison
    drawn : dict of str to callable
        Figures by name without ending; each call gives Axes.
    text : str

    Returns
    -------
    tuple of str
        Names of the files.
    """
    tables = tables_of(found)
    names = ("comparison.txt", *tables, *(f"{n}.{e}" for n in drawn for e in ("png", "svg")))
    check_output(folder, names)
    work = begin(_existing(folder), "swvtypes-")
    try:
        work.mkdir()
        (work / "comparison.txt").write_text(text, encoding="utf-8", newline="\n")
        for name, table in tables.items():
            table.to_csv(work / name, index=False, lineterminator="\n")
        _draw(work, drawn)
        target = output_folder(folder)
        for name in names:
            os.replace(work / name, target / name)
    finally:
        abandon(work)
    return names


def figures_of(
    found: WaveComparison,
    sides: tuple[WaveSide, WaveSide],
    options: CompareOptions,
    language: Language,
) -> dict[str, Callable[[], Any]]:
    """Give the figures that can be drawn, by name."""
    from functools import partial

    from swvtypes import plots
    from swvtypes.longitudinal.earlier_types import carry_membership
    from swvtypes.longitudinal.position_scale import scale_ends

    first, second = sides[0].membership, sides[1].membership
    if options.organisations is not None:
        first = carry_membership(first, options.organisations, options.merged)
    heads = (found.comparability.before, found.comparability.after)
    labels = _labels(sides, language)
    drawn: dict[str, Callable[[], Any]] = {}
    for one in found.types:
        tail = f"_{one.sector}" if one.sector else ""
        pair = [m.sector(one.sector) if one.sector else m for m in (first, second)]
        drawn[f"alluvial{tail}"] = partial(
            plots.alluvial, pair, heads, partners=[one.members.alignment.partner],
            language=language,
        )  # fmt: skip
        drawn[f"transitions{tail}"] = partial(
            plots.transition_map, one.members.rates, language=language
        )
        if len(one.intervals):
            drawn[f"transitions_corrected{tail}"] = partial(
                plots.transition_map, one.intervals, language=language
            )
        if len(one.profiles):
            drawn[f"profiles{tail}"] = partial(
                plots.profile_changes, one.profiles, labels=labels, language=language
            )
    crosswalk = found.comparability.crosswalk
    waves = [s.wave for s in sides if s.wave is not None]
    for sector in found.positions:
        before, after = waves
        x, y = (crosswalk.apply(w.sector(sector))[options.position] for w in waves)
        who = options.organisations
        names = None if who is None else who.identities(list(x.index))
        drawn[f"positions_{sector}"] = partial(
            plots.position_arrows, x, y, organisations=names, language=language,
            scale=scale_ends((before, after), crosswalk, options.position),
        )  # fmt: skip
    return drawn


def _draw(work: Path, drawn: dict[str, Callable[[], Any]]) -> None:
    if not drawn:
        return
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with matplotlib.rc_context({"svg.hashsalt": "swvtypes"}):
        for name, draw in drawn.items():
            figure = draw().figure
            figure.savefig(work / f"{name}.png", dpi=150, metadata={"Software": None})
            figure.savefig(work / f"{name}.svg", metadata={"Date": None})
            plt.close(figure)


def _types_tables(one: TypesComparison) -> dict[str, pd.DataFrame]:
    import pandas as pd

    m = one.members
    symmetry = pd.DataFrame(
        [(name, t.statistic, t.p_value) for name, t in
         (("Bowker", m.bowker), ("Stuart-Maxwell", m.stuart_maxwell))],
        columns=["test", "statistic", "p_value"],
    )  # fmt: skip
    matches = [("members", m.alignment)]
    if one.by_profiles is not None:
        matches.append(("profiles", one.by_profiles))
    alone = [(a, "", c, float("nan")) for c, match in matches for a in match.without_before] + [
        ("", b, c, float("nan")) for c, match in matches for b in match.without_after
    ]
    columns = ["before", "after", "criterion", "value"]
    parts = [match.table for _, match in matches if len(match.table)]
    if alone:
        parts.append(pd.DataFrame(alone, columns=columns))
    moved = m.moved.rename_axis("organisation").reset_index()
    distance = one.distance.rename_axis(index="before", columns="after")
    return {
        "transitions.csv": m.rates,
        "movers.csv": one.movers.reset_index(),
        "transitions_corrected.csv": one.intervals,
        "agreement.csv": m.measures.rename_axis("measure").reset_index(),
        "symmetry.csv": symmetry,
        "alignment.csv": pd.concat(parts, ignore_index=True),
        "profile_distance.csv": _long(distance),
        "profiles.csv": one.profiles,
        "moved.csv": moved,
    }


def _long(distance: pd.DataFrame) -> pd.DataFrame:
    if not distance.size:
        return distance
    return distance.reset_index().melt("before", var_name="after", value_name="distance")


def _split_table(found: WaveComparison) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[Any, Any]] = []
    for one in found.split:
        base: dict[Any, Any] = {"sectors": one.sectors, "identified": one.identified, "n": one.n,
                "nl": one.reason.nl, "en": one.reason.en}  # fmt: skip
        if not one.identified:
            rows.append(base | {"part": "not identified"})
        rows += [base | {"part": part} | row for part, row in one.table.to_dict("index").items()]
    order = ["sectors", "identified", "n", "part", "estimate", "low", "high", "least", "most",
             "nl", "en"]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=order)


def _labels(sides: tuple[WaveSide, WaveSide], language: Language) -> dict[Any, str]:
    from swvtypes.longitudinal.typology_parts import parts_of

    found: dict[Any, str] = {}
    for side in sides[::-1]:
        found |= {k: t.text(language) for k, t in parts_of(side.typology).labels.items()}
    return found


def _existing(folder: Path) -> Path:
    """Nearest folder above that exists, so that renaming stays on one disk."""
    return next(p for p in (folder, *folder.absolute().parents) if p.is_dir())
