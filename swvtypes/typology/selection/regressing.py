"""BIC of the regression of one item on others, with the predictors that lower it.

A redundant item says nothing of the classes once the items that carry them are known. Nominal and
binary items are regressed by multinomial logit, ordinal ones by adjacent-category logit with one
slope a predictor, counts by Poisson and measurements by Gaussian regression.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln, logsumexp

from swvtypes.lca.design import Floats, Item

_STEPS, _HALVINGS, _ENOUGH, _RIDGE = 60, 25, 1e-9, 1e-9


@dataclass(frozen=True)
class Cases:
    """Answers with weights.

    Attributes
    ----------
    values : ndarray, shape (N, J)
        Coded answers, NaN where missing.
    weight : ndarray, shape (N,)
        Frequencies.
    items : tuple of Item
        What the columns are.
    known : dict
        BIC of regressions done, by item and predictors.
    """

    values: Floats
    weight: Floats
    items: tuple[Item, ...]
    known: dict[tuple[int, frozenset[int]], float] = field(default_factory=dict)

    @property
    def n(self) -> float:
        """Cases."""
        return float(self.weight.sum())


def redundancy_bic(cases: Cases, item: int, predictors: frozenset[int]) -> float:
    """BIC (to be minimised) of an item given those predictors that are worth their parameters.

    Predictors are dropped one by one from all of them, each time the one whose loss lowers BIC
    most, until none does (Maugis, Celeux and Martin-Magniette 2009). Where all of them would take
    more than a third of the cases as parameters, they are added one by one from none instead.

    Parameters
    ----------
    cases : Cases
        A missing answer of a predictor is a category of its own; cases without an answer to the
        item itself do not count.
    item : int
        The item.
    predictors : frozenset of int
        Items it may depend on.
    """
    width = sum(predictor_columns(cases, j).shape[1] for j in predictors)
    backward = width * _equations(cases.items[item]) <= cases.n / 3
    chosen = predictors if backward else frozenset()
    best = regression_bic(cases, item, chosen)
    while True:
        moves = [chosen - {j} for j in chosen] if backward else [
            chosen | {j} for j in predictors - chosen
        ]  # fmt: skip
        scored = [(regression_bic(cases, item, m), sorted(m), m) for m in moves]
        if not scored or min(scored)[0] >= best:
            return best
        best, _, chosen = min(scored)


def _equations(item: Item) -> int:
    nominal = item.family in ("nominal", "binary")
    return max(item.n_categories - 1, 1) if nominal else 1


def regression_bic(cases: Cases, item: int, predictors: frozenset[int]) -> float:
    """BIC (to be minimised) of the regression of an item on given predictors."""
    key = (item, predictors)
    if key not in cases.known:
        y = cases.values[:, item]
        seen = ~np.isnan(y) & (cases.weight > 0)
        Z = np.column_stack(
            [np.ones(int(seen.sum()))]
            + [predictor_columns(cases, j)[seen] for j in sorted(predictors)]
        )
        log_likelihood, n_parameters = _fit(cases.items[item], y[seen], Z, cases.weight[seen])
        cases.known[key] = n_parameters * float(np.log(cases.n)) - 2.0 * log_likelihood
    return cases.known[key]


def predictor_columns(cases: Cases, item: int) -> Floats:
    """Columns of a predictor: 0/1 a category but the first, or scores; and whether missing."""
    x = cases.values[:, item]
    missing = np.isnan(x)
    if cases.items[item].family in ("nominal", "binary"):
        columns = [(x == c).astype(float) for c in range(1, cases.items[item].n_categories)]
    else:
        w = np.where(missing, 0.0, cases.weight)
        centre = np.average(np.nan_to_num(x), weights=w) if w.any() else 0.0
        spread = np.sqrt(np.average((np.nan_to_num(x) - centre) ** 2, weights=w)) if w.any() else 1
        columns = [np.where(missing, 0.0, (x - centre) / (spread or 1.0))]
    if missing.any():
        columns.append(missing.astype(float))
    return np.column_stack(columns)


def _fit(item: Item, y: Floats, Z: Floats, w: Floats) -> tuple[float, int]:
    if item.family == "continuous":
        return _gaussian(y, Z, w)
    if item.family == "count":
        return _poisson(y, Z, w)
    C = item.n_categories
    P = Z.shape[1]
    if item.family == "ordinal":
        scores = np.array(item.scores or range(C), dtype=float)
        D = np.zeros((len(y), C, C - 1 + P - 1))
        D[:, np.arange(1, C), np.arange(C - 1)] = 1.0
        D[:, :, C - 1 :] = scores[None, :, None] * Z[:, None, 1:]
    else:
        D = np.zeros((len(y), C, (C - 1) * P))
        for c in range(1, C):
            D[:, c, (c - 1) * P : c * P] = Z
    return _logit(D, y.astype(np.intp), w), D.shape[2]


def _logit(D: Floats, y: np.ndarray[tuple[int], np.dtype[np.intp]], w: Floats) -> float:
    """Maximised log-likelihood of ``P(y = c) ~ exp(D[:, c] theta)``, by Newton's method."""
    rows = np.arange(len(y))
    theta = np.zeros(D.shape[2])
    given = D[rows, y]

    def value(at: Floats) -> tuple[float, Floats]:
        eta = D @ at
        log_p = eta - logsumexp(eta, axis=1, keepdims=True)
        return float(w @ log_p[rows, y]), log_p

    found, log_p = value(theta)
    for _ in range(_STEPS):
        p = np.exp(log_p)
        mean = np.einsum("ic,icp->ip", p, D)
        gradient = w @ (given - mean)
        H = np.einsum("ic,icp,icq->pq", w[:, None] * p, D, D, optimize=True)
        H -= (w[:, None] * mean).T @ mean
        moved, step = found, _solve(H, gradient)
        for _ in range(_HALVINGS):
            moved, log_moved = value(theta + step)
            if moved >= found:
                break
            step = step / 2
        else:
            return found
        theta, gain, found, log_p = theta + step, moved - found, moved, log_moved
        if gain < _ENOUGH * max(1.0, abs(found)):
            break
    return found


def _solve(H: Floats, gradient: Floats) -> Floats:
    H = H + (_RIDGE * max(float(np.trace(H)) / max(len(H), 1), 1e-12)) * np.eye(len(H))
    return np.asarray(np.linalg.lstsq(H, gradient, rcond=None)[0])


def _poisson(y: Floats, Z: Floats, w: Floats) -> tuple[float, int]:
    beta = np.zeros(Z.shape[1])
    beta[0] = np.log(max(float(np.average(y, weights=w)), 1e-300))
    constant = float(w @ gammaln(y + 1.0))

    def value(at: Floats) -> float:
        eta = np.clip(Z @ at, -700.0, 50.0)
        return float(w @ (y * eta - np.exp(eta))) - constant

    found = value(beta)
    for _ in range(_STEPS):
        rate = np.exp(np.clip(Z @ beta, -700.0, 50.0))
        step = _solve((Z * (w * rate)[:, None]).T @ Z, Z.T @ (w * (y - rate)))
        moved = found
        for _ in range(_HALVINGS):
            moved = value(beta + step)
            if moved >= found:
                break
            step = step / 2
        else:
            break
        beta, gain, found = beta + step, moved - found, moved
        if gain < _ENOUGH * max(1.0, abs(found)):
            break
    return found, Z.shape[1]


def _gaussian(y: Floats, Z: Floats, w: Floats) -> tuple[float, int]:
    root = np.sqrt(w)
    beta = np.linalg.lstsq(Z * root[:, None], y * root, rcond=None)[0]
    n = float(w.sum())
    spread = max(float(w @ (y - Z @ beta) ** 2) / n, 1e-10 * max(float(np.var(y)), 1e-300))
    return -0.5 * n * (np.log(2 * np.pi * spread) + 1.0), Z.shape[1] + 1
