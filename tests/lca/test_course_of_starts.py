"""Where starts come from, how they reach their end, and which end is the best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from swvtypes.errors import InputError, OptionError
from swvtypes.lca.design import Design, Item, build_design
from swvtypes.lca.em import (
    Batch,
    Problem,
    Runs,
    Settings,
    advance,
    begin,
    empty_runs,
    expectation,
    finish,
    polish,
    pool,
    stack,
    take_first_steps,
    uniform,
)
from swvtypes.lca.em.extrapolation import _far, _Path, _Stretch
from swvtypes.lca.em.singles import _Course
from swvtypes.lca.fit import ORIGINS, Frame, Starts, fit_classes
from swvtypes.lca.fit.choosing import solutions
from swvtypes.lca.fit.courses import chunk_size, worth_threads
from swvtypes.lca.fit.rounds import _parents
from swvtypes.lca.fit.starting import starts_of_long_data

TIGHT = Settings(20_000, 1e-12)


def design(n: int = 150, groups: bool = False, missing: float = 0.0, seed: int = 4) -> Design:
    rng = np.random.default_rng(seed)
    c = rng.integers(3, size=n)
    levels = (2, 3, 2, 4, 2, 2, 3, 2)
    values = np.stack(
        [np.where(rng.random(n) < 0.6, c % m, rng.integers(m, size=n)) for m in levels], axis=1
    ).astype(float)
    values[rng.random(values.shape) < missing] = np.nan
    items = [Item(str(j), "nominal", m) for j, m in enumerate(levels)]
    group = rng.integers(2, size=n) if groups else None
    return build_design(values, items, rng.random(n) + 0.5, group)


def started(problem: Problem, n: int, K: int = 3) -> Batch:
    out = empty_runs(n, problem.layout.width, K)
    T = Frame(problem).random_starts(7, range(n), K)
    return begin(problem, T, np.zeros(n, dtype=np.intp), out)


@pytest.mark.parametrize("groups", [False, True])
def test_each_class_of_a_random_start_leans_towards_a_row(groups: bool) -> None:
    problem = stack([design(groups=groups)])
    frame, K, S = Frame(problem), 3, 4
    T = frame.random_starts(11, range(S), K)
    assert T.shape == (problem.layout.width, S, K)
    total, mean = problem.weight[0].sum(), problem.mean_row[0]
    np.testing.assert_allclose(T[: problem.layout.n_groups].sum(axis=(0, 2)), total)
    u = uniform(11, range(S), 3 * K)
    reached = np.cumsum(problem.weight[0]) / total
    for s in range(S):
        which, far, size = u[s].reshape(3, K)
        for k in range(K):
            row = problem.X[0, np.flatnonzero(reached > which[k])[0]]
            share = (0.5 + size[k]) / (0.5 + size).sum()
            lean = 0.2 + 0.3 * far[k]
            wanted = total * share * (lean * row + (1 - lean) * mean)
            np.testing.assert_allclose(T[:, s, k], wanted, rtol=1e-9, atol=1e-12)


def test_more_random_starts_keep_the_earlier_ones() -> None:
    frame = Frame(stack([design()]))
    few, more = frame.random_starts(3, range(2), 3), frame.random_starts(3, range(5), 3)
    np.testing.assert_array_equal(more[:, :2], few)
    np.testing.assert_array_equal(frame.random_starts(3, [4], 3), more[:, 4:])


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("n_parents", [1, 2, 5])
def test_recombined_starts_are_made_of_solutions(groups: bool, n_parents: int) -> None:
    problem = stack([design(groups=groups)])
    frame, K, G = Frame(problem), 3, problem.layout.n_groups
    parents = frame.random_starts(1, range(n_parents), K)
    T, origin = frame.recombined(5, range(200, 212), parents, K)
    assert [ORIGINS[kind] for kind in origin] == ["mix", "split"] * 6
    total, mean = problem.weight[0].sum(), problem.mean_row[0]
    np.testing.assert_allclose(T[:G].sum(axis=(0, 2)), total)
    assert (T[:G].sum(axis=0) > 0.9 * total / (4 * K) * 0.9).all()
    held = (parents / parents[:G].sum(axis=0)).reshape(len(T), -1)
    for s, kind in enumerate(origin):
        own = T[:, s] / T[:G, s].sum(axis=0)
        # A tenth of the average row stands in every class.
        own = (own - 0.1 * mean[:, None]) / 0.9
        away = np.abs(own[:, :, None] - held[:, None]).max(axis=0)
        of_parents = int((away.min(axis=1) < 1e-9).sum())
        assert of_parents == (K if kind == 2 else K - 1)
        if n_parents > 1 or kind == 1:
            assert len(set(away.argmin(axis=1)[away.min(axis=1) < 1e-9])) == of_parents
    again, _ = frame.recombined(5, range(203, 205), parents, K)
    np.testing.assert_array_equal(again, T[:, 3:5])


def test_parents_are_the_best_distinct_solutions() -> None:
    problem = stack([design()])
    batch = started(problem, 60)
    left = advance(problem, batch, Settings(200, 1e-9), 200)
    assert not len(left)
    runs = batch.out
    runs.objective[:30] = np.linspace(-600.0, -590.0, 30)
    runs.objective[30:] = -590.0 + 1e-4 * np.arange(30)
    T = _parents(problem, runs, 60)
    assert T.shape == (problem.layout.width, 20, 3)
    # The best of the near ones, the first that lies 1e-3 below it, and so on down.
    near = [59, 48, 37]
    wanted = near + list(range(28, 28 - 17, -1))
    alone = expectation(
        problem, np.ascontiguousarray(runs.A[:, wanted]), np.zeros(20, dtype=np.intp)
    )[1]
    np.testing.assert_allclose(T, alone)
    assert _parents(problem, runs, 1).shape[1] == 1


def test_solutions_are_numbered_from_the_best_down() -> None:
    objective = np.array([-10.0, -5.0, -5.00005, -5.00015, -10.00005, np.nan, -7.0])
    assert solutions(objective).tolist() == [4, 1, 1, 2, 4, 5, 3]
    assert solutions(np.array([-3.0])).tolist() == [1]


def test_starts_take_their_steps_in_chunks_that_fit() -> None:
    def of(n: int) -> Problem:
        return replace(stack([design()]), X=np.zeros((1, n, 18)))

    assert chunk_size(of(150), 3) == 100
    assert chunk_size(of(1000), 4) == 32
    assert chunk_size(of(10**6), 4) == 1
    assert not worth_threads(of(150), 3)
    assert worth_threads(of(30_000), 40)
    assert not worth_threads(of(5_000), 4)


def test_pooled_batches_hold_all_runs() -> None:
    problem = stack([design()])
    out = empty_runs(6, problem.layout.width, 3)
    T = Frame(problem).random_starts(7, range(6), 3)
    zero = np.zeros(3, dtype=np.intp)
    parts = [begin(problem, T[:, i : i + 3].copy(), zero, out, np.arange(i, i + 3)) for i in (0, 3)]
    both = pool(parts)
    assert both.index.tolist() == list(range(6))
    np.testing.assert_array_equal(both.T, T)
    left = advance(problem, both, Settings(50, 0.0), 50)
    assert not len(left)
    alone = started(problem, 6)
    advance(problem, alone, Settings(50, 0.0), 50)
    np.testing.assert_allclose(out.objective, alone.out.objective)


@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_runs_say_what_they_came_to(prior: float) -> None:
    problem = stack([design(missing=0.1)], prior)
    batch = started(problem, 8)
    left = advance(problem, batch, Settings(400, 1e-7), 400)
    out = batch.out
    assert not len(left)
    zero = np.zeros(8, dtype=np.intp)
    log_likelihood, T = expectation(problem, out.A, zero)
    pseudo = prior / 3 * problem.mean_row[0][:, None, None]
    np.testing.assert_allclose(out.log_likelihood, log_likelihood + problem.constant[0])
    np.testing.assert_allclose(
        out.objective - out.log_likelihood, (out.A * pseudo).sum(axis=(0, 2)), atol=1e-9
    )
    np.testing.assert_allclose(out.T, T + pseudo, rtol=1e-9, atol=1e-12)
    assert out.converged.all()
    # One step fewer gains more than the tolerance, in the weight of the data.
    limit = 1e-7 * problem.weight[0].sum()
    for i in (0, 3):
        one = started(problem, 8).take(slice(i, i + 1))
        before = advance(problem, one, Settings(5000, 0.0), int(out.n_iter[i]) - 2)
        earlier = float(before.before[0])
        after = advance(problem, before, Settings(5000, 0.0), int(out.n_iter[i]) - 1)
        middle = float(after.before[0])
        final = advance(problem, after, Settings(5000, 0.0), int(out.n_iter[i]))
        assert middle - earlier >= limit
        assert float(final.before[0]) - middle < limit
        constant = problem.constant[0]
        assert float(final.before[0]) + constant == pytest.approx(out.objective[i], abs=1e-9)


def test_runs_that_never_converge_stop_at_the_most_iterations() -> None:
    problem = stack([design()])
    batch = started(problem, 4)
    left = advance(problem, batch, Settings(9, 0.0), 5)
    assert len(left) == 4
    assert left.iteration == 5
    assert not len(advance(problem, left, Settings(9, 0.0), 50))
    assert batch.out.n_iter.tolist() == [9] * 4
    assert not batch.out.converged.any()


@pytest.mark.parametrize("prior", [0.0, 1.0])
@pytest.mark.parametrize("groups", [False, True])
def test_first_steps_leave_sums_and_objectives_in_order(prior: float, groups: bool) -> None:
    problem = stack([design(groups=groups, missing=0.1)], prior)
    batch = take_first_steps(problem, started(problem, 12), TIGHT)
    plain = advance(problem, started(problem, 12), Settings(5000, -1.0), 10)
    assert (batch.ahead >= 10).all()
    assert ((batch.ahead - 10) % 6 == 0).all()
    assert batch.ahead.max() <= 304
    zero = np.zeros(12, dtype=np.intp)
    log_likelihood, T = expectation(problem, batch.A, zero)
    pseudo = prior / 3 * problem.mean_row[0][:, None, None]
    np.testing.assert_allclose(batch.before, log_likelihood + (batch.A * pseudo).sum(axis=(0, 2)))
    np.testing.assert_allclose(batch.T, T + pseudo, rtol=1e-10)
    # The first ten steps are those of plain EM, to seven digits; then it goes up.
    assert (batch.before - plain.before).min() > -1e-3
    assert np.median(batch.before - plain.before) > 0.1
    counts = problem.counts
    assert counts is not None
    np.testing.assert_allclose(counts.normalise(batch.A), batch.A, atol=1e-10)


def test_first_steps_are_for_nominal_items_and_tight_tolerances() -> None:
    problem = stack([design()])
    for settings in (Settings(600, 1e-9), Settings(5000, 1e-5)):
        assert not take_first_steps(problem, started(problem, 3), settings).ahead.any()
    assert take_first_steps(problem, started(problem, 3), Settings(601, 1e-6)).ahead.any()
    rng = np.random.default_rng(0)
    counted = stack([build_design(rng.poisson(3.0, (40, 2)).astype(float),
                                  [Item("a", "count"), Item("b", "count")])])  # fmt: skip
    assert not take_first_steps(counted, started(counted, 3, 2), TIGHT).ahead.any()


def test_momentum_and_long_steps_save_most_of_the_steps() -> None:
    """On the way to the same ends; plain EM takes several times as many."""
    problem = stack([design(seed=9)])
    settings = Settings(20_000, 1e-11)
    plain = started(problem, 20, 5)
    advance(problem, plain, settings, 20_000)
    long_steps = started(problem, 20, 5)
    finish(problem, advance(problem, long_steps, settings, 60), settings)
    slow = plain.out.n_iter > 300
    assert slow.sum() >= 5
    saved = long_steps.out.n_iter[slow] / plain.out.n_iter[slow]
    assert np.median(saved) < 0.5
    behind = plain.out.objective - long_steps.out.objective
    assert np.median(np.abs(behind)) < 1e-6


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_polishing_reaches_the_fixed_point_in_few_steps(prior: float) -> None:
    problem = stack([design(seed=9)], prior)
    batch = started(problem, 12)
    advance(problem, batch, Settings(20_000, 1e-8), 20_000)
    runs = batch.out
    plain_steps, polished_steps = [], []
    for i in range(12):
        A = np.ascontiguousarray(runs.A[:, i])
        found = polish(problem, A)
        given = polish(problem, A, sums=np.ascontiguousarray(runs.T[:, i]))
        assert found.objective == pytest.approx(given.objective, abs=1e-9)
        assert found.objective >= runs.objective[i] - 1e-9
        zero = np.zeros(1, dtype=np.intp)
        log_likelihood, _ = expectation(problem, found.A[:, None], zero)
        assert found.log_likelihood == pytest.approx(log_likelihood[0] + problem.constant[0])
        pseudo = prior / 3 * problem.mean_row[0][:, None]
        added = float((found.A * pseudo).sum())
        assert found.objective - found.log_likelihood == pytest.approx(added, abs=1e-9)
        out = empty_runs(1, problem.layout.width, 3)
        start = begin(problem, runs.T[:, i : i + 1].copy(), zero, out)
        advance(problem, start, Settings(3_000, 1e-14), 3_000)
        assert found.objective >= out.objective[0] - 1e-7
        assert found.residual < 1e-6
        plain_steps.append(int(out.n_iter[0]))
        polished_steps.append(found.n_iter)
    assert np.median(polished_steps) < 0.4 * np.median(plain_steps)


def test_polishing_stops_at_the_steps_it_may_take() -> None:
    problem = stack([design(seed=9)])
    batch = started(problem, 1)
    advance(problem, batch, Settings(30, 0.0), 30)
    A = np.ascontiguousarray(batch.out.A[:, 0])
    found = [polish(problem, A, n_steps=n) for n in (1, 4, 12, 400)]
    assert [p.n_iter for p in found[:3]] == [1, 4, 12]
    assert np.diff([p.objective for p in found]).min() >= 0.0
    assert found[0].objective >= batch.out.objective[0]
    assert np.diff([p.residual for p in found]).max() <= found[0].residual


def test_data_sets_of_a_stack_are_polished_each_on_its_own() -> None:
    one, other = design(seed=1), design(seed=2)
    other = replace(other, layout=one.layout)
    if other.X.shape[1] != one.X.shape[1]:  # pragma: no cover
        pytest.skip("the layouts differ")
    both = stack([one, other])
    alone = stack([other])
    out = empty_runs(1, one.layout.width, 2)
    batch = begin(alone, Frame(alone).random_starts(3, range(1), 2), np.zeros(1, np.intp), out)
    advance(alone, batch, Settings(500, 1e-8), 500)
    A = np.ascontiguousarray(out.A[:, 0])
    first, second = polish(alone, A), polish(both, A, replicate=1)
    assert first.objective == pytest.approx(second.objective, abs=1e-8)


def test_data_sets_that_do_not_fit_together_are_all_named() -> None:
    one = design()
    empty = replace(one, weight=np.zeros_like(one.weight))
    wide = build_design(np.zeros((4, 1)), [Item("a", "binary", 2)])
    with pytest.raises(InputError) as caught:
        stack([one, wide, empty])
    assert caught.value.faults == (
        f"data set 1: expected {one.layout.width} columns, got {wide.layout.width}",
        "data set 2: no answers",
    )


def test_data_of_little_weight_are_data() -> None:
    little = design()
    little = replace(little, weight=little.weight * 0.5 / little.n)
    assert stack([little]).weight.sum() == pytest.approx(0.5)


def test_a_stack_pads_shorter_data_sets_with_rows_of_no_weight() -> None:
    long, short = design(150), design(60)
    short = replace(short, layout=long.layout)
    problem = stack([long, short], 1.5)
    assert problem.X.shape[:2] == problem.weight.shape == (2, len(long.X))
    np.testing.assert_array_equal(problem.X[1, : len(short.X)], short.X)
    assert not problem.X[1, len(short.X) :].any()
    assert not problem.weight[1, len(short.X) :].any()
    np.testing.assert_allclose(problem.mean_row[1], short.weight @ short.X / short.weight.sum())
    assert problem.prior == 1.5


def test_fewer_classes_than_one_are_refused() -> None:
    with pytest.raises(OptionError, match="n_classes: expected an integer of at least 1, got 0"):
        fit_classes(design(), 0)


def test_one_class_is_one_start_told_as_often_as_asked() -> None:
    fit = fit_classes(design(), 1, Starts(4, 2))
    assert fit.starts.objective.shape == (4,)
    assert len(set(fit.starts.objective.tolist())) == 1
    assert fit.times_found == 4


@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_starts_of_long_data_do_better_than_random_ones(prior: float) -> None:
    rng = np.random.default_rng(2)
    n = 6_000
    c = rng.integers(3, size=n)
    columns = [np.where(rng.random(n) < 0.5, c, rng.integers(3, size=n)) for _ in range(12)]
    values = np.stack(columns, axis=1).astype(float)
    items = [Item(str(j), "nominal", 3) for j in range(12)]
    problem = stack([build_design(values, items)], prior)
    assert len(problem.X[0]) > 2_000
    made = starts_of_long_data(problem, 3, 5, range(3), map)
    assert made.shape == (problem.layout.width, 3, 3)
    np.testing.assert_allclose(made[0].sum(axis=1), problem.weight.sum() + prior)
    again = starts_of_long_data(problem, 3, 5, range(1, 2), map)
    np.testing.assert_allclose(again[:, 0], made[:, 1])

    def reached(T: np.ndarray) -> Runs:
        out = empty_runs(3, problem.layout.width, 3)
        zero = np.zeros(3, dtype=np.intp)
        advance(problem, begin(problem, T, zero, out), Settings(3, 0.0), 3)
        return out

    random = reached(Frame(problem).random_starts(5, range(3), 3))
    assert reached(made).objective.min() > random.objective.max() + 50


@pytest.mark.parametrize(
    ("rate", "reached"), [(0.5, True), (0.9, True), (0.96, True), (0.99, False)]
)
def test_a_long_step_ends_where_geometric_steps_would(rate: float, reached: bool) -> None:
    """Unless that is further than the longest step goes."""
    rng = np.random.default_rng(0)
    end, away = rng.normal(size=(5, 1, 2)), rng.normal(size=(5, 1, 2))
    sums = 3.0 * away
    A = [end + rate**n * away for n in range(3)]
    T = [rate**n * sums for n in range(3)]
    r, s = A[1] - A[0], T[1] - T[0]
    path = _Path(r, s, A[2] - A[1] - r, T[2] - T[1] - s, A[0])
    far = _far(path)
    if reached:
        np.testing.assert_allclose(far, end, atol=1e-9)
    else:
        gone = np.abs(far - end).max() / np.abs(A[2] - end).max()
        assert 0.2 < gone < 0.8


def test_a_path_that_does_not_slow_down_ends_after_its_two_steps() -> None:
    A = [np.array([[[0.0]]]), np.array([[[1.0]]]), np.array([[[5.0]]])]
    r = A[1] - A[0]
    bend = A[2] - A[1] - r
    assert _far(_Path(r, r, bend, bend, A[0])).item() == pytest.approx(5.0)


def test_the_last_stretch_counts_its_steps_and_keeps_to_their_largest_number() -> None:
    problem = stack([design(seed=9)])
    for most in (41, 200):
        batch = started(problem, 10, 5)
        left = advance(problem, batch, Settings(most, 0.0), 30)
        assert left.iteration == 30
        finish(problem, left, Settings(most, 0.0))
        ended = batch.out.n_iter[left.index]
        assert ((ended - 30) % 2 == 0).all()
        assert ended.max() >= most
        assert ended.max() <= most + 3
        assert not batch.out.converged[left.index].all()


def test_the_last_stretch_never_goes_down() -> None:
    problem = stack([design(seed=9)])
    reached = []
    for most in (40, 44, 52, 80, 400):
        batch = started(problem, 10, 5)
        left = advance(problem, batch, Settings(most, 0.0), 30)
        finish(problem, left, Settings(most, 0.0))
        reached.append(batch.out.objective)
    assert np.diff(np.array(reached), axis=0).min() > -1e-9


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_after_each_long_step_runs_know_where_they_are(prior: float) -> None:
    """Objective and sums are those of the parameters, of runs that took it and that did not."""
    problem = stack([design(seed=9, missing=0.1)], prior)
    batch = advance(problem, started(problem, 10, 5), Settings(500, 0.0), 12)
    stretch = _Stretch(problem, batch, Settings(500, 0.0), map)
    failed = 0
    for _ in range(8):
        path = stretch._two_steps()
        assert path is not None
        resting, rest = stretch.rest > 0, stretch.rest.copy()
        plain = stretch.batch.A[:, resting].copy()
        stretch._leap(path)
        b = stretch.batch
        np.testing.assert_array_equal(b.A[:, resting], plain)
        np.testing.assert_array_equal(stretch.rest[resting], rest[resting] - 1)
        log_likelihood, T = expectation(problem, b.A, b.replicate)
        pseudo = prior / 5 * problem.mean_row[0][:, None, None]
        np.testing.assert_allclose(b.before, log_likelihood + (b.A * pseudo).sum(axis=(0, 2)))
        np.testing.assert_allclose(b.T, T + pseudo, rtol=1e-9, atol=1e-12)
        failed += int((stretch.rest > 0).sum())
    assert failed > 0


def test_runs_whose_long_steps_fail_rest_for_longer_and_longer() -> None:
    problem = stack([design()])
    batch = started(problem, 4)
    stretch = _Stretch(problem, batch, TIGHT, map)
    stretch.penalty[:] = [4, 0, 1, 3]
    all_runs, better = np.arange(4), np.array([True, False, False, False])
    objective = np.array([5.0, 6.0, 7.0, 8.0])
    A, T = batch.A + 1.0, batch.T + 2.0
    kept = batch.take(slice(0, 4))
    held_A, held_T, before = kept.A.copy(), kept.T.copy(), kept.before.copy()
    stretch._keep(all_runs, better, objective, (A, T))
    assert stretch.penalty.tolist() == [2, 1, 3, 4]
    assert stretch.rest.tolist() == [0, 1, 3, 4]
    np.testing.assert_array_equal(batch.A[:, 0], A[:, 0])
    np.testing.assert_array_equal(batch.T[:, 0], T[:, 0])
    np.testing.assert_array_equal(batch.A[:, 1:], held_A[:, 1:])
    np.testing.assert_array_equal(batch.T[:, 1:], held_T[:, 1:])
    assert batch.before[0] == 5.0
    np.testing.assert_array_equal(batch.before[1:], before[1:])
    stretch._keep(np.array([1, 2]), np.array([True, True]), objective[:2], (A[:, :2], T[:, :2]))
    assert stretch.penalty.tolist() == [2, 0, 1, 4]
    np.testing.assert_array_equal(batch.A[:, 1:3], A[:, :2])


def test_momentum_is_given_to_runs_that_gain_little_and_taken_when_gains_grow() -> None:
    problem = stack([design()])
    counts = problem.counts
    assert counts is not None
    course = _Course(problem, counts, started(problem, 4))
    near = np.full(4, 1.0)
    course.set_pace(np.array([5.0, 0.5, 0.2, 3.0]), near)
    assert course.age.tolist() == [0, 1, 1, 0]
    course.age[1] = 6
    course.set_pace(np.array([4.0, 0.4, 0.3, 0.9]), near)
    assert course.age.tolist() == [0, 6, 0, 1]
    course.set_pace(np.array([4.5, 0.3, 0.1, 0.8]), near)
    assert course.age.tolist() == [0, 6, 1, 1]
    assert course.gained.tolist() == [4.5, 0.3, 0.1, 0.8]


def test_iterations_in_single_precision_count_as_well() -> None:
    problem = stack([design(seed=9)])
    batch = take_first_steps(problem, started(problem, 6), TIGHT)
    ahead = batch.ahead.copy()
    left = advance(problem, batch, Settings(20_000, 0.0), 3)
    assert left.iteration == 3
    finish(problem, left, Settings(int(ahead.max()) + 30, 0.0))
    ended = batch.out.n_iter[left.index]
    assert (ended > left.ahead).all()
    assert (ended <= ahead.max() + 34).all()


def test_later_rounds_recombine_what_earlier_ones_found() -> None:
    fit = fit_classes(design(60), 2, Starts(304, 5), Settings(200, 1e-6))
    origin = [ORIGINS[kind] for kind in fit.starts.origin]
    assert origin == ["random"] * 300 + ["mix", "split"] * 2
    few = fit_classes(design(60), 2, Starts(150, 5), Settings(200, 1e-6))
    assert not few.starts.origin.any()
    np.testing.assert_allclose(few.starts.objective, fit.starts.objective[:150], atol=1e-3)
