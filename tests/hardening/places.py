"""Commands in a process of their own, small runs, and what stands in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "workflow"))

from small_run import small_run, study  # noqa: E402

__all__ = ["ROOT", "command", "files", "small_run", "study"]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "80", "LINES": "24", **more}


def command(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", *arguments], capture_output=True, text=True,
        check=False, cwd=cwd, timeout=500, env=environment(**(env or {})), **options,
    )  # fmt: skip


def files(folder: Path, endings: tuple[str, ...] = ("",)) -> dict[str, bytes]:
    """Content of every file below a folder that ends so, by its place."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name.endswith(endings)
    }
