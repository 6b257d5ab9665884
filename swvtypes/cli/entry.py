"""Where the command starts: before anything heavy is imported, so that an interrupt is heard."""

from __future__ import annotations

import contextlib
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line; see :func:`swvtypes.cli.app.run`.

    Exit status: 0 done; 1 the result falls short (a cell is missed); 2 the input is at fault,
    with one line a fault on standard error and nothing written; 130 interrupted.
    """
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    with contextlib.suppress(ValueError):  # not in the main thread
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, hear)
    try:
        from .app import run

        run()
    except BaseException as ended:
        # A library that is being imported may turn the interrupt into an error of its own.
        done = isinstance(ended, SystemExit) and not ended.code
        if done or not (heard or isinstance(ended, KeyboardInterrupt)):
            raise
        _hear_no_more()
        _remove_what_was_begun()
        sys.stderr.write("interrupted; no half-written file was left behind\n")
        sys.exit(130)
    finally:
        _hear_no_more()  # what is to be done is done: a second would only break off the farewell


def _hear_no_more() -> None:
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _remove_what_was_begun() -> None:
    """Remove what an interrupt between the making of a file and its handling left behind."""
    from swvtypes.resources import abandon_all

    abandon_all()
