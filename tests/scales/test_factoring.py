from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from sklearn.decomposition import FactorAnalysis

from swvtypes.errors import InputError
from swvtypes.scales import (
    ParallelOptions,
    factor_analysis,
    parallel_analysis,
    sampling_adequacy,
)
from swvtypes.scales.one_factor import one_factor_loadings


def model(pattern: np.ndarray) -> np.ndarray:
    matrix = pattern @ pattern.T
    np.fill_diagonal(matrix, 1.0)
    return matrix


def sample(seed: int, n: int = 150, k: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    pattern = rng.uniform(0.4, 0.8, k)
    values = rng.standard_normal((n, 1)) * pattern
    return np.corrcoef(values + rng.standard_normal((n, k)) * np.sqrt(1 - pattern**2), rowvar=False)


@given(st.lists(st.floats(0.3, 0.95), min_size=4, max_size=8), st.sampled_from(["minres", "ml"]))
def test_a_true_model_comes_back(loadings: list[float], method: str) -> None:
    pattern = np.array(loadings)[:, None]
    found = factor_analysis(model(pattern), 100, 1, method)
    np.testing.assert_allclose(found.loadings, pattern, atol=2e-4)
    assert found.chi_square == pytest.approx(0, abs=1e-3)
    assert found.residual < 1e-4


def test_two_factors_reproduce_the_matrix() -> None:
    pattern = np.array([[0.8, 0], [0.7, 0], [0.6, 0.1], [0, 0.7], [0.1, 0.6], [0, 0.8], [0.3, 0.5]])
    for method in ("minres", "ml"):
        found = factor_analysis(model(pattern), 200, 2, method)
        np.testing.assert_allclose(
            found.loadings @ found.loadings.T, pattern @ pattern.T, atol=1e-3
        )
        squares = (found.loadings**2).sum(axis=0)
        assert squares[0] >= squares[1]
        assert found.df == 8


@pytest.mark.parametrize("seed", range(4))
def test_minimum_residuals_are_a_minimum(seed: int) -> None:
    """Against a direct least-squares search over the loadings."""
    matrix = sample(seed)
    off = np.triu_indices(6, 1)
    direct = optimize.least_squares(
        lambda x: (matrix - np.outer(x, x))[off],
        np.full(6, 0.6),
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    ).x
    np.testing.assert_allclose(factor_analysis(matrix).loadings[:, 0], direct, atol=1e-5)
    np.testing.assert_allclose(one_factor_loadings(matrix[None], tol=1e-10)[0], direct, atol=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_maximum_likelihood_against_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((200, 1)) * [0.8, 0.7, 0.6, 0.5, 0.7] + 0.7 * rng.standard_normal(
        (200, 5)
    )
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    other = FactorAnalysis(1, tol=1e-10, max_iter=20000, svd_method="lapack").fit(values)
    found = factor_analysis(np.corrcoef(values, rowvar=False), 200, 1, "ml")
    loadings = other.components_[0]
    np.testing.assert_allclose(found.loadings[:, 0], loadings * np.sign(loadings.sum()), atol=1e-3)


def test_gradients_agree_with_differences() -> None:
    from swvtypes.scales.factoring import _least_squares, _likelihood

    matrix, at = sample(5), np.array([0.4, 0.5, 0.6, 0.5, 0.7, 0.3])
    for function in (_least_squares, _likelihood):
        numeric = optimize.approx_fprime(at, lambda x: function(x, matrix, 1)[0], 1e-7)  # noqa: B023
        np.testing.assert_allclose(function(at, matrix, 1)[1], numeric, atol=1e-5)


def test_a_boundary_solution_is_marked() -> None:
    matrix = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    found = factor_analysis(matrix, 100)
    assert found.heywood == (0,)
    assert found.uniquenesses[0] == pytest.approx(0.005)
    assert found.df == 0
    assert np.isnan(found.chi_square)
    batched = one_factor_loadings(matrix[None], 5000, 1e-12)[0]
    assert batched[0] == pytest.approx(np.sqrt(0.995))


def test_two_items_of_opposite_direction() -> None:
    found = factor_analysis(np.array([[1, -0.49], [-0.49, 1]]))
    np.testing.assert_allclose(np.abs(found.loadings[:, 0]), 0.7)
    assert found.loadings[0, 0] * found.loadings[1, 0] == pytest.approx(-0.49)
    assert np.isnan(found.rmsea)


def test_loadings_of_a_missing_matrix_are_missing() -> None:
    matrices = np.stack([sample(1), np.full((6, 6), np.nan)])
    found = one_factor_loadings(matrices)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
    assert np.isnan(one_factor_loadings(matrices[1:])).all()


def test_unrelated_items_have_no_adequacy() -> None:
    found = sampling_adequacy(np.eye(4), 100)
    assert found is not None
    assert np.isnan(found.kmo)
    assert found.bartlett_chi_square == pytest.approx(0)
    assert found.bartlett_p_value == pytest.approx(1)
    assert sampling_adequacy(np.ones((3, 3)), 100) is None
    assert sampling_adequacy(np.full((3, 3), np.nan), 100) is None


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (
            (np.ones((2, 3)),),
            ["correlation: expected a square matrix of two or more items, got (2, 3)"],
        ),
        (
            (np.full((3, 3), np.nan),),
            ["correlation: expected finite entries (is an item constant?)"],
        ),
        (
            (np.array([[1, 0.2], [0.4, 1]]),),
            ["correlation: expected a symmetric matrix with ones on the diagonal"],
        ),
        (
            (np.eye(3), 2, 3, "paf"),
            [
                "n_factors: expected 1 to 2, got 3",
                "n: expected more than two rows, got 2",
                "method: expected 'minres' or 'ml', got 'paf'",
            ],
        ),
    ],
)
def test_faults(arguments: tuple, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        factor_analysis(*arguments)
    assert list(caught.value.faults) == faults


def test_maximum_likelihood_needs_a_definite_matrix() -> None:
    with pytest.raises(InputError, match="expects a positive definite matrix, the smallest eigenv"):
        factor_analysis(np.ones((3, 3)), method="ml")


@pytest.mark.parametrize("variant", ["components", "factors"])
@pytest.mark.parametrize("comparison", ["normal", "permuted"])
def test_parallel_analysis_finds_what_is_there(variant: str, comparison: str) -> None:
    rng = np.random.default_rng(8)
    values = np.concatenate(
        [0.8 * rng.standard_normal((200, 1)) + 0.6 * rng.standard_normal((200, 4)) for _ in "ab"],
        axis=1,
    )
    values[rng.random(values.shape) < 0.03] = np.nan
    options = ParallelOptions(variant=variant, comparison=comparison, n_replicates=60)
    found = parallel_analysis(pd.DataFrame(values), options)
    assert found.n_factors == 2
    assert (found.thresholds[:3] > found.means[:3]).all()


def test_parallel_analysis_repeats_and_extends() -> None:
    values = np.random.default_rng(1).standard_normal((60, 5))
    first = parallel_analysis(values, ParallelOptions(n_replicates=30, seed=4))
    again = parallel_analysis(values, ParallelOptions(n_replicates=30, seed=4))
    other = parallel_analysis(values, ParallelOptions(n_replicates=30, seed=5))
    np.testing.assert_array_equal(first.thresholds, again.thresholds)
    assert not np.array_equal(first.thresholds, other.thresholds)


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["components", "factors"])
def test_parallel_analysis_finds_nothing_in_noise(variant: str) -> None:
    """The first eigenvalue passes the 95th percentile in about one set of noise in twenty."""
    rng = np.random.default_rng(21)
    options = ParallelOptions(variant=variant, n_replicates=199)
    n_sets = 300
    hits = sum(
        parallel_analysis(rng.standard_normal((65, 6)), options).n_factors > 0
        for _ in range(n_sets)
    )
    assert abs(hits / n_sets - 0.05) < 4 * np.sqrt(0.05 * 0.95 / n_sets)


def test_faults_of_parallel_analysis() -> None:
    with pytest.raises(InputError) as caught:
        ParallelOptions(variant="pca", comparison="x", n_replicates=0, percentile=100)  # type: ignore[arg-type]
    assert list(caught.value.faults) == [
        "variant: expected 'components' or 'factors', got 'pca'",
        "comparison: expected 'normal' or 'permuted', got 'x'",
        "n_replicates: expected at least 1, got 0",
        "percentile: expected between 0 and 100, got 100",
    ]
    with pytest.raises(InputError, match="expected three rows and two items or more, got"):
        parallel_analysis(np.ones((2, 2)))
    with pytest.raises(InputError, match="expected that every item varies"):
        parallel_analysis(np.column_stack([np.arange(5.0), np.ones(5)]))
