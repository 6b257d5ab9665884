"""Earlier runs as sides of a comparison: types, and answers where their files still stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from swvtypes.errors import SwvtypesError
from swvtypes.longitudinal.wave_comparison import WaveSide
from swvtypes.membership import Membership
from swvtypes.survey import Codebook, Wave
from swvtypes.survey.wave import wave_from_table
from swvtypes.typology import Typology

from .receipts import key_of, read_manifest
from .run_file import RunFile
from .table_reading import digest_of, read_table

_READ = ("wave", "codebook", "register")


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
    return key_of({name: manifest["inputs"][name] for name in _READ if name in sources[1]})


def wave_name(folder: Path) -> str:
    """Give the name of an earlier run's wave, as crosswalks know it; empty when it says none."""
    told = (read_manifest(folder) or {}).get("wave")
    return str(told.get("name", "")) if isinstance(told, dict) else ""


def earlier_answers(folder: Path) -> Wave | None:
    """Read the answers of an earlier run from the files that it names.

    None when one of them went or changed since, or can no longer be read.
    """
    sources = _sources(folder)
    if sources is None:
        return None
    file, stand = sources
    try:
        table = read_table(stand["wave"], file)
        name = file.name or Path(file.wave).stem
        wave = wave_from_table(table, Codebook.load(stand["codebook"]), name)
        return wave.join_register(stand["register"]) if "register" in stand else wave
    except (SwvtypesError, OSError):
        return None


def _sources(folder: Path) -> tuple[RunFile, dict[str, Path]] | None:
    """Give the run file of an earlier run and its files, when all are as they were."""
    manifest = read_manifest(folder)
    file = None if manifest is None else _run_file(manifest)
    if manifest is None or file is None:
        return None
    home = folder.resolve().parents[len(Path(file.out).parts) - 1]
    named = {"wave": file.wave, "codebook": file.codebook, "register": file.register_file}
    stand = {key: home / name for key, name in named.items() if name is not None}
    digests = manifest.get("inputs")
    known = digests if isinstance(digests, dict) else {}
    for key, path in stand.items():
        try:
            if digest_of(path) != known.get(key):
                return None
        except OSError:
            return None
    return file, stand


def _run_file(manifest: dict[str, Any]) -> RunFile | None:
    settings = manifest.get("settings")
    if not isinstance(settings, dict):
        return None
    try:
        return RunFile.model_validate({k: v for k, v in settings.items() if k != "quick"})
    except ValidationError:
        return None
