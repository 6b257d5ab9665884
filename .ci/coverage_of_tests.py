"""Run the quick tests and keep what share of lines and branches they reach, by room.

    python -m pip install pytest-cov
    python .ci/coverage_of_tests.py                # some minutes more than the tests alone
    python .ci/coverage_of_tests.py --report FILE  # of a report that pytest-cov wrote as JSON

The shares are stored in benchmarks/results/coverage.json. Commands run in processes of their own,
which are not followed: the command line stands apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "coverage.json"
APART = "cli"
COUNTS = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def shares(report: dict[str, Any]) -> dict[str, Any]:
    """Sum a report up by room, and over all rooms but the command line."""
    rooms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, found in report["files"].items():
        parts = Path(name).parts
        room = parts[1] if len(parts) > 2 else "root"
        rooms[room].update({count: found["summary"][count] for count in COUNTS})
    whole = sum((found for room, found in rooms.items() if room != APART), Counter())
    by = {room: _share(rooms[room]) for room in sorted(rooms)}
    return {"tests": "not slow", **_share(whole), "rooms": by}


def _share(found: Counter[str]) -> dict[str, float]:
    branches = found["num_branches"]
    return {
        "lines": round(found["covered_lines"] / max(found["num_statements"], 1), 4),
        "branches": round(found["covered_branches"] / branches, 4) if branches else 1.0,
        "of_branches": branches,
    }


def run(folder: Path) -> dict[str, Any]:
    """Run the quick tests with branch coverage; a failing one ends this."""
    path = folder / "coverage.json"
    command = [sys.executable, "-m", "pytest", "-n", "auto", "-m", "not slow", "--cov=swvtypes"]
    subprocess.run([*command, "--cov-branch", f"--cov-report=json:{path}"], cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Store the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    if asked.report:
        report = json.loads(asked.report.read_text(encoding="utf-8"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            report = run(Path(folder))
    unfinished = RESULT.with_suffix(".part")
    unfinished.write_text(json.dumps(shares(report), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(RESULT)


if __name__ == "__main__":
    main()
