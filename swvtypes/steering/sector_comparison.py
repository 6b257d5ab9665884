"""Two sectors against each other on the continuum."""

from __future__ import annotations

import numpy as np
from scipy import stats

from swvtypes.scales.moments import FloatArray

from .correlations import Strata
from .detectability import detectable_difference, provable_difference
from .effects import mean_difference
from .equivalence import equivalent_means
from .options import SteeringOptions
from .permutations import Rearrangement, exact_sum_test, random_correlation_test
from .verdicts import decide
from .weighted_moments import mean_estimate

PAIR_COLUMNS = (
    "first", "second", "n_first", "n_second", "difference", "lower", "upper", "p_welch",
    "p_permutation", "permutation", "p_mann_whitney", "mann_whitney", "superiority",
    "hedges_g", "g_lower", "g_upper", "detectable", "p_equivalence", "provable", "verdict",
)  # fmt: skip
#: Organisations up to which every rearrangement of positions, and of mid-ranks, is counted.
LARGEST_EXACT = 1000
LARGEST_EXACT_RANKS = 200
_SEED_KEY = 7
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
        By the names in ``PAIR_COLUMNS`` but those of the sectors. The permutation test counts
        every rearrangement up to a thousand organisations, that of Mann and Whitney up to two
        hundred (``"all"``); beyond, ``options.replicates`` random ones with the seed of the
        options (``"random"``).
    """
    a, b = first[0], second[0]
    counts = len(a), len(b)
    shown: dict[str, object] = {"n_first": counts[0], "n_second": counts[1]}
    if first[1] is not None or second[1] is not None:
        shown |= weighted_difference(first, second, options)
        nothing = ("p_permutation", "p_mann_whitney", "superiority", "hedges_g", "g_lower",
                   "g_upper", "detectable", "p_equivalence", "provable")  # fmt: skip
        shown |= dict.fromkeys(nothing, _NAN) | {"permutation": "", "mann_whitney": ""}
    else:
        found = mean_difference(a, b, options.level)
        shown |= {
            "difference": found.difference,
            "lower": found.lower,
            "upper": found.upper,
            "p_welch": found.p_value,
            **_by_rearrangement(a, b, options),
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


def _by_rearrangement(a: FloatArray, b: FloatArray, options: SteeringOptions) -> dict[str, object]:
    names = ("p_permutation", "p_mann_whitney", "superiority")
    pooled = np.concatenate([a, b])
    if min(len(a), len(b)) < 1 or np.ptp(pooled) == 0:
        return dict.fromkeys(names, _NAN) | {"permutation": "", "mann_whitney": ""}
    ranks = stats.rankdata(pooled)
    chosen = np.repeat([0, 1], [len(a), len(b)]).astype(np.int64)
    above = ranks[len(a) :].sum() - len(b) * (len(b) + 1) / 2
    p_sum, by_sum = _sum_test(pooled, chosen, LARGEST_EXACT, options)
    p_ranks, by_ranks = _sum_test(2 * ranks, chosen, LARGEST_EXACT_RANKS, options)
    return {
        "p_permutation": p_sum,
        "permutation": by_sum,
        "p_mann_whitney": p_ranks,
        "mann_whitney": by_ranks,
        "superiority": float(above / (len(a) * len(b))),
    }


def _sum_test(
    scores: FloatArray, chosen: Strata, largest: int, options: SteeringOptions
) -> tuple[float, str]:
    """Give the p value of a sum of whole scores, and whether all rearrangements were counted."""
    if len(scores) <= largest:
        return exact_sum_test(np.rint(scores).astype(np.int64), chosen), "all"
    plan = Rearrangement(options.replicates, options.seed, (_SEED_KEY,))
    strata = np.zeros(len(scores), np.int64)
    return random_correlation_test(chosen.astype(float), scores, strata, plan), "random"


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else _NAN
