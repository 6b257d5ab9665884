"""Expectation maximisation of many runs at once, squared extrapolation, and when runs stop.

Extrapolation is SQUAREM (Varadhan and Roland 2008) on the expected sums, from which the M step
makes parameters that are always inside their range; a step that lowers the objective is not taken,
so that the objective never falls.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers, Layout
from swvtypes.lca.em import Settings
from swvtypes.lca.families import m_step

from .coupling import Question
from .messages import Measured, State, Sums, ascend, descend
from .structure import Structure, maximise

_KEEP = 0.1
_FARTHEST = 64.0
_FLOOR = 1e-300


@dataclass
class Ran:
    """What R x S runs came to.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (R, S)
        They differ under a prior only.
    n_iter : ndarray of int, shape (R, S)
        EM steps.
    converged : ndarray of bool, shape (R, S)
    state : State
        Parameters.
    trace : list of ndarray, shape (R, S)
        Objectives in order.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: NDArray[np.bool_]
    state: State
    trace: list[Floats] = field(default_factory=list)


@dataclass(frozen=True)
class Setting:
    """Everything a step needs besides where the runs are."""

    question: Question
    structure: Structure
    measured: Measured | None = None

    @property
    def measure(self) -> bool:
        """Whether the measurement is estimated too."""
        return self.measured is None


def em_step(setting: Setting, sums: Sums, state: State) -> tuple[Floats, Floats, State, Sums]:
    """One M step from expected sums and one E step.

    Returns
    -------
    log_likelihood, objective : ndarray, shape (R, S)
        At the new state, without the constant part.
    state : State
    sums : Sums
        Expected sums at it, the prior's pseudo-cases included.
    """
    question = setting.question
    shares, conditional, extra = maximise(question, setting.structure, sums, state)
    natural = state.natural
    if setting.measure:
        natural = tuple(
            measurement_step(problem.layout, T, A, question, t)
            for t, (problem, T, A) in enumerate(
                zip(question.themes, sums.statistics, state.natural, strict=True)
            )
        )
    new = State(shares, conditional, natural, extra)
    log_likelihood, objective, sums = expect(setting, new)
    return log_likelihood, objective, new, sums


def measurement_step(
    layout: Layout, T: Floats, A: Floats, question: Question, theme: int
) -> Floats:
    """M step of one theme's measurement, class shares taken out."""
    made = m_step(layout, T, A, question.themes[theme].variances)
    n = np.maximum(T[0], _FLOOR)
    made[0] -= np.log(n) - np.log(n.sum(axis=1, keepdims=True))
    return made


def expect(setting: Setting, state: State) -> tuple[Floats, Floats, Sums]:
    """E step: log-likelihood, objective, and expected sums with the prior's pseudo-cases."""
    question = setting.question
    up = ascend(question, state, setting.measured)
    log_likelihood = np.einsum("rsn,rn->rs", up.log_density, question.weight)
    sums = descend(question, state, up, setting.measure)
    if not (question.prior > 0 or question.of_shares > 0):
        return log_likelihood, log_likelihood, sums
    sums, density = _with_prior(setting, state, sums)
    return log_likelihood, log_likelihood + density, sums


def _with_prior(setting: Setting, state: State, sums: Sums) -> tuple[Sums, Floats]:
    """Add pseudo-cases, spread evenly over classes, that answer as the average row does."""
    question, structure = setting.question, setting.structure
    P, prior, own = structure.n_superclusters, question.prior, question.of_shares
    R, S = state.conditional[0].shape[2:]
    shares, density = sums.shares, np.zeros((R, S))
    if question.covariates is None and structure.nodes is None and structure.shares == "free":
        shares = shares + own / P
        density += own / P * np.log(np.maximum(state.shares, _FLOOR)).sum(axis=(0, 3))
    conditional, statistics = [], []
    for t, rho in enumerate(state.conditional):
        C = rho.shape[1]
        weight = np.full((P, 1, 1, 1), 1.0 / P)
        if structure.node_weights is not None:
            weight = structure.node_weights[:, None, None, None]
        conditional.append(sums.conditional[t] + prior / C * weight)
        density += (prior / C * weight * np.log(np.maximum(rho, _FLOOR))).sum(axis=(0, 1))
        if setting.measure:
            pseudo = (prior / C * question.themes[t].mean_row).T
            pseudo = np.repeat(pseudo, S, axis=1)[..., None]
            statistics.append(sums.statistics[t] + pseudo)
            density += (pseudo * state.natural[t]).sum(axis=(0, 2)).reshape(R, S)
    return Sums(shares, tuple(conditional), tuple(statistics)), density


def _spread(values: Floats, sums: Sums) -> list[Floats]:
    """Give (R, S) values the shape of each part of the sums."""
    found = [values[None, ..., None]]
    found += [values[None, None]] * len(sums.conditional)
    found += [values.reshape(1, -1, 1)] * len(sums.statistics)
    return found


def _squares(sums: Sums, parts: list[Floats]) -> Floats:
    """Squared length of each run's part of a difference, shape (R, S)."""
    R, S = sums.conditional[0].shape[2:]
    total = np.einsum("prsn,prsn->rs", parts[0], parts[0])
    n = len(sums.conditional)
    for one in parts[1 : 1 + n]:
        total += np.einsum("pcrs,pcrs->rs", one, one)
    for one in parts[1 + n :]:
        total += np.einsum("dbc,dbc->b", one, one).reshape(R, S)
    return np.asarray(total)


def extrapolate(setting: Setting, z0: Sums, z1: Sums, z2: Sums) -> Sums:
    """Squared extrapolation of the expected sums, kept inside their range."""
    first = [b - a for a, b in zip(z0.arrays(), z1.arrays(), strict=True)]
    second = [c - b - r for b, c, r in zip(z1.arrays(), z2.arrays(), first, strict=True)]
    rr, vv = _squares(z0, first), _squares(z0, second)
    alpha = np.clip(np.sqrt(rr / np.maximum(vv, 1e-300)), 1.0, _FARTHEST)
    made = []
    for a, r, v, x in zip(z0.arrays(), first, second, _spread(alpha, z0), strict=True):
        made.append(a + 2.0 * x * r + x * x * v)
    n = 1 + len(z0.conditional)
    kept = [np.maximum(new, _KEEP * old) for new, old in zip(made[:n], z2.arrays(), strict=False)]
    themes = [
        _inside(problem.layout, new, old)
        for problem, new, old in zip(setting.question.themes, made[n:], z2.statistics, strict=False)
    ]
    return Sums(kept[0], tuple(kept[1:]), tuple(themes))


def _inside(layout: Layout, new: Floats, old: Floats) -> Floats:
    """Keep sums of statistics possible: no category below a tenth of what it was."""
    lead = layout.n_indicators
    new[:lead] = np.maximum(new[:lead], _KEEP * old[:lead])
    for block in layout.blocks:
        here = slice(block.start, block.stop)
        if block.kind == "continuous":
            continue
        new[here] = np.maximum(new[here], _KEEP * old[here])
        if block.kind == "count" or block.size < 2:
            continue
        shape = (len(block.items), block.size - 1, *new.shape[1:])
        S, S_old = new[here].reshape(shape), old[here].reshape(shape)
        total, n = S.sum(axis=1), new[block.indicator]
        left = np.maximum(old[block.indicator] - S_old.sum(axis=1), 0.0)
        limit = np.maximum(n - _KEEP * left, 0.0)
        over = total > limit
        if over.any():
            S *= np.where(over, limit / np.maximum(total, _FLOOR), 1.0)[:, None]
    return new


def _choose(mask: NDArray[np.bool_], yes: State, no: State) -> State:
    """Take each run from one of two states, mask (R, S)."""
    flat = mask.reshape(1, -1, 1)
    middle, last = mask[None, ..., None], mask[None, None]
    extra: tuple[Floats, ...] = yes.extra
    if extra:
        kind = extra[0].ndim
        extra = tuple(
            np.where(last if kind == 4 else mask.reshape(1, 1, -1), a, b)
            for a, b in zip(yes.extra, no.extra, strict=True)
        )
    return State(
        np.where(middle, yes.shares, no.shares),
        tuple(np.where(last, a, b) for a, b in zip(yes.conditional, no.conditional, strict=True)),
        tuple(np.where(flat, a, b) for a, b in zip(yes.natural, no.natural, strict=True)),
        extra,
    )


def _choose_sums(mask: NDArray[np.bool_], yes: Sums, no: Sums) -> Sums:
    flat = mask.reshape(1, -1, 1)
    return Sums(
        np.where(mask[None, ..., None], yes.shares, no.shares),
        tuple(
            np.where(mask[None, None], a, b)
            for a, b in zip(yes.conditional, no.conditional, strict=True)
        ),
        tuple(np.where(flat, a, b) for a, b in zip(yes.statistics, no.statistics, strict=True)),
    )


def take_state(state: State, sets: Integers, starts: Integers) -> State:
    """Give the runs of some data sets and some starts (a rectangle of them)."""
    S = state.conditional[0].shape[3]
    flat = (sets[:, None] * S + starts[None]).ravel()
    box = np.ix_(sets, starts)
    extra = state.extra
    if extra:
        extra = tuple(e[:, :, box[0], box[1]] if e.ndim == 4 else e[:, :, flat] for e in extra)
    middle = state.shares[:, box[0], box[1]]
    return State(
        middle,
        tuple(c[:, :, box[0], box[1]] for c in state.conditional),
        tuple(np.ascontiguousarray(a[:, flat]) for a in state.natural),
        extra,
    )


def take_sums(sums: Sums, sets: Integers, starts: Integers) -> Sums:
    """Give the expected sums of the same."""
    made = take_state(State(sums.shares, sums.conditional, sums.statistics), sets, starts)
    return Sums(made.shares, made.conditional, made.natural)


def put_state(into: State, state: State, sets: Integers, starts: Integers) -> None:
    """Write the runs of a rectangle back where they belong."""
    S = into.conditional[0].shape[3]
    flat = (sets[:, None] * S + starts[None]).ravel()
    box = np.ix_(sets, starts)
    into.shares[:, box[0], box[1]] = state.shares
    for a, b in zip(into.conditional, state.conditional, strict=True):
        a[:, :, box[0], box[1]] = b
    for a, b in zip(into.natural, state.natural, strict=True):
        a[:, flat] = b
    for a, b in zip(into.extra, state.extra, strict=True):
        if a.ndim == 4:
            a[:, :, box[0], box[1]] = b
        else:
            a[:, :, flat] = b


def _few(setting: Setting, sets: Integers) -> Setting:
    if len(sets) == setting.question.n_sets:
        return setting
    measured = setting.measured
    if measured is not None:
        top = None if measured.top is None else measured.top[sets]
        measured = Measured(tuple(f[:, sets] for f in measured.relative), top)
    return Setting(setting.question.take(sets), setting.structure, measured)


def iterate(setting: Setting, sums: Sums, state: State, settings: Settings) -> Ran:
    """Run all starts of all data sets until they stop.

    A run has converged when an EM step raises the objective by less than the tolerance times the
    sum of the weights. With one data set converged starts leave; with many a data set leaves once
    all its starts have converged.

    Parameters
    ----------
    setting : Setting
        Data, structure, and the measurement where it is fixed.
    sums : Sums
        Expected sums to set out from.
    state : State
        From which iterative M steps set out.
    settings : Settings
        When a run stops.

    Returns
    -------
    Ran
    """
    R, S = sums.conditional[0].shape[2:]
    out = Ran(
        np.full((R, S), -np.inf), np.full((R, S), -np.inf), np.zeros((R, S), np.intp),
        np.zeros((R, S), bool), _copy(state),
    )  # fmt: skip
    sets, starts = np.arange(R), np.arange(S)
    here, limit = setting, settings.tol * setting.question.total
    iteration = 0
    while len(sets) and len(starts):
        _, before, state, z1 = em_step(here, sums, state)
        log_likelihood, objective, state, z2 = em_step(here, z1, state)
        iteration += 2
        done = ~(objective - before >= limit[sets][:, None])
        stop = done if iteration < settings.max_iter else np.ones_like(done)
        box = np.ix_(sets, starts)
        out.log_likelihood[box], out.objective[box] = log_likelihood, objective
        out.converged[box], out.n_iter[box] = done, iteration
        out.trace.append(out.objective.copy())
        leaving = stop.all(axis=0) if R == 1 else stop.all(axis=1)
        if leaving.any():
            put_state(out.state, state, sets, starts)
            stay = np.flatnonzero(~leaving)
            every = np.arange(len(sets)), np.arange(len(starts))
            part = (every[0], stay) if R == 1 else (stay, every[1])
            sums, z1, z2 = (take_sums(z, *part) for z in (sums, z1, z2))
            state, objective = take_state(state, *part), objective[np.ix_(*part)]
            sets, starts = sets[part[0]], starts[part[1]]
            here = _few(setting, sets)
            if not len(stay):
                break
        tried = extrapolate(here, sums, z1, z2)
        _, reached, further, z3 = em_step(here, tried, state)
        iteration += 1
        better = reached >= objective
        if better.all():
            state, sums = further, z3
        else:
            state, sums = _choose(better, further, state), _choose_sums(better, z3, z2)
    out.log_likelihood += setting.question.constant[:, None]
    out.objective += setting.question.constant[:, None]
    return out


def _copy(state: State) -> State:
    return State(
        state.shares.copy(), tuple(c.copy() for c in state.conditional),
        tuple(a.copy() for a in state.natural), tuple(e.copy() for e in state.extra),
    )  # fmt: skip
