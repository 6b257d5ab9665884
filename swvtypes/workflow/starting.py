"""A starter for a wave: codebook, run file and crosswalk, every guess marked."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swvtypes.errors import InputError, ResourceError, RunError, SwvtypesError
from swvtypes.resources import atomic_write, data_path
from swvtypes.survey import Codebook
from swvtypes.survey.raw import RawTable
from swvtypes.survey.readers import read_raw
from swvtypes.survey.spss import read_sav_dictionary
from swvtypes.survey.wave import wave_from_table

from .earlier_runs import wave_name
from .receipts import read_manifest
from .starter_codebook import Drafted, Source, draft_codebook
from .starter_texts import codebook_text, crosswalk_text, example_codebook, run_text

FILES = ("codebook.toml", "run.toml", "crosswalk.csv")


@dataclass(frozen=True)
class Starter:
    """What a starter holds.

    Attributes
    ----------
    texts : dict of str to str
        By file name.
    guesses : int
        Lines that wait for a user's confirmation.
    taken_over : int
        Those among them that only take over what the last wave had.
    unnamed_themes : int
        Themes that wait for a name.
    faults : tuple of str
        What the data file still has against the codebook; empty when it can be run.
    """

    texts: dict[str, str]
    guesses: int
    taken_over: int
    unnamed_themes: int
    faults: tuple[str, ...]


def make_starter(folder: str | Path, wave: str | Path | None, last: str) -> Starter:
    """Make the files of a starter, without writing them.

    Parameters
    ----------
    folder : str or Path
        Where they will stand.
    wave : str or Path, optional
        Data file; without one the starter is an example to fill in.
    last : str
        The last wave: results of a run, a codebook file, or the name of one that ships.

    Raises
    ------
    WaveError
        When the data file cannot be read.
    RunError
        When there is no such last wave.
    """
    before, run = last_codebook(last)
    last_name = before.id if run is None else wave_name(run) or before.id
    if wave is None:
        texts = {"codebook.toml": example_codebook(), "run.toml": run_text(None)}
        return _starter(texts, ())
    path = Path(wave)
    source = _source(path, before)
    drafted, faults = _best(source)
    name = path.stem or "wave"
    if name == last_name:
        name += "_new"
    texts = {
        "codebook.toml": codebook_text(drafted, source),
        "crosswalk.csv": crosswalk_text(drafted, before, (last_name, name)),
    }
    texts["run.toml"] = run_text(
        drafted, wave=_relative(path, Path(folder)), name=name, last=before.id,
        run=None if run is None else _relative(run, Path(folder)),
    )  # fmt: skip
    return _starter(texts, faults)


def write_starter(folder: Path, starter: Starter) -> None:
    """Write a starter; refuses when any of its files is there.

    Raises
    ------
    InputError
        Lists the files that are in the way; nothing is written then.
    OSError
        When the disk is full or the folder cannot be written; what was written is removed.
    """
    taken = [name for name in FILES if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        raise InputError(
            str(folder), [f"{name}: is there already and is not overwritten" for name in taken]
        )
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, text in starter.texts.items():
            with atomic_write(folder / name) as stream:
                stream.write(text)
            written.append(folder / name)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def last_codebook(last: str) -> tuple[Codebook, Path | None]:
    """Give the codebook of the last wave, and the folder of its run where it is one.

    Raises
    ------
    RunError
        When there is neither a run, nor a codebook file, nor a packaged codebook of that name.
    """
    path = Path(last)
    if path.is_dir():
        manifest = read_manifest(path)
        if manifest is None:
            raise RunError(last, ["expected the results of a complete run, with a manifest.json"])
        return Codebook.load(path / "check" / "codebook.toml"), path
    if path.suffix == ".toml":
        return Codebook.load(path), None
    try:
        return Codebook.load(data_path("codebooks", f"{last}.toml")), None
    except ResourceError as error:
        raise RunError("last wave", [f"{last!r}: {error}"]) from None


def _best(source: Source) -> tuple[Drafted, tuple[str, ...]]:
    """Give the fullest draft that the data file fits, or else the barest with its faults."""
    faults: tuple[str, ...] = ()
    for level in ("all", "no gates", "no structure", "alone"):
        drafted = draft_codebook(source, level)
        faults = _faults(drafted, source)
        if not faults:
            break
    return drafted, faults


def _faults(drafted: Drafted, source: Source) -> tuple[str, ...]:
    from dataclasses import replace

    table = source.table
    kept = [at for at, name in enumerate(table.columns) if name not in drafted.leave_out]
    columns = tuple(drafted.columns.get(table.columns[at], table.columns[at]) for at in kept)
    read = replace(table, columns=columns, cells=tuple(table.cells[at] for at in kept))
    try:
        wave_from_table(read, Codebook.parse(codebook_text(drafted, source)), "wave")
    except SwvtypesError as error:
        return tuple(getattr(error, "faults", (str(error),)))
    return ()


def _source(path: Path, before: Codebook) -> Source:
    table: RawTable = read_raw(path)
    said: dict[str, Any] = {}
    if path.suffix.lower() == ".sav":
        said = read_sav_dictionary(path)
    found = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", path.stem)
    year = int(found[0]) if found else said.get("year") or datetime.date.today().year
    return Source(table, said, before, path.name, year)


def _relative(path: Path, folder: Path) -> str:
    import os

    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _starter(texts: dict[str, str], faults: tuple[str, ...]) -> Starter:
    def count(*remarks: str) -> int:
        marks = [f"{start}GUESS: {remark}" for start in ("# ", ",") for remark in remarks]
        return sum(text.count(mark) for text in texts.values() for mark in marks)

    taken_over = count("as in ", "same name and codes")
    return Starter(texts, count(""), taken_over, count("name this theme"), faults)
