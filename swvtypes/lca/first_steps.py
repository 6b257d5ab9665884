"""The first EM steps of many runs, in single precision, and which of them have met.

Where a start ends is open in its first steps, and seven digits are enough to take them. Starts
that come to the same solution lie close together long before they have converged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .design import Floats, Integers
from .em import Problem
from .em.batch import Booleans
from .families import m_step

FIRST_STEPS = 20
_LOOKS = (10, 15, 20)
_CLOSE = 1e-3
_LOW, _HIGH = 1e-30, 1e30

Singles = NDArray[np.float32]


def take_first_steps(
    problem: Problem, A: Floats, replicate: Integers, pseudo: Floats
) -> tuple[Booleans, Integers, Floats]:
    """Take EM steps 2 to FIRST_STEPS.

    Parameters
    ----------
    problem : Problem
        R data sets.
    A : ndarray, shape (D, B, K)
        Natural parameters after the first EM step.
    replicate : ndarray of int, shape (B,)
        Data set of each run, in ascending order.
    pseudo : ndarray, shape (D, B, 1)
        What the prior adds to the sums of each class.

    Returns
    -------
    kept : ndarray of bool, shape (B,)
        Runs that go on.
    follows : ndarray of int, shape (B,)
        The run that each has met; itself where it goes on.
    A : ndarray, shape (D, kept runs, K)
        Natural parameters.
    """
    X, weight = problem.X.astype(np.float32), problem.weight.astype(np.float32)
    index = np.arange(len(replicate))
    follows = index.copy()
    shift, total = np.zeros(len(problem.X)), problem.weight.sum(axis=1)
    for step in range(2, FIRST_STEPS + 1):
        look = step in _LOOKS or step == 2
        T, log_likelihood = _sums(problem, X, weight, A, replicate[index], shift)
        if look:
            shift = _highest(log_likelihood / total[replicate[index]], replicate[index], shift)
        if problem.prior > 0:
            T += pseudo[:, index]
        if look and step > 2:
            lead = leaders(log_likelihood, replicate[index])
            met = merged_into_leader(problem, T, replicate[index], lead)
            follows[index[met]] = index[lead[met]]
            index, T, A = index[~met], T[:, ~met], A[:, ~met]
        A = m_step(problem.layout, T, A, problem.variances)
    kept = np.zeros(len(replicate), dtype=bool)
    kept[index] = True
    return kept, follows, A


def _highest(value: Floats, replicate: Integers, otherwise: Floats) -> Floats:
    """Give the highest average log-density of each data set, shape (R,).

    Taken off every log-density it keeps densities near one, in the middle of what single
    precision can hold.
    """
    highest = np.full(len(otherwise), -np.inf)
    np.maximum.at(highest, replicate, value)
    return np.where(np.isfinite(highest), highest, otherwise)


def _sums(
    problem: Problem, X: Singles, weight: Singles, A: Floats, replicate: Integers, shift: Floats
) -> tuple[Floats, Floats]:
    """Give expected sums, shape (D, B, K), and log-likelihoods, shape (B,)."""
    G = problem.layout.n_groups
    T, log_likelihood = np.empty_like(A), np.empty(A.shape[1])
    moved = A.copy()
    moved[:G] -= shift[replicate][:, None]
    bounds = np.flatnonzero(np.diff(replicate, prepend=-1, append=-1))
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        r = int(replicate[start])
        part = moved[:, start:stop].astype(np.float32)
        T[:, start:stop], log_likelihood[start:stop] = _rows(X[r], weight[r], part)
    total = problem.weight.sum(axis=1)
    return T, log_likelihood + (shift * total)[replicate]


def _rows(X: Singles, weight: Singles, A: Singles) -> tuple[Singles, Singles]:
    D, B, K = A.shape
    with np.errstate(over="ignore", under="ignore"):
        P = np.matmul(A.reshape(D, B * K).T, X.T)
        np.exp(P, out=P)
    classes = P.reshape(B, K, len(X))
    density = np.add.reduce(classes, axis=1)
    if density.min() > _LOW and density.max() < _HIGH:
        log_density = np.log(density)
    else:
        np.matmul(A.reshape(D, B * K).T, X.T, out=P)
        top = classes.max(axis=1)
        classes -= top[:, None]
        with np.errstate(under="ignore"):
            np.exp(P, out=P)
        density = np.add.reduce(classes, axis=1)
        log_density = np.log(density) + top
    np.divide(weight, density, out=density)
    classes *= density[:, None]
    return np.matmul(X.T, P.T).reshape(D, B, K), log_density @ weight


def leaders(objective: Floats, replicate: Integers) -> Integers:
    """Give for each run the highest run of its data set, shape (B,)."""
    order = np.lexsort((-objective, replicate))
    first = np.flatnonzero(np.diff(replicate, prepend=-1))
    lengths = np.diff(np.append(first, len(replicate)))
    return np.asarray(np.repeat(order[first], lengths))


def merged_into_leader(
    problem: Problem, T: Floats, replicate: Integers, lead: Integers
) -> Booleans:
    """Say which runs have met the highest run of their data set.

    Classes are compared in the order of their sizes. Two runs have met when no expected sum
    differs by more than a thousandth of the sum of the weights.
    """
    size = T[: problem.layout.n_groups].sum(axis=0)
    order = np.argsort(size, axis=1, kind="stable")
    by_size = np.take_along_axis(T, order[None], axis=2)
    apart = np.abs(by_size - by_size[:, lead]).max(axis=(0, 2))
    met = apart <= _CLOSE * problem.weight.sum(axis=1)[replicate]
    met[lead] = False
    return np.asarray(met)
