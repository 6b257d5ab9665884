"""The files that a finished run read: where they stand, as they were, and the wave in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

from pydantic import ValidationError

from swvtypes.errors import InputError
from swvtypes.survey import Codebook, Wave
from swvtypes.survey.wave import wave_from_table

from .run_file import RunFile, sentence
from .table_reading import digest_of, read_table

Kind = Literal["answers", "crosswalk", "organisations"]
Changed = Literal["fault", "none"]
KINDS: tuple[Kind, ...] = ("answers", "crosswalk", "organisations")
ANSWERS = ("wave", "codebook", "register")
_WHO = "organisations "


@dataclass(frozen=True, eq=False)
class SourceFiles:
    """Files of a run that still stand where it read them, as they were.

    Attributes
    ----------
    file : RunFile
        As the manifest keeps it.
    home : Path
        Folder of the run file, from which all paths are taken.
    standing : dict of str to Path
        By what it is, as the manifest calls it: wave, codebook, register, crosswalk,
        "organisations ..."; only those that were asked for and did not go.
    gone : tuple of str
        Those that were asked for and went, as the run file names them.
    """

    file: RunFile
    home: Path
    standing: dict[str, Path]
    gone: tuple[str, ...] = ()

    @property
    def crosswalk(self) -> Path | None:
        """The crosswalk of questions."""
        return self.standing.get("crosswalk")

    @property
    def organisations(self) -> tuple[Path, ...]:
        """The crosswalks of organisations."""
        return tuple(path for key, path in self.standing.items() if key.startswith(_WHO))

    @property
    def has_answers(self) -> bool:
        """Whether every file of the wave stands."""
        return set(_named(self.file, ("answers",))) <= set(self.standing)

    def wave(self) -> Wave | None:
        """Read the wave as the run did, its register joined; None where a file of it went.

        Raises
        ------
        WaveError, CodebookError, RunError
        """
        if not self.has_answers:
            return None
        table = read_table(self.standing["wave"], self.file)
        book = Codebook.load(self.standing["codebook"])
        wave = wave_from_table(table, book, self.file.name or Path(self.file.wave).stem)
        register = self.standing.get("register")
        return wave if register is None else wave.join_register(register)


@overload
def find_sources(
    results: Path, manifest: Mapping[str, Any], kinds: tuple[Kind, ...] = ..., *,
    changed: Literal["fault"] = ...,
) -> SourceFiles: ...  # fmt: skip


@overload
def find_sources(
    results: Path, manifest: Mapping[str, Any], kinds: tuple[Kind, ...] = ..., *, changed: Changed
) -> SourceFiles | None: ...


def find_sources(
    results: Path,
    manifest: Mapping[str, Any],
    kinds: tuple[Kind, ...] = KINDS,
    *,
    changed: Changed = "fault",
) -> SourceFiles | None:
    """Find the files that a run read, and hold each against its digest in the manifest.

    Parameters
    ----------
    results : Path
        The results of the run.
    manifest : mapping
        Their manifest.
    kinds : tuple of {"answers", "crosswalk", "organisations"}
        Which files; others are neither looked for nor checked.
    changed : {"fault", "none"}
        What comes of a file that changed, of results that were moved away from their run file,
        and of a manifest that is not as a run writes it: an error, or None. Files that went are
        left out either way.

    Raises
    ------
    InputError
        Lists every fault; with ``changed="fault"`` only.
    """
    try:
        return _found(results, manifest, kinds)
    except InputError:
        if changed == "fault":
            raise
        return None


def run_file_of(results: Path, manifest: Mapping[str, Any]) -> RunFile:
    """Give the run file again as the manifest keeps it.

    Raises
    ------
    InputError
        Lists every fault.
    """
    settings = manifest.get("settings")
    if not isinstance(settings, dict) or not isinstance(manifest.get("inputs"), dict):
        fault = "manifest.json: expected the settings and inputs of a run"
        raise InputError(str(results), [fault])
    try:
        return RunFile.model_validate({k: v for k, v in settings.items() if k != "quick"})
    except ValidationError as error:
        faults = [
            f"manifest.json: settings.{sentence(fault)}"
            for fault in error.errors(include_url=False)
        ]
        raise InputError(str(results), faults) from None


def home_of(results: Path, file: RunFile) -> Path | None:
    """Give the folder of the run file; None where the results are not where it says.

    That is: they were moved, renamed, or stand in fewer folders than the run file names.
    """
    parts = Path(os.path.normpath(file.out)).parts
    if Path(file.out).is_absolute() or not parts or ".." in parts:
        return None
    for place in (Path(os.path.abspath(results)), results.resolve()):
        if len(place.parents) < len(parts):
            continue
        home = place.parents[len(parts) - 1]
        if (home / file.out).resolve() == results.resolve():
            return home
    return None


def _found(results: Path, manifest: Mapping[str, Any], kinds: tuple[Kind, ...]) -> SourceFiles:
    file = run_file_of(results, manifest)
    named, digests = _named(file, kinds), manifest["inputs"]
    home = home_of(results, file)
    if home is None and named:
        fault = (
            f"moved since the run: expected these results as {file.out!r} in the folder of their "
            "run file, whose files cannot be found from here"
        )
        raise InputError(str(results), [fault])
    if home is None:
        return SourceFiles(file, results.resolve().parent, {})
    standing = {key: home / name for key, name in named.items() if (home / name).is_file()}
    faults = []
    for key, path in standing.items():
        where = f"{key.split()[0]}: {named[key]}"
        try:
            if digest_of(path) != digests.get(key):
                faults.append(f"{where}: changed since the run; run it again first")
        except OSError as error:
            faults.append(f"{where}: cannot be read: {error.strerror}")
    if faults:
        raise InputError(str(results), faults)
    gone = tuple(name for key, name in named.items() if key not in standing)
    return SourceFiles(file, home, standing, gone)


def _named(file: RunFile, kinds: tuple[Kind, ...]) -> dict[str, str]:
    """Give the files of these kinds that a run file names, by what they are."""
    found: dict[str, str | None] = {}
    if "answers" in kinds:
        found |= {"wave": file.wave, "codebook": file.codebook, "register": file.register_file}
    if "crosswalk" in kinds:
        found["crosswalk"] = file.crosswalk
    if "organisations" in kinds:
        found |= {f"{_WHO}{name}": name for name in file.organisations}
    return {key: name for key, name in found.items() if name is not None}
