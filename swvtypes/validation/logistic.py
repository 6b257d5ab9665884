"""Logistic regression by maximum likelihood, and by Firth's where answers are separated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from .findings import NAN, Finding, Floats, Setting

_MAX_ITER = 200
_FARTHEST = 60.0


@dataclass(frozen=True)
class LogisticFit:
    """Coefficients of a logistic regression.

    Attributes
    ----------
    coefficients : ndarray, shape (p,)
    log_likelihood : float
        Penalised under Firth.
    information : ndarray, shape (p, p)
        Fisher information.
    converged : bool
    """

    coefficients: Floats
    log_likelihood: float
    information: Floats
    converged: bool


def is_separated(design: Floats, y: Floats) -> bool:
    """Whether some combination of columns never points the wrong way (Konis, 2007).

    Then maximum likelihood has no finite answer. Solved as a linear programme.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), np.arange(4.0)])
    >>> is_separated(x, np.array([0.0, 0.0, 1.0, 1.0]))
    True
    >>> is_separated(x, np.array([0.0, 1.0, 0.0, 1.0]))
    False
    """
    signed = np.where(y > 0, 1.0, -1.0)[:, None] * design
    found = optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(y)), bounds=(-1, 1), method="highs"
    )
    return found.status == 0 and found.fun is not None and float(found.fun) < -1e-7


def fit_logistic(
    design: Floats,
    y: Floats,
    *,
    firth: bool = False,
    weight: Floats | None = None,
    fixed: dict[int, float] | None = None,
) -> LogisticFit:
    """Fit a logistic regression by Newton's method.

    Parameters
    ----------
    design : ndarray, shape (n, p)
        With the constant.
    y : ndarray, shape (n,)
        0 and 1.
    firth : bool
        Maximise ``l + log det I / 2`` (Firth, 1993; Heinze & Schemper, 2002), which is finite
        under separation.
    weight : ndarray, shape (n,), optional
        Weight 2 counts as the row twice.
    fixed : dict of column to value, optional
        Coefficients that are held; the penalty stays that of the whole model, as profile tests
        need.
    """
    w = np.ones(len(y)) if weight is None else weight
    held = fixed or {}
    free = np.array([at not in held for at in range(design.shape[1])])
    beta = np.zeros(design.shape[1])
    for at, value in held.items():
        beta[at] = value
    value, gradient, information = _state(design, y, w, beta, firth)
    for _ in range(_MAX_ITER):
        if not free.any():
            return LogisticFit(beta, value, information, True)
        inner = information[np.ix_(free, free)]
        step = np.linalg.lstsq(inner, gradient[free], rcond=1e-14)[0]
        if abs(gradient[free] @ step) < 1e-18 * max(1.0, abs(value)):
            return LogisticFit(beta, value, information, True)
        size = min(1.0, 5.0 / max(float(np.abs(design[:, free] @ step).max()), 1e-300))
        for _ in range(40):
            moved = beta.copy()
            moved[free] += size * step
            after = _state(design, y, w, moved, firth)
            if after[0] >= value - 1e-13 * abs(value):
                break
            size /= 2
        else:
            return LogisticFit(beta, value, information, True)
        beta, (value, gradient, information) = moved, after
    return LogisticFit(beta, value, information, False)


def logistic_test(
    columns: Floats, y: Floats, setting: Setting
) -> tuple[Finding, LogisticFit | None]:
    """Test whether columns bear on an answer of 0 or 1, given the sector.

    Parameters
    ----------
    columns : ndarray, shape (n, p)
        The continuum, or indicators of the groups but the first.
    y : ndarray, shape (n,)
    setting : Setting
        With survey weights: Wald with a sandwich covariance.

    Returns
    -------
    Finding
        ``"logistic"``, or ``"logistic_firth"`` where answers are separated: likelihood ratio
        (penalised under Firth); for one column the odds ratio a unit with its profile interval.
    LogisticFit or None
        None when nothing varies.
    """
    design = np.column_stack([np.ones(len(y)), columns, setting.sector])
    mine = list(range(1, 1 + columns.shape[1]))
    full = np.linalg.matrix_rank(design) == design.shape[1]
    if not full or not 0 < y.mean() < 1 or len(y) <= design.shape[1]:
        return Finding("logistic", len(y), notes=("nothing_varies",)), None
    spread = design.std(axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    scaled = design / unit
    firth = is_separated(scaled, y)
    name = "logistic_firth" if firth else "logistic"
    fit = fit_logistic(scaled, y, firth=firth, weight=setting.weight)
    if setting.weight is not None:
        return _wald(scaled, y, fit, mine, unit, setting, name), fit
    none = fit_logistic(scaled, y, firth=firth, fixed=dict.fromkeys(mine, 0.0))
    statistic = max(2 * (fit.log_likelihood - none.log_likelihood), 0.0)
    odds = lower = upper = NAN
    if len(mine) == 1:
        odds = float(np.exp(fit.coefficients[1] / unit[1]))
        ends = _profile(scaled, y, fit, setting.level, firth)
        lower, upper = (float(np.exp(end / unit[1])) for end in ends)
    p = float(stats.chi2.sf(statistic, len(mine)))
    notes = ("separated",) if firth else ()
    found = Finding(
        name, len(y), odds, lower, upper, statistic, float(len(mine)), NAN, p, NAN, notes
    )
    return found, fit


def _state(
    design: Floats, y: Floats, w: Floats, beta: Floats, firth: bool
) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient and information at some coefficients."""
    eta = design @ beta
    p = special.expit(eta)
    value = float(w @ (y * eta - np.logaddexp(0.0, eta)))
    spread = w * p * (1 - p)
    information = design.T @ (spread[:, None] * design)
    pull = w * (y - p)
    if firth:
        sign, determinant = np.linalg.slogdet(information)
        value += determinant / 2 if sign > 0 else -np.inf
        inverse = np.linalg.pinv(information, hermitian=True)
        leverage = spread * np.einsum("ni,ij,nj->n", design, inverse, design)
        pull = pull + leverage * (0.5 - p)
    return value, np.asarray(design.T @ pull), np.asarray(information)


def _profile(
    design: Floats, y: Floats, fit: LogisticFit, level: float, firth: bool
) -> tuple[float, float]:
    """Profile interval of the second coefficient; infinite where the profile stays flat."""
    drop = float(stats.chi2.ppf(level, 1))
    best = float(fit.coefficients[1])

    def excess(value: float) -> float:
        held = fit_logistic(design, y, firth=firth, fixed={1: value})
        return 2 * (fit.log_likelihood - held.log_likelihood) - drop

    error = float(np.sqrt(max(np.linalg.pinv(fit.information)[1, 1], 1e-6)))
    ends = []
    for direction in (-1.0, 1.0):
        reach = error
        while excess(best + direction * reach) < 0 and reach < _FARTHEST:
            reach *= 1.6
        if reach >= _FARTHEST:
            ends.append(direction * float("inf"))
            continue
        ends.append(float(optimize.brentq(excess, best, best + direction * reach, xtol=1e-8)))
    return ends[0], ends[1]


def _wald(
    design: Floats,
    y: Floats,
    fit: LogisticFit,
    mine: list[int],
    unit: Floats,
    setting: Setting,
    name: str,
) -> Finding:
    """Wald test with a sandwich covariance, for survey weights."""
    w = np.ones(len(y)) if setting.weight is None else setting.weight
    used = int((w > 0).sum())
    scores = (w * (y - special.expit(design @ fit.coefficients)))[:, None] * design
    inverse = np.linalg.pinv(fit.information, hermitian=True)
    spread = used / max(used - design.shape[1], 1)
    V = inverse @ (scores.T @ scores) @ inverse * spread
    if name == "logistic_firth":
        return Finding(name, used, notes=("separated_weighted",))
    part: NDArray[np.float64] = V[np.ix_(mine, mine)]
    beta = fit.coefficients[mine]
    df2 = used - design.shape[1]
    f = float(beta @ np.linalg.pinv(part, hermitian=True) @ beta) / len(mine)
    p = float(stats.f.sf(f, len(mine), df2))
    odds = lower = upper = NAN
    if len(mine) == 1:
        reach = float(stats.t.ppf((1 + setting.level) / 2, df2)) * float(np.sqrt(part[0, 0]))
        odds, lower, upper = (
            float(np.exp((beta[0] + move) / unit[1])) for move in (0.0, -reach, reach)
        )
    return Finding(name, used, odds, lower, upper, f, float(len(mine)), float(df2), p)
