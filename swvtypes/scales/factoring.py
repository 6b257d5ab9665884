"""Common-factor analysis of a correlation matrix: minimum residuals and maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy import optimize, stats

from swvtypes.errors import InputError

from .moments import FloatArray

FactorMethod = Literal["minres", "ml"]
LOWEST_UNIQUENESS = 0.005
_NAN = float("nan")


@dataclass(frozen=True, eq=False)
class FactorSolution:
    """An unrotated common-factor solution and its fit.

    Attributes
    ----------
    method : {"minres", "ml"}
    n_factors : int
    loadings : ndarray, shape (n_items, n_factors)
        Factors by sum of squared loadings, largest first; each factor's loadings sum to >= 0.
    communalities, uniquenesses : ndarray, shape (n_items,)
        They sum to one, but for a residual on the diagonal of a boundary solution.
    heywood : tuple of int
        Items whose uniqueness ended on the lower boundary of 0.005.
    objective : float
        Maximum-likelihood discrepancy at the solution (of either method); NaN when the
        correlation matrix is not positive definite.
    df : int
        Degrees of freedom; below one the fit cannot be tested.
    chi_square, p_value, rmsea, tli : float
        Chi-square with Bartlett's (1951) correction, its p, Steiger's (1990) root mean square
        error of approximation, Tucker and Lewis's (1973) index; NaN without `n` or with df < 1.
    residual : float
        Root mean square of the residual correlations off the diagonal.
    converged : bool
    """

    method: FactorMethod
    n_factors: int
    loadings: FloatArray
    communalities: FloatArray
    uniquenesses: FloatArray
    heywood: tuple[int, ...]
    objective: float
    df: int
    chi_square: float
    p_value: float
    rmsea: float
    tli: float
    residual: float
    converged: bool


def factor_analysis(
    correlation: FloatArray,
    n: float | None = None,
    n_factors: int = 1,
    method: FactorMethod = "minres",
) -> FactorSolution:
    """Fit the common-factor model to a correlation matrix.

    Parameters
    ----------
    correlation : ndarray, shape (n_items, n_items)
        Ones on the diagonal, no missing entry.
    n : float, optional
        Rows behind the correlations; without it the fit is described, not tested.
    n_factors : int
        From 1 to n_items - 1.
    method : {"minres", "ml"}
        Least squares of the residual correlations (Harman & Jones, 1966), or maximum likelihood
        (Joreskog, 1967), which needs a positive definite matrix. Uniquenesses stay in
        [0.005, 1].

    Returns
    -------
    FactorSolution

    Raises
    ------
    InputError
        Lists every fault.

    Notes
    -----
    Two items do not identify a factor; both loadings are then the square root of the absolute
    correlation (of opposite sign when it is negative).

    Examples
    --------
    >>> pattern = np.array([0.9, 0.8, 0.7, 0.6])
    >>> matrix = np.outer(pattern, pattern)
    >>> np.fill_diagonal(matrix, 1.0)
    >>> factor_analysis(matrix).loadings[:, 0].round(4).tolist()
    [0.9, 0.8, 0.7, 0.6]
    """
    matrix = np.asarray(correlation, dtype=float)
    faults = _faults(matrix, n, n_factors, method)
    if faults:
        raise InputError("factor_analysis", faults)
    if len(matrix) == 2:
        r = float(matrix[0, 1])
        loading = np.sqrt(abs(r)) * np.array([[1.0], [1.0 if r >= 0 else -1.0]])
        return _solution(matrix, loading, 1 - loading[:, 0] ** 2, n, method, True)
    loadings, uniquenesses, converged = _minimise(matrix, n_factors, method)
    return _solution(matrix, loadings, uniquenesses, n, method, converged)


def _faults(matrix: FloatArray, n: float | None, n_factors: int, method: str) -> list[str]:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        return [f"correlation: expected a square matrix of two or more items, got {matrix.shape}"]
    faults = []
    if not np.isfinite(matrix).all():
        faults.append("correlation: expected finite entries (is an item constant?)")
    elif not np.allclose(matrix, matrix.T, atol=1e-8) or not np.allclose(np.diag(matrix), 1):
        faults.append("correlation: expected a symmetric matrix with ones on the diagonal")
    if not 1 <= n_factors < len(matrix):
        faults.append(f"n_factors: expected 1 to {len(matrix) - 1}, got {n_factors!r}")
    if n is not None and not n > 2:
        faults.append(f"n: expected more than two rows, got {n!r}")
    if method not in get_args(FactorMethod):
        faults.append(f"method: expected 'minres' or 'ml', got {method!r}")
    elif method == "ml" and not faults and np.linalg.eigvalsh(matrix)[0] <= 1e-10:
        faults.append(
            "correlation: maximum likelihood expects a positive definite matrix, the smallest "
            f"eigenvalue is {np.linalg.eigvalsh(matrix)[0]:.3g}"
        )
    return faults


def _minimise(
    matrix: FloatArray, n_factors: int, method: FactorMethod
) -> tuple[FloatArray, FloatArray, bool]:
    """Search the uniquenesses; give loadings, uniquenesses and whether the search converged."""
    n_items = len(matrix)
    start = np.full(n_items, 0.5)
    if np.linalg.eigvalsh(matrix)[0] > 1e-8:
        inverse = np.diag(np.linalg.inv(matrix))
        start = np.clip((1 - 0.5 * n_factors / n_items) / inverse, 0.01, 0.99)
    discrepancy = _least_squares if method == "minres" else _likelihood
    found = optimize.minimize(
        discrepancy,
        start,
        args=(matrix, n_factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST_UNIQUENESS, 1.0)] * n_items,
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 20},
    )
    uniquenesses = np.asarray(found.x, dtype=float)
    gradient = discrepancy(uniquenesses, matrix, n_factors)[1]
    inner = (uniquenesses > LOWEST_UNIQUENESS + 1e-9) & (uniquenesses < 1 - 1e-9)
    converged = bool(np.abs(gradient[inner]).max(initial=0.0) < 1e-4)
    return _loadings(uniquenesses, matrix, n_factors, method), uniquenesses, converged


def _least_squares(
    uniquenesses: FloatArray, matrix: FloatArray, n_factors: int
) -> tuple[float, FloatArray]:
    """Half the sum of squared residuals, concentrated over the loadings, and its gradient."""
    values, vectors = np.linalg.eigh(matrix - np.diag(uniquenesses))
    left = values.copy()
    left[-n_factors:] = np.minimum(left[-n_factors:], 0.0)
    return float(left @ left) / 2, -(vectors**2) @ left


def _likelihood(
    uniquenesses: FloatArray, matrix: FloatArray, n_factors: int
) -> tuple[float, FloatArray]:
    """Maximum-likelihood discrepancy, concentrated over the loadings, and its gradient."""
    scale = 1 / np.sqrt(uniquenesses)
    values, vectors = np.linalg.eigh(matrix * np.outer(scale, scale))
    used = values.copy()
    used[-n_factors:] = np.minimum(used[-n_factors:], 1.0)
    value = float(np.sum(used - np.log(used) - 1))
    return value, (vectors**2) @ (1 - used) / uniquenesses


def _loadings(
    uniquenesses: FloatArray, matrix: FloatArray, n_factors: int, method: FactorMethod
) -> FloatArray:
    """Give the best loadings at these uniquenesses."""
    if method == "minres":
        values, vectors = np.linalg.eigh(matrix - np.diag(uniquenesses))
        return np.asarray(vectors[:, -n_factors:] * np.sqrt(np.maximum(values[-n_factors:], 0)))
    scale = np.sqrt(uniquenesses)
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    rooted = np.sqrt(np.maximum(values[-n_factors:] - 1, 0))
    return np.asarray(scale[:, None] * vectors[:, -n_factors:] * rooted)


def _solution(
    matrix: FloatArray,
    loadings: FloatArray,
    uniquenesses: FloatArray,
    n: float | None,
    method: FactorMethod,
    converged: bool,
) -> FactorSolution:
    """Order and orient the factors, and describe the fit."""
    n_items, n_factors = loadings.shape
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    loadings = loadings[:, order]
    loadings = loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    off = (matrix - loadings @ loadings.T)[~np.eye(n_items, dtype=bool)]
    df = ((n_items - n_factors) ** 2 - n_items - n_factors) // 2
    objective, null = _discrepancies(matrix, loadings, uniquenesses)
    chi_square = p_value = rmsea = tli = _NAN
    if n is not None and df >= 1 and np.isfinite(objective):
        chi_square = objective * (n - 1 - (2 * n_items + 5) / 6 - 2 * n_factors / 3)
        p_value = float(stats.chi2.sf(chi_square, df))
        rmsea = float(np.sqrt(max((chi_square - df) / (df * (n - 1)), 0.0)))
        null_ratio = null * (n - 1 - (2 * n_items + 5) / 6) / (n_items * (n_items - 1) / 2)
        tli = float((null_ratio - chi_square / df) / (null_ratio - 1))
    return FactorSolution(
        method,
        n_factors,
        loadings,
        (loadings**2).sum(axis=1),
        uniquenesses,
        tuple(int(i) for i in np.flatnonzero(uniquenesses <= LOWEST_UNIQUENESS + 1e-9)),
        objective,
        df,
        chi_square,
        p_value,
        rmsea,
        tli,
        float(np.sqrt(np.mean(off**2))),
        converged,
    )


def _discrepancies(
    matrix: FloatArray, loadings: FloatArray, uniquenesses: FloatArray
) -> tuple[float, float]:
    """Maximum-likelihood discrepancy of the model and of independence; NaN if not defined."""
    sign, log_det = np.linalg.slogdet(matrix)
    model = loadings @ loadings.T + np.diag(uniquenesses)
    if sign <= 0 or np.linalg.eigvalsh(model)[0] <= 1e-12:
        return _NAN, _NAN
    ratio = np.linalg.solve(model, matrix)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(matrix)), -float(log_det)
