"""Resamples of organisations, each fitted anew, in fixed blocks.

A resample is another vector of weights on the same patterns of answers, so that all starts on
all resamples of a block take their steps together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers
from swvtypes.lca.em import Problem
from swvtypes.lca.families import log_joint, narrow_runs, unpack
from swvtypes.lca.replicates import BLOCK, Rule, best_fits, portions, replicate_starts
from swvtypes.lca.threads import workers

from .overlap import Booleans

_STREAM = 50_021


@dataclass(frozen=True)
class Resampling:
    """What is resampled and how it is fitted.

    Attributes
    ----------
    design : Design
        The data.
    pattern : ndarray of int, shape (n,)
        Pattern of each case.
    n_classes : int
        Classes.
    rule : Rule
        Starts, stopping rule, prior.
    seed : int
        Resample r draws from child r.
    """

    design: Design
    pattern: Integers
    n_classes: int
    rule: Rule
    seed: int


def child(seed: int, r: int, stream: int) -> np.random.SeedSequence:
    """Seed of one use of resample r."""
    return np.random.SeedSequence(seed, spawn_key=(_STREAM, r, stream))


def draw_cases(resampling: Resampling, r: int) -> Integers:
    """Draw the cases of resample r with replacement, shape (n,)."""
    n = len(resampling.pattern)
    return np.random.default_rng(child(resampling.seed, r, 0)).integers(n, size=n).astype(np.intp)


def resample_block(resampling: Resampling, block: int) -> tuple[Integers, Booleans, Floats]:
    """Fit the resamples of one block.

    Returns
    -------
    labels : ndarray of int, shape (BLOCK, N)
        Modal class, from 0, of every pattern of the data, drawn or not.
    drawn : ndarray of bool, shape (BLOCK, n)
        Which cases were drawn.
    times_found : ndarray, shape (BLOCK,)
        Starts that came to the best solution.
    """
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    labels, drawn, times = [], [], []
    with workers(1):
        for part in portions(numbers, resampling.design.X.size):
            cases = np.stack([draw_cases(resampling, r) for r in part])
            problem = _problem(resampling, cases)
            starts = [replicate_starts(resampling.seed, r, resampling.rule.n_init) for r in part]
            best = best_fits(problem, resampling.n_classes, starts, resampling.rule)
            labels.append(_modal(resampling.design, best.A))
            here = np.zeros(cases.shape, dtype=bool)
            np.put_along_axis(here, cases, True, axis=1)
            drawn.append(here)
            times.append(best.times_found)
    return np.concatenate(labels), np.concatenate(drawn), np.concatenate(times).astype(float)


def _problem(resampling: Resampling, cases: Integers) -> Problem:
    design, rule = resampling.design, resampling.rule
    R, N = len(cases), len(design.weight)
    code = np.arange(R)[:, None] * N + resampling.pattern[cases]
    weight = np.bincount(code.ravel(), minlength=R * N).reshape(R, N).astype(float)
    X = np.broadcast_to(design.X, (R, *design.X.shape))
    return Problem(design.layout, X, weight, weight @ design.base, rule.prior, rule.variances)


def _modal(design: Design, A: Floats) -> Integers:
    D, R, K = A.shape
    logs = (design.X @ np.ascontiguousarray(A).reshape(D, R * K)).reshape(-1, R, K)
    for r in np.flatnonzero(narrow_runs(design.layout, A)):
        # Products of matrices lose the digits there.
        logs[:, r] = log_joint(design, unpack(design.layout, np.ascontiguousarray(A[:, r])))
    return np.asarray(logs.argmax(axis=2).T)
