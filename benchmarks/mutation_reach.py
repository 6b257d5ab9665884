"""Which tests reach which lines, and how long each takes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from types import FrameType
from typing import Any

import pytest
from mutation_server import SURVIVED, Reach, Suite, in_child, patience, run_items, silent

# Seconds under tracing from which a test is timed once more without it.
_WORTH_TIMING = 0.3


class _Tracer:
    """Notes which lines of some files are reached."""

    def __init__(self, roots: Iterable[str]) -> None:
        here = os.getcwd()
        self.roots = tuple(os.path.join(here, root) for root in roots)
        self.cut = len(here) + 1
        self.seen: set[tuple[str, int]] = set()

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(self.roots):
            return None
        name, seen = code.co_filename, self.seen
        seen.add((name, code.co_firstlineno))

        def local(frame: FrameType, event: str, argument: object) -> Any:
            seen.add((name, frame.f_lineno))
            return local

        return local

    def places(self) -> dict[str, list[int]]:
        """Give the lines by file."""
        found: dict[str, list[int]] = {}
        for name, line in sorted(self.seen):
            found.setdefault(name[self.cut :], []).append(line)
        return found


def map_reach(session: pytest.Session, roots: Sequence[str], known: Reach, seconds: float) -> Reach:
    """Note for every test its seconds, whether it passes, and the lines that it reaches."""
    reach: Reach = {}
    for item in session.items:
        if item.nodeid in known:
            reach[item.nodeid] = known[item.nodeid]
            continue

        def work(item: pytest.Item = item, traced: bool = True) -> dict[str, Any]:
            silent()
            tracer = _Tracer(roots)
            began = time.process_time()
            if traced:
                sys.settrace(tracer)
            ended = run_items([item], {item.nodeid: {"seconds": patience(seconds)}})
            sys.settrace(None)
            spent = time.process_time() - began
            return {"seconds": spent, "passes": ended == SURVIVED, "lines": tracer.places()}

        found = in_child(work)
        if not isinstance(found, dict):
            found = {"seconds": float("inf"), "passes": False, "lines": {}}
        elif found["seconds"] > _WORTH_TIMING and found["lines"]:
            # Tracing costs more than the test itself.
            plain = in_child(partial(work, traced=False))
            found["seconds"] = plain["seconds"] if isinstance(plain, dict) else float("inf")
        reach[item.nodeid] = found
    return reach


def chosen(reach: Reach, suite: Suite, file: str, span: tuple[int, int] | None) -> list[str]:
    """Give the quick tests that reach some lines, quickest first.

    Without lines they are those that reach any line of the file, without a file all.
    """
    found = []
    for name, entry in reach.items():
        lines = entry["lines"].get(file, ())
        reaches = not file or any(span is None or span[0] <= line <= span[1] for line in lines)
        if reaches and entry["passes"] and entry["seconds"] <= suite.most_seconds:
            found.append((entry["seconds"], name))
    names, spent = [], 0.0
    for seconds, name in sorted(found):
        spent += seconds
        if spent > suite.budget:
            break
        names.append(name)
    return names
