"""What came of emptied functions, a row a trial: the log of a sample, and the counts stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mutation_server import SURVIVED

RESULTS = Path(__file__).resolve().parent / "results" / "mutation.json"
UNREACHED = "no test of its room names it"
SLOW, NOT_LOADED = "only slower tests name it", "runs on import only"
UNNOTICED, UNJUDGED = frozenset({SURVIVED, UNREACHED}), frozenset({SLOW, NOT_LOADED})

Row = dict[str, Any]


def rows_of(log: Path) -> list[Row]:
    """Read the log of a sample; empty where there is none."""
    if not log.is_file():
        return []
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def last(rows: list[Row]) -> list[Row]:
    """Give the last row of every function."""
    return list({(row["file"], row["function"]): row for row in rows}.values())


def is_open(row: Row | None, widely: bool) -> bool:
    """Say whether a function is still to be tried, at first or with tests from all over."""
    if row is None or not widely:
        return row is None
    return row["outcome"] in UNNOTICED and not row.get("widely", False)


def write(rows: list[Row], n_functions: int) -> None:
    """Store the counts and what no test noticed; the last row of a function counts."""
    held = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    first = last([row for row in rows if not row.get("again", False)])
    rows = last(rows)
    held["emptied"] = {
        "public functions": n_functions,
        "sampled": len(rows),
        "not judged": sum(row["outcome"] in UNJUDGED for row in rows),
        "noticed before tests were added": _noticed(first),
        "noticed": _noticed(rows),
        "unnoticed": [row for row in rows if row["outcome"] in UNNOTICED],
    }
    RESULTS.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _noticed(rows: list[Row]) -> int:
    return sum(row["outcome"] not in UNNOTICED | UNJUDGED for row in rows)
