"""The E step: upward from the answers to the superclusters, downward to the theme classes.

Runs are S starts on each of R data sets of N rows. Superclusters and classes lead in every array,
rows come last, so that all operations run over contiguous memory. Source of the recursion: Vermunt
(2003), as for any tree of discrete latent variables (Pearl 1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats

from .coupling import Question

_LOW, _HIGH = 1e-280, 1e280
_TINY = 1e-300


@dataclass(frozen=True)
class State:
    """Parameters of R x S runs.

    Attributes
    ----------
    shares : ndarray, shape (P, R, S, 1) or (P, R, S, N)
        Probabilities of the superclusters; of each row where there are covariates.
    conditional : tuple of ndarray, shape (P, C, R, S)
        Probability of each theme class in each supercluster.
    natural : tuple of ndarray, shape (D, R * S, C)
        Natural parameters of the measurement of each theme, without class shares.
    extra : tuple of ndarray
        Coefficients from which iterative M steps set out.
    """

    shares: Floats
    conditional: tuple[Floats, ...]
    natural: tuple[Floats, ...]
    extra: tuple[Floats, ...] = ()


@dataclass(frozen=True)
class Sums:
    """Expected sums of the complete data.

    Attributes
    ----------
    shares : ndarray, shape (P, R, S, 1) or (P, R, S, N)
        Expected number in each supercluster; by row where there are covariates.
    conditional : tuple of ndarray, shape (P, C, R, S)
        Expected number in each supercluster and theme class.
    statistics : tuple of ndarray, shape (D, R * S, C)
        Sums of the statistics of each theme's answers.
    """

    shares: Floats
    conditional: tuple[Floats, ...]
    statistics: tuple[Floats, ...]

    def arrays(self) -> tuple[Floats, ...]:
        """All parts."""
        return (self.shares, *self.conditional, *self.statistics)


def densities(question: Question, natural: Floats, theme: int) -> Floats:
    """Log-densities of one theme's answers, shape (C, R, S, N)."""
    X = question.themes[theme].X
    R, N, D = X.shape
    C = natural.shape[2]
    S = natural.shape[1] // R
    if R == 1:
        flat = np.ascontiguousarray(natural.transpose(2, 1, 0)).reshape(C * S, D)
        return np.asarray(flat @ X[0].T).reshape(C, 1, S, N)
    A = np.ascontiguousarray(natural.reshape(D, R, S, C).transpose(3, 1, 2, 0))
    return np.asarray(np.matmul(A, X.transpose(0, 2, 1)))


def gather(question: Question, q: Floats, theme: int) -> Floats:
    """Add up one theme's statistics over rows, q (C, R, S, N), result (D, R * S, C)."""
    X = question.themes[theme].X
    R, N, D = X.shape
    C, _, S, _ = q.shape
    if R == 1:
        made = (q.reshape(C * S, N) @ X[0]).reshape(C, S, D)
    else:
        made = np.matmul(q, X).reshape(C, R * S, D)
    return np.ascontiguousarray(made.transpose(2, 1, 0))


@dataclass
class Upward:
    """What the upward pass leaves.

    Attributes
    ----------
    relative : tuple of ndarray, shape (C, R, S, N)
        Relative densities of each theme's answers.
    given : list of ndarray, shape (P, R, S, N)
        Density of a theme's answers in each supercluster.
    joint : ndarray, shape (P, R, S, N)
        Share times density of all answers.
    density : ndarray, shape (R, S, N)
        Density of all answers.
    log_density : ndarray, shape (R, S, N)
        Its log, with what was taken out of the relative densities put back.
    """

    relative: tuple[Floats, ...]
    given: list[Floats]
    joint: Floats
    density: Floats
    log_density: Floats


@dataclass(frozen=True)
class Measured:
    """Densities of the themes' answers, relative to what was taken out of them.

    Attributes
    ----------
    relative : tuple of ndarray, shape (C, R, S, N)
        Densities given each theme class; S is 1 where they are the same for all runs.
    top : ndarray, shape (R, S, N), or None
        Log of what was taken out.
    """

    relative: tuple[Floats, ...]
    top: Floats | None = None


def scaled(logs: list[Floats]) -> Measured:
    """Densities relative to the likeliest class of each theme."""
    tops = [one.max(axis=0) for one in logs]
    relative = [np.exp(one - top) for one, top in zip(logs, tops, strict=True)]
    return Measured(tuple(relative), np.add.reduce(tops, axis=0))


def ascend(question: Question, state: State, measured: Measured | None = None) -> Upward:
    """Upward pass; densities are those of the state unless measured before."""
    if measured is not None:
        return _combine(measured, state)
    logs = all_logs(question, state)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        made = _combine(Measured(tuple(np.exp(one) for one in logs)), state)
    if made.density.min() > _LOW and made.density.max() < _HIGH:
        return made
    return _combine(scaled(logs), state)


def _combine(measured: Measured, state: State) -> Upward:
    given: list[Floats] = []
    joint: Floats | None = None
    for F, rho in zip(measured.relative, state.conditional, strict=True):
        B = mix(rho, F)
        given.append(B)
        joint = B * state.shares if joint is None else np.multiply(joint, B, out=joint)
    assert joint is not None
    density = np.add.reduce(joint, axis=0)
    if measured.top is not None:
        np.maximum(density, _TINY, out=density)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_density = np.log(density)
    if measured.top is not None:
        log_density += measured.top
    return Upward(measured.relative, given, joint, density, log_density)


def mix(rho: Floats, F: Floats) -> Floats:
    """Sum over C of rho (P, C, R, S) times F (C, R, S or 1, N), shape (P, R, S, N)."""
    P, C, R, S = rho.shape
    out = np.empty((P, R, S, F.shape[3]))
    room = np.empty(out.shape[1:])
    for p in range(P):
        np.multiply(F[0], rho[p, 0, ..., None], out=out[p])
        for c in range(1, C):
            np.multiply(F[c], rho[p, c, ..., None], out=room)
            out[p] += room
    return out


def descend(question: Question, state: State, up: Upward, measure: bool = True) -> Sums:
    """Downward pass: expected sums; without those of the answers unless `measure`."""
    g = up.joint * (question.weight[:, None] / up.density)
    shares = g if question.covariates is not None else g.sum(axis=3, keepdims=True)
    conditional, statistics = [], []
    for t, (F, B) in enumerate(zip(up.relative, up.given, strict=True)):
        rho = state.conditional[t]
        h = g / np.maximum(B, _TINY)
        conditional.append(rho * np.einsum("prsn,crsn->pcrs", h, F))
        if measure:
            q = mix(rho.transpose(1, 0, 2, 3), h)
            q *= F
            statistics.append(gather(question, q, t))
    return Sums(shares, tuple(conditional), tuple(statistics))


def theme_posteriors(state: State, up: Upward) -> list[Floats]:
    """Posterior probabilities of each theme's classes, shape (C, R, S, N)."""
    g = up.joint / up.density
    found = []
    for F, B, rho in zip(up.relative, up.given, state.conditional, strict=True):
        found.append(F * mix(rho.transpose(1, 0, 2, 3), g / np.maximum(B, _TINY)))
    return found


def all_logs(question: Question, state: State) -> list[Floats]:
    """Log-densities of every theme's answers, shape (C, R, S, N)."""
    return [densities(question, A, t) for t, A in enumerate(state.natural)]
