"""Peak memory of every stage at three numbers of rows, and of the bootstrap at two of replicates.

Run from the checkout: ``python -m benchmarks.memory [--only NAME] [--most 12] [--store]``. Each
figure is of a fresh process with one thread: memory in use before the stage's work (library and
data), and the most in use during it. Where the system lets a process reset its peak (Linux) the
making of the data does not count; elsewhere the peak is that of the whole process. A stage that
asks for more than so many gigabytes is cut off and says so.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import time
from pathlib import Path
from typing import Any

from benchmarks.growth import LINEAR_ALGEBRA

STORE = Path(__file__).resolve().parent / "results" / "memory.json"
ROWS, MOST_ROWS = (152, 10_000), 1_000_000
# A million rows where one step of it takes a minute at most; ten times fewer elsewhere.
FEWER_ROWS = 100_000
REPLICATES = (499, 5_000)
MOST = 12.0
BY_ROWS = {
    "reading a wave": "reading", "pattern compression": "patterns", "one fit": "one_fit",
    "enumeration": "enumeration", "bootstrap likelihood ratio": "bootstrap",
    "standard errors": "errors", "indicator selection": "selecting", "route 1": "route_one",
    "route 2": "route_two", "route 3": "route_three", "scoring": "scoring",
    "scale scores": "scales", "tables": "tables", "steering continuum": "continuum",
    "validation": "validating", "comparing memberships": "memberships",
    "drift of answers": "drifting", "latent transition": "transitions",
}  # fmt: skip

A_MILLION = ("reading a wave", "pattern compression", "one fit", "scoring", "scale scores")


def peak_gigabytes(make: str, size: int, most: float) -> dict[str, Any]:
    """Do a stage in this process, and give memory before and at its peak; for a fresh process."""
    from benchmarks import growth_stages

    resource.setrlimit(resource.RLIMIT_AS, (int(most * 2**30), resource.RLIM_INFINITY))
    start = time.process_time()
    try:
        action = getattr(growth_stages, make)(size)
        gc.collect()
        before = _reset()
        action()
    except MemoryError:
        return {"more_than": most}
    except OSError as error:
        if error.errno != 12:  # out of memory
            raise
        return {"more_than": most}
    return {
        "before": _rounded(before), "peak": _rounded(_peak()),
        "processor_seconds": round(time.process_time() - start, 2),
    }  # fmt: skip


def _reset() -> float:
    """Let the peak begin here, and give what is in use."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return _peak()
    return _status("VmRSS")


def _peak() -> float:
    if Path("/proc/self/status").is_file():
        return _status("VmHWM")
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def _status(key: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 2**20
    raise LookupError(key)


def _rounded(gigabytes: float) -> float:
    return round(gigabytes, 3)


def measure(only: tuple[str, ...] = (), most: float = MOST) -> dict[str, Any]:
    """Measure all stages, or some.

    Returns
    -------
    dict
        machine, versions, and `stages`: by name and size, gigabytes before and at the peak.
    """
    from benchmarks import about
    from benchmarks.measuring import in_fresh_process

    tasks = [
        (name, make, "rows", size)
        for name, make in BY_ROWS.items()
        for size in (*ROWS, MOST_ROWS if name in A_MILLION else FEWER_ROWS)
    ]
    tasks += [
        ("bootstrap likelihood ratio, 152 rows", "bootstrap_of_replicates", "replicates", size)
        for size in REPLICATES
    ]
    stages: dict[str, dict[str, Any]] = {}
    for name, make, against, size in tasks:
        if only and not any(part in name for part in only):
            continue
        found = in_fresh_process(peak_gigabytes, make, size, most)
        stages.setdefault(name, {})[f"{size} {against}"] = found
        print(f"{name}, {size:,} {against}: {found}", flush=True)
    return {"most": most, "machine": about.machine(), "versions": about.versions(),
            "stages": stages}  # fmt: skip


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="part of a stage's name")
    parser.add_argument("--most", type=float, default=MOST, help="gigabytes of address space")
    parser.add_argument("--store", action="store_true", help="keep the figures")
    asked = parser.parse_args()
    found = measure(tuple(asked.only), asked.most)
    if asked.store:
        from benchmarks.storing import read_json, write_json

        kept = (read_json(STORE) or {}).get("stages", {}) if asked.only else {}
        write_json(STORE, found | {"stages": kept | found["stages"]})


if __name__ == "__main__":
    for name in LINEAR_ALGEBRA:
        os.environ.setdefault(name, "1")
    main()
