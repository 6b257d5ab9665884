"""Fitting a chain with covariates, from the best solutions without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swvtypes.lca.design import Floats
from swvtypes.lca.fit import solutions

from .covariates import (
    CovariateState,
    chances,
    count,
    design_of,
    expect_given,
    log_prior,
    maximise_given,
)
from .em import Stop
from .fit import ChainFit, reorder
from .forward import Smoothed
from .sequences import Sequences
from .states import ChainModel

_PARENTS = 3
_PLAIN = 20
_LONGEST = 64.0
_LAST_TOL = 1e-13


@dataclass(frozen=True)
class CovariateFit:
    """A fitted chain with covariates.

    Attributes
    ----------
    chain : ChainFit
        Profiles, log-likelihood and numbers of this model; its initial and transition
        probabilities are those of the population: covariates averaged over the units.
    state : CovariateState
        Coefficients of standardised covariates.
    data : Sequences
        Covariates standardised.
    centre, scale : ndarray, shape (Q,)
        What they were standardised with; 0 and 1 for the constant.
    n_iter : int
    converged : bool
    """

    chain: ChainFit
    state: CovariateState
    data: Sequences
    centre: Floats
    scale: Floats
    n_iter: int
    converged: bool

    @property
    def back(self) -> Floats:
        """From coefficients of standardised covariates to those of covariates, shape (Q, Q)."""
        out = np.diag(1.0 / self.scale)
        out[0] -= self.centre / self.scale
        return out

    def standardise(self, data: Sequences) -> Sequences:
        """Other sequences, with their covariates on the scale of the fit."""
        return replace(data, covariates=(design_of(data) - self.centre) / self.scale)


def smooth_given(fit: CovariateFit, data: Sequences) -> Smoothed:
    """Posterior probabilities; covariates of `data` on the scale of the fit."""
    found = expect_given(fit.chain.model, data, fit.state)
    base = np.append(data.design.base, 0.0)[data.cell].sum(axis=1)
    return Smoothed(found.classes, found.pairs, found.log_density + base)


@dataclass(frozen=True)
class _Climbed:
    state: CovariateState
    log_likelihood: float
    objective: float
    n_iter: int
    converged: bool


def fit_covariates(base: ChainFit, stop: Stop) -> CovariateFit:
    """Fit the chain of `base` again with the covariates of its sequences.

    Parameters
    ----------
    base : ChainFit
        Fitted without covariates, on sequences that have them. Its best distinct solutions are
        the starts.
    stop : Stop

    Returns
    -------
    CovariateFit
    """
    X = design_of(base.data)
    share = base.data.weight / base.data.n
    centre = share @ X
    scale = np.sqrt(share @ (X - centre) ** 2)
    centre[0] = 0.0
    scale[(scale <= 1e-12 * np.maximum(np.abs(centre), 1.0))] = 1.0
    data = replace(base.data, covariates=(X - centre) / scale)
    runs = [climb_given(base.model, data, start, stop) for start in _starts(base, X.shape[1])]
    best = max(runs, key=lambda run: run.objective)
    last = replace(stop, tol=min(stop.tol, _LAST_TOL))
    home = climb_given(base.model, data, best.state, last)
    best = replace(home, converged=best.converged or home.converged)
    chain = _population(base, data, best)
    return CovariateFit(chain, best.state, data, centre, scale, best.n_iter, best.converged)


def climb_given(model: ChainModel, data: Sequences, state: CovariateState, stop: Stop) -> _Climbed:
    """EM with squared extrapolation; a long step is kept only where it raises the objective."""

    def evaluate(s: CovariateState) -> tuple[float, float, CovariateState]:
        found = expect_given(model, data, s)
        ll = float(data.weight @ found.log_density)
        after = maximise_given(model, data, count(model, data, found), s)
        return ll, ll + log_prior(model, data, s), after

    limit = stop.tol * data.n
    ll, value, after = evaluate(state)
    n_iter, converged = 0, False
    while n_iter < stop.max_iter:
        _, middle, second = evaluate(after)
        ll, new, third = evaluate(second)
        n_iter += 2
        before = state.vector
        r = after.vector - before
        bend = second.vector - after.vector - r
        state, after, gain, value = second, third, new - middle, new
        if gain < limit:
            converged = True
            break
        if n_iter >= _PLAIN:
            length = np.clip(np.sqrt(float(r @ r) / max(float(bend @ bend), 1e-300)), 1.0, _LONGEST)
            far = state.like(before + 2.0 * length * r + length**2 * bend)
            with np.errstate(all="ignore"):
                counts = count(model, data, expect_given(model, data, far))
                usable = np.isfinite(counts.profiles).all() and np.isfinite(counts.moves).all()
            if usable:
                jumped = maximise_given(model, data, counts, state)
                ll_far, value_far, next_ = evaluate(jumped)
                n_iter += 2
                if value_far >= value:
                    ll, value, state, after = ll_far, value_far, jumped, next_
    return _Climbed(state, ll + data.constant, value + data.constant, n_iter, converged)


def _starts(base: ChainFit, n_covariates: int) -> list[CovariateState]:
    """Give the best distinct solutions without covariates, off the boundary."""
    model = base.model
    number = solutions(base.runs.objective)
    order = np.argsort(-base.runs.objective, kind="stable")
    _, first = np.unique(number[order], return_index=True)
    states = [base.Z]
    for run in order[np.sort(first)[1:_PARENTS]]:
        Z = base.runs.Z[:, run]
        if model.fixed_profiles is None:
            Z = reorder(model, Z, np.argsort(-Z[model.width], kind="stable"))
        states.append(Z)
    return [_from_chain(model, Z, n_covariates) for Z in states]


def _from_chain(model: ChainModel, Z: Floats, n_covariates: int) -> CovariateState:
    D, K, L = model.width, model.n_classes, model.n_steps
    logs = np.log(0.99 * np.exp(Z[D:]) + 0.01 / K)
    initial, moves = np.zeros((n_covariates, K)), np.zeros((L, K, n_covariates, K))
    initial[0] = logs[0] - logs[0, 0]
    table = logs[1:].reshape(L, K, K)
    moves[:, :, 0] = table - np.einsum("lkk->lk", table)[..., None]
    return CovariateState(Z[:D].copy(), initial, moves)


def _population(base: ChainFit, data: Sequences, found: _Climbed) -> ChainFit:
    """Put the average probabilities and the numbers of the fit into a chain."""
    model = base.model
    K, L, D = model.n_classes, model.n_steps, model.width
    start, moves = (np.exp(a) for a in chances(data, found.state))
    share = data.weight[:, None] * start / data.n
    totals = np.zeros((L, K, K))
    Z = np.empty_like(base.Z)
    Z[:D] = found.state.profiles
    Z[D] = np.log(share.sum(axis=0))
    for t in range(data.n_waves - 1):
        step = min(t, L - 1)
        joint = share.T[:, :, None] * moves[step]
        totals[step] += joint.sum(axis=1)
        share = joint.sum(axis=0)
    rows = totals / np.maximum(totals.sum(axis=2, keepdims=True), 1e-300)
    Z[D + 1 :] = np.log(np.maximum(rows.reshape(-1, K), 1e-300))
    Q = design_of(data).shape[1]
    extra = (Q - 1) * (K - 1) * (1 + L * K)
    return replace(
        base, Z=Z, log_likelihood=found.log_likelihood, objective=found.objective,
        n_parameters=base.n_parameters + extra,
        converged=found.converged,
    )  # fmt: skip
