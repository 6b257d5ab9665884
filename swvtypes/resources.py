"""Packaged data, atomic writes and locks.

The data files travel inside the wheel (``swvtypes/_data``); in a checkout they stand in ``data/``
beside the package. One resolver finds either.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import ResourceError

_INSTALLED = Path(__file__).resolve().parent / "_data"
_CHECKOUT = Path(__file__).resolve().parent.parent / "data"


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
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _publish(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def atomic_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes under a temporary name and rename the file when complete."""
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _publish(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _publish(name: str, target: Path) -> None:
    """Give the finished file the permissions an ordinary new file would have, and rename it."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)
    os.replace(name, target)
