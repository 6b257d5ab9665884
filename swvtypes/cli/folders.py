"""Folders that commands write to."""

from __future__ import annotations

import os
from pathlib import Path

from swvtypes.errors import InputError


def check_output(path: Path, names: tuple[str, ...] = ()) -> None:
    """Say before any work whether a folder can take some files; makes nothing.

    Parameters
    ----------
    path : Path
        The folder, there or not.
    names : tuple of str
        Files that are going to be written into it.

    Raises
    ------
    InputError
        When the path is empty or a file, the nearest folder that exists cannot be written to,
        or a folder stands where a file is to come.
    """
    subject = f"output folder {path}"
    if str(path).strip() in {"", "."} and not names:
        raise InputError(subject, ["expected the name of a folder"])
    if path.exists() and not path.is_dir():
        raise InputError(subject, ["expected a folder, found a file"])
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not existing.is_dir():
        raise InputError(subject, [f"cannot be made: {existing} is a file"])
    if not os.access(existing, os.W_OK | os.X_OK):
        raise InputError(subject, ["cannot be written to"])
    taken = [name for name in names if (path / name).is_dir()]
    if taken:
        raise InputError(subject, [f"{name}: expected a file, found a folder" for name in taken])


def output_folder(path: Path) -> Path:
    """Make an output folder, or say why it cannot be used.

    Raises
    ------
    InputError
        When the path is a file, cannot be made, or cannot be written to.
    """
    if path.exists() and not path.is_dir():
        raise InputError(f"output folder {path}", ["expected a folder, found a file"])
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise InputError(f"output folder {path}", [f"cannot be made: {reason}"]) from fault
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError(f"output folder {path}", ["cannot be written to"])
    return path
