"""Chains whose initial and transition probabilities depend on covariates: E and M step.

Initial probabilities are a multinomial logit against class 1, transition probabilities one for
each class of origin against staying (Vermunt, Langeheine and Böckenholt 1999; Bartolucci,
Farcomeni and Pennoni 2013, section 5.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats

from .logit import log_chances, raise_logit
from .sequences import Sequences
from .states import ChainModel, profiles_only

_LEAST = 1e-300


@dataclass(frozen=True)
class CovariateState:
    """Parameters of a chain with Q covariates, the first one the constant.

    Attributes
    ----------
    profiles : ndarray, shape (D, K)
        Natural parameters.
    initial : ndarray, shape (Q, K)
        Coefficients of the initial logit; zero for class 1.
    moves : ndarray, shape (L, K, Q, K)
        Coefficients of the transition logits by class of origin; zero for staying.
    """

    profiles: Floats
    initial: Floats
    moves: Floats

    @property
    def vector(self) -> Floats:
        """All of them, one after the other."""
        return np.concatenate([self.profiles.ravel(), self.initial.ravel(), self.moves.ravel()])

    def like(self, vector: Floats) -> CovariateState:
        """State of the same shape from a vector."""
        a, b = self.profiles.size, self.profiles.size + self.initial.size
        return CovariateState(
            vector[:a].reshape(self.profiles.shape), vector[a:b].reshape(self.initial.shape),
            vector[b:].reshape(self.moves.shape),
        )  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the E step leaves; counts are not weighted.

    Attributes
    ----------
    log_density : ndarray, shape (S,)
        Without the constant part.
    classes : ndarray, shape (T, S, K)
        Posterior class probabilities.
    pairs : ndarray, shape (T - 1, S, K, K)
        Posterior probabilities of pairs of classes at successive waves.
    """

    log_density: Floats
    classes: Floats
    pairs: Floats


@dataclass(frozen=True)
class Counts:
    """Expected counts, those of the prior added.

    Attributes
    ----------
    profiles : ndarray, shape (D, K)
    initial : ndarray, shape (S, K)
    moves : ndarray, shape (L, K, S, K)
    """

    profiles: Floats
    initial: Floats
    moves: Floats


def design_of(data: Sequences) -> Floats:
    """Covariates of the sequences, the first column ones, shape (S, Q)."""
    return np.ones((len(data.weight), 1)) if data.covariates is None else data.covariates


def chances(data: Sequences, state: CovariateState) -> tuple[Floats, Floats]:
    """Log initial (S, K) and log transition probabilities (L, K, S, K) of the sequences."""
    X = design_of(data)
    return log_chances(X, state.initial), log_chances(X, state.moves)


def expect_given(model: ChainModel, data: Sequences, state: CovariateState) -> Expected:
    """E step of one run, every sequence with probabilities of its own."""
    start, moves = (np.exp(a) for a in chances(data, state))
    W, S, K = data.n_waves, len(data.weight), model.n_classes
    logs = data.design.X @ state.profiles
    top = logs.max(axis=1)
    density = np.append(np.exp(logs - top[:, None]), np.ones((1, K)), axis=0)
    answers = [density[data.cell[:, t]] for t in range(W)]
    log_density = np.append(top, 0.0)[data.cell].sum(axis=1)
    tables = [moves[min(t, model.n_steps - 1)].transpose(1, 0, 2) for t in range(W - 1)]
    ahead, scales = np.empty((W, S, K)), np.empty((W, S))
    current = start * answers[0]
    for t in range(W):
        if t:
            current = np.einsum("si,sij->sj", ahead[t - 1], tables[t - 1]) * answers[t]
        scales[t] = np.maximum(current.sum(axis=1), _LEAST)
        ahead[t] = current / scales[t][:, None]
    log_density = log_density + np.log(scales).sum(axis=0)
    back = np.ones((W, S, K))
    pairs = np.empty((W - 1, S, K, K))
    for t in range(W - 2, -1, -1):
        after = answers[t + 1] * back[t + 1] / scales[t + 1][:, None]
        pairs[t] = ahead[t][:, :, None] * tables[t] * after[:, None, :]
        back[t] = np.einsum("sij,sj->si", tables[t], after)
    return Expected(log_density, ahead * back, pairs)


def count(model: ChainModel, data: Sequences, found: Expected) -> Counts:
    """Weighted counts; pseudo-cases are spread over the units as their weights are."""
    K, L = model.n_classes, model.n_steps
    w = data.weight
    cells = (found.classes * w[:, None]).reshape(-1, K)
    profiles = data.design.X.T @ (data.gather @ cells)
    profiles = profiles + model.pseudo(data.mean_row)[: model.width, 0]
    initial = (found.classes[0] + model.prior / K / data.n) * w[:, None]
    moves = np.full((L, K, len(w), K), model.transition_prior / K / data.n)
    for t, pair in enumerate(found.pairs):
        moves[min(t, L - 1)] += pair.transpose(1, 0, 2)
    return Counts(profiles, initial, moves * w[:, None])


def log_prior(model: ChainModel, data: Sequences, state: CovariateState) -> float:
    """Log-density of the prior, up to a constant."""
    start, moves = chances(data, state)
    share = data.weight / data.n
    out = float((state.profiles * model.pseudo(data.mean_row)[: model.width, 0]).sum())
    out += model.prior / model.n_classes * float(share @ start.sum(axis=1))
    return out + model.transition_prior / model.n_classes * float(
        (moves.sum(axis=(0, 1, 3)) * share).sum()
    )


def maximise_given(
    model: ChainModel, data: Sequences, counts: Counts, state: CovariateState
) -> CovariateState:
    """M step: profiles in closed form, logits by Newton steps that never go down."""
    X = design_of(data)
    profiles = state.profiles
    if model.fixed_profiles is None:
        profiles = profiles_only(
            model.layout, counts.profiles[:, None], profiles[:, None], model.variances
        )[:, 0]
    initial = raise_logit(X, counts.initial, state.initial, 0)
    moves = np.empty_like(state.moves)
    for step in range(model.n_steps):
        for origin in range(model.n_classes):
            moves[step, origin] = raise_logit(
                X, counts.moves[step, origin], state.moves[step, origin], origin
            )
    return CovariateState(profiles, initial, moves)
