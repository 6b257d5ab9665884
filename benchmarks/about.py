"""What a run was made on and with: no name of a machine, no path."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PACKAGES = (
    "swvtypes", "numpy", "scipy", "pandas", "scikit-learn", "joblib", "stepmix", "hmmlearn",
    "statsmodels",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system and threads of linear algebra."""
    return {
        "processor": _processor(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _cores(),
        "memory_gigabytes": _memory(),
        "system": platform.system(),
    }


def _cores() -> int:
    return os.cpu_count() or 1


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return " ".join(value.split())
    return platform.processor() or platform.machine()


def _memory() -> float | None:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return float(round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1))


def versions() -> dict[str, str]:
    """Python, packages and the library of linear algebra; what is not installed says so."""
    import numpy as np

    # `numpy` loads its library first; asking before that would find none.
    found = {"python": platform.python_version(), "blas": _blas(np.__name__)}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def _blas(loaded_after: str) -> str:
    from threadpoolctl import threadpool_info

    kinds = {
        f"{part['internal_api']} {part['version']}, {part['num_threads']} threads"
        for part in threadpool_info()
        if part["user_api"] == "blas"
    }
    return "; ".join(sorted(kinds)) or f"not known ({loaded_after})"


def peers(interpreters: Mapping[str, str]) -> dict[str, str]:
    """Give versions of peers that are no package of this interpreter, or why they were not run."""
    from benchmarks.peers import phenocluster

    found = phenocluster.version(interpreters.get("phenocluster", ""))
    there = shutil.which("Rscript")
    return {
        "phenocluster": found or "absent: no interpreter has it (see --phenocluster)",
        "R": "there, but no R package is timed" if there else "absent: Rscript is not installed",
    }


def processes() -> dict[str, str]:
    """Limits on threads that the environment sets, by name."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {name: os.environ[name] for name in names if name in os.environ}
