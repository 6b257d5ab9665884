"""An existing Dask cluster: reached, checked to give the same numbers, and let go of."""

from __future__ import annotations

import contextlib
import importlib
import logging
import platform
import re
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ._version import __version__
from .errors import ClusterError, MissingExtraError

TIMEOUT = 10
_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[0-9A-Fa-f:.]+\]|[\w.-]+):[0-9]{1,5}/?")
_LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "joblib")


@dataclass(frozen=True, eq=False)
class Cluster:
    """A cluster that work is sent to.

    Attributes
    ----------
    client : distributed.Client
        The connection.
    n_workers : int
        Worker processes when it was reached, whatever their threads: one task at a time each.
    """

    client: Any
    n_workers: int


class _Held:
    """The cluster in use in this process."""

    cluster: Cluster | None = None


def current() -> Cluster | None:
    """Give the cluster in use, None where work stays on this machine."""
    return _Held.cluster


@contextlib.contextmanager
def on_cluster(address: str | None, timeout: float = TIMEOUT) -> Iterator[int | None]:
    """Send the parallel work of a block to a Dask cluster that is there already.

    Parameters
    ----------
    address : str or None
        Of its scheduler, such as ``"tcp://10.0.0.1:8786"``; None keeps the work here.
    timeout : float
        Seconds to wait for an answer.

    Yields
    ------
    int or None
        The number to use as workers (at least 2, so that work is sent at all); None without a
        cluster.

    Raises
    ------
    ClusterError
        When nobody answers, there is no worker, or a worker has other versions: its numbers
        could differ.
    MissingExtraError
        When dask.distributed is not installed.
    """
    if address is None:
        yield None
        return
    with _quiet():
        client = _connected(address, timeout)
        try:
            n = _checked(client, address)
            _Held.cluster = Cluster(client, n)
            yield max(2, n)
        finally:
            _Held.cluster = None
            with contextlib.suppress(Exception):
                client.close(timeout=2)


def versions() -> dict[str, str]:
    """Give the versions that numbers depend on, here or on a worker."""
    found = {"swvtypes": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found | {"machine": platform.machine()}


def failures() -> tuple[type[BaseException], ...]:
    """Give what a cluster raises when workers or the scheduler went."""
    if _Held.cluster is None:
        return ()
    library: Any = importlib.import_module("distributed")
    closed: Any = importlib.import_module("distributed.comm").CommClosedError
    return (library.KilledWorker, library.CancelledError, closed, CancelledError)


def _connected(address: str, timeout: float) -> Any:
    try:
        library: Any = importlib.import_module("distributed")
    except ImportError:
        raise MissingExtraError("working on a cluster", "dask.distributed", "dask") from None
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(
            repr(address), "expected the address of a Dask scheduler, such as tcp://10.0.0.1:8786"
        )
    try:
        return library.Client(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise ClusterError(address, f"no Dask scheduler answers there ({said})") from None


def _checked(client: Any, address: str) -> int:
    """Count the workers; all must have our versions."""
    try:
        told = client.run(versions)
    except Exception as error:  # whatever a worker without the package makes of it
        said = " ".join(str(error).split())[:200]
        raise ClusterError(address, f"its workers cannot run swvtypes ({said})") from None
    if not told:
        raise ClusterError(address, "the cluster has no worker")
    own = versions()
    other = {
        f"{name} {theirs.get(name, 'absent')} instead of {mine}"
        for theirs in told.values()
        for name, mine in own.items()
        if theirs.get(name) != mine
    }
    if other:
        raise ClusterError(address, f"a worker has {', '.join(sorted(other))}")
    return len(told)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's log off the terminal: what matters is raised."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
