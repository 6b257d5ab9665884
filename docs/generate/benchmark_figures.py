"""Figures of stored benchmarks, as SVG: seconds of all engines, optima of overfitted models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import benchmark_statistics
from .benchmark_drawing import (
    FAINT,
    INK,
    OURS,
    PEER,
    THIRD,
    WIDTH,
    Axis,
    dot,
    grid,
    legend,
    line,
    svg,
    text,
)
from .places import write
from .stored import figure

COLOURS = {
    "swvtypes": OURS,
    "StepMix": PEER,
    "hmmlearn": THIRD,
    "scikit-learn": "#8a3d7c",
    "phenocluster": "#a88a00",
}
_TICKS = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "0.1 s"), (1.0, "1 s"), (10.0, "10 s"),
          (100.0, "100 s"), (1000.0, "1000 s"))  # fmt: skip


def build() -> None:
    """Write the figures."""
    write("speed.svg", speed())
    write("optima.svg", optima())
    benchmark_statistics.build()


def stored_tasks() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give benchmark, task and record of all that was timed."""
    for benchmark, entry in figure("speed", "benchmarks").items():
        for name, record in entry["tasks"].items():
            if "skipped" not in record:
                yield benchmark, name, record


def for_our_work(record: Mapping[str, Any], engine: str) -> dict[str, float]:
    """Seconds that an engine needs for the work that ours did; the clock that was kept."""
    seconds = record["seconds"][engine]
    found = seconds.get("wall") or seconds["processor"]
    work = record.get("work", {})
    scale = work.get("swvtypes", 1.0) / work.get(engine, 1.0)
    return {key: scale * value for key, value in found.items()}


def speed() -> str:
    """Draw seconds of all engines, a task a line, medians with ranges, on a log scale."""
    groups: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for _, name, record in stored_tasks():
        if "ratio" in record:
            groups.setdefault(record["group"], []).append((name, record))
    records = [record for rows in groups.values() for _, record in rows]
    engines = [one for one in COLOURS if any(one in record["seconds"] for record in records)]
    ends = [for_our_work(r, e)[k] for r in records for e in r["seconds"]
            for k in for_our_work(r, e)]  # fmt: skip
    low = max(tick for tick, _ in _TICKS if tick <= min(ends) or tick == _TICKS[0][0])
    top = 1.2 * max(ends)
    axis = Axis(low, top, 128, WIDTH - 18, log=True)
    first = 52 if len(engines) > 3 else 34
    y, rows = float(first), list[str]()
    for group, tasks in groups.items():
        rows.append(text((8, y + 13), group.replace(" x ", " \u00d7 "), bold=True))
        y += 20
        for name, record in tasks:
            rows += _row(y, name, record, axis)
            y += 18
        y += 6
    parts = [*legend([(name, COLOURS[name]) for name in engines])]
    shown = [(value, label) for value, label in _TICKS if low <= value <= top]
    parts += grid(axis, _apart(shown), first, y)
    return svg(y + 24, "Seconds of every engine for the same work, by task", [*parts, *rows])


def _apart(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    return ticks if len(ticks) <= 5 else ticks[::2]


def _row(y: float, name: str, record: dict[str, Any], axis: Axis) -> list[str]:
    middle = y + 9
    parts = [text((120, middle + 4), record["label"].replace(" x ", " \u00d7 "), "end")]
    places = []
    for engine in record["seconds"]:
        got, colour = for_our_work(record, engine), COLOURS.get(engine, INK)
        x = axis.place(got["median"])
        places.append(x)
        if "least" in got:
            ends = axis.place(got["least"]), axis.place(got["most"])
            parts.append(line((ends[0], middle), (ends[1], middle), colour, 3))
        parts.append(dot((x, middle), colour, f"{name}, {engine}: {got['median']:.4g} s"))
    return [line((min(places), middle), (max(places), middle), FAINT, 2), *parts]


def optima() -> str:
    """Draw how far each seed ends above or below the best solution known before."""
    tasks = figure("speed", "benchmarks", "lca_optima", "tasks")
    gaps = [gap for record in tasks.values() for gap in record["shown"]["difference_by_seed"]]
    peers = [record["shown"].get("stepmix_difference", 0.0) for record in tasks.values()]
    low, top = min([*gaps, *peers, -1.0]) - 0.4, max([*gaps, *peers, 1.0]) + 0.4
    axis = Axis(low, top, 60, WIDTH - 18)
    bottom = 44.0 + 64 * len(tasks)
    whole = range(int(low), int(top) + 1)
    parts = legend([("swvtypes, a dot a seed", OURS), ("StepMix, best", PEER)])
    parts += grid(axis, [(float(tick), f"{tick:+d}" if tick else "0") for tick in whole],
                  34, bottom)  # fmt: skip
    parts.append(line((axis.place(0.0), 34), (axis.place(0.0), bottom), INK, 1.5))
    for at, record in enumerate(tasks.values()):
        y = 66 + 64 * at
        shown = record["shown"]
        parts.append(text((8, y + 4), record["label"], bold=True))
        seen: dict[float, int] = {}
        for gap in sorted(shown["difference_by_seed"]):
            x = round(axis.place(gap) / 6) * 6.0
            up = seen.get(x, 0)
            seen[x] = up + 1
            # Seeds that end at the same place stand on one another.
            said = f"{record['label']}: {gap:+.4f}"
            parts.append(dot((axis.place(gap), y + 14 - 2.0 * up), OURS, said, hollow=True))
        if "stepmix_difference" in shown:
            gap = shown["stepmix_difference"]
            parts.append(dot((axis.place(gap), y + 22), PEER, f"StepMix: {gap:+.4f}"))
    parts.append(text((WIDTH / 2, bottom + 34), "log-likelihood less the best known before",
                      "middle"))  # fmt: skip
    return svg(bottom + 44, "Solutions found, by seed and number of classes", parts)
