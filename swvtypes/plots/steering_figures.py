"""Figures of the self-rated continuum: the distribution, the budget, and three dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from swvtypes.language import Label, Language, check_language
from swvtypes.scales.moments import FloatArray
from swvtypes.steering import JointView, PositionProfile, SteeringSummary
from swvtypes.steering.joint_patterns import PATTERNS

from .canvas import MARKERS, apart, bare, colour, decimal_ticks, number, open_axes, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X = Label("plaats op de lijn", "place on the line")
_SHARE = Label("aandeel van de organisaties (%)", "share of organisations (%)")
_BUDGET = Label("aandeel van de begroting (%)", "share of the budget (%)")
_MIDDLE = Label("midden van de schaal", "middle of the scale")
_SYNTHETIC = Label("synthetische rijen", "synthetic rows")
_SIZE = Label("puntgrootte: aantal organisaties", "size of points: organisations")
_MEAN = Label("gemiddelde", "mean")
_STYLES = ("-", "--", "-.", ":", (0, (5, 1)))
_LIGHT, _DARK = "0.55", "0.25"


def steering_distribution(
    summary: SteeringSummary, *, language: Language = "en", ax: Axes | None = None
) -> Axes:
    """Draw how organisations place themselves, sectors side by side.

    Parameters
    ----------
    summary : SteeringSummary
        Of ``swvtypes.steering.summarise``.
    language : {"en", "nl"}
        Of titles and numbers.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Bars with Wilson intervals; a dashed line at the middle of the scale; means in the legend.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    axes = open_axes(ax, 7.5, 4.2)
    sectors = list(summary.distribution["sector"].unique())
    width = 0.8 / len(sectors)
    top = 100 * float(summary.distribution["upper"].max())
    for at, sector in enumerate(sectors):
        part = summary.distribution[summary.distribution["sector"] == sector]
        place = part["position"].to_numpy(dtype=float) + (at - (len(sectors) - 1) / 2) * width
        share, low, high = (
            100 * part[k].to_numpy(dtype=float) for k in ("share", "lower", "upper")
        )
        centre = summary.centre[summary.centre["sector"] == sector].iloc[0]
        mean = number(float(centre["mean"]), 1, language)
        name = f"{sector} (n = {centre['n']}, {_MEAN.text(language)} {mean})"
        axes.bar(place, share, 0.94 * width, color=colour(at), alpha=0.85, label=name,
                 edgecolor="white", hatch=("", "///", "...")[at % 3])  # fmt: skip
        axes.errorbar(place, share, [share - low, high - share], fmt="none", ecolor=_DARK,
                      elinewidth=0.8, capsize=0)  # fmt: skip
    axes.axvline(summary.midpoint, color=_LIGHT, linestyle="--", linewidth=1)
    axes.annotate(_MIDDLE.text(language), (summary.midpoint, 1.0), (4, -2), fontsize="small",
                  color=_DARK, xycoords=("data", "axes fraction"), textcoords="offset points",
                  va="top")  # fmt: skip
    axes.set_ylim(0, 1.12 * top)
    _positions(axes, summary.positions, language)
    axes.set_ylabel(_SHARE.text(language))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1.2), ncols=len(sectors))
    decimal_ticks(axes.yaxis, language)
    level = number(100 * summary.options.level, 0, language)
    bars = Label(f"strepen: {level}%-interval", f"thin lines: {level}% interval")
    _told(axes, summary.synthetic, language, bars)
    bare(axes)
    return axes


def steering_budget(
    profile: PositionProfile, *, language: Language = "en", ax: Axes | None = None
) -> Axes:
    """Draw budget posts against the position: means, and a smooth line through all answers.

    Parameters
    ----------
    profile : PositionProfile
        Of ``swvtypes.steering.position_profile``.
    language, ax
        As :func:`steering_distribution`.

    Returns
    -------
    Axes
        Points are the means at a position, larger where more organisations stand; each line
        carries its name at the end.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    axes = open_axes(ax, 8.2, 5.0)
    ends = []
    beside = max(profile.positions) + 0.7
    for at, name in enumerate(profile.labels):
        means = profile.means[(profile.means["aspect"] == name) & (profile.means["n"] > 0)]
        line = profile.smooth[profile.smooth["aspect"] == name]
        axes.scatter(means["position"], means["mean"], s=8 + 4 * means["n"].to_numpy(dtype=float),
                     color=colour(at), marker=MARKERS[at % len(MARKERS)], alpha=0.55,
                     linewidths=0)  # fmt: skip
        axes.plot(line["position"], line["mean"], color=colour(at), linewidth=1.8,
                  linestyle=_STYLES[at % len(_STYLES)])  # fmt: skip
        if len(line):
            ends.append((float(line["mean"].iloc[-1]), float(line["position"].iloc[-1]), at, name))
    highest = float(np.nanmax(profile.means["mean"].to_numpy(dtype=float)))
    axes.set_ylim(0, 1.08 * highest)
    heights = apart([end[0] for end in ends], 0.075 * highest)
    for (value, place, at, name), height in zip(ends, heights, strict=True):
        label = wrapped(name, {key: text.text(language) for key, text in profile.labels.items()})
        axes.plot([place, beside], [value, height], color=colour(at), linewidth=0.7, clip_on=False)
        axes.plot(beside, height, MARKERS[at % len(MARKERS)], color=colour(at), clip_on=False)
        axes.annotate(label, (beside, height), (7, 0), textcoords="offset points", color=_DARK,
                      va="center", fontsize="small", annotation_clip=False)  # fmt: skip
    _positions(axes, profile.positions, language)
    axes.set_ylabel(_BUDGET.text(language))
    decimal_ticks(axes.yaxis, language)
    _told(axes, profile.synthetic, language, _SIZE)
    bare(axes)
    return axes


def joint_dimensions(view: JointView, *, language: Language = "en", ax: Axes | None = None) -> Axes:
    """Draw steering, services and means at once.

    Parameters
    ----------
    view : JointView
        Of ``swvtypes.steering.three_dimensions``.
    language, ax
        As :func:`steering_distribution`.

    Returns
    -------
    Axes
        One mark an organisation: across the share put through to schools, upwards the number of
        services (moved a little so that none hides another), darker the more central its
        position, shaped by sector. Dashed lines part the four patterns, named with their counts
        above and below.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    axes = open_axes(ax, 8.0, 5.6)
    from matplotlib.collections import PathCollection

    frame = view.organisations
    sectors = list(frame["sector"].unique())
    lift = _lifted(frame)
    drawn = None
    for at, sector in enumerate(sectors):
        here = (frame["sector"] == sector).to_numpy(dtype=bool)
        drawn = axes.scatter(frame["means"][here], frame["services"][here] + lift[here],
                             c=frame["steering"][here], cmap="cividis_r", vmin=1, vmax=10, s=34,
                             marker=MARKERS[at], edgecolors=_DARK, linewidths=0.5,
                             label=str(sector))  # fmt: skip
    low, high = float(frame["services"].min()), float(frame["services"].max())
    axes.set_ylim(low - 1.25, high + 1.25)
    axes.set_xlim(-3, 103)
    axes.axvline(view.cuts["means"] - 0.5, color=_LIGHT, linestyle="--", linewidth=1)
    axes.axhline(view.cuts["services"] - 0.5, color=_LIGHT, linestyle="--", linewidth=1)
    _corners(axes, view, language)
    axes.set_yticks(np.arange(low, high + 1))
    axes.set_xticks(np.arange(0, 101, 20))
    axes.set_xlabel(f"{view.labels['means'].text(language)} (%)")
    axes.set_ylabel(view.labels["services"].text(language))
    if drawn is not None:
        bar = axes.figure.colorbar(drawn, ax=axes, ticks=[1, 4, 7, 10], shrink=0.8)
        bar.set_label(view.labels["steering"].text(language))
    legend = axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1.12),
                         ncols=len(sectors))  # fmt: skip
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set_array(None)
            handle.set_facecolor("white")
    decimal_ticks(axes.xaxis, language)
    _told(axes, view.synthetic, language)
    bare(axes)
    return axes


def _positions(axes: Axes, positions: Mapping[int, Label], language: Language) -> None:
    codes = list(positions)
    ends = [positions[code].text(language) for code in (codes[0], codes[-1])]
    until = Label("tot", "to").text(language)
    axes.set_xticks(codes, [str(code) for code in codes])
    axes.set_xlabel(f"{_X.text(language)}: {ends[0]} {until} {ends[1]}")
    axes.set_xlim(codes[0] - 0.6, codes[-1] + 0.6)


def _lifted(frame: pd.DataFrame) -> FloatArray:
    """Spread organisations with the same number of services and near shares over the row."""
    lift = np.zeros(len(frame))
    means = frame["means"].to_numpy(dtype=float)
    services = frame["services"].to_numpy(dtype=float)
    steps = [0.0, 0.17, -0.17, 0.34, -0.34, 0.085, -0.085, 0.255, -0.255]
    placed: list[int] = []
    for row in np.lexsort((means, services)).tolist():
        taken = [
            lift[other]
            for other in placed[-40:]
            if services[other] == services[row] and abs(means[other] - means[row]) < 2.4
        ]
        free = [step for step in steps if all(abs(step - used) > 0.16 for used in taken)]
        nearest = [min((abs(step - used) for used in taken), default=1.0) for step in steps]
        lift[row] = free[0] if free else steps[int(np.argmax(nearest))]
        placed.append(row)
    return lift


def _corners(axes: Axes, view: JointView, language: Language) -> None:
    """Write the name and count of each pattern in its corner."""
    scope = view.patterns["scope"].iloc[0]
    counts = view.patterns[view.patterns["scope"] == scope].set_index("pattern")
    corners = {
        "central_throughout": (0.01, 0.99, "left", "top"),
        "bought_back": (0.99, 0.99, "right", "top"),
        "schools_deliver": (0.01, 0.01, "left", "bottom"),
        "decentral_throughout": (0.99, 0.01, "right", "bottom"),
    }
    for name, (x, y, across, upward) in corners.items():
        row = counts.loc[name]
        share = number(100 * float(row["share"]), 0, language)
        text = wrapped(name, {name: PATTERNS[name].text(language)})
        axes.text(x, y, f"{text}: {row['n']} ({share}%)", transform=axes.transAxes, ha=across,
                  va=upward, fontsize="small", color=_DARK)  # fmt: skip


def _told(axes: Axes, synthetic: bool, language: Language, key: Label | None = None) -> None:
    """Say on the figure itself what its marks are, and that its rows are synthetic."""
    said = [key] if key is not None else []
    said += [_SYNTHETIC] if synthetic else []
    axes.annotate("; ".join(label.text(language) for label in said), (1, 1), (0, 4),
                  xycoords="axes fraction", textcoords="offset points", ha="right", va="bottom",
                  fontsize="small", color=_DARK)  # fmt: skip
