"""Growth, memory and profile of stored runs: a figure of slopes, and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .benchmark_drawing import (
    FAINT,
    INK,
    OURS,
    PEER,
    WIDTH,
    Axis,
    dot,
    grid,
    legend,
    line,
    svg,
    text,
)
from .markdown import percent, table
from .places import RESULTS, write
from .stored import figure, results


def build() -> None:
    """Write the figure."""
    if (RESULTS / "growth.json").is_file():
        write("growth.svg", slopes())


def slopes() -> str:
    """Draw the measured exponent of every stage beside that of its mathematics."""
    stages = {k: v for k, v in figure("growth", "stages").items() if v["slope"] is not None}
    axis = Axis(0.0, 2.5, 196, WIDTH - 18)
    bottom = 44.0 + 18 * len(stages)
    parts = legend([("measured", OURS), ("steeper than its mathematics", PEER)])
    parts += grid(axis, [(v, f"{v:g}") for v in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)], 30, bottom)
    for at, (name, found) in enumerate(stages.items()):
        y = 44.0 + 18 * at
        x, limit = (axis.place(found["expected"] + m) for m in (0.0, figure("growth", "margin")))
        label = name.replace("bootstrap likelihood ratio", "bootstrap test")
        parts.append(text((188, y + 4), label, "end"))
        parts.append(line((x, y), (limit, y), FAINT, 8))
        parts.append(line((x, y - 7), (x, y + 7), INK, 2))
        colour = OURS if found["no_faster_than_its_mathematics"] else PEER
        parts.append(dot((axis.place(found["slope"]), y), colour, f"{name}: {found['slope']:.2f}"))
    return svg(bottom + 24, "Growth of every stage, as an exponent", parts)


def growth() -> str:
    """Give every ladder: how far it went, what it took there, slope and verdict."""
    rows = []
    for found in figure("growth", "stages").values():
        slope, stopped = found["slope"], found["stopped_before"]
        verdict = {True: "yes", False: "no", None: "ladder too short"}[
            found["no_faster_than_its_mathematics"]
        ]
        rows.append(
            (
                found["stage"], found["against"],
                f"{found['sizes'][0]:,} to {found['sizes'][-1]:,}"
                + (f" ({stopped:,} would be too long)" if stopped else ""),
                f"{found['processor_seconds'][-1]:.3g}",
                "" if slope is None else f"{slope:.2f}", f"{found['expected']:g}",
                found["because"], verdict,
            )
        )  # fmt: skip
    header = ("stage", "against", "ladder", "processor seconds at its top", "slope",
              "its mathematics", "because", "no faster")  # fmt: skip
    return table(header, rows)


def memory(against: str) -> str:
    """Give the peak of every stage above what its data and the libraries take."""
    stages: Mapping[str, Mapping[str, Any]] = figure("memory", "stages")
    chosen = {k: v for k, v in stages.items() if next(iter(v)).endswith(against)}
    sizes = sorted(
        {size for found in chosen.values() for size in found}, key=lambda size: int(size.split()[0])
    )
    rows = [[name, *(_gigabytes(found.get(s)) for s in sizes)] for name, found in chosen.items()]
    heads = [f"{int(size.split()[0]):,} {against}" for size in sizes]
    return table(["stage: gigabytes above those before", *heads], rows)


def _gigabytes(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    if "more_than" in found:
        return f"more than {found['more_than']:g}"
    return f"{max(found['peak'] - found['before'], 0.0):.3f}"


def profile_steps() -> str:
    """Give processor seconds of every step of a run, before and after."""
    found = results("profile")
    sides = [side for side in ("before", "after") if side in found["quick"]]
    kinds = [kind for kind in ("quick", "bootstrap") if kind in found]
    header = ["step", *(f"{kind}, {side}" for kind in kinds for side in sides)]
    rows = [
        [step, *(f"{found[kind][side][step]:.2f}" for kind in kinds for side in sides)]
        for step in found["quick"][sides[-1]]
    ]
    return table(header, rows)


def profile_shares(part: str, least: float = 0.01) -> str:
    """Give shares of the samples of each run by room, kind of work or function."""
    found = results("profile")
    columns: dict[str, Mapping[str, float]] = {
        f"{kind}, {side}": shares[part]
        for kind in ("quick", "bootstrap")
        for side, shares in found.get(kind, {}).get("profile", {}).items()
    }
    names = list(dict.fromkeys(name for shares in columns.values() for name in shares))
    names = [n for n in names if max(shares.get(n, 0.0) for shares in columns.values()) >= least]
    names.sort(key=lambda n: -max(shares.get(n, 0.0) for shares in columns.values()))
    rows = [[n, *(percent(shares.get(n, 0.0)) for shares in columns.values())] for n in names]
    return table([part[:-1], *columns], rows)


_EVERY: Mapping[str, tuple[str, Callable[[], str]]] = {
    "growth": ("growth", growth),
    "peak_memory": ("memory", lambda: memory("rows")),
    "peak_memory_replicates": ("memory", lambda: memory("replicates")),
    "profile_steps": ("profile", profile_steps),
    "profile_rooms": ("profile", lambda: profile_shares("rooms")),
    "profile_kinds": ("profile", lambda: profile_shares("kinds")),
    "profile_functions": ("profile", lambda: profile_shares("functions", 0.02)),
}
TABLES: Mapping[str, Callable[[], str]] = {
    name: make for name, (file, make) in _EVERY.items() if (RESULTS / f"{file}.json").is_file()
}
