"""Figures of stored studies, as SVG: coverage of intervals, bias of both engines."""

from __future__ import annotations

from typing import Any

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
from .stored import figure, results

_SHOWN = {
    "adjusted": ("posterior mode (default)", OURS),
    "wald_observed": ("maximum likelihood", PEER),
    "nonparametric_percentile": ("bootstrap of rows", THIRD),
}
METHODS = {"one_step": "one step", "two_step": "two steps", "ml": "ML", "bch": "BCH"}
QUANTITIES = {"covariate": "slope of a covariate", "outcome": "mean of an outcome"}
ENGINES = {"ours": ("swvtypes", OURS), "StepMix": ("StepMix", PEER)}


def build() -> None:
    """Write the figures."""
    write("coverage.svg", coverage())
    write("bias.svg", bias())


def coverage() -> str:
    """Draw coverage of 95% intervals by design, and the line that they should be on."""
    found = results("inference_coverage")
    designs = [name for name, entry in found.items() if isinstance(entry, dict)]
    axis = Axis(0.70, 1.0, 112, WIDTH - 24)
    first, high = 56.0, 54.0
    bottom = first + high * len(designs)
    parts = legend(tuple(_SHOWN.values()))
    parts += grid(axis, [(t, f"{t:.0%}") for t in (0.70, 0.80, 0.90, 1.0)], first - 8, bottom)
    parts.append(line((axis.place(0.95), first - 8), (axis.place(0.95), bottom), INK, 1, "5 4"))
    for at, name in enumerate(designs):
        y = first + high * at
        parts.append(text((104, y + 26), name, "end"))
        for beside, (key, (label, colour)) in zip((8, 22, 36), _SHOWN.items(), strict=True):
            got = found[name][key]
            share, error = got["coverage"], 1.96 * got["monte_carlo_error"]
            ends = axis.place(share - error), axis.place(share + error)
            parts.append(line((ends[0], y + beside), (ends[1], y + beside), colour, 2))
            said = f"{name}, {label}: {share:.1%}"
            parts.append(dot((axis.place(share), y + beside), colour, said))
    return svg(bottom + 26, "Coverage of 95% intervals, by design", parts)


def structural_cells() -> dict[tuple[str, str, int], dict[str, Any]]:
    """Give the cells by quantity, separation and N, in order."""
    found = {}
    for name, cell in figure("stepmix_designs", "cells").items():
        what, separation, size = name.split()
        if what in QUANTITIES:
            found[what, separation, int(size.removeprefix("N="))] = cell
    return dict(sorted(found.items(), key=lambda item: (item[0][0], -float(item[0][1]), item[0])))


def bias() -> str:
    """Draw relative bias of both engines, by method, separation and N."""
    cells = structural_cells()
    axis = Axis(-70.0, 30.0, 112, WIDTH - 18)
    parts = legend([*ENGINES.values()])
    y = 40.0
    for what, title in QUANTITIES.items():
        mine = {key: cell for key, cell in cells.items() if key[0] == what}
        if not mine:
            continue
        rows, top = [text((8, y), title, bold=True)], y + 8
        y = top
        for (_, separation, n), cell in mine.items():
            rows += _panel(y, f"{separation.lstrip('0')}, N={n:,}", cell, axis)
            y += 15 * len(METHODS) + 28
        ticks = [(t, f"{t:+.0f}%" if t else "0") for t in (-60.0, -40.0, -20.0, 0.0, 20.0)]
        parts += grid(axis, ticks, top, y)
        parts += [line((axis.place(0.0), top), (axis.place(0.0), y), INK, 1.5), *rows]
        y += 44
    return svg(y - 20, "Relative bias of both engines, by method and design", parts)


def _panel(y: float, name: str, cell: dict[str, Any], axis: Axis) -> list[str]:
    parts = [text((8, y + 16), name, bold=True), line((8, y), (axis.right, y), FAINT)]
    for at, (method, label) in enumerate(METHODS.items()):
        middle = y + 32 + 15 * at
        parts.append(text((104, middle + 4), label, "end"))
        for key, (engine, colour) in ENGINES.items():
            got = cell[method][key]
            share, error = got["bias_percent"], 1.96 * got["monte_carlo_error_percent"]
            beside = middle - 2 if key == "ours" else middle + 3
            ends = axis.place(share - error), axis.place(share + error)
            parts.append(line((ends[0], beside), (ends[1], beside), colour, 1.5))
            said = f"{name}, {label}, {engine}: {share:+.1f}%"
            parts.append(dot((axis.place(share), beside), colour, said, hollow=key != "ours"))
    return parts
