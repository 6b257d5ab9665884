"""Results of later steps as tables."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, ndtri

from swvtypes.multiplicity import Adjustment, adjust

from .design import Floats
from .inference_intervals import interval
from .outcomes import ClassValues
from .structural import LaterCovariance
from .structural_outcome import Outcome, outcome_range
from .wald import wald_statistic


def coefficient_table(
    names: list[str], labels: list[int], free: Floats, cov: LaterCovariance, level: float
) -> pd.DataFrame:
    """Coefficients with their uncertainty: one row a covariate and class other than the base."""
    se = np.sqrt(np.maximum(np.diag(cov.matrix), 0.0))
    se = np.where(cov.identified, se, np.nan)
    half = float(ndtri(0.5 + level / 2.0)) * se
    with np.errstate(over="ignore"):
        odds = np.exp(free)
    return pd.DataFrame(
        {
            "covariate": np.repeat(np.array(names, dtype=object), len(labels)),
            "class": np.tile(np.array(labels), len(names)),
            "estimate": free,
            "se": se,
            "lower": free - half,
            "upper": free + half,
            "z": free / se,
            "p_value": 2.0 * ndtr(-np.abs(free / se)),
            "odds_ratio": odds,
        }
    )


def covariate_tests(
    sources: list[Hashable], free: Floats, cov: LaterCovariance, adjustment: Adjustment
) -> pd.DataFrame:
    """Wald tests of covariates, all classes and all columns made of one at once."""
    K = len(free) // len(sources) + 1
    rows = []
    asked = list(dict.fromkeys(s for s in sources[1:]))
    for source in asked:
        which = np.repeat([i > 0 and s == source for i, s in enumerate(sources)], K - 1)
        V = cov.matrix[np.ix_(which, which)]
        statistic, df = wald_statistic(free[which], V)
        rows.append((statistic, df, float(chdtrc(df, statistic)) if df else float("nan")))
    frame = pd.DataFrame(
        rows, columns=["wald", "df", "p_value"], index=pd.Index(asked, name="covariate")
    )
    frame["p_adjusted"] = adjust(frame["p_value"].to_numpy(dtype=float), adjustment)
    return frame


def outcome_table(found: Outcome, values: ClassValues, level: float) -> pd.DataFrame:
    """Estimates of an outcome by class, with standard errors and intervals inside the range."""
    K, c = values.estimate.shape
    se = np.sqrt(np.maximum(np.diag(values.covariance), 0.0)).reshape(K, c)
    se = np.where(np.isfinite(np.diag(values.covariance)).reshape(K, c), se, np.nan)
    low, high = outcome_range(found)
    inside = (values.estimate > low) & (values.estimate < high)
    plain = ndtri(0.5 + level / 2.0) * se
    lower, upper = values.estimate - plain, values.estimate + plain
    if found.categorical or found.indicator.family == "count":
        made = interval(values.estimate, se, "logit" if found.categorical else "log", level)
        lower = np.where(inside, made.lower, np.clip(lower, low, high))
        upper = np.where(inside, made.upper, np.clip(upper, low, high))
    labels: list[Any] = list(found.indicator.categories) if found.categorical else [None]
    parameter = "probability" if found.categorical else (
        "rate" if found.indicator.family == "count" else "mean"
    )  # fmt: skip
    return pd.DataFrame(
        [
            (parameter, labels[m], k + 1, values.estimate[k, m], se[k, m], lower[k, m], upper[k, m])
            for m in range(c)
            for k in range(K)
        ],
        columns=["parameter", "category", "class", "estimate", "se", "lower", "upper"],
    )
