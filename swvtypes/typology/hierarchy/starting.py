"""Where runs set out: the themes' own classes, coupled at random, or random throughout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Problem, Settings, expectation, uniform
from swvtypes.lca.families import Variances, m_step
from swvtypes.lca.fit import Starts, best_of_replicates, fit_replicates

from .coupling import Question
from .messages import State, Sums
from .structure import Structure


@dataclass(frozen=True)
class Separate:
    """Each theme's own latent class solution on each data set.

    Attributes
    ----------
    natural : tuple of ndarray, shape (D, R, C)
        Natural parameters, class shares included.
    statistics : tuple of ndarray, shape (D, R, C)
        Expected sums there.
    log_likelihood : ndarray, shape (R, T)
        By theme, the untouched constant included.
    ledgers : tuple of ndarray, shape (R, S)
        What every start of each theme came to.
    """

    natural: tuple[Floats, ...]
    statistics: tuple[Floats, ...]
    log_likelihood: Floats
    ledgers: tuple[Floats, ...]


def child(entropy: int, *key: int) -> int:
    """Seed of a part of the work."""
    state = np.random.SeedSequence(entropy, spawn_key=key).generate_state(2, np.uint64)
    return int(state[0])


def separate_themes(
    question: Question,
    n_classes: tuple[int, ...],
    n_init: int,
    seeds: list[int],
    settings: Settings,
) -> Separate:
    """Fit every theme's latent class model on its own."""
    natural, statistics, likelihoods, ledgers = [], [], [], []
    R = question.n_sets
    for t, (problem, C) in enumerate(zip(question.themes, n_classes, strict=True)):
        starts = [Starts(n_init, child(seed, 1, t)) for seed in seeds]
        runs = fit_replicates(problem, C, starts, settings)
        each = n_init if C > 1 else 1
        at = best_of_replicates(runs, each)[1]
        A = np.ascontiguousarray(runs.A[:, at])
        _, T = expectation(problem, A, np.arange(R))
        natural.append(A)
        statistics.append(T)
        likelihoods.append(runs.log_likelihood[at])
        ledgers.append(runs.log_likelihood.reshape(R, each))
    return Separate(
        tuple(natural), tuple(statistics), np.stack(likelihoods, axis=1), tuple(ledgers)
    )


def without_shares(natural: Floats, statistics: Floats) -> Floats:
    """Natural parameters of the measurement alone, from those with class shares."""
    n = np.maximum(statistics[0], 1e-300)
    made = natural.copy()
    made[0] -= np.log(n) - np.log(n.sum(axis=-1, keepdims=True))
    return made


def random_structure(
    structure: Structure, entropies: list[int], which: range, total: Floats
) -> tuple[Floats, tuple[Floats, ...], tuple[Floats, ...]]:
    """Random expected numbers in superclusters and theme classes; a child of the seed a start.

    Returns
    -------
    shares : ndarray, shape (P, R, S, 1)
    conditional : tuple of ndarray, shape (P, C, R, S)
    extra : tuple of ndarray
        Coefficients to set out from.
    """
    P, T = structure.n_superclusters, len(structure.n_classes)
    size = P + P * sum(structure.n_classes)
    u = np.stack([uniform(e, which, size) for e in entropies])
    R, S = u.shape[:2]
    pi = 0.5 + u[:, :, :P].transpose(2, 0, 1)
    if structure.node_weights is not None:
        pi = np.broadcast_to(structure.node_weights[:, None, None], (P, R, S))
    shares = pi / pi.sum(axis=0) * total[:, None]
    at, conditional, extra = P, [], []
    for C in structure.n_classes:
        part = u[:, :, at : at + P * C].reshape(R, S, P, C).transpose(2, 3, 0, 1)
        at += P * C
        if structure.nodes is not None:
            slope = 2.0 * (2.0 * part[:C].transpose(1, 0, 2, 3)[:, :1] - 1.0)
            slope = slope - slope[:1]
            beta = np.concatenate([np.zeros_like(slope), slope], axis=1)
            extra.append(beta)
            eta = slope[:, 0][None] * structure.nodes[:, None, None, None]
            rho = np.exp(eta - eta.max(axis=1, keepdims=True))
        else:
            rho = 0.05 - np.log(np.maximum(part, 1e-12))
        rho = rho / rho.sum(axis=1, keepdims=True)
        conditional.append(shares[:, None] * rho)
    assert len(conditional) == T
    return np.ascontiguousarray(shares[..., None]), tuple(conditional), tuple(extra)


def random_measurement(
    problem: Problem, n_classes: int, entropies: list[int], which: range
) -> Floats:
    """Each class leans towards a random row, as in a latent class model; shape (D, R, S, C)."""
    made = []
    for r, entropy in enumerate(entropies):
        u = uniform(entropy, which, 3 * n_classes).reshape(-1, 3, n_classes)
        weight = problem.weight[r]
        cumulative = np.cumsum(weight) / weight.sum()
        row = np.searchsorted(cumulative, u[:, 0], side="right")
        row = np.minimum(row, len(weight) - 1)
        mean = problem.mean_row[r]
        T = mean + (0.2 + 0.3 * u[:, 1])[..., None] * (problem.X[r][row] - mean)
        size = 0.5 + u[:, 2]
        T = T * (weight.sum() * size / size.sum(axis=1, keepdims=True))[..., None]
        made.append(T)
    return np.ascontiguousarray(np.stack(made).transpose(3, 0, 1, 2))


def first_parameters(problem: Problem, T: Floats, variances: Variances) -> Floats:
    """Natural parameters to start iterative M steps from: those of one class; T (D, B, C)."""
    together = T.sum(axis=2, keepdims=True)
    flat = np.zeros_like(together)
    A = np.repeat(m_step(problem.layout, together, flat, variances), T.shape[2], axis=2)
    return np.ascontiguousarray(A)


def begin(
    question: Question,
    structure: Structure,
    separate: Separate,
    entropies: list[int],
    which: range,
    random: Integers,
) -> tuple[Sums, State]:
    """Give expected sums to set out from.

    Parameters
    ----------
    question, structure
        What is asked.
    separate : Separate
        The themes' own solutions, from which every start not in `random` sets out.
    entropies : list of int
        Seed of each data set.
    which : range
        Numbers of the starts.
    random : ndarray of int
        Positions in `which` whose measurement is random too.
    """
    R, S = question.n_sets, len(which)
    shares, conditional, extra = random_structure(structure, entropies, which, question.total)
    if question.covariates is not None:
        P = structure.n_superclusters
        level = shares / shares.sum(axis=0) * question.weight[:, None]
        shares = np.ascontiguousarray(level)
        extra = (np.zeros((P, question.covariates.shape[1], R * S)),)
    statistics, natural = [], []
    for t, C in enumerate(structure.n_classes):
        problem = question.themes[t]
        T = np.repeat(separate.statistics[t][:, :, None], S, axis=2)
        if len(random) and C > 1:
            seeds = [child(e, 2, t) for e in entropies]
            T[:, :, random] = random_measurement(problem, C, seeds, which)[:, :, random]
        T = T.reshape(len(T), R * S, C)
        statistics.append(T)
        natural.append(first_parameters(problem, T, problem.variances))
    state = State(
        shares / np.maximum(shares.sum(axis=0), 1e-300), conditional, tuple(natural), extra
    )
    return Sums(shares, conditional, tuple(statistics)), state
