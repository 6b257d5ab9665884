"""E steps of runs on many data sets, taken together in single precision."""

from __future__ import annotations

import numpy as np
import pytest

from swvtypes.lca.design import Item, build_design
from swvtypes.lca.em import Problem, stack
from swvtypes.lca.em.batch import Batch, begin, empty_runs
from swvtypes.lca.em.bundles import make_bundles
from swvtypes.lca.em.problem import Settings
from swvtypes.lca.em.rows import expectation
from swvtypes.lca.em.singles import take_first_steps
from swvtypes.lca.fit.starting import Frame

LEVELS = (2, 3, 2, 4, 2, 2)


def data_sets(n_sets: int, missing: float = 0.0) -> Problem:
    designs = []
    for seed in range(n_sets):
        rng = np.random.default_rng(seed)
        values = np.stack([rng.integers(0, m, 60 + 10 * seed) for m in LEVELS], axis=1)
        answers = np.where(rng.random(values.shape) < missing, np.nan, values)
        items = [Item(str(j), "nominal", m) for j, m in enumerate(LEVELS)]
        designs.append(build_design(answers, items))
    return stack(designs)


def expect_all(problem: Problem, A: np.ndarray, replicate: np.ndarray, shift: float) -> np.ndarray:
    """Expected sums of the design, shape (D, K, B), by way of the bundles."""
    weight = problem.weight.astype(np.float32)
    counts = np.full((problem.wide.shape[2], *A.shape[1:]), np.nan, dtype=np.float32)
    memory = np.empty(4 * A.shape[1] * A.shape[2] * problem.X.shape[1], dtype=np.float32)
    for bundle in make_bundles(problem, weight, replicate):
        own = bundle.take(A).astype(np.float32)
        found, _ = bundle.expect(own, problem.layout.n_groups, shift, memory)
        counts[:, :, bundle.runs.ravel()] = found
    assert problem.counts is not None
    n = problem.layout.n_indicators
    return np.concatenate([counts[-n:], counts[: problem.layout.width - n]])


@pytest.mark.parametrize("sizes", [(5,), (3, 3, 3), (7, 1, 0, 6, 2), (1, 20, 19, 2, 1)])
def test_bundles_hold_every_run_once_and_data_sets_of_like_size(sizes: tuple[int, ...]) -> None:
    problem = data_sets(len(sizes))
    replicate = np.repeat(np.arange(len(sizes)), sizes)
    bundles = make_bundles(problem, problem.weight.astype(np.float32), replicate)
    held = [np.unique(bundle.runs) for bundle in bundles]
    assert sorted(np.concatenate(held)) == list(range(len(replicate)))
    for bundle in bundles:
        counts = [len(np.unique(runs)) for runs in bundle.runs]
        assert min(counts) >= 0.7 * max(counts)
        assert all(len(set(replicate[runs])) == 1 for runs in bundle.runs)
    assert all(bundle.whole == (len(bundles) == 1 == len(bundle.runs)) for bundle in bundles)


@pytest.mark.parametrize("sizes", [(5,), (3, 3, 3), (7, 1, 0, 6, 2)])
@pytest.mark.parametrize("shift", [0.0, -4.0, 90.0])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_a_step_of_bundles_is_the_step_of_each_run(
    sizes: tuple[int, ...], shift: float, missing: float
) -> None:
    """A shift far off takes densities out of the range of single precision."""
    problem = data_sets(len(sizes), missing)
    replicate = np.repeat(np.arange(len(sizes)), sizes)
    A = np.random.default_rng(9).normal(size=(problem.layout.width, len(replicate), 3))
    exact = expectation(problem, A, replicate)[1].swapaxes(1, 2)
    found = expect_all(problem, np.ascontiguousarray(A.swapaxes(1, 2)), replicate, shift)
    np.testing.assert_allclose(found, exact, rtol=2e-5, atol=2e-4)


def test_runs_go_the_same_way_alone_and_beside_other_data_sets() -> None:
    problem, settings = data_sets(4), Settings(5_000, 1e-10)
    frame, n = Frame(problem), 12
    T = np.concatenate([frame.random_starts(3, range(n), 2, r) for r in range(4)], axis=1)

    def go(which: np.ndarray, replicate: np.ndarray) -> Batch:
        out = empty_runs(len(which), problem.layout.width, 2)
        batch = begin(problem, np.ascontiguousarray(T[:, which]), replicate, out)
        return take_first_steps(problem, batch, settings)

    together = go(np.arange(4 * n), np.repeat(np.arange(4), n))
    for r in range(4):
        alone = go(np.arange(r * n, (r + 1) * n), np.full(n, r))
        both = together.before[r * n : (r + 1) * n]
        np.testing.assert_allclose(both, alone.before, atol=1e-5)


def test_data_sets_may_begin_with_unequal_numbers_of_runs() -> None:
    problem, settings = data_sets(3), Settings(5_000, 1e-10)
    sizes = (10, 7, 1)
    frame, replicate = Frame(problem), np.repeat(np.arange(3), sizes)
    T = np.concatenate(
        [frame.random_starts(3, range(n), 2, r) for r, n in enumerate(sizes)], axis=1
    )
    out = empty_runs(len(replicate), problem.layout.width, 2)
    batch = take_first_steps(problem, begin(problem, T, replicate, out), settings)
    assert np.isfinite(batch.before).all()
    assert (batch.ahead > 0).all()
