"""Tail probabilities by simulation: p-value, sequential stop, Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaincinv

from .design import Floats


@dataclass(frozen=True)
class Tail:
    """How a statistic stands among replicates.

    Attributes
    ----------
    p_value : float
        (b + 1) / (B + 1), or h / B when stopped at the h-th replicate that reaches the statistic.
    n_exceeding : int
        Replicates that reach the statistic, b; those within 1e-4 below it count.
    standard_error : float
        Monte Carlo standard error of the p-value.
    interval : tuple of float
        Exact 95% interval for the tail probability (Clopper and Pearson 1934, and its like for
        sampling until the h-th success).
    stopped : bool
        Whether the sequential stop applied.
    """

    TIE: ClassVar[float] = 1e-4

    p_value: float
    n_exceeding: int
    standard_error: float
    interval: tuple[float, float]
    stopped: bool


def tail_of(
    replicates: Floats, statistic: float, stop_after: int | None = None
) -> tuple[Floats, Tail]:
    """Give the replicates that count and the tail that a statistic cuts off.

    Parameters
    ----------
    replicates : ndarray, shape (B,)
        Statistics of the replicates, in the order drawn.
    statistic : float
        That of the data.
    stop_after : int, optional
        Replicates after the one that completes this number of exceedances are left out.
    """
    reach = replicates >= statistic - Tail.TIE
    total = np.cumsum(reach)
    stopped = False
    if stop_after is not None and total[-1] >= stop_after:
        stopped = True
        replicates = replicates[: int(np.searchsorted(total, stop_after)) + 1]
    b, B = int(reach[: len(replicates)].sum()), len(replicates)
    if stopped:
        p = b / B
        error = p * np.sqrt((1.0 - p) / b)
        upper = float(betaincinv(b, B - b, 0.975)) if b < B else 1.0
    else:
        p = (b + 1) / (B + 1)
        error = np.sqrt(p * (1.0 - p) / (B + 1))
        upper = upper_limit(b, B)
    return replicates, Tail(p, b, float(error), (lower_limit(b, B), upper), stopped)


def lower_limit(successes: int, trials: int, level: float = 0.95) -> float:
    """Lower limit of the exact interval of a proportion (Clopper and Pearson 1934)."""
    if successes == 0:
        return 0.0
    return float(betaincinv(successes, trials - successes + 1, (1.0 - level) / 2))


def upper_limit(successes: int, trials: int, level: float = 0.95) -> float:
    """Upper limit of the exact interval of a proportion (Clopper and Pearson 1934)."""
    if successes == trials:
        return 1.0
    return float(betaincinv(successes + 1, trials - successes, (1.0 + level) / 2))
