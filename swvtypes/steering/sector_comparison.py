"""Two sectors against each other on the continuum."""

from __future__ import annotations

import numpy as np
from scipy import stats

from swvtypes.scales.moments import FloatArray

from .detectability import detectable_difference, provable_difference
from .effects import mean_difference
from .equivalence import equivalent_means
from .options import SteeringOptions
from .permutations import exact_sum_test
from .verdicts import decide
from .weighted_moments import mean_estimate

PAIR_COLUMNS = (
    "first", "second", "n_first", "n_second", "difference", "lower", "upper", "p_welch",
    "p_permutation", "p_mann_whitney", "superiority", "hedges_g", "g_lower", "g_upper",
    "detectable", "p_equivalence", "provable", "verdict",
)  # fmt: skip
_LARGEST_EXACT = 1000
_NAN = float("nan")

Sample = tuple[FloatArray, FloatArray | None]


def compare_sectors(
    first: Sample, second: Sample, margin: float | None, options: SteeringOptions
) -> dict[str, object]:
    """Compare the positions of two sectors.

    Parameters
    ----------
    first, second : (ndarray, ndarray or None)
        Positions without NaN, and their survey weights.
    margin : float, optional
        Standardised difference stated beforehand (without weights only).
    options : SteeringOptions

    Returns
    -------
    dict
        By the names in ``PAIR_COLUMNS`` but those of the sectors. Exact tests up to a thousand
        organisations; beyond, the permutation test is NaN and that of Mann and Whitney is the
        normal approximation with ties.
    """
    a, b = first[0], second[0]
    counts = len(a), len(b)
    shown: dict[str, object] = {"n_first": counts[0], "n_second": counts[1]}
    if first[1] is not None or second[1] is not None:
        shown |= weighted_difference(first, second, options)
        nothing = ("p_permutation", "p_mann_whitney", "superiority", "hedges_g", "g_lower",
                   "g_upper", "detectable", "p_equivalence", "provable")  # fmt: skip
        shown |= dict.fromkeys(nothing, _NAN)
    else:
        found = mean_difference(a, b, options.level)
        shown |= {
            "difference": found.difference,
            "lower": found.lower,
            "upper": found.upper,
            "p_welch": found.p_value,
            **_by_rearrangement(a, b),
            "hedges_g": found.hedges_g,
            "g_lower": found.g_lower,
            "g_upper": found.g_upper,
            "detectable": detectable_difference(counts, options.alpha, options.power),
            "p_equivalence": _NAN,
            "provable": provable_difference(counts, options.alpha, options.power),
        }
        if margin is not None:
            shown["p_equivalence"] = equivalent_means(a, b, margin)
    p = shown["p_welch"] if np.isnan(_float(shown["p_permutation"])) else shown["p_permutation"]
    shown["verdict"] = decide(
        _float(p), _float(shown["p_equivalence"]), options.alpha, margin=margin is not None
    )
    return shown


def weighted_difference(
    first: Sample, second: Sample, options: SteeringOptions
) -> dict[str, float]:
    """Give the difference of two weighted means, second less first.

    Returns
    -------
    dict
        difference, lower, upper and p_welch by Student's t with ``n + m - 2`` degrees of
        freedom and the linearised errors of both means; NaN from fewer than two rows.
    """
    one = mean_estimate(first[0], first[1], options.level)
    two = mean_estimate(second[0], second[1], options.level)
    difference = two.mean - one.mean
    error = float(np.hypot(one.error, two.error))
    if np.isnan(error) or error == 0:
        return {"difference": difference, "lower": _NAN, "upper": _NAN, "p_welch": _NAN}
    df = one.n + two.n - 2
    reach = float(stats.t.ppf((1 + options.level) / 2, df)) * error
    return {
        "difference": difference,
        "lower": difference - reach,
        "upper": difference + reach,
        "p_welch": float(2 * stats.t.sf(abs(difference) / error, df)),
    }


def _by_rearrangement(a: FloatArray, b: FloatArray) -> dict[str, float]:
    names = ("p_permutation", "p_mann_whitney", "superiority")
    pooled = np.concatenate([a, b])
    if min(len(a), len(b)) < 1 or np.ptp(pooled) == 0:
        return dict.fromkeys(names, _NAN)
    ranks = stats.rankdata(pooled)
    chosen = np.repeat([0, 1], [len(a), len(b)]).astype(np.int64)
    above = ranks[len(a) :].sum() - len(b) * (len(b) + 1) / 2
    superiority = float(above / (len(a) * len(b)))
    if len(pooled) > _LARGEST_EXACT:
        p = float(stats.mannwhitneyu(b, a, method="asymptotic").pvalue)
        return {"p_permutation": _NAN, "p_mann_whitney": p, "superiority": superiority}
    return {
        "p_permutation": exact_sum_test(pooled.astype(np.int64), chosen),
        "p_mann_whitney": exact_sum_test(np.rint(2 * ranks).astype(np.int64), chosen),
        "superiority": superiority,
    }


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else _NAN
