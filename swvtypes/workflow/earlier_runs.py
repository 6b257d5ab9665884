"""Earlier runs as sides of a comparison: types, and answers where their files still stand."""

from __future__ import annotations

from pathlib import Path

from swvtypes.errors import SwvtypesError
from swvtypes.longitudinal.wave_comparison import WaveSide
from swvtypes.membership import Membership
from swvtypes.survey import Wave
from swvtypes.typology import Typology

from .receipts import key_of, read_manifest
from .source_files import SourceFiles, find_sources


def side_of(folder: Path) -> WaveSide:
    """Give the types of an earlier run, with its answers when they can still be read.

    Parameters
    ----------
    folder : Path
        Complete results of a run.

    Raises
    ------
    TypologyError, MembershipError, OSError
        When the results cannot be read.
    """
    return WaveSide(
        Typology.load(folder / "typology" / "typology.json"),
        Membership.load(folder / "membership" / "membership.json"),
        earlier_answers(folder),
    )


def answers_digest(folder: Path) -> str:
    """Say of which bytes the answers of an earlier run are; ``"absent"`` when they went."""
    sources = _sources(folder)
    if sources is None:
        return "absent"
    manifest = read_manifest(folder) or {}
    return key_of({name: manifest["inputs"][name] for name in sources.standing})


def wave_name(folder: Path) -> str:
    """Give the name of an earlier run's wave, as crosswalks know it; empty when it says none."""
    told = (read_manifest(folder) or {}).get("wave")
    return str(told.get("name", "")) if isinstance(told, dict) else ""


def earlier_answers(folder: Path) -> Wave | None:
    """Read the answers of an earlier run from the files that it names.

    None when one of them went or changed since, when the results were moved away from their run
    file, or when the files can no longer be read.
    """
    sources = _sources(folder)
    try:
        return None if sources is None else sources.wave()
    except (SwvtypesError, OSError):
        return None


def _sources(folder: Path) -> SourceFiles | None:
    """Give the files of an earlier run's answers, when all are as they were."""
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    found = find_sources(folder, manifest, ("answers",), changed="none")
    return found if found is not None and found.has_answers else None
