"""Tables of what was tried to break the package."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from .markdown import table
from .places import ROOT
from .stored import results


def _mended() -> list[dict[str, str]]:
    place = ROOT / "benchmarks" / "fuzzing" / "mended.json"
    found: list[dict[str, str]] = json.loads(place.read_text(encoding="utf-8"))
    return found


def fuzzing() -> str:
    """Give inputs by reader, and what became of them."""
    mended = _mended()
    rows = []
    for name, entry in results("fuzzing")["readers"].items():
        kinds = sum(case["reader"] == name for case in mended)
        rows.append((
            name, f"{entry['inputs']:,}", f"{entry['accepted']:,}", f"{entry['refused']:,}", kinds,
            len(entry["open"]), f"{entry['slowest_seconds']:.1f}",
        ))  # fmt: skip
    head = ("reader", "files tried", "read", "refused", "kinds of crash mended", "open",
            "slowest (s)")  # fmt: skip
    return table(head, rows)


def fuzzing_mended() -> str:
    """Give what broke, by reader."""
    mended = _mended()
    return table(
        ("reader", "file", "ended in"), [(c["reader"], c["input"], c["was"]) for c in mended]
    )


def batch_sizes() -> str:
    """Give greatest differences under other batch sizes."""
    found = results("batch_sizes")["greatest_difference"]
    rows = [(what, f"{gap['half']:.1e}", f"{gap['quarter']:.1e}") for what, gap in found.items()]
    return table(("result", "batches of half the size", "of a quarter"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "fuzzing": fuzzing,
    "fuzzing-mended": fuzzing_mended,
    "batch-sizes": batch_sizes,
}
