"""Where runs of a chain set out from: expected sums, drawn at random or from earlier solutions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats

from .sequences import Sequences
from .states import ChainModel

_PATTERNS = 3
_LAZY = 4


@dataclass(frozen=True)
class Draw:
    """What starts are drawn for, and their seed; start s draws from child s."""

    model: ChainModel
    data: Sequences
    entropy: int

    def generator(self, start: int) -> np.random.Generator:
        """Give the random numbers of one start."""
        return np.random.default_rng(np.random.SeedSequence(self.entropy, spawn_key=(start,)))


def random_sums(draw: Draw, start: int) -> Floats:
    """Each class leans towards a mixture of a few random patterns.

    Transitions are drawn evenly over all tables of probabilities; in every fourth start most units
    stay where they are. Starts without inertia find optima that those with inertia never reach.
    """
    generator = draw.generator(start)
    model, data = draw.model, draw.data
    K = model.n_classes
    lean = 0.5 + 0.5 * generator.random(K)
    shares = generator.dirichlet(np.full(K, 2.0))
    mean = data.mean_row[:, None]
    profiles = mean + lean * (_mixtures(draw, generator, K) - mean)
    profiles *= shares * data.pattern_weight.sum()
    if start % _LAZY == 0:
        stay = 0.4 + 0.55 * generator.random(K)
        return np.concatenate([profiles, moving_sums(model, data, shares, stay)])
    moves = data.n * shares[:, None] * generator.dirichlet(np.ones(K), K)
    chain = np.concatenate([data.n * shares[None], np.tile(moves, (model.n_steps, 1))])
    return np.concatenate([profiles, chain])


def exchanged_sums(draw: Draw, start: int, parents: Floats) -> Floats:
    """One of the parents, shape (rows, P, K), with a class exchanged for a random one."""
    generator = draw.generator(start)
    model, data = draw.model, draw.data
    K, D = model.n_classes, model.width
    parent = parents[:, int(generator.integers(parents.shape[1]))]
    total = max(float(parent[D + 1 :].sum()) / model.n_steps, 1e-300)
    T = 0.9 * parent + 0.1 * parent.sum(axis=1, keepdims=True) / K
    k = int(generator.integers(K))
    size = data.pattern_weight.sum() / K
    T[:D, k] = size * _mixtures(draw, generator, 1)[:, 0]
    moves = model.transition(T[:, None])
    moves[:, k, 0] = generator.dirichlet(np.ones(K)) * total / K
    moves[:, :, 0, k] += 0.1 * total / K**2
    return np.asarray(T)


def moving_sums(model: ChainModel, data: Sequences, shares: Floats, stay: Floats) -> Floats:
    """Give the expected sums of the chain part from shares (K,) and how many of each class stay."""
    K = model.n_classes
    out = np.empty((1 + model.n_steps * K, K))
    out[0] = data.n * shares
    table = np.tile(shares, (K, 1)) * (1.0 - stay)[:, None]
    table[np.diag_indices(K)] += stay
    out[1:] = np.tile(data.n * shares[:, None] * table, (model.n_steps, 1))
    return out


def _mixtures(draw: Draw, generator: np.random.Generator, n: int) -> Floats:
    """Mixtures of a few random patterns, shape (D, n)."""
    X, weight = draw.data.design.X, draw.data.pattern_weight
    rows = generator.choice(len(X), size=(n, _PATTERNS), p=weight / weight.sum())
    parts = generator.dirichlet(np.ones(_PATTERNS), n)
    return np.asarray(np.einsum("nr,nrd->dn", parts, X[rows]))
