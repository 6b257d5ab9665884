"""The engine's shortcuts against the long way: words, single precision, extrapolation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp

from swvtypes.lca.design import Design, Item, Pair, build_design
from swvtypes.lca.em import (
    Problem,
    Runs,
    Settings,
    advance,
    begin,
    empty_runs,
    expectation,
    finish,
    stack,
    take_first_steps,
    uniform,
)
from swvtypes.lca.em.words import write_words
from swvtypes.lca.fit import Frame, Starts, fit_classes

TIGHT = Settings(20_000, 1e-13)


def answers(n: int, levels: tuple[int, ...], missing: float = 0.1, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    c = rng.integers(3, size=n)
    columns = [np.where(rng.random(n) < 0.6, c % m, rng.integers(m, size=n)) for m in levels]
    values = np.stack(columns, axis=1).astype(float)
    values[rng.random(values.shape) < missing] = np.nan
    return values


@pytest.mark.parametrize("entropy", [0, 1, 2**32 - 1, 2**32, 2**100 + 7, 2**190 + 2**64 + 3])
def test_uniform_numbers_are_those_of_the_children_of_the_seed(entropy: int) -> None:
    which = [0, 1, 99, 2**31, 2**32 - 1]
    drawn = uniform(entropy, which, 7)
    for start, numbers in zip(which, drawn, strict=True):
        child = np.random.SeedSequence(entropy, spawn_key=(start,))
        bits = child.generate_state(7, np.uint64) >> np.uint64(11)
        np.testing.assert_array_equal(numbers, bits * 2.0**-53)


def long_design(kind: str) -> Design:
    levels = (4, 2, 5, 3, 2, 2, 14, 3)
    values = answers(3_000, levels, 0.0 if kind == "complete" else 0.1)
    family = "ordinal" if kind == "ordinal" else "nominal"
    items = [Item(str(j), family, m, (), kind == "groups") for j, m in enumerate(levels)]
    group = np.arange(3_000) % 3 if kind == "groups" else None
    pairs = [Pair(1, 3, "joint"), Pair(4, 5)] if kind == "pairs" else ()
    weight = np.random.default_rng(1).random(3_000)
    return build_design(values, items, weight, group, pairs)


@pytest.mark.parametrize("kind", ["complete", "missing", "ordinal", "groups", "pairs"])
def test_words_spell_the_design(kind: str) -> None:
    design = long_design(kind)
    words = write_words(design.layout, design.X)
    assert words is not None
    rng = np.random.default_rng(2)
    flat = rng.normal(size=(design.layout.width, 4))
    logs = np.concatenate([p.look_up @ words.table(flat) for p in words.passages])
    np.testing.assert_allclose(logs, design.X @ flat, atol=1e-12)
    P = rng.random((len(design.X), 4))
    sums = sum(p.add_up @ P[p.rows] for p in words.passages)
    np.testing.assert_allclose(words.spell(sums), design.X.T @ P, rtol=1e-12)


def test_counts_and_measurements_are_not_spelt() -> None:
    values = np.array([[0.0, 1.5], [1.0, 2.5], [0.0, -1.0]])
    design = build_design(values, [Item("a", "binary", 2), Item("b", "continuous")])
    assert write_words(design.layout, design.X) is None


@pytest.mark.parametrize("far", [1.0, 60.0])
def test_long_data_have_the_expectation_of_the_definition(far: float) -> None:
    """Far off, densities underflow, and logs have to be taken relative to the largest."""
    levels = (4,) * 12
    values = answers(30_000, levels)
    problem = stack([build_design(values, [Item(str(j), "nominal", 4) for j in range(12)])])
    assert problem.words is not None
    rng = np.random.default_rng(3)
    A = -far * np.abs(rng.normal(size=(problem.layout.width, 2, 3)))
    log_likelihood, T = expectation(problem, A, np.zeros(2, dtype=np.intp))
    joint = np.einsum("nd,dbk->nbk", problem.X[0], A)
    density = logsumexp(joint, axis=2)
    posterior = np.exp(joint - density[:, :, None]) * problem.weight[0][:, None, None]
    np.testing.assert_allclose(log_likelihood, problem.weight[0] @ density, rtol=1e-12)
    expected = np.einsum("nd,nbk->dbk", problem.X[0], posterior)
    np.testing.assert_allclose(T, expected, rtol=1e-9, atol=1e-9)


def small(missing: float, prior: float = 0.0) -> Problem:
    values = answers(150, (2, 3, 2, 5, 2, 2, 3, 2, 2, 2), missing, seed=4)
    items = [Item(str(j), "nominal", int(np.nanmax(v)) + 1) for j, v in enumerate(values.T)]
    return stack([build_design(values, items)], prior)


def course(problem: Problem, K: int, n: int, way: str, settings: Settings = TIGHT) -> Runs:
    out = empty_runs(n, problem.layout.width, K)
    T = Frame(problem).random_starts(7, range(n), K)
    batch = begin(problem, T, np.zeros(n, dtype=np.intp), out)
    if way == "single":
        batch = take_first_steps(problem, batch, settings)
        assert batch.ahead.min() >= 10
    if way == "extrapolated":
        batch = finish(problem, advance(problem, batch, settings, 40), settings)
    assert len(advance(problem, batch, settings, settings.max_iter)) == 0
    return out


@pytest.mark.parametrize("way", ["single", "extrapolated"])
@pytest.mark.parametrize("missing", [0.0, 0.15])
@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_shortcuts_end_where_plain_steps_end(way: str, missing: float, prior: float) -> None:
    problem = small(missing, prior)
    plain, short = (course(problem, 3, 60, w) for w in ("plain", way))
    assert short.converged.all()
    # Plain EM can stop at a saddle that rounding or a long step leaves; it goes up from there.
    assert (short.objective - plain.objective).min() > -1e-6
    assert np.mean(np.abs(short.objective - plain.objective) < 1e-6) > 0.9


def test_shortcuts_take_the_stopping_rule_of_plain_steps() -> None:
    problem, loose = small(0.0), Settings(5_000, 1e-9)
    for way in ("single", "extrapolated"):
        runs, best = course(problem, 3, 60, way, loose), course(problem, 3, 60, way)
        slack = 150 * 1e-9
        assert np.median(best.objective - runs.objective) < 20 * slack


def test_runs_do_not_pass_the_largest_number_of_iterations() -> None:
    problem = small(0.0)
    for most in (3, 610):
        runs = course(problem, 6, 20, "plain" if most == 3 else "single", Settings(most, 0.0))
        assert runs.n_iter.max() <= most


def test_one_start_or_many_end_alike() -> None:
    """A run does not depend on the company it keeps."""
    problem = small(0.1)
    many, few = course(problem, 3, 60, "single"), course(problem, 3, 7, "single")
    np.testing.assert_allclose(many.objective[:7], few.objective, atol=1e-7)


def test_many_items_do_not_overflow_single_precision() -> None:
    values = answers(80, (5,) * 90, 0.0, seed=5)
    design = build_design(values, [Item(str(j), "nominal", 5) for j in range(90)])
    problem = stack([design])
    plain, short = course(problem, 2, 20, "plain"), course(problem, 2, 20, "single")
    assert short.objective.max() >= plain.objective.max() - 1e-6


def test_polishing_does_not_set_the_best_apart() -> None:
    """On a ridge the best start is polished beyond 1e-4 above its like."""
    rng = np.random.default_rng(8)
    values = rng.integers(0, 2, (60, 4)).astype(float)
    design = build_design(values, [Item(str(j), "binary", 2) for j in range(4)])
    fit = fit_classes(design, 2, Starts(50, 1), Settings(5_000, 1e-7))
    others = np.delete(fit.starts.objective, fit.best_start)
    assert fit.objective > np.median(others) + 1e-4
    assert fit.times_found > 40


@pytest.mark.parametrize("seed", range(8))
def test_the_log_likelihood_is_that_of_the_fitted_tables(seed: int) -> None:
    """On the boundary as well, where a mixed step could make categories exceed their class."""
    values = np.random.default_rng(seed).integers(0, 2, (150, 6)).astype(float)
    design = build_design(values, [Item(str(j), "binary", 2) for j in range(6)])
    fit = fit_classes(design, 2, Starts(20, 0))
    logs = np.tile(fit.parameters.log_shares[0], (150, 1))
    for table in fit.parameters.tables:
        np.testing.assert_allclose(table.values.sum(axis=1), 1.0, atol=1e-12)
        answer = values[:, table.items[0]].astype(int)
        logs += np.log(np.maximum(table.values[:, answer].T, 1e-300))
    assert logsumexp(logs, axis=1).sum() == pytest.approx(fit.log_likelihood, abs=1e-8)
    assert fit.objective >= fit.starts.objective.max()
