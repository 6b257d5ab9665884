"""Packaged data, atomic writes and locks.

The data files travel inside the wheel (``swvtypes/_data``); in a checkout they stand in ``data/``
beside the package. One resolver finds either.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import ResourceError

_INSTALLED = Path(__file__).resolve().parent / "_data"
_CHECKOUT = Path(__file__).resolve().parent.parent / "data"
_BEGUN: set[Path] = set()


def data_root() -> Path:
    """Give the folder that holds the packaged data.

    Returns
    -------
    pathlib.Path
        ``swvtypes/_data`` of an installed wheel, else ``data/`` of the checkout.

    Raises
    ------
    ResourceError
        When neither exists.
    """
    for root in (_INSTALLED, _CHECKOUT):
        if root.is_dir():
            return root
    raise ResourceError(
        f"packaged data: expected the folder {_INSTALLED} or {_CHECKOUT}, found neither"
    )


def data_path(*parts: str) -> Path:
    """Find one packaged file or folder.

    Parameters
    ----------
    *parts : str
        Path below the data folder, for example ``"codebooks", "monitor_2016.toml"``.

    Raises
    ------
    ResourceError
        When it is absent; names the folder and what it does hold.
    """
    path = data_root().joinpath(*parts)
    if path.exists():
        return path
    folder = path.parent
    names = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
    holds = ", ".join(names) if names else "nothing (the folder is absent or empty)"
    raise ResourceError(f"packaged data: expected {'/'.join(parts)}, the folder holds {holds}")


@contextlib.contextmanager
def atomic_write(path: str | Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    r"""Write a text file under a temporary name and rename it when complete.

    Parameters
    ----------
    path : str or Path
        Where the finished file will stand. Its folder must exist.
    encoding : str
        Encoding of the text.

    Yields
    ------
    file object
        Open for writing with ``\n`` line ends. On an exception the temporary file is removed
        and the target, if it existed, is left as it was.
    """
    target = Path(path)
    part = begin(target.parent, f".{target.name}.", ".part")
    try:
        with open(part, "x", encoding=encoding, newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, target)
    finally:
        abandon(part)


def atomic_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes under a temporary name and rename the file when complete."""
    target = Path(path)
    part = begin(target.parent, f".{target.name}.", ".part")
    try:
        with open(part, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, target)
    finally:
        abandon(part)


def begin(folder: Path, head: str, tail: str = "") -> Path:
    """Choose a temporary name, and note it before anything stands there.

    An interrupt may fall between the making of a file and the line that would remove it; what is
    noted here is then still found by :func:`abandon_all`.
    """
    part = folder / f"{head}{secrets.token_hex(8)}{tail}"
    _BEGUN.add(part)
    return part


def abandon(part: Path) -> None:
    """Remove what stands under a temporary name, if anything still does."""
    with contextlib.suppress(OSError):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    if not os.path.lexists(part):
        _BEGUN.discard(part)


def abandon_all() -> None:
    """Remove everything begun and neither renamed nor removed; for the end of a command."""
    for part in tuple(_BEGUN):
        abandon(part)
