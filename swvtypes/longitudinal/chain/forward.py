"""The E step of a chain: the forward and backward recursions of many runs at once.

Baum, Petrie, Soules and Weiss (1970); scaled at every wave, so that nothing underflows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats

from .sequences import Sequences
from .states import ChainModel


@dataclass(frozen=True)
class Smoothed:
    """Posterior probabilities of one run.

    Attributes
    ----------
    classes : ndarray, shape (T, S, K)
        Of each class at each wave, given all answers of the sequence.
    moves : ndarray, shape (T - 1, S, K, K)
        Of each pair of classes at successive waves.
    log_density : ndarray, shape (S,)
        Log-density of each sequence.
    """

    classes: Floats
    moves: Floats
    log_density: Floats


@dataclass(frozen=True)
class _Passes:
    """What both recursions leave; lists run over waves, arrays have shape (B, K, S)."""

    ahead: list[Floats]
    back: list[Floats]
    scaled: list[Floats]
    log_density: Floats


def expect(model: ChainModel, data: Sequences, Z: Floats) -> tuple[Floats, Floats]:
    """E step: log-likelihoods and expected sums.

    Parameters
    ----------
    model : ChainModel
    data : Sequences
    Z : ndarray, shape (rows, B, K)
        States; their probabilities need not add up to one.

    Returns
    -------
    log_likelihood : ndarray, shape (B,)
        Without the constant part.
    T : ndarray, shape (rows, B, K)
        Expected sums.
    """
    _, B, K = Z.shape
    S, W = data.cell.shape
    D = model.width
    moves = _moves(model, Z, W)
    passes = _recursions(model, data, Z, moves)
    T = np.zeros_like(Z)
    weight = data.weight
    posterior = np.empty((W * S, B * K))
    for t in range(W):
        both = passes.ahead[t] * passes.back[t]
        both *= weight
        posterior[t * S : (t + 1) * S] = both.reshape(B * K, S).T
        if t == 0:
            T[D] = both.sum(axis=2)
    by_pattern = data.gather @ posterior
    T[:D] = (data.design.X.T @ by_pattern).reshape(D, B, K)
    counts = model.transition(T)
    for t in range(W - 1):
        table = (passes.ahead[t] * weight) @ passes.scaled[t + 1].transpose(0, 2, 1)
        table *= moves[t]
        counts[min(t, model.n_steps - 1)] += table.transpose(1, 0, 2)
    return passes.log_density @ weight, T


def smooth(model: ChainModel, data: Sequences, Z: Floats) -> Smoothed:
    """Posterior probabilities of one run, state (rows, K)."""
    Z = Z[:, None]
    moves = _moves(model, Z, data.n_waves)
    passes = _recursions(model, data, Z, moves)
    pairs = zip(passes.ahead, passes.back, strict=True)
    classes = np.stack([(a * b)[0].T for a, b in pairs])
    K = model.n_classes
    joint = np.empty((data.n_waves - 1, len(data.weight), K, K))
    for t in range(data.n_waves - 1):
        joint[t] = np.einsum(
            "is,ij,js->sij", passes.ahead[t][0], moves[t][0], passes.scaled[t + 1][0]
        )
    base = np.append(data.design.base, 0.0)[data.cell].sum(axis=1)
    return Smoothed(classes, joint, passes.log_density[0] + base)


def _moves(model: ChainModel, Z: Floats, n_waves: int) -> list[Floats]:
    """Transition probabilities at every step, each (B, K, K)."""
    tables = np.exp(model.transition(Z)).transpose(0, 2, 1, 3)
    return [tables[min(t, model.n_steps - 1)] for t in range(n_waves - 1)]


def _recursions(model: ChainModel, data: Sequences, Z: Floats, moves: list[Floats]) -> _Passes:
    _, B, K = Z.shape
    D, W, S = model.width, data.n_waves, len(data.weight)
    X = data.design.X
    logs = (Z[:D].reshape(D, B * K).T @ X.T).reshape(B, K, len(X))
    top = logs.max(axis=1)
    density = np.ones((B, K, len(X) + 1))
    np.exp(logs - top[:, None], out=density[..., :-1])
    answers = [density[..., data.cell[:, t]] for t in range(W)]
    log_density = np.concatenate([top, np.zeros((B, 1))], axis=1)[:, data.cell].sum(axis=2)
    ahead, scales = [], []
    current = np.exp(Z[D])[..., None] * answers[0]
    for t in range(W):
        if t:
            current = moves[t - 1].transpose(0, 2, 1) @ current
            current *= answers[t]
        scale = np.maximum(current.sum(axis=1), 1e-300)
        current = current / scale[:, None]
        ahead.append(current)
        scales.append(scale)
        log_density += np.log(scale)
    back, scaled = [np.ones((B, K, S))], [np.empty(0)] * W
    for t in range(W - 1, 0, -1):
        scaled[t] = answers[t] * back[0] / scales[t][:, None]
        back.insert(0, moves[t - 1] @ scaled[t])
    return _Passes(ahead, back, scaled, log_density)
