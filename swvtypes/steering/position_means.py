"""Means of aspects at each position, with a smooth line through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Wave

from .aspects import AspectChoice, aspect_values, choose_aspects, standard_aspects
from .options import SteeringOptions
from .scopes import position_labels, read_positions
from .weighted_moments import mean_estimate

_EDGE = 4


@dataclass(frozen=True, eq=False)
class PositionProfile:
    """Means of aspects along the continuum, sectors together.

    Attributes
    ----------
    variable : str
    label : Label
    positions : dict of int to Label
    means : DataFrame
        A row an aspect and position: aspect, position, n, mean, lower, upper (NaN from fewer
        than two answers).
    smooth : DataFrame
        A row an aspect and a tenth of a position: aspect, position, mean: local linear
        regression with a Gaussian kernel (Fan, 1992), from the fifth lowest to the fifth highest
        position, where a handful of organisations cannot bend it.
    bandwidth : float
        Standard deviation of the kernel, in positions.
    labels : dict of str to Label
        Of the aspects.
    synthetic : bool
    """

    variable: str
    label: Label
    positions: Mapping[int, Label]
    means: pd.DataFrame
    smooth: pd.DataFrame
    bandwidth: float
    labels: Mapping[str, Label]
    synthetic: bool


def position_profile(
    wave: Wave,
    aspects: AspectChoice = None,
    *,
    variable: str = "steering",
    bandwidth: float = 1.5,
    options: SteeringOptions | None = None,
) -> PositionProfile:
    """Follow aspects along the continuum.

    Parameters
    ----------
    wave : Wave
    aspects : sequence of str or Aspect, optional
        The budget posts unless given.
    variable : str
        An ordinal variable, or a count with a minimum and a maximum.
    bandwidth : float
        Of the smooth line, in positions.
    options : SteeringOptions, optional
        `level` and `weighted` count here; weights enter means, intervals and the smooth line.

    Returns
    -------
    PositionProfile
        Missing answers are left out aspect by aspect.

    Raises
    ------
    InputError
        Lists every fault of the variable, the aspects or the bandwidth.
    """
    options = options or SteeringOptions()
    if not isinstance(bandwidth, int | float) or not bandwidth > 0:
        raise InputError("position_profile", [f"bandwidth: expected above zero, got {bandwidth!r}"])
    positions = read_positions(wave, variable, options.weighted)
    if aspects is None:
        aspects = [a for a in standard_aspects(wave) if a.block == "budget"]
    chosen = choose_aspects(wave, aspects)
    answers = position_labels(wave.codebook, variable)
    means, smooth = [], []
    for name, values in aspect_values(wave, chosen).items():
        used = ~np.isnan(values) & ~np.isnan(positions.x)
        x, y = positions.x[used], values[used]
        weights = None if positions.weights is None else positions.weights[used]
        for code in answers:
            here = x == code
            part = mean_estimate(y[here], None if weights is None else weights[here], options.level)
            means.append((name, code, part.n, part.mean, part.lower, part.upper))
        if len(np.unique(x)) > 1:
            low, high = _well_filled(x)
            at = np.linspace(low, high, round(10 * (high - low)) + 1).round(1)
            mass = np.ones(len(x)) if weights is None else weights
            smooth += [(name, p, v) for p, v in zip(at, _local(x, y, mass, at, bandwidth),
                                                    strict=True)]  # fmt: skip
    entry = wave.codebook.variable(variable).label
    return PositionProfile(
        variable,
        Label(entry.nl, entry.en),
        answers,
        pd.DataFrame(means, columns=["aspect", "position", "n", "mean", "lower", "upper"]),
        pd.DataFrame(smooth, columns=["aspect", "position", "mean"]),
        bandwidth,
        {aspect.id: aspect.label(wave.codebook) for aspect in chosen},
        bool(wave.provenance.get("synthetic")),
    )


def _well_filled(x: FloatArray) -> tuple[float, float]:
    ordered = np.sort(x)
    edge = min(_EDGE, (len(x) - 1) // 2)
    return float(ordered[edge]), float(ordered[len(x) - 1 - edge])


def _local(
    x: FloatArray, y: FloatArray, weights: FloatArray, at: FloatArray, bandwidth: float
) -> FloatArray:
    """Fit a weighted line around each point and give its height there."""
    heights = np.empty(len(at))
    for place, point in enumerate(at):
        off = x - point
        kernel = weights * np.exp(-((off / bandwidth) ** 2) / 2)
        s0, s1, s2 = kernel.sum(), kernel @ off, kernel @ off**2
        bent = kernel * (s2 - s1 * off)
        heights[place] = bent @ y / bent.sum() if s0 * s2 > s1**2 * (1 + 1e-12) else kernel @ y / s0
    return heights
