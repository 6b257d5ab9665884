"""Extrapolated EM ends where plain EM does, and follows its stopping rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.lca.accelerated import fit_accelerated
from swvtypes.lca.bootstrap_likelihood_ratio import null_model, rule_of
from swvtypes.lca.em import Problem, Settings
from swvtypes.lca.em.batch import em_map, expectation
from swvtypes.lca.first_steps import (
    FIRST_STEPS,
    leaders,
    merged_into_leader,
    take_first_steps,
)
from swvtypes.lca.fit import Starts, best_of_replicates, fit_replicates
from swvtypes.lca.replicates import (
    Population,
    draw_replicate,
    one_row_a_case,
    replicate_starts,
    stack_designs,
)

R, S = 12, 10


def drawn(X: pd.DataFrame, **options: object) -> tuple[Problem, list[Starts], Settings]:
    model = null_model(X, 1, 5, 1, None, options)  # type: ignore[arg-type]
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    rule = rule_of(model, S)
    problem = stack_designs([draw_replicate(population, r) for r in range(R)], rule)
    return problem, [replicate_starts(1, r, S) for r in range(R)], rule.settings


@pytest.fixture(scope="module")
def binary() -> tuple[Problem, list[Starts], Settings]:
    rng = np.random.default_rng(1)
    return drawn(pd.DataFrame((rng.random((100, 6)) < 0.5).astype(int)))


def test_ends_as_high_as_plain_steps_in_fewer(
    binary: tuple[Problem, list[Starts], Settings],
) -> None:
    problem, starts, settings = binary
    plain = fit_replicates(problem, 2, starts, settings)
    fast = fit_accelerated(problem, 2, starts, settings)
    best = best_of_replicates(fast, S)[0] - best_of_replicates(plain, S)[0]
    assert best.min() > -1e-4
    assert abs(np.mean(fast.objective - plain.objective)) < 0.1
    assert fast.converged[best_of_replicates(fast, S)[1]].all()
    assert fast.n_iter.mean() < 0.5 * plain.n_iter.mean()


def test_stops_where_a_plain_step_gains_less_than_the_tolerance(
    binary: tuple[Problem, list[Starts], Settings],
) -> None:
    problem, starts, settings = binary
    runs = fit_accelerated(problem, 2, starts, settings)
    replicate = np.repeat(np.arange(R), S)
    A = np.ascontiguousarray(runs.A)
    log_likelihood, T = expectation(problem, A, replicate)
    assert log_likelihood + problem.constant[replicate] == pytest.approx(runs.log_likelihood)
    after = em_map(problem, A, T, replicate, np.zeros((1, R * S, 1)), map)[1]
    gain = after - log_likelihood
    limit = settings.tol * problem.weight.sum(axis=1)[replicate]
    assert gain.min() > -1e-9
    assert (gain[runs.converged] <= 1.01 * limit[runs.converged] + 1e-11).all()
    behind = best_of_replicates(runs, S)[0][replicate] - runs.objective
    assert (runs.converged | (behind > 0.5)).all()
    assert (gain <= 101 * limit).all()


@pytest.mark.parametrize("most", [1, FIRST_STEPS, FIRST_STEPS + 1, FIRST_STEPS + 2, 30])
def test_ends_at_the_largest_number_of_iterations(
    binary: tuple[Problem, list[Starts], Settings], most: int
) -> None:
    problem, starts, _ = binary
    runs = fit_accelerated(problem, 2, starts, Settings(most, 0.0))
    assert np.isfinite(runs.objective).all()
    assert not runs.converged[runs.n_iter >= most].all()
    assert runs.n_iter.max() <= most + 3  # a round of extrapolation is finished


def test_more_iterations_never_end_lower(
    binary: tuple[Problem, list[Starts], Settings],
) -> None:
    problem, starts, _ = binary
    before = np.full(R * S, -np.inf)
    for most in (21, 25, 40, 80, 160):
        now = fit_accelerated(problem, 2, starts, Settings(most, 0.0)).objective
        assert (now - before).min() > -1e-9
        before = now


def test_first_steps_are_those_of_em(binary: tuple[Problem, list[Starts], Settings]) -> None:
    problem, starts, _ = binary
    one = fit_replicates(problem, 2, starts, Settings(1, 0.0))
    double = fit_replicates(problem, 2, starts, Settings(FIRST_STEPS, 0.0))
    replicate = np.repeat(np.arange(R), S)
    kept, follows, A = take_first_steps(
        problem, np.ascontiguousarray(one.A), replicate, np.zeros((1, R * S, 1))
    )
    log_likelihood = expectation(problem, A, replicate[kept])[0]
    expected = double.log_likelihood[kept] - problem.constant[replicate[kept]]
    assert log_likelihood == pytest.approx(expected, abs=1e-3)
    assert (follows[kept] == np.flatnonzero(kept)).all()
    assert (replicate[follows] == replicate).all()


def test_starts_on_clear_classes_meet_early() -> None:
    rng = np.random.default_rng(3)
    c = rng.random(200) < 0.4
    X = pd.DataFrame((rng.random((200, 8)) < np.where(c, 0.85, 0.15)[:, None]).astype(int))
    model = null_model(X, 2, 5, 1, None, {})
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    problem = stack_designs([draw_replicate(population, r) for r in range(R)], rule_of(model, S))
    starts = [replicate_starts(1, r, S) for r in range(R)]
    one = fit_replicates(problem, 2, starts, Settings(1, 0.0))
    kept, follows, _ = take_first_steps(
        problem, one.A, np.repeat(np.arange(R), S), np.zeros((1, R * S, 1))
    )
    assert kept.sum() < 2 * R
    assert kept[follows].any()
    runs = fit_accelerated(problem, 2, starts, Settings())
    plain = fit_replicates(problem, 2, starts, Settings())
    assert runs.objective == pytest.approx(plain.objective, abs=1e-4)


def test_densities_too_small_for_single_precision() -> None:
    rng = np.random.default_rng(2)
    c = rng.random(60) < 0.5
    X = pd.DataFrame((rng.random((60, 300)) < np.where(c, 0.9, 0.1)[:, None]).astype(int))
    model = null_model(X.set_axis([f"i{j}" for j in range(300)], axis=1), 2, 5, 1, None, {})
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, 1)
    rule = rule_of(model, S)
    problem = stack_designs([draw_replicate(population, r) for r in range(4)], rule)
    starts = [replicate_starts(1, r, S) for r in range(4)]
    plain = best_of_replicates(fit_replicates(problem, 2, starts, rule.settings), S)[0]
    fast = best_of_replicates(fit_accelerated(problem, 2, starts, rule.settings), S)[0]
    assert fast == pytest.approx(plain, abs=1e-4)


def test_runs_that_have_met(binary: tuple[Problem, list[Starts], Settings]) -> None:
    problem, starts, _ = binary
    replicate = np.array([0, 0, 0, 1])
    T = fit_replicates(problem, 2, starts, Settings(30, 0.0)).A[:, :4].copy() * 0.0
    T[:2] = 50.0
    T[2:, :, 0], T[2:, :, 1], T[0, :, 0] = 10.0, 30.0, 40.0
    T[:, 1] = T[:, 1, ::-1]  # the same solution, its classes the other way round
    T[3, 2] += 1.0  # another solution
    objective = np.array([-5.0, -5.1, -5.2, -9.0])
    lead = leaders(objective, replicate)
    assert lead.tolist() == [0, 0, 0, 3]
    met = merged_into_leader(problem, T, replicate, lead)
    assert met.tolist() == [False, True, False, False]


def test_every_family_and_a_prior(mixed: pd.DataFrame, families: dict[str, str]) -> None:
    problem, starts, settings = drawn(mixed, indicators=families, prior=1.0)
    plain = fit_replicates(problem, 2, starts, settings)
    fast = fit_accelerated(problem, 2, starts, settings)
    best = best_of_replicates(fast, S)[0] - best_of_replicates(plain, S)[0]
    assert best.min() > -1e-3
    assert fast.converged[best_of_replicates(fast, S)[1]].all()


def test_one_class_needs_one_start(binary: tuple[Problem, list[Starts], Settings]) -> None:
    problem, starts, settings = binary
    assert fit_accelerated(problem, 1, starts, settings).objective.shape == (R,)
