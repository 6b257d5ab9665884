"""A finished run's results as the parts of a report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from swvtypes.errors import CrosswalkError, FaultsError, InputError, MembershipError
from swvtypes.language import Label, check_language
from swvtypes.membership import Membership
from swvtypes.steering import SteeringOptions, SteeringSummary
from swvtypes.steering.scopes import position_labels
from swvtypes.steering.sector_comparison import PAIR_COLUMNS
from swvtypes.survey import Codebook, OrganisationCrosswalk, Wave
from swvtypes.tables import TableSet
from swvtypes.typology import Typology

from .choices_of_run import run_choices
from .inputs import EarlierWave, ReportInputs
from .run_earlier import earlier_wave
from .run_relations import relations_of_run
from .run_tables import LeftOut, read_notes, read_table
from .table_words import TableWords, words_of

_SECTIONS = {
    "check": "method", "tables": "tables", "scales": "method", "typology": "method",
    "membership": "method", "steering": "steering", "validation": "validation",
    "context": "validation", "comparison": "earlier", "figures": "method",
}  # fmt: skip
_NOT_FOUND = Label(
    "de resultaten van deze eerdere run zijn niet gevonden",
    "the results of this earlier run were not found",
)
_CHANGED = Label(
    "deze eerdere run is na de run opnieuw gedaan; voer de run opnieuw uit",
    "this earlier run was done again after the run; run again",
)
_KEPT = {"wave": "wave", "versions": "version", "inputs": "sha256"}


@dataclass(frozen=True, eq=False)
class RunSources:
    """Where a report finds a run.

    Attributes
    ----------
    folder : Path
        The results, complete.
    manifest : mapping
        Their manifest.
    wave : Wave, optional
        The answers, which a run does not copy; without them the report has no explorer.
    identities : mapping of str to OrganisationCrosswalk
        By earlier wave: which of its organisations is which now; the same where there is none.
    earlier : mapping of str to Path
        Results of the earlier runs that the run was compared with, by name.
    tables : TableSet, optional
        What the tables of the run were asked to be; for their titles and headings.
    remarks : tuple of Label
        What a reader has to know of how the report was put together.
    """

    folder: Path
    manifest: Mapping[str, Any]
    wave: Wave | None = None
    identities: Mapping[str, OrganisationCrosswalk] = field(default_factory=dict)
    earlier: Mapping[str, Path] = field(default_factory=dict)
    tables: TableSet | None = None
    remarks: tuple[Label, ...] = ()


def inputs_of_run(sources: RunSources) -> ReportInputs:
    """Put a report together from the files of a run.

    Parameters
    ----------
    sources : RunSources

    Returns
    -------
    ReportInputs
        Stability, other choices of the analyst and the census are no steps of a run: they are
        left out, and the report says so. Who changed type since an earlier run is worked out again
        from the memberships, by the rules of the run: merged and split organisations count as
        pairs, and sectors with types of their own stay apart. Agreement is that of the run's own
        file.

    Raises
    ------
    InputError
        Lists every file that cannot be read, or that another version wrote.
    """
    folder, settings = sources.folder, dict(sources.manifest.get("settings", {}))
    faults: list[str] = []
    book = _read(folder, "check/codebook.toml", Codebook.load, faults)
    typology = _read(folder, "typology/typology.json", Typology.load, faults)
    membership = _read(folder, "membership/membership.json", Membership.load, faults)
    if book is None or typology is None or membership is None:
        raise InputError("run", faults)
    typology.rename(dict(membership.origin.names))
    left_out = _left_out(folder)
    line = str(settings.get("steering", {}).get("variable", "steering"))
    earlier = _earlier(sources, membership, left_out)
    tables = _tables(folder)
    return ReportInputs(
        title=Label(book.title.nl, book.title.en),
        wave=sources.wave,
        typology=typology,
        membership=membership,
        tables=tables,
        table_words=_words(sources, book, tables),
        steering=_steering(sources, book, line, membership),
        steering_variable=line,
        validation=relations_of_run(sources.folder, book, _synthetic(sources)),
        earlier=earlier,
        choices=run_choices(settings, typology.options.quick),
        manifest=_manifest(sources.manifest),
        left_out=left_out,
        remarks=sources.remarks,
    )


def _read(folder: Path, name: str, read: Any, faults: list[str]) -> Any:
    try:
        return read(folder / name)
    except FaultsError as error:
        faults += [f"{name}: {fault}" for fault in error.faults]
    except OSError as error:
        faults.append(f"{name}: {error.strerror or error}")
    return None


def _synthetic(sources: RunSources) -> bool:
    return bool(dict(sources.manifest.get("wave", {})).get("synthetic"))


def _left_out(folder: Path) -> dict[str, LeftOut]:
    """Give what every step left out, by section of the report."""
    found: dict[str, LeftOut] = {}
    for step, section in _SECTIONS.items():
        path = folder / step / "notes.csv"
        if path.is_file():
            found[section] = (*found.get(section, ()), *read_notes(path))
    return {section: notes for section, notes in found.items() if notes}


def _tables(folder: Path) -> pd.DataFrame | None:
    path = folder / "tables" / "tables.csv"
    if not path.is_file():
        return None
    words = ("locator", "row_label", "sector", "measure", "statistic", "shown", "previous")
    found = read_table(path, words, ("row_no", "value", "numerator", "denominator", "base_n"))
    if "hits" in found:  # runs of an earlier version lack it
        found["hits"] = pd.to_numeric(found["hits"], errors="coerce")
    return found


def _words(
    sources: RunSources, book: Codebook, tables: pd.DataFrame | None
) -> dict[str, TableWords]:
    if sources.tables is None or tables is None:
        return {}
    return words_of(sources.tables, book, set(tables["locator"]))


def _steering(
    sources: RunSources, book: Codebook, line: str, membership: Membership
) -> SteeringSummary | None:
    folder = sources.folder / "steering"
    names = ("distribution", "centre", "comparison")
    if line not in book.variables or not all((folder / f"{n}.csv").is_file() for n in names):
        return None
    distribution = read_table(folder / "distribution.csv", ("sector",), ("position", "n", "share"))
    centre = read_table(folder / "centre.csv", ("sector",), ("n", "missing", "mean"))
    comparison = read_table(folder / "comparison.csv", ("first", "second", "verdict"))
    absent = [f"no column {name!r}: another version made it; run again"
              for name in PAIR_COLUMNS if name not in comparison]  # fmt: skip
    if absent:
        raise InputError("steering/comparison.csv", absent)
    label, positions = book.variable(line).label, position_labels(book, line)
    weighted = (membership if sources.wave is None else sources.wave).survey_weight is not None
    return SteeringSummary(
        line, Label(label.nl, label.en), positions, (min(positions) + max(positions)) / 2,
        distribution, centre, comparison, None, SteeringOptions(), _synthetic(sources), weighted,
    )  # fmt: skip


def _earlier(
    sources: RunSources, now: Membership, left_out: dict[str, LeftOut]
) -> tuple[EarlierWave, ...]:
    settings = dict(sources.manifest.get("settings", {}))
    language = check_language(settings.get("language", "nl"))
    waves, notes = [], []
    digests = dict(sources.manifest.get("inputs", {}))
    for name, folder in sources.earlier.items():
        if _changed(folder, digests.get(f"earlier run {name}")):
            notes.append((name, _CHANGED.text(language)))
            continue
        try:
            before = Membership.load(folder / "membership" / "membership.json")
        except (FaultsError, OSError) as error:
            notes.append((name, " ".join(str(error).split())))
            continue
        who = sources.identities.get(before.wave)
        try:
            found = earlier_wave(sources.folder, name, (before, now), who, settings.get("seed", 1))
        except (CrosswalkError, MembershipError) as error:
            notes.append((name, " ".join(str(error).split())))
            continue
        waves.append(found)
    notes += [
        (name, _NOT_FOUND.text(language))
        for name in settings.get("earlier_runs", ())
        if name not in sources.earlier
    ]
    if notes:
        left_out["earlier"] = (*left_out.get("earlier", ()), *notes)
    return tuple(sorted(waves, key=lambda w: w.membership.year or 0))


def _changed(earlier: Path, expected: str | None) -> bool:
    """Whether the results of an earlier run are others than the run was compared with."""
    path = earlier / "manifest.json"
    if expected is None or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() != expected


def _manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Give what of a manifest says how the run came about; digests of its own files stay there."""
    kept = {word: manifest[key] for key, word in _KEPT.items() if key in manifest}
    flat = {
        f"{word} {k}": v
        for word, part in kept.items() if isinstance(part, Mapping)
        for k, v in part.items() if k != "organisations"
    }  # fmt: skip
    return {k: v for k, v in flat.items() if v not in (None, "", {}, [])}
