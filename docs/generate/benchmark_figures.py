"""Figures of stored results, as SVG: speed beside StepMix, and coverage of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

from .places import write
from .stored import figure, results

OURS, PEER, INK, FAINT = "#1f5c86", "#c2571a", "#22313d", "#d5dde3"
_SHOWN = {
    "adjusted": ("around a posterior mode (default)", OURS),
    "wald_observed": ("around maximum likelihood", PEER),
    "nonparametric_percentile": ("bootstrap of rows", "#6b7b3a"),
}


def build() -> None:
    """Write the figures."""
    write("speed.svg", speed())
    write("coverage.svg", coverage())


def speed() -> str:
    """Draw seconds of both engines, a task a line, medians with ranges, on a log scale."""
    tasks = {
        name: found["seconds"]
        for name, found in figure("lca_speed", "tasks").items()
        if "ratio" in found and not name.startswith("optima")
    }
    left, wide, high = 300, 540, 24
    low, top = 0.005, 50.0

    def place(seconds: float) -> float:
        return left + wide * (log10(seconds) - log10(low)) / (log10(top) - log10(low))

    bottom = 50 + high * len(tasks)
    parts = [*_legend((("swvtypes", OURS), ("StepMix", PEER)), left)]
    for tick in (0.01, 0.1, 1.0, 10.0):
        x = place(tick)
        parts.append(_line((x, 36), (x, bottom), FAINT))
        parts.append(_text((x, bottom + 18), f"{tick:g} s", "middle"))
    for at, (name, found) in enumerate(tasks.items()):
        y = 50 + high * at + high / 2
        parts.append(_text((left - 12, y + 4), name, "end"))
        for key, colour in (("ours wall", OURS), ("StepMix wall", PEER)):
            got = found[key]
            ends = (place(got["least"]), y), (place(got["most"]), y)
            parts.append(_line(*ends, colour, 2))
            parts.append(_dot((place(got["median"]), y), colour, f"{name}: {got['median']:g} s"))
    return _svg(left + wide + 40, bottom + 30, "Seconds of both engines, by task", parts)


def coverage() -> str:
    """Draw coverage of 95% intervals by design, and the line that they should be on."""
    found = results("inference_coverage")
    designs = [name for name, entry in found.items() if isinstance(entry, dict)]
    left, step, low, top = 70, 125, 0.70, 1.0

    def place(share: float) -> float:
        return 50 + 250 * (top - share) / (top - low)

    parts = [*_legend(tuple(_SHOWN.values()), left)]
    right = left + step * len(designs)
    for tick in (0.70, 0.80, 0.90, 1.0):
        parts.append(_line((left, place(tick)), (right, place(tick)), FAINT))
        parts.append(_text((left - 10, place(tick) + 4), f"{tick:.0%}", "end"))
    parts.append(_line((left, place(0.95)), (right, place(0.95)), INK, dashes="5 4"))
    for at, name in enumerate(designs):
        middle = left + step * (at + 0.5)
        parts.append(_text((middle, 328), name, "middle"))
        for beside, (key, (label, colour)) in zip((-18, 0, 18), _SHOWN.items(), strict=True):
            got = found[name][key]
            error = 1.96 * got["monte_carlo_error"]
            x, share = middle + beside, got["coverage"]
            parts.append(_line((x, place(share - error)), (x, place(share + error)), colour, 2))
            parts.append(_dot((x, place(share)), colour, f"{name}, {label}: {share:.1%}"))
    return _svg(right + 20, 345, "Coverage of 95% intervals, by design", parts)


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _legend(entries: Sequence[tuple[str, str]], left: float) -> list[str]:
    parts, x = [], left
    for label, colour in entries:
        parts += [_dot((x + 5, 16), colour, label), _text((x + 16, 20), label, "start")]
        x += 40 + 7 * len(label)
    return parts


def _line(
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    thick: float = 1,
    dashes: str = "none",
) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{thick:g}" stroke-dasharray="{dashes}"/>'
    )


def _dot(at: tuple[float, float], colour: str, said: str) -> str:
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="4.5" fill="{colour}">'
        f"<title>{escape(said)}</title></circle>"
    )


def _text(at: tuple[float, float], said: str, anchor: str) -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" fill="{INK}">'
        f"{escape(said)}</text>"
    )
