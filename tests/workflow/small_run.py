"""A small wave with two related themes, and the run file that goes with it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

STUDY = Path(__file__).parents[2] / "benchmarks" / "studies" / "kill_and_resume.py"


def study() -> ModuleType:
    """Give the study of killed runs as a module."""
    if "kill_and_resume" not in sys.modules:
        spec = importlib.util.spec_from_file_location("kill_and_resume", STUDY)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["kill_and_resume"] = module
        spec.loader.exec_module(module)
    return sys.modules["kill_and_resume"]


def small_run(folder: Path) -> Path:
    """Write wave, codebook and run file; give the run file."""
    folder.mkdir(parents=True, exist_ok=True)
    made: Path = study().small_wave(folder)
    return made


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Give the time of change and the content of every file below a folder, and every folder."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }
