"""The scikit-learn face of the engine."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from swvtypes.errors import OptionError

from .case_weights import row_weights
from .design import Design, Floats, build_design
from .em import Settings
from .estimator_input import (
    decode,
    free_columns,
    group_codes,
    group_labels,
    in_place,
    known_groups,
    read_frame,
    split_group,
    start_entropy,
    warn_about_fit,
    warn_empty,
)
from .estimator_results import WORKED_OUT, FittedResults
from .families import Variances
from .fit import Starts, fit_classes, posterior
from .model import (
    VarianceOption,
    check_choice,
    check_real,
    check_whole,
    encode,
    read_indicators,
    read_pairs,
    warn_about,
)
from .simulate import simulate_values
from .threads import workers

Profiles = Literal["equal", "free"]


class LatentClassModel(FittedResults, DensityMixin, BaseEstimator):  # type: ignore[misc]
    """Latent class analysis by maximum likelihood or posterior mode.

    Parameters
    ----------
    n_classes : int
        Classes, K.
    indicators : mapping, optional
        Family of a column: ``"nominal"``, ``"ordinal"`` (adjacent-category logits, one effect a
        class and item), ``"binary"``, ``"count"`` (Poisson) or ``"continuous"`` (Gaussian). Columns
        left out are read from their dtype: integers, strings, booleans and categoricals are
        nominal (ordered categoricals ordinal), floats continuous, except whole numbers with at
        most ten distinct values, which are nominal. The choice stands in `indicator_types_`.
    n_init : int
        Starts. From the 201st on, half of them recombine the best solutions so far.
    max_iter : int
        Iterations after which a start ends without having converged.
    tol : float
        A start has converged when an EM step raises the average log-likelihood of a case by less;
        the best solution is then driven on to its last digits.
    prior : float
        Pseudo-cases, spread evenly over the classes, that answer as the average row does; they
        keep estimates off the boundary. 0 is maximum likelihood. Above 0 estimates are posterior
        modes, and `estimation_` says so.
    random_state : int, RandomState instance or None
        Seed of the starts and of :meth:`sample`.
    scores : mapping, optional
        Category scores of ordinal columns; equidistant when left out.
    variances : {"equal", "free"}
        Gaussian variances equal over classes or one a class. Free ones need a positive `prior` or
        a stated `variance_floor`, for their likelihood has no maximum.
    variance_floor : float, optional
        Smallest variance, as a fraction of the column's overall variance.
    group : hashable, optional
        Column with known groups, each with class shares of its own.
    profiles : "equal", "free" or sequence of columns
        Whether profiles differ between known groups: none, all, or those of the columns named.
    local_dependence : sequence, optional
        Pairs of nominal columns that stay associated within classes: ``(a, b)`` or
        ``(a, b, "direct")`` for one association shared by the classes, ``(a, b, "joint")`` for a
        joint distribution free in each class.
    n_jobs : int, optional
        Threads; all cores when left out. Results do not depend on it.

    Attributes
    ----------
    log_likelihood_ : float
        Of the best solution (a pseudo log-likelihood under survey weights).
    n_parameters_ : int
        Free parameters.
    class_shares_ : Series
        Shares of classes 1..K, largest first; with known groups over all of them.
    profiles_ : DataFrame
        Columns group, indicator, parameter (probability, mean, variance, rate, effect), category,
        class, estimate, se, lower, upper, boundary. Uncertainty is worked out when first asked
        for; see :func:`~swvtypes.lca.inference.infer` for what it rests on.
    indicators_ : DataFrame
        Indexed by indicator: wald, df, p_value, r2 and a note on what a Wald test had to leave
        out; see :func:`~swvtypes.lca.wald.indicator_wald` and
        :func:`~swvtypes.lca.wald.explained_variance`.
    inference_ : Inference
        Covariance of the estimates behind both; :func:`~swvtypes.lca.inference.infer` makes
        others.
    starts_ : DataFrame
        Every start: start, log_likelihood, n_iter, converged, solution, origin.
    criteria_ : Series
        log_likelihood, n_parameters, n, aic, aic3, bic, caic, sabic, icl_bic, entropy_r2,
        entropy_relative, classification_error, l2, x2, df. `entropy_r2` is one less the average
        entropy of the posterior probabilities over the entropy of the class shares (Vermunt and
        Magidson 2016); `entropy_relative` divides by log K instead (Ramaswamy et al. 1993).
    indicator_types_ : DataFrame
        How each column was read, and why.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Missing answers (NaN, NA, None) are taken as missing at random; no row is dropped. A row
    without any answer gets the class shares as its posterior and carries no weight.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(n_classes=2, n_init=10, random_state=1).fit(X)
    >>> model.n_parameters_
    11
    >>> bool((model.predict(X) > 0).all())
    True
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        n_classes: int = 3,
        indicators: Mapping[Hashable, str] | None = None,
        n_init: int = 100,
        max_iter: int = 5000,
        tol: float = 1e-9,
        prior: float = 0.0,
        random_state: int | np.random.RandomState | None = None,
        scores: Mapping[Hashable, Sequence[float]] | None = None,
        variances: VarianceOption = "equal",
        variance_floor: float | None = None,
        group: Hashable | None = None,
        profiles: Profiles | Sequence[Hashable] = "equal",
        local_dependence: Sequence[Sequence[Any]] | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_classes = n_classes
        self.indicators = indicators
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.prior = prior
        self.random_state = random_state
        self.scores = scores
        self.variances = variances
        self.variance_floor = variance_floor
        self.group = group
        self.profiles = profiles
        self.local_dependence = local_dependence
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: object = None,
        sample_weight: ArrayLike | None = None,
        survey_weight: ArrayLike | None = None,
    ) -> LatentClassModel:
        """Fit the model.

        Parameters
        ----------
        X : DataFrame or array-like, shape (n, J)
            Answers, NaN or NA where missing; with `group`, also the column of groups.
        y : ignored
        sample_weight : array-like, shape (n,), optional
            Frequencies, in the order of X: weight 2 is the row twice, weight 0 the row left out.
        survey_weight : array-like, shape (n,), optional
            Sampling weights, in the order of X, normalised to the number of cases. The likelihood
            is then a pseudo likelihood, and criteria that count cases are NaN.

        Returns
        -------
        LatentClassModel

        Raises
        ------
        OptionError, InputError, NotBinaryError, AllMissingError, WeightError
        """
        self._check_options()
        self._forget()
        frame = read_frame(self, X, reset=True)
        frequency, survey = row_weights(len(frame), sample_weight, survey_weight, X)
        weight = frequency * survey
        counted = weight > 0
        answers, groups = split_group(frame, self.group, counted)
        taken = answers if counted.all() else answers[counted]
        self._indicators = read_indicators(taken, self.indicators, self.scores)
        self._group_labels = group_labels(groups, counted)
        free = free_columns(self.profiles, answers.columns, self.group is not None)
        self._pairs = read_pairs(self.local_dependence, self._indicators)
        self._items = tuple(i.item(i.name in free) for i in self._indicators)
        values = encode(taken, self._indicators)
        warn_about(self._indicators, values)
        codes = group_codes(groups, self._group_labels, len(frame))
        self._design = build_design(
            values, self._items, weight[counted], codes[counted], self._pairs
        )
        self._pseudo = survey_weight is not None
        self._row_weights = (frequency[counted], survey[counted]) if self._pseudo else None
        warn_empty(values)
        floor = 1e-10 if self.variance_floor is None else float(self.variance_floor)
        variances = Variances(self.variances == "free", floor)
        settings = Settings(int(self.max_iter), float(self.tol))
        starts = Starts(int(self.n_init), start_entropy(self.random_state))
        with workers(self.n_jobs) as mapper:
            self._fit = fit_classes(
                self._design, int(self.n_classes), starts, settings, float(self.prior),
                variances, mapper,
            )  # fmt: skip
        self.n_iter_ = int(self._fit.starts.n_iter[self._fit.best_start])
        warn_about_fit(self._fit, self._design.n, int(self.n_init), int(self.max_iter))
        return self

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Most probable class of each row, labels 1..K; see :meth:`predict_proba`."""
        return np.asarray(self.predict_proba(X).argmax(axis=1) + 1)

    def predict_proba(self, X: Any) -> Floats:
        """Posterior class probabilities, shape (n, K).

        Raises
        ------
        UnseenCategoryError
            For a category that was not there at fit.
        """
        design = self._score_design(X)
        probabilities: Floats = posterior(design, self._fit.parameters)[0][design.inverse]
        return probabilities

    def score_samples(self, X: Any) -> Floats:
        """Log-density of each row, shape (n,); 0 for a row without any answer."""
        design = self._score_design(X)
        density: Floats = posterior(design, self._fit.parameters)[1][design.inverse]
        return density

    def score(self, X: Any, y: object = None) -> float:
        """Average log-density of the rows."""
        return float(self.score_samples(X).mean())

    def sample(self, n_samples: int = 1) -> tuple[pd.DataFrame, NDArray[np.intp]]:
        """Draw complete rows from the model.

        Parameters
        ----------
        n_samples : int
            Rows.

        Returns
        -------
        frame : DataFrame
            Answers in the columns of the data (and groups, in the proportions of the data).
        classes : ndarray of int, shape (n_samples,)
            Their classes, labels 1..K.
        """
        check_is_fitted(self)
        check_whole("n_samples", n_samples, 1)
        generator = np.random.default_rng(start_entropy(self.random_state))
        proportions = self._fit.problem.mean_row[0][: self._design.layout.n_groups]
        group = generator.choice(
            len(proportions), size=n_samples, p=proportions / proportions.sum()
        )
        values, classes = simulate_values(self._items, self._fit.parameters, group, generator)
        frame = pd.DataFrame(
            {i.name: decode(i, values[:, j]) for j, i in enumerate(self._indicators)}
        )
        if self.group is not None:
            frame[self.group] = np.array(self._group_labels, dtype=object)[group]
            frame = frame.infer_objects()
        return frame[list(self._columns)], classes + 1

    # Inner workings ----------------------------------------------------------------------------

    def _forget(self) -> None:
        """Drop an earlier fit and what was worked out of it: a fit that fails leaves none."""
        for name in ("_fit", *WORKED_OUT):
            self.__dict__.pop(name, None)

    def _check_options(self) -> None:
        check_whole("n_classes", self.n_classes, 1)
        check_whole("n_init", self.n_init, 1)
        check_whole("max_iter", self.max_iter, 1)
        check_real("tol", self.tol, 0.0)
        check_real("prior", self.prior, 0.0)
        check_choice("variances", self.variances, VarianceOption)
        if isinstance(self.profiles, str):
            check_choice("profiles", self.profiles, Profiles)
        if self.variance_floor is not None:
            check_real("variance_floor", self.variance_floor, 0.0, open_=True)
        if self.variances == "free" and not self.prior > 0 and self.variance_floor is None:
            raise OptionError(
                "variances", "a positive prior or a stated variance_floor with 'free'", "neither"
            )
        if self.n_jobs is not None and self.n_jobs != -1:
            check_whole("n_jobs", self.n_jobs, 1)

    def _score_design(self, X: Any, counted: NDArray[np.bool_] | None = None) -> Design:
        """Rows as the fitted model sees them; those that do not count, without an answer."""
        check_is_fitted(self)
        frame = read_frame(self, X, reset=False)
        kept = np.ones(len(frame), dtype=bool) if counted is None else counted
        answers, groups = split_group(frame, self.group, kept)
        codes = known_groups(groups, self._group_labels, kept)
        seen = encode(answers if kept.all() else answers[kept], self._indicators)
        warn_empty(seen)
        values = in_place(seen, kept)
        return build_design(values, self._items, None, codes, self._pairs)

    def _html_repr(self) -> str:
        from .display import model_html

        if not self.__sklearn_is_fitted__():
            return str(super()._html_repr())
        return model_html(self)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_fit")
