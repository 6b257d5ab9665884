"""Groups of one scope: their sizes, means, tests and pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from swvtypes.scales.differences import holm
from swvtypes.scales.moments import FloatArray

from .correlations import Strata, within_strata
from .cutting import Cuts
from .detectability import detectable_difference, detectable_f, provable_difference
from .effects import mean_difference
from .equivalence import equivalent_means
from .options import SteeringOptions
from .permutations import exact_sum_test
from .scopes import ADJUSTED, Rows
from .sector_comparison import weighted_difference
from .variance_tests import (
    FTest,
    f_test,
    group_basis,
    rank_test,
    weighted_test,
    welch_test,
)
from .verdicts import decide
from .weighted_moments import mean_estimate

_NAN = float("nan")
_NO_TEST = FTest(_NAN, _NAN, _NAN, _NAN)
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Grouped:
    """Complete rows of one scope, with the group of each.

    Attributes
    ----------
    rows : Rows
    codes : ndarray of int, shape (n_rows,)
        Group of each row, counted from 0.
    cuts : Cuts
    """

    rows: Rows
    codes: Strata
    cuts: Cuts

    def sample(self, group: int) -> tuple[FloatArray, FloatArray | None]:
        """Give the answers of one group and their weights."""
        here = self.codes == group
        weights = self.rows.weights
        return self.rows.y[here], None if weights is None else weights[here]


def grouped(rows: Rows, cuts: Cuts) -> Grouped:
    """Put rows into groups."""
    return Grouped(rows, cuts.codes(rows.x), cuts)


def mean_rows(part: Grouped, options: SteeringOptions) -> list[Row]:
    """Describe each group: n, mean, sd, lower, upper."""
    found = []
    for group, name in enumerate(part.cuts.names):
        y, weights = part.sample(group)
        mean = mean_estimate(y, weights, options.level)
        found.append(
            {
                "scope": part.rows.scope,
                "group": name,
                "n": mean.n,
                "mean": mean.mean,
                "sd": mean.sd,
                "lower": mean.lower,
                "upper": mean.upper,
            }
        )
    return found


def f_for(part: Grouped) -> FTest:
    """Test equal means: F, or the weighted Wald test under weights."""
    rows = part.rows
    if rows.weights is not None:
        return weighted_test(rows.y, part.codes, rows.strata, rows.weights)
    residuals = within_strata(rows.y, rows.strata, np.ones(len(rows.y)))
    return f_test(residuals, group_basis(part.codes, rows.strata))


def tests_row(part: Grouped, options: SteeringOptions) -> Row:
    """Test equal means in every way that applies (see ``SteeringGroups.tests``)."""
    rows, n = part.rows, len(part.rows.y)
    main = f_for(part)
    welch = ranks = _NO_TEST
    if rows.scope != ADJUSTED and rows.weights is None:
        samples = [part.sample(g)[0] for g in np.unique(part.codes).tolist()]
        welch, ranks = welch_test(samples), rank_test(samples)
    known = rows.weights is None and np.isfinite(main.statistic)
    explained = omega = least = _NAN
    if known:
        ratio = main.statistic * main.df1
        explained = ratio / (ratio + main.df2)
        omega = max((ratio - main.df1) / (ratio + main.df2 + 1), 0.0)
        least = detectable_f(int(main.df1), int(main.df2), n, options.alpha, options.power)
    return {
        "scope": rows.scope,
        "n": n,
        "smallest_group": int(np.bincount(part.codes, minlength=len(part.cuts.names)).min()),
        "f": main.statistic,
        "df1": main.df1,
        "df2": main.df2,
        "p_value": main.p_value,
        "welch_f": welch.statistic,
        "welch_df2": welch.df2,
        "p_welch": welch.p_value,
        "kruskal_h": ranks.statistic,
        "p_kruskal": ranks.p_value,
        "eta_squared": explained,
        "omega_squared": omega,
        "detectable_f": least,
    }


def pair_rows(part: Grouped, margin: float | None, options: SteeringOptions) -> list[Row]:
    """Set each pair of groups against each other (see ``SteeringGroups.pairs``)."""
    if part.rows.scope == ADJUSTED:
        return []
    names = part.cuts.names
    found = []
    for a, b in combinations(range(len(names)), 2):
        first, second = part.sample(a), part.sample(b)
        row: Row = {"scope": part.rows.scope, "first": names[a], "second": names[b]}
        row |= {"n_first": len(first[0]), "n_second": len(second[0])}
        if part.rows.weights is None:
            row |= _plain_pair(first[0], second[0], margin, options)
        else:
            row |= _weighted_pair(first, second, options)
        found.append(row)
    p_values = np.array([row["p_value"] for row in found], dtype=float)
    p_exact = np.array([row["p_exact"] for row in found], dtype=float)
    adjusted = holm(np.where(np.isnan(p_exact), p_values, p_exact))
    for row, p in zip(found, adjusted.tolist(), strict=True):
        row["p_holm"] = p
        equal = float(str(row["p_equivalence"]))
        row["verdict"] = decide(p, equal, options.alpha, margin=margin is not None)
    return found


def _plain_pair(
    first: FloatArray, second: FloatArray, margin: float | None, options: SteeringOptions
) -> Row:
    pair = mean_difference(first, second, options.level)
    equal = _NAN
    if margin is not None:
        equal = equivalent_means(first, second, margin)
    return {
        "difference": pair.difference,
        "lower": pair.lower,
        "upper": pair.upper,
        "p_value": pair.p_value,
        "p_exact": exact_pair(first, second) if options.exact != "never" else _NAN,
        "cohen_d": pair.cohen_d,
        "hedges_g": pair.hedges_g,
        "g_lower": pair.g_lower,
        "g_upper": pair.g_upper,
        "detectable": detectable_difference(pair.counts, options.alpha, options.power),
        "p_equivalence": equal,
        "provable": provable_difference(pair.counts, options.alpha, options.power),
    }


def exact_pair(first: FloatArray, second: FloatArray) -> float:
    """Compare two groups on a yes-or-no answer by counting every rearrangement.

    Returns
    -------
    float
        Two-sided p value (Fisher, 1935, by distance from the expectation); NaN for other
        answers, without rows in a group, and where both groups answered alike to the last.
    """
    pooled = np.concatenate([first, second])
    if min(len(first), len(second)) < 1 or len(np.unique(pooled)) != 2:
        return _NAN
    chosen = np.repeat([0, 1], [len(first), len(second)]).astype(np.int64)
    return exact_sum_test((pooled == pooled.max()).astype(np.int64), chosen)


def _weighted_pair(
    first: tuple[FloatArray, FloatArray | None],
    second: tuple[FloatArray, FloatArray | None],
    options: SteeringOptions,
) -> Row:
    shown = weighted_difference(first, second, options)
    row: Row = {name: shown[name] for name in ("difference", "lower", "upper")}
    row["p_value"] = shown["p_welch"]
    names = ("p_exact", "hedges_g", "g_lower", "g_upper", "detectable", "p_equivalence", "provable")
    one, two = mean_estimate(*first), mean_estimate(*second)
    df = one.n + two.n - 2
    pooled = (one.sd**2 * (one.n - 1) + two.sd**2 * (two.n - 1)) / df if df > 0 else _NAN
    row["cohen_d"] = shown["difference"] / float(np.sqrt(pooled)) if pooled > 0 else _NAN
    return {**row, **dict.fromkeys(names, _NAN)}


def without(part: Grouped, cuts: Cuts) -> Grouped:
    """Cut the same rows otherwise."""
    return replace(part, cuts=cuts, codes=cuts.codes(part.rows.x))
