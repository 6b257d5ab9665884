"""Level of the tests of ``swvtypes.steering`` at n = 65, with ties and skew as in the items.

Positions are drawn from the distribution printed for primary education (65 organisations on ten
places), aspects from discrete distributions shaped like the items: statements of five points,
yes-or-no answers from rare to common, scale scores near the ceiling, budget shares with a heap
at zero. Position and aspect are a thresholded bivariate normal; its correlation is zero for
tests of no relation, and for tests of equivalence it is set so that the correlation of the
answers themselves lies on the margin. Groups are cut at 1-3, 4-7 and 8-10. Unequal spreads: the
group means are equal, the spreads are not. Run from the checkout:
``python -m benchmarks.studies.steering_level``. Writes ``benchmarks/results/steering_level.json``.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
from scipy import optimize, stats

from swvtypes.scales.differences import holm
from swvtypes.steering import (
    correlate,
    equivalent_correlation,
    equivalent_difference,
    equivalent_means,
    exact_sum_test,
    make_cuts,
    mean_difference,
    rank_correlate,
    rank_test,
    welch_test,
)
from swvtypes.steering.correlations import within_strata
from swvtypes.steering.cutting import every_cut
from swvtypes.steering.group_rows import exact_pair
from swvtypes.steering.permutations import Rearrangement
from swvtypes.steering.variance_tests import (
    f_test,
    group_basis,
    rearranged_squares,
    share_beyond,
)

SEED = 20161207
RESULTS = Path(__file__).resolve().parents[1] / "results" / "steering_level.json"
PO = np.array([2, 7, 11, 4, 15, 6, 6, 11, 3, 0]) / 65
VO = np.array([1, 4, 10, 9, 12, 4, 6, 9, 2, 1]) / 58
CUTS = make_cuts((3, 7), range(1, 11))
REPLICATES = 199


def budget_share() -> tuple[np.ndarray, np.ndarray]:
    """Shares in steps of five: a heap at zero, a long tail."""
    values = np.arange(0, 85, 5.0)
    weight = np.exp(-values / 14)
    weight[0] = 1.3 * weight[1:].sum() * 0.3
    return values, weight / weight.sum()


def scale_score() -> tuple[np.ndarray, np.ndarray]:
    """Means of five items of five points, skewed towards the top."""
    values = np.round(np.arange(5, 26) / 5, 1)
    weight = stats.beta(7, 2.6).pdf((values - 0.8) / 4.4)
    return values, weight / weight.sum()


ITEMS = {
    "statement, five points": (np.arange(1, 6.0), np.array([0.05, 0.20, 0.25, 0.42, 0.08])),
    "statement at the ceiling": (np.arange(1, 6.0), np.array([0.02, 0.05, 0.13, 0.40, 0.40])),
    "yes 50%": (np.arange(2.0), np.array([0.5, 0.5])),
    "yes 20%": (np.arange(2.0), np.array([0.8, 0.2])),
    "yes 90%": (np.arange(2.0), np.array([0.1, 0.9])),
    "yes 5%": (np.arange(2.0), np.array([0.95, 0.05])),
    "scale score": scale_score(),
    "budget share": budget_share(),
}


def generator(*key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))


def thresholds(shares: np.ndarray) -> np.ndarray:
    return stats.norm.ppf(np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))


def draw(rho: float, item: tuple[np.ndarray, np.ndarray], n: int, rng: np.random.Generator):
    """Positions and answers of n organisations."""
    a = rng.standard_normal(n)
    b = rho * a + np.sqrt(1 - rho**2) * rng.standard_normal(n)
    x = 1.0 + np.searchsorted(thresholds(PO), a)
    return x, item[0][np.searchsorted(thresholds(item[1]), b)]


def population_correlation(rho: float, item: tuple[np.ndarray, np.ndarray]) -> float:
    """Correlation of positions and answers themselves, by integration over the normal."""
    nodes = stats.norm.ppf((np.arange(20000) + 0.5) / 20000)
    x = 1.0 + np.searchsorted(thresholds(PO), nodes)
    edges = (thresholds(item[1])[None, :] - rho * nodes[:, None]) / np.sqrt(1 - rho**2)
    cumulated = np.column_stack([np.zeros(len(nodes)), stats.norm.cdf(edges), np.ones(len(nodes))])
    y = np.diff(cumulated, axis=1) @ item[0]
    spread = np.sqrt(item[1] @ item[0] ** 2 - (item[1] @ item[0]) ** 2)
    return float(np.mean((x - x.mean()) * y) / (x.std() * spread))


def on_the_margin(margin: float, item: tuple[np.ndarray, np.ndarray]) -> float | None:
    if population_correlation(0.98 * np.sign(margin), item) / margin < 1:
        return None
    return optimize.brentq(
        lambda rho: population_correlation(rho, item) - margin, -0.98, 0.98, xtol=1e-4
    )


def no_relation(item: tuple[np.ndarray, np.ndarray], key: int, n_data: int, n: int = 65) -> dict:
    """Test in every way where nothing is related."""
    names = ["r", "spearman", "exact", "f", "welch", "kruskal", "pairs_holm", "f_permutation",
             "any_cut", "equivalence"]  # fmt: skip
    p = np.full((n_data, len(names)), np.nan)
    cuts = every_cut(CUTS)
    for at in range(n_data):
        x, y = draw(0.0, item, n, generator(1, key, at))
        if np.ptp(y) == 0:
            continue
        plain, codes = correlate(x, y), CUTS.codes(x)
        p[at, 0], p[at, 1] = plain.p_value, rank_correlate(x, y).p_value
        if len(item[0]) == 2:
            p[at, 2] = exact_sum_test(x.astype(np.int64), y.astype(np.int64))
        none = np.zeros(n, np.int64)
        residuals = within_strata(y, none, np.ones(n))
        samples = [y[codes == group] for group in range(3)]
        p[at, 3] = f_test(residuals, group_basis(codes, none)).p_value
        p[at, 4], p[at, 5] = welch_test(samples).p_value, rank_test(samples).p_value
        pairs = [pair_p_value(samples[a], samples[b]) for a, b in PAIRS]
        if not np.isnan(pairs).all():
            p[at, 6] = np.nanmin(holm(np.array(pairs)))
        if at < n_data // 2:
            fair = [c for c in cuts if np.bincount(c.codes(x), minlength=3).min() >= 5]
            bases = [group_basis(c.codes(x), none) for c in (CUTS, *fair)]
            plan = Rearrangement(REPLICATES, SEED, (2, key, at))
            found, drawn = rearranged_squares(residuals, bases, none, plan)
            p[at, 7] = share_beyond(found[0], drawn[:, 0])
            p[at, 8] = share_beyond(found[1:].max(), drawn[:, 1:].max(axis=1))
        p[at, 9] = equivalent_correlation(plain.r, plain.error, 0.3)
    return {name: rate(p[:, at]) for at, name in enumerate(names)}


def pair_p_value(first: np.ndarray, second: np.ndarray) -> float:
    """Compare two groups as ``groups`` does: exactly for yes-or-no answers, else by Welch."""
    p = exact_pair(first, second)
    return mean_difference(first, second).p_value if np.isnan(p) else p


PAIRS = ((0, 1), (0, 2), (1, 2))


def rate(p: np.ndarray, level: float = 0.05) -> dict:
    """Share of data sets rejected, over those where the test is defined."""
    known = p[~np.isnan(p)]
    if not len(known):
        return {"data_sets": 0}
    share = float((known <= level + 1e-12).mean())
    return {"rejected": round(share, 4), "data_sets": len(known)}


def equivalence_level(item: tuple[np.ndarray, np.ndarray], key: int, n_data: int) -> dict:
    """Rejections where the correlation of the answers lies on the margin."""
    found = {}
    for n in (65, 123):
        for at, margin in enumerate((0.3, -0.3)):
            rho = on_the_margin(margin, item)
            if rho is None:
                found[f"n={n}, r={margin}"] = "out of reach for these answers"
                continue
            p = np.full(n_data, np.nan)
            for data in range(n_data):
                x, y = draw(rho, item, n, generator(3, key, n, at, data))
                plain = correlate(x, y)
                p[data] = equivalent_correlation(plain.r, plain.error, abs(margin))
            found[f"n={n}, r={margin}"] = rate(p)
    return found


def shifted(item: tuple[np.ndarray, np.ndarray], shift: float) -> np.ndarray:
    inner = stats.norm.cdf(thresholds(item[1]) - shift)
    return np.diff(np.concatenate([[0.0], inner, [1.0]]))


def standardised(item: tuple[np.ndarray, np.ndarray], shift: float, counts: tuple) -> float:
    """Give the population difference by the pooled spread of groups of these sizes."""
    values, one = item
    two = shifted(item, shift)
    means = [p @ values for p in (one, two)]
    spreads = [p @ values**2 - m**2 for p, m in zip((one, two), means, strict=True)]
    pooled = (spreads[0] * (counts[0] - 1) + spreads[1] * (counts[1] - 1)) / (sum(counts) - 2)
    return float((means[1] - means[0]) / np.sqrt(pooled))


def difference_level(item: tuple[np.ndarray, np.ndarray], key: int, n_data: int) -> dict:
    """Rejections of the equivalence test of two means on the margin, both directions."""
    found = {}
    for counts, margin in (((65, 58), 0.5), ((31, 14), 0.8), ((20, 31), 0.8)):
        for sign in (1, -1):
            name = f"n={counts[0]}+{counts[1]}, d={sign * margin}"
            edge = standardised(item, sign * 6.0, counts)
            if abs(edge) < margin:
                found[name] = "out of reach for these answers"
                continue
            shift = optimize.brentq(
                lambda s, c=counts, t=sign * margin: standardised(item, s, c) - t, -6, 6
            )
            p = np.full((n_data, 2), np.nan)
            for data in range(n_data):
                rng = generator(4, key, *counts, sign + 1, data)
                a = rng.choice(item[0], counts[0], p=item[1])
                b = rng.choice(item[0], counts[1], p=shifted(item, shift))
                p[data, 0] = equivalent_means(a, b, margin)
                spread = ((counts[0] - 1) * a.var(ddof=1) + (counts[1] - 1) * b.var(ddof=1)) / (
                    sum(counts) - 2
                )
                if spread > 0:
                    d = float((b.mean() - a.mean()) / np.sqrt(spread))
                    p[data, 1] = equivalent_difference(d, counts, margin)
            found[name] = rate(p[:, 0]) | {"noncentral t alone": rate(p[:, 1])["rejected"]}
    return found


def unequal_spread(n_data: int) -> dict:
    """Equal means, spreads that differ: five-point answers, wide in the smallest group."""
    shares = [
        np.array([0.05, 0.20, 0.50, 0.20, 0.05]),
        np.array([0.02, 0.13, 0.70, 0.13, 0.02]),
        np.array([0.30, 0.15, 0.10, 0.15, 0.30]),
    ]
    names = ["f", "welch", "kruskal", "f_permutation", "pairs_holm"]
    p = np.full((n_data, len(names)), np.nan)
    codes = np.repeat([0, 1, 2], [20, 31, 14]).astype(np.int64)
    none = np.zeros(65, np.int64)
    basis = group_basis(codes, none)
    for at in range(n_data):
        rng = generator(5, at)
        y = np.concatenate(
            [
                rng.choice(np.arange(1, 6.0), n, p=s)
                for n, s in zip((20, 31, 14), shares, strict=True)
            ]
        )
        residuals = within_strata(y, none, np.ones(65))
        samples = [y[codes == group] for group in range(3)]
        p[at, 0] = f_test(residuals, basis).p_value
        p[at, 1], p[at, 2] = welch_test(samples).p_value, rank_test(samples).p_value
        found, drawn = rearranged_squares(
            residuals, [basis], none, Rearrangement(REPLICATES, SEED, (6, at))
        )
        p[at, 3] = share_beyond(found[0], drawn[:, 0])
        pairs = [mean_difference(samples[a], samples[b]).p_value for a, b in PAIRS]
        p[at, 4] = np.nanmin(holm(np.array(pairs)))
    return {name: rate(p[:, at]) for at, name in enumerate(names)}


def sectors(n_data: int) -> dict:
    """Two sectors with the same distribution of positions."""
    p = np.full((n_data, 3), np.nan)
    for at in range(n_data):
        rng = generator(7, at)
        x = rng.choice(np.arange(1, 11), 123, p=(65 * PO + 58 * VO) / 123)
        chosen = np.repeat([0, 1], [65, 58]).astype(np.int64)
        ranks = np.rint(2 * stats.rankdata(x)).astype(np.int64)
        p[at] = (
            mean_difference(x[:65].astype(float), x[65:].astype(float)).p_value,
            exact_sum_test(x.astype(np.int64), chosen),
            exact_sum_test(ranks, chosen),
        )
    names = ("welch", "permutation", "mann_whitney")
    return {name: rate(p[:, at]) for at, name in enumerate(names)}


def main(n_data: int = 4000) -> None:
    """Run what is not stored yet; each part has seeds of its own, so the order is no matter."""
    start = time.time()
    head = {
        "seed": SEED,
        "level": 0.05,
        "monte_carlo_error": round(float(np.sqrt(0.05 * 0.95 / n_data)), 4),
        "rearrangements": REPLICATES,
    }
    results: dict[str, object] = dict(head)
    if RESULTS.is_file():
        stored = json.loads(RESULTS.read_text())
        results = stored if head.items() <= stored.items() else results
    before = int(str(results.get("seconds", 0)))
    parts = {
        "sectors 65+58": lambda: sectors(n_data),
        "unequal spreads, groups 20+31+14": lambda: unequal_spread(n_data),
    }
    for key, (name, item) in enumerate(ITEMS.items()):
        parts[name] = lambda key=key, item=item: {
            "no relation, n=65 (equivalence: power at a margin of 0.3)": no_relation(
                item, key, n_data
            ),
            "correlation on the margin": equivalence_level(item, key, n_data),
            "difference on the margin": difference_level(item, key, n_data),
        }
    for name, part in parts.items():
        if name in results:
            continue
        results[name] = part()
        results["seconds"] = before + round(time.time() - start)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
