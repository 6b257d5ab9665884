"""Hard groups against numbers: F, Welch, Kruskal-Wallis, and pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy import stats

from .findings import NAN, Contrast, Finding, Findings, Floats, GroupValue, Integers, Setting
from .permuting import permutation_p


def compare_groups(
    codes: Integers, y: Floats, levels: tuple[str, ...], setting: Setting
) -> Findings:
    """Compare a number over groups, without weights.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Which of `levels` a row belongs to.
    y : ndarray, shape (n,)
    levels : tuple of str
    setting : Setting
        With sectors: analysis of covariance, rows exchanged within sectors; Welch and
        Kruskal-Wallis, which know no adjustment, are left out.

    Returns
    -------
    Findings
        ``"anova"`` (estimate: eta squared, partial when adjusted), ``"welch"`` (omega squared from
        its F), ``"kruskal"`` (epsilon squared); groups with t intervals; contrasts of Welch (1947)
        with Hedges' g.
    """
    present = [at for at in range(len(levels)) if (codes == at).any()]
    parts = [y[codes == at] for at in present]
    names = [levels[at] for at in present]
    groups = tuple(
        _value(name, part, setting.level) for name, part in zip(names, parts, strict=True)
    )
    if len(parts) < 2 or len(y) - len(parts) - setting.n_adjusted < 1 or not np.ptp(y) > 0:
        return Findings((Finding("anova", len(y), notes=("nothing_varies",)),), groups)
    tests = [_variance(codes, y, setting)]
    contrasts: list[Contrast] = []
    if not setting.n_adjusted:
        tests += [_welch(parts), _kruskal(parts)]
        contrasts = [
            _pair(names[a], names[b], parts[a], parts[b], setting.level)
            for a, b in combinations(range(len(parts)), 2)
        ]
    return Findings(tuple(tests), groups, tuple(contrasts))


def indicators(codes: Integers) -> Floats:
    """One column a group that occurs, of zeros and ones."""
    return np.asarray(codes[:, None] == np.unique(codes)[None], dtype=float)


def _variance(codes: Integers, y: Floats, setting: Setting) -> Finding:
    G = indicators(codes)
    small = np.column_stack([np.ones(len(y)), setting.sector])
    large = np.column_stack([small, G[:, 1:]])
    left, rest = _squares(small, y), _squares(large, y)
    rank = int(np.linalg.matrix_rank(large))
    df1, df2 = rank - int(np.linalg.matrix_rank(small)), len(y) - rank
    if df1 < 1 or df2 < 1:
        return Finding("anova", len(y), notes=("one_and_the_same",))
    eta = (left - rest) / left if left > 0 else NAN
    exact = NAN
    sizes = G.sum(axis=0)
    if setting.wants_exact(float(sizes.min())):
        exact = permutation_p(G, y[:, None], 1 / sizes[:, None], setting)
    if rest <= 1e-20 * max(left, 1e-300):
        return Finding("anova", len(y), eta, NAN, NAN, float("inf"), df1, df2, 0.0, exact)
    f = (left - rest) / df1 / (rest / df2)
    p = float(stats.f.sf(f, df1, df2))
    return Finding("anova", len(y), eta, NAN, NAN, f, df1, df2, p, exact)


def _squares(design: Floats, y: Floats) -> float:
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(((y - fitted) ** 2).sum())


def _welch(parts: list[Floats]) -> Finding:
    """Welch's (1951) test of equal means with unequal variances."""
    n = np.array([len(part) for part in parts], dtype=float)
    total = int(n.sum())
    if n.min() < 2:
        return Finding("welch", total, notes=("group_too_small",))
    variances = np.array([part.var(ddof=1) for part in parts])
    if min(np.ptp(part) for part in parts) == 0:
        return Finding("welch", total, notes=("group_without_spread",))
    k, w = len(parts), n / variances
    means = np.array([part.mean() for part in parts])
    grand = w @ means / w.sum()
    loose = (((1 - w / w.sum()) ** 2) / (n - 1)).sum()
    f = (w @ (means - grand) ** 2 / (k - 1)) / (1 + 2 * (k - 2) / (k * k - 1) * loose)
    df1, df2 = k - 1.0, (k * k - 1) / (3 * loose)
    omega = df1 * (f - 1) / (df1 * (f - 1) + total)
    p = float(stats.f.sf(f, df1, df2))
    return Finding("welch", total, max(float(omega), 0.0), NAN, NAN, float(f), df1, float(df2), p)


def _kruskal(parts: list[Floats]) -> Finding:
    total = sum(len(part) for part in parts)
    h, p = stats.kruskal(*parts)
    k = len(parts)
    size = max(float((h - k + 1) / (total - k)), 0.0) if total > k else NAN
    return Finding("kruskal", total, size, NAN, NAN, float(h), k - 1.0, NAN, float(p))


def _value(name: str, part: Floats, level: float) -> GroupValue:
    mean = float(part.mean())
    if len(part) < 2:
        return GroupValue(name, len(part), mean)
    error = float(part.std(ddof=1) / np.sqrt(len(part)))
    reach = float(stats.t.ppf((1 + level) / 2, len(part) - 1)) * error
    return GroupValue(name, len(part), mean, error, mean - reach, mean + reach)


def _pair(first: str, second: str, a: Floats, b: Floats, level: float) -> Contrast:
    gap = float(b.mean() - a.mean())
    if len(a) < 2 or len(b) < 2:
        return Contrast(first, second, gap, NAN, NAN, NAN, NAN, NAN)
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = float(np.sqrt(sum(parts)))
    if np.ptp(a) == 0 and np.ptp(b) == 0:  # the error is rounding, if anything
        return Contrast(first, second, gap, NAN, NAN, NAN, NAN, NAN)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    reach = float(stats.t.ppf((1 + level) / 2, df)) * error
    inside = len(a) + len(b) - 2
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / inside)
    g = gap / pooled * (1 - 3 / (4 * inside - 1))
    p = float(2 * stats.t.sf(abs(gap) / error, df))
    return Contrast(first, second, gap, error, gap - reach, gap + reach, float(g), p)
