"""Folders that commands write to."""

from __future__ import annotations

import os
from pathlib import Path

from swvtypes.errors import InputError


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
    if not os.access(path, os.W_OK):
        raise InputError(f"output folder {path}", ["cannot be written to"])
    return path
