"""The E step: log-likelihoods, and expected sums of the statistics."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from swvtypes.lca.design import Floats, Integers

from .problem import Mapper, Problem
from .words import NARROW, Passage, Words

_SAFE_LOW, _SAFE_HIGH = 1e-280, 1e280
_CELLS, _ROWS = 2**16, 4096
# Pieces that threads share out: fixed, so that sums do not depend on the number of threads.
_PIECES = 8

Sums = tuple[Floats, Floats]


class Scratch:
    """Memory that is used again in every step, for one thread at a time."""

    def __init__(self) -> None:
        self._memory: dict[str, Floats] = {}

    def take(self, name: str, *shape: int) -> Floats:
        """Give an array of this shape with arbitrary content."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or memory.size < size:
            memory = self._memory[name] = np.empty(size)
        return memory[:size].reshape(shape)


def expectation(
    problem: Problem,
    A: Floats,
    replicate: Integers,
    mapper: Mapper = map,
    scratch: Scratch | None = None,
) -> Sums:
    """E step: log-likelihood of each run, and the expected sums of the statistics.

    Parameters
    ----------
    problem : Problem
        Data and model.
    A : ndarray, shape (D, B, K)
        Natural parameters.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    mapper : callable
        Applies a function to row blocks; ``map``, or that of a pool of threads. Sums are taken in
        the order of the blocks, so that the answer does not depend on it.
    scratch : Scratch, optional
        Memory to use again.

    Returns
    -------
    log_likelihood : ndarray, shape (B,)
        Without the constant part.
    T : ndarray, shape (D, B, K)
        Expected sums.
    """
    scratch = scratch or Scratch()
    if len(problem.X) == 1:
        return _over_rows(problem, A, mapper, scratch)
    bounds = np.flatnonzero(np.diff(replicate, prepend=-1, append=-1))
    log_likelihood, T = np.empty(A.shape[1]), np.empty_like(A)
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        r, run = replicate[start], slice(start, stop)
        part = np.ascontiguousarray(A[:, run])
        log_likelihood[run], T[:, run] = _rows(problem.X[r], problem.weight[r], part, scratch)
    return log_likelihood, T


def _over_rows(problem: Problem, A: Floats, mapper: Mapper, scratch: Scratch) -> Sums:
    X, weight = problem.X[0], problem.weight[0]
    B, K = A.shape[1:]
    if B * K <= NARROW and problem.words is not None:
        return _over_words(problem.words, weight, A, mapper)
    step = min(max(_CELLS // (B * K), 512), _ROWS)
    if len(X) <= 2 * step:
        return _rows(X, weight, A, scratch)

    def block(start: int) -> Sums:
        rows = slice(start, start + step)
        return _rows(X[rows], weight[rows], A, Scratch())

    log_likelihood, T = np.zeros(B), np.zeros_like(A)
    for one, sums in mapper(block, range(0, len(X), step)):
        log_likelihood += one
        T += sums
    return log_likelihood, T


def _rows(X: Floats, weight: Floats, A: Floats, scratch: Scratch) -> Sums:
    D, B, K = A.shape
    flat = A.reshape(D, B * K).T
    P = scratch.take("P", B * K, len(X))

    def logs() -> None:
        np.matmul(flat, X.T, out=P)

    log_likelihood = _weigh(logs, P.reshape(B, K, len(X)), weight, scratch)
    return log_likelihood, np.matmul(X.T, P.T).reshape(D, B, K)


def _over_words(words: Words, weight: Floats, A: Floats, mapper: Mapper) -> Sums:
    D, B, K = A.shape
    table = words.table(A.reshape(D, B * K))
    step = -(-len(words.passages) // _PIECES)

    def piece(start: int) -> Sums:
        scratch = Scratch()
        log_likelihood, sums = np.zeros(B), np.zeros_like(table)
        for passage in words.passages[start : start + step]:
            P = scratch.take("P", B * K, passage.rows.stop - passage.rows.start)

            def logs(passage: Passage = passage, P: Floats = P) -> None:
                np.copyto(P, (passage.look_up @ table).T)

            by_run = P.reshape(B, K, -1)
            log_likelihood += _weigh(logs, by_run, weight[passage.rows], scratch)
            sums += passage.add_up @ np.ascontiguousarray(P.T)
        return log_likelihood, sums

    log_likelihood, sums = np.zeros(B), np.zeros_like(table)
    for one, part in mapper(piece, range(0, len(words.passages), step)):
        log_likelihood += one
        sums += part
    return log_likelihood, words.spell(sums).reshape(D, B, K)


def _weigh(logs: Callable[[], None], P: Floats, weight: Floats, scratch: Scratch) -> Floats:
    """Turn logs of share times density into weighted posteriors in place.

    Parameters
    ----------
    logs : callable
        Fills `P` with the logs.
    P : ndarray, shape (B, K, N)
        Weighted posteriors afterwards.
    weight : ndarray, shape (N,)
        Weights of the rows.
    scratch : Scratch
        Memory to use again.

    Returns
    -------
    ndarray, shape (B,)
        Log-likelihoods.
    """
    B, _, N = P.shape
    logs()
    np.exp(P, out=P)
    density = np.add.reduce(P, axis=1, out=scratch.take("density", B, N))
    log_density = scratch.take("log", B, N)
    if density.min() > _SAFE_LOW and density.max() < _SAFE_HIGH:
        np.log(density, out=log_density)
    else:
        # Relative to the largest class, where plain densities under- or overflow.
        logs()
        top = P.max(axis=1)
        P -= top[:, None]
        np.exp(P, out=P)
        np.add.reduce(P, axis=1, out=density)
        np.log(density, out=log_density)
        log_density += top
    log_likelihood = log_density @ weight
    np.divide(weight, density, out=density)
    P *= density[:, None]
    return np.asarray(log_likelihood)
