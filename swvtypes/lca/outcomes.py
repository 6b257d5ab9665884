"""Tests of outcomes over classes: all classes at once, and every pair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from swvtypes.multiplicity import Adjustment, adjust

from .design import Floats
from .wald import wald_statistic

__all__ = ["Adjustment", "ClassValues", "adjust", "omnibus_test", "pairwise_tests"]


@dataclass(frozen=True)
class ClassValues:
    """What is compared over classes.

    Attributes
    ----------
    estimate : ndarray, shape (K, c)
        Probabilities of the categories, means or rates.
    covariance : ndarray, shape (K * c, K * c)
        Their covariance, class by class.
    scores : ndarray, shape (c,), optional
        Of categories whose average alone tells classes apart, as in a model with one effect a
        class; all categories but one are free to differ when left out.
    """

    estimate: Floats
    covariance: Floats
    scores: Floats | None = None

    @property
    def compared(self) -> Floats:
        """Sums of a class's values that are free to differ, shape (c, q)."""
        if self.scores is not None:
            return np.asarray(self.scores, dtype=float)[:, None]
        c = int(self.estimate.shape[1])
        return np.eye(c)[:, : max(1, c - 1)]


def omnibus_test(found: ClassValues) -> dict[str, float]:
    """Wald test that a variable has the same distribution (or mean, or rate) in all classes.

    Probabilities, means and rates are compared on their own scale, where estimates near the
    boundary do no harm; with scores, average scores are (one degree of freedom a class but one).

    Returns
    -------
    dict
        wald, df, p_value.
    """
    K, c = found.estimate.shape
    q = found.compared.shape[1]
    rows = [_difference(found, 0, k, j) for k in range(1, K) for j in range(q)]
    return _wald(found, np.array(rows).reshape(-1, K * c))


def pairwise_tests(found: ClassValues, method: Adjustment = "holm") -> pd.DataFrame:
    """Wald tests of every pair of classes, adjusted for their number.

    Returns
    -------
    DataFrame
        Columns first, second (labels 1..K), difference (second less first; of the category that
        differs most for categories, of the average score with scores), wald, df, p_value,
        p_adjusted.
    """
    K = len(found.estimate)
    rows = []
    for a, b in combinations(range(K), 2):
        L = np.array([_difference(found, a, b, j) for j in range(found.compared.shape[1])])
        test = _wald(found, L)
        gaps = found.estimate[b] - found.estimate[a]
        if found.scores is not None:
            gaps = gaps @ found.compared
        gap = float(gaps[np.abs(gaps).argmax()]) if len(gaps) > 2 else float(gaps[-1])
        rows.append((a + 1, b + 1, gap, test["wald"], int(test["df"]), test["p_value"]))
    frame = pd.DataFrame(rows, columns=["first", "second", "difference", "wald", "df", "p_value"])
    frame["p_adjusted"] = adjust(frame["p_value"].to_numpy(dtype=float), method)
    return frame


def _difference(found: ClassValues, a: int, b: int, j: int) -> Floats:
    row = np.zeros(found.estimate.shape)
    row[a], row[b] = -found.compared[:, j], found.compared[:, j]
    return row.ravel()


def _wald(found: ClassValues, L: Floats) -> dict[str, float]:
    if not len(L):
        return {"wald": float("nan"), "df": 0.0, "p_value": float("nan")}
    V = L @ found.covariance @ L.T
    if not np.isfinite(V).all():
        return {"wald": float("nan"), "df": 0.0, "p_value": float("nan")}
    statistic, df = wald_statistic(L @ found.estimate.ravel(), V)
    p = float(chdtrc(df, statistic)) if df else float("nan")
    return {"wald": statistic, "df": float(df), "p_value": p}
