"""Which benchmarks there are: every module of this folder that has a `BENCHMARK`."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from benchmarks.measuring import Benchmark

FOLDER = Path(__file__).resolve().parent
_JOINS = re.compile(r"^BENCHMARK\b", re.MULTILINE)


def benchmarks() -> dict[str, Benchmark]:
    """Give them by name, in the order of their modules; others are not imported."""
    found: dict[str, Benchmark] = {}
    for path in sorted(FOLDER.glob("*.py")):
        if _JOINS.search(path.read_text(encoding="utf-8")):
            one = importlib.import_module(f"benchmarks.{path.stem}").BENCHMARK
            found[one.name] = one
    return found
