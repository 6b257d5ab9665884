"""Tables of mutation testing: faults noticed by area, and functions emptied one by one."""

from __future__ import annotations

from typing import Any

from .markdown import percent, table
from .stored import figure, results

_AREAS = {
    "engine": "engine (steps, starts, families, design)",
    "certifier": "certifier",
    "audit": "audit",
}


def mutation_areas() -> str:
    """Faults noticed in each area and sample; the last sample is fresh."""
    rows = []
    for name, label in _AREAS.items():
        area = figure("mutation", "areas", name)
        seeds = sorted(area["samples"], key=int)
        for number, seed in enumerate(seeds):
            got = area["samples"][seed]
            rows.append(
                (
                    label,
                    area["mutants possible"],
                    "fresh" if number == len(seeds) - 1 and number else "first",
                    got["sampled"],
                    percent(got["share killed before tests were added"]),
                    _interval(got["interval before tests were added"]),
                    percent(got["share killed"]),
                    got["of which equivalent"],
                    percent(got["share killed of those not equivalent"]),
                    got["of which timed out"],
                )
            )
    header = (
        "area", "faults possible", "sample", "tried", "noticed at first", "95% interval",
        "noticed now",
        "change nothing", "noticed of the others", "of which by running on",
    )  # fmt: skip
    return table(header, rows)


def _interval(ends: list[float]) -> str:
    return f"{percent(ends[0], 0)} to {percent(ends[1], 0)}"


def mutation_survivors() -> str:
    """Survivors of the last samples, by what was concluded of them."""
    counts: dict[tuple[str, str], int] = {}
    for name, label in _AREAS.items():
        samples = figure("mutation", "areas", name, "samples")
        for survivor in samples[max(samples, key=int)]["survivors"]:
            key = (label, survivor["examined"] or "a gap in the tests that is left")
            counts[key] = counts.get(key, 0) + 1
    rows = [(area, reason, n) for (area, reason), n in sorted(counts.items())]
    return table(("area", "what was found on looking", "survivors"), rows)


def emptied_functions() -> str:
    """Public functions that may do nothing without a quick test of their room noticing."""
    held: dict[str, Any] = results("mutation")["emptied"]
    rows = [(row["file"], row["function"], row["outcome"]) for row in held["unnoticed"]]
    header = ("module", "function", "what came of it")
    return table(header, rows or [("none", "", "every one was noticed")])


TABLES = {
    "mutation-areas": mutation_areas,
    "mutation-survivors": mutation_survivors,
    "emptied-functions": emptied_functions,
}
