"""Results of models with covariates as tables."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from .design import Floats
from .outcomes import Adjustment, adjust
from .structural import LaterCovariance
from .wald import wald_statistic


def coefficient_table(
    names: list[str], free: Floats, cov: LaterCovariance, level: float
) -> pd.DataFrame:
    """Coefficients with their uncertainty: one row a covariate and class from 2 on."""
    K = len(free) // len(names) + 1
    se = np.sqrt(np.maximum(np.diag(cov.matrix), 0.0))
    se = np.where(cov.identified, se, np.nan)
    half = float(norm.ppf(0.5 + level / 2.0)) * se
    with np.errstate(over="ignore"):
        odds = np.exp(free)
    return pd.DataFrame(
        {
            "covariate": np.repeat(np.array(names, dtype=object), K - 1),
            "class": np.tile(np.arange(2, K + 1), len(names)),
            "estimate": free,
            "se": se,
            "lower": free - half,
            "upper": free + half,
            "z": free / se,
            "p_value": 2.0 * norm.sf(np.abs(free / se)),
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
        rows.append((statistic, df, float(chi2.sf(statistic, df)) if df else float("nan")))
    frame = pd.DataFrame(
        rows, columns=["wald", "df", "p_value"], index=pd.Index(asked, name="covariate")
    )
    frame["p_adjusted"] = adjust(frame["p_value"].to_numpy(dtype=float), adjustment)
    return frame
