"""Waves in: from any file, or those that ship with the package."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from swvtypes.errors import CodebookError, OptionError, ResourceError, WaveError
from swvtypes.resources import data_path, data_root

from .codebook import Codebook
from .readers import read_raw
from .rows import check_alone
from .wave import Wave, wave_from_table
from .wording import shown

_SEED_FILE = re.compile(r"seed_([0-9]{2,})\.csv")


def read_wave(
    path: str | Path,
    codebook: str | Path | Codebook,
    *,
    name: str | None = None,
    year: int | None = None,
) -> Wave:
    """Read a data file and check it against its codebook.

    Parameters
    ----------
    path : str or Path
        ``.csv`` (comma or semicolon between cells, decimal point or comma, UTF-8 or Latin-1),
        ``.sav`` (user-missing values are read as their codes), ``.xlsx`` (first sheet) or
        ``.parquet``. Columns ``organisation`` and ``sector``, optionally ``synthetic`` (true or
        false), ``seed`` and ``survey_weight``, then one column a variable; an empty cell is no
        answer. The last three formats need ``pip install "swvtypes[spss]"``.
    codebook : str, Path or Codebook
        What the file may hold, or where that stands.
    name : str, optional
        Name of the wave; that of the file unless given.
    year : int, optional
        Year of the survey; that of the codebook unless given.

    Returns
    -------
    Wave

    Raises
    ------
    WaveError
        When the file cannot be read or does not fit, or `path` is no path; lists every fault.
    CodebookError
        When the codebook is at fault, or is neither a codebook nor a path; lists every fault.
    MissingExtraError
        When the library for the format is not installed.
    """
    if not isinstance(codebook, Codebook):
        codebook = Codebook.load(_codebook_path(codebook))
    table = read_raw(path)
    return wave_from_table(table, codebook, Path(path).stem if name is None else name, year)


def _codebook_path(codebook: str | Path) -> Path:
    try:
        return Path(codebook)
    except TypeError:
        fault = f"expected a Codebook or the path of one, got {shown(codebook)}"
        raise CodebookError("codebook", [fault]) from None


def file_faults(path: str | Path) -> tuple[str, ...]:
    """Say what is wrong with a data file as far as that shows without a codebook.

    Parameters
    ----------
    path : str or Path
        A file as for :func:`read_wave`.

    Returns
    -------
    tuple of str
        One sentence a fault: a file that cannot be read; lines of another length than the
        header; columns without a name, there twice, or absent (organisation, sector); empty,
        untrimmed or repeated ids; empty sectors; marks that are malformed.

    Raises
    ------
    MissingExtraError
        When the library for the format is not installed.
    """
    try:
        table = read_raw(path)
    except WaveError as error:
        return error.faults
    return check_alone(table)


def load_wave(name: str, seed: int = 1) -> Wave:
    """Read a wave that ships with the package, with its register figures when it has any.

    Parameters
    ----------
    name : str
        For example ``"monitor_2016"``.
    seed : int
        Which of the synthetic versions; see :func:`available_seeds`.

    Raises
    ------
    ResourceError
        When the package has no such wave or seed; names those it has.
    OptionError
        When `seed` is no whole number; True and 1.0 are none.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise OptionError("seed", "a whole number such as 1", seed)
    seeds = available_seeds(name)
    if seed not in seeds:
        known = ", ".join(map(str, seeds)) or "none"
        raise ResourceError(f"wave {name!r}: expected a seed out of {known}, got {seed!r}")
    path = data_path("waves", name, f"seed_{seed:02d}.csv")
    book = data_path("codebooks", f"{name}.toml")
    state = book.stat()
    codebook = _load_codebook(book, state.st_mtime_ns, state.st_size)
    wave = read_wave(path, codebook, name=name)
    register = path.with_name(f"register_{seed:02d}.csv")
    return wave.join_register(register) if register.is_file() else wave


def available_seeds(name: str) -> tuple[int, ...]:
    """Give the seeds of a wave that ships with the package, in order.

    Raises
    ------
    ResourceError
        When the package has no such wave; names those it has.
    """
    folder = data_root() / "waves"
    known = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
    if name not in known:
        listed = ", ".join(map(repr, known)) or "none (no wave ships)"
        raise ResourceError(f"wave {name!r}: expected one of {listed}")
    found = [_SEED_FILE.fullmatch(item.name) for item in (folder / name).iterdir()]
    return tuple(sorted(int(match[1]) for match in found if match))


@lru_cache(maxsize=8)
def _load_codebook(path: Path, changed: int, size: int) -> Codebook:
    """Parse a codebook once for as long as its file stays the same."""
    return Codebook.load(path)
