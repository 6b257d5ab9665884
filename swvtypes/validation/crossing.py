"""Hard groups against categories: chi-square, phi, Fisher, and the test within sectors."""

from __future__ import annotations

import numpy as np
from scipy import stats

from .comparing import indicators
from .findings import NAN, Finding, Floats, GroupValue, Integers, Setting
from .permuting import permutation_p


def cross_table_test(codes: Integers, answers: Integers, setting: Setting) -> Finding:
    """Test whether groups answer alike, without weights.

    Parameters
    ----------
    codes, answers : ndarray of int, shape (n,)
    setting : Setting
        With sectors: the generalised Cochran-Mantel-Haenszel test over sectors (Landis, Heyman &
        Koch, 1978), and exchange within sectors.

    Returns
    -------
    Finding
        ``"chi_square"`` by Pearson without continuity correction (estimate: phi with its sign for
        two by two, else Cramér's V), or ``"mantel_haenszel"`` (no estimate). Exact: Fisher's test
        for two by two, else permutation of the chi-square distance (within sectors when adjusted,
        from what each sector expects).
    """
    G, A = indicators(codes), indicators(answers)
    name = "mantel_haenszel" if setting.n_adjusted else "chi_square"
    if G.shape[1] < 2 or A.shape[1] < 2:
        return Finding(name, len(codes), notes=("nothing_varies",))
    observed = G.T @ A
    expected = np.outer(G.sum(axis=0), A.sum(axis=0)) / len(codes)
    two_by_two = observed.shape == (2, 2)
    exact = NAN
    if setting.wants_exact(float(expected.min())):
        if two_by_two and not setting.n_adjusted:
            exact = float(stats.fisher_exact(observed.astype(int))[1])
        else:
            exact = permutation_p(G, A, 1 / expected, setting)
    if setting.n_adjusted:
        return _within(G, A, setting, exact)
    statistic = float(((observed - expected) ** 2 / expected).sum())
    df = (G.shape[1] - 1.0) * (A.shape[1] - 1.0)
    size = float(np.sqrt(statistic / len(codes) / min(G.shape[1] - 1, A.shape[1] - 1)))
    if two_by_two and observed[1, 1] < expected[1, 1]:
        size = -size
    notes = ("small_cells",) if expected.min() < setting.small else ()
    p = float(stats.chi2.sf(statistic, df))
    return Finding(name, len(codes), size, NAN, NAN, statistic, df, NAN, p, exact, notes)


def shares(
    codes: Integers, y: Floats, levels: tuple[str, ...], level: float
) -> tuple[GroupValue, ...]:
    """Share of answers of 1 a group, with Wilson's (1927) interval."""
    out = []
    for at, name in enumerate(levels):
        part = y[codes == at]
        if len(part):
            p = float(part.mean())
            low, high = wilson(p, len(part), level)
            out.append(
                GroupValue(name, len(part), p, float(np.sqrt(p * (1 - p) / len(part))), low, high)
            )
    return tuple(out)


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Wilson's (1927) interval of a share."""
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(float(middle - reach), 0.0), min(float(middle + reach), 1.0)


def _within(G: Floats, A: Floats, setting: Setting, exact: float) -> Finding:
    """Generalised Cochran-Mantel-Haenszel: observed less expected, summed over strata."""
    gap = np.zeros((G.shape[1] - 1) * (A.shape[1] - 1))
    V = np.zeros((len(gap), len(gap)))
    for stratum in np.unique(setting.strata):
        g, a = G[setting.strata == stratum], A[setting.strata == stratum]
        n = len(g)
        if n < 2:
            continue
        rows, columns = g.sum(axis=0), a.sum(axis=0)
        gap += (g.T @ a - np.outer(rows, columns) / n)[1:, 1:].ravel()
        row = np.diag(rows)[1:, 1:] / n - np.outer(rows, rows)[1:, 1:] / n**2
        column = np.diag(columns)[1:, 1:] / n - np.outer(columns, columns)[1:, 1:] / n**2
        V += n**2 / (n - 1) * np.kron(row, column)
    df = int(np.linalg.matrix_rank(V))
    if not df:
        return Finding("mantel_haenszel", len(G), notes=("nothing_varies",))
    statistic = float(gap @ np.linalg.pinv(V, hermitian=True) @ gap)
    p = float(stats.chi2.sf(statistic, df))
    return Finding("mantel_haenszel", len(G), NAN, NAN, NAN, statistic, float(df), NAN, p, exact)
