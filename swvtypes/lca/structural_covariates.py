"""How class membership depends on covariates."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import OptionError, SeparationWarning
from swvtypes.multiplicity import Adjustment

from .design import Floats
from .inference_chart import Booleans
from .inference_scores import log_softmax
from .row_order import same_order
from .structural import LaterCovariance, Method, measure
from .structural_covariate_fit import Estimation, Solved, solve_covariates
from .structural_design import covariate_matrix
from .structural_errors import Assignment
from .structural_mixture import MixtureFit
from .structural_optimism import ErrorSpec, ErrorTable, Replication, error_table
from .structural_outcome import Penalty
from .structural_tables import coefficient_table, covariate_tests

_EXTREME = 8.0


@dataclass(frozen=True)
class CovariateSpec:
    """What is asked of a model with covariates.

    Parameters
    ----------
    method : {"ml", "bch", "two_step", "one_step", "naive"}
        Three steps by maximum likelihood (Vermunt 2010) or BCH weights; two steps (Bakk and Kuha
        2018); one step; or assignments taken as classes, which is biased and only for comparison.
    assignment : {"modal", "proportional"}
        For three steps and naive.
    prior : float, "firth" or "auto"
        Pseudo-cases spread evenly over the classes (Clogg et al. 1991), 0 for none; or Firth's
        penalty (see :mod:`~swvtypes.lca.structural_firth`). "auto": neither, unless a covariate
        separates classes; then Firth's penalty, with a warning, and where BCH weights, which may
        be negative, outdo it, the one of :mod:`~swvtypes.lca.structural_reduction`.
    level : float
        Coverage of intervals.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Of the tests of the covariates for their number.
    covariance : {"observed", "outer_product"}
        For one step without survey weights: inverse observed information, or inverse outer
        product of the scores (poLCA's way).
    reference : int
        Class, from 1, that the others are set against.
    errors : {"auto", "apparent", "corrected"}
        For "ml" and "bch": errors of assignment as step one states them, or corrected for being
        judged by the data that made the classes, by data sets drawn from step one; for "two_step"
        densities likewise; see :mod:`~swvtypes.lca.structural_optimism`. Corrected slopes by BCH
        weights also have the bias of small numbers taken out, unless a prior or Firth's penalty
        is asked for (:mod:`~swvtypes.lca.structural_reduction`). "auto": corrected, unless
        frequencies are not whole.
    n_boot : int
        Data sets drawn for that.
    n_starts : int
        For one step: random starts besides the solutions of step one, see
        :mod:`~swvtypes.lca.structural_starts`.
    random_state : int
        Seed of both.
    """

    method: Method = "ml"
    assignment: Assignment = "modal"
    prior: float | Literal["auto", "firth"] = "auto"
    level: float = 0.95
    adjustment: Adjustment = "holm"
    covariance: Literal["observed", "outer_product"] = "observed"
    reference: int = 1
    errors: ErrorTable = "auto"
    n_boot: int = 100
    n_starts: int = 20
    random_state: int = 0

    def error_spec(self) -> ErrorSpec:
        """Which table of assignment errors is used."""
        drawn = Replication(self.n_boot, self.random_state)
        return ErrorSpec(self.method, self.assignment, self.errors, drawn)

    def estimation(self, separated: bool = False, outdone: bool = False) -> Estimation:
        """How coefficients are estimated.

        Parameters
        ----------
        separated : bool
            After a covariate was seen to separate classes.
        outdone : bool
            After BCH weights were seen to outdo Firth's penalty.
        """
        firth = self.prior == "firth" or (self.prior == "auto" and separated and not outdone)
        prior = 0.0 if isinstance(self.prior, str) else float(self.prior)
        outer = self.covariance == "outer_product"
        return Estimation(
            self.method, self.assignment, prior, firth, outer, self.n_starts, self.random_state,
            outdone,
        )  # fmt: skip


@dataclass(frozen=True)
class CovariateResult:
    """Multinomial logit of the classes on covariates.

    Attributes
    ----------
    coefficients : DataFrame
        Columns covariate, class, estimate, se, lower, upper, z, p_value, odds_ratio; log odds
        against the class of reference.
    tests : DataFrame
        Indexed by covariate (the column it came from): wald, df, p_value, p_adjusted; all classes
        at once.
    gamma : ndarray, shape (Q, K)
        The coefficients, constant first; zero for the class of reference.
    covariance : LaterCovariance
        Of the coefficients of the other classes, covariate by covariate.
    log_likelihood : float
        Of the last step, without prior or penalty; NaN for BCH, which has none.
    n : float
        Sum of the weights.
    prior : float
        Pseudo-cases used.
    penalty : {"none", "prior", "firth", "reduction"}
        What kept coefficients finite.
    spec : CovariateSpec
        What was asked.
    corrected : bool
        Whether the errors of assignment, or the densities of two steps, were corrected.
    note : str
        What a reader must know, or empty.
    fit : MixtureFit or None
        The engine's own result, class 1 the reference; None for BCH.
    """

    coefficients: pd.DataFrame
    tests: pd.DataFrame
    gamma: Floats
    covariance: LaterCovariance
    log_likelihood: float
    n: float
    prior: float
    penalty: Penalty
    spec: CovariateSpec
    corrected: bool
    note: str
    fit: MixtureFit | None

    def probabilities(self, Z: Floats) -> Floats:
        """Class probabilities at covariates, Z (n, Q) with the constant, shape (n, K)."""
        return np.exp(log_softmax(np.asarray(Z, dtype=float) @ self.gamma))


def relate_covariates(
    model: Any,
    X: Any,
    covariates: pd.DataFrame,
    spec: CovariateSpec | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
) -> CovariateResult:
    """Relate the classes of a fitted model to covariates.

    Parameters
    ----------
    model : LatentClassModel
        Fitted without the covariates, on these rows and weights.
    X : DataFrame or array-like, shape (n, J)
        The rows, as in its `fit`; missing answers at random.
    covariates : DataFrame (or Series, or array of numbers), shape (n, Q)
        In the order of X. Numbers as they are, in any units; strings, booleans and categoricals
        (at most 50) as indicators against their first category. A constant is always added.
        Missing values are an error: leave those rows out of the data of the model too, or fill
        them in. Known groups are not covariates unless given.
    spec : CovariateSpec, optional
        Method and options.
    sample_weight, survey_weight : array-like, shape (n,), optional
        As in `fit`. Frequency 2 is the row twice; survey weights give sandwich covariances.

    Returns
    -------
    CovariateResult

    Raises
    ------
    InputError
        For covariates that are missing, infinite, constant, dates or spans of time, that determine
        one another, share a name or have more than 50 categories, and rows in another order than
        those of X; for rows or weights that are not those of the fit.
    OptionError
        For an option outside its range.

    Warns
    -----
    SeparationWarning
        Where coefficients would be infinite and a penalty was used.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from swvtypes.lca import CovariateSpec, LatentClassModel, relate_covariates
    >>> rng = np.random.default_rng(1)
    >>> size = rng.normal(size=400)
    >>> classes = rng.random(400) < 1 / (1 + np.exp(-size))
    >>> X = (rng.random((400, 6)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(2, n_init=10, random_state=1).fit(X)
    >>> found = relate_covariates(model, X, pd.DataFrame({"size": size}))
    >>> found.coefficients[["covariate", "class"]].values.tolist()
    [['constant', 2], ['size', 2]]
    >>> bool(found.tests.loc["size", "p_value"] < 0.001)
    True
    """
    spec = spec or CovariateSpec()
    _check_spec(spec)
    same_order(X, covariates, "covariates")
    measurement = measure(model, X, sample_weight, survey_weight)
    measurement = error_table(measurement, model, spec.error_spec())
    K = measurement.n_classes
    if spec.reference > K:
        raise OptionError("reference", f"a class from 1 to {K}", spec.reference)
    Z, names, sources = covariate_matrix(covariates, measurement.weight)
    how = spec.estimation()
    solved = solve_covariates(model, measurement, Z, how)
    note = ""
    if spec.prior == "auto" and _separated(solved, Z, measurement.weight):
        how, used = spec.estimation(separated=True), "Firth's penalty"
        solved = solve_covariates(model, measurement, Z, how)
        if spec.method == "bch" and _separated(solved, Z, measurement.weight):
            how, used = spec.estimation(outdone=True), "the bias of small numbers taken out"
            solved = solve_covariates(model, measurement, Z, how)
        note = f"a covariate separates classes: estimated with {used}"
        warnings.warn(note, SeparationWarning, stacklevel=2)
    gamma, cov = against(solved, spec.reference - 1)
    free = np.delete(gamma, spec.reference - 1, axis=1).ravel()
    labels = [k for k in range(1, K + 1) if k != spec.reference]
    return CovariateResult(
        coefficient_table(names, labels, free, cov, spec.level),
        covariate_tests(sources, free, cov, spec.adjustment),
        gamma, cov, solved.log_likelihood, float(measurement.weight.sum()), how.prior,
        _penalty(how), spec,
        measurement.corrected, note, solved.fit,
    )  # fmt: skip


def _penalty(how: Estimation) -> Penalty:
    if how.firth or how.reduced:
        return "firth" if how.firth else "reduction"
    return "prior" if how.prior > 0 else "none"


def against(solved: Solved, reference: int) -> tuple[Floats, LaterCovariance]:
    """Set coefficients against another class than the first.

    Parameters
    ----------
    solved : Solved
        Coefficients against the first class.
    reference : int
        Position of the other class, from 0.

    Returns
    -------
    gamma : ndarray, shape (Q, K)
        Zero for the class of reference.
    covariance : LaterCovariance
        Of the coefficients of the other classes, covariate by covariate.
    """
    if reference == 0:
        return solved.gamma, solved.covariance
    Q, K = solved.gamma.shape
    full = np.eye(K)[:, 1:] - np.eye(K)[reference, 1:]
    L = np.kron(np.eye(Q), np.delete(full, reference, axis=0))
    old = solved.covariance
    loose = (np.abs(L) > 0) & ~old.identified
    cov = LaterCovariance(L @ old.matrix @ L.T, L @ old.given_step_one @ L.T, ~loose.any(axis=1))
    return solved.gamma - solved.gamma[:, [reference]], cov


def _check_spec(spec: CovariateSpec) -> None:
    from .model import check_choice, check_level, check_real, check_whole

    if not isinstance(spec, CovariateSpec):
        raise OptionError("spec", "a CovariateSpec", spec)
    check_choice("method", spec.method, Method)
    check_choice("assignment", spec.assignment, Assignment)
    check_choice("adjustment", spec.adjustment, Adjustment)
    check_choice("covariance", spec.covariance, Literal["observed", "outer_product"])
    check_choice("errors", spec.errors, ErrorTable)
    check_whole("reference", spec.reference, 1)
    check_whole("n_boot", spec.n_boot, 1)
    check_whole("n_starts", spec.n_starts, 0)
    check_whole("random_state", spec.random_state, 0)
    if isinstance(spec.prior, str):
        check_choice("prior", spec.prior, Literal["auto", "firth"])
    else:
        check_real("prior", spec.prior, 0.0)
    check_level(spec.level)


def _separated(solved: Solved, Z: Floats, weight: Floats) -> bool:
    """Whether a slope runs away: huge over the range of its covariate, and undetermined."""
    inside = Z[weight > 0]
    reach = inside.max(axis=0) - inside.min(axis=0)
    slopes = np.abs(solved.gamma[:, 1:]) * reach[:, None]
    se = np.sqrt(np.maximum(np.diag(solved.bread), 0.0)).reshape(slopes.shape) * reach[:, None]
    lost: Booleans = ~solved.covariance.identified.reshape(slopes.shape)
    runaway = (slopes > _EXTREME) & ((slopes < 3.0 * se) | lost | (se < 1e-6))
    return bool(runaway.any() or slopes.max(initial=0.0) > 4.0 * _EXTREME)
