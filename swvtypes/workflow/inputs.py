"""What a run reads: every file checked, every fault told at once, a digest of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from swvtypes.errors import FaultsError, RunError, SwvtypesError
from swvtypes.survey import Codebook, ItemCrosswalk, OrganisationCrosswalk, Wave
from swvtypes.survey.raw import RawTable
from swvtypes.survey.rows import check_alone
from swvtypes.survey.wave import wave_from_table
from swvtypes.tables import TableSet, load_tables

from .earlier_runs import answers_digest, wave_name
from .receipts import complete_faults
from .run_file import RunFile, read_run_file, results_folder
from .table_reading import digest_of, read_table

Read = TypeVar("Read")


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything a run reads, checked.

    Attributes
    ----------
    file : RunFile
    folder : Path
        Of the run file.
    wave : Wave
        With its register joined, where there is one.
    tables : TableSet
    crosswalk : ItemCrosswalk or None
        Which question is which.
    organisations : tuple of OrganisationCrosswalk
        Which organisation is which, by earlier wave.
    digests : dict of str to str
        SHA-256 of every file read, by what it is.
    """

    file: RunFile
    folder: Path
    wave: Wave
    tables: TableSet
    crosswalk: ItemCrosswalk | None
    organisations: tuple[OrganisationCrosswalk, ...]
    digests: dict[str, str]

    @property
    def out(self) -> Path:
        """Folder of the results."""
        return self.folder / self.file.out

    def earlier(self) -> dict[str, Path]:
        """Give the results of earlier runs by the name they are told apart by."""
        return {name: self.folder / name for name in self.file.earlier_runs}

    def identities(self, before: str) -> OrganisationCrosswalk | None:
        """Give which organisation of an earlier wave is which of this one; None for the same."""
        return next((who for who in self.organisations if who.before_wave == before), None)


def read_inputs(path: str | Path) -> Inputs:
    """Read a run file and all files that it names.

    Raises
    ------
    RunError
        Lists every fault of the run file, or of all files together, each with the file's name.
    """
    file = read_run_file(path)
    folder = Path(path).resolve().parent
    faults: list[str] = []
    book = _tried(file.codebook, faults, lambda: Codebook.load(folder / file.codebook))
    table = _tried(file.wave, faults, lambda: read_table(folder / file.wave, file))
    specs = _tried(file.tables, faults, lambda: load_tables(_named(folder, file.tables)))
    crosswalk = None
    if file.crosswalk is not None:
        stand = folder / file.crosswalk
        crosswalk = _tried(file.crosswalk, faults, lambda: ItemCrosswalk.read(stand))
    who = _organisations(file, folder, faults)
    wave = None
    if book is not None and table is not None:
        wave = _tried(file.wave, faults, lambda: _wave(table, book, file, folder))
    elif table is not None:
        faults += [f"{file.wave}: {fault}" for fault in check_alone(table)]
    faults += _earlier_faults(file, folder)
    if wave is not None:
        faults += _wave_faults(wave, file, crosswalk)
    if crosswalk is not None:
        faults += _unknown_waves(file, folder, crosswalk)
    if faults or wave is None or specs is None:
        raise RunError(Path(path).name, faults)
    return Inputs(file, folder, wave, specs, crosswalk, who, _digests(Path(path), file, folder))


def _wave(table: RawTable, book: Codebook, file: RunFile, folder: Path) -> Wave:
    name = file.name or Path(file.wave).stem
    wave = wave_from_table(table, book, name)
    return wave if file.register_file is None else wave.join_register(folder / file.register_file)


def _named(folder: Path, name: str) -> str | Path:
    """Take a name that ends in .toml for a file of the run's folder."""
    return folder / name if name.endswith(".toml") else name


def _tried(name: str, faults: list[str], read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except FaultsError as error:
        subject = error.subject if error.subject != Path(name).name else name
        faults += [f"{subject}: {' '.join(fault.split())}" for fault in error.faults]
    except SwvtypesError as error:
        faults.append(f"{name}: {' '.join(str(error).split())}")
    except (OSError, ValueError) as error:
        faults.append(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")
    return None


def _earlier_faults(file: RunFile, folder: Path) -> list[str]:
    faults = []
    out = (folder / file.out).resolve()
    for key, name in [
        *(("earlier_runs", n) for n in file.earlier_runs),
        ("previous", file.previous),
    ]:
        if name is None or (key == "previous" and is_record(name)):
            continue
        if (folder / name).resolve() == out:
            faults.append(f"{key}: {name!r} is the folder that the results go to")
            continue
        faults += [f"{key}: {name}: {fault}" for fault in complete_faults(folder / name)]
    return faults


def _organisations(
    file: RunFile, folder: Path, faults: list[str]
) -> tuple[OrganisationCrosswalk, ...]:
    """Read which organisation is which; each file is of an earlier run's wave and this one."""
    after = file.name or Path(file.wave).stem
    before = {wave_name(folder / name) for name in file.earlier_runs}
    found = []
    for name in file.organisations:
        read = _tried(name, faults, lambda n=name: OrganisationCrosswalk.read(folder / n))  # type: ignore[misc]
        if read is None:
            continue
        if read.after_wave != after or read.before_wave not in before:
            faults.append(
                f"{name}: expected the waves of an earlier run and {after!r}, got "
                f"{read.before_wave!r} and {read.after_wave!r}"
            )
        found.append(read)
    return tuple(found)


def _unknown_waves(file: RunFile, folder: Path, crosswalk: ItemCrosswalk) -> list[str]:
    """Say which earlier runs are of a wave that the crosswalk does not know."""
    known = ", ".join(map(repr, crosswalk.waves))
    return [
        f"{file.crosswalk}: no rows of {wave!r}, the wave of the earlier run {name!r}; "
        f"there are {known}"
        for name in file.earlier_runs
        if (wave := wave_name(folder / name)) and wave not in crosswalk.waves
    ]


def is_record(name: str) -> bool:
    """Whether `previous` names a printed record that ships with the package."""
    return name == "monitor_2016"


def _wave_faults(wave: Wave, file: RunFile, crosswalk: ItemCrosswalk | None) -> list[str]:
    faults = []
    if crosswalk is not None and wave.name not in crosswalk.waves:
        known = ", ".join(map(repr, crosswalk.waves))
        faults.append(f"{file.crosswalk}: no rows of the wave {wave.name!r}; there are {known}")
    elif crosswalk is not None:
        _tried(str(file.crosswalk), faults, lambda: crosswalk.check(wave))
    steering = file.steering
    if steering.variable in wave.codebook.variables:
        codes = [c.code for c in wave.codebook.categories(steering.variable)]
        if codes and not all(min(codes) <= cut < max(codes) for cut in steering.cuts):
            faults.append(
                f"steering.cuts: expected positions from {min(codes)} to {max(codes) - 1}, "
                f"got {list(steering.cuts)}"
            )
        if list(steering.cuts) != sorted(set(steering.cuts)):
            faults.append(f"steering.cuts: expected rising positions, got {list(steering.cuts)}")
    return faults


def _digests(path: Path, file: RunFile, folder: Path) -> dict[str, str]:
    found = {"run file": digest_of(path), "wave": digest_of(folder / file.wave)}
    found["codebook"] = digest_of(folder / file.codebook)
    if file.register_file is not None:
        found["register"] = digest_of(folder / file.register_file)
    if file.crosswalk is not None:
        found["crosswalk"] = digest_of(folder / file.crosswalk)
    for name in file.organisations:
        found[f"organisations {name}"] = digest_of(folder / name)
    if file.tables.endswith(".toml"):
        found["tables"] = digest_of(folder / file.tables)
    for name in file.earlier_runs:
        found[f"earlier run {name}"] = digest_of(folder / name / "manifest.json")
        found[f"earlier run {name}, answers"] = answers_digest(folder / name)
    if file.previous is not None and not is_record(file.previous):
        found["previous"] = digest_of(folder / file.previous / "manifest.json")
    return found


__all__ = ["Inputs", "digest_of", "read_inputs", "read_table", "results_folder"]
