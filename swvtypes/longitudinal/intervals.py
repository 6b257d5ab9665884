"""Intervals of transition probabilities, in one table whatever the method."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import OptionError
from swvtypes.lca.design import Floats
from swvtypes.lca.model import check_choice

from .chain.bootstrap import bootstrap_chain
from .chain.fit import ChainFit
from .chain.information import logit_interval, observed_information
from .chain.profile_likelihood import cell_intervals, mover_interval, share_at

IntervalMethod = Literal["profile", "wald", "bootstrap"]
COLUMNS = ["step", "from_class", "to_class", "estimate", "se", "low", "high", "boundary"]
BOUNDARY = 1e-6


def transition_table(
    fit: ChainFit,
    method: IntervalMethod = "profile",
    level: float = 0.95,
    bootstrap: tuple[int, int] = (200, 0),
) -> pd.DataFrame:
    """Tabulate transition probabilities with standard errors and intervals.

    Parameters
    ----------
    fit : ChainFit
    method : {"profile", "wald", "bootstrap"}
        Profile likelihood, the default: it needs no standard error, stays in the range and reaches
        the boundary where the data do; the fall allowed is that of the t distribution with units
        less parameters as degrees of freedom. In simulations with 10% movers it covered 93 to 97%
        of the moves of the joint model at 50 to 75 units, Wald intervals 72 to 96%. Wald
        intervals are symmetric in the log odds and absent on the boundary. Bootstrap intervals are
        percentiles of refitted simulated panels; in 40 simulations at 60 units they covered 82 to
        88%.
    level : float
        Coverage asked.
    bootstrap : tuple of int
        Replicates and seed.

    Returns
    -------
    DataFrame
        Columns step, from_class, to_class, estimate, se, low, high, boundary. Standard errors are
        those of the observed information, NaN on the boundary.

    Raises
    ------
    OptionError
        For a method that does not exist, or a level outside its range.
    """
    check_choice("method", method, IntervalMethod)
    check_level(level)
    model = fit.model
    K, L = model.n_classes, model.n_steps
    p = np.exp(fit.Z[model.width + 1 :]).reshape(L, K, K)
    se = observed_information(fit).chain_errors[1:].reshape(L, K, K)
    low, high = _limits(fit, method, level, bootstrap, (p, se))
    rows = [
        (t, i + 1, j + 1, p[t, i, j], se[t, i, j], low[t, i, j], high[t, i, j],
         bool(p[t, i, j] < BOUNDARY or p[t, i, j] > 1.0 - BOUNDARY))
        for t in range(L) for i in range(K) for j in range(K)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def mover_row(
    fit: ChainFit,
    step: int,
    moved: NDArray[np.bool_] | None,
    method: IntervalMethod,
    options: tuple[float, tuple[int, int]],
) -> dict[str, float]:
    """Share that changes class at a step: estimate, se, low, high.

    Parameters
    ----------
    fit : ChainFit
    step : int
    moved : ndarray of bool, shape (K, K), optional
        Pairs of classes before and after that are a change; all but the diagonal when left out.
    method : {"profile", "wald", "bootstrap"}
        As for :func:`transition_table`.
    options : tuple
        Coverage asked; replicates and seed.

    Returns
    -------
    dict

    Raises
    ------
    OptionError
        For profile likelihood under a transition prior, or with the same transition probabilities
        at more than one step: a share cannot be held fixed in closed form there. Also for a
        method that does not exist, or a level outside its range.
    """
    level, draws = options
    check_choice("method", method, IntervalMethod)
    check_level(level)
    table = ~np.eye(fit.model.n_classes, dtype=bool) if moved is None else moved
    share = share_at(fit, fit.Z, step, table)
    se = observed_information(fit).error_of(lambda Z: share_at(fit, Z, step, table))
    if share < BOUNDARY or share > 1.0 - BOUNDARY:
        se = float("nan")
    out = {"estimate": share, "se": se}
    if method == "profile":
        if fit.model.transition_prior > 0 or fit.data.n_waves - 1 > fit.model.n_steps:
            raise OptionError(
                "method",
                "'wald' or 'bootstrap' under a transition prior or homogeneous transitions",
                method,
            )  # fmt: skip
        _, low, high = mover_interval(fit, step, table, level)
    elif method == "wald":
        limits = logit_interval(np.array(share), np.array(se), level)
        low, high = float(limits[0]), float(limits[1])
    else:
        drawn = bootstrap_chain(fit, *draws)
        tail = 50.0 * (1.0 - level)
        low, high = np.percentile(drawn.shares_moved(step, table), [tail, 100.0 - tail])
    return {**out, "low": float(low), "high": float(high)}


def with_labels(table: pd.DataFrame, waves: Sequence[Hashable], n_steps: int) -> pd.DataFrame:
    """Put the waves of each step in place of its number; one set of probabilities has "all"."""
    out = table.copy()
    shared = n_steps == 1 and len(waves) > 2
    steps = out.pop("step")
    out.insert(0, "from_wave", ["all" if shared else waves[t] for t in steps])
    out.insert(1, "to_wave", ["all" if shared else waves[t + 1] for t in steps])
    return out


def check_level(level: float) -> None:
    """Raise an OptionError for a coverage that is not between 0 and 1."""
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0.0 < level < 1.0:
        raise OptionError("level", "a number between 0 and 1", level)


def _limits(
    fit: ChainFit,
    method: IntervalMethod,
    level: float,
    bootstrap: tuple[int, int],
    values: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:
    p, se = values
    if method == "wald":
        return logit_interval(p, se, level)
    if method == "bootstrap":
        drawn = bootstrap_chain(fit, *bootstrap)
        tail = 50.0 * (1.0 - level)
        low, high = np.percentile(drawn.moves, [tail, 100.0 - tail], axis=0)
        return low, high
    return cell_intervals(fit, level)
