"""Results of models with covariates as tables."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, ndtri

from swvtypes.multiplicity import Adjustment, adjust

from .design import Floats
from .structural import LaterCovariance
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
