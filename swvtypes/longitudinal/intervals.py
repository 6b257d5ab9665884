"""Intervals of transition probabilities, in one table whatever the method."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from swvtypes.lca.design import Floats

from .chain.bootstrap import bootstrap_chain
from .chain.fit import ChainFit
from .chain.information import logit_interval, observed_information
from .chain.profile_likelihood import profile_interval

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
        the boundary where the data do. Wald intervals are symmetric in the log odds and absent on
        the boundary. Bootstrap intervals are percentiles of refitted simulated panels.
    level : float
        Coverage asked.
    bootstrap : tuple of int
        Replicates and seed.

    Returns
    -------
    DataFrame
        Columns step, from_class, to_class, estimate, se, low, high, boundary. Standard errors are
        those of the observed information, NaN on the boundary.
    """
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


def with_labels(table: pd.DataFrame, waves: Sequence[Hashable], n_steps: int) -> pd.DataFrame:
    """Put the waves of each step in place of its number; one set of probabilities has "all"."""
    out = table.copy()
    shared = n_steps == 1 and len(waves) > 2
    steps = out.pop("step")
    out.insert(0, "from_wave", ["all" if shared else waves[t] for t in steps])
    out.insert(1, "to_wave", ["all" if shared else waves[t + 1] for t in steps])
    return out


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
    found = np.array(
        [
            profile_interval(fit, t, i, j, level)
            for t in range(len(p))
            for i in range(p.shape[1])
            for j in range(p.shape[1])
        ]
    ).reshape(*p.shape, 2)
    return found[..., 0], found[..., 1]
