"""Types with classification error against an outcome: three steps with BCH weights."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import stats

from .findings import NAN, Contrast, Finding, Findings, Floats, GroupValue, Setting
from .permuting import permutation_p

_SINGULAR = 1e-10
_ROUNDING = 1e-12


@dataclass(frozen=True)
class TypeMeans:
    """Means of outcomes by type.

    Attributes
    ----------
    means : ndarray, shape (K, c)
        At the mean of what is adjusted for.
    covariance : ndarray, shape (K * c, K * c)
        Sandwich, type by type.
    sizes : ndarray, shape (K,)
        Weights of the types; they add up to the rows used.
    df : float
        Rows used less coefficients an outcome.
    """

    means: Floats
    covariance: Floats
    sizes: Floats
    df: float


def type_means(B: Floats, Y: Floats, setting: Setting) -> TypeMeans | None:
    """Average outcomes over types with BCH weights (Vermunt, 2010; Bakk, Tekle & Vermunt, 2013).

    Solves ``sum_i w_i sum_t B_it z_it (y_i - z_it' b) = 0`` with z the type's indicator and the
    sector's; the covariance is the sandwich over organisations times ``n / (n - K - q)``.

    Parameters
    ----------
    B : ndarray, shape (n, K)
        BCH weights, rows add up to one; indicators of hard groups are a special case.
    Y : ndarray, shape (n, c)
    setting : Setting

    Returns
    -------
    TypeMeans or None
        None where a type has no weight left (or too few rows): no estimate exists.
    """
    w = np.ones(len(B)) if setting.weight is None else setting.weight
    n, K = int((w > 0).sum()), B.shape[1]
    S = setting.sector - (w @ setting.sector) / w.sum()
    W = w[:, None] * B
    sizes = W.sum(axis=0)
    df = n - K - S.shape[1]
    if df < 1 or sizes.min() <= 0.5:
        return None
    A = np.block([[np.diag(sizes), W.T @ S], [S.T @ W, S.T @ (w[:, None] * S)]])
    if np.linalg.cond(A) > 1e12:
        return None
    inverse = np.linalg.inv(A)
    coefficients = inverse @ np.vstack([W.T @ Y, S.T @ (w[:, None] * Y)])
    means, slopes = coefficients[:K], coefficients[K:]
    influences = []
    for c in range(Y.shape[1]):
        rest = Y[:, [c]] - means[:, c][None] - (S @ slopes[:, c])[:, None]
        rest[np.abs(rest) <= _ROUNDING * np.abs(Y[:, c]).max()] = 0.0
        score = np.hstack([W * rest, S * (W * rest).sum(axis=1, keepdims=True)])
        influences.append((score @ inverse.T)[:, :K])
    psi = np.stack(influences, axis=2).reshape(len(B), -1)
    return TypeMeans(means, psi.T @ psi * n / df, sizes, float(df))


def compare_types(
    B: Floats, Y: Floats, types: tuple[str, ...], setting: Setting, categories: tuple[str, ...] = ()
) -> Findings:
    """Test whether types differ in an outcome, classification error carried along.

    Parameters
    ----------
    B, Y, setting
        As in :func:`type_means`.
    types : tuple of str
        K names.
    categories : tuple of str
        Names of the columns of Y when they are indicators of categories (all of them) or parts.

    Returns
    -------
    Findings
        ``"bch"``: Wald test over degrees of freedom against F (K - 1 times columns, n - K - q);
        the estimate is the share of the variance between types (one column only). Exact: the
        outcome exchanged over organisations, which keeps its level where few have a rare answer
        and the Wald test does not; given where a type, or an expected cell, is worth fewer than
        `small` organisations (``(sum B)^2 / sum B^2`` for a type). Groups: means by type with t
        intervals; contrasts of pairs of types (one column).
    """
    found = type_means(B, Y, setting)
    n = len(B) if setting.weight is None else int((setting.weight > 0).sum())
    if found is None:
        return Findings((Finding("bch", n, notes=("type_without_weight",)),))
    if not np.ptp(Y, axis=0).max() > 0:
        return Findings((Finding("bch", n, notes=("nothing_varies",)),))
    binary = bool(np.isin(Y, (0.0, 1.0)).all())
    notes = []
    if binary and ((found.means < 0) | (found.means > 1)).any():
        notes.append("share_outside")
    statistic, df1 = wald(found)
    p, f = NAN, NAN
    if df1 and found.df > 0:
        f = statistic / df1
        p = float(stats.f.sf(f, df1, found.df))
    else:
        notes.append("wald_undefined")
    smallest = _smallest(B, Y, binary, setting)
    if smallest < setting.small:
        notes.append("small_cells")
    exact = NAN
    if setting.wants_exact(smallest):
        exact = permutation_p(B, _less_sector(Y, setting), _scale(found, Y, binary), setting)
    test = Finding(
        "bch", n, _between(found, Y, setting), NAN, NAN, f, float(df1), found.df, p, exact,
        tuple(notes),
    )  # fmt: skip
    single = Y.shape[1] == 1
    groups = _values(found, types, categories, setting.level) if single or categories else ()
    return Findings((test,), groups, _contrasts(found, types, setting.level) if single else ())


def wald(found: TypeMeans) -> tuple[float, int]:
    """Wald statistic that all types have the same means, and its degrees of freedom.

    Directions without variance are left out; the degrees of freedom count those that stay.
    """
    K, c = found.means.shape
    contrast = np.kron(np.hstack([-np.ones((K - 1, 1)), np.eye(K - 1)]), np.eye(c))
    gaps = contrast @ found.means.ravel()
    V = contrast @ found.covariance @ contrast.T
    sizes, directions = np.linalg.eigh(V)
    keep = sizes > _SINGULAR * max(float(sizes.max(initial=0.0)), 1e-300)
    if not keep.any() or not sizes.max() > 0:
        return NAN, 0
    along = directions[:, keep].T @ gaps
    return float((along**2 / sizes[keep]).sum()), int(keep.sum())


def _between(found: TypeMeans, Y: Floats, setting: Setting) -> float:
    """Share of the variance between types, of one outcome."""
    if Y.shape[1] != 1:
        return NAN
    w = np.ones(len(Y)) if setting.weight is None else setting.weight
    y, share = Y[:, 0], found.sizes / found.sizes.sum()
    spread = float(w @ (y - w @ y / w.sum()) ** 2 / w.sum())
    means = found.means[:, 0]
    between = float(share @ (means - share @ means) ** 2)
    return between / spread if spread > 0 else NAN


def _smallest(B: Floats, Y: Floats, binary: bool, setting: Setting) -> float:
    """Smallest type, or expected cell, in organisations without classification error."""
    w = np.ones(len(B)) if setting.weight is None else setting.weight
    W = w[:, None] * B
    worth = W.sum(axis=0) ** 2 / (W**2).sum(axis=0)
    if not binary:
        return float(worth.min())
    share = Y.mean(axis=0)
    chances = share if len(share) > 1 else np.array([share[0], 1 - share[0]])
    return float(np.outer(worth, chances).min())


def _scale(found: TypeMeans, Y: Floats, binary: bool) -> Floats:
    share = Y.mean(axis=0)
    column = np.where(share > 0, share, 1.0) if binary and len(share) > 1 else Y.var(axis=0)
    column = np.where(column > 0, column, 1.0)
    return np.asarray(1 / np.outer(found.sizes, column))


def _less_sector(Y: Floats, setting: Setting) -> Floats:
    design = np.column_stack([np.ones(len(Y)), setting.sector])
    return np.asarray(Y - design @ np.linalg.lstsq(design, Y, rcond=None)[0])


def _values(
    found: TypeMeans, types: tuple[str, ...], categories: tuple[str, ...], level: float
) -> tuple[GroupValue, ...]:
    reach = float(stats.t.ppf((1 + level) / 2, found.df))
    errors = np.sqrt(np.maximum(np.diag(found.covariance), 0.0)).reshape(found.means.shape)
    out = []
    for t, name in enumerate(types):
        for c in range(found.means.shape[1]):
            label = f"{name}: {categories[c]}" if categories else name
            mean, error = float(found.means[t, c]), float(errors[t, c])
            ends = mean - reach * error, mean + reach * error
            out.append(GroupValue(label, float(found.sizes[t]), mean, error, *ends))
    return tuple(out)


def _contrasts(found: TypeMeans, types: tuple[str, ...], level: float) -> tuple[Contrast, ...]:
    reach = float(stats.t.ppf((1 + level) / 2, found.df))
    V, out = found.covariance, []
    for a, b in combinations(range(len(types)), 2):
        gap = float(found.means[b, 0] - found.means[a, 0])
        error = float(np.sqrt(max(V[a, a] + V[b, b] - 2 * V[a, b], 0.0)))
        if not error > 0:
            out.append(Contrast(types[a], types[b], gap, NAN, NAN, NAN, NAN, NAN))
            continue
        p = float(2 * stats.t.sf(abs(gap) / error, found.df))
        ends = gap - reach * error, gap + reach * error
        out.append(Contrast(types[a], types[b], gap, error, *ends, NAN, p))
    return tuple(out)
