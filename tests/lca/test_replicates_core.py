"""Many data sets in one batch, and starts on long data."""

from __future__ import annotations

import numpy as np
import pytest

from swvtypes.lca.design import Item, build_design, redesign
from swvtypes.lca.em import Settings, advance, begin, empty_runs, stack
from swvtypes.lca.fit import (
    Frame,
    Starts,
    best_of_replicates,
    fit_classes,
    fit_replicates,
    posterior,
)
from swvtypes.lca.simulate import simulate_like


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(1)
    c = rng.random(90) < 0.4
    values = (rng.random((90, 6)) < np.where(c, 0.85, 0.2)[:, None]).astype(float)
    values[:, 5] = rng.poisson(np.where(c, 4.0, 1.0))
    values[rng.random(values.shape) < 0.1] = np.nan
    items = [*(Item(str(j), "binary", 2) for j in range(5)), Item("n", "count")]
    # Patterns would collapse; one row a case keeps the shape that replicates need.
    design = build_design(values, items)
    per_case = np.repeat(np.arange(len(design.weight)), design.weight.astype(int))
    return redesign_cases(design, per_case)


def redesign_cases(design, rows):
    from dataclasses import replace

    return replace(
        design, X=design.X[rows], weight=np.ones(len(rows)), base=design.base[rows],
        group=design.group[rows], values=design.values[rows], inverse=np.arange(len(rows)),
    )  # fmt: skip


def test_replicates_in_one_batch_equal_single_fits(cases):
    model = fit_classes(cases, 2, Starts(10, 1))
    generator = np.random.default_rng(2)
    designs = [redesign(cases, simulate_like(cases, model.parameters, generator)) for _ in range(5)]
    starts = [Starts(7, 100 + r) for r in range(5)]
    settings = Settings(tol=1e-13)
    runs = fit_replicates(stack(designs), 2, starts, settings)
    best, which = best_of_replicates(runs, 7)
    assert runs.converged.all()
    for r, design in enumerate(designs):
        single = fit_classes(design, 2, starts[r], settings)
        np.testing.assert_allclose(
            np.sort(runs.objective[r * 7 : r * 7 + 7]), np.sort(single.starts.objective), atol=1e-6
        )
        assert best[r] == pytest.approx(single.objective, abs=1e-6)
        assert which[r] // 7 == r


def test_replicates_keep_missing_cells_and_densities(cases):
    model = fit_classes(cases, 2, Starts(10, 1))
    values = simulate_like(cases, model.parameters, np.random.default_rng(3))
    again = redesign(cases, values)
    np.testing.assert_array_equal(np.isnan(again.values), np.isnan(cases.values))
    fresh = build_design(values, cases.layout.items)
    apart = posterior(fresh, model.parameters)[1][fresh.inverse]
    np.testing.assert_allclose(posterior(again, model.parameters)[1], apart, atol=1e-10)


def test_data_sets_of_fewer_patterns_are_padded(cases):
    short = redesign_cases(cases, np.arange(40))
    problem = stack([cases, short])
    assert problem.weight.sum(axis=1).tolist() == [len(cases.weight), 40]
    runs = fit_replicates(problem, 2, [Starts(3, 1), Starts(3, 1)], Settings(tol=1e-13))
    single = fit_classes(short, 2, Starts(3, 1), Settings(tol=1e-13))
    assert best_of_replicates(runs, 3)[0][1] == pytest.approx(single.objective, abs=1e-6)


def test_long_data_start_on_a_sample_and_end_at_the_optimum():
    rng = np.random.default_rng(5)
    c = rng.integers(3, size=40_000)
    centre = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]])
    values = rng.normal(centre[c], 1.0)
    items = [Item("x", "continuous"), Item("y", "continuous")]
    fit = fit_classes(build_design(values, items), 3, Starts(2, 1))
    assert fit.times_found == 2
    means = np.stack([t.values[:, 0] for t in fit.parameters.tables], axis=1)
    order = np.argsort(means @ [1.0, 2.0])
    np.testing.assert_allclose(means[order], centre, atol=0.06)
    more = fit_classes(build_design(values, items), 3, Starts(4, 1))
    np.testing.assert_array_equal(more.starts.n_iter[1:2], fit.starts.n_iter[1:2])


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_replicates_end_where_plain_steps_end(missing):
    """One class too many on purpose, as in a bootstrap: flat likelihoods, many local maxima."""
    rng = np.random.default_rng(8)
    c = rng.random(120) < 0.4
    values = (rng.random((120, 10)) < np.where(c, 0.8, 0.2)[:, None]).astype(float)
    values[rng.random(values.shape) < missing] = np.nan
    whole = build_design(values, [Item(str(j), "binary", 2) for j in range(10)])
    design = redesign_cases(whole, np.repeat(np.arange(len(whole.X)), whole.weight.astype(int)))
    model = fit_classes(design, 2, Starts(20, 1))
    generator = np.random.default_rng(2)
    n_sets, n_starts, settings = 15, 20, Settings(20_000, 1e-10)
    designs = [
        redesign(design, simulate_like(design, model.parameters, generator)) for _ in range(n_sets)
    ]
    problem = stack(designs)
    runs = fit_replicates(problem, 3, [Starts(n_starts, r) for r in range(n_sets)], settings)
    frame, plain = Frame(problem), empty_runs(n_sets * n_starts, problem.layout.width, 3)
    T = [frame.random_starts(r, range(n_starts), 3, r) for r in range(n_sets)]
    where = np.repeat(np.arange(n_sets), n_starts)
    batch = begin(problem, np.concatenate(T, axis=1), where, plain)
    advance(problem, batch, settings, settings.max_iter)
    best = best_of_replicates(runs, n_starts)[0] - best_of_replicates(plain, n_starts)[0]
    assert best.min() > -1e-4
    difference = runs.objective - plain.objective
    assert runs.converged.all()
    assert np.mean(difference < -1e-4) < 0.01
    assert np.mean(np.abs(difference) < 1e-4) > 0.97
